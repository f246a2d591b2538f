/* plan_warn_maximum.c: a peer that would get more prefixes than its maximumPrefixes: an error */
#include "plan/plan_impl.h"

#include "config/diag.h"
#include "config/settings.h"

void plan_warn_maximum(const struct warn *w)
{
	const struct plan *plan = w->b->plan;

	for (size_t i = 0; i < plan->n_peers; i++) {
		const struct plan_peer *peer = &plan->peers[i];
		const struct opt_u32 *maximum = &peer->policy->maximum_prefixes;
		const uint32_t n = plan->groups[peer->group].n_routes;
		struct finding about = {DIAG_ERROR, NULL, "spec.maximumPrefixes",
					"maximum-prefixes", NULL};

		if (!maximum->set || n <= maximum->value)
			continue;
		about.object = model_peer_policy_giver(plan->model, plan->node, peer->peer,
						       PEER_MAXIMUM_PREFIXES);
		about.hint = "raise it, if the router takes more, or announce aggregates";
		warn_add(w, about, "%u prefixes would go to peer %s, at most %u may", n, peer->name,
			 maximum->value);
	}
}
