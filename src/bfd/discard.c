/* discard.c: packets thrown away, by reason */
#include "bfd/discard.h"

static const struct {
	const char *name, *text;
} words[BFD_DISCARD_COUNT] = {
	[BFD_OK] = {"good", "good"},
	[BFD_SHORT] = {"too_short", "too short"},
	[BFD_BAD_VERSION] = {"bad_version", "another version"},
	[BFD_BAD_LENGTH] = {"bad_length", "longer than what came"},
	[BFD_NO_MULTIPLIER] = {"no_multiplier", "detect multiplier 0"},
	[BFD_MULTIPOINT] = {"multipoint", "multipoint"},
	[BFD_NO_DISCRIMINATOR] = {"no_discriminator", "no discriminator of its own"},
	[BFD_UNEXPECTED] = {"unexpected_state",
			    "no discriminator of ours in a state that needs one"},
	[BFD_AUTHENTICATED] = {"authenticated", "authenticated, which is not supported"},
	[BFD_NO_SESSION] = {"unknown_discriminator", "with a discriminator that is none of ours"},
	[BFD_UNKNOWN_SOURCE] = {"unknown_source", "no session is with this address"},
	[BFD_OTHER_HOPS] = {"other_hops",
			    "one side takes the session for single hop, the other for multihop"},
	[BFD_OTHER_INTERFACE] = {"other_interface",
				 "came by another interface than that of the peer's subnet"},
	[BFD_OTHER_ADDRESS] = {"other_address",
			       "sent to another address than we have in the session"},
	[BFD_BAD_TTL] = {"low_ttl", "came from too far"},
	[BFD_SESSION_ADMIN_DOWN] = {"admin_down", "our side is administratively down"},
	[BFD_ECHO_NOT_TAKEN] = {"echo_not_taken", "an echo that the session does not take now"},
	[BFD_ECHO_TOO_OFTEN] = {"echo_too_often", "an echo, much oftener than was agreed"},
	[BFD_DROPPED] = {"dropped_by_kernel", "by the kernel, in a flood"},
};

const char *bfd_discard_text(enum bfd_discard reason)
{
	return words[reason].text;
}

const char *bfd_discard_name(enum bfd_discard reason)
{
	return words[reason].name;
}

void bfd_discards_add(struct bfd_discards *d, enum bfd_discard reason, const struct addr *from,
		      uint8_t ttl)
{
	d->of[reason].n++;
	d->of[reason].from = *from;
	d->of[reason].ttl = ttl;
	d->pending = true;
}

void bfd_discards_add_many(struct bfd_discards *d, enum bfd_discard reason, uint64_t n)
{
	d->of[reason].n += n;
	d->pending = true;
}

/* Our own will is no news, nor are echoes on the way when a session ended. */
static bool is_news(const struct bfd_discards *d, unsigned reason)
{
	return reason != BFD_SESSION_ADMIN_DOWN && reason != BFD_ECHO_NOT_TAKEN &&
	       d->of[reason].n > d->of[reason].told;
}

bool bfd_discards_due(struct bfd_discards *d, int64_t now, struct bfd_discard_report *ret)
{
	bool waits = false;

	for (unsigned i = 0; i < BFD_DISCARD_COUNT && d->pending; i++) {
		const int64_t told_at = d->of[i].told_at;

		if (!is_news(d, i))
			continue;
		waits = true;
		if (told_at && now - told_at < BFD_DISCARDS_PAUSE_S * 1000000000LL)
			continue;
		*ret = (struct bfd_discard_report){(enum bfd_discard)i, d->of[i].n - d->of[i].told,
						   d->of[i].from, d->of[i].ttl};
		return true;
	}
	d->pending = waits;
	return false;
}

void bfd_discards_told(struct bfd_discards *d, const struct bfd_discard_report *report, int64_t now)
{
	d->of[report->reason].told += report->n;
	d->of[report->reason].told_at = now;
}
