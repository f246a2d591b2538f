/* bgp_script.c: peers that follow a script */
#include "bgp/attr.h"
#include "bgp_lab.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void script_init(struct script *s)
{
	memset(s, 0, sizeof(*s));
	s->fd = s->listening = -1;
}

void script_fini(struct script *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (s->listening >= 0)
		close(s->listening);
	s->fd = s->listening = -1;
}

static int socket_at(const char *at, uint16_t port)
{
	struct sockaddr_storage sa;
	struct addr addr;
	socklen_t len;
	int fd, on = 1;

	cr_assert_eq(addr_parse(&addr, at), ADDR_OK);
	fd = socket(addr.family == ADDR_IPV6 ? AF_INET6 : AF_INET,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	cr_assert_geq(fd, 0);
	len = addr_to_sockaddr(&addr, port, 0, &sa);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	cr_assert_eq(bind(fd, (struct sockaddr *)&sa, len), 0, "bind %s: %m", at);
	return fd;
}

void script_dial(struct script *s, const char *from, const char *to)
{
	script_dial_ttl(s, from, to, 64);
}

void script_vanish(struct script *s)
{
	int on = 1;

	/* in repair mode a socket closes without a word */
	cr_assert_eq(setsockopt(s->fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)), 0, "%m");
	close(s->fd);
	s->fd = -1;
}

void script_dial_ttl(struct script *s, const char *from, const char *to, int ttl)
{
	struct sockaddr_storage sa;
	struct addr addr;
	socklen_t len;
	int r;

	if (s->fd >= 0)
		close(s->fd);
	s->len = 0;
	s->closed = false;
	s->fd = socket_at(from, 0);
	cr_assert_eq(addr_parse(&addr, to), ADDR_OK);
	if (addr.family == ADDR_IPV6)
		r = setsockopt(s->fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl, sizeof(ttl));
	else
		r = setsockopt(s->fd, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	cr_assert_eq(r, 0);
	len = addr_to_sockaddr(&addr, LAB_PORT, 0, &sa);
	cr_assert(connect(s->fd, (struct sockaddr *)&sa, len) == 0 || errno == EINPROGRESS);
}

void script_listen(struct script *s, const char *at)
{
	s->listening = socket_at(at, LAB_PORT);
	cr_assert_eq(listen(s->listening, 8), 0);
}

static bool has_accepted(void *arg)
{
	struct script *s = arg;

	s->fd = accept4(s->listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	return s->fd >= 0;
}

void script_accept(struct lab *lab, struct script *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->len = 0;
	s->closed = false;
	lab_until(lab, has_accepted, s, "a connection from the speaker");
}

void script_send(struct script *s, const void *data, size_t len)
{
	cr_assert_eq(send(s->fd, data, len, MSG_NOSIGNAL), (ssize_t)len);
}

void script_send_open_of(struct script *s, const struct bgp_open *open)
{
	uint8_t bytes[BGP_MESSAGE_MAX];
	struct writer w = writer_of(bytes, sizeof(bytes));

	bgp_open_encode(&w, open);
	script_send(s, bytes, writer_len(&w));
}

void script_send_open(struct script *s, uint32_t asn, const char *router_id, uint16_t hold_s)
{
	struct bgp_open open = {.asn = asn,
				.hold_time_s = hold_s,
				.capabilities = BGP_CAP_IPV4 | BGP_CAP_IPV6 |
						BGP_CAP_ROUTE_REFRESH | BGP_CAP_AS4};
	struct addr id;

	cr_assert_eq(addr_parse(&id, router_id), ADDR_OK);
	open.router_id = addr_ipv4_u32(&id);
	script_send_open_of(s, &open);
}

void script_send_keepalive(struct script *s)
{
	uint8_t bytes[BGP_HEADER_LEN];
	struct writer w = writer_of(bytes, sizeof(bytes));

	bgp_keepalive_encode(&w);
	script_send(s, bytes, writer_len(&w));
}

void script_expect_start(struct lab *lab, struct script *s)
{
	struct message m;

	script_expect(lab, s, &m);
	cr_assert_eq(m.type, BGP_OPEN);
}

static void expect_confirm(struct lab *lab, struct script *s)
{
	struct message m;

	script_expect(lab, s, &m);
	cr_assert_eq(m.type, BGP_KEEPALIVE);
	script_send_keepalive(s);
}

void script_establish(struct lab *lab, struct script *s, uint32_t asn, const char *router_id)
{
	script_expect_start(lab, s);
	script_send_open(s, asn, router_id, 90);
	expect_confirm(lab, s);
}

void script_establish_with(struct lab *lab, struct script *s, const struct bgp_open *open)
{
	script_expect_start(lab, s);
	script_send_open_of(s, open);
	expect_confirm(lab, s);
}

/* Reads what the socket has. */
static void pump(struct script *s)
{
	while (!s->closed && s->len < sizeof(s->bytes)) {
		ssize_t n = read(s->fd, s->bytes + s->len, sizeof(s->bytes) - s->len);

		if (n < 0 && (errno == EAGAIN || errno == ENOTCONN))
			return;
		if (n <= 0)
			s->closed = true;
		else
			s->len += (size_t)n;
	}
}

/* Length of the message at an offset, 0: not whole yet. */
static size_t whole_at(const struct script *s, size_t at, enum bgp_type *type)
{
	struct bgp_error error;
	int n = bgp_frame(s->bytes + at, s->len - at, BGP_EXTENDED_MAX, type, &error);

	cr_assert_geq(n, 0, "the speaker sent a bad header");
	return (size_t)n <= s->len - at ? (size_t)n : 0;
}

static bool has_message(void *arg)
{
	enum bgp_type type;

	pump(arg);
	return whole_at(arg, 0, &type) > 0;
}

void script_expect(struct lab *lab, struct script *s, struct message *ret)
{
	size_t n;

	lab_until(lab, has_message, s, "a message from the speaker");
	n = whole_at(s, 0, &ret->type);
	ret->len = n - BGP_HEADER_LEN;
	memcpy(ret->body, s->bytes + BGP_HEADER_LEN, ret->len);
	memmove(s->bytes, s->bytes + n, s->len - n);
	s->len -= n;
}

void script_expect_type(struct lab *lab, struct script *s, enum bgp_type type, struct message *ret)
{
	do {
		script_expect(lab, s, ret);
	} while (ret->type == BGP_KEEPALIVE && type != BGP_KEEPALIVE);
	cr_assert_eq(ret->type, type, "type %d, not %d", ret->type, type);
}

static bool is_closed(void *arg)
{
	struct script *s = arg;

	pump(s);
	return s->closed;
}

void script_expect_closed(struct lab *lab, struct script *s)
{
	lab_until(lab, is_closed, s, "the speaker closes the connection");
}

void script_expect_end(struct lab *lab, struct script *s, uint8_t code, uint8_t subcode)
{
	struct message m;

	script_expect_type(lab, s, BGP_NOTIFICATION, &m);
	cr_assert_geq(m.len, 2);
	cr_expect_eq(m.body[0], code, "code %u, not %u", m.body[0], code);
	cr_expect_eq(m.body[1], subcode, "subcode %u, not %u", m.body[1], subcode);
	script_expect_closed(lab, s);
}

size_t script_count(struct script *s, enum bgp_type wanted)
{
	enum bgp_type type;
	size_t n = 0;

	pump(s);
	for (size_t at = 0, len; (len = whole_at(s, at, &type)) > 0; at += len)
		n += type == wanted;
	return n;
}

static size_t parse_nlri(struct reader r, uint8_t family, struct prefix *ret)
{
	size_t n = 0;

	while (reader_left(&r) > 0)
		cr_assert(nlri_decode(&r, family, &ret[n++]));
	return n;
}

static void parse_as_path(struct reader r, struct update *ret)
{
	while (reader_left(&r) > 0) {
		uint8_t kind = read_u8(&r), count = read_u8(&r);

		cr_assert_eq(kind, 2, "AS_SEQUENCE only");
		for (unsigned i = 0; i < count; i++)
			ret->as_path[ret->n_as_path++] = read_u32(&r);
	}
}

static void parse_mp_reach(struct reader r, struct update *ret)
{
	uint16_t afi = read_u16(&r);
	uint8_t safi = read_u8(&r), len = read_u8(&r);

	cr_assert(safi == SAFI_UNICAST && len == 16);
	ret->next_hop = addr_from_bytes(ADDR_IPV6, read_bytes(&r, len));
	read_u8(&r);
	ret->n_announced = parse_nlri(r, afi == AFI_IPV4 ? ADDR_IPV4 : ADDR_IPV6, ret->announced);
}

static void parse_attr(uint8_t code, struct reader r, struct update *ret)
{
	switch (code) {
	case ATTR_AS_PATH:
		parse_as_path(r, ret);
		break;
	case ATTR_NEXT_HOP:
		ret->next_hop = addr_from_bytes(ADDR_IPV4, read_bytes(&r, 4));
		break;
	case ATTR_LOCAL_PREF:
		ret->has_local_pref = true;
		ret->local_pref = read_u32(&r);
		break;
	case ATTR_COMMUNITIES:
		while (reader_left(&r) > 0)
			ret->communities[ret->n_communities++] = read_u32(&r);
		break;
	case ATTR_MP_REACH:
		parse_mp_reach(r, ret);
		break;
	case ATTR_MP_UNREACH:
		read_u16(&r);
		read_u8(&r);
		ret->end_of_rib = reader_left(&r) == 0;
		ret->n_withdrawn = parse_nlri(r, ADDR_IPV6, ret->withdrawn);
		break;
	default:
		break;
	}
}

void update_parse(const struct message *m, struct update *ret)
{
	struct reader r = reader_of(m->body, m->len), withdrawn, attrs;

	memset(ret, 0, sizeof(*ret));
	withdrawn = read_sub(&r, read_u16(&r));
	attrs = read_sub(&r, read_u16(&r));
	ret->end_of_rib = m->len == 4;
	if (reader_left(&withdrawn) > 0)
		ret->n_withdrawn = parse_nlri(withdrawn, ADDR_IPV4, ret->withdrawn);
	if (reader_left(&r) > 0)
		ret->n_announced = parse_nlri(r, ADDR_IPV4, ret->announced);
	while (reader_left(&attrs) > 0) {
		uint8_t flags = read_u8(&attrs), code = read_u8(&attrs);
		size_t len = flags & ATTR_FLAG_EXTENDED ? read_u16(&attrs) : read_u8(&attrs);

		parse_attr(code, read_sub(&attrs, len), ret);
	}
	cr_assert(!attrs.bad && !r.bad && !withdrawn.bad);
}

size_t script_read_table(struct lab *lab, struct script *s)
{
	static struct update update;
	struct message m;
	size_t n = 0;

	do {
		script_expect_type(lab, s, BGP_UPDATE, &m);
		update_parse(&m, &update);
		n += update.n_announced - update.n_withdrawn;
	} while (!update.end_of_rib);
	return n;
}
