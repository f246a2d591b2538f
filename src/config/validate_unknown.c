/* validate_unknown.c: names of objects that are not there: V-031, unknown-peer, unknown-pool,
 * unknown-service */
#include "config/reading.h"
#include "config/validate_private.h"

#include "base/heap.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { HINTS_MAX = 20 }; /* each looks at the names of all Services */

/* The name of a kind that is nearest to one that is not there. */
static const char *nearest_object(struct check *c, enum kind kind, const char *name)
{
	size_t n = model_count(c->model, kind);
	const char **names, *near;

	if (n == 0 || diags_errors(c->diags) > DIAGS_MAX)
		return NULL;
	names = heap_alloc_array(n, sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = model_object(c->model, kind, i)->name;
	near = nearest_name(name, names, n);
	free(names);
	return near;
}

void check_hint_nearest(struct check *c, struct diag *diag, enum kind kind, const char *name)
{
	const char *near = nearest_object(c, kind, name);

	if (near)
		diag_hint(c->diags, diag, "did you mean %s?", near);
}

void v031_profile_exists(struct check *c)
{
	for (size_t i = 0; i < c->model->peers.n; i++) {
		const struct bgp_peer *peer = &c->model->peers.at[i];
		struct diag *diag;

		if (!peer->bfd_profile || model_find_bfd_profile(c->model, peer->bfd_profile))
			continue;
		diag = check_error(c, &peer->object, "spec.bfdProfile", "V-031",
				   "there is no BFDProfile \"%.80s\"", peer->bfd_profile);
		diag_hint(c->diags, diag,
			  "add a document of it, or check the file that has it"
			  " together with this one");
		check_hint_nearest(c, diag, KIND_BFD_PROFILE, peer->bfd_profile);
	}
}

static void check_names(struct check *c, const struct object *object, const struct names *names,
			const char *list, enum kind kind, const char *rule)
{
	char path[PATH_TEXT_MAX];

	for (uint32_t i = 0; i < names->n; i++) {
		struct diag *diag;

		if (model_find(c->model, kind, NULL, names->at[i]))
			continue;
		diag = check_warning(c, object, check_name_path(c, object, list, i, path), rule,
				     "there is no %s \"%.80s\"", kind_name(kind), names->at[i]);
		check_hint_nearest(c, diag, kind, names->at[i]);
	}
}

void unknown_peer(struct check *c)
{
	const struct model *m = c->model;

	for (size_t i = 0; i < m->advertisements.n; i++)
		check_names(c, &m->advertisements.at[i].object, &m->advertisements.at[i].peers,
			    "spec.peers", KIND_BGP_PEER, "unknown-peer");
	for (size_t i = 0; i < m->peer_policies.n; i++)
		check_names(c, &m->peer_policies.at[i].object, &m->peer_policies.at[i].names,
			    "spec.peers", KIND_BGP_PEER, "unknown-peer");
}

void unknown_pool(struct check *c)
{
	static const char field[] = "spec.ipAddressPools", rule[] = "unknown-pool";
	const enum kind kind = KIND_IP_ADDRESS_POOL;
	const struct model *m = c->model;

	for (size_t i = 0; i < m->advertisements.n; i++)
		check_names(c, &m->advertisements.at[i].object, &m->advertisements.at[i].pools,
			    field, kind, rule);
	for (size_t i = 0; i < m->pool_policies.n; i++)
		check_names(c, &m->pool_policies.at[i].object, &m->pool_policies.at[i].names, field,
			    kind, rule);
	for (size_t i = 0; i < m->health_checks.n; i++)
		check_names(c, &m->health_checks.at[i].object, &m->health_checks.at[i].pools, field,
			    kind, rule);
}

/* "default/web" of every Service; each text, and the array, to be freed. */
static char **service_names(const struct model *m)
{
	char **names = heap_alloc_array(m->services.n + 1, sizeof(*names));

	for (size_t i = 0; i < m->services.n; i++) {
		const struct object *o = &m->services.at[i].object;
		struct text text = {0};

		text_addf(&text, "%s/%s", o->namespace, o->name);
		names[i] = text_take(&text);
	}
	return names;
}

static void hint_service(struct check *c, struct diag *diag, const char *ns, const char *name)
{
	char **names = service_names(c->model);
	struct text wanted = {0};
	const char *near;

	text_addf(&wanted, "%s/%s", ns, name);
	near = nearest_name(wanted.text, (const char *const *)names, c->model->services.n);
	if (near)
		diag_hint(c->diags, diag, "did you mean %s?", near);
	text_fini(&wanted);
	for (size_t i = 0; i < c->model->services.n; i++)
		free(names[i]);
	free(names);
}

/* pool/NAME, of a pool that PoolPolicies may make VIPs of. */
static bool is_pool(const struct check *c, const char *ns, const char *name)
{
	return strcmp(ns, "pool") == 0 && model_find_pool(c->model, name);
}

static void check_service(struct check *c, const struct object *object, size_t entry,
			  const char *ns, const char *name, unsigned *hints)
{
	char path[PATH_TEXT_MAX];
	struct diag *diag;

	if (!*name || model_find_service(c->model, ns, name) || is_pool(c, ns, name))
		return;
	diag = check_warning(c, object, path_item(path, "spec.services", entry), "unknown-service",
			     "there is no Service \"%.80s/%.80s\" of type LoadBalancer", ns, name);
	if ((*hints)++ < HINTS_MAX)
		hint_service(c, diag, ns, name);
}

void unknown_service(struct check *c)
{
	const struct model *m = c->model;
	unsigned hints = 0;

	for (size_t i = 0; i < m->allocations.n; i++) {
		const struct address_allocation *doc = &m->allocations.at[i];

		for (uint32_t k = 0; k < doc->n_pins; k++)
			check_service(c, &doc->object, doc->pins[k].entry, doc->pins[k].namespace,
				      doc->pins[k].name, &hints);
	}
	for (size_t i = 0; i < m->health_checks.n; i++) {
		const struct health_check *check = &m->health_checks.at[i];

		for (uint32_t k = 0; k < check->n_services; k++)
			check_service(c, &check->object, k, check->services[k].namespace,
				      check->services[k].name, &hints);
	}
}
