/* preference.c: local preference, and how it gets to where it is not carried (external peers) */
#include "plan/preference.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static uint32_t effective(uint32_t local_pref)
{
	return local_pref ? local_pref : LOCAL_PREF_DEFAULT;
}

uint32_t demoted(uint32_t local_pref, uint32_t demote)
{
	return effective(local_pref) > demote ? demote : local_pref;
}

void tiers_add(struct tiers *tiers, uint32_t local_pref)
{
	uint32_t value = effective(local_pref);

	tiers->any_set |= local_pref != 0;
	if (tiers->values.n == 0 || tiers->values.at[tiers->values.n - 1] != value)
		*array_add(&tiers->values) = value;
}

static int descending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x > y ? -1 : x < y;
}

void tiers_seal(struct tiers *tiers)
{
	size_t n = 0;

	array_sort(&tiers->values, descending);
	for (size_t i = 0; i < tiers->values.n; i++) {
		if (n == 0 || tiers->values.at[n - 1] != tiers->values.at[i])
			tiers->values.at[n++] = tiers->values.at[i];
	}
	tiers->values.n = n;
}

void tiers_fini(struct tiers *tiers)
{
	array_fini(&tiers->values);
}

uint32_t tier_of(const struct tiers *tiers, uint32_t local_pref)
{
	uint32_t value = effective(local_pref), tier = 0;

	while (tier < tiers->values.n && tiers->values.at[tier] > value)
		tier++;
	return tier;
}

/* A number, or $localPref: moves *at behind it. */
static bool take_part(const char **at, uint32_t value, uint32_t max, uint32_t *ret)
{
	static const char variable[] = "$localPref";
	unsigned long number;
	char *end;

	if (text_has_prefix(*at, variable)) {
		*at += sizeof(variable) - 1;
		*ret = value;
		return value <= max;
	}
	if (**at < '0' || **at > '9')
		return false;
	number = strtoul(*at, &end, 10);
	*at = end;
	*ret = (uint32_t)number;
	return number <= max;
}

static bool take_colon(const char **at)
{
	return *(*at)++ == ':';
}

/* "65000:$localPref" or "large:65000:1:$localPref" */
static bool fill_template(struct preference_effect *ret, const char *at, uint32_t value)
{
	static const char large[] = "large:";
	uint32_t parts[3];

	if (!text_has_prefix(at, large)) {
		if (!take_part(&at, value, UINT16_MAX, &parts[0]) || !take_colon(&at) ||
		    !take_part(&at, value, UINT16_MAX, &parts[1]) || *at)
			return false;
		ret->community = parts[0] << 16 | parts[1];
		ret->has_community = true;
		return true;
	}
	at += sizeof(large) - 1;
	if (!take_part(&at, value, UINT32_MAX, &parts[0]) || !take_colon(&at) ||
	    !take_part(&at, value, UINT32_MAX, &parts[1]) || !take_colon(&at) ||
	    !take_part(&at, value, UINT32_MAX, &parts[2]) || *at)
		return false;
	ret->large_community = (struct large_community){parts[0], parts[1], parts[2]};
	ret->has_large_community = true;
	return true;
}

static uint32_t capped(uint64_t value, uint32_t max)
{
	return value > max ? max : (uint32_t)value;
}

/* value is 0 for a drain only, which is a tier below all others. */
static void external_effect(struct preference_effect *ret, const struct external_preference *p,
			    uint64_t tier, uint32_t value)
{
	enum { PREPEND_MAX = 200 }; /* an AS_SEQUENCE holds 255 (RFC 4271 4.3) */

	switch (p->mode) {
	case PREFERENCE_AUTO:
	case PREFERENCE_PREPEND:
		/* The two differ in nothing here: with a single tier there is nothing to add. */
		ret->prepend = (uint16_t)capped(tier * p->prepend_per_tier, PREPEND_MAX);
		break;
	case PREFERENCE_MED:
		ret->has_med = true;
		ret->med = capped(p->med_base + tier * p->med_per_tier, UINT32_MAX);
		break;
	case PREFERENCE_COMMUNITY:
		ret->misfit = !p->community || !fill_template(ret, p->community, value);
		break;
	case PREFERENCE_SEND:
		ret->has_local_pref = true;
		ret->local_pref = value;
		break;
	case PREFERENCE_NONE:
		break;
	}
}

void preference_drain(struct preference_effect *ret, const struct external_preference *external,
		      const struct tiers *tiers, enum plan_peer_type type)
{
	*ret = (struct preference_effect){.has_local_pref = type == PEER_INTERNAL};
	if (type != PEER_INTERNAL)
		external_effect(ret, external, tiers->values.n, 0);
}

void preference_effect(struct preference_effect *ret, const struct external_preference *external,
		       const struct tiers *tiers, uint32_t local_pref, enum plan_peer_type type)
{
	uint32_t value = effective(local_pref);

	*ret = (struct preference_effect){0};
	if (type == PEER_INTERNAL) {
		ret->has_local_pref = true;
		ret->local_pref = value;
	} else if (tiers->any_set) {
		external_effect(ret, external, tier_of(tiers, value), value);
	}
}
