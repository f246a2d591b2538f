/* metrics_http.h: GET /metrics on Daemon.metricsAddress
 *
 * libmicrohttpd works inside the event loop, without a thread.  We have the listening socket
 * ourselves, so that the address can change under living connections, and so that the library is
 * loaded only when somebody connects.
 */
#ifndef MLBGPD_DAEMON_METRICS_HTTP_H
#define MLBGPD_DAEMON_METRICS_HTTP_H

#include <stdbool.h>
#include <systemd/sd-event.h>

struct daemon;
struct metrics_http;

struct metrics_http *metrics_http_new(sd_event *event, struct daemon *daemon);
/* NULL does nothing. */
void metrics_http_free(struct metrics_http *http);
/* Where to listen, as metricsAddress has it; "": nowhere.  One that can't be had is logged and
 * tried again, later and at the next call; never fatal. */
void metrics_http_want(struct metrics_http *http, const char *address);
/* Why the metrics can't be read where they should be; NULL: they can, or are off. */
const char *metrics_http_problem(const struct metrics_http *http);

#endif
