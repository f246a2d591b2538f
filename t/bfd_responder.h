/* bfd_responder.h: inside the responder: what its files know of each other */
#ifndef MLBGPD_T_BFD_RESPONDER_H
#define MLBGPD_T_BFD_RESPONDER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RESPONDER_FIRST = 0xc6120001 /* 198.18.0.1 is session 0 */ };

static inline int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- times (bfd_responder_times.c) ---- */

enum { TIMES_MAX = 1 << 17 };

struct times {
	unsigned n;
	int64_t at[TIMES_MAX];
};

void times_add(struct times *times, int64_t ns);
/* " NAME=N NAME_min=MS NAME_p50=MS NAME_p99=MS NAME_max=MS"; forgets them. */
void times_print(struct times *times, const char *name);

/* Two threads that sleep to a time every 10 ms, one with SCHED_FIFO: how late are they woken? */
void timers_start(void);
/* Since the last call. */
void timers_print(void);

/* Per cent of a processor of a loop that sleeps for most of an interval, sends one packet to
 * itself, and reads it: measured for so long. */
void least_print(unsigned interval_ms, unsigned seconds);

/* ---- BGP (bfd_responder_bgp.c): a router that says as little as it can ---- */

struct bgp_conn {
	int fd; /* -1: none */
	bool established;
	size_t got;
	uint8_t in[4096];
};

/* On all addresses, port 179. */
int bgp_listen(void);
/* The connection's descriptor and to which address it came, or -1. */
int bgp_accept(int listener, uint32_t *address);
/* Takes what has come; false: it is over, by a NOTIFICATION, FIN or RST, and closed. */
bool bgp_read(struct bgp_conn *conn, uint32_t router_id);

#endif
