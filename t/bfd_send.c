/* bfd_send.c: BFD packets of any kind, from any source, as many and as fast as they go; for tests
 *
 *	cc -O2 -o bfd_send t/bfd_send.c
 *	bfd_send DESTINATION [KEY=VALUE...]
 *
 *	source=ADDRESS   of whoever is to be taken for the sender: needs root
 *	sources=N        that and the N - 1 addresses after it, in turn, up to 4096
 *	port=N ttl=N     3784, 255
 *	version=N diag=N state=N flags=N mult=N length=N my=N your=N tx=US rx=US echo=US
 *	                 fields of RFC 5880 4.1: else a good packet in state Down
 *	size=N           bytes of payload, 24
 *	random=your      a new number in this field of each of 4096 packets; "all": in every byte
 *	count=N          packets, 1
 *	seconds=N        in place of count: as many as go
 *	rate=N           at most so many a second
 *
 * Prints how many were sent, and how many a second.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { PACKETS = 4096, BATCH = 64, PAYLOAD_MAX = 128, PACKET_MAX = PAYLOAD_MAX + 64 };

static struct {
	const char *key;
	uint64_t value;
} numbers[] = {
	{"sources", 1}, {"port", 3784}, {"ttl", 255},  {"version", 1}, {"diag", 0},
	{"state", 1},	{"flags", 0},	{"mult", 3},   {"length", 24}, {"my", 77},
	{"your", 0},	{"tx", 50000},	{"rx", 50000}, {"echo", 0},    {"size", 24},
	{"count", 1},	{"seconds", 0}, {"rate", 0},
};
enum { N_NUMBERS = sizeof(numbers) / sizeof(*numbers) };
static const char *source_text, *random_field = "";
static uint64_t dice = 88172645463325252;

static uint64_t number(const char *key)
{
	for (size_t i = 0; i < N_NUMBERS; i++)
		if (strcmp(numbers[i].key, key) == 0)
			return numbers[i].value;
	abort();
}

static uint64_t roll(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice;
}

static void fail(const char *what)
{
	fprintf(stderr, "bfd_send: %s: %s\n", what, strerror(errno));
	exit(1);
}

static bool option(const char *text)
{
	const char *value = strchr(text, '=');

	if (!value)
		return false;
	value++;
	if (strncmp(text, "source=", 7) == 0) {
		source_text = value;
		return true;
	}
	if (strncmp(text, "random=", 7) == 0) {
		random_field = value;
		return true;
	}
	for (size_t i = 0; i < N_NUMBERS; i++) {
		const size_t len = strlen(numbers[i].key);

		if (strncmp(text, numbers[i].key, len) != 0 || text[len] != '=')
			continue;
		numbers[i].value = strtoull(value, NULL, 0);
		return true;
	}
	return false;
}

static void put_u32(uint8_t *at, uint64_t value)
{
	const uint32_t wire = htonl((uint32_t)value);

	memcpy(at, &wire, sizeof(wire));
}

static size_t payload(uint8_t *ret)
{
	const size_t size = number("size") < PAYLOAD_MAX ? number("size") : PAYLOAD_MAX;
	uint8_t all[PAYLOAD_MAX] = {0};

	all[0] = (uint8_t)(number("version") << 5 | number("diag"));
	all[1] = (uint8_t)(number("state") << 6 | number("flags"));
	all[2] = (uint8_t)number("mult");
	all[3] = (uint8_t)number("length");
	put_u32(all + 4, number("my"));
	put_u32(all + 8, strcmp(random_field, "your") == 0 ? roll() : number("your"));
	put_u32(all + 12, number("tx"));
	put_u32(all + 16, number("rx"));
	put_u32(all + 20, number("echo"));
	for (size_t i = 0; i < size && strcmp(random_field, "all") == 0; i++)
		all[i] = (uint8_t)roll();
	memcpy(ret, all, size);
	return size;
}

static uint32_t sum(uint32_t before, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < n; i++)
		before += i % 2 ? at[i] : (uint32_t)at[i] << 8;
	return before;
}

static uint16_t folded(uint32_t value)
{
	while (value >> 16)
		value = (value & 0xffff) + (value >> 16);
	return htons((uint16_t)~value);
}

static void fill_udp(struct udphdr *udp, size_t size)
{
	udp->source = htons((uint16_t)(49152 + roll() % 16384));
	udp->dest = htons((uint16_t)number("port"));
	udp->len = htons((uint16_t)(sizeof(*udp) + size));
	udp->check = 0;
}

static size_t packet4(uint8_t *at, const struct sockaddr_in *to, uint32_t from)
{
	struct iphdr *ip = (struct iphdr *)at;
	struct udphdr *udp = (struct udphdr *)(ip + 1);
	const size_t size = payload((uint8_t *)(udp + 1));

	*ip = (struct iphdr){.version = 4,
			     .ihl = 5,
			     .tot_len = htons((uint16_t)(sizeof(*ip) + sizeof(*udp) + size)),
			     .ttl = (uint8_t)number("ttl"),
			     .protocol = IPPROTO_UDP,
			     .saddr = from,
			     .daddr = to->sin_addr.s_addr};
	fill_udp(udp, size); /* no checksum, which IPv4 allows; the kernel fills that of IP */
	return sizeof(*ip) + sizeof(*udp) + size;
}

static size_t packet6(uint8_t *at, const struct sockaddr_in6 *to, const struct in6_addr *from)
{
	struct ip6_hdr *ip = (struct ip6_hdr *)at;
	struct udphdr *udp = (struct udphdr *)(ip + 1);
	const size_t size = payload((uint8_t *)(udp + 1));
	const size_t len = sizeof(*udp) + size;
	uint32_t check;

	*ip = (struct ip6_hdr){.ip6_src = *from, .ip6_dst = to->sin6_addr};
	ip->ip6_flow = htonl(6u << 28);
	ip->ip6_plen = htons((uint16_t)len);
	ip->ip6_nxt = IPPROTO_UDP;
	ip->ip6_hlim = (uint8_t)number("ttl");
	fill_udp(udp, size);
	check = sum(sum(0, from, 16), &to->sin6_addr, 16) + (uint32_t)len + IPPROTO_UDP;
	udp->check = folded(sum(check, udp, len));
	return sizeof(*ip) + len;
}

static size_t make(uint8_t *at, const struct sockaddr_storage *to, uint64_t i)
{
	struct in_addr from4;
	struct in6_addr from6;

	if (to->ss_family == AF_INET && inet_pton(AF_INET, source_text, &from4) == 1)
		return packet4(at, (const struct sockaddr_in *)to,
			       htonl(ntohl(from4.s_addr) + (uint32_t)i));
	if (to->ss_family == AF_INET || inet_pton(AF_INET6, source_text, &from6) != 1) {
		errno = EINVAL;
		fail(source_text);
	}
	from6.s6_addr[14] = (uint8_t)(from6.s6_addr[14] + (i >> 8));
	from6.s6_addr[15] = (uint8_t)(from6.s6_addr[15] + i);
	return packet6(at, (const struct sockaddr_in6 *)to, &from6);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static bool parse_destination(const char *text, struct sockaddr_storage *ret)
{
	struct sockaddr_in *four = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof(*ret));
	ret->ss_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	return ret->ss_family == AF_INET ? inet_pton(AF_INET, text, &four->sin_addr) == 1
					 : inet_pton(AF_INET6, text, &six->sin6_addr) == 1;
}

/* Made once, sent again and again: making takes longer than sending. */
static struct mmsghdr messages[PACKETS];

static void make_all(struct sockaddr_storage *to)
{
	static uint8_t bytes[PACKETS][PACKET_MAX];
	static struct iovec vectors[PACKETS];

	for (unsigned i = 0; i < PACKETS; i++) {
		vectors[i].iov_base = bytes[i];
		vectors[i].iov_len = make(bytes[i], to, i % number("sources"));
		messages[i].msg_hdr = (struct msghdr){.msg_name = to,
						      .msg_namelen = sizeof(*to),
						      .msg_iov = &vectors[i],
						      .msg_iovlen = 1};
	}
}

static void flood(int fd)
{
	const int64_t begin = now_ns();
	const uint64_t seconds = number("seconds"), rate = number("rate");
	const uint64_t count = seconds ? UINT64_MAX : number("count");
	uint64_t sent = 0;

	while (sent < count && (!seconds || now_ns() - begin < (int64_t)seconds * 1000000000)) {
		const unsigned at = (unsigned)(sent % PACKETS / BATCH * BATCH);
		const unsigned n = count - sent < BATCH ? (unsigned)(count - sent) : BATCH;
		const int done = sendmmsg(fd, &messages[at], n, 0);

		if (done < 0 && errno != ENOBUFS && errno != EINTR)
			fail("sendmmsg");
		sent += done > 0 ? (uint64_t)done : 0;
		while (rate && (now_ns() - begin) / 1000 * (int64_t)rate < (int64_t)sent * 1000000)
			nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
	}
	printf("%llu sent, %.0f a second\n", (unsigned long long)sent,
	       (double)sent * 1e9 / (double)(now_ns() - begin + 1));
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	int fd;

	if (argc < 2 || !parse_destination(argv[1], &to)) {
		fprintf(stderr, "usage: bfd_send DESTINATION source=ADDRESS [KEY=VALUE...]\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		if (option(argv[i]))
			continue;
		fprintf(stderr, "bfd_send: what is %s?\n", argv[i]);
		return 2;
	}
	if (!source_text) {
		fprintf(stderr, "bfd_send: no source=\n");
		return 2;
	}
	fd = socket(to.ss_family, SOCK_RAW, IPPROTO_RAW);
	if (fd < 0)
		fail("a raw socket");
	make_all(&to);
	flood(fd);
	return 0;
}
