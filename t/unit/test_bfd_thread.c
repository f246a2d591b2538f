/* test_bfd_thread.c: the thread of BFD with sockets, timers and its queues, against a peer that the
 * test plays, in another network namespace
 *
 * The peers are 10.1.0.N at the far end of the first link, all of them the test's; fe80::2 is at
 * the far ends of both links.
 */
#include "base/heap.h"
#include "bfd/thread.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE_MS = 20000, TRACKS = 300, MULT = 5, MULT_PATIENT = 255 };

struct lab {
	struct bfd_thread *b;
	struct bfd_track *tracks[BFD_TRACKS_MAX];
	unsigned scope0, scope1; /* of the thread's interfaces */
};

static void shell(const char *format, int a, int b)
{
	char command[512];

	snprintf(command, sizeof(command), format, a, b);
	cr_assert(eq(int, system(command), 0), "%s", command);
}

/* The thread stays in the first namespace, the test goes to the second. */
static void setup(struct lab *l)
{
	int near;

	memset(l, 0, sizeof(*l));
	cr_assert(eq(int, unshare(CLONE_NEWNET), 0), "needs root");
	shell("ip link set lo up; ip link add near0 type veth peer name far0; "
	      "ip link add near1 type veth peer name far1; ip addr add 10.0.0.1/24 dev near0; "
	      "for i in near0 near1; do ip addr add fe80::1/64 dev $i nodad; ip link set $i up; done; "
	      "ip route add 10.1.0.0/16 via 10.0.0.2; ip route add 169.254.0.2 dev near0; "
	      "sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.near0.rp_filter=0",
	      0, 0);
	l->scope0 = if_nametoindex("near0");
	l->scope1 = if_nametoindex("near1");
	cr_assert(eq(int, bfd_thread_start(&l->b), 0));
	for (enum bfd_socket_kind kind = 0; kind <= BFD_MULTI_IPV6; kind++) {
		int fd =
			bfd_socket_listen(bfd_family_of(kind),
					  kind < BFD_MULTI_IPV4 ? BFD_PORT_SINGLE : BFD_PORT_MULTI);

		cr_assert(ge(int, fd, 0));
		bfd_thread_command(
			l->b,
			&(struct bfd_command){.what = BFD_COMMAND_LISTEN, .index = kind, .fd = fd});
	}
	near = open("/proc/self/ns/net", O_RDONLY);
	cr_assert(eq(int, unshare(CLONE_NEWNET), 0));
	shell("for i in far0 far1; do nsenter --net=/proc/%d/fd/%d ip link set $i netns $PPID; done",
	      getpid(), near);
	shell("ip link set lo up; ip addr add 10.0.0.2/24 dev far0; "
	      "ip route add local 10.1.0.0/16 dev lo; ip addr add 169.254.0.2/32 dev lo; "
	      "for i in far0 far1; do ip addr add fe80::2/64 dev $i nodad; ip link set $i up; done",
	      0, 0);
	close(near);
}

static void teardown(struct lab *l)
{
	bfd_thread_stop(l->b);
	for (unsigned i = 0; i < BFD_TRACKS_MAX; i++)
		free(l->tracks[i]);
}

static struct addr peer_of(unsigned i)
{
	return addr_from_ipv4_u32(0x0a010000 + i + 1);
}

static struct addr link_local(uint8_t last)
{
	return (struct addr){.family = ADDR_IPV6, .bytes = {0xfe, 0x80, [15] = last}};
}

static uint32_t discriminator_of(unsigned i)
{
	return BFD_TRACKS_MAX + i;
}

/* The thread's from now on: 200 ms x 3. */
static void add(struct lab *l, unsigned i, struct bfd_track track)
{
	static const struct bfd_params params = {
		.transmit_us = 200000, .receive_us = 200000, .detect_mult = 3};
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	l->tracks[i] = heap_new_of(struct bfd_track);
	*l->tracks[i] = track;
	l->tracks[i]->fd = -1;
	bfd_session_init(&l->tracks[i]->session, discriminator_of(i), &params, i + 1,
			 t.tv_sec * 1000000000LL + t.tv_nsec);
	bfd_thread_command(
		l->b,
		&(struct bfd_command){.what = BFD_COMMAND_ADD, .index = i, .track = l->tracks[i]});
}

static void add_peer(struct lab *l, unsigned i)
{
	add(l, i, (struct bfd_track){.peer = peer_of(i)});
}

/* A copy of a session; by value, for the thread's own moves on. */
static struct bfd_track look(struct lab *l, unsigned i)
{
	struct bfd_track *copies = heap_alloc_array(i + 1, sizeof(*copies)), ret;
	struct bfd_discards discards;
	sem_t done;

	sem_init(&done, 0, 0);
	bfd_thread_command(l->b, &(struct bfd_command){.what = BFD_COMMAND_SNAPSHOT,
						       .index = i + 1,
						       .track = copies,
						       .discards = &discards,
						       .done = &done});
	while (sem_wait(&done) < 0)
		cr_assert(eq(int, errno, EINTR));
	ret = copies[i];
	free(copies);
	return ret;
}

static void nap_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static bool comes_to(struct lab *l, unsigned i, enum bfd_state state, int deadline_ms)
{
	for (int ms = 0; ms < deadline_ms; ms += 10) {
		if (look(l, i).session.machine.state == state)
			return true;
		nap_ms(10);
	}
	return false;
}

struct message {
	struct addr from, to;
	unsigned scope; /* of the test's interface */
	uint16_t port;
	int ttl;
	struct bfd_packet packet;
};

static void send_message(const struct message *m)
{
	const int yes = 1;
	struct sockaddr_storage from, to;
	socklen_t len = addr_to_sockaddr(&m->from, 0, m->scope, &from);
	int fd = socket(from.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint8_t bytes[BFD_PACKET_LEN];

	(void)addr_to_sockaddr(&m->to, m->port, m->scope, &to);
	if (m->from.family == ADDR_IPV4) {
		setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &yes, sizeof(yes));
		setsockopt(fd, IPPROTO_IP, IP_TTL, &m->ttl, sizeof(m->ttl));
	} else {
		setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &m->ttl, sizeof(m->ttl));
	}
	cr_assert(eq(int, bind(fd, (struct sockaddr *)&from, len), 0), "%s", strerror(errno));
	bfd_encode(bytes, &m->packet);
	cr_assert(eq(int, (int)sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, len),
		     BFD_PACKET_LEN),
		  "%s", strerror(errno));
	close(fd);
}

/* In a session that knows nothing yet, with a detection time of 51 s. */
static struct message first_word(struct addr from, struct addr to)
{
	return (struct message){.from = from,
				.to = to,
				.port = BFD_PORT_SINGLE,
				.ttl = 255,
				.packet = {.state = BFD_DOWN,
					   .detect_mult = 255,
					   .my_discr = 1,
					   .desired_min_tx_us = 200000,
					   .required_min_rx_us = 200000}};
}

/* From peer i to the thread; your: its discriminator or 0.  Its detection time is 200 ms x mult. */
static void say(unsigned i, enum bfd_state state, uint32_t your, uint8_t mult)
{
	send_message(&(struct message){.from = peer_of(i),
				       .to = addr_from_ipv4_u32(0x0a000001),
				       .port = BFD_PORT_SINGLE,
				       .ttl = 255,
				       .packet = {.state = (uint8_t)state,
						  .detect_mult = mult,
						  .my_discr = 1000 + i,
						  .your_discr = your,
						  .desired_min_tx_us = 200000,
						  .required_min_rx_us = 200000}});
}

/* Again where the host took so long between the two words that the first is forgotten. */
static void bring_up(struct lab *l, unsigned i)
{
	bool up = false;

	for (int ms = 0; ms < DEADLINE_MS && !up; ms += MULT * 200) {
		say(i, BFD_DOWN, 0, MULT);
		say(i, BFD_UP, discriminator_of(i), MULT);
		up = comes_to(l, i, BFD_UP, MULT * 200);
	}
	cr_assert(up);
}

static bool next_event(struct lab *l, struct bfd_event *event, int ms)
{
	struct pollfd p = {.fd = l->b->events.wake, .events = POLLIN};

	while (!ring_take(&l->b->events, event)) {
		ring_clear(&l->b->events);
		if (ring_take(&l->b->events, event))
			return true;
		if (poll(&p, 1, ms) <= 0)
			return false;
	}
	return true;
}

/* The next change of state; other events are let go. */
static struct bfd_change change(struct lab *l)
{
	struct bfd_event event;

	do
		cr_assert(next_event(l, &event, DEADLINE_MS), "nothing is told");
	while (event.what != BFD_EVENT_STATE);
	return event.change;
}

/* ---- a late thread ---- */

static void sleep_long(int number)
{
	(void)number;
	nanosleep(&(struct timespec){.tv_sec = 2, .tv_nsec = 500000000}, NULL);
}

/* The thread stands still for 2.5 s, as if it had got no processor. */
static void hold_up(const struct lab *l)
{
	const struct sigaction action = {.sa_handler = sleep_long, .sa_flags = SA_RESTART};

	sigaction(SIGUSR1, &action, NULL);
	cr_assert(eq(int, pthread_kill(l->b->thread, SIGUSR1), 0));
}

/* More than twice the detection time, but the peer speaks all the while. */
Test(bfd_thread, what_waits_in_the_socket_is_read_before_anybody_is_given_up)
{
	struct lab l;
	uint64_t downs;

	setup(&l);
	add_peer(&l, 0);
	bring_up(&l, 0);
	downs = look(&l, 0).session.downs;
	hold_up(&l);
	for (int i = 0; i < 27; i++) {
		say(0, BFD_UP, discriminator_of(0), MULT);
		nap_ms(100);
	}
	cr_assert(eq(int, (int)look(&l, 0).session.machine.state, BFD_UP));
	cr_assert(eq(u64, look(&l, 0).session.downs, downs));
	cr_assert(ge(i64, look(&l, 0).session.lateness.max_ns, 2000000000));
	teardown(&l);
}

Test(bfd_thread, the_verdict_of_a_late_thread_is_the_host)
{
	struct bfd_event earlier;
	struct bfd_change c;
	struct lab l;

	setup(&l);
	add_peer(&l, 0);
	bring_up(&l, 0);
	while (next_event(&l, &earlier, 0))
		continue;
	hold_up(&l);
	do
		c = change(&l);
	while (!c.lost);
	cr_assert(eq(int, (int)c.to, BFD_DOWN));
	cr_assert(eq(int, c.diag, BFD_DIAG_TIME_EXPIRED));
	cr_assert(strstr(c.verdict, "our thread was late by ") != NULL, "%s", c.verdict);
	cr_assert(strstr(c.verdict, "host overloaded") != NULL, "%s", c.verdict);
	teardown(&l);
}

/* ---- events ---- */

/* More changes than the queue has room for: none is lost, later ones are merged. */
Test(bfd_thread, a_full_queue_of_events_loses_no_session)
{
	static struct bfd_change last[TRACKS];
	struct bfd_event event;
	unsigned ups = 0;
	struct lab l;

	setup(&l);
	for (unsigned i = 0; i < TRACKS; i++)
		add_peer(&l, i);
	/* nobody takes an event now */
	for (unsigned i = 0; i < TRACKS; i++) {
		say(i, BFD_DOWN, 0, MULT_PATIENT);
		say(i, BFD_UP, discriminator_of(i), MULT_PATIENT);
	}
	cr_assert(comes_to(&l, TRACKS - 1, BFD_UP, DEADLINE_MS));
	while (ups < TRACKS) {
		cr_assert(next_event(&l, &event, DEADLINE_MS), "%u of %d", ups, TRACKS);
		if (event.what != BFD_EVENT_STATE)
			continue;
		cr_assert(lt(uint, event.index, TRACKS));
		cr_assert(eq(int, (int)event.change.from,
			     last[event.index].pending ? (int)last[event.index].to : BFD_DOWN));
		last[event.index] = event.change;
		ups += event.change.to == BFD_UP;
	}
	teardown(&l);
}

Test(bfd_thread, a_removed_session_says_admin_down_and_is_given_back)
{
	const struct addr peer = peer_of(0);
	struct sockaddr_storage at;
	socklen_t len = addr_to_sockaddr(&peer, BFD_PORT_SINGLE, 0, &at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	uint8_t bytes[64];
	struct bfd_packet p = {.state = BFD_UP};
	struct bfd_event event;
	unsigned told = 0;
	struct lab l;

	setup(&l);
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &(int){1}, sizeof(int));
	cr_assert(eq(int, bind(fd, (struct sockaddr *)&at, len), 0));
	add_peer(&l, 0);
	bring_up(&l, 0);
	bfd_thread_command(l.b, &(struct bfd_command){.what = BFD_COMMAND_REMOVE, .index = 0});
	do
		cr_assert(next_event(&l, &event, DEADLINE_MS));
	while (event.what != BFD_EVENT_REMOVED);
	cr_assert(eq(uint, event.index, 0));
	for (ssize_t n; (n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0;) {
		cr_assert(eq(int, (int)bfd_decode(&p, bytes, (size_t)n), BFD_OK));
		told += p.state == BFD_ADMIN_DOWN;
	}
	cr_assert(eq(uint, told, 2));
	cr_assert(eq(int, p.diag, BFD_DIAG_ADMIN_DOWN));
	close(fd);
	teardown(&l);
}

/* ---- who is taken ---- */

static bool counts(struct lab *l, unsigned i, enum bfd_discard reason, uint64_t n)
{
	for (int ms = 0; ms < DEADLINE_MS; ms += 10) {
		if (look(l, i).discards[reason] == n)
			return true;
		nap_ms(10);
	}
	return false;
}

/* RFC 5881 5; RFC 5883 5 */
Test(bfd_thread, a_low_ttl_is_discarded_and_counted)
{
	struct message m = first_word(peer_of(0), addr_from_ipv4_u32(0x0a000001));
	struct lab l;

	setup(&l);
	add_peer(&l, 0);
	add(&l, 1, (struct bfd_track){.peer = peer_of(1), .multihop = true, .minimum_ttl = 250});
	m.ttl = 254;
	send_message(&m);
	cr_assert(counts(&l, 0, BFD_BAD_TTL, 1));
	cr_assert(eq(int, (int)look(&l, 0).session.machine.state, BFD_DOWN));
	m.ttl = 255;
	send_message(&m);
	cr_assert(comes_to(&l, 0, BFD_INIT, DEADLINE_MS));

	m.from = peer_of(1);
	m.port = BFD_PORT_MULTI;
	m.ttl = 249;
	send_message(&m);
	cr_assert(counts(&l, 1, BFD_BAD_TTL, 1));
	cr_assert(eq(int, (int)look(&l, 1).session.machine.state, BFD_DOWN));
	m.ttl = 250;
	send_message(&m);
	cr_assert(comes_to(&l, 1, BFD_INIT, DEADLINE_MS));
	teardown(&l);
}

/* IPv4's link-local addresses have no scope: a router that has one is known by it alone. */
Test(bfd_thread, a_link_local_peer_of_ipv4)
{
	const struct addr peer = addr_from_ipv4_u32(0xa9fe0002);
	const struct message m = first_word(peer, addr_from_ipv4_u32(0x0a000001));
	struct lab l;

	setup(&l);
	add(&l, 0, (struct bfd_track){.peer = peer, .ifindex = l.scope0});
	send_message(&m);
	cr_assert(comes_to(&l, 0, BFD_INIT, DEADLINE_MS));
	teardown(&l);
}

/* Routers on two links have the same address; the interface tells them apart, both ways. */
Test(bfd_thread, link_local_peers_are_told_apart_by_their_links)
{
	struct message m = first_word(link_local(2), link_local(1));
	const struct addr any = {.family = ADDR_IPV6};
	struct bfd_packet p = {0};
	struct sockaddr_storage at;
	socklen_t len = addr_to_sockaddr(&any, BFD_PORT_SINGLE, 0, &at);
	struct sockaddr_in6 from;
	bool heard0 = false, heard1 = false;
	uint8_t bytes[64];
	struct lab l;
	int fd;

	setup(&l);
	fd = socket(AF_INET6, SOCK_DGRAM, 0);
	cr_assert(eq(int, bind(fd, (struct sockaddr *)&at, len), 0));
	add(&l, 0, (struct bfd_track){.peer = link_local(2), .ifindex = l.scope0});
	add(&l, 1, (struct bfd_track){.peer = link_local(2), .ifindex = l.scope1});
	m.scope = if_nametoindex("far1");
	send_message(&m);
	cr_assert(comes_to(&l, 1, BFD_INIT, DEADLINE_MS));
	cr_assert(eq(int, (int)look(&l, 0).session.machine.state, BFD_DOWN));
	m.scope = if_nametoindex("far0");
	send_message(&m);
	cr_assert(comes_to(&l, 0, BFD_INIT, DEADLINE_MS));

	/* each says a word a second */
	for (int words = 0; !heard0 || !heard1; words++) {
		struct pollfd wait = {.fd = fd, .events = POLLIN};
		ssize_t n;

		cr_assert(lt(int, words, DEADLINE_MS / 500), "%d %d", heard0, heard1);
		cr_assert(gt(int, poll(&wait, 1, DEADLINE_MS), 0), "%d %d", heard0, heard1);
		len = sizeof(from);
		n = recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len);
		cr_assert(eq(int, (int)bfd_decode(&p, bytes, (size_t)n), BFD_OK));
		cr_assert(eq(uint, p.my_discr,
			     discriminator_of(from.sin6_scope_id == if_nametoindex("far1"))));
		heard0 = heard0 || from.sin6_scope_id == if_nametoindex("far0");
		heard1 = heard1 || from.sin6_scope_id == if_nametoindex("far1");
	}
	close(fd);
	teardown(&l);
}
