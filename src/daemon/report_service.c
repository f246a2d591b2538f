/* report_service.c: show services: who has which address, and why not */
#include "base/text.h"
#include "base/heap.h"
#include "daemon/exit_status.h"
#include "daemon/generation.h"
#include "daemon/plan_json.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "daemon/vips.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 1024 };

/* Holds on to the generation that it began with. */
struct service_stream {
	struct daemon *daemon;
	struct generation *generation;
	uint32_t *order;
	size_t n, at;
	char *name; /* NULL: all */
};

/* Any VIP of a pool that is all VIPs. */
static bool is_any_announced(const struct daemon *d, uint32_t pool)
{
	size_t n;
	const struct plan_vip *vips = plan_vips(d->running->plan, &n);

	for (size_t i = 0; i < n; i++) {
		struct vip_status status;

		if (vips[i].pool == pool && vips_status(d->vips, &vips[i].addr, &status) &&
		    status.state == VIP_ANNOUNCED)
			return true;
	}
	return false;
}

static bool is_announced(const struct daemon *d, const struct plan_service *service)
{
	if (service->whole_pool)
		return is_any_announced(d, service->pool);
	for (size_t i = 0; i < service->n_addresses; i++) {
		struct vip_status status;

		if (vips_status(d->vips, &service->addresses[i], &status) &&
		    status.state == VIP_ANNOUNCED)
			return true;
	}
	return false;
}

static void send_service(const struct service_stream *s, struct control_client *client,
			 const struct plan_service *service)
{
	json_t *object = json_plan_service(s->generation->plan, service);

	json_object_set_new(object, "advertised", json_boolean(is_announced(s->daemon, service)));
	json_object_set_new(object, "healthy", json_null());
	control_send_item(client, object);
}

static bool more(void *arg, struct control_client *client)
{
	struct service_stream *s = arg;
	size_t n;
	const struct plan_service *services = plan_services(s->generation->plan, &n);
	size_t sent = 0;

	for (; s->at < s->n && sent < PIECE; s->at++) {
		const struct plan_service *service = &services[s->order[s->at]];

		if (s->name && !object_is_named(&service->service->object, s->name))
			continue;
		send_service(s, client, service);
		sent++;
	}
	return sent > 0;
}

static void fin(void *arg)
{
	struct service_stream *s = arg;

	generation_unref(s->generation);
	free(s->order);
	free(s->name);
	free(s);
}

static bool any_named(const struct plan *plan, const char *name)
{
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);

	for (size_t i = 0; i < n; i++)
		if (object_is_named(&services[i].service->object, name))
			return true;
	return false;
}

/* Nearest of names with and without namespace. */
static void refuse(const struct plan *plan, struct control_client *client, const char *name)
{
	ARRAY(const char *) names = {0};
	ARRAY(char *) made = {0};
	size_t n;
	const struct plan_service *services = plan_services(plan, &n);

	for (size_t i = 0; i < n; i++) {
		const struct object *o = &services[i].service->object;
		struct text full = {0};

		text_addf(&full, "%s/%s", o->namespace, o->name);
		*array_add(&names) = o->name;
		*array_add(&made) = text_take(&full);
	}
	for (size_t i = 0; i < n && strchr(name, '/'); i++)
		*array_add(&names) = made.at[i];
	report_refuse(client, "no Service ", name, " of type LoadBalancer is known", names.at,
		      names.n);
	for (size_t i = 0; i < n; i++)
		free(made.at[i]);
	array_fini(&made);
	array_fini(&names);
}

void report_services(struct daemon *d, struct control_client *client, const char *name)
{
	struct service_stream *s;

	if (name && !any_named(d->running->plan, name)) {
		refuse(d->running->plan, client, name);
		return;
	}
	s = heap_new_of(struct service_stream);
	s->daemon = d;
	s->generation = generation_ref(d->running);
	s->order = plan_services_sorted(d->running->plan, &s->n);
	s->name = name ? heap_strdup(name) : NULL;
	control_stream(client, more, fin, s);
}
