/* bgp_meet.c: a speaker and its peer that have met */
#include "bgp_meet.h"

#include <criterion/criterion.h>

enum { PEER_ID = 0x0a000002 };

struct bgp_open open_with(uint32_t capabilities)
{
	return (struct bgp_open){.asn = 65001,
				 .router_id = PEER_ID,
				 .hold_time_s = 90,
				 .capabilities = capabilities,
				 .restart_time_s = 60,
				 .restart_families = BGP_CAP_IPV4};
}

void script_send_hex(struct script *s, const char *hex)
{
	uint8_t bytes[256];

	script_send(s, bytes, hex_bytes(bytes, sizeof(bytes), hex));
}

void script_expect_open(struct lab *lab, struct script *s, struct bgp_open *ret)
{
	struct bgp_error error;
	struct message m;
	struct reader r;

	script_expect(lab, s, &m);
	cr_assert_eq(m.type, BGP_OPEN);
	r = reader_of(m.body, m.len);
	cr_assert(bgp_open_decode(&r, ret, &error));
}

void meet(struct lab *lab, struct script *s, char *take_documents)
{
	lab_start(lab, ME);
	script_init(s);
	script_listen(s, PEER);
	lab_want_and_free(lab, take_documents);
	script_accept(lab, s);
}

void meet_and_read(struct lab *lab, struct script *s, char *take_documents,
		   const struct bgp_open *peers, size_t n)
{
	meet(lab, s, take_documents);
	script_establish_with(lab, s, peers);
	cr_expect_eq(script_read_table(lab, s), n);
}

void part(struct lab *lab, struct script *s)
{
	script_fini(s);
	lab_stop(lab);
}
