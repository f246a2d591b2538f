/* changes_words.c: the difference of two plans in one line, and that of two attribute sets */
#include "daemon/changes_words.h"
#include "base/array.h"
#include "base/heap.h"
#include "daemon/changes.h"
#include "daemon/route_json.h"
#include "plan/diff_traffic.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- attributes ---- */

typedef void (*add_attr_fn)(struct text *out, const struct plan_attrs *attrs);

static void add_local_pref(struct text *out, const struct plan_attrs *a)
{
	if (a->has_local_pref)
		text_addf(out, "%" PRIu32, a->local_pref);
}

static void add_med(struct text *out, const struct plan_attrs *a)
{
	if (a->has_med)
		text_addf(out, "%" PRIu32, a->med);
}

static void add_prepend(struct text *out, const struct plan_attrs *a)
{
	if (a->prepend)
		text_addf(out, "%u", a->prepend);
}

static void add_next_hop(struct text *out, const struct plan_attrs *a)
{
	char text[ADDR_TEXT_MAX];

	if (a->next_hop.family != ADDR_NONE)
		text_add(out, addr_format(text, &a->next_hop));
}

static const struct {
	const char *name, *none;
	add_attr_fn add;
} attributes[] = {
	{"local preference", "default", add_local_pref},
	{"MED", "none", add_med},
	{"AS path prepends", "0", add_prepend},
	{"next hop", "the session's", add_next_hop},
	{"communities", "none", route_add_communities},
	{"large communities", "none", route_add_large_communities},
};

void changes_add_attrs(struct text *out, const struct plan_attrs *before,
		       const struct plan_attrs *after)
{
	size_t start = out->len;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		struct text was = {0}, is = {0};

		attributes[i].add(&was, before);
		attributes[i].add(&is, after);
		if (!text_equal(was.text, is.text))
			text_addf(out, "%s%s %s -> %s", out->len > start ? ", " : "",
				  attributes[i].name, was.text ? was.text : attributes[i].none,
				  is.text ? is.text : attributes[i].none);
		text_fini(&was);
		text_fini(&is);
	}
}

/* ---- one line ---- */

struct prefixes {
	ARRAY(struct prefix);
};

/* Prefixes with one fate, over all peers. */
struct fate {
	struct prefixes all, of_peer; /* sorted */
	const char *peer; /* the one whose they are; the first */
	const char *first;
	size_t n_peers;
	bool hosts_only;
};

struct counts {
	size_t of[CHANGE_BFD_CHANGED + 1];
	size_t all;
	const char *restarting;
	size_t n_restarting;
	struct fate announced, changed, withdrawn;
};

static int prefix_order(const void *a, const void *b)
{
	return prefix_cmp(a, b);
}

static void add_one(void *arg, const void *old_one, const void *new_one)
{
	*array_add((struct prefixes *)arg) = *(const struct prefix *)(old_one ? old_one : new_one);
}

/* What a peer has told joins the rest: mostly it is the same. */
static void join(struct fate *f)
{
	struct prefixes joined = {0};

	if (f->of_peer.n != f->all.n ||
	    memcmp(f->of_peer.at, f->all.at, f->all.n * sizeof(*f->all.at)) != 0) {
		array_merge_walk(f->all.at, f->all.n, f->of_peer.at, f->of_peer.n,
				 sizeof(*joined.at), prefix_order, add_one, &joined);
		array_fini(&f->all);
		f->all = joined;
	}
	f->of_peer.n = 0;
}

static void fate_add(struct fate *f, const struct plan_change *c)
{
	if (!f->peer || strcmp(f->peer, c->peer) != 0) {
		if (f->peer)
			join(f);
		else
			f->hosts_only = true;
		f->peer = c->peer;
		f->first = f->first ? f->first : c->peer;
		f->n_peers++;
	}
	f->hosts_only = f->hosts_only && c->prefix->len == addr_bits(&c->prefix->addr);
	*array_add(&f->of_peer) = *c->prefix;
}

static void count(void *arg, const struct plan_change *change)
{
	struct counts *c = arg;

	c->of[change->what]++;
	c->all++;
	if (change->what == CHANGE_SESSION_RESTARTED &&
	    (!c->restarting || strcmp(c->restarting, change->peer) != 0)) {
		c->restarting = change->peer;
		c->n_restarting++;
	}
	if (change->what == CHANGE_ROUTE_ANNOUNCED)
		fate_add(&c->announced, change);
	else if (change->what == CHANGE_ROUTE_CHANGED)
		fate_add(&c->changed, change);
	else if (change->what == CHANGE_ROUTE_WITHDRAWN)
		fate_add(&c->withdrawn, change);
}

static void add_count(struct text *t, size_t n, const char *one, const char *many, const char *what)
{
	if (n > 0)
		text_addf(t, ", %zu %s %s", n, n == 1 ? one : many, what);
}

static void add_fate(struct text *t, struct fate *f, const char *what)
{
	if (f->n_peers == 0)
		return;
	join(f);
	if (f->hosts_only)
		add_count(t, f->all.n, "VIP", "VIPs", what);
	else
		add_count(t, f->all.n, "prefix", "prefixes", what);
	if (f->n_peers == 1)
		text_addf(t, " %s", f->first);
	else
		text_addf(t, " %zu peers", f->n_peers);
}

static void fate_fini(struct fate *f)
{
	array_fini(&f->all);
	array_fini(&f->of_peer);
}

static void count_vip(void *arg, const struct plan_vip *vip)
{
	(void)vip;
	++*(size_t *)arg;
}

static void count_field(void *arg, const char *field, enum plan_cost cost)
{
	(void)field;
	(void)cost;
	++*(size_t *)arg;
}

char *changes_summary(const struct plan *old_plan, struct plan *new_plan)
{
	struct counts c = {0};
	struct text t = {0};
	size_t settings = 0, interrupted = 0;

	plan_diff(old_plan, new_plan, count, &c);
	plan_diff_settings(old_plan, new_plan, count_field, &settings);
	if (c.all == 0 && settings == 0) {
		text_add(&t, "nothing would change");
		return text_take(&t);
	}
	diff_interrupted(old_plan, new_plan, count_vip, &interrupted);
	text_addf(&t, "%zu session%s restarted", c.n_restarting, c.n_restarting == 1 ? "" : "s");
	add_count(&t, c.of[CHANGE_SESSION_ADDED], "session", "sessions", "added");
	add_count(&t, c.of[CHANGE_SESSION_REMOVED], "session", "sessions", "removed");
	add_count(&t, c.of[CHANGE_VIP_ADDED], "VIP", "VIPs", "added");
	add_count(&t, c.of[CHANGE_VIP_REMOVED], "VIP", "VIPs", "removed");
	add_count(&t, c.of[CHANGE_VIP_MOVED], "VIP", "VIPs", "moved");
	add_fate(&t, &c.announced, "announced to");
	add_fate(&t, &c.changed, "changed at");
	add_fate(&t, &c.withdrawn, "withdrawn from");
	add_count(&t, interrupted, "VIP", "VIPs", "that no peer has meanwhile");
	add_count(&t, settings, "setting", "settings", "changed");
	add_count(&t, c.of[CHANGE_SESSION_DEFERRED], "field", "fields", "put off");
	add_count(&t, c.of[CHANGE_SESSION_REKEYED], "password", "passwords", "changed");
	settings = plan_diff_updates(old_plan, new_plan);
	text_addf(&t, ", %zu UPDATE%s", settings, settings == 1 ? "" : "s");
	fate_fini(&c.announced);
	fate_fini(&c.changed);
	fate_fini(&c.withdrawn);
	return text_take(&t);
}
