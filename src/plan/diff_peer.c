/* diff_peer.c: what each field of a peer costs when it changes */
#include "plan/diff.h"

#include "base/text.h"

static bool bfd_differs(const struct bfd_profile *a, const struct bfd_profile *b)
{
	if (!a || !b)
		return a != b;
	return !text_equal(a->object.name, b->object.name) || a->receive_ms != b->receive_ms ||
	       a->transmit_ms != b->transmit_ms || a->echo_ms != b->echo_ms ||
	       a->detect_multiplier != b->detect_multiplier || a->minimum_ttl != b->minimum_ttl ||
	       a->echo_mode != b->echo_mode || a->passive_mode != b->passive_mode;
}

/* Which AS a dynamic one may be: the type of the session tells. */
static bool dynamic_differs(const struct plan_peer *a, const struct plan_peer *b)
{
	return a->peer_asn == 0 && b->peer_asn == 0 && a->type != b->type;
}

static bool in_file(const struct plan_peer *a, const struct plan_peer *b)
{
	return a->password_file || b->password_file;
}

static bool has_password(const struct plan_peer *peer)
{
	return peer->password || peer->password_file;
}

/* The value counts, wherever it stands; of a file that nobody has read, the name. */
static bool is_another_password(const struct plan_peer *a, const struct plan_peer *b)
{
	if (!has_password(a) || !has_password(b))
		return false;
	if ((a->password_file && !a->password) || (b->password_file && !b->password))
		return !text_equal(a->password_file, b->password_file);
	return !text_equal(a->password, b->password);
}

struct visit {
	plan_field_fn fn;
	void *arg;
	enum plan_cost greatest;
};

static void differs(struct visit *v, bool is_different, const char *field, enum plan_cost cost)
{
	if (!is_different)
		return;
	if (v->fn)
		v->fn(v->arg, field, cost);
	if (cost > v->greatest)
		v->greatest = cost;
}

/* The password's value is compared, never told. */
enum plan_cost plan_peer_cost(const struct plan_peer *a, const struct plan_peer *b,
			      plan_field_fn fn, void *arg)
{
	struct visit v = {fn, arg, COST_NOTHING};

#define COST(field, cost, is_different) differs(&v, is_different, field, COST_##cost);
#include "plan/peer_costs.def"
#undef COST
	return v.greatest;
}
