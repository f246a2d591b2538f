/* loader.c: one worker thread a job
 *
 * A job is the main thread's until the thread starts and after it was joined, the worker's in
 * between; the eventfd says that the worker is done with it.
 */
#include "daemon/loader.h"
#include "base/log.h"
#include "config/diag.h"
#include "config/source.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job {
	struct job *next;
	struct source_set *sources;
	struct generation *result;
	loader_done_fn fn;
	void *arg;
};

struct loader {
	sd_event *event;
	sd_event_source *done_source;
	const struct config_files *files;
	const char *node;
	struct job *first; /* runs, if `running` */
	bool running;
	pthread_t thread;
	int done_fd;
};

static void *work(void *arg)
{
	struct loader *l = arg;
	struct job *job = l->first;
	struct diags *diags = NULL;

	if (!job->sources) {
		job->sources = source_set_new();
		diags = diags_new(job->sources);
		config_files_read(l->files, job->sources, diags);
	}
	job->result = generation_new(job->sources, diags, l->node);
	job->sources = NULL;
	eventfd_write(l->done_fd, 1);
	return NULL;
}

/* No thread to be had: do it here; a late answer is better than none. */
static void start(struct loader *l)
{
	int r;

	if (!l->first || l->running)
		return;
	l->running = true;
	r = pthread_create(&l->thread, NULL, work, l);
	if (r != 0) {
		log_warning("no thread for the load (%s), it runs in the loop", strerror(r));
		l->thread = pthread_self();
		work(l);
	}
}

static void join(struct loader *l)
{
	if (l->running && !pthread_equal(l->thread, pthread_self()))
		pthread_join(l->thread, NULL);
	l->running = false;
}

static int on_done(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct loader *l = arg;
	struct job *job = l->first;
	eventfd_t count;

	(void)source;
	(void)revents;
	if (eventfd_read(fd, &count) < 0)
		return 0;
	join(l);
	l->first = job->next;
	start(l);
	job->fn(job->arg, job->result);
	free(job);
	return 0;
}

int loader_new(struct loader **ret, sd_event *event, const struct config_files *files,
	       const char *node)
{
	struct loader *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		abort();
	*l = (struct loader){.event = event, .files = files, .node = node};
	l->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->done_fd < 0) {
		r = -errno;
		goto fail;
	}
	r = sd_event_add_io(event, &l->done_source, l->done_fd, EPOLLIN, on_done, l);
	if (r < 0)
		goto fail;
	*ret = l;
	return 0;
fail:
	if (l->done_fd >= 0)
		close(l->done_fd);
	free(l);
	return r;
}

void loader_free(struct loader *l)
{
	if (!l)
		return;
	join(l);
	while (l->first) {
		struct job *job = l->first;

		l->first = job->next;
		source_set_free(job->sources);
		generation_unref(job->result);
		free(job);
	}
	sd_event_source_disable_unref(l->done_source);
	close(l->done_fd);
	free(l);
}

void loader_queue(struct loader *l, struct source_set *take_sources, loader_done_fn fn, void *arg)
{
	struct job *job = calloc(1, sizeof(*job));
	struct job **end = &l->first;

	if (!job)
		abort();
	*job = (struct job){.sources = take_sources, .fn = fn, .arg = arg};
	while (*end)
		end = &(*end)->next;
	*end = job;
	start(l);
}

size_t loader_queued(const struct loader *l)
{
	size_t n = 0;

	for (const struct job *job = l->first; job; job = job->next)
		n++;
	return n;
}
