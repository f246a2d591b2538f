/* flood.c: floods begin and end */
#include "bfd/flood.h"

static const int64_t SECOND = 1000000000;

bool bfd_flood_begins(struct bfd_flood *f, int64_t now)
{
	if (f->on)
		return false;
	if (f->packets == 0 || now - f->since >= SECOND) {
		f->since = now;
		f->packets = 0;
	}
	if (++f->packets < FLOOD_PACKETS)
		return false;
	*f = (struct bfd_flood){.on = true, .since = now, .rest_since = now};
	return true;
}

bool bfd_flood_ends(struct bfd_flood *f, uint32_t packets, int64_t now)
{
	const int64_t took = now - f->since;

	f->since = now;
	if ((int64_t)packets * SECOND > FLOOD_REST_PACKETS * took)
		f->rest_since = now;
	if (now - f->rest_since < FLOOD_OVER_S * SECOND)
		return false;
	*f = (struct bfd_flood){0};
	return true;
}
