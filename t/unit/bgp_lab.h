/* bgp_lab.h: a network of one's own, a speaker in it, and peers that follow a script
 *
 * Each test is a process of its own (Criterion), so it can have a network namespace of its own, and
 * all may use the same addresses and ports.  Everything runs in one loop, in steps.
 */
#ifndef MLBGPD_T_BGP_LAB_H
#define MLBGPD_T_BGP_LAB_H

#include "base/addr.h"
#include "base/bytes.h"
#include "base/text.h"
#include "bgp/codec.h"
#include "bgp/speaker.h"
#include "config/load.h"
#include "config/source.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

enum { LAB_PORT = 1790 };

#define ME "10.0.0.1"
#define PEER "10.0.0.2"
#define ME6 "2001:db8::1"
#define PEER6 "2001:db8::2"
#define PEER2 "10.0.0.3"

/* A network namespace with these addresses on lo; skips the test where there can be none. */
void lab_network(void);

/* One more address on lo: IPv6. */
void lab_add_address6(const char *address);

struct lab {
	sd_event *event;
	struct speaker *speaker;
	struct source_set *sources;
	struct model *model;
	struct plan *plan;
	unsigned ups, downs; /* session_changed was told */
	uint32_t lost_link; /* this interface is down; 0: none */
	const char *no_bfd; /* why no BFD is Up; NULL: it is */
	const char *vip; /* this local address is not allowed; NULL: none */
};

/* A speaker that listens on an address (NULL: it does not), in the loop of the thread. */
void lab_start(struct lab *lab, const char *listen);
void lab_stop(struct lab *lab);
/* Loads the documents, makes a plan with all gates open, and wants it. */
void lab_want(struct lab *lab, const char *yaml);
void lab_want_and_free(struct lab *lab, char *yaml);

/* Documents.  more: further fields of the spec, with a comma before. */
void lab_add_peer(struct text *t, const char *name, const char *from, const char *to,
		  unsigned my_asn, unsigned peer_asn, const char *more);
void lab_add_service(struct text *t, const char *vip, const char *name);
/* A pool, and Services 192.0.2.1 to .n. */
void lab_add_services(struct text *t, unsigned n);
void lab_add_advertisement(struct text *t, const char *name, const char *spec);
/* Peer "peer", from ME to PEER, AS 65001; n services with LOCAL_PREF 200 and community 65001:7. */
char *lab_one_peer(unsigned n, unsigned peer_asn, const char *more);

/* Opens or closes the gate of a VIP. */
void lab_gate(struct lab *lab, const char *vip, bool open);
/* Of one peer. */
struct bgp_peer_view lab_view(const struct lab *lab, const char *peer);

typedef bool (*lab_cond)(void *arg);
/* Runs the loop until cond holds; fails the test after some seconds. */
void lab_until(struct lab *lab, lab_cond cond, void *arg, const char *what);
/* Runs the loop for a while. */
void lab_run_ms(struct lab *lab, int ms);
void lab_until_state(struct lab *lab, const char *peer, enum bgp_state state);

/* A peer that is a socket and does what the test says. */
struct script {
	int fd, listening;
	uint8_t bytes[1 << 18];
	size_t len;
	bool closed; /* the other side has */
};

void script_init(struct script *s);
void script_fini(struct script *s);
/* From address `from`, to the speaker. */
void script_dial(struct script *s, const char *from, const char *to);
/* With this TTL. */
void script_dial_ttl(struct script *s, const char *from, const char *to, int ttl);
void script_listen(struct script *s, const char *at);
void script_accept(struct lab *lab, struct script *s);
void script_send(struct script *s, const void *data, size_t len);
void script_send_open(struct script *s, uint32_t asn, const char *router_id, uint16_t hold_s);
void script_send_open_of(struct script *s, const struct bgp_open *open);
/* The speaker's OPEN. */
void script_expect_start(struct lab *lab, struct script *s);
/* Like script_establish(), with an OPEN of the test's. */
void script_establish_with(struct lab *lab, struct script *s, const struct bgp_open *open);
/* What was rebooted: the connection is forgotten, and nothing is said on it. */
void script_vanish(struct script *s);
void script_send_keepalive(struct script *s);
/* Whole exchange up to Established, as AS asn. */
void script_establish(struct lab *lab, struct script *s, uint32_t asn, const char *router_id);

struct message {
	enum bgp_type type;
	uint8_t body[BGP_EXTENDED_MAX];
	size_t len;
};

/* Waits for the next message; fails the test where none comes. */
void script_expect(struct lab *lab, struct script *s, struct message *ret);
/* The next that is no KEEPALIVE, which must be of this type. */
void script_expect_type(struct lab *lab, struct script *s, enum bgp_type type, struct message *ret);
/* A NOTIFICATION, and the connection closed behind it. */
void script_expect_end(struct lab *lab, struct script *s, uint8_t code, uint8_t subcode);
void script_expect_closed(struct lab *lab, struct script *s);
/* Reads what is there; how many messages of a type are waiting? */
size_t script_count(struct script *s, enum bgp_type type);

/* An UPDATE of one family, taken apart. */
struct update {
	struct prefix announced[1024], withdrawn[1024];
	size_t n_announced, n_withdrawn;
	struct addr next_hop;
	bool has_local_pref;
	uint32_t local_pref;
	uint32_t as_path[16];
	size_t n_as_path;
	uint32_t communities[16];
	size_t n_communities;
	bool end_of_rib;
};
void update_parse(const struct message *m, struct update *ret);
/* UPDATEs until End-of-RIB (IPv4 is the only family here); what was announced less what was
 * withdrawn. */
size_t script_read_table(struct lab *lab, struct script *s);

#endif
