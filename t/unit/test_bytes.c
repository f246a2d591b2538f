/* test_bytes.c: readers and writers stay within their bounds and remember a failure */
#include "base/bytes.h"

#include <criterion/criterion.h>
#include <string.h>

Test(reader, reads_network_order)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 0xff};
	struct reader r = reader_of(bytes, sizeof(bytes));

	cr_expect_eq(read_u8(&r), 1);
	cr_expect_eq(read_u16(&r), 0x0203);
	cr_expect_eq(read_u32(&r), 0x04050607u);
	cr_expect_eq(reader_left(&r), 1);
	cr_expect_eq(read_bytes(&r, 1), bytes + 7);
	cr_expect_eq(reader_left(&r), 0);
	cr_expect_not(r.bad);
}

Test(reader, a_step_outside_is_remembered)
{
	static const uint8_t bytes[] = {1, 2, 3};

	for (size_t len = 0; len < 4; len++) {
		struct reader r = reader_of(bytes, len);

		cr_expect_eq(read_u32(&r), 0);
		cr_expect(r.bad);
		/* what would fit now is not read any more */
		cr_expect_eq(reader_left(&r), 0);
		cr_expect_eq(read_u8(&r), 0);
		cr_expect_eq(read_u16(&r), 0);
		cr_expect_null(read_bytes(&r, 1));
	}
}

Test(reader, huge_lengths_do_not_wrap)
{
	static const uint8_t bytes[] = {1, 2, 3};
	struct reader r = reader_of(bytes, sizeof(bytes));

	cr_expect_null(read_bytes(&r, SIZE_MAX));
	cr_expect(r.bad);
}

Test(reader, an_inner_length_cannot_lead_outside)
{
	static const uint8_t bytes[] = {2, 10, 11, 12};
	struct reader r = reader_of(bytes, sizeof(bytes)), sub, beyond;

	sub = read_sub(&r, read_u8(&r));
	cr_expect_eq(read_u16(&sub), 0x0a0b);
	cr_expect_eq(read_u8(&sub), 0);
	cr_expect(sub.bad);
	cr_expect_not(r.bad, "the outer one goes on");
	cr_expect_eq(read_u8(&r), 12);

	beyond = read_sub(&r, 1);
	cr_expect(r.bad && beyond.bad);
	cr_expect_eq(reader_left(&beyond), 0);
}

Test(reader, nothing_is_readable_too)
{
	struct reader r = reader_of(NULL, 0), sub;

	cr_expect_eq(reader_left(&r), 0);
	sub = read_sub(&r, 0);
	cr_expect_not(r.bad || sub.bad);
	cr_expect_eq(read_u8(&r), 0);
	cr_expect(r.bad);
}

Test(writer, writes_network_order)
{
	static const uint8_t want[] = {1, 2, 3, 4, 5, 6, 7, 'a', 'b'};
	uint8_t buf[9];
	struct writer w = writer_of(buf, sizeof(buf));

	write_u8(&w, 1);
	write_u16(&w, 0x0203);
	write_u32(&w, 0x04050607);
	write_bytes(&w, "ab", 2);
	cr_expect_eq(writer_len(&w), sizeof(want));
	cr_expect_eq(writer_left(&w), 0);
	cr_expect_not(w.full);
	cr_expect_arr_eq(buf, want, sizeof(want));
}

Test(writer, what_has_no_room_is_not_begun)
{
	uint8_t buf[4] = {9, 9, 9, 9};
	struct writer w = writer_of(buf, 3);

	write_u32(&w, 0x01020304);
	cr_expect(w.full);
	write_u8(&w, 1); /* would fit, but comes after a failure */
	cr_expect_eq(writer_len(&w), 0);
	for (size_t i = 0; i < sizeof(buf); i++)
		cr_expect_eq(buf[i], 9);
}

Test(writer, slots_nest)
{
	static const uint8_t want[] = {0, 7, 0xaa, 2, 1, 2, 0, 1, 3};
	uint8_t buf[16];
	struct writer w = writer_of(buf, sizeof(buf));
	size_t outer = write_len16_open(&w), inner;

	write_u8(&w, 0xaa);
	inner = write_len8_open(&w);
	write_u8(&w, 1);
	write_u8(&w, 2);
	write_len8_close(&w, inner);
	inner = write_len16_open(&w);
	write_u8(&w, 3);
	write_len16_close(&w, inner);
	write_len16_close(&w, outer);
	cr_expect_not(w.full);
	cr_expect_eq(writer_len(&w), sizeof(want));
	cr_expect_arr_eq(buf, want, sizeof(want));
}

Test(writer, a_length_must_fit_its_slot)
{
	static const struct {
		size_t len, slot;
		bool fits;
	} rows[] = {{255, 1, true}, {256, 1, false}, {65535, 2, true}, {65536, 2, false}};
	static uint8_t buf[70000], data[70000];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct writer w = writer_of(buf, sizeof(buf));
		size_t slot = rows[i].slot == 1 ? write_len8_open(&w) : write_len16_open(&w);

		write_bytes(&w, data, rows[i].len);
		(rows[i].slot == 1 ? write_len8_close : write_len16_close)(&w, slot);
		cr_expect_eq(w.full, !rows[i].fits, "%zu", rows[i].len);
	}
}

Test(writer, a_slot_without_room)
{
	uint8_t buf[1];
	struct writer w = writer_of(buf, sizeof(buf));
	size_t slot = write_len16_open(&w);

	cr_expect(w.full);
	write_len16_close(&w, slot);
	cr_expect_eq(writer_len(&w), 0);

	w = writer_of(NULL, 0);
	slot = write_len8_open(&w);
	write_len8_close(&w, slot);
	cr_expect(w.full);
}
