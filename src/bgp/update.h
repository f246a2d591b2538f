/* update.h: UPDATE messages (RFC 4271 4.3, 4760): packed on the way out, checked on the way in
 *
 * Out: the caller walks its changes and adds prefix by prefix; messages are filled as full as they
 * get.  In: we use no routes of anybody; what is received is checked (RFC 4271 6.3 as revised by
 * RFC 7606) and dropped.
 */
#ifndef MLBGPD_BGP_UPDATE_H
#define MLBGPD_BGP_UPDATE_H

#include "base/addr.h"
#include "base/bytes.h"
#include "bgp/attr.h"
#include "bgp/codec.h"

#include <stdbool.h>
#include <stddef.h>

/* One packer fills one writer with whole messages.
 *
 *	struct update_packer p;
 *	update_begin(&p, &writer, BGP_MESSAGE_MAX);
 *	while (... && update_announce(&p, &attrs, &prefix)) ...
 *	update_finish(&p);
 *
 * A false from announce or withdraw says that the writer has no room for another message: the
 * prefix was not taken; finish, send, begin again.  Consecutive prefixes with the same attributes
 * (same pointer, or equal) and family, and consecutive withdrawals of one family, share a message.
 */
struct update_packer {
	struct writer *w;
	size_t max; /* of one message */
	enum { UPDATE_IDLE, UPDATE_ANNOUNCING, UPDATE_WITHDRAWING } what;
	uint8_t family;
	bool mp; /* in an MP attribute */
	struct wire_attrs attrs; /* of the open message */
	size_t message, list, nlri; /* slots of the open message */
	size_t limit; /* writer length at which the open message is full */
	size_t messages; /* begun since update_begin */
};

void update_begin(struct update_packer *p, struct writer *w, size_t max);
bool update_announce(struct update_packer *p, const struct wire_attrs *attrs,
		     const struct prefix *prefix);
bool update_withdraw(struct update_packer *p, const struct prefix *prefix);
/* End-of-RIB of a family (RFC 4724 2). */
bool update_end_of_rib(struct update_packer *p, uint8_t family);
/* Closes the open message.  Returns how many messages were written since update_begin. */
size_t update_finish(struct update_packer *p);

/* What a received UPDATE is (RFC 7606 2). */
enum update_verdict {
	UPDATE_GOOD,
	UPDATE_ATTRIBUTE_DISCARD, /* to be used without an attribute */
	UPDATE_TREAT_AS_WITHDRAW,
	UPDATE_SESSION_RESET, /* with the error */
};

struct update_context {
	bool internal;
	bool as4; /* four-octet AS numbers in AS_PATH */
	bool ipv4, ipv6; /* families that are exchanged */
};

/* The body of an UPDATE, header excluded.  what: words for the log where it is not good. */
enum update_verdict update_check(struct reader r, const struct update_context *context,
				 struct bgp_error *error, const char **what);

/* Is this body of an UPDATE the End-of-RIB of IPv6 unicast (RFC 4724 2)? */
bool update_is_mp_end_of_rib(struct reader r);

#endif
