/* due.c: a binary heap whose entries know their place */
#include "bfd/due.h"

static void put(struct due *d, unsigned place, struct due_at entry)
{
	d->heap[place] = entry;
	d->place[entry.who] = (uint16_t)(place + 1);
}

/* Both: the entry's final place, beginning at one that is free. */
static void rise(struct due *d, unsigned place, struct due_at entry)
{
	while (place > 0 && d->heap[(place - 1) / 2].at > entry.at) {
		put(d, place, d->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(d, place, entry);
}

static void sink(struct due *d, unsigned place, struct due_at entry)
{
	for (;;) {
		unsigned child = 2 * place + 1;

		if (child + 1 < d->n && d->heap[child + 1].at < d->heap[child].at)
			child++;
		if (child >= d->n || d->heap[child].at >= entry.at)
			break;
		put(d, place, d->heap[child]);
		place = child;
	}
	put(d, place, entry);
}

static void settle(struct due *d, unsigned place, struct due_at entry)
{
	if (place > 0 && d->heap[(place - 1) / 2].at > entry.at)
		rise(d, place, entry);
	else
		sink(d, place, entry);
}

static void take_out(struct due *d, unsigned place)
{
	const struct due_at last = d->heap[--d->n];

	if (place < d->n)
		settle(d, place, last);
}

void due_set(struct due *d, unsigned who, int64_t at)
{
	const unsigned place = d->place[who];

	if (at == 0) {
		d->place[who] = 0;
		if (place)
			take_out(d, place - 1);
	} else if (place) {
		settle(d, place - 1, (struct due_at){at, who});
	} else {
		d->n++;
		rise(d, d->n - 1, (struct due_at){at, who});
	}
}

struct due_at due_first(const struct due *d)
{
	return d->n ? d->heap[0] : (struct due_at){0};
}

int64_t due_of(const struct due *d, unsigned who)
{
	return d->place[who] ? d->heap[d->place[who] - 1].at : 0;
}
