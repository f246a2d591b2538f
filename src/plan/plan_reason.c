/* plan_reason.c: why an allocated Service, or one of its addresses, is not announced */
#include "plan/plan_impl.h"

#include "base/heap.h"
#include "base/text.h"
#include "plan/request.h"

/* Does the advertisement reach a peer of this node that takes the family? (0: any) */
static bool reaches(const struct build *b, uint32_t adv, uint8_t family)
{
	const struct plan *plan = b->plan;

	if (!adverts_is_here(b->adverts, adv))
		return false;
	for (size_t i = 0; i < plan->n_peers; i++) {
		if (family == ADDR_IPV4 && !plan->peers[i].ipv4)
			continue;
		if (family == ADDR_IPV6 && !plan->peers[i].ipv6)
			continue;
		if (adverts_selects_peer(&b->advs[adv], plan->peers[i].name))
			return true;
	}
	return false;
}

static const char *no_peer_text(const struct build *b, const struct profile *p, uint8_t family)
{
	enum { NAMES_MAX = 3 };
	struct text names = {0};
	const char *ret;
	unsigned n = 0;

	if (b->plan->n_peers == 0)
		return "no BGPPeer runs on this node";
	for (uint32_t i = 0; i < p->n_advs; i++) {
		if (reaches(b, p->advs[i], 0))
			n = UINT32_MAX - p->n_advs;
		else if (adverts_is_here(b->adverts, p->advs[i]) && n++ < NAMES_MAX)
			text_addf(&names, "%s%s", n == 1 ? "" : ", ",
				  b->advs[p->advs[i]].object.name);
	}
	if (n >= UINT32_MAX - p->n_advs)
		ret = reason_text(b->plan->arena, "none of the peers reached takes %s prefixes",
				  family == ADDR_IPV6 ? "IPv6" : "IPv4");
	else
		ret = reason_text(b->plan->arena,
				  "BGPAdvertisement %s reaches no peer of this node",
				  names.text ? names.text : "");
	text_fini(&names);
	return ret;
}

static void give_reason(struct build *b, const struct slot *slot, const char **known)
{
	struct plan_service *s = &b->plan->services[slot->service];
	const struct profile *p = adverts_get(b->adverts, slot->profile);
	const char **reason = &known[2 * slot->profile + (slot->addr.family == ADDR_IPV6)];
	char text[ADDR_TEXT_MAX];

	if (slot->announced || s->reason)
		return;
	if (p->silence != SILENCE_NONE) {
		s->rule = p->rule;
		s->reason = p->reason;
		return;
	}
	if (!*reason)
		*reason = no_peer_text(b, p, slot->addr.family);
	s->reason = *reason;
	if (s->advertised)
		s->reason = reason_text(b->plan->arena, "%s is announced to nobody: %s",
					addr_format(text, &slot->addr), *reason);
}

void build_reasons(struct build *b)
{
	/* By profile and family. */
	const char **known = heap_alloc_array(2 * adverts_profiles(b->adverts), sizeof(*known));

	for (size_t i = 0; i < b->slots.n; i++)
		give_reason(b, &b->slots.at[i], known);
	free(known);
}
