/* mhd_library.h: libmicrohttpd, loaded when the first client asks for metrics
 *
 * It brings GnuTLS and its company along: 3 MB that a command, or a daemon that nobody scrapes,
 * must not pay for.
 */
#ifndef MLBGPD_DAEMON_MHD_LIBRARY_H
#define MLBGPD_DAEMON_MHD_LIBRARY_H

#include <microhttpd.h>

struct mhd_library {
	__typeof__(&MHD_start_daemon) start_daemon;
	__typeof__(&MHD_stop_daemon) stop_daemon;
	__typeof__(&MHD_get_daemon_info) get_daemon_info;
	__typeof__(&MHD_get_timeout) get_timeout;
	__typeof__(&MHD_run) run;
	__typeof__(&MHD_add_connection) add_connection;
	__typeof__(&MHD_create_response_from_buffer) response_from_buffer;
	__typeof__(&MHD_create_response_from_callback) response_from_callback;
	__typeof__(&MHD_add_response_header) add_response_header;
	__typeof__(&MHD_queue_response) queue_response;
	__typeof__(&MHD_destroy_response) destroy_response;
};

/* Loads it at the first call; it stays.  NULL where it can't be had: *problem says why, and is good
 * until the next call. */
const struct mhd_library *mhd_library(const char **problem);

#endif
