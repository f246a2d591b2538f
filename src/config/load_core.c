/* load_core.c: Kubernetes' own kinds: Service, Node, Namespace, Secret
 *
 * A mistake in what a Service asks for concerns that Service alone: it is kept as it is written and
 * judged when addresses are given out (rules V-080 to V-092).
 */
#include "config/base64.h"
#include "config/loader.h"
#include "config/schema_core.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATUS_MAX = 8, PORTS_MAX = 4096 };

/* The annotation, in today's spelling or the one before: the new one wins even when empty. */
static const char *annotation(struct reading *r, const char *key)
{
	yaml_node_t *map = reading_node(r, "metadata.annotations");
	char full[80];

	for (int old = 0; old < 2; old++) {
		yaml_node_t *node;
		const char *text;

		snprintf(full, sizeof(full), "%s/%s", old ? "metallb.universe.tf" : "metallb.io",
			 key);
		node = node_get(r->doc, map, full);
		text = node_text(node);
		if (text)
			return *text ? arena_strdup(r->loader->arena, text) : NULL;
		if (node)
			return NULL;
	}
	return NULL;
}

/* Once for a Service, at the first one. */
static void warn_old_annotations(struct reading *r)
{
	static const char *const keys[] = {"loadBalancerIPs", "address-pool", "allow-shared-ip"};
	yaml_node_t *map = reading_node(r, "metadata.annotations");
	char full[80], path[PATH_TEXT_MAX];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct document_find found;
		struct diag *diag;

		snprintf(full, sizeof(full), "metallb.universe.tf/%s", keys[i]);
		if (!node_get(r->doc, map, full) ||
		    !document_find(r->doc, r->root, path_key(path, "metadata.annotations", full),
				   &found))
			continue;
		diag = reading_diag_at(r, DIAG_WARNING, found.key->start_mark, path, "deprecated",
				       "MetalLB has given this prefix up");
		diag_hint(r->diags, diag, "write metallb.io/%s", keys[i]);
		return;
	}
}

/* "TCP" where absent, as the API server fills in */
static const char *take_protocol(struct reading *r, const struct raw_port *raw, uint32_t index)
{
	static const char *const words[] = {"TCP", "UDP", "SCTP"};
	char item[PATH_TEXT_MAX], path[PATH_TEXT_MAX];
	size_t i;

	path_key(path, path_item(item, "spec.ports", index), "protocol");
	i = take_word(r, raw->protocol, path, "bad-value", words, 3);
	return words[i < 3 ? i : 0];
}

static void take_ports(struct reading *r, const struct raw_service_spec *raw,
		       struct service *service)
{
	uint32_t n = raw->ports_count < PORTS_MAX ? raw->ports_count : PORTS_MAX;
	struct service_port *ports = n > 0 ? calloc(n, sizeof(*ports)) : NULL;
	char item[PATH_TEXT_MAX], path[PATH_TEXT_MAX];

	if (raw->ports_count > PORTS_MAX)
		reading_error(r, "spec.ports", "bad-value", "more than %d ports", PORTS_MAX);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t port = 0;

		if (!raw->ports[i])
			continue;
		path_key(path, path_item(item, "spec.ports", i), "port");
		if (!raw->ports[i]->port && !reading_node(r, path))
			reading_error(r, path, "V-003", "the field is missing");
		take_u32(r, raw->ports[i]->port, path, "bad-value", 1, UINT16_MAX, &port);
		ports[service->n_ports++] = (struct service_port){
			.name = take_string(r, raw->ports[i]->name),
			.protocol = take_protocol(r, raw->ports[i], i),
			.port = (uint16_t)port,
		};
	}
	service->ports = loader_share(r->loader, ports, service->n_ports * sizeof(*ports));
	free(ports);
}

static void take_families(struct reading *r, const struct raw_service_spec *raw,
			  struct service *service)
{
	static const char *const policies[] = {"SingleStack", "PreferDualStack",
					       "RequireDualStack"};
	static const char *const families[] = {"IPv4", "IPv6"};
	char path[PATH_TEXT_MAX];
	size_t policy;

	for (uint32_t i = 0; i < raw->families_count; i++) {
		size_t family =
			take_word(r, raw->families[i], path_item(path, "spec.ipFamilies", i),
				  "bad-value", families, 2);

		if (family < 2 && service->n_families < 2)
			service->families[service->n_families++] =
				family == 0 ? ADDR_IPV4 : ADDR_IPV6;
	}
	policy = take_word(r, raw->family_policy, "spec.ipFamilyPolicy", "bad-value", policies, 3);
	service->has_policy = policy < 3;
	if (service->has_policy)
		service->policy = (enum ip_family_policy)policy;
}

/* Status is the API server's: what is no address in it is passed over. */
static void take_status(struct reading *r, struct service *service)
{
	yaml_node_t *list = reading_node(r, "status.loadBalancer.ingress");
	struct addr found[STATUS_MAX] = {0};

	for (size_t i = 0; i < node_count(list) && service->n_status < STATUS_MAX; i++) {
		const char *text = node_text(node_get(r->doc, node_item(r->doc, list, i), "ip"));

		if (text && addr_parse(&found[service->n_status], text) == ADDR_OK)
			service->n_status++;
	}
	if (service->n_status > 0)
		service->status =
			arena_copy(r->loader->arena, found, service->n_status * sizeof(found[0]));
}

/* "" for Cluster; else the pods' labels, sorted: "a=b,c=d" */
static const char *backend_key(struct reading *r, const struct raw_service_spec *raw)
{
	struct labels labels;
	struct text text = {0};
	const char *ret;

	if (!raw->traffic_policy || strcmp(raw->traffic_policy, "Local") != 0)
		return "";
	take_labels(r, reading_node(r, "spec.selector"), "spec.selector", &labels);
	for (uint32_t i = 0; i < labels.n; i++)
		text_addf(&text, "%s%s=%s", i > 0 ? "," : "", labels.at[i].key, labels.at[i].value);
	ret = arena_intern(r->loader->arena, text.text ? text.text : "");
	text_fini(&text);
	return ret;
}

static void check_traffic_policy(struct reading *r, const struct raw_service_spec *raw)
{
	static const char *const words[] = {"Cluster", "Local"};

	take_word(r, raw->traffic_policy, "spec.externalTrafficPolicy", "bad-value", words, 2);
}

static void take_cluster_ips(struct reading *r, const struct raw_service_spec *raw,
			     struct service *service)
{
	const char *one = raw->cluster_ip && *raw->cluster_ip
				  ? arena_strdup(r->loader->arena, raw->cluster_ip)
				  : NULL;
	const char **list;
	uint32_t n = 0;

	if (raw->cluster_ips_count == 0 && !one)
		return;
	list = arena_array_of(r->loader->arena, const char *,
			      raw->cluster_ips_count > 0 ? raw->cluster_ips_count : 1);
	for (uint32_t i = 0; i < raw->cluster_ips_count; i++)
		if (raw->cluster_ips[i])
			list[n++] = arena_strdup(r->loader->arena, raw->cluster_ips[i]);
	if (raw->cluster_ips_count == 0)
		list[n++] = one;
	service->cluster_ips = (struct names){list, n};
}

/* ExternalName and the two that stay inside a cluster are passed over. */
static bool is_load_balancer(struct reading *r, const char *type)
{
	static const char *const words[] = {"LoadBalancer", "ClusterIP", "NodePort",
					    "ExternalName"};

	return take_word(r, type, "spec.type", "bad-value", words, 4) == 0;
}

/* Others are no concern of ours, unless they ask for an address. */
static void warn_of_wish(struct reading *r, const struct raw_service_spec *raw)
{
	struct diag *diag;

	if (!(raw->load_balancer_ip && *raw->load_balancer_ip) &&
	    !annotation(r, "loadBalancerIPs") && !annotation(r, "address-pool"))
		return;
	diag = reading_warning(r, "spec.type", "no-effect",
			       "it asks for an address, which only a Service of type LoadBalancer"
			       " gets");
	diag_hint(r->diags, diag, "type: LoadBalancer");
}

void load_service(struct reading *r, const struct object *object, const void *data)
{
	const struct raw_service_spec *raw = ((const struct raw_service *)data)->spec;
	struct service service = {.object = *object};

	if (!raw || !is_load_balancer(r, raw->type)) {
		*array_add(&r->loader->model->other_services) = (struct other_service){
			*object, raw && raw->type ? take_string(r, raw->type) : "ClusterIP"};
		if (raw)
			warn_of_wish(r, raw);
		return;
	}
	service.load_balancer_class = take_string(r, raw->load_balancer_class);
	if (raw->load_balancer_ip && *raw->load_balancer_ip)
		service.load_balancer_ip = arena_strdup(r->loader->arena, raw->load_balancer_ip);
	service.requested_ips = annotation(r, "loadBalancerIPs");
	service.requested_pool = annotation(r, "address-pool");
	service.sharing_key = annotation(r, "allow-shared-ip");
	warn_old_annotations(r);
	check_traffic_policy(r, raw);
	service.backend_key = backend_key(r, raw);
	take_cluster_ips(r, raw, &service);
	take_ports(r, raw, &service);
	take_families(r, raw, &service);
	take_status(r, &service);
	*array_add(&r->loader->model->services) = service;
}

static bool text_is(const char *text, const char *wanted)
{
	return text && strcmp(text, wanted) == 0;
}

void load_node(struct reading *r, const struct object *object, const void *data)
{
	yaml_node_t *addresses = reading_node(r, "status.addresses");
	yaml_node_t *conditions = reading_node(r, "status.conditions");
	struct node node = {.object = *object};

	(void)data;
	for (size_t i = 0; i < node_count(conditions); i++) {
		yaml_node_t *one = node_item(r->doc, conditions, i);

		if (text_is(node_text(node_get(r->doc, one, "type")), "NetworkUnavailable") &&
		    text_is(node_text(node_get(r->doc, one, "status")), "True"))
			node.network_unavailable = true;
	}
	for (size_t i = 0; i < node_count(addresses) && !node.internal_ip.family; i++) {
		yaml_node_t *one = node_item(r->doc, addresses, i);
		const char *text = node_text(node_get(r->doc, one, "address"));
		struct addr addr;

		if (text && text_is(node_text(node_get(r->doc, one, "type")), "InternalIP") &&
		    addr_parse(&addr, text) == ADDR_OK && addr.family == ADDR_IPV4)
			node.internal_ip = addr;
	}
	*array_add(&r->loader->model->nodes) = node;
}

void load_namespace(struct reading *r, const struct object *object, const void *data)
{
	(void)data;
	*array_add(&r->loader->model->namespaces) = (struct namespace_doc){.object = *object};
}

/* stringData wins over data, which is base64 (RFC 4648). */
void load_secret(struct reading *r, const struct object *object, const void *data)
{
	yaml_node_t *node = node_get(r->doc, r->root, "type");
	const char *type = node_text(node);
	const char *plain = node_text(reading_node(r, "stringData.password"));
	const char *coded = node_text(reading_node(r, "data.password"));
	struct secret_doc secret = {.object = *object};
	char *decoded;

	(void)data;
	secret.type = type ? take_string(r, type) : "Opaque";
	if (plain) {
		secret.password = arena_strdup(r->loader->arena, plain);
	} else if (coded && strcmp(secret.type, "kubernetes.io/basic-auth") == 0) {
		decoded = base64_decode_text(coded);
		if (decoded) {
			secret.password = arena_strdup(r->loader->arena, decoded);
			explicit_bzero(decoded, strlen(decoded));
		} else {
			diag_hint(r->diags,
				  reading_error(r, "data.password", "V-030",
						"the password is no base64, or has a NUL in it"),
				  "under stringData it may stand as it is");
		}
		free(decoded);
	}
	secret.has_password = plain || coded;
	*array_add(&r->loader->model->secrets) = secret;
}
