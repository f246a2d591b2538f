/* validate_selectors.c: selectors that match nothing that is there (selects-nothing) */
#include "config/reading.h"
#include "config/selector.h"
#include "config/validate_private.h"

static bool selects_any(const struct model *m, enum kind kind, const struct selector *selector)
{
	size_t n = model_count(m, kind);

	for (size_t i = 0; i < n; i++)
		if (selector_matches(selector, &model_object(m, kind, i)->labels))
			return true;
	return false;
}

static void check_selectors(struct check *c, const struct object *object,
			    const struct selectors *selectors, const char *list, enum kind kind)
{
	char path[PATH_TEXT_MAX];

	for (uint32_t i = 0; i < selectors->n; i++)
		if (!selects_any(c->model, kind, &selectors->at[i]))
			check_warning(c, object, path_item(path, list, i), "selects-nothing",
				      "no %s has such labels", kind_name(kind));
}

static void check_settings(struct check *c, const struct settings_docs *docs, const char *list,
			   enum kind kind)
{
	for (size_t i = 0; i < docs->n; i++)
		check_selectors(c, &docs->at[i].object, &docs->at[i].selectors, list, kind);
}

void selects_nothing(struct check *c)
{
	const struct model *m = c->model;

	check_settings(c, &m->peer_policies, "spec.peerSelectors", KIND_BGP_PEER);
	check_settings(c, &m->pool_policies, "spec.ipAddressPoolSelectors", KIND_IP_ADDRESS_POOL);
	for (size_t i = 0; i < m->health_checks.n; i++) {
		const struct health_check *check = &m->health_checks.at[i];

		check_selectors(c, &check->object, &check->service_selectors,
				"spec.serviceSelectors", KIND_SERVICE);
		check_selectors(c, &check->object, &check->pool_selectors,
				"spec.ipAddressPoolSelectors", KIND_IP_ADDRESS_POOL);
	}
}
