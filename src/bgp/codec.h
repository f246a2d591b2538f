/* codec.h: BGP messages to structs and back (RFC 4271 4); no I/O, no state
 *
 * Decoders look at bytes and never beyond them; what is wrong comes out as the NOTIFICATION that
 * answers it.  Encoders write whole messages into a writer, which is `full` where one did not fit.
 */
#ifndef MLBGPD_BGP_CODEC_H
#define MLBGPD_BGP_CODEC_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BGP_VERSION = 4,
	BGP_HEADER_LEN = 19,
	BGP_MESSAGE_MAX = 4096,
	BGP_EXTENDED_MAX = 65535, /* RFC 8654; not for OPEN and KEEPALIVE */
	BGP_AS_TRANS = 23456, /* RFC 6793 */
};

enum bgp_type {
	BGP_OPEN = 1,
	BGP_UPDATE = 2,
	BGP_NOTIFICATION = 3,
	BGP_KEEPALIVE = 4,
	BGP_ROUTE_REFRESH = 5, /* RFC 2918 */
};

/* NOTIFICATION codes and subcodes (RFC 4271 4.5, 4486, 6608, 7313, 8538, 9384) */
enum bgp_error_code {
	BGP_ERR_HEADER = 1,
	BGP_ERR_OPEN = 2,
	BGP_ERR_UPDATE = 3,
	BGP_ERR_HOLD_TIMER = 4,
	BGP_ERR_FSM = 5,
	BGP_ERR_CEASE = 6,
	BGP_ERR_ROUTE_REFRESH = 7,
	BGP_ERR_SEND_HOLD_TIMER = 8, /* RFC 9687 */
};

enum {
	BGP_HEADER_NOT_SYNCHRONIZED = 1,
	BGP_HEADER_BAD_LENGTH = 2,
	BGP_HEADER_BAD_TYPE = 3,

	BGP_OPEN_UNSPECIFIC = 0,
	BGP_OPEN_BAD_VERSION = 1,
	BGP_OPEN_BAD_PEER_AS = 2,
	BGP_OPEN_BAD_ID = 3,
	BGP_OPEN_BAD_OPTION = 4,
	BGP_OPEN_BAD_HOLD_TIME = 6,
	BGP_OPEN_NO_CAPABILITY = 7, /* RFC 5492 */

	BGP_UPDATE_MALFORMED_ATTRS = 1,
	BGP_UPDATE_UNKNOWN_WELL_KNOWN = 2,
	BGP_UPDATE_MISSING_WELL_KNOWN = 3,
	BGP_UPDATE_ATTR_FLAGS = 4,
	BGP_UPDATE_ATTR_LENGTH = 5,
	BGP_UPDATE_BAD_ORIGIN = 6,
	BGP_UPDATE_BAD_NEXT_HOP = 8,
	BGP_UPDATE_OPTIONAL_ATTR = 9,
	BGP_UPDATE_BAD_NETWORK = 10,
	BGP_UPDATE_BAD_AS_PATH = 11,

	BGP_FSM_UNSPECIFIC = 0,
	BGP_FSM_IN_OPEN_SENT = 1, /* RFC 6608 */
	BGP_FSM_IN_OPEN_CONFIRM = 2,
	BGP_FSM_IN_ESTABLISHED = 3,

	BGP_CEASE_MAX_PREFIXES = 1, /* RFC 4486 */
	BGP_CEASE_ADMIN_SHUTDOWN = 2,
	BGP_CEASE_PEER_DECONFIGURED = 3,
	BGP_CEASE_ADMIN_RESET = 4,
	BGP_CEASE_REJECTED = 5,
	BGP_CEASE_OTHER_CHANGE = 6,
	BGP_CEASE_COLLISION = 7,
	BGP_CEASE_OUT_OF_RESOURCES = 8,
	BGP_CEASE_HARD_RESET = 9, /* RFC 8538 */
	BGP_CEASE_BFD_DOWN = 10, /* RFC 9384 */

	BGP_REFRESH_BAD_LENGTH = 1, /* RFC 7313 */
};

/* All that fits a NOTIFICATION: an attribute or a message is sent back whole. */
enum { BGP_ERROR_DATA_MAX = BGP_MESSAGE_MAX - BGP_HEADER_LEN - 2 };
enum { BGP_WORDS_MAX = 255 }; /* bytes of a shutdown communication (RFC 9003 2) */

/* What a NOTIFICATION says; code 0: nothing is wrong. */
struct bgp_error {
	uint8_t code, subcode;
	uint16_t data_len;
	uint8_t data[BGP_ERROR_DATA_MAX]; /* cut, where there was more */
};

/* Sets an error without data. */
void bgp_error_set(struct bgp_error *error, uint8_t code, uint8_t subcode);
/* As that, with data (cut to BGP_ERROR_DATA_MAX). */
void bgp_error_set_data(struct bgp_error *error, uint8_t code, uint8_t subcode, const void *data,
			size_t len);
/* "Cease: Administrative Shutdown: \"words of the peer\"" and the like; the peer's words (RFC 9003)
 * with control characters and bad UTF-8 made harmless.  Returns buf. */
enum { BGP_ERROR_TEXT_MAX = 512 };
const char *bgp_error_text(char *buf, const struct bgp_error *error);

/* The header of the first message in the bytes received so far.  Returns its whole length (header
 * included), 0 where more bytes are needed to tell, or -1 with the error (RFC 4271 6.1).  max is
 * BGP_MESSAGE_MAX, or BGP_EXTENDED_MAX where RFC 8654 was negotiated. */
int bgp_frame(const uint8_t *bytes, size_t len, size_t max, enum bgp_type *type,
	      struct bgp_error *error);

/* Capabilities, as bits (RFC 5492 and those that define them) */
enum {
	BGP_CAP_IPV4 = 1 << 0, /* multiprotocol, IPv4 unicast (RFC 4760) */
	BGP_CAP_IPV6 = 1 << 1,
	BGP_CAP_ROUTE_REFRESH = 1 << 2, /* RFC 2918 */
	BGP_CAP_AS4 = 1 << 3, /* RFC 6793 */
	BGP_CAP_EXTENDED_MESSAGE = 1 << 4, /* RFC 8654 */
	BGP_CAP_GRACEFUL_RESTART = 1 << 5, /* RFC 4724 */
	BGP_CAP_ENHANCED_REFRESH = 1 << 6, /* RFC 7313 */
	BGP_CAP_MULTIPROTOCOL = 1 << 7, /* any multiprotocol capability was there */
	BGP_CAP_NEXT_HOP = 1 << 8, /* an IPv6 next hop for IPv4 unicast (RFC 8950) */
	BGP_CAP_ADD_PATH = 1 << 9,
	BGP_CAP_LLGR = 1 << 10,
	BGP_CAP_FQDN = 1 << 11,
};

struct bgp_open {
	uint32_t asn; /* from the four-octet capability where there is one */
	uint32_t router_id; /* host order */
	uint16_t hold_time_s; /* as proposed */
	uint32_t capabilities; /* BGP_CAP_* */
	/* RFC 4724 3, RFC 8538 2; with BGP_CAP_GRACEFUL_RESTART */
	uint16_t restart_time_s; /* of 12 bits */
	bool restarting; /* R */
	bool notifications; /* N: they are no end to what is forwarded */
	uint32_t restart_families; /* BGP_CAP_IPV4, _IPV6 that are named */
	uint32_t preserved; /* those with F: what was forwarded still is */
};

/* capabilities: what we offer, of IPV4, IPV6, ROUTE_REFRESH, NEXT_HOP (IPv4 over IPv6),
 * EXTENDED_MESSAGE, GRACEFUL_RESTART, AS4, ENHANCED_REFRESH; 0: no optional parameter at all.  They
 * stay far below the 255 bytes from which RFC 9072 has another form. */
void bgp_open_encode(struct writer *w, const struct bgp_open *open);
/* The body of an OPEN, header excluded.  False with the error (RFC 4271 6.2, 5492, 6286, 7607,
 * 9072); ret is filled as far as it was read.  Unknown capabilities are passed over. */
bool bgp_open_decode(struct reader *r, struct bgp_open *ret, struct bgp_error *error);

/* What is expected of the peer's OPEN. */
struct bgp_expect {
	uint32_t my_asn; /* as we present it */
	uint32_t peer_asn; /* 0: dynamic */
	bool dynamic_internal, dynamic_external; /* with peer_asn 0: must equal, must differ */
	uint32_t router_id; /* ours, host order */
	bool ipv4, ipv6; /* families that we have for it; none: not looked at */
};
/* False with the error: wrong AS (2/2), identifier 0 or, on an internal session, ours (2/3, RFC
 * 6286 2.1), no family in common (2/7 with ours as data, RFC 5492 5). */
bool bgp_open_check(const struct bgp_open *open, const struct bgp_expect *expect,
		    struct bgp_error *error);
/* Words for `show`: one a capability; returns how many of at most max. */
size_t bgp_capability_names(uint32_t capabilities, const char **names, size_t max);

void bgp_keepalive_encode(struct writer *w);
void bgp_notification_encode(struct writer *w, const struct bgp_error *error);
/* The body of a NOTIFICATION; false where it is too short to say anything. */
bool bgp_notification_decode(struct reader *r, struct bgp_error *ret);
/* Cease with a subcode and words for the operator there (RFC 9003; cut to 255 bytes of whole UTF-8
 * characters); text may be NULL. */
void bgp_cease(struct bgp_error *ret, uint8_t subcode, const char *text);

enum bgp_refresh { BGP_REFRESH_REQUEST = 0, BGP_REFRESH_BEGIN = 1, BGP_REFRESH_END = 2 };
/* The body of a ROUTE-REFRESH.  family: ADDR_IPV4, ADDR_IPV6, or ADDR_NONE for one that we don't
 * have (to be ignored). */
bool bgp_refresh_decode(struct reader *r, uint8_t *family, enum bgp_refresh *what,
			struct bgp_error *error);

void bgp_refresh_encode(struct writer *w, uint8_t family, enum bgp_refresh what);

/* Header with the length left open, and its closing: for update.c. */
size_t bgp_message_open(struct writer *w, enum bgp_type type);
void bgp_message_close(struct writer *w, size_t start);

#endif
