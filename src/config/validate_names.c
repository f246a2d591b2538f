/* validate_names.c: names that are there twice, and names that are not there */
#include "config/reading.h"
#include "config/validate_private.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MD5_KEY_MAX = 80 };

static const char *duplicate_rule(enum kind kind)
{
	switch (kind) {
	case KIND_BGP_PEER:
	case KIND_BGP_ADVERTISEMENT:
		return "V-009";
	case KIND_IP_ADDRESS_POOL:
		return "V-055";
	case KIND_BFD_PROFILE:
		return "V-073";
	default:
		return "duplicate-object";
	}
}

static void report_duplicate(struct check *c, const struct object *first,
			     const struct object *second)
{
	struct place place = check_place(c, first, "metadata.name");
	struct diag *diag = check_error(c, second, "metadata.name", duplicate_rule(second->kind),
					"there are two of this name");

	diag_related(c->diags, diag, place, "the first one");
}

/* An index has equal names side by side, the first in the files first. */
void validate_duplicates(struct check *c)
{
	for (enum kind kind = KIND_NONE; kind < KIND_COUNT; kind++) {
		const struct index *index = &c->model->index[kind];

		for (uint32_t i = 1, first = 0; i < index->n; i++) {
			const struct object *a = model_object(c->model, kind, index->at[first]);
			const struct object *b = model_object(c->model, kind, index->at[i]);

			if (object_cmp(a, b) == 0)
				report_duplicate(c, a, b);
			else
				first = i;
		}
	}
}

/* The name of a kind that is nearest to one that is not there. */
static const char *nearest_object(struct check *c, enum kind kind, const char *name)
{
	size_t n = model_count(c->model, kind);
	const char **names, *near;

	if (n == 0 || diags_errors(c->diags) > DIAGS_MAX)
		return NULL;
	names = calloc(n, sizeof(*names));
	if (!names)
		abort();
	for (size_t i = 0; i < n; i++)
		names[i] = model_object(c->model, kind, i)->name;
	near = nearest_name(name, names, n);
	free(names);
	return near;
}

static void hint_nearest(struct check *c, struct diag *diag, enum kind kind, const char *name)
{
	const char *near = nearest_object(c, kind, name);

	if (near)
		diag_hint(c->diags, diag, "did you mean %s?", near);
}

void validate_profiles(struct check *c)
{
	for (size_t i = 0; i < c->model->peers.n; i++) {
		const struct bgp_peer *peer = &c->model->peers.at[i];
		struct diag *diag;

		if (!peer->bfd_profile || model_find_bfd_profile(c->model, peer->bfd_profile))
			continue;
		diag = check_error(c, &peer->object, "spec.bfdProfile", "V-031",
				   "there is no BFDProfile \"%.80s\"", peer->bfd_profile);
		hint_nearest(c, diag, KIND_BFD_PROFILE, peer->bfd_profile);
	}
}

void check_names(struct check *c, const struct object *object, const struct names *names,
		 const char *list, enum kind kind, const char *rule)
{
	char path[PATH_TEXT_MAX];

	for (uint32_t i = 0; i < names->n; i++) {
		struct diag *diag;

		if (model_find(c->model, kind, NULL, names->at[i]))
			continue;
		diag = check_warning(c, object, path_item(path, list, i), rule,
				     "there is no %s \"%.80s\"", kind_name(kind), names->at[i]);
		hint_nearest(c, diag, kind, names->at[i]);
	}
}

void validate_names(struct check *c)
{
	for (size_t i = 0; i < c->model->advertisements.n; i++) {
		const struct bgp_advertisement *adv = &c->model->advertisements.at[i];

		check_names(c, &adv->object, &adv->pools, "spec.ipAddressPools",
			    KIND_IP_ADDRESS_POOL, "unknown-pool");
		check_names(c, &adv->object, &adv->peers, "spec.peers", KIND_BGP_PEER,
			    "unknown-peer");
	}
}

/* The peer's own namespace first, as far as it has one. */
static const struct secret_doc *find_secret(struct check *c, const struct bgp_peer *peer)
{
	const char *ns = peer->object.namespace ? peer->object.namespace : "default";
	const struct object *object = model_find(c->model, KIND_SECRET, ns, peer->password_secret);

	for (size_t i = 0; !object && i < c->model->secrets.n; i++)
		if (strcmp(c->model->secrets.at[i].object.name, peer->password_secret) == 0)
			object = &c->model->secrets.at[i].object;
	return (const void *)object;
}

static void resolve_secret(struct check *c, struct bgp_peer *peer)
{
	const struct secret_doc *secret = find_secret(c, peer);
	const char *field = "spec.passwordSecret.name";
	struct diag *diag = NULL;

	if (!secret) {
		diag = check_error(c, &peer->object, field, "V-028", "there is no Secret \"%.80s\"",
				   peer->password_secret);
		hint_nearest(c, diag, KIND_SECRET, peer->password_secret);
		return;
	}
	if (strcmp(secret->type, "kubernetes.io/basic-auth") != 0)
		diag = check_error(c, &peer->object, field, "V-029",
				   "the Secret is not of type kubernetes.io/basic-auth");
	else if (!secret->has_password)
		diag = check_error(c, &peer->object, field, "V-030",
				   "the Secret has no key password");
	else if (secret->password && strlen(secret->password) > MD5_KEY_MAX)
		diag = check_error(c, &peer->object, field, "password-length",
				   "a TCP MD5 key has at most %d bytes", MD5_KEY_MAX);
	else if (secret->password && *secret->password && !peer->password)
		peer->password = secret->password;
	if (diag)
		diag_related(c->diags, diag, secret->object.place, "the Secret");
}

void validate_secrets(struct check *c)
{
	for (size_t i = 0; i < c->model->peers.n; i++)
		if (c->model->peers.at[i].password_secret)
			resolve_secret(c, &c->model->peers.at[i]);
}
