/* fuzz_bgp_message.c: received BGP messages through every decoder, and what must hold of the result
 *
 * The first byte says what was negotiated (bits: internal, four-octet AS, IPv4, IPv6, extended
 * messages), the rest is what the peer sent: one message after the other.  Each body goes to the
 * decoders of all types, so that a header in the way costs no executions.
 */
#include "bgp/codec.h"
#include "bgp/update.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INTERNAL = 1, AS4 = 2, IPV4 = 4, IPV6 = 8, EXTENDED = 16 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* What is sent for an error is what a peer reads. */
static void check_error(const struct bgp_error *error)
{
	char text[BGP_ERROR_TEXT_MAX];
	uint8_t buf[BGP_MESSAGE_MAX];
	struct writer w = writer_of(buf, sizeof(buf));
	struct bgp_error back, none;
	enum bgp_type type;
	struct reader r;
	int len;

	must(error->data_len <= BGP_ERROR_DATA_MAX);
	must(strlen(bgp_error_text(text, error)) < sizeof(text));
	bgp_notification_encode(&w, error);
	len = bgp_frame(buf, writer_len(&w), BGP_MESSAGE_MAX, &type, &none);
	must(len > 0 && (size_t)len == writer_len(&w) && type == BGP_NOTIFICATION);
	r = reader_of(buf + BGP_HEADER_LEN, (size_t)len - BGP_HEADER_LEN);
	must(bgp_notification_decode(&r, &back));
	must(back.code == error->code && back.subcode == error->subcode &&
	     back.data_len == error->data_len);
}

/* What an OPEN says can be said again by one of ours. */
static void check_open_again(const struct bgp_open *open)
{
	uint8_t buf[BGP_MESSAGE_MAX];
	struct writer w = writer_of(buf, sizeof(buf));
	struct bgp_open ours = *open, back;
	struct bgp_error error;
	struct reader r;

	ours.capabilities |= BGP_CAP_AS4;
	bgp_open_encode(&w, &ours);
	must(!w.full);
	r = reader_of(buf + BGP_HEADER_LEN, writer_len(&w) - BGP_HEADER_LEN);
	must(bgp_open_decode(&r, &back, &error));
	must(back.asn == open->asn && back.router_id == open->router_id &&
	     back.hold_time_s == open->hold_time_s);
}

static void try_open(struct reader r)
{
	const struct bgp_expect expect = {.my_asn = 65001, .router_id = 0xc0000201};
	const char *names[32];
	struct bgp_error error = {0};
	struct bgp_open open;

	if (!bgp_open_decode(&r, &open, &error)) {
		must(error.code == BGP_ERR_OPEN);
		check_error(&error);
		return;
	}
	must(bgp_capability_names(open.capabilities, names, 32) <= 32);
	if (!bgp_open_check(&open, &expect, &error))
		check_error(&error);
	check_open_again(&open);
}

static void try_update(struct reader r, uint8_t flags)
{
	const struct update_context context = {.internal = flags & INTERNAL,
					       .as4 = flags & AS4,
					       .ipv4 = flags & IPV4,
					       .ipv6 = flags & IPV6};
	struct bgp_error error;
	const char *what = NULL;
	enum update_verdict verdict = update_check(r, &context, &error, &what);

	must((verdict == UPDATE_GOOD) == !what);
	must((verdict == UPDATE_SESSION_RESET) == (error.code == BGP_ERR_UPDATE));
	if (verdict == UPDATE_SESSION_RESET)
		check_error(&error);
}

static void try_notification(struct reader r)
{
	struct bgp_error error;

	if (bgp_notification_decode(&r, &error))
		check_error(&error);
}

static void try_refresh(struct reader r)
{
	struct bgp_error error = {0};
	enum bgp_refresh what;
	uint8_t family;

	if (!bgp_refresh_decode(&r, &family, &what, &error)) {
		must(error.code == BGP_ERR_ROUTE_REFRESH);
		check_error(&error);
	} else {
		must(what <= BGP_REFRESH_END);
	}
}

/* Words of an operator, which may be anything, in a Cease. */
static void try_cease(struct reader r)
{
	char text[400];
	size_t len = reader_left(&r) < sizeof(text) - 1 ? reader_left(&r) : sizeof(text) - 1;
	struct bgp_error error;

	if (len > 0)
		memcpy(text, read_bytes(&r, len), len);
	text[len] = '\0';
	bgp_cease(&error, BGP_CEASE_ADMIN_SHUTDOWN, text);
	must(error.data_len == 0 || error.data[0] == error.data_len - 1);
	check_error(&error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t flags = size > 0 ? data[0] : 0;
	size_t max = flags & EXTENDED ? BGP_EXTENDED_MAX : BGP_MESSAGE_MAX;

	for (size_t at = 1; at < size;) {
		struct bgp_error error = {0};
		enum bgp_type type;
		struct reader body;
		int len = bgp_frame(data + at, size - at, max, &type, &error);

		if (len < 0) {
			must(error.code == BGP_ERR_HEADER);
			check_error(&error);
		}
		if (len <= 0 || (size_t)len > size - at)
			break;
		body = reader_of(data + at + BGP_HEADER_LEN, (size_t)len - BGP_HEADER_LEN);
		try_open(body);
		try_update(body, flags);
		try_notification(body);
		try_refresh(body);
		try_cease(body);
		at += (size_t)len;
	}
	return 0;
}
