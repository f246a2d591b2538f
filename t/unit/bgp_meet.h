/* bgp_meet.h: a speaker and its peer that have met: what tests of the wire begin and end with */
#ifndef MLBGPD_T_BGP_MEET_H
#define MLBGPD_T_BGP_MEET_H

#include "bgp_lab.h"
#include "hex.h"

/* What the OPEN of a usual peer has. */
enum { BASIC = BGP_CAP_IPV4 | BGP_CAP_ROUTE_REFRESH | BGP_CAP_AS4 };

/* The peer's: AS 65001, 10.0.0.2. */
struct bgp_open open_with(uint32_t capabilities);
void script_send_hex(struct script *s, const char *hex);
/* The speaker's. */
void script_expect_open(struct lab *lab, struct script *s, struct bgp_open *ret);

/* A speaker on ME with these documents dials PEER, which has accepted. */
void meet(struct lab *lab, struct script *s, char *take_documents);
/* And the session is up, and all n routes are read. */
void meet_and_read(struct lab *lab, struct script *s, char *take_documents,
		   const struct bgp_open *peers, size_t n);
void part(struct lab *lab, struct script *s);

#endif
