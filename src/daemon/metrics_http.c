/* metrics_http.c: the listening socket of the metrics, and libmicrohttpd behind it
 *
 *	want ........ the socket; where it can't be had, a timer tries again
 *	readable .... the first time libmicrohttpd is loaded; it gets the connection
 *	its epoll ... readable, or its time-out is over: it runs once
 */
#include "daemon/metrics_http.h"
#include "base/addr.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/port_owner.h"
#include "base/text.h"
#include "config/model.h"
#include "daemon/exposition.h"
#include "daemon/metrics.h"
#include "daemon/mhd_library.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CONNECTIONS_MAX = 16, /* further ones are closed at once */
	IDLE_S = 10, /* then a connection is closed */
	REQUEST_MAX = 16384, /* memory of a connection */
	PIECE = 16384, /* of an answer */
	ACCEPT_MAX = 16, /* in one turn of the loop */
};
static const uint64_t RETRY_US = 10000000;

struct metrics_http {
	sd_event *event;
	struct daemon *daemon;
	int64_t started_us;
	char *address; /* wanted; "": off */
	int fd; /* -1: not listening */
	sd_event_source *on_fd;
	sd_event_source *retry; /* of listening, or of accepting */
	char *problem;
	const struct mhd_library *lib; /* NULL: nobody has connected yet */
	struct MHD_Daemon *mhd;
	sd_event_source *on_mhd, *mhd_timeout;
};

static void set_problem(struct metrics_http *h, char *take)
{
	free(h->problem);
	h->problem = take;
}

/* Answers */

static ssize_t read_metrics(void *arg, uint64_t position, char *buf, size_t max)
{
	size_t n = metrics_read(arg, buf, max);

	(void)position;
	return n > 0 ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void end_metrics(void *arg)
{
	metrics_end(arg);
}

static struct MHD_Response *metrics_response(struct metrics_http *h)
{
	struct metrics *metrics = metrics_begin(h->daemon, h->started_us);
	struct MHD_Response *response = h->lib->response_from_callback(
		MHD_SIZE_UNKNOWN, PIECE, read_metrics, metrics, end_metrics);

	if (!response) {
		metrics_end(metrics);
		return NULL;
	}
	h->lib->add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
				    EXPOSITION_CONTENT_TYPE);
	return response;
}

static struct MHD_Response *text_response(struct metrics_http *h, const char *text)
{
	/* not written to: PERSISTENT */
	struct MHD_Response *response =
		h->lib->response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_PERSISTENT);

	if (response)
		h->lib->add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
					    "text/plain; charset=utf-8");
	return response;
}

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *data_len, void **state)
{
	struct metrics_http *h = arg;
	struct MHD_Response *response;
	unsigned status = MHD_HTTP_OK;
	enum MHD_Result r;

	(void)version;
	(void)data;
	(void)data_len;
	(void)state;
	if (strcmp(url, "/metrics") != 0) {
		status = MHD_HTTP_NOT_FOUND;
		response = text_response(h, "Not here; see /metrics\n");
	} else if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 ||
		   strcmp(method, MHD_HTTP_METHOD_HEAD) == 0) {
		response = metrics_response(h);
	} else {
		status = MHD_HTTP_METHOD_NOT_ALLOWED;
		response = text_response(h, "GET only\n");
		if (response)
			h->lib->add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	}
	if (!response)
		return MHD_NO;
	r = h->lib->queue_response(connection, status, response);
	h->lib->destroy_response(response);
	return r;
}

/* The library in the loop */

static void mhd_run(struct metrics_http *h)
{
	MHD_UNSIGNED_LONG_LONG ms;

	(void)h->lib->run(h->mhd);
	if (h->lib->get_timeout(h->mhd, &ms) != MHD_YES) {
		sd_event_source_set_enabled(h->mhd_timeout, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(h->mhd_timeout, ms * 1000);
	sd_event_source_set_enabled(h->mhd_timeout, SD_EVENT_ONESHOT);
}

static int on_mhd(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	(void)source;
	(void)fd;
	(void)events;
	mhd_run(arg);
	return 0;
}

static int on_mhd_timeout(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	mhd_run(arg);
	return 0;
}

static void mhd_stop(struct metrics_http *h)
{
	h->on_mhd = sd_event_source_disable_unref(h->on_mhd);
	h->mhd_timeout = sd_event_source_disable_unref(h->mhd_timeout);
	if (h->mhd)
		h->lib->stop_daemon(h->mhd);
	h->mhd = NULL;
}

static bool mhd_start(struct metrics_http *h)
{
	const union MHD_DaemonInfo *info;

	h->mhd = h->lib->start_daemon(
		MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, answer, h,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)REQUEST_MAX, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	if (!h->mhd)
		return false;
	info = h->lib->get_daemon_info(h->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	if (info &&
	    sd_event_add_io(h->event, &h->on_mhd, info->epoll_fd, EPOLLIN, on_mhd, h) >= 0 &&
	    sd_event_add_time_relative(h->event, &h->mhd_timeout, CLOCK_MONOTONIC, 0, 1000,
				       on_mhd_timeout, h) >= 0)
		return true;
	mhd_stop(h);
	return false;
}

static bool mhd_ready(struct metrics_http *h)
{
	const char *why = "it does not start";

	if (h->mhd)
		return true;
	if (!h->lib)
		h->lib = mhd_library(&why);
	if (h->lib && mhd_start(h))
		return true;
	log_warning("no metrics: libmicrohttpd: %s", why);
	return false;
}

/* The listening socket */

static void stop_listening(struct metrics_http *h)
{
	h->on_fd = sd_event_source_disable_unref(h->on_fd);
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
	sd_event_source_set_enabled(h->retry, SD_EVENT_OFF);
}

static void retry_later(struct metrics_http *h)
{
	sd_event_source_set_time_relative(h->retry, RETRY_US);
	sd_event_source_set_enabled(h->retry, SD_EVENT_ONESHOT);
}

/* A socket that stays readable while accept() fails would turn the loop for nothing. */
static void take_rest(struct metrics_http *h, int error)
{
	log_warning("accepting on %s for metrics: %s", h->address, strerror(error));
	sd_event_source_set_enabled(h->on_fd, SD_EVENT_OFF);
	retry_later(h);
}

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct metrics_http *h = arg;

	(void)source;
	(void)events;
	if (!mhd_ready(h)) {
		stop_listening(h); /* until the next reload: who asks is told at once */
		set_problem(h, heap_strdup("libmicrohttpd can't be used"));
		return 0;
	}
	for (int i = 0; i < ACCEPT_MAX; i++) {
		struct sockaddr_storage sa;
		socklen_t len = sizeof(sa);
		int got = accept4(fd, (struct sockaddr *)&sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (got >= 0)
			(void)h->lib->add_connection(h->mhd, got, (struct sockaddr *)&sa, len);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			take_rest(h, errno);
		if (got < 0 && errno != ECONNABORTED && errno != EINTR)
			break;
	}
	mhd_run(h);
	return 0;
}

static int bound_socket(const struct listen_address *at)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(&at->addr, at->port, 0, &sa);
	int fd = socket(sa.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, r;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    bind(fd, (struct sockaddr *)&sa, len) == 0 && listen(fd, CONNECTIONS_MAX) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

static const char *advice(char *buf, uint16_t port, int error)
{
	switch (error) {
	case EADDRINUSE:
		port_owner(buf, PORT_TCP_LISTEN, port);
		return buf;
	case EACCES:
		return "a port below 1024 needs CAP_NET_BIND_SERVICE";
	case EADDRNOTAVAIL:
		return "this host does not have the address";
	default:
		return "see the kernel's log";
	}
}

/* Told once for each kind of failure. */
static void tell_failure(struct metrics_http *h, uint16_t port, int error)
{
	char owner[PORT_OWNER_TEXT_MAX];
	struct text words = {0};

	text_addf(&words, "cannot listen on %s for metrics: %s (%s)", h->address, strerror(error),
		  advice(owner, port, error));
	if (!text_equal(words.text, h->problem))
		log_event(LOG_WARNING, EVENT_LISTEN_FAILED, LOG_FIELDS({"REASON", strerror(error)}),
			  "%s; it is tried again", words.text);
	set_problem(h, text_take(&words));
}

static void start_listening(struct metrics_http *h)
{
	struct listen_address at;
	int r;

	if (!listen_address_parse(h->address, &at))
		return;
	r = bound_socket(&at);
	if (r >= 0) {
		h->fd = r;
		r = sd_event_add_io(h->event, &h->on_fd, h->fd, EPOLLIN, on_connection, h);
	}
	if (r >= 0) {
		set_problem(h, NULL);
		log_info("metrics on http://%s/metrics", h->address);
		return;
	}
	stop_listening(h);
	tell_failure(h, at.port, -r);
	retry_later(h);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *arg)
{
	struct metrics_http *h = arg;

	(void)source;
	(void)usec;
	if (h->fd >= 0)
		sd_event_source_set_enabled(h->on_fd, SD_EVENT_ON);
	else
		start_listening(h);
	return 0;
}

void metrics_http_want(struct metrics_http *h, const char *address)
{
	if (!text_equal(h->address, address)) {
		stop_listening(h);
		set_problem(h, NULL);
		free(h->address);
		h->address = heap_strdup(address);
	}
	if (!*h->address)
		mhd_stop(h);
	else if (h->fd < 0)
		start_listening(h);
}

const char *metrics_http_problem(const struct metrics_http *h)
{
	return h->problem;
}

struct metrics_http *metrics_http_new(sd_event *event, struct daemon *daemon)
{
	struct metrics_http *h = heap_new_of(struct metrics_http);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	h->started_us = now.tv_sec * 1000000LL + now.tv_nsec / 1000;
	h->event = event;
	h->daemon = daemon;
	h->address = heap_strdup("");
	h->fd = -1;
	if (sd_event_add_time_relative(event, &h->retry, CLOCK_MONOTONIC, RETRY_US, 100000,
				       on_retry, h) >= 0)
		sd_event_source_set_enabled(h->retry, SD_EVENT_OFF);
	return h;
}

void metrics_http_free(struct metrics_http *h)
{
	if (!h)
		return;
	stop_listening(h);
	mhd_stop(h);
	sd_event_source_disable_unref(h->retry);
	set_problem(h, NULL);
	free(h->address);
	free(h);
}
