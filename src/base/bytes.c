/* bytes.c: reading and writing within bounds */
#include "base/bytes.h"

#include <string.h>

struct reader reader_of(const void *data, size_t len)
{
	const uint8_t *at = data;

	return (struct reader){.at = at, .end = len > 0 ? at + len : at};
}

size_t reader_left(const struct reader *r)
{
	return r->bad ? 0 : (size_t)(r->end - r->at);
}

const uint8_t *read_bytes(struct reader *r, size_t len)
{
	const uint8_t *at = r->at;

	if (len > reader_left(r)) {
		r->bad = true;
		return NULL;
	}
	if (len > 0)
		r->at += len;
	return at;
}

uint8_t read_u8(struct reader *r)
{
	const uint8_t *b = read_bytes(r, 1);

	return b ? b[0] : 0;
}

uint16_t read_u16(struct reader *r)
{
	const uint8_t *b = read_bytes(r, 2);

	return b ? (uint16_t)(b[0] << 8 | b[1]) : 0;
}

uint32_t read_u32(struct reader *r)
{
	const uint8_t *b = read_bytes(r, 4);

	if (!b)
		return 0;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

struct reader read_sub(struct reader *r, size_t len)
{
	const uint8_t *b = read_bytes(r, len);

	if (r->bad)
		return (struct reader){.at = r->end, .end = r->end, .bad = true};
	return reader_of(b, len);
}

struct writer writer_of(void *buf, size_t size)
{
	uint8_t *at = buf;

	return (struct writer){.start = at, .at = at, .end = size > 0 ? at + size : at};
}

size_t writer_len(const struct writer *w)
{
	return (size_t)(w->at - w->start);
}

size_t writer_left(const struct writer *w)
{
	return w->full ? 0 : (size_t)(w->end - w->at);
}

void write_bytes(struct writer *w, const void *data, size_t len)
{
	if (len > writer_left(w)) {
		w->full = true;
		return;
	}
	if (len == 0)
		return;
	memcpy(w->at, data, len);
	w->at += len;
}

void write_u8(struct writer *w, uint8_t v)
{
	write_bytes(w, &v, 1);
}

void write_u16(struct writer *w, uint16_t v)
{
	uint8_t b[2] = {(uint8_t)(v >> 8), (uint8_t)v};

	write_bytes(w, b, sizeof(b));
}

void write_u32(struct writer *w, uint32_t v)
{
	uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

	write_bytes(w, b, sizeof(b));
}

/* How many bytes were written behind a slot of that size; sets full where they don't fit it. */
static size_t slot_length(struct writer *w, size_t slot, size_t size, size_t max)
{
	size_t len;

	if (w->full)
		return 0;
	len = writer_len(w) - slot - size;
	if (len > max)
		w->full = true;
	return len;
}

size_t write_len8_open(struct writer *w)
{
	size_t slot = writer_len(w);

	write_u8(w, 0);
	return slot;
}

void write_len8_close(struct writer *w, size_t slot)
{
	size_t len = slot_length(w, slot, 1, UINT8_MAX);

	if (!w->full)
		w->start[slot] = (uint8_t)len;
}

size_t write_len16_open(struct writer *w)
{
	size_t slot = writer_len(w);

	write_u16(w, 0);
	return slot;
}

void write_len16_close(struct writer *w, size_t slot)
{
	size_t len = slot_length(w, slot, 2, UINT16_MAX);

	if (w->full)
		return;
	w->start[slot] = (uint8_t)(len >> 8);
	w->start[slot + 1] = (uint8_t)len;
}
