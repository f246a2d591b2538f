/* community.h: community literals and the well-known names (RFC 1997, RFC 8092) */
#ifndef MLBGPD_CONFIG_COMMUNITY_H
#define MLBGPD_CONFIG_COMMUNITY_H

#include "config/model.h"

enum community_parse {
	COMMUNITY_OK,
	COMMUNITY_BAD, /* of a literal's shape, but with a bad part (V-064) */
	COMMUNITY_NO_LITERAL, /* may be a name (V-065) */
};
/* "65000:100" or "large:65000:1:2"; fills all of ret but its name. */
enum community_parse community_parse(const char *text, struct community_alias *ret);
/* What the shape of a literal is, for messages. */
#define COMMUNITY_SHAPES "A:B (each up to 65535) or large:A:B:C (each up to 4294967295) is one"
/* "no-export" and the others of IANA's list, case and '_' aside. */
bool community_well_known(const char *name, struct community_alias *ret);
/* The i-th well-known name, NULL past the last. */
const char *community_well_known_name(size_t i);

#endif
