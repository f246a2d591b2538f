/* test_bgp_codec.c: framing, KEEPALIVE, NOTIFICATION and ROUTE-REFRESH against the RFCs' text */
#include "bgp/codec.h"

#include "base/addr.h"
#include "hex.h"

/* -1: the error; else the length of the message. */
static const struct frame_case {
	const char *name, *hex;
	size_t max;
	int result;
	uint8_t type_or_code, subcode;
	const char *data;
} frame_cases[] = {
	{"4.4 KEEPALIVE", MARK "0013 04", 4096, 19, BGP_KEEPALIVE, 0, ""},
	{"4.1 the first of two", MARK "0013 04 ffff", 4096, 19, BGP_KEEPALIVE, 0, ""},
	{"4.1 nothing yet", "", 4096, 0, 0, 0, ""},
	{"4.1 half a marker", "ffffff", 4096, 0, 0, 0, ""},
	{"4.1 one byte short of a header", MARK "0013", 4096, 0, 0, 0, ""},
	{"4.3 the header tells the length", MARK "0017 02", 4096, 23, BGP_UPDATE, 0, ""},
	{"4.1 as long as may be", MARK "1000 02", 4096, 4096, BGP_UPDATE, 0, ""},
	{"6.1 marker", "ffffffff ffffffff ffffffff fffffffe 0013 04", 4096, -1, 1, 1, ""},
	{"6.1 marker, seen at its first byte", "47", 4096, -1, 1, 1, ""},
	{"6.1 shorter than a header", MARK "0012 04", 4096, -1, 1, 2, "0012"},
	{"6.1 no length", MARK "0000 02", 4096, -1, 1, 2, "0000"},
	{"6.1 longer than 4096", MARK "1001 02", 4096, -1, 1, 2, "1001"},
	{"6.1 least OPEN", MARK "001d 01", 4096, 29, BGP_OPEN, 0, ""},
	{"6.1 OPEN too short", MARK "001c 01", 4096, -1, 1, 2, "001c"},
	{"6.1 UPDATE too short", MARK "0016 02", 4096, -1, 1, 2, "0016"},
	{"6.1 KEEPALIVE with a body", MARK "0014 04", 4096, -1, 1, 2, "0014"},
	{"6.1 least NOTIFICATION", MARK "0015 03", 4096, 21, BGP_NOTIFICATION, 0, ""},
	{"6.1 NOTIFICATION too short", MARK "0014 03", 4096, -1, 1, 2, "0014"},
	{"6.1 type 0", MARK "0013 00", 4096, -1, 1, 3, "00"},
	{"6.1 type 6", MARK "0013 06", 4096, -1, 1, 3, "06"},
	{"6.1 type 255", MARK "0013 ff", 4096, -1, 1, 3, "ff"},
	{"8654 4 extended UPDATE", MARK "1001 02", 65535, 4097, BGP_UPDATE, 0, ""},
	{"8654 4 the longest UPDATE", MARK "ffff 02", 65535, 65535, BGP_UPDATE, 0, ""},
	{"8654 4 extended NOTIFICATION", MARK "1001 03", 65535, 4097, BGP_NOTIFICATION, 0, ""},
	{"8654 4 no extended OPEN", MARK "1001 01", 65535, -1, 1, 2, "1001"},
	{"8654 4 no extended KEEPALIVE", MARK "1001 04", 65535, -1, 1, 2, "1001"},
	{"2918 3 ROUTE-REFRESH", MARK "0017 05", 4096, 23, BGP_ROUTE_REFRESH, 0, ""},
	{"7313 5 a wrong length is the decoder's", MARK "0016 05", 4096, 22, BGP_ROUTE_REFRESH, 0,
	 ""},
};

Test(bgp_codec, rfc4271_6_1_header)
{
	for (size_t i = 0; i < sizeof(frame_cases) / sizeof(frame_cases[0]); i++) {
		const struct frame_case *c = &frame_cases[i];
		uint8_t bytes[64];
		size_t len = hex_bytes(bytes, sizeof(bytes), c->hex);
		struct bgp_error error = {0};
		enum bgp_type type = 0;
		int r = bgp_frame(bytes, len, c->max, &type, &error);

		cr_expect_eq(r, c->result, "%s: %d", c->name, r);
		if (r > 0)
			cr_expect_eq(type, c->type_or_code, "%s: type %d", c->name, type);
		if (r >= 0)
			continue;
		cr_expect(error.code == c->type_or_code && error.subcode == c->subcode,
			  "%s: error %u/%u", c->name, error.code, error.subcode);
		hex_assert(c->name, error.data, error.data_len, c->data);
	}
}

Test(bgp_codec, rfc4271_4_4_keepalive)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));

	bgp_keepalive_encode(&w);
	hex_assert("KEEPALIVE", buf, writer_len(&w), MARK "0013 04");
	w = writer_of(buf, BGP_HEADER_LEN - 1);
	bgp_keepalive_encode(&w);
	cr_expect(w.full, "no room for a KEEPALIVE");
}

static const struct {
	const char *name;
	uint8_t code, subcode;
	const char *data, *hex;
} notifications[] = {
	{"6.5 hold timer", 4, 0, "", MARK "0015 03 0400"},
	{"6.2 version", 2, 1, "0004", MARK "0017 03 0201 0004"},
	{"6.1 length", 1, 2, "0012", MARK "0017 03 0102 0012"},
	{"9003 2 shutdown", 6, 2, "03 627965", MARK "0019 03 0602 03627965"},
};

Test(bgp_codec, rfc4271_4_5_notification)
{
	for (size_t i = 0; i < sizeof(notifications) / sizeof(notifications[0]); i++) {
		const char *name = notifications[i].name;
		uint8_t data[64], buf[64];
		size_t len = hex_bytes(data, sizeof(data), notifications[i].data);
		struct bgp_error error, back = {0};
		struct writer w = writer_of(buf, sizeof(buf));
		struct reader r;

		bgp_error_set_data(&error, notifications[i].code, notifications[i].subcode, data,
				   len);
		bgp_notification_encode(&w, &error);
		hex_assert(name, buf, writer_len(&w), notifications[i].hex);
		r = reader_of(buf + BGP_HEADER_LEN, writer_len(&w) - BGP_HEADER_LEN);
		cr_expect(bgp_notification_decode(&r, &back), "%s: decode", name);
		cr_expect(back.code == error.code && back.subcode == error.subcode, "%s: %u/%u",
			  name, back.code, back.subcode);
		hex_assert(name, back.data, back.data_len, notifications[i].data);
	}
}

Test(bgp_codec, rfc4271_4_5_notification_without_a_subcode)
{
	struct reader r = reader_of("\x06", 1);
	struct bgp_error error;

	cr_expect_not(bgp_notification_decode(&r, &error));
}

Test(bgp_codec, rfc4271_4_5_notification_with_more_data_than_is_kept)
{
	uint8_t body[5000] = {BGP_ERR_UPDATE, BGP_UPDATE_MALFORMED_ATTRS, 1, 2, 3};
	struct reader r = reader_of(body, sizeof(body));
	struct bgp_error error;

	cr_assert(bgp_notification_decode(&r, &error));
	cr_expect_eq(error.data_len, BGP_ERROR_DATA_MAX);
	cr_expect_arr_eq(error.data, body + 2, BGP_ERROR_DATA_MAX);
}

/* Words as in the RFC that defines the code. */
static const struct {
	uint8_t code, subcode;
	const char *data, *text;
} texts[] = {
	{1, 1, "", "Message Header Error: Connection Not Synchronized"},
	{1, 2, "0012", "Message Header Error: Bad Message Length"},
	{1, 3, "06", "Message Header Error: Bad Message Type"},
	{2, 0, "", "OPEN Message Error"},
	{2, 1, "0004", "OPEN Message Error: Unsupported Version Number"},
	{2, 2, "", "OPEN Message Error: Bad Peer AS"},
	{2, 3, "", "OPEN Message Error: Bad BGP Identifier"},
	{2, 4, "", "OPEN Message Error: Unsupported Optional Parameter"},
	{2, 6, "", "OPEN Message Error: Unacceptable Hold Time"},
	{2, 7, "", "OPEN Message Error: Unsupported Capability"},
	{3, 1, "", "UPDATE Message Error: Malformed Attribute List"},
	{3, 11, "", "UPDATE Message Error: Malformed AS_PATH"},
	{4, 0, "", "Hold Timer Expired"},
	{5, 0, "", "Finite State Machine Error"},
	/* RFC 6608 */
	{5, 1, "", "Finite State Machine Error: Unexpected Message in OpenSent"},
	{5, 2, "", "Finite State Machine Error: Unexpected Message in OpenConfirm"},
	{5, 3, "", "Finite State Machine Error: Unexpected Message in Established"},
	{5, 1, "02", "Finite State Machine Error: Unexpected Message in OpenSent (UPDATE)"},
	{5, 1, "00", "Finite State Machine Error: Unexpected Message in OpenSent"},
	{5, 3, "ff", "Finite State Machine Error: Unexpected Message in Established"},
	/* RFC 4486 */
	{6, 0, "", "Cease"},
	{6, 1, "", "Cease: Maximum Number of Prefixes Reached"},
	{6, 1, "0001 01 00000064", "Cease: Maximum Number of Prefixes Reached (IPv4 unicast: 100)"},
	{6, 1, "0002 01 ffffffff",
	 "Cease: Maximum Number of Prefixes Reached (IPv6 unicast: 4294967295)"},
	{6, 1, "0019 41 00000001", "Cease: Maximum Number of Prefixes Reached (AFI 25 SAFI 65: 1)"},
	{6, 1, "0001 01 0000", "Cease: Maximum Number of Prefixes Reached"},
	{6, 3, "", "Cease: Peer De-configured"},
	{6, 4, "", "Cease: Administrative Reset"},
	{6, 5, "", "Cease: Connection Rejected"},
	{6, 6, "", "Cease: Other Configuration Change"},
	{6, 7, "", "Cease: Connection Collision Resolution"},
	{6, 8, "", "Cease: Out of Resources"},
	{6, 10, "", "Cease: BFD Down"}, /* RFC 9384 */
	{8, 0, "", "Send Hold Timer Expired"}, /* RFC 9687 */
	{2, 11, "04", "OPEN Message Error: Role Mismatch"}, /* RFC 9234 */
	{7, 1, "", "ROUTE-REFRESH Message Error: Invalid Message Length"}, /* RFC 7313 */
	{6, 99, "", "Cease: subcode 99"},
	{99, 3, "", "error 99/3"},
	/* RFC 9003 2: a length and UTF-8; what does not fit its length is not read */
	{6, 2, "", "Cease: Administrative Shutdown"},
	{6, 2, "00", "Cease: Administrative Shutdown"},
	{6, 2, "03 627965", "Cease: Administrative Shutdown: \"bye\""},
	{6, 4, "03 627965", "Cease: Administrative Reset: \"bye\""},
	{6, 2, "02 627965", "Cease: Administrative Shutdown: \"by\""},
	{6, 2, "ff 627965", "Cease: Administrative Shutdown: \"bye\""},
	{6, 2, "05 c3a4 e282ac", "Cease: Administrative Shutdown: \"ä€\""},
	/* ... and what would disturb a terminal, or is no UTF-8 */
	{6, 2, "04 611b5b62", "Cease: Administrative Shutdown: \"a?[b\""},
	{6, 2, "04 610a000d", "Cease: Administrative Shutdown: \"a???\""},
	{6, 2, "03 61c29b", "Cease: Administrative Shutdown: \"a?\""},
	{6, 2, "03 6122 62", "Cease: Administrative Shutdown: \"a?b\""},
	{6, 2, "03 61ff62", "Cease: Administrative Shutdown: \"a?b\""},
	{6, 2, "03 c0af 61", "Cease: Administrative Shutdown: \"??a\""},
	{6, 2, "04 eda080 61", "Cease: Administrative Shutdown: \"???a\""},
	{6, 2, "02 61c3", "Cease: Administrative Shutdown: \"a?\""},
	/* no words are defined for other subcodes */
	{6, 7, "03 627965", "Cease: Connection Collision Resolution"},
	/* RFC 8538 3.1: the reason stands inside the Hard Reset */
	{6, 9, "", "Cease: Hard Reset"},
	{6, 9, "06", "Cease: Hard Reset"},
	{6, 9, "0400", "Cease: Hard Reset: Hold Timer Expired"},
	{6, 9, "0602 03 627965", "Cease: Hard Reset: Cease: Administrative Shutdown: \"bye\""},
	{6, 9, "0609 0609 0609", "Cease: Hard Reset: Cease: Hard Reset"},
};

Test(bgp_codec, rfc4271_4_5_notification_in_words)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char buf[BGP_ERROR_TEXT_MAX];
		uint8_t data[64];
		size_t len = hex_bytes(data, sizeof(data), texts[i].data);
		struct bgp_error error;

		bgp_error_set_data(&error, texts[i].code, texts[i].subcode, data, len);
		cr_expect_str_eq(bgp_error_text(buf, &error), texts[i].text);
	}
}

Test(bgp_codec, rfc9003_2_words_of_255_bytes_stay_whole_in_the_log)
{
	struct bgp_error error;
	char buf[BGP_ERROR_TEXT_MAX], words[256];

	memset(words, 'x', 255);
	words[255] = '\0';
	bgp_cease(&error, BGP_CEASE_ADMIN_SHUTDOWN, words);
	cr_expect_eq(error.data_len, 256);
	cr_expect_eq(error.data[0], 255);
	cr_expect(strstr(bgp_error_text(buf, &error), words));
}

Test(bgp_codec, rfc9003_2_words_are_cut_between_characters)
{
	struct bgp_error error;
	char words[301];

	for (size_t i = 0; i < 300; i += 2)
		memcpy(words + i, "\xc3\xa4", 2);
	words[300] = '\0';
	bgp_cease(&error, BGP_CEASE_ADMIN_RESET, words);
	cr_expect_eq(error.data[0], 254);
	cr_expect_eq(error.data_len, 255);
	cr_expect_arr_eq(error.data + 1, words, 254);
}

Test(bgp_codec, rfc9003_2_cease_without_words)
{
	struct bgp_error error;

	bgp_cease(&error, BGP_CEASE_ADMIN_SHUTDOWN, NULL);
	cr_expect(error.code == BGP_ERR_CEASE && error.subcode == 2 && error.data_len == 0);
	bgp_cease(&error, BGP_CEASE_ADMIN_SHUTDOWN, "");
	cr_expect_eq(error.data_len, 0);
	/* only Administrative Shutdown and Reset carry words */
	bgp_cease(&error, BGP_CEASE_COLLISION, "words");
	cr_expect_eq(error.data_len, 0);
}

/* code 0: good. */
static const struct {
	const char *name, *body;
	uint8_t family, what, code;
	const char *data;
} refreshes[] = {
	{"2918 3 IPv4", "0001 00 01", ADDR_IPV4, BGP_REFRESH_REQUEST, 0, ""},
	{"2918 3 IPv6", "0002 00 01", ADDR_IPV6, BGP_REFRESH_REQUEST, 0, ""},
	{"7313 4 begin", "0002 01 01", ADDR_IPV6, BGP_REFRESH_BEGIN, 0, ""},
	{"7313 4 end", "0001 02 01", ADDR_IPV4, BGP_REFRESH_END, 0, ""},
	{"2918 4 a family that we don't have", "0001 00 80", ADDR_NONE, 0, 0, ""},
	{"2918 4 another", "0019 00 46", ADDR_NONE, 0, 0, ""},
	{"7313 5 unknown subtype", "0001 03 01", ADDR_NONE, 0, 0, ""},
	{"7313 5 unknown subtype, whatever its length", "0001 ff 01 00", ADDR_NONE, 0, 0, ""},
	{"7313 5 too short", "0001 01", 0, 0, 7, MARK "0016 05 0001 01"},
	{"7313 5 empty", "", 0, 0, 7, MARK "0013 05"},
	{"7313 5 too long", "0001 02 01 aa", 0, 0, 7, MARK "0018 05 0001 02 01 aa"},
};

Test(bgp_codec, rfc7313_5_route_refresh)
{
	for (size_t i = 0; i < sizeof(refreshes) / sizeof(refreshes[0]); i++) {
		const char *name = refreshes[i].name;
		uint8_t body[64], family = 0xff;
		struct reader r = reader_of(body, hex_bytes(body, sizeof(body), refreshes[i].body));
		struct bgp_error error = {0};
		enum bgp_refresh what = BGP_REFRESH_REQUEST;
		bool good = bgp_refresh_decode(&r, &family, &what, &error);

		cr_expect_eq(good, refreshes[i].code == 0, "%s", name);
		if (good) {
			cr_expect_eq(family, refreshes[i].family, "%s: family %u", name, family);
			cr_expect_eq(what, refreshes[i].what, "%s", name);
		} else {
			cr_expect(error.code == 7 && error.subcode == BGP_REFRESH_BAD_LENGTH,
				  "%s: %u/%u", name, error.code, error.subcode);
			hex_assert(name, error.data, error.data_len, refreshes[i].data);
		}
	}
}

Test(bgp_codec, rfc7313_5_the_data_is_the_whole_message)
{
	uint8_t body[2000] = {0, 1, 0, 1};
	struct reader r = reader_of(body, sizeof(body));
	struct bgp_error error = {0};
	enum bgp_refresh what;
	uint8_t family;

	cr_assert_not(bgp_refresh_decode(&r, &family, &what, &error));
	cr_expect_eq(error.data_len, 2019);
	hex_assert("header", error.data, BGP_HEADER_LEN, MARK "07e3 05");
}

Test(bgp_codec, rfc7313_5_a_message_that_no_notification_holds_is_cut)
{
	static uint8_t body[60000] = {0, 1, 0, 1};
	struct reader r = reader_of(body, sizeof(body));
	struct bgp_error error = {0};
	enum bgp_refresh what;
	uint8_t family, buf[BGP_MESSAGE_MAX];
	struct writer w = writer_of(buf, sizeof(buf));

	cr_assert_not(bgp_refresh_decode(&r, &family, &what, &error));
	bgp_notification_encode(&w, &error);
	cr_expect_not(w.full);
	cr_expect_eq(writer_len(&w), BGP_MESSAGE_MAX);
}

Test(bgp_codec, rfc7313_3_2_sent)
{
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));

	bgp_refresh_encode(&w, ADDR_IPV4, BGP_REFRESH_BEGIN);
	bgp_refresh_encode(&w, ADDR_IPV6, BGP_REFRESH_END);
	hex_assert("BoRR, EoRR", buf, writer_len(&w),
		   MARK "0017 05 0001 01 01" MARK "0017 05 0002 02 01");
}
