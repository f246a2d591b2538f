/* validate_names.c: names that are there twice: V-009, V-055, V-073, duplicate-object */
#include "config/validate_private.h"

static void report(struct check *c, const char *rule, const struct object *first,
		   const struct object *second)
{
	struct place place = check_place(c, first, "metadata.name");
	struct diag *diag = check_error(c, second, "metadata.name", rule,
					"there are two %ss of this name, and one is allowed",
					kind_name(second->kind));

	diag_related(c->diags, diag, place, "the other one is here");
}

/* An index has equal names side by side, the first in the files first. */
static void each_once(struct check *c, enum kind kind, const char *rule)
{
	const struct index *index = &c->model->index[kind];

	for (uint32_t i = 1, first = 0; i < index->n; i++) {
		const struct object *a = model_object(c->model, kind, index->at[first]);
		const struct object *b = model_object(c->model, kind, index->at[i]);

		if (object_cmp(a, b) == 0)
			report(c, rule, a, b);
		else
			first = i;
	}
}

void v009_names_of_peers_and_advertisements(struct check *c)
{
	each_once(c, KIND_BGP_PEER, "V-009");
	each_once(c, KIND_BGP_ADVERTISEMENT, "V-009");
}

void v055_names_of_pools(struct check *c)
{
	each_once(c, KIND_IP_ADDRESS_POOL, "V-055");
}

void v073_names_of_profiles(struct check *c)
{
	each_once(c, KIND_BFD_PROFILE, "V-073");
}

/* All other kinds. */
void duplicate_object(struct check *c)
{
	for (enum kind kind = KIND_NONE; kind < KIND_COUNT; kind++)
		if (kind != KIND_BGP_PEER && kind != KIND_BGP_ADVERTISEMENT &&
		    kind != KIND_IP_ADDRESS_POOL && kind != KIND_BFD_PROFILE)
			each_once(c, kind, "duplicate-object");
}
