/* request.c: what a Service asks for: families, addresses, pool; mistakes in it concern it alone */
#include "plan/request.h"

#include "base/arena.h"
#include "base/text.h"
#include "config/model.h"

#include <string.h>

enum { ASKED_MAX = 3 }; /* one more than there may be */

const char *reason_text(struct arena *arena, const char *format, ...)
{
	struct text text = {0};
	const char *ret;
	va_list ap;

	va_start(ap, format);
	text_vaddf(&text, format, ap);
	va_end(ap);
	ret = arena_intern(arena, text.text ? text.text : "");
	text_fini(&text);
	return ret;
}

static uint8_t family_bit(uint8_t family)
{
	return family == ADDR_IPV6 ? WANT_IPV6 : family == ADDR_IPV4 ? WANT_IPV4 : WANT_NONE;
}

uint8_t families_of(const struct addr *addresses, unsigned n)
{
	uint8_t ret = WANT_NONE;

	for (unsigned i = 0; i < n; i++)
		ret |= family_bit(addresses[i].family);
	return ret;
}

const char *families_text(uint8_t families)
{
	return families == WANT_BOTH ? "dual-stack" : families == WANT_IPV6 ? "IPv6" : "IPv4";
}

bool addresses_in_order(struct addr ret[2], const struct addr *addresses, unsigned n)
{
	if (n < 1 || n > 2 || (n == 2 && addresses[0].family == addresses[1].family))
		return false;
	ret[0] = addresses[0];
	if (n == 2)
		ret[1] = addresses[1];
	if (n == 2 && ret[0].family == ADDR_IPV6) {
		ret[0] = addresses[1];
		ret[1] = addresses[0];
	}
	return true;
}

static bool is_set(const char *text)
{
	return text && text[0];
}

static void fail(struct request *r, uint16_t rule, const char *reason)
{
	r->rule = rule;
	r->reason = reason;
}

/* One address of a list; blanks around it don't count. */
static bool parse_one(struct addr *ret, const char *text, size_t len)
{
	char buf[ADDR_TEXT_MAX];

	while (len > 0 && strchr(" \t", text[0])) {
		text++;
		len--;
	}
	while (len > 0 && strchr(" \t", text[len - 1]))
		len--;
	if (len == 0 || len >= sizeof(buf))
		return false;
	memcpy(buf, text, len);
	buf[len] = 0;
	return addr_parse(ret, buf) == ADDR_OK;
}

static void parse_addresses(struct request *r, const char *text, struct arena *arena)
{
	struct addr asked[ASKED_MAX];
	unsigned n = 0;

	for (const char *at = text; at && n < ASKED_MAX; n++) {
		const char *comma = strchr(at, ',');
		size_t len = comma ? (size_t)(comma - at) : strlen(at);

		if (!parse_one(&asked[n], at, len)) {
			fail(r, 81,
			     reason_text(arena, "\"%.*s\" is not an IP address", (int)len, at));
			return;
		}
		at = comma ? comma + 1 : NULL;
	}
	if (n > 2) {
		fail(r, 82, "more than two addresses are asked for");
	} else if (!addresses_in_order(r->addresses, asked, n)) {
		fail(r, 82,
		     reason_text(arena, "two %s addresses are asked for",
				 families_text(family_bit(asked[0].family))));
	} else {
		r->n_addresses = (uint8_t)n;
	}
}

static void parse_wish(struct request *r, const struct service *s, struct arena *arena)
{
	if (is_set(s->load_balancer_ip) && is_set(s->requested_ips))
		fail(r, 80, "loadBalancerIP and the annotation loadBalancerIPs are both set");
	else if (is_set(s->load_balancer_ip))
		parse_addresses(r, s->load_balancer_ip, arena);
	else if (is_set(s->requested_ips))
		parse_addresses(r, s->requested_ips, arena);
}

static bool policy_is(const struct service *s, enum ip_family_policy policy)
{
	return s->has_policy && s->policy == policy;
}

/* Text that is no address ("None") does not count. */
static uint8_t cluster_families(const struct service *s)
{
	uint8_t ret = WANT_NONE;

	for (uint32_t i = 0; i < s->cluster_ips.n; i++) {
		struct addr a;

		if (addr_parse(&a, s->cluster_ips.at[i]) == ADDR_OK)
			ret |= family_bit(a.family);
	}
	return ret;
}

static uint8_t spec_families(const struct service *s)
{
	uint8_t ret = WANT_NONE;

	for (unsigned i = 0; i < s->n_families; i++)
		ret |= family_bit(s->families[i]);
	return ret;
}

static void find_families(struct request *r, const struct service *s)
{
	uint8_t cluster = cluster_families(s);

	r->families = cluster;
	if (!r->families && (policy_is(s, PREFER_DUAL_STACK) || policy_is(s, REQUIRE_DUAL_STACK)))
		r->families = WANT_BOTH;
	if (!r->families)
		r->families = spec_families(s);
	if (!r->families)
		r->families = families_of(r->addresses, r->n_addresses);
	if (!r->families)
		r->families = families_of(s->status, s->n_status);
	if (!r->families)
		r->families = WANT_IPV4;
	r->prefer = r->families == WANT_BOTH && policy_is(s, PREFER_DUAL_STACK);
	r->contradicts = r->families == WANT_BOTH && policy_is(s, SINGLE_STACK);
	r->primary = s->n_families > 0 && s->families[0] == ADDR_IPV6 ? ADDR_IPV6 : ADDR_IPV4;
}

void request_of(struct request *ret, const struct service *service, struct arena *arena)
{
	uint8_t asked;

	*ret = (struct request){0};
	parse_wish(ret, service, arena);
	find_families(ret, service);
	asked = families_of(ret->addresses, ret->n_addresses);
	if (policy_is(service, REQUIRE_DUAL_STACK) && ret->families != WANT_BOTH)
		fail(ret, 91, "RequireDualStack needs a cluster IP of each family");
	else if (ret->rule == 0 && asked && asked != ret->families)
		fail(ret, 83,
		     reason_text(arena, "%s is asked for, but the Service is %s",
				 asked == WANT_BOTH   ? "an address of each family"
				 : asked == WANT_IPV6 ? "one IPv6 address"
						      : "one IPv4 address",
				 families_text(ret->families)));
}
