/* log.c: makes lines, and hands them to the writing thread through a bounded queue
 *
 * Before log_start() the caller writes.  After it a thread writes, so that a journal that stands
 * still delays nobody: a line that finds the queue full is counted and dropped, and the count is
 * told once there is room again.
 */
#include "base/log.h"

#include "base/heap.h"
#include "base/log_line.h"
#include "base/text.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { QUEUE_LINES = 4096, STOP_SECONDS = 2 };

static atomic_int max_level = LOG_INFO;
static log_sink_fn test_sink;
static void *test_sink_arg;

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct log_line *lines[QUEUE_LINES];
	size_t first, n;
	unsigned long dropped;
	bool running, stopping, idle;
	bool stuck; /* the thread did not end in time: what comes now is let go */
	bool journal;
	pthread_t thread;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

void log_set_level(int level)
{
	max_level = level;
}

int log_level(void)
{
	return max_level;
}

int log_level_parse(const char *word)
{
	static const struct {
		const char *word;
		int level;
	} levels[] = {{"error", LOG_ERR},
		      {"warning", LOG_WARNING},
		      {"info", LOG_INFO},
		      {"debug", LOG_DEBUG}};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(levels[i].word, word) == 0)
			return levels[i].level;
	}
	return -1;
}

void log_set_sink(log_sink_fn fn, void *arg)
{
	test_sink = fn;
	test_sink_arg = arg;
}

static void line_free(struct log_line *line)
{
	for (size_t i = 0; i < line->n_fields; i++)
		free((char *)line->fields[i].value);
	free(line->fields);
	free(line->message);
	free(line);
}

/* Keys are constants; values are copied. */
static struct log_line *line_new(int level, enum log_event_id id, struct log_fields fields,
				 char *message)
{
	struct log_line *line = heap_new_of(struct log_line);

	line->level = level;
	line->id = id;
	line->message = message;
	line->fields = heap_alloc_array(fields.n, sizeof(*line->fields));
	for (size_t i = 0; i < fields.n; i++) {
		if (!fields.at[i].value)
			continue;
		line->fields[line->n_fields++] = (struct log_field){
			.key = fields.at[i].key, .value = heap_strdup(fields.at[i].value)};
	}
	return line;
}

static void put(struct log_line *line)
{
	queue.lines[(queue.first + queue.n++) % QUEUE_LINES] = line;
	pthread_cond_broadcast(&queue.changed);
}

/* With the lock held: tells of what was dropped, once the queue is half empty: while it fills, that
 * would only take the place of other lines. */
static void put_dropped(void)
{
	struct text words = {0};

	if (queue.dropped == 0 || queue.n > QUEUE_LINES / 2)
		return;
	text_addf(&words, "%lu log lines were dropped: the log could not take them in time",
		  queue.dropped);
	queue.dropped = 0;
	put(line_new(LOG_WARNING, EVENT_LOG_DROPPED, LOG_NO_FIELDS, text_take(&words)));
}

void log_event_at(const char *file, int line_number, const char *func, int level,
		  enum log_event_id id, struct log_fields fields, const char *format, ...)
{
	struct text words = {0};
	struct log_line *line;
	bool direct;
	va_list ap;

	if (level > max_level)
		return;
	va_start(ap, format);
	text_vaddf(&words, format, ap);
	va_end(ap);
	line = line_new(level, id, fields, text_take(&words));
	line->file = file;
	line->line = line_number;
	line->func = func;
	if (test_sink) {
		test_sink(test_sink_arg, level, id,
			  (struct log_fields){line->fields, line->n_fields}, line->message);
		line_free(line);
		return;
	}
	pthread_mutex_lock(&queue.lock);
	direct = !queue.running && !queue.stuck;
	if (queue.running) {
		put_dropped();
		if (queue.n < QUEUE_LINES) {
			put(line);
		} else {
			queue.dropped++;
			line_free(line);
		}
	} else if (!direct) {
		line_free(line);
	}
	pthread_mutex_unlock(&queue.lock);
	if (direct) {
		log_sink_write(line, log_sink_is_journal());
		line_free(line);
	}
}

static void *write_lines(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&queue.lock);
	for (;;) {
		struct log_line *line;

		if (queue.n == 0)
			put_dropped();
		while (queue.n == 0 && !queue.stopping)
			pthread_cond_wait(&queue.changed, &queue.lock);
		if (queue.n == 0)
			break;
		line = queue.lines[queue.first];
		queue.first = (queue.first + 1) % QUEUE_LINES;
		queue.n--;
		pthread_mutex_unlock(&queue.lock);
		log_sink_write(line, queue.journal);
		line_free(line);
		pthread_mutex_lock(&queue.lock);
	}
	queue.idle = true;
	pthread_cond_broadcast(&queue.changed);
	pthread_mutex_unlock(&queue.lock);
	return NULL;
}

int log_start(void)
{
	sigset_t all, before;
	int r;

	if (queue.running || queue.stuck)
		return -EBUSY;
	queue.journal = log_sink_is_journal();
	queue.stopping = queue.idle = false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
	r = pthread_create(&queue.thread, NULL, write_lines, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r != 0)
		return -r;
	pthread_mutex_lock(&queue.lock);
	queue.running = true;
	pthread_mutex_unlock(&queue.lock);
	return 0;
}

void log_stop(void)
{
	struct timespec until;
	bool idle;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += STOP_SECONDS;
	pthread_mutex_lock(&queue.lock);
	if (!queue.running) {
		pthread_mutex_unlock(&queue.lock);
		return;
	}
	queue.running = false;
	queue.stopping = true;
	pthread_cond_broadcast(&queue.changed);
	while (!queue.idle) {
		if (pthread_cond_clockwait(&queue.changed, &queue.lock, CLOCK_MONOTONIC, &until) ==
		    ETIMEDOUT)
			break;
	}
	idle = queue.idle;
	queue.stuck = !idle;
	pthread_mutex_unlock(&queue.lock);
	if (idle)
		pthread_join(queue.thread, NULL);
	else
		pthread_detach(queue.thread); /* stuck in a write: the process ends soon */
}
