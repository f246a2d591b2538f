/* bytes.h: a reader and a writer of wire bytes that know their bounds and remember a failure
 *
 * Read or write straight down and ask once at the end: after the first step out of bounds a
 * reader yields zeros and a writer writes nothing, and `bad` or `full` stays set.  Numbers are in
 * network order.  Neither owns its buffer.
 */
#ifndef MLBGPD_BASE_BYTES_H
#define MLBGPD_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool bad; /* something was read that was not there */
};

struct writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool full; /* something was written that had no room */
};

struct reader reader_of(const void *data, size_t len);
size_t reader_left(const struct reader *r);
uint8_t read_u8(struct reader *r);
uint16_t read_u16(struct reader *r);
uint32_t read_u32(struct reader *r);
/* The next len bytes inside the reader's buffer, or NULL. */
const uint8_t *read_bytes(struct reader *r, size_t len);
/* The next len bytes as a reader of their own: an inner length can't lead outside. */
struct reader read_sub(struct reader *r, size_t len);

struct writer writer_of(void *buf, size_t size);
size_t writer_len(const struct writer *w);
size_t writer_left(const struct writer *w);
void write_u8(struct writer *w, uint8_t v);
void write_u16(struct writer *w, uint16_t v);
void write_u32(struct writer *w, uint32_t v);
void write_bytes(struct writer *w, const void *data, size_t len);
/* Leaves room for a length that the close fills in: the count of bytes written in between.
 * Slots nest.  A length that does not fit its slot sets `full`. */
size_t write_len8_open(struct writer *w);
void write_len8_close(struct writer *w, size_t slot);
size_t write_len16_open(struct writer *w);
void write_len16_close(struct writer *w, size_t slot);

#endif
