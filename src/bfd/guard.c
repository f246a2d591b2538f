/* guard.c: sieves are attached and taken off, and what they drop is counted */
#include "bfd/guard.h"

static const int64_t LOOK_NS = 1000000000;

static bool is_of(const struct bfd_track *t, enum bfd_socket_kind kind)
{
	return t && bfd_kind_of(t->peer.family, t->multihop) == kind;
}

/* Where the kernel has no room for a list of sessions, the rest is worth it still. */
static void attach(struct bfd_thread *b, enum bfd_socket_kind kind)
{
	struct bfd_sieve_session sessions[SIEVE_SESSIONS_MAX];
	const uint8_t family = bfd_family_of(kind);
	uint8_t ttl = BFD_TTL;
	unsigned n = 0;

	for (unsigned i = 0; i < b->n_tracks; i++) {
		const struct bfd_track *t = b->tracks[i];

		if (!is_of(t, kind))
			continue;
		if (t->multihop && t->minimum_ttl < ttl)
			ttl = t->minimum_ttl;
		if (n < SIEVE_SESSIONS_MAX)
			sessions[n] =
				(struct bfd_sieve_session){t->session.machine.local_discr, t->peer,
							   t->multihop ? 0 : t->ifindex};
		n++;
	}
	bfd_sieve_build(&b->sieve, family, ttl, sessions, n);
	if (bfd_sieve_attach(&b->sieve, b->listening[kind]) >= 0)
		return;
	bfd_sieve_build(&b->sieve, family, ttl, NULL, SIEVE_SESSIONS_MAX + 1);
	(void)bfd_sieve_attach(&b->sieve, b->listening[kind]);
}

void bfd_guard_discarded(struct bfd_thread *b, enum bfd_socket_kind kind, int64_t now)
{
	if (!bfd_flood_begins(&b->floods[kind], now))
		return;
	attach(b, kind);
	if (b->look_at == 0)
		b->look_at = now + LOOK_NS;
}

static uint32_t count(struct bfd_thread *b, enum bfd_socket_kind kind)
{
	const uint32_t drops = bfd_sieve_drops(b->listening[kind]);
	const uint32_t more = drops - b->drops[kind];

	b->drops[kind] = drops;
	if (more)
		bfd_discards_add_many(&b->discards, BFD_DROPPED, more);
	return more;
}

void bfd_guard_count(struct bfd_thread *b)
{
	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++)
		if (b->listening[kind] >= 0)
			(void)count(b, kind);
}

void bfd_guard_tick(struct bfd_thread *b, int64_t now)
{
	if (b->look_at == 0 || now < b->look_at)
		return;
	b->look_at = 0;
	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++) {
		if (!b->floods[kind].on)
			continue;
		if (bfd_flood_ends(&b->floods[kind], count(b, kind), now))
			(void)bfd_sieve_detach(b->listening[kind]);
		else
			b->look_at = now + LOOK_NS;
	}
}

void bfd_guard_renew(struct bfd_thread *b)
{
	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++)
		if (b->floods[kind].on)
			attach(b, kind);
}

void bfd_guard_forget(struct bfd_thread *b, enum bfd_socket_kind kind)
{
	if (b->listening[kind] >= 0)
		(void)count(b, kind);
	b->floods[kind] = (struct bfd_flood){0};
	b->drops[kind] = 0;
}
