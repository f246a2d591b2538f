/* take_probe.c: the probe of a HealthCheck */
#include "config/loader.h"
#include "config/schema_mlbgpd.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { SECONDS_MAX = 86400, UNIT_NAME_MAX = 255 };

static const char *const probe_fields[] = {
	[PROBE_HTTP_GET] = "httpGet",
	[PROBE_TCP_SOCKET] = "tcpSocket",
	[PROBE_EXEC] = "exec",
	[PROBE_LISTENING] = "listening",
	[PROBE_SYSTEMD_UNIT] = "systemdUnit",
};
enum { PROBES = sizeof(probe_fields) / sizeof(probe_fields[0]) };

const char *probe_field(enum probe_type type)
{
	return probe_fields[type];
}

/* ---- texts with variables ---- */

static void note_variable(struct reading *r, const char *path, const char *name, size_t len,
			  struct probe *probe)
{
	static const char *const names[] = {"VIP", "SERVICE", "NAMESPACE"};
	char written[32];
	const char *near;
	struct diag *diag;

	for (unsigned i = 0; i < 3; i++) {
		if (strlen(names[i]) != len || strncmp(names[i], name, len) != 0)
			continue;
		if (i == 0)
			probe->per_vip = true;
		else
			probe->per_service = true;
		return;
	}
	snprintf(written, sizeof(written), "%.*s", (int)len, name);
	near = nearest_name(written, names, 3);
	diag = reading_error(r, path, "bad-value",
			     "$(%.30s) is not one of: $(VIP), $(SERVICE), $(NAMESPACE)", written);
	if (near)
		diag_hint(r->diags, diag, "did you mean $(%s)?", near);
	else
		diag_hint(r->diags, diag, "for the text $(%s) itself write $$(%s)", written,
			  written);
}

/* Notes which variables a text has; there is no shell, so no others mean anything. */
static const char *take_expanding(struct reading *r, const char *raw, const char *path,
				  struct probe *probe)
{
	const char *at = raw;

	while (at && (at = strchr(at, '$'))) {
		const char *end = strchr(at, ')');

		if (strncmp(at, "$$(", 3) == 0) {
			at += 3;
		} else if (at[1] != '(') {
			at++;
		} else if (!end) {
			reading_error(r, path, "bad-value", "no ) follows $(");
			break;
		} else {
			note_variable(r, path, at + 2, (size_t)(end - at - 2), probe);
			at = end;
		}
	}
	return take_string(r, raw);
}

/* ---- the five probes ---- */

static uint16_t take_port(struct reading *r, const int64_t *raw, const char *path)
{
	uint32_t port = 0;

	take_u32(r, raw, path, "bad-value", 1, UINT16_MAX, &port);
	return (uint16_t)port;
}

static const char *take_host(struct reading *r, const char *raw, const char *path,
			     struct probe *probe)
{
	struct diag *diag;

	if (raw && (!*raw || strpbrk(raw, "/[] \t\r\n"))) {
		diag = reading_error(r, path, "bad-value",
				     "\"%.60s\" is neither the name of a host nor an address", raw);
		diag_hint(r->diags, diag,
			  "scheme, port and path have fields of their own, and IPv6 addresses no"
			  " brackets");
	}
	return take_expanding(r, raw ? raw : "$(VIP)", path, probe);
}

static bool is_visible(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	return true;
}

/* RFC 9110 5.6.2 */
static bool is_token(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("!#$%&'*+-.^_`|~", *text))
			return false;
	return true;
}

/* RFC 9110 5.5: no control characters but a tab */
static bool is_header_value(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7f)
			return false;
	return true;
}

static void take_header(struct reading *r, const char *item, struct probe *probe,
			struct http_header *ret)
{
	char path[PATH_TEXT_MAX];
	const char *name = take_tree_text(r, path_key(path, item, "name")), *value;

	*ret = (struct http_header){"", ""};
	if (name && !is_token(name))
		reading_error(r, path, "bad-value", "\"%.60s\" can't be the name of a header",
			      name);
	if (name)
		ret->name = take_string(r, name);
	value = take_tree_text(r, path_key(path, item, "value"));
	if (value && !is_header_value(value))
		reading_error(r, path, "bad-value", "a control character in the value of a header");
	if (value)
		ret->value = take_expanding(r, value, path, probe);
}

static void take_http_get(struct reading *r, const struct raw_http_get *raw, struct probe *probe)
{
	static const char headers_path[] = "spec.probe.httpGet.httpHeaders";
	struct http_header *headers;

	probe->host = take_host(r, raw->host, "spec.probe.httpGet.host", probe);
	probe->port = take_port(r, raw->port, "spec.probe.httpGet.port");
	probe->https = raw->scheme && *raw->scheme == SCHEME_HTTPS;
	probe->path =
		take_expanding(r, raw->path ? raw->path : "/", "spec.probe.httpGet.path", probe);
	if (raw->path && (raw->path[0] != '/' || !is_visible(raw->path)))
		reading_error(r, "spec.probe.httpGet.path", "bad-value",
			      "a path begins with / and has no blanks");
	headers = arena_array_of(r->loader->arena, struct http_header, raw->headers_count + 1);
	for (uint32_t i = 0; i < raw->headers_count; i++) {
		char item[PATH_TEXT_MAX];

		if (raw->headers[i])
			take_header(r, path_item(item, headers_path, i), probe,
				    &headers[probe->n_headers++]);
	}
	probe->headers = headers;
}

static void take_exec(struct reading *r, const struct raw_exec *raw, struct probe *probe)
{
	static const char list[] = "spec.probe.exec.command";
	const char **words = arena_array_of(r->loader->arena, const char *, raw->command_count + 1);
	yaml_node_t *node = reading_node(r, list);

	for (uint32_t i = 0; i < raw->command_count; i++) {
		char path[PATH_TEXT_MAX];
		const char *text = take_tree_text(r, path_item(path, list, i));

		if (text)
			words[probe->command.n++] = take_expanding(r, text, path, probe);
	}
	probe->command.at = words;
	if (node && node->type == YAML_SEQUENCE_NODE &&
	    (node_count(node) == 0 || (probe->command.n > 0 && !*words[0])))
		reading_error(r, list, "bad-value", "the program to run is missing");
}

static bool is_unit_name(const char *text)
{
	static const char *const suffixes[] = {".service", ".socket",	 ".target", ".timer",
					       ".path",	   ".mount",	 ".slice",  ".scope",
					       ".swap",	   ".automount", ".device"};
	size_t len = strlen(text);

	if (len > UNIT_NAME_MAX || strpbrk(text, "/ \t\r\n"))
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t tail = strlen(suffixes[i]);

		if (len > tail && strcmp(text + len - tail, suffixes[i]) == 0)
			return true;
	}
	return false;
}

static void take_unit(struct reading *r, struct probe *probe)
{
	static const char path[] = "spec.probe.systemdUnit.name";
	const char *text = take_tree_text(r, path);
	struct diag *diag;

	if (!text)
		return;
	probe->unit = take_expanding(r, text, path, probe);
	if (is_unit_name(text))
		return;
	diag = reading_error(r, path, "bad-value", "\"%.80s\" can't be the name of a unit", text);
	if (*text && !strpbrk(text, "./ \t\r\n"))
		diag_hint(r->diags, diag, "did you mean %s.service?", text);
}

static void report_no_probe(struct reading *r)
{
	struct diag *diag = reading_error(r, "spec.probe", "V-003", "a probe is missing");

	diag_hint(
		r->diags, diag,
		"one of: httpGet, tcpSocket, exec, systemdUnit, listening (written listening: {})");
}

/* What is written counts, though it may be wrong. */
static void take_type(struct reading *r, struct probe *probe)
{
	yaml_node_t *first = NULL;

	for (unsigned i = 0; i < PROBES; i++) {
		char path[PATH_TEXT_MAX];
		yaml_node_t *node = reading_node(r, path_key(path, "spec.probe", probe_fields[i]));
		struct diag *diag;

		if (!node || node_is_null(node))
			continue;
		if (!first) {
			first = node;
			probe->type = (enum probe_type)i;
			continue;
		}
		diag = reading_error(r, path, "bad-value",
				     "a check has one probe, here is another");
		diag_related(r->diags, diag, document_place(r->doc, first->start_mark),
			     "the other one is here");
	}
	if (!first)
		report_no_probe(r);
}

static int64_t take_seconds(struct reading *r, const double *raw, const char *path, bool zero_too,
			    int64_t otherwise_ns)
{
	if (!raw)
		return otherwise_ns;
	/* a nanosecond or more */
	if (*raw <= SECONDS_MAX && (*raw >= 1e-9 || (zero_too && *raw == 0)))
		return (int64_t)(*raw * 1e9);
	reading_error(r, path, "bad-value", "%g is not %s and at most %d", *raw,
		      zero_too ? "0 or more" : "above 0", SECONDS_MAX);
	return otherwise_ns;
}

static void take_times(struct reading *r, const struct raw_probe *raw, struct probe *probe)
{
	static const int64_t second = 1000000000;

	probe->initial_delay_ns =
		take_seconds(r, raw->initial_delay_s, "spec.probe.initialDelaySeconds", true, 0);
	probe->period_ns =
		take_seconds(r, raw->period_s, "spec.probe.periodSeconds", false, 10 * second);
	probe->timeout_ns =
		take_seconds(r, raw->timeout_s, "spec.probe.timeoutSeconds", false, second);
	take_u32(r, raw->success_threshold, "spec.probe.successThreshold", "bad-value", 1,
		 INT32_MAX, &probe->success_threshold);
	take_u32(r, raw->failure_threshold, "spec.probe.failureThreshold", "bad-value", 1,
		 INT32_MAX, &probe->failure_threshold);
}

void take_probe(struct reading *r, const struct raw_probe *raw, struct probe *probe)
{
	probe->success_threshold = 1;
	probe->failure_threshold = 3;
	take_times(r, raw, probe);
	take_type(r, probe);
	if (raw->http_get)
		take_http_get(r, raw->http_get, probe);
	if (raw->tcp_socket) {
		probe->host =
			take_host(r, raw->tcp_socket->host, "spec.probe.tcpSocket.host", probe);
		probe->port = take_port(r, raw->tcp_socket->port, "spec.probe.tcpSocket.port");
	}
	if (raw->exec)
		take_exec(r, raw->exec, probe);
	if (raw->listening)
		probe->per_vip = true;
	if (raw->systemd_unit)
		take_unit(r, probe);
}
