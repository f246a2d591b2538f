/* report_config.c: show config: which files run, and the settings that they come to
 *
 * No text of a document: there are secrets among them.
 */
#include "base/log.h"
#include "base/text.h"
#include "config/digest.h"
#include "config/model.h"
#include "config/settings.h"
#include "config/source.h"
#include "daemon/plan_json.h"
#include "daemon/reload.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>

/* What stands there now, told without reading it. */
static const char *on_disk(const struct source_file *file, int64_t loaded_us)
{
	struct stat st;

	if (stat(file->name, &st) < 0)
		return "gone";
	if ((size_t)st.st_size != file->len ||
	    st.st_mtim.tv_sec * 1000000LL + st.st_mtim.tv_nsec / 1000 > loaded_us)
		return "changed since";
	return "same";
}

static json_t *files_json(const struct generation *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < source_set_count(g->sources); i++) {
		const struct source_file *file = source_set_file(g->sources, (uint16_t)i);
		char digest[DIGEST_TEXT_MAX];

		digest_format(digest, model_file_digest(g->model, (uint16_t)i));
		json_array_append_new(list, json_pack("{s:s, s:I, s:s, s:s}", "name", file->name,
						      "bytes", (json_int_t)file->len, "digest",
						      digest, "onDisk", on_disk(file, g->wall_us)));
	}
	return list;
}

static json_t *duration_json(int64_t ns)
{
	char text[DURATION_TEXT_MAX];

	return json_string(duration_format(text, ns));
}

static json_t *listen_json(const struct listen_addresses *listen)
{
	json_t *list = json_array();
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < listen->n; i++)
		json_array_append_new(
			list,
			json_sprintf(listen->at[i].addr.family == ADDR_IPV6 ? "[%s]:%u" : "%s:%u",
				     addr_format(text, &listen->at[i].addr), listen->at[i].port));
	return list;
}

static json_t *level_json(int level)
{
	return json_string(level == LOG_ERR	  ? "error"
			   : level == LOG_WARNING ? "warning"
			   : level == LOG_INFO	  ? "info"
						  : "debug");
}

static json_t *preference_json(const struct external_preference *p, unsigned field)
{
	static const char *const modes[] = {
		[PREFERENCE_AUTO] = "auto", [PREFERENCE_PREPEND] = "prepend",
		[PREFERENCE_MED] = "med",   [PREFERENCE_COMMUNITY] = "community",
		[PREFERENCE_SEND] = "send", [PREFERENCE_NONE] = "none",
	};

	switch (field) {
	case PREFERENCE_FIELD_MODE:
		return json_string(modes[p->mode]);
	case PREFERENCE_FIELD_PREPEND:
		return json_integer(p->prepend_per_tier);
	case PREFERENCE_FIELD_MED_BASE:
		return json_integer(p->med_base);
	case PREFERENCE_FIELD_MED_PER_TIER:
		return json_integer(p->med_per_tier);
	default:
		return json_text(p->community);
	}
}

static json_t *value_json(const struct daemon_settings *s, unsigned field)
{
	switch (field) {
	case DAEMON_CLASS:
		return json_text(s->load_balancer_class);
	case DAEMON_ROUTER_ID:
		return json_addr(&s->router_id);
	case DAEMON_VIP_INTERFACE:
		return json_text(s->vip_interface);
	case DAEMON_VIP_MODE:
		return json_string(s->vip_mode == VIP_MODE_ROUTE ? "route" : "address");
	case DAEMON_CREATE_INTERFACE:
		return json_boolean(s->create_interface);
	case DAEMON_VIP_LIFETIME:
		return duration_json(s->vip_lifetime_ns);
	case DAEMON_ANNOUNCE_ON_LINK:
		return json_boolean(s->announce_on_link);
	case DAEMON_WITHDRAW_HOLD:
		return duration_json(s->withdraw_hold_ns);
	case DAEMON_STOP_TIMEOUT:
		return duration_json(s->stop_timeout_ns);
	case DAEMON_KEEP_VIPS:
		return json_boolean(s->keep_vips_on_stop);
	case DAEMON_UNREACHABLE:
		return json_boolean(s->unreachable_aggregates);
	case DAEMON_DEFAULT_PROBE:
		return json_string(s->default_probe == DEFAULT_PROBE_LISTENING ? "listening"
									       : "none");
	case DAEMON_LISTEN:
		return listen_json(&s->listen);
	case DAEMON_METRICS:
		return json_text(s->metrics_address);
	case DAEMON_LOG_LEVEL:
		return level_json(s->log_level);
	default:
		return preference_json(&s->preference, field - DAEMON_PREFERENCE);
	}
}

/* By whom: {name, file, line}; null: the default. */
static json_t *origin_json(const struct generation *g, unsigned field)
{
	const struct object *by = model_daemon_giver(g->model, plan_node(g->plan), field);
	struct place at;

	if (!by || by->place.file == SOURCE_NOWHERE)
		return json_null();
	at = model_place(g->sources, by, daemon_kind.fields[field].path);
	return json_pack("{s:s, s:s, s:I}", "name", by->name, "file",
			 source_set_file(g->sources, at.file)->name, "line", (json_int_t)at.line);
}

json_t *report_config(const struct daemon *d)
{
	const struct generation *g = d->running;
	json_t *settings = json_object(), *origins = json_object();
	char *stale = reload_stale_words(d);
	struct timespec now;
	json_t *ret;

	clock_gettime(CLOCK_REALTIME, &now);
	for (unsigned i = 0; i < daemon_kind.n; i++) {
		const char *name = daemon_kind.fields[i].path + strlen("spec.");

		json_object_set_new(settings, name, value_json(plan_settings(g->plan), i));
		json_object_set_new(origins, name, origin_json(g, i));
	}
	ret = json_pack("{s:s, s:b, s:o, s:o, s:I, s:s, s:s, s:o, s:o, s:o}", "node",
			plan_node(g->plan)->object.name, "stale", d->stale, "staleReason",
			json_text(stale), "loaded", report_time(g->wall_us), "ageSeconds",
			(json_int_t)(now.tv_sec - g->wall_us / 1000000), "configDigest",
			model_digest(g->model), "addressDigest", plan_address_digest(g->plan),
			"files", files_json(g), "settings", settings, "origins", origins);
	free(stale);
	return ret;
}
