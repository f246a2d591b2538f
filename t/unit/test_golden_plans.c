/* test_golden_plans.c: t/plans: each file's plan is the one written down beside it
 *
 * NAME.yaml is a configuration, NAME.expect what it comes to, written from the rule that the name
 * says (the paragraph of MetalLB's behaviour).  Lines of it:
 *
 *	lease NAMESPACE/NAME ADDRESS...   an address that the node remembers
 *	node NAME                         what follows is of this node ("a" before the first)
 *	service NAMESPACE/NAME ...        in document order, as plan_text_services() says it
 *	route PEER PREFIX ...             of all sessions, by name; every VIP is taken to stand
 */
#include "plan_text.h"

#include "base/text.h"
#include "config/diag.h"
#include "config/load.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER SRCDIR "/t/plans"

static char *read_path(const char *path)
{
	struct text text = {0};
	char buf[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	cr_assert_not_null(f, "%s", path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		text_add_n(&text, buf, n);
	fclose(f);
	return text_take(&text);
}

static char *read_all(const char *name, const char *end)
{
	struct text path = {0};
	char *ret;

	text_addf(&path, "%s/%s%s", FOLDER, name, end);
	ret = read_path(path.text);
	text_fini(&path);
	return ret;
}

/* "lease default/web 192.0.2.1 2001:db8::1" */
static void add_lease(struct leases *leases, char *line)
{
	struct lease lease = {.namespace = strtok(line, "/")};
	const char *word;

	lease.name = strtok(NULL, " ");
	while ((word = strtok(NULL, " ")))
		cr_assert_eq(addr_parse(&lease.addresses[lease.n_addresses++], word), ADDR_OK);
	leases_set(leases, &lease);
}

static void add_lines(struct text *out, const char *word, char *lines)
{
	for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n"))
		text_addf(out, "%s %s\n", word, line);
	free(lines);
}

static char *plan_lines(const char *yaml, const char *node, const struct leases *leases)
{
	struct planned p = plan_text(yaml, node, leases);
	struct text out = {0};

	plan_open_all(p.plan);
	add_lines(&out, "service", plan_text_full_services(p.plan));
	add_lines(&out, "route", plan_text_routes(p.plan));
	planned_fini(&p);
	return text_take(&out);
}

static void expect_node(const char *name, const char *yaml, const char *node,
			const struct leases *leases, const struct text *wanted)
{
	struct text what = {0};

	text_addf(&what, "%s, node %s", name, node);
	expect_text(what.text, plan_lines(yaml, node, leases), wanted->text ? wanted->text : "");
	text_fini(&what);
}

static void expect_golden(const char *name)
{
	char *yaml = read_all(name, ".yaml"), *expect = read_all(name, ".expect"), *at = NULL;
	struct leases *leases = leases_new();
	struct text wanted = {0};
	const char *node = "a";

	for (char *line = strtok_r(expect, "\n", &at); line; line = strtok_r(NULL, "\n", &at)) {
		if (text_has_prefix(line, "lease ")) {
			add_lease(leases, line + 6);
		} else if (text_has_prefix(line, "node ")) {
			if (wanted.len > 0)
				expect_node(name, yaml, node, leases, &wanted);
			text_fini(&wanted);
			node = line + 5;
		} else {
			text_addf(&wanted, "%s\n", line);
		}
	}
	expect_node(name, yaml, node, leases, &wanted);
	text_fini(&wanted);
	leases_free(leases);
	free(expect);
	free(yaml);
}

Test(golden_plans, each_file_has_the_plan_beside_it, .timeout = 60)
{
	DIR *folder = opendir(FOLDER);
	const struct dirent *entry;
	unsigned n = 0;

	cr_assert_not_null(folder, FOLDER);
	while ((entry = readdir(folder))) {
		char name[256];
		size_t len = strlen(entry->d_name);

		if (len < 6 || strcmp(entry->d_name + len - 5, ".yaml") != 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len - 5, entry->d_name);
		expect_golden(name);
		n++;
	}
	closedir(folder);
	cr_expect_geq(n, 50, "all of %s are read", FOLDER);
}

/* The status of the Service is its memory; what is no load balancer is passed over. */
Test(golden_plans, what_kubectl_prints_of_a_cluster)
{
	char *yaml = read_path(SRCDIR "/t/unit/data/kubectl-get-all.yaml");

	expect_text("kubectl get", plan_lines(yaml, "worker-1", NULL),
		    "service shop/shop has 203.0.113.5 2001:db8:1::5 status\n"
		    "route tor-a 203.0.113.5/32 64512:100\n"
		    "route tor-b 2001:db8:1::5/128 64512:100\n");
	free(yaml);
}
