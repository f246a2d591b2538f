/* bfd_alone.c: one BFD session with a router at a link-local address, and no BGP, for a test: the
 * plan has no peers of that kind
 *
 *     bfd_alone ADDRESS INTERFACE      single hop, 50 ms x 3
 *
 * Prints each change of state, as "Down -> Up: detection time expired", and ends, with
 * AdminDown, by SIGTERM.
 */
#include "base/heap.h"
#include "bfd/thread.h"

#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { DISCRIMINATOR = BFD_TRACKS_MAX /* of the session at index 0 */ };

static volatile sig_atomic_t ends;

static void on_term(int signal)
{
	(void)signal;
	ends = 1;
}

static struct bfd_track *new_track(const struct addr *peer, unsigned ifindex)
{
	static const struct bfd_params params = {
		.transmit_us = 50000, .receive_us = 50000, .detect_mult = 3};
	struct bfd_track *t = heap_new_of(struct bfd_track);
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	*t = (struct bfd_track){.peer = *peer, .ifindex = ifindex, .fd = -1};
	bfd_session_init(&t->session, DISCRIMINATOR, &params, 1,
			 now.tv_sec * 1000000000LL + now.tv_nsec);
	return t;
}

static void print_events(struct bfd_thread *b)
{
	struct bfd_event event;

	ring_clear(&b->events);
	while (ring_take(&b->events, &event))
		if (event.what == BFD_EVENT_STATE)
			printf("%s -> %s: %s\n", bfd_state_name(event.change.from),
			       bfd_state_name(event.change.to), bfd_diag_text(event.change.diag));
	fflush(stdout);
}

static void run(const struct addr *peer, unsigned ifindex, int socket)
{
	struct bfd_thread *b;
	struct bfd_track *track = new_track(peer, ifindex);

	if (bfd_thread_start(&b) < 0)
		exit(1);
	bfd_thread_command(b, &(struct bfd_command){.what = BFD_COMMAND_LISTEN,
						    .index = bfd_kind_of(peer->family, false),
						    .fd = socket});
	bfd_thread_command(b, &(struct bfd_command){.what = BFD_COMMAND_ADD, .track = track});
	while (!ends) {
		struct pollfd wake = {.fd = b->events.wake, .events = POLLIN};

		if (poll(&wake, 1, 100) > 0)
			print_events(b);
	}
	bfd_thread_stop(b);
	free(track);
}

int main(int argc, char **argv)
{
	struct addr peer;
	unsigned ifindex = argc == 3 ? if_nametoindex(argv[2]) : 0;
	int socket;

	if (ifindex == 0 || addr_parse(&peer, argv[1]) != ADDR_OK) {
		fprintf(stderr, "usage: bfd_alone ADDRESS INTERFACE\n");
		return 2;
	}
	socket = bfd_socket_listen(peer.family, BFD_PORT_SINGLE);
	if (socket < 0)
		return 1;
	signal(SIGTERM, on_term);
	run(&peer, ifindex, socket);
	return 0;
}
