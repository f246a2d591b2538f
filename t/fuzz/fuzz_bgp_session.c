/* fuzz_bgp_session.c: what a peer sends, in pieces of any size, through a whole session
 *
 * The real session with its tracks, state machine, timers and Adj-RIB-Out, over a pair of sockets;
 * the functions of tcp.c are replaced by ones that know no TCP.  The first byte says who the peer
 * is (see enum); then come pieces, each a byte of length and as many bytes.  A length of 255 is a
 * second connection of the peer's, and no piece.
 */
#include "base/addr.h"
#include "base/bytes.h"
#include "base/log.h"
#include "bgp/adjout.h"
#include "bgp/attrset.h"
#include "bgp/codec.h"
#include "bgp/farewell.h"
#include "bgp/session.h"
#include "bgp/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INTERNAL = 1, DUAL = 2, GRACEFUL = 4, GREETS = 8, DYNAMIC = 16, TIMELESS = 32 };
enum { ROUTES = 64, CONNECTIONS_MAX = 3, SECOND_CONNECTION = 255 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static struct addr address(const char *text)
{
	struct addr a;

	must(addr_parse(&a, text) == ADDR_OK);
	return a;
}

/* No connection is ever made by us: the peer comes. */
int tcp_dial(int *ret, const struct tcp_params *params)
{
	(void)ret;
	(void)params;
	return -ECONNREFUSED;
}

int tcp_dial_result(int fd)
{
	(void)fd;
	return 0;
}

int tcp_adopt(int fd, const struct tcp_params *params)
{
	(void)fd;
	(void)params;
	return 0;
}

int tcp_listen(int *ret, const struct addr *addr, uint16_t port)
{
	(void)ret;
	(void)addr;
	(void)port;
	return -EADDRINUSE;
}

int tcp_set_user_timeout(int fd, unsigned seconds)
{
	(void)fd;
	(void)seconds;
	return 0;
}

int tcp_set_password(int fd, const struct addr *peer, const char *password)
{
	(void)fd;
	(void)peer;
	(void)password;
	return 0;
}

uint8_t tcp_syn_ttl(int fd)
{
	(void)fd;
	return 255;
}

bool tcp_is_heard(int fd)
{
	(void)fd;
	return true;
}

uint64_t tcp_min_ttl_drops(void)
{
	return 0;
}

struct addr tcp_local_address(int fd)
{
	(void)fd;
	return address("192.0.2.1");
}

struct addr tcp_remote_address(int fd)
{
	(void)fd;
	return address("192.0.2.2");
}

static struct session_env env;
static struct adjout *out;

static void start_once(void)
{
	static const struct speaker_ops ops;
	static const struct plan_attrs attrs;
	struct attrset_table *sets;

	if (env.event)
		return;
	log_set_level(LOG_ERR);
	must(sd_event_default(&env.event) >= 0);
	env.farewells = farewells_new(env.event);
	env.room = malloc(sizeof(*env.room));
	env.ops = &ops;
	must(env.room != NULL);
	sets = attrset_table_new();
	out = adjout_new(sets);
	for (unsigned i = 0; i < ROUTES; i++) {
		struct addr a = address(i % 2 ? "203.0.113.0" : "2001:db8::");
		struct prefix p;

		a.bytes[3] = (uint8_t)(a.bytes[3] + i);
		p = prefix_of(&a, i % 2 ? 32 : 128);
		adjout_update(out, &p, &attrs);
	}
}

static void run(void)
{
	while (sd_event_run(env.event, 0) > 0)
		;
}

struct fuzz {
	struct session *session;
	int peer[CONNECTIONS_MAX]; /* its ends */
	unsigned n;
};

static void connect_peer(struct fuzz *f)
{
	int pair[2];

	if (f->n == CONNECTIONS_MAX)
		return;
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0);
	if (!session_accept(f->session, pair[0])) {
		close(pair[0]);
		close(pair[1]);
		return;
	}
	f->peer[f->n++] = pair[1];
	run();
}

/* On the connection that came last; what the session says is read and dropped. */
static void send_piece(struct fuzz *f, const uint8_t *data, size_t len)
{
	uint8_t dropped[65536];

	if (f->n == 0)
		return;
	(void)!send(f->peer[f->n - 1], data, len, MSG_NOSIGNAL);
	run();
	for (unsigned i = 0; i < f->n; i++)
		(void)!read(f->peer[i], dropped, sizeof(dropped));
	run();
}

/* A good OPEN and a KEEPALIVE: the session is up. */
static void greet(struct fuzz *f, const struct plan_peer *peer)
{
	uint8_t bytes[BGP_MESSAGE_MAX];
	struct writer w = writer_of(bytes, sizeof(bytes));
	const struct bgp_open open = {
		.asn = peer->type == PEER_INTERNAL ? peer->my_asn : 65002,
		.router_id = 0xc0000202,
		.hold_time_s = 90,
		.capabilities = BGP_CAP_IPV4 | BGP_CAP_IPV6 | BGP_CAP_ROUTE_REFRESH |
				BGP_CAP_ENHANCED_REFRESH | BGP_CAP_EXTENDED_MESSAGE | BGP_CAP_AS4 |
				(peer->graceful_restart ? BGP_CAP_GRACEFUL_RESTART : 0u),
	};

	bgp_open_encode(&w, &open);
	bgp_keepalive_encode(&w);
	send_piece(f, bytes, writer_len(&w));
	must(session_state(f->session) == BGP_ESTABLISHED);
}

static void feed(struct fuzz *f, const uint8_t *data, size_t size)
{
	while (size > 0) {
		size_t len = *data++;

		size--;
		if (len == SECOND_CONNECTION) {
			connect_peer(f);
			continue;
		}
		if (len > size)
			len = size;
		if (len > 0)
			send_piece(f, data, len);
		data += len;
		size -= len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t who = size > 0 ? data[0] : 0;
	const struct bgp_peer model = {
		.dynamic_asn = !(who & DYNAMIC) ? DYNAMIC_ASN_NONE
			       : who & INTERNAL ? DYNAMIC_ASN_INTERNAL
						: DYNAMIC_ASN_EXTERNAL,
	};
	const struct plan_peer peer = {
		.peer = &model,
		.name = "peer",
		.address = address("192.0.2.2"),
		.port = 179,
		.type = who & INTERNAL ? PEER_INTERNAL : PEER_EXTERNAL,
		.my_asn = 65001,
		.peer_asn = who & DYNAMIC    ? 0
			    : who & INTERNAL ? 65001
					     : 65002,
		.router_id = 0xc0000201,
		.hold_time_s = who & TIMELESS ? 0 : 90,
		.keepalive_s = 30,
		.graceful_restart = who & GRACEFUL,
		.ipv4 = true,
		.ipv6 = who & DUAL,
		.passive = true,
		.shutdown_message = "",
	};
	struct fuzz f = {.session = NULL};
	struct bgp_peer_view view;

	start_once();
	f.session = session_new(&env, &peer);
	session_set_adjout(f.session, out);
	session_start(f.session);
	connect_peer(&f);
	if (who & GREETS)
		greet(&f, &peer);
	feed(&f, data + (size > 0), size - (size > 0));
	session_view(f.session, &view);
	must(view.state <= BGP_ESTABLISHED);
	must((view.state == BGP_ESTABLISHED) == (adjout_members(out) == 1));
	session_stop(f.session, BGP_CEASE_ADMIN_SHUTDOWN, "bye", "stopped");
	must(session_state(f.session) == BGP_IDLE && adjout_members(out) == 0);
	for (unsigned i = 0; i < f.n; i++)
		close(f.peer[i]);
	run();
	session_free(f.session);
	must(farewells_count(env.farewells) == 0);
	return 0;
}
