/* fuzz_bfd_sieve.c: the filter in the kernel against the checks of ours: it drops nothing that a
 * session would take, and lets through nothing but what they have to look at more closely
 *
 * The filter is run here as the kernel would run it.
 */
#include "bfd/codec.h"
#include "bfd/sieve.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { UDP_HEADER = 8, HEADERS = 48 /* IPv6 and UDP */, IFINDEX = 3 };

/* What the kernel sees: an IP header, and from UDP's on the packet. */
struct seen {
	const uint8_t *ip, *udp;
	size_t ip_len, udp_len;
};

static bool load(const struct seen *p, uint32_t k, unsigned n, uint32_t *ret)
{
	const int at = (int)k;
	const uint8_t *from = at >= 0 ? p->udp + at : p->ip + (at - SKF_NET_OFF);
	const size_t offset = at >= 0 ? (size_t)at : (size_t)(at - SKF_NET_OFF);

	if (at == SKF_AD_OFF + SKF_AD_IFINDEX) {
		*ret = IFINDEX;
		return true;
	}
	if (offset + n > (at >= 0 ? p->udp_len : p->ip_len))
		return false;
	for (*ret = 0; n > 0; n--)
		*ret = *ret << 8 | *from++;
	return true;
}

static bool compare(uint16_t code, uint32_t a, uint32_t k)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGE:
		return a >= k;
	case BPF_JGT:
		return a > k;
	default:
		abort();
	}
}

/* Does it let the packet through?  What the kernel would refuse to attach aborts. */
static bool run(const struct bfd_sieve *s, const struct seen *p)
{
	uint32_t a = 0;

	for (unsigned i = 0; i < s->n; i++) {
		const struct sock_filter *f = &s->at[i];

		switch (BPF_CLASS(f->code)) {
		case BPF_RET:
			return f->k != 0;
		case BPF_LD:
			if (BPF_MODE(f->code) == BPF_LEN)
				a = (uint32_t)p->udp_len;
			else if (!load(p, f->k, BPF_SIZE(f->code) == BPF_B ? 1 : 4, &a))
				return false;
			break;
		case BPF_ALU:
			a = BPF_OP(f->code) == BPF_RSH ? a >> f->k : a & f->k;
			break;
		case BPF_JMP:
			if (BPF_OP(f->code) == BPF_JA)
				i += f->k;
			else
				i += compare(f->code, a, f->k) ? f->jt : f->jf;
			break;
		default:
			abort();
		}
	}
	abort(); /* it ran out of its end */
}

static bool is_known(const struct bfd_sieve_session *sessions, unsigned n,
		     const struct bfd_packet *p, const struct addr *from)
{
	for (unsigned i = 0; i < n; i++)
		if (p->your_discr
			    ? sessions[i].discriminator == p->your_discr
			    : addr_equal(&sessions[i].peer, from) &&
				      (sessions[i].ifindex == 0 || sessions[i].ifindex == IFINDEX))
			return true;
	return false;
}

/* What is left for us: a length that is not the packet's, fields that may not be 0, and of an IPv6
 * address all but its end. */
static bool may_pass(enum bfd_discard reason)
{
	return reason == BFD_OK || reason == BFD_SHORT || reason == BFD_BAD_LENGTH ||
	       reason == BFD_NO_MULTIPLIER || reason == BFD_NO_DISCRIMINATOR;
}

/* A byte of family and number of sessions, one of TTL, the IP header's 40 bytes, and a payload. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bfd_sieve sieve;
	struct bfd_sieve_session sessions[8];
	uint8_t udp[UDP_HEADER + 128] = {0};
	struct bfd_packet packet;
	struct addr from;
	struct seen seen;
	enum bfd_discard reason;
	uint8_t family, least, ttl;
	unsigned n;
	bool passes;

	if (size < 2 + HEADERS - UDP_HEADER || size - 42 > sizeof(udp) - UDP_HEADER)
		return 0;
	family = data[0] & 1 ? ADDR_IPV6 : ADDR_IPV4;
	n = data[0] >> 1 & 7;
	least = data[1];
	memcpy(udp + UDP_HEADER, data + 42, size - 42);
	seen = (struct seen){data + 2, udp, 40, UDP_HEADER + size - 42};
	from = addr_from_bytes(family, seen.ip + (family == ADDR_IPV4 ? 12 : 8));
	ttl = seen.ip[family == ADDR_IPV4 ? 8 : 7];
	for (unsigned i = 0; i < n; i++) {
		sessions[i] = (struct bfd_sieve_session){.discriminator = i + 1, .peer = from};
		sessions[i].peer.bytes[3] ^= (uint8_t)(i + (data[0] >> 7));
		sessions[i].ifindex = (i * 5 + (data[0] >> 4)) & 3;
	}
	bfd_sieve_build(&sieve, family, least, sessions, n);
	passes = run(&sieve, &seen);
	reason = bfd_decode(&packet, udp + UDP_HEADER, size - 42);
	if (ttl < least) {
		if (passes)
			abort();
		return 0;
	}
	if (reason == BFD_OK && is_known(sessions, n, &packet, &from) != passes) {
		/* only the end of an address is compared */
		if (!passes || family == ADDR_IPV4)
			abort();
	}
	if (passes && !may_pass(reason))
		abort();
	return 0;
}
