/* error_text.c: NOTIFICATIONs in words, and words in a Cease (RFC 4486, 6608, 8538, 9003) */
#include "bgp/codec.h"

#include "base/utf8.h"
#include "bgp/attr.h"

#include <stdio.h>
#include <string.h>

struct words {
	uint8_t code, subcode;
	const char *text;
};

static const struct words codes[] = {
	{BGP_ERR_HEADER, 0, "Message Header Error"},
	{BGP_ERR_OPEN, 0, "OPEN Message Error"},
	{BGP_ERR_UPDATE, 0, "UPDATE Message Error"},
	{BGP_ERR_HOLD_TIMER, 0, "Hold Timer Expired"},
	{BGP_ERR_FSM, 0, "Finite State Machine Error"},
	{BGP_ERR_CEASE, 0, "Cease"},
	{BGP_ERR_ROUTE_REFRESH, 0, "ROUTE-REFRESH Message Error"},
	{BGP_ERR_SEND_HOLD_TIMER, 0, "Send Hold Timer Expired"},
};

static const struct words subcodes[] = {
	{BGP_ERR_HEADER, 1, "Connection Not Synchronized"},
	{BGP_ERR_HEADER, 2, "Bad Message Length"},
	{BGP_ERR_HEADER, 3, "Bad Message Type"},
	{BGP_ERR_OPEN, 1, "Unsupported Version Number"},
	{BGP_ERR_OPEN, 2, "Bad Peer AS"},
	{BGP_ERR_OPEN, 3, "Bad BGP Identifier"},
	{BGP_ERR_OPEN, 4, "Unsupported Optional Parameter"},
	{BGP_ERR_OPEN, 5, "Authentication Failure"}, /* RFC 1771 */
	{BGP_ERR_OPEN, 6, "Unacceptable Hold Time"},
	{BGP_ERR_OPEN, 7, "Unsupported Capability"},
	{BGP_ERR_OPEN, 11, "Role Mismatch"}, /* RFC 9234 */
	{BGP_ERR_UPDATE, 1, "Malformed Attribute List"},
	{BGP_ERR_UPDATE, 2, "Unrecognized Well-known Attribute"},
	{BGP_ERR_UPDATE, 3, "Missing Well-known Attribute"},
	{BGP_ERR_UPDATE, 4, "Attribute Flags Error"},
	{BGP_ERR_UPDATE, 5, "Attribute Length Error"},
	{BGP_ERR_UPDATE, 6, "Invalid ORIGIN Attribute"},
	{BGP_ERR_UPDATE, 7, "AS Routing Loop"}, /* RFC 1771 */
	{BGP_ERR_UPDATE, 8, "Invalid NEXT_HOP Attribute"},
	{BGP_ERR_UPDATE, 9, "Optional Attribute Error"},
	{BGP_ERR_UPDATE, 10, "Invalid Network Field"},
	{BGP_ERR_UPDATE, 11, "Malformed AS_PATH"},
	{BGP_ERR_FSM, 1, "Unexpected Message in OpenSent"},
	{BGP_ERR_FSM, 2, "Unexpected Message in OpenConfirm"},
	{BGP_ERR_FSM, 3, "Unexpected Message in Established"},
	{BGP_ERR_CEASE, 1, "Maximum Number of Prefixes Reached"},
	{BGP_ERR_CEASE, 2, "Administrative Shutdown"},
	{BGP_ERR_CEASE, 3, "Peer De-configured"},
	{BGP_ERR_CEASE, 4, "Administrative Reset"},
	{BGP_ERR_CEASE, 5, "Connection Rejected"},
	{BGP_ERR_CEASE, 6, "Other Configuration Change"},
	{BGP_ERR_CEASE, 7, "Connection Collision Resolution"},
	{BGP_ERR_CEASE, 8, "Out of Resources"},
	{BGP_ERR_CEASE, 9, "Hard Reset"},
	{BGP_ERR_CEASE, 10, "BFD Down"},
	{BGP_ERR_ROUTE_REFRESH, 1, "Invalid Message Length"},
};

static const char *find_words(const struct words *table, size_t n, uint8_t code, uint8_t subcode)
{
	for (size_t i = 0; i < n; i++) {
		if (table[i].code == code && table[i].subcode == subcode)
			return table[i].text;
	}
	return NULL;
}

/* The peer's words, with what could disturb a terminal or a log replaced by '?'. */
static void add_peer_words(char *buf, size_t size, const char *words, size_t len)
{
	size_t at = strlen(buf);

	if (at + 8 >= size)
		return;
	at += (size_t)snprintf(buf + at, size - at, ": \"");
	for (size_t i = 0; i < len && at + 6 < size;) {
		size_t n = utf8_char_len(words + i, len - i);

		if (n > 0 && !utf8_is_control(words + i) && words[i] != '"') {
			memcpy(buf + at, words + i, n);
			at += n;
		} else {
			buf[at++] = '?';
		}
		i += n ? n : 1;
	}
	snprintf(buf + at, size - at, "\"");
}

/* Only these carry words (RFC 9003 2). */
static bool has_words(uint8_t code, uint8_t subcode)
{
	return code == BGP_ERR_CEASE &&
	       (subcode == BGP_CEASE_ADMIN_SHUTDOWN || subcode == BGP_CEASE_ADMIN_RESET);
}

/* The family and the number that were too many (RFC 4486 4). */
static void add_max_prefixes(char *buf, size_t size, const struct bgp_error *error)
{
	struct reader r = reader_of(error->data, error->data_len);
	uint16_t afi = read_u16(&r);
	uint8_t safi = read_u8(&r);
	uint32_t most = read_u32(&r);
	size_t at = strlen(buf);

	if (r.bad)
		return;
	if (safi == SAFI_UNICAST && (afi == AFI_IPV4 || afi == AFI_IPV6))
		snprintf(buf + at, size - at, " (%s unicast: %u)",
			 afi == AFI_IPV4 ? "IPv4" : "IPv6", most);
	else
		snprintf(buf + at, size - at, " (AFI %u SAFI %u: %u)", afi, safi, most);
}

static const char *type_name(uint8_t type)
{
	static const char *const names[] = {[BGP_OPEN] = "OPEN",
					    [BGP_UPDATE] = "UPDATE",
					    [BGP_NOTIFICATION] = "NOTIFICATION",
					    [BGP_KEEPALIVE] = "KEEPALIVE",
					    [BGP_ROUTE_REFRESH] = "ROUTE-REFRESH"};

	return type <= BGP_ROUTE_REFRESH ? names[type] : NULL;
}

/* What the data says, where an operator can use it. */
static void add_data(char *buf, size_t size, const struct bgp_error *error)
{
	size_t at = strlen(buf);

	if (error->code == BGP_ERR_CEASE && error->subcode == BGP_CEASE_MAX_PREFIXES)
		add_max_prefixes(buf, size, error);
	else if (error->code == BGP_ERR_FSM && error->subcode && error->data_len == 1 &&
		 type_name(error->data[0])) /* RFC 6608 4 to 6 */
		snprintf(buf + at, size - at, " (%s)", type_name(error->data[0]));
}

/* Code, subcode and, where they have any, the peer's words, behind what stands in buf. */
static void add_error(char *buf, const struct bgp_error *error)
{
	const char *code = find_words(codes, sizeof(codes) / sizeof(codes[0]), error->code, 0);
	const char *sub = find_words(subcodes, sizeof(subcodes) / sizeof(subcodes[0]), error->code,
				     error->subcode);
	size_t at = strlen(buf), size = BGP_ERROR_TEXT_MAX - at;

	if (!code)
		snprintf(buf + at, size, "error %u/%u", error->code, error->subcode);
	else if (sub)
		snprintf(buf + at, size, "%s: %s", code, sub);
	else if (error->subcode)
		snprintf(buf + at, size, "%s: subcode %u", code, error->subcode);
	else
		snprintf(buf + at, size, "%s", code);
	add_data(buf, BGP_ERROR_TEXT_MAX, error);
	/* a length and as many bytes of UTF-8 */
	if (has_words(error->code, error->subcode) && error->data_len > 1) {
		size_t len = error->data[0];

		if (len > error->data_len - 1u)
			len = error->data_len - 1u;
		if (len > 0)
			add_peer_words(buf, BGP_ERROR_TEXT_MAX, (const char *)error->data + 1, len);
	}
}

const char *bgp_error_text(char *buf, const struct bgp_error *error)
{
	buf[0] = '\0';
	add_error(buf, error);
	/* A Hard Reset holds the NOTIFICATION that it stands for (RFC 8538 3.1). */
	if (error->code == BGP_ERR_CEASE && error->subcode == BGP_CEASE_HARD_RESET) {
		struct reader r = reader_of(error->data, error->data_len);
		struct bgp_error inner;

		if (bgp_notification_decode(&r, &inner)) {
			strcat(buf, ": "); /* behind words of ours, which are short */
			add_error(buf, &inner);
		}
	}
	return buf;
}

void bgp_cease(struct bgp_error *ret, uint8_t subcode, const char *text)
{
	size_t len = text ? strlen(text) : 0, kept = 0;

	bgp_error_set(ret, BGP_ERR_CEASE, subcode);
	if (!has_words(BGP_ERR_CEASE, subcode))
		return;
	while (kept < len) {
		size_t n = utf8_char_len(text + kept, len - kept);

		if (n == 0 || kept + n > BGP_WORDS_MAX)
			break;
		kept += n;
	}
	if (kept == 0)
		return;
	ret->data[0] = (uint8_t)kept;
	memcpy(ret->data + 1, text, kept);
	ret->data_len = (uint16_t)(kept + 1);
}
