/* bfd_responder: many routers that speak BFD, to measure a daemon by; t/bench-bfd drives it
 *
 *     bfd_responder SESSIONS INTERVAL-MS MULTIPLIER [bgp]
 *     bfd_responder least INTERVAL-MS SECONDS     what a session costs at least
 *
 * Session N is the router 198.18.0.1 + N; all addresses are local here (a local route).  One thread
 * with SCHED_FIFO, on the last processor, sends each router's packets at that router's
 * time, for routers know nothing of each other, and takes the time of what comes.  With "bgp" each
 * router also is a BGP peer.  Commands come by stdin, each is answered by one line:
 *
 *     start             the clock of "up" begins
 *     up SECONDS        when all are Up; or how many are when the time is over
 *     window SECONDS    downs: sessions that the daemon took down, missed: that fell silent
 *     trials N MS       every MS milliseconds one router falls silent for good, N in all: late:
 * from the end of the negotiated detection time after the last packet to the daemon's Down; react:
 * from that to the NOTIFICATION or FIN of BGP bgp SECONDS       until all BGP sessions are
 * established timer             how late the machine's own timers were since
 *
 * Times in milliseconds; the Down's time is taken after the packet is here, the last packet's
 * before it goes, so that a detection looks later than it was, never earlier.
 */
#include "bfd/due.h"
#include "bfd/machine.h"
#include "bfd_responder.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, PORT = 3784, PRIORITY = 50, FROM_STDIN = DUE_MAX, FROM_LISTENER };

static const int64_t US = 1000, MS = 1000000, S = 1000000000;
static const int64_t PATIENCE = 3000000000;

struct router {
	struct bfd_machine m;
	struct sockaddr_in daemon; /* port 0: not heard of yet */
	int64_t heard_at;
	enum { SPEAKS, LAST_WORD, SILENT, WAITS } trial; /* WAITS: for the reaction of BGP */
	int64_t silent_at, down_at, reacted_at; /* of the trial; 0: not yet */
	struct bgp_conn bgp;
};

/* Room for one sendmmsg() or recvmmsg(). */
struct batch {
	unsigned n;
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	struct sockaddr_in names[BATCH];
	uint8_t data[BATCH][64];
	_Alignas(16) uint8_t control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo)) +
					    CMSG_SPACE(sizeof(struct timespec))];
};

static struct router routers[DUE_MAX];
static struct due due;
static struct batch in, out;
static struct times late, react, whole;
static unsigned n_routers;
static bool with_bgp;
static int udp, from_port, listener, epoll;
static struct bfd_params params;

/* The command that is being carried out. */
static struct {
	enum { NOTHING, UP, WINDOW, TRIALS, BGP } what;
	int64_t until, next, gap;
	unsigned left, running, undetected;
	unsigned downs, missed;
} task;
static int64_t started_at;

/* ---- sending ---- */

static void flush(void)
{
	unsigned sent = 0;

	while (sent < out.n) {
		int n = sendmmsg(from_port, out.messages + sent, out.n - sent, 0);

		if (n < 0 && errno != ECONNREFUSED)
			die("sendmmsg");
		sent += n > 0 ? (unsigned)n : 0;
	}
	out.n = 0;
}

static void put(unsigned k, const struct bfd_packet *packet)
{
	const unsigned i = out.n++;
	struct msghdr *h = &out.messages[i].msg_hdr;
	struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(RESPONDER_FIRST + k)};
	struct cmsghdr *c;

	bfd_encode(out.data[i], packet);
	out.vectors[i] = (struct iovec){out.data[i], BFD_PACKET_LEN};
	*h = (struct msghdr){.msg_name = &routers[k].daemon,
			     .msg_namelen = sizeof(routers[k].daemon),
			     .msg_iov = &out.vectors[i],
			     .msg_iovlen = 1,
			     .msg_control = out.control[i],
			     .msg_controllen = CMSG_SPACE(sizeof(info))};
	c = CMSG_FIRSTHDR(h);
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	if (out.n == BATCH)
		flush();
}

static int64_t next_of(const struct router *r, int64_t now)
{
	return now + US * bfd_jitter_us(bfd_tx_interval_us(&r->m), params.detect_mult,
					(uint64_t)random());
}

static void send_now(unsigned k, int64_t now)
{
	struct router *r = &routers[k];
	struct bfd_packet packet;

	due_set(&due, k, next_of(r, now));
	if (bfd_packet_to_send(&r->m, &packet))
		put(k, &packet);
}

/* ---- trials ---- */

/* What the daemon is to wait for after the last packet (RFC 5880 6.8.4). */
static int64_t negotiated(const struct router *r)
{
	const uint32_t rx = r->m.remote_min_rx_us, tx = params.transmit_us;

	return US * params.detect_mult * (rx > tx ? rx : tx);
}

static bool is_steady(const struct router *r)
{
	return r->trial == SPEAKS && r->m.state == BFD_UP && r->m.remote_state == BFD_UP &&
	       !r->m.polling && (!with_bgp || r->bgp.established);
}

/* Nothing is in the batch when its time is taken. */
static void say_last_word(unsigned k)
{
	struct router *r = &routers[k];
	struct bfd_packet packet;

	flush();
	bfd_packet_to_send(&r->m, &packet);
	put(k, &packet);
	r->reacted_at = 0;
	r->silent_at = now_ns();
	flush();
	r->trial = SILENT;
	due_set(&due, k, r->silent_at + negotiated(r) + PATIENCE);
}

static void end_trial(unsigned k)
{
	struct router *r = &routers[k];

	if (r->down_at && r->reacted_at) {
		times_add(&react, r->reacted_at - r->down_at);
		times_add(&whole, r->reacted_at - r->silent_at - negotiated(r));
	}
	r->trial = SPEAKS;
	r->down_at = r->reacted_at = 0;
	r->heard_at = now_ns();
	task.running--;
	due_set(&due, k, now_ns());
}

static void begin_trials(int64_t now)
{
	while (task.left > 0 && task.next <= now) {
		const unsigned first = (unsigned)random() % n_routers;
		unsigned i = 0;

		while (i < n_routers && !is_steady(&routers[(first + i) % n_routers]))
			i++;
		if (i == n_routers) {
			task.next = now + 10 * MS;
			return;
		}
		routers[(first + i) % n_routers].trial = LAST_WORD;
		task.running++;
		task.left--;
		task.next += task.gap;
	}
}

static void down_in_trial(unsigned k, int64_t now)
{
	struct router *r = &routers[k];

	times_add(&late, now - r->silent_at - negotiated(r));
	r->down_at = now;
	if (!with_bgp || r->reacted_at) {
		end_trial(k);
		return;
	}
	r->trial = WAITS;
	due_set(&due, k, now + PATIENCE);
}

/* ---- receiving ---- */

/* What the kernel tells of a packet. */
struct told {
	uint32_t address; /* to which it came */
	int64_t at; /* as now_ns() would have it */
};

static struct told told_of(struct msghdr *h, int64_t wall_ahead)
{
	struct told ret = {.at = now_ns()};

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		struct in_pktinfo info;
		struct timespec t;

		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			ret.address = ntohl(info.ipi_addr.s_addr);
		} else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&t, CMSG_DATA(c), sizeof(t));
			ret.at = t.tv_sec * S + t.tv_nsec - wall_ahead;
		}
	}
	return ret;
}

/* How far the kernel's clock of packets is ahead of ours, or a little more: nothing looks later. */
static int64_t wall_ahead_ns(void)
{
	struct timespec t;
	const int64_t before = now_ns();

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * S + t.tv_nsec - before;
}

static void take(unsigned k, const struct bfd_packet *packet, const struct sockaddr_in *from,
		 int64_t now)
{
	struct router *r = &routers[k];
	const bool was_up = r->m.state == BFD_UP;
	enum bfd_discard reason;
	unsigned actions;

	if (r->trial == SILENT && packet->state != BFD_DOWN)
		return;
	if (r->trial == WAITS)
		return;
	r->daemon = *from;
	r->daemon.sin_port = htons(PORT);
	r->heard_at = now;
	actions = bfd_receive(&r->m, packet, &reason);
	if (r->trial == SILENT) {
		down_in_trial(k, now);
		return;
	}
	if (was_up && r->m.state != BFD_UP)
		task.downs++;
	if (actions & (BFD_DO_SEND | BFD_DO_TX_TIMER))
		send_now(k, now);
}

static void receive(void)
{
	const int64_t ahead = wall_ahead_ns();
	int n;

	do {
		for (unsigned i = 0; i < BATCH; i++) {
			in.vectors[i] = (struct iovec){in.data[i], sizeof(in.data[i])};
			in.messages[i].msg_hdr =
				(struct msghdr){.msg_name = &in.names[i],
						.msg_namelen = sizeof(in.names[i]),
						.msg_iov = &in.vectors[i],
						.msg_iovlen = 1,
						.msg_control = in.control[i],
						.msg_controllen = sizeof(in.control[i])};
		}
		n = recvmmsg(udp, in.messages, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++) {
			const struct told told = told_of(&in.messages[i].msg_hdr, ahead);
			struct bfd_packet packet;
			unsigned k;

			if (bfd_decode(&packet, in.data[i], in.messages[i].msg_len) != BFD_OK)
				continue;
			k = packet.your_discr ? packet.your_discr - 1
					      : told.address - RESPONDER_FIRST;
			if (k < n_routers)
				take(k, &packet, &in.names[i], told.at);
		}
	} while (n == BATCH);
}

/* ---- BGP ---- */

static void watch(int fd, uint32_t what)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = what};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) < 0)
		die("epoll_ctl");
}

static void accept_all(void)
{
	uint32_t address = 0;
	int fd;

	while ((fd = bgp_accept(listener, &address)) >= 0) {
		const unsigned k = address - RESPONDER_FIRST;

		if (k >= n_routers) {
			close(fd);
			continue;
		}
		if (routers[k].bgp.fd >= 0)
			close(routers[k].bgp.fd);
		routers[k].bgp = (struct bgp_conn){.fd = fd};
		watch(fd, k);
	}
}

static void hear_bgp(unsigned k)
{
	if (routers[k].bgp.fd < 0 || bgp_read(&routers[k].bgp, RESPONDER_FIRST + k))
		return;
	routers[k].reacted_at = now_ns();
	if (routers[k].trial == WAITS)
		end_trial(k);
}

/* ---- time ---- */

static void on_due(unsigned k, int64_t now)
{
	struct router *r = &routers[k];

	if (r->trial == LAST_WORD) {
		say_last_word(k);
		return;
	}
	if (r->trial != SPEAKS) {
		task.undetected++;
		end_trial(k);
		return;
	}
	if (r->m.remote_mult && now - r->heard_at > US * (int64_t)bfd_detection_us(&r->m)) {
		task.missed += r->m.state == BFD_UP;
		bfd_detect_expired(&r->m);
	}
	send_now(k, now);
}

static void tick(int64_t now)
{
	struct due_at first;

	while ((first = due_first(&due)).at && first.at <= now)
		on_due(first.who, now);
	if (task.what == TRIALS)
		begin_trials(now);
	flush();
}

/* ---- commands ---- */

static unsigned count_up(void)
{
	unsigned n = 0;

	for (unsigned k = 0; k < n_routers; k++)
		n += routers[k].m.state == BFD_UP && routers[k].m.remote_state == BFD_UP;
	return n;
}

static unsigned count_bgp(void)
{
	unsigned n = 0;

	for (unsigned k = 0; k < n_routers; k++)
		n += routers[k].bgp.fd >= 0 && routers[k].bgp.established;
	return n;
}

static void look_at_task(int64_t now)
{
	const bool over = now >= task.until;

	if (task.what == NOTHING)
		return;
	if (task.what == UP && (over || count_up() == n_routers))
		printf("up=%u up_s=%.2f\n", count_up(), (double)(now - started_at) / (double)S);
	else if (task.what == BGP && (over || count_bgp() == n_routers))
		printf("bgp=%u\n", count_bgp());
	else if (task.what == WINDOW && over)
		printf("downs=%u missed=%u\n", task.downs, task.missed);
	else if (task.what == TRIALS && (over || (!task.left && !task.running))) {
		printf("downs=%u missed=%u undetected=%u", task.downs, task.missed,
		       task.undetected + task.running);
		times_print(&late, "late");
		times_print(&react, "react");
		times_print(&whole, "whole");
		printf("\n");
	} else
		return;
	task.what = NOTHING;
}

static void obey(char *line)
{
	const int64_t now = now_ns();
	unsigned a = 0, b = 0;
	char word[16] = "";

	sscanf(line, "%15s %u %u", word, &a, &b);
	memset(&task, 0, sizeof(task));
	task.until = now + a * S;
	if (strcmp(word, "start") == 0) {
		started_at = now;
		printf("started\n");
	} else if (strcmp(word, "timer") == 0) {
		timers_print();
	} else if (strcmp(word, "up") == 0) {
		task.what = UP;
	} else if (strcmp(word, "bgp") == 0) {
		task.what = BGP;
	} else if (strcmp(word, "window") == 0) {
		task.what = WINDOW;
	} else if (strcmp(word, "trials") == 0) {
		task.what = TRIALS;
		task.left = a;
		task.gap = b * MS;
		task.next = now;
		task.until = now + a * (task.gap + 6 * S / n_routers) + 2 * PATIENCE;
	} else {
		printf("what?\n");
	}
}

static void obey_stdin(void)
{
	char line[256];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line) - 1);

	if (n <= 0)
		exit(0);
	line[n] = '\0';
	obey(line);
}

/* ---- the loop ---- */

static int udp_socket(uint16_t port)
{
	const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &(int){1 << 22}, sizeof(int));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &(int){1 << 22}, sizeof(int));
	setsockopt(fd, IPPROTO_IP, IP_TTL, &(int){255}, sizeof(int));
	setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &(int){1}, sizeof(int));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &(int){1}, sizeof(int));
	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0)
		die("port");
	return fd;
}

static void open_all(void)
{
	udp = udp_socket(PORT);
	from_port = udp_socket(49152);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	watch(STDIN_FILENO, FROM_STDIN);
	if (!with_bgp)
		return;
	listener = bgp_listen();
	watch(listener, FROM_LISTENER);
}

/* Routers speak only once they know where the daemon is: its address is fixed. */
static void make_routers(int64_t now)
{
	for (unsigned k = 0; k < n_routers; k++) {
		bfd_machine_init(&routers[k].m, k + 1, &params);
		routers[k].bgp.fd = -1;
		routers[k].daemon.sin_family = AF_INET;
		routers[k].daemon.sin_port = htons(PORT);
		routers[k].daemon.sin_addr.s_addr = htonl(0xc6128001); /* 198.18.128.1 */
		due_set(&due, k, now + random() % S);
	}
}

static void handle(uint32_t what)
{
	if (what == FROM_STDIN)
		obey_stdin();
	else if (what == FROM_LISTENER)
		accept_all();
	else
		hear_bgp(what);
}

static void turn(void)
{
	struct epoll_event events[BATCH];
	int64_t wait = MS, now = now_ns();
	const struct due_at first = due_first(&due);
	struct timespec timeout;
	int n;

	if (first.at && first.at - now < wait)
		wait = first.at > now ? first.at - now : 0;
	timeout = (struct timespec){0, wait};
	n = epoll_pwait2(epoll, events, BATCH, &timeout, NULL);
	/* a Down comes before what it leads to */
	receive();
	for (int i = 0; i < n; i++)
		handle(events[i].data.u32);
	now = now_ns();
	tick(now);
	look_at_task(now);
}

/* The last processor, as if it was another machine: where the daemon runs is not changed by our
 * waking, which would be another thing for each daemon.  Nothing where there is one alone. */
static void stay_aside(void)
{
	const long n = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t last;

	CPU_ZERO(&last);
	CPU_SET((size_t)n - 1, &last);
	if (n > 1)
		(void)sched_setaffinity(0, sizeof(last), &last);
}

int main(int argc, char **argv)
{
	const struct sched_param param = {.sched_priority = PRIORITY};

	if (argc < 4) {
		fprintf(stderr, "usage: %s SESSIONS INTERVAL-MS MULTIPLIER [bgp]\n", argv[0]);
		return 2;
	}
	if (strcmp(argv[1], "least") == 0) {
		least_print((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]));
		return 0;
	}
	n_routers = (unsigned)atoi(argv[1]);
	params.transmit_us = params.receive_us = (uint32_t)atoi(argv[2]) * 1000;
	params.detect_mult = (uint8_t)atoi(argv[3]);
	with_bgp = argc > 4;
	if (n_routers < 1 || n_routers > DUE_MAX)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	srandom((unsigned)now_ns());
	timers_start();
	stay_aside();
	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0 || sched_setscheduler(0, SCHED_FIFO, &param) < 0)
		die("SCHED_FIFO");
	open_all();
	make_routers(now_ns());
	for (;;)
		turn();
}
