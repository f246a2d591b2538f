/* control.c: clients of the control socket
 *
 * A client reads its request, waits while it is worked on, then writes.  What is to be written lies
 * in one buffer; a stream is asked for more only when that is empty.  One timer for each client:
 * set anew with each byte that moves while we wait for the client, off while it waits for us.
 */
#include "daemon/control.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "daemon/control_listen.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CLIENTS_MAX = 32,
	CLIENTS_MAX_ROOT = 48, /* root gets in where the others have filled the house */
	READ_BYTES = 64 << 10,
	STREAM_ROUNDS = 8, /* pieces in one turn of the loop */
};
static const uint64_t PATIENCE_US = 30 * 1000000ULL;
static const uint64_t ACCEPT_PAUSE_US = 1000000;

struct control {
	sd_event *event;
	struct control_listen listen;
	sd_event_source *accept_source, *accept_again;
	control_request_fn fn;
	void *arg;
	struct control_client *clients;
	size_t n_clients;
	uint64_t next_id;
};

struct control_client {
	struct control *control;
	struct control_client *next;
	uint64_t id;
	int fd;
	bool may_change;
	bool ended; /* nothing more will be added */
	sd_event_source *io, *patience;
	struct request request;
	struct text out;
	size_t sent; /* of out */
	control_more_fn more; /* NULL: no stream */
	control_fin_fn fin;
	void *stream_arg;
};

static void client_close(struct control_client *c)
{
	struct control_client **at = &c->control->clients;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->control->n_clients--;
	if (c->fin)
		c->fin(c->stream_arg);
	sd_event_source_disable_unref(c->io);
	sd_event_source_disable_unref(c->patience);
	close(c->fd);
	request_fini(&c->request);
	text_fini(&c->out);
	free(c);
}

static void be_patient(struct control_client *c)
{
	sd_event_source_set_time_relative(c->patience, PATIENCE_US);
	sd_event_source_set_enabled(c->patience, SD_EVENT_ONESHOT);
}

static int on_impatient(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	log_debug("a client of the control socket stood still and is cut off");
	client_close(arg);
	return 0;
}

static void want_write(struct control_client *c)
{
	sd_event_source_set_io_events(c->io, EPOLLOUT);
	sd_event_source_set_enabled(c->io, SD_EVENT_ON);
	be_patient(c);
}

static void add_line(struct control_client *c, const char *member, json_t *take)
{
	json_t *line = json_object();
	char *text;

	if (c->ended) {
		json_decref(take);
		json_decref(line);
		return;
	}
	json_object_set_new(line, member, take);
	text = json_dumps(line, JSON_COMPACT);
	json_decref(line);
	if (!text)
		abort();
	text_add(&c->out, text);
	text_add_n(&c->out, "\n", 1);
	free(text);
	want_write(c);
}

void control_send_item(struct control_client *c, json_t *take)
{
	add_line(c, "item", take);
}

static void add_raw(struct control_client *c, const char *member, const char *json)
{
	if (c->ended)
		return;
	text_addf(&c->out, "{\"%s\": ", member);
	text_add(&c->out, json);
	text_add(&c->out, "}\n");
	want_write(c);
}

void control_send_item_text(struct control_client *c, const char *json)
{
	add_raw(c, "item", json);
}

void control_send_object_text(struct control_client *c, const char *json)
{
	add_raw(c, "object", json);
}

void control_send_object(struct control_client *c, json_t *take)
{
	add_line(c, "object", take);
}

/* What is no UTF-8 (a file's line may be anything) must not make the line fail. */
static json_t *string_of(const char *text)
{
	json_t *s = json_string(text);
	char *copy;

	if (s)
		return s;
	copy = heap_strdup(text);
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	s = json_string(copy);
	free(copy);
	return s;
}

void control_send_text(struct control_client *c, const char *text)
{
	add_line(c, "text", string_of(text));
}

void control_end(struct control_client *c, int status)
{
	add_line(c, "end", json_integer(status));
	c->ended = true;
}

void control_refuse(struct control_client *c, int status, const char *format, ...)
{
	struct text words = {0};
	va_list ap;

	text_add(&words, "mlbgpd: ");
	va_start(ap, format);
	text_vaddf(&words, format, ap);
	va_end(ap);
	text_add(&words, "\n");
	control_send_text(c, words.text);
	text_fini(&words);
	control_end(c, status);
}

void control_stream(struct control_client *c, control_more_fn more, control_fin_fn fin, void *arg)
{
	c->more = more;
	c->fin = fin;
	c->stream_arg = arg;
	want_write(c);
}

uint64_t control_client_id(const struct control_client *c)
{
	return c->id;
}

struct control_client *control_find(struct control *control, uint64_t id)
{
	for (struct control_client *c = control->clients; c; c = c->next)
		if (c->id == id)
			return c;
	return NULL;
}

/* Asks the stream for more where all is sent; false where the answer is at its end. */
static bool fill(struct control_client *c)
{
	text_fini(&c->out);
	c->sent = 0;
	if (c->ended)
		return false;
	if (c->more && !c->more(c->stream_arg, c)) {
		c->more = NULL;
		control_end(c, 0);
	}
	return true;
}

static void on_writable(struct control_client *c)
{
	for (int round = 0; round < STREAM_ROUNDS; round++) {
		ssize_t n;

		if (c->sent == c->out.len && !fill(c)) {
			client_close(c);
			return;
		}
		if (c->out.len == 0)
			break;
		n = send(c->fd, c->out.text + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			client_close(c);
			return;
		}
		if (n <= 0)
			return;
		c->sent += n;
		be_patient(c);
	}
	if (c->out.len > 0 || c->more || c->ended)
		return;
	/* all there is so far is written: until more comes, only a hang-up matters */
	sd_event_source_set_io_events(c->io, 0);
	sd_event_source_set_enabled(c->patience, SD_EVENT_OFF);
}

static void on_readable(struct control_client *c)
{
	char data[READ_BYTES];
	ssize_t n = recv(c->fd, data, sizeof(data), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_close(c);
		return;
	}
	be_patient(c);
	request_feed(&c->request, data, n);
	if (c->request.state == REQUEST_BAD) {
		control_refuse(c, 2, "request refused: %s", c->request.problem);
		return;
	}
	if (c->request.state != REQUEST_DONE)
		return;
	sd_event_source_set_io_events(c->io, 0);
	sd_event_source_set_enabled(c->patience, SD_EVENT_OFF);
	c->control->fn(c->control->arg, c, &c->request, c->may_change);
}

static int on_client(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct control_client *c = arg;

	(void)source;
	(void)fd;
	if (revents & EPOLLIN)
		on_readable(c);
	else if (revents & (EPOLLERR | EPOLLHUP))
		client_close(c);
	else if (revents & EPOLLOUT)
		on_writable(c);
	return 0;
}

static void client_new(struct control *control, int fd, bool may_change)
{
	struct control_client *c = heap_new_of(struct control_client);

	*c = (struct control_client){.control = control,
				     .next = control->clients,
				     .id = ++control->next_id,
				     .fd = fd,
				     .may_change = may_change};
	control->clients = c;
	control->n_clients++;
	if (sd_event_add_io(control->event, &c->io, fd, EPOLLIN, on_client, c) < 0 ||
	    sd_event_add_time_relative(control->event, &c->patience, CLOCK_MONOTONIC, PATIENCE_US,
				       100000, on_impatient, c) < 0)
		client_close(c);
}

static void turn_away(int fd)
{
	static const char words[] =
		"{\"text\":\"mlbgpd: too many clients at once; try again\\n\"}\n"
		"{\"end\":1}\n";

	(void)send(fd, words, sizeof(words) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static int on_accept_again(sd_event_source *source, uint64_t usec, void *arg)
{
	struct control *control = arg;

	(void)source;
	(void)usec;
	sd_event_source_set_enabled(control->accept_source, SD_EVENT_ON);
	return 0;
}

/* Without a descriptor to be had the socket stays readable: look again later. */
static void pause_accepting(struct control *control)
{
	sd_event_source_set_enabled(control->accept_source, SD_EVENT_OFF);
	sd_event_source_set_time_relative(control->accept_again, ACCEPT_PAUSE_US);
	sd_event_source_set_enabled(control->accept_again, SD_EVENT_ONESHOT);
}

static int on_accept(sd_event_source *source, int listen_fd, uint32_t revents, void *arg)
{
	struct control *control = arg;
	bool may_change = false;
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)revents;
	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			pause_accepting(control);
		return 0;
	}
	if (!control_listen_allows(&control->listen, fd, &may_change))
		close(fd);
	else if (control->n_clients >= (may_change ? CLIENTS_MAX_ROOT : CLIENTS_MAX))
		turn_away(fd);
	else
		client_new(control, fd, may_change);
	return 0;
}

int control_new(struct control **ret, sd_event *event, const char *path, control_request_fn fn,
		void *arg, char **problem)
{
	struct control *control = heap_new_of(struct control);
	int r;

	*control = (struct control){.event = event, .fn = fn, .arg = arg};
	r = control_listen_open(&control->listen, path, problem);
	if (r < 0) {
		free(control);
		return r;
	}
	r = sd_event_add_io(event, &control->accept_source, control->listen.fd, EPOLLIN, on_accept,
			    control);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &control->accept_again, CLOCK_MONOTONIC, 0, 0,
					       on_accept_again, control);
	if (r < 0) {
		control_free(control);
		return r;
	}
	sd_event_source_set_enabled(control->accept_again, SD_EVENT_OFF);
	*ret = control;
	return 0;
}

void control_free(struct control *control)
{
	if (!control)
		return;
	while (control->clients)
		client_close(control->clients);
	sd_event_source_disable_unref(control->accept_source);
	sd_event_source_disable_unref(control->accept_again);
	control_listen_close(&control->listen);
	free(control);
}
