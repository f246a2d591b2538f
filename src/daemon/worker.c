/* worker.c: one thread a piece of work
 *
 * A piece is the main thread's until the thread starts and after it was joined, the worker's in
 * between; the eventfd says that the worker is done with it.
 */
#include "daemon/worker.h"
#include "base/heap.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct piece {
	struct piece *next;
	struct work work;
};

struct worker {
	sd_event_source *done_source;
	struct piece *first; /* runs, if `running` */
	bool running, threaded;
	pthread_t thread;
	int done_fd;
};

static void *run(void *arg)
{
	struct worker *w = arg;

	w->first->work.work(w->first->work.arg);
	eventfd_write(w->done_fd, 1);
	return NULL;
}

/* No thread to be had: do it here; a late answer is better than none. */
static void start(struct worker *w)
{
	int r;

	if (!w->first || w->running)
		return;
	w->running = true;
	r = pthread_create(&w->thread, NULL, run, w);
	w->threaded = r == 0;
	if (r != 0) {
		log_warning("no thread to be had (%s): the loop waits for the work", strerror(r));
		run(w);
	}
}

static void join(struct worker *w)
{
	if (w->running && w->threaded)
		pthread_join(w->thread, NULL);
	w->running = false;
}

static struct piece *take_first(struct worker *w)
{
	struct piece *piece = w->first;

	w->first = piece->next;
	return piece;
}

static int on_done(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct worker *w = arg;
	struct piece *piece;
	eventfd_t count;

	(void)source;
	(void)revents;
	if (eventfd_read(fd, &count) < 0)
		return 0;
	join(w);
	piece = take_first(w);
	start(w);
	piece->work.done(piece->work.arg, false);
	free(piece);
	return 0;
}

int worker_new(struct worker **ret, sd_event *event)
{
	struct worker *w = heap_new_of(struct worker);
	int r;

	w->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->done_fd < 0) {
		r = -errno;
		free(w);
		return r;
	}
	r = sd_event_add_io(event, &w->done_source, w->done_fd, EPOLLIN, on_done, w);
	if (r < 0) {
		close(w->done_fd);
		free(w);
		return r;
	}
	*ret = w;
	return 0;
}

void worker_free(struct worker *w)
{
	bool was_running;

	if (!w)
		return;
	was_running = w->running;
	join(w);
	while (w->first) {
		struct piece *piece = take_first(w);

		if (!was_running && piece->work.must)
			piece->work.work(piece->work.arg);
		was_running = false;
		piece->work.done(piece->work.arg, true);
		free(piece);
	}
	sd_event_source_disable_unref(w->done_source);
	close(w->done_fd);
	free(w);
}

void worker_queue(struct worker *w, const struct work *work)
{
	struct piece *piece = heap_new_of(struct piece);
	struct piece **end = &w->first;

	piece->work = *work;
	while (*end && (!work->first || (*end)->work.first || (end == &w->first && w->running)))
		end = &(*end)->next;
	piece->next = *end;
	*end = piece;
	start(w);
}

size_t worker_queued(const struct worker *w)
{
	size_t n = 0;

	for (const struct piece *piece = w->first; piece; piece = piece->next)
		n++;
	return n;
}
