/* validate_selectors.c: selectors that match nothing that is there (selects-nothing)
 *
 * One of nodes counts only where Node documents tell labels; a list of an advertisement of which
 * none matches is the plan's business (reaches-nobody).
 */
#include "config/reading.h"
#include "config/selector.h"
#include "config/validate_private.h"

/* An empty one is for all, though there be none; without any Service there is nothing to select. */
static bool is_idle_check(const struct model *m, enum kind kind, const struct selector *selector)
{
	return (selector->match.n == 0 && selector->n_exprs == 0) ||
	       (kind == KIND_SERVICE && m->services.n == 0);
}

/* Those with a document, and those that Services are in. */
static bool selects_namespace(const struct model *m, const struct selector *selector)
{
	const struct selectors list = {.at = selector, .n = 1};
	static const struct labels none;
	const char *last = NULL;

	for (size_t i = 0; i < m->namespaces.n; i++) {
		const struct object *object = &m->namespaces.at[i].object;

		if (namespace_is_selected(&list, object->name, &object->labels))
			return true;
	}
	for (size_t i = 0; i < m->services.n; i++) {
		const char *name = m->services.at[i].object.namespace;

		if (name != last && !model_find_namespace(m, name) &&
		    namespace_is_selected(&list, name, &none))
			return true;
		last = name; /* interned */
	}
	return false;
}

static bool selects_any(const struct model *m, enum kind kind, const struct selector *selector)
{
	size_t n = model_count(m, kind);

	if (kind == KIND_NAMESPACE && selects_namespace(m, selector))
		return true;
	if (kind == KIND_NODE && selector_matches(selector, &m->self->object.labels))
		return true;
	for (size_t i = 0; i < n; i++)
		if (selector_matches(selector, &model_object(m, kind, i)->labels))
			return true;
	return false;
}

static void check_selectors(struct check *c, const struct object *object,
			    const struct selectors *selectors, const char *list, enum kind kind)
{
	char path[PATH_TEXT_MAX];
	struct diag *diag;

	for (uint32_t i = 0; i < selectors->n; i++) {
		if (is_idle_check(c->model, kind, &selectors->at[i]) ||
		    selects_any(c->model, kind, &selectors->at[i]))
			continue;
		diag = check_warning(c, object, path_item(path, list, i), "selects-nothing",
				     "no %s has such labels", kind_name(kind));
		if (kind == KIND_NODE || kind == KIND_NAMESPACE)
			diag_hint(c->diags, diag, "%s documents tell the labels of %ss",
				  kind_name(kind), kind == KIND_NODE ? "node" : "namespace");
	}
}

static bool any_selects(const struct model *m, enum kind kind, const struct selectors *selectors)
{
	for (uint32_t i = 0; i < selectors->n; i++)
		if (selects_any(m, kind, &selectors->at[i]))
			return true;
	return false;
}

static void check_nodes(struct check *c, const struct object *object,
			const struct selectors *selectors)
{
	if (c->model->nodes.n > 0)
		check_selectors(c, object, selectors, "spec.nodeSelectors", KIND_NODE);
}

static void check_advertisement(struct check *c, const struct bgp_advertisement *adv)
{
	const struct model *m = c->model;

	if (adv->pools.n > 0 || any_selects(m, KIND_IP_ADDRESS_POOL, &adv->pool_selectors))
		check_selectors(c, &adv->object, &adv->pool_selectors,
				"spec.ipAddressPoolSelectors", KIND_IP_ADDRESS_POOL);
	if (any_selects(m, KIND_NODE, &adv->node_selectors))
		check_nodes(c, &adv->object, &adv->node_selectors);
	check_selectors(c, &adv->object, &adv->service_selectors, "spec.serviceSelectors",
			KIND_SERVICE);
}

static void check_settings(struct check *c, const struct settings_docs *docs, const char *list,
			   enum kind kind)
{
	for (size_t i = 0; i < docs->n; i++) {
		const struct settings_doc *doc = &docs->at[i];

		check_nodes(c, &doc->object, &doc->node_selectors);
		if (list)
			check_selectors(c, &doc->object, &doc->selectors, list, kind);
	}
}

static void check_pool(struct check *c, const struct ip_address_pool *pool)
{
	check_selectors(c, &pool->object, &pool->namespace_selectors,
			"spec.serviceAllocation.namespaceSelectors", KIND_NAMESPACE);
	check_selectors(c, &pool->object, &pool->service_selectors,
			"spec.serviceAllocation.serviceSelectors", KIND_SERVICE);
}

static void check_health(struct check *c, const struct health_check *check)
{
	check_nodes(c, &check->object, &check->node_selectors);
	check_selectors(c, &check->object, &check->service_selectors, "spec.serviceSelectors",
			KIND_SERVICE);
	check_selectors(c, &check->object, &check->pool_selectors, "spec.ipAddressPoolSelectors",
			KIND_IP_ADDRESS_POOL);
}

void selects_nothing(struct check *c)
{
	const struct model *m = c->model;

	for (size_t i = 0; i < m->peers.n; i++)
		check_nodes(c, &m->peers.at[i].object, &m->peers.at[i].node_selectors);
	for (size_t i = 0; i < m->pools.n; i++)
		check_pool(c, &m->pools.at[i]);
	for (size_t i = 0; i < m->advertisements.n; i++)
		check_advertisement(c, &m->advertisements.at[i]);
	for (size_t i = 0; i < m->allocations.n; i++)
		check_nodes(c, &m->allocations.at[i].object, &m->allocations.at[i].node_selectors);
	check_settings(c, &m->daemons, NULL, KIND_NONE);
	check_settings(c, &m->peer_policies, "spec.peerSelectors", KIND_BGP_PEER);
	check_settings(c, &m->pool_policies, "spec.ipAddressPoolSelectors", KIND_IP_ADDRESS_POOL);
	for (size_t i = 0; i < m->health_checks.n; i++)
		check_health(c, &m->health_checks.at[i]);
}
