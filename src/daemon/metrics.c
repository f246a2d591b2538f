/* metrics.c: what is told of the daemon, its pools, VIPs and services */
#include "daemon/metrics.h"
#include "base/heap.h"
#include "base/text.h"
#include "config.h"
#include "daemon/exposition.h"
#include "daemon/generation.h"
#include "daemon/metrics_bfd.h"
#include "daemon/metrics_peer.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 128 }; /* services */

struct metrics {
	struct daemon *daemon;
	struct generation *generation;
	struct text text; /* not yet read */
	size_t at; /* in text */
	size_t service; /* the next one */
};

/* A family of one sample. */
static void single(struct text *out, const char *name, enum metric_type type, const char *help,
		   double value)
{
	exposition_family(out, name, type, help);
	exposition_sample(out, name, NULL, value);
}

/* A text as a label of a sample that is always 1. */
static void info(struct text *out, const char *name, const char *help, const char *label,
		 const char *value)
{
	struct text labels = {0};

	exposition_family(out, name, METRIC_GAUGE, help);
	exposition_label(&labels, label, value);
	exposition_sample(out, name, labels.text, 1);
	text_fini(&labels);
}

static void add_daemon(struct text *out, const struct daemon *d, int64_t started_us)
{
	const struct plan *plan = d->running->plan;
	bool reloaded = d->reload.wall_us != 0;

	info(out, "mlbgpd_build_info", "The version that runs.", "version", PACKAGE_VERSION);
	single(out, "mlbgpd_start_time_seconds", METRIC_GAUGE, "When the daemon started.",
	       (double)started_us / 1e6);
	info(out, "mlbgpd_config_digest_info",
	     "Digest of the running configuration, to compare nodes by.", "digest",
	     model_digest(plan_model(plan)));
	info(out, "mlbgpd_address_digest_info",
	     "Digest of the addresses given to services, to compare nodes by.", "digest",
	     plan_address_digest(plan));
	single(out, "mlbgpd_loop_longest_turn_seconds", METRIC_GAUGE,
	       "The longest that the event loop was busy with one thing, since the start.",
	       (double)d->turns.longest_us / 1e6);
	single(out, "mlbgpd_loop_long_turns_total", METRIC_COUNTER,
	       "How often that was 50 ms or more.", (double)d->turns.n_long);
	single(out, "mlbgpd_last_reload_success", METRIC_GAUGE,
	       "1: the last reload was accepted, or there was none.", !reloaded || d->reload.ok);
	single(out, "mlbgpd_last_reload_timestamp_seconds", METRIC_GAUGE,
	       "When the last reload ended; before the first one, when the daemon started.",
	       (double)(reloaded ? d->reload.wall_us : started_us) / 1e6);
	single(out, "metallb_k8s_client_config_loaded_bool", METRIC_GAUGE,
	       "1: a configuration was loaded.", 1);
	single(out, "metallb_k8s_client_config_stale_bool", METRIC_GAUGE,
	       "1: the newest configuration was refused, an older one runs.", d->stale);
}

static void add_vips(struct text *out, const struct daemon *d)
{
	static const char name[] = "mlbgpd_vips";

	exposition_family(out, name, METRIC_GAUGE, "VIPs of this node, by state.");
	for (int state = 0; state < VIP_STATE_COUNT; state++) {
		struct text labels = {0};

		exposition_label(&labels, "state", vip_state_name(state));
		exposition_sample(out, name, labels.text, (double)vips_count_state(d->vips, state));
		text_fini(&labels);
	}
}

static void add_services(struct text *out, const struct plan *plan)
{
	static const char name[] = "mlbgpd_services";
	static const char *const words[] = {
		[SERVICE_ALLOCATED] = "allocated",
		[SERVICE_PENDING] = "pending",
		[SERVICE_NONE] = "none",
	};
	size_t n, count[sizeof(words) / sizeof(*words)] = {0};
	const struct plan_service *services = plan_services(plan, &n);

	for (size_t i = 0; i < n; i++)
		if (!services[i].whole_pool)
			count[services[i].state]++;
	exposition_family(out, name, METRIC_GAUGE,
			  "Services of type LoadBalancer, by whether they have addresses.");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct text labels = {0};

		exposition_label(&labels, "state", words[i]);
		exposition_sample(out, name, labels.text, (double)count[i]);
		text_fini(&labels);
	}
}

static double pool_total(const struct plan_pool *pool)
{
	return (double)pool->capacity_ipv4 + (double)pool->capacity_ipv6;
}

static double pool_total_ipv4(const struct plan_pool *pool)
{
	return (double)pool->capacity_ipv4;
}

static double pool_total_ipv6(const struct plan_pool *pool)
{
	return (double)pool->capacity_ipv6;
}

static double pool_in_use(const struct plan_pool *pool)
{
	return (double)pool->in_use_ipv4 + (double)pool->in_use_ipv6;
}

static double pool_in_use_ipv4(const struct plan_pool *pool)
{
	return (double)pool->in_use_ipv4;
}

static double pool_in_use_ipv6(const struct plan_pool *pool)
{
	return (double)pool->in_use_ipv6;
}

static void add_pools(struct text *out, const struct plan *plan)
{
	static const struct {
		const char *name, *help;
		double (*value)(const struct plan_pool *pool);
	} families[] = {
		{"metallb_allocator_addresses_total", "Usable addresses of a pool.", pool_total},
		{"metallb_allocator_addresses_in_use_total", "Addresses of a pool in use.",
		 pool_in_use},
		{"metallb_allocator_ipv4_addresses_total", "Usable IPv4 addresses of a pool.",
		 pool_total_ipv4},
		{"metallb_allocator_ipv4_addresses_in_use_total",
		 "IPv4 addresses of a pool in use.", pool_in_use_ipv4},
		{"metallb_allocator_ipv6_addresses_total", "Usable IPv6 addresses of a pool.",
		 pool_total_ipv6},
		{"metallb_allocator_ipv6_addresses_in_use_total",
		 "IPv6 addresses of a pool in use.", pool_in_use_ipv6},
	};
	size_t n;
	const struct plan_pool *pools = plan_pools(plan, &n);

	for (size_t f = 0; f < sizeof(families) / sizeof(*families); f++) {
		exposition_family(out, families[f].name, METRIC_GAUGE, families[f].help);
		for (size_t i = 0; i < n; i++) {
			struct text labels = {0};

			exposition_label(&labels, "pool", pools[i].pool->object.name);
			exposition_sample(out, families[f].name, labels.text,
					  families[f].value(&pools[i]));
			text_fini(&labels);
		}
	}
}

static const char announced[] = "metallb_speaker_announced";

struct metrics *metrics_begin(struct daemon *d, int64_t started_us)
{
	struct metrics *m = heap_new_of(struct metrics);

	m->daemon = d;
	m->generation = generation_ref(d->running);
	add_daemon(&m->text, d, started_us);
	metrics_add_peers(&m->text, d);
	metrics_add_bfd(&m->text, d);
	add_vips(&m->text, d);
	add_services(&m->text, d->running->plan);
	add_pools(&m->text, d->running->plan);
	exposition_family(&m->text, announced, METRIC_GAUGE,
			  "Always 1: this node announces the service's address.");
	return m;
}

void metrics_end(struct metrics *m)
{
	generation_unref(m->generation);
	text_fini(&m->text);
	free(m);
}

static void add_announced(struct metrics *m, const struct plan_service *s, const struct addr *addr)
{
	const struct object *object = &s->service->object;
	struct text labels = {0}, service = {0};
	struct vip_status status;
	char ip[ADDR_TEXT_MAX];

	if (!s->advertised || !vips_status(m->daemon->vips, addr, &status) ||
	    status.state != VIP_ANNOUNCED)
		return;
	text_addf(&service, "%s/%s", object->namespace, object->name);
	exposition_label(&labels, "service", service.text);
	exposition_label(&labels, "protocol", "bgp");
	exposition_label(&labels, "node", plan_node(m->generation->plan)->object.name);
	exposition_label(&labels, "ip", addr_format(ip, addr));
	exposition_sample(&m->text, announced, labels.text, 1);
	text_fini(&labels);
	text_fini(&service);
}

/* Something to read, unless that was all. */
static void refill(struct metrics *m)
{
	size_t n;
	const struct plan_service *services = plan_services(m->generation->plan, &n);

	m->at = 0;
	m->text.len = 0;
	while (m->text.len == 0 && m->service < n)
		for (size_t i = 0; i < PIECE && m->service < n; i++, m->service++)
			for (size_t k = 0; k < services[m->service].n_addresses; k++)
				add_announced(m, &services[m->service],
					      &services[m->service].addresses[k]);
}

size_t metrics_read(struct metrics *m, char *buf, size_t max)
{
	size_t len;

	if (m->at == m->text.len)
		refill(m);
	len = m->text.len - m->at;
	if (len > max)
		len = max;
	memcpy(buf, m->text.text + m->at, len);
	m->at += len;
	return len;
}
