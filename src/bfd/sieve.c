/* sieve.c: classic BPF for the checks of RFC 5880 6.8.6 that need no state */
#include "bfd/sieve.h"

#include "bfd/codec.h"
#include "bfd/frame.h"
#include "bfd/socket.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Where a packet has what. */
enum {
	UDP_HEADER = 8,
	AT_VERSION = UDP_HEADER,
	AT_FLAGS = UDP_HEADER + 1,
	AT_YOUR = UDP_HEADER + 8,
	AT_TTL4 = SKF_NET_OFF + 8,
	AT_TTL6 = SKF_NET_OFF + 7,
	AT_SOURCE4 = SKF_NET_OFF + 12,
	AT_SOURCE6_LAST = SKF_NET_OFF + 8 + 12,
};
enum { FLAGS_REFUSED = 0x05 /* A, M */ };

static void add(struct bfd_sieve *s, unsigned code, uint32_t k, uint8_t jt, uint8_t jf)
{
	s->at[s->n++] = (struct sock_filter){(uint16_t)code, jt, jf, k};
}

static void load_byte(struct bfd_sieve *s, int at)
{
	add(s, BPF_LD | BPF_B | BPF_ABS, (uint32_t)at, 0, 0);
}

static void load_word(struct bfd_sieve *s, int at)
{
	add(s, BPF_LD | BPF_W | BPF_ABS, (uint32_t)at, 0, 0);
}

static void load_half(struct bfd_sieve *s, int at)
{
	add(s, BPF_LD | BPF_H | BPF_ABS, (uint32_t)at, 0, 0);
}

static void take(struct bfd_sieve *s)
{
	add(s, BPF_RET | BPF_K, UINT32_MAX, 0, 0);
}

static void drop(struct bfd_sieve *s)
{
	add(s, BPF_RET | BPF_K, 0, 0, 0);
}

/* Drops where the comparison with what was loaded does not hold. */
static void need(struct bfd_sieve *s, unsigned comparison, uint32_t k)
{
	add(s, BPF_JMP | comparison | BPF_K, k, 1, 0);
	drop(s);
}

static void take_if(struct bfd_sieve *s, uint32_t k)
{
	add(s, BPF_JMP | BPF_JEQ | BPF_K, k, 0, 1);
	take(s);
}

/* In host order, as the filter loads it; the low half of an IPv6 address's interface part is enough
 * here. */
static uint32_t last_word(const struct addr *a)
{
	const uint8_t *b = a->family == ADDR_IPV4 ? a->bytes : a->bytes + 12;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void check_header(struct bfd_sieve *s, uint8_t family, uint8_t ttl)
{
	load_byte(s, family == ADDR_IPV4 ? AT_TTL4 : AT_TTL6);
	need(s, BPF_JGE, ttl);
	add(s, BPF_LD | BPF_W | BPF_LEN, 0, 0, 0);
	need(s, BPF_JGE, UDP_HEADER + BFD_PACKET_LEN);
	load_byte(s, AT_VERSION);
	add(s, BPF_ALU | BPF_RSH | BPF_K, 5, 0, 0);
	need(s, BPF_JEQ, BFD_VERSION);
	load_byte(s, AT_FLAGS);
	add(s, BPF_ALU | BPF_AND | BPF_K, FLAGS_REFUSED, 0, 0);
	need(s, BPF_JEQ, 0);
}

/* ---- the source of a packet without our discriminator ---- */

/* Is it the first one of its interface? */
static bool is_first(const struct bfd_sieve_session *sessions, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (sessions[k].ifindex == sessions[i].ifindex)
			return false;
	return true;
}

/* What comes by this interface from a peer that is there; ifindex 0: by any. */
static void check_group(struct bfd_sieve *s, uint8_t family,
			const struct bfd_sieve_session *sessions, unsigned n, uint32_t ifindex)
{
	unsigned members = 0;

	for (unsigned i = 0; i < n; i++)
		members += sessions[i].ifindex == ifindex;
	if (ifindex) {
		load_word(s, SKF_AD_OFF + SKF_AD_IFINDEX);
		add(s, BPF_JMP | BPF_JEQ | BPF_K, ifindex, 1, 0);
		add(s, BPF_JMP | BPF_JA, 2 * members + 1, 0, 0);
	}
	load_word(s, family == ADDR_IPV4 ? AT_SOURCE4 : AT_SOURCE6_LAST);
	for (unsigned i = 0; i < n; i++)
		if (sessions[i].ifindex == ifindex)
			take_if(s, last_word(&sessions[i].peer));
}

void bfd_sieve_build(struct bfd_sieve *s, uint8_t family, uint8_t ttl,
		     const struct bfd_sieve_session *sessions, unsigned n)
{
	s->n = 0;
	check_header(s, family, ttl);
	if (n > SIEVE_SESSIONS_MAX) {
		take(s);
		return;
	}
	load_word(s, AT_YOUR);
	add(s, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
	add(s, BPF_JMP | BPF_JA, 2 * n + 1, 0, 0);
	for (unsigned i = 0; i < n; i++)
		take_if(s, sessions[i].discriminator);
	drop(s);
	/* 0: a session that is not up yet, found by its address */
	load_byte(s, AT_FLAGS);
	add(s, BPF_ALU | BPF_RSH | BPF_K, 6, 0, 0);
	add(s, BPF_JMP | BPF_JGT | BPF_K, BFD_DOWN, 0, 1);
	drop(s);
	for (unsigned i = 0; i < n; i++)
		if (sessions[i].ifindex && is_first(sessions, i))
			check_group(s, family, sessions, n, sessions[i].ifindex);
	check_group(s, family, sessions, n, 0);
	drop(s);
}

/* ---- echoes ---- */

static void check_both_addresses_are_one(struct bfd_sieve *s, int at, int len)
{
	for (int i = at; i < at + len; i += 4) {
		load_word(s, i);
		add(s, BPF_MISC | BPF_TAX, 0, 0, 0);
		load_word(s, i + len);
		add(s, BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0);
		drop(s);
	}
}

/* What most packets of a host are not comes first. */
void bfd_sieve_build_echo(struct bfd_sieve *s, uint8_t family)
{
	const bool ipv4 = family == ADDR_IPV4;

	s->n = 0;
	load_byte(s, SKF_AD_OFF + SKF_AD_PKTTYPE);
	need(s, BPF_JEQ, PACKET_HOST);
	load_byte(s, ipv4 ? 8 : 7);
	need(s, BPF_JGE, BFD_TTL - 1);
	load_byte(s, ipv4 ? 9 : 6);
	need(s, BPF_JEQ, IPPROTO_UDP);
	load_half(s, ipv4 ? 20 + 2 : 40 + 2);
	need(s, BPF_JEQ, BFD_PORT_ECHO);
	check_both_addresses_are_one(s, ipv4 ? 12 : 8, ipv4 ? 4 : 16);
	take(s);
}

int bfd_sieve_attach(const struct bfd_sieve *s, int fd)
{
	const struct sock_fprog program = {(unsigned short)s->n, (struct sock_filter *)s->at};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? -errno
											   : 0;
}

int bfd_sieve_detach(int fd)
{
	const int none = 0;

	return setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)) < 0 ? -errno : 0;
}

uint32_t bfd_sieve_drops(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t size = sizeof(info);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &size) < 0)
		return 0;
	return info[SK_MEMINFO_DROPS];
}
