/* diff_text.c: what changes: a line in words, then the costly things first */
#include "cmd/diff_text.h"

#include "base/text.h"
#include "cmd/cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOLD = 10 }; /* of each list; the rest is counted */

static const json_t *member(const json_t *diff, const char *group, const char *name)
{
	return json_object_get(json_object_get(diff, group), name);
}

static size_t count(const json_t *diff, const char *group, const char *name)
{
	return json_array_size(member(diff, group, name));
}

bool diff_is_any(const json_t *diff)
{
	return count(diff, "sessions", "added") || count(diff, "sessions", "removed") ||
	       count(diff, "sessions", "restarted") || count(diff, "sessions", "rekeyed") ||
	       count(diff, "sessions", "mayEnd") || count(diff, "vips", "added") ||
	       count(diff, "vips", "removed") || count(diff, "bfd", "added") ||
	       count(diff, "bfd", "removed") || count(diff, "bfd", "changed") ||
	       json_array_size(json_object_get(diff, "routes")) ||
	       json_array_size(json_object_get(diff, "settings")) ||
	       json_array_size(json_object_get(diff, "deferred"));
}

static const char *word(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}

/* A heading, once there is something below it. */
static void begin(bool *any, const char *heading)
{
	if (!*any)
		printf("\n%s\n", heading);
	*any = true;
}

static void print_rest(size_t n)
{
	if (n > TOLD)
		printf("  and %zu more\n", n - TOLD);
}

static void print_names(const json_t *list, bool *any, const char *heading, const char *mark)
{
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n && i < TOLD; i++) {
		begin(any, heading);
		printf("  %s %s\n", mark, json_string_value(json_array_get(list, i)));
	}
	print_rest(n);
}

/* A peer's fields stand together: one line for each peer. */
static void print_fields(const json_t *list, bool *any, const char *heading, const char *words)
{
	size_t n = json_array_size(list), peers = 0;
	const char *last = "";

	for (size_t i = 0; i < n; i++) {
		const json_t *entry = json_array_get(list, i);
		const char *peer = word(entry, "peer");

		if (strcmp(peer, last) == 0) {
			if (peers <= TOLD)
				printf(", %s", word(entry, "field"));
			continue;
		}
		if (peers > 0 && peers <= TOLD)
			putchar('\n');
		last = peer;
		if (++peers > TOLD)
			continue;
		begin(any, heading);
		printf("  ~ %s %s: %s", peer, words, word(entry, "field"));
	}
	if (peers > 0 && peers <= TOLD)
		putchar('\n');
	print_rest(peers);
}

static const char *mark_of(const char *what)
{
	if (strcmp(what, "added") == 0 || strcmp(what, "announced") == 0)
		return "+";
	return strcmp(what, "removed") == 0 || strcmp(what, "withdrawn") == 0 ? "-" : "~";
}

/* "+ 198.51.100.1 of pool public (default/web)", "+ 120 of pool public: 198.51.100.1 ... (...)" */
static void print_group(const json_t *group)
{
	long long n = json_integer_value(json_object_get(group, "n"));
	size_t told = json_array_size(json_object_get(group, "prefixes"));
	size_t services = json_array_size(json_object_get(group, "services"));
	const char *pool = word(group, "pool"), *change = word(group, "change");
	char *names = cell_list(group, "prefixes", told);
	char *who = cell_list(group, "services", services);

	printf("  %s ", mark_of(word(group, "what")));
	if (n > (long long)told)
		printf("%lld%s%s: %s ...", n, *pool ? " of pool " : "", pool, names ? names : "");
	else
		printf("%s%s%s", names ? names : "", *pool ? " of pool " : "", pool);
	if (who)
		printf(" (%s%s)", who, n > (long long)services ? " ..." : "");
	printf("%s%s\n", *change ? ": " : "", change);
	free(names);
	free(who);
}

static void print_groups(const json_t *list)
{
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n && i < TOLD; i++)
		print_group(json_array_get(list, i));
	print_rest(n);
}

static void print_sessions(const json_t *diff)
{
	static const char heading[] = "sessions";
	bool any = false;

	print_fields(member(diff, "sessions", "restarted"), &any, heading, "restarts");
	print_names(member(diff, "sessions", "added"), &any, heading, "+");
	print_names(member(diff, "sessions", "removed"), &any, heading, "-");
	print_fields(json_object_get(diff, "deferred"), &any, heading,
		     "stays; at its next establishment");
	print_fields(member(diff, "sessions", "rekeyed"), &any, heading,
		     "stays, if the router follows within its hold time;");
	print_fields(member(diff, "sessions", "mayEnd"), &any, heading,
		     "stays, but the router is told AdminDown: FRR and BIRD end theirs, and it "
		     "comes back");
	any = false;
	print_names(member(diff, "bfd", "added"), &any, "BFD", "+");
	print_names(member(diff, "bfd", "removed"), &any, "BFD", "-");
	print_names(member(diff, "bfd", "changed"), &any, "BFD", "~");
}

/* "198.51.100.1", "40 (198.51.100.1 198.51.100.2 198.51.100.3 +37)" */
static void print_members(const json_t *entry, const char *members)
{
	size_t n = json_array_size(json_object_get(entry, members));
	char *names = cell_list(entry, members, 3);

	if (n > 1)
		printf("%zu (%s)", n, names);
	else
		fputs(names ? names : "", stdout);
	free(names);
}

static void print_traffic(const json_t *diff)
{
	static const char heading[] = "traffic";
	const json_t *lost = json_object_get(diff, "lost");
	const json_t *order = json_object_get(diff, "preference");
	bool any = false;

	for (size_t i = 0; i < json_array_size(lost) && i < TOLD; i++) {
		const json_t *entry = json_array_get(lost, i);

		begin(&any, heading);
		fputs("  ! no peer has any more: ", stdout);
		print_members(entry, "addresses");
		printf(": %s\n", word(entry, "reason"));
	}
	print_rest(json_array_size(lost));
	if (json_array_size(json_object_get(diff, "interrupted")) > 0) {
		begin(&any, heading);
		fputs("  ! no peer has until its session is back: ", stdout);
		print_members(diff, "interrupted");
		putchar('\n');
	}
	for (size_t i = 0; i < json_array_size(order) && i < TOLD; i++) {
		const json_t *entry = json_array_get(order, i);

		begin(&any, heading);
		fputs("  ~ order of preference of ", stdout);
		print_members(entry, "prefixes");
		printf(": %s; now %s\n", word(entry, "after"), word(entry, "before"));
	}
	print_rest(json_array_size(order));
}

static void print_routes(const json_t *peer)
{
	static const char *const fates[] = {"announced", "changed", "withdrawn"};
	const char *separator = ": ";

	printf("\nroutes to %s", word(peer, "peer"));
	for (size_t i = 0; i < 3; i++) {
		size_t n = json_array_size(json_object_get(peer, fates[i]));

		if (n == 0)
			continue;
		printf("%s%zu %s", separator, n, fates[i]);
		separator = ", ";
	}
	putchar('\n');
	print_groups(json_object_get(peer, "groups"));
}

static void print_settings(const json_t *diff)
{
	const json_t *entry;
	bool any = false;
	size_t i;

	json_array_foreach (json_object_get(diff, "settings"), i, entry) {
		const char *cost = word(entry, "cost");

		begin(&any, "settings of the Daemon");
		printf("  ~ %s%s\n", word(entry, "field"),
		       strcmp(cost, "restart") == 0 ? " (sessions restart)" : "");
	}
}

void diff_print_text(const json_t *diff)
{
	const json_t *routes = json_object_get(diff, "routes");
	const json_t *groups = member(diff, "vips", "groups");

	puts(word(diff, "summary"));
	if (!diff_is_any(diff))
		return;
	print_sessions(diff);
	if (json_array_size(groups) > 0) {
		puts("\nVIPs");
		print_groups(groups);
	}
	print_traffic(diff);
	for (size_t i = 0; i < json_array_size(routes) && i < TOLD; i++)
		print_routes(json_array_get(routes, i));
	if (json_array_size(routes) > TOLD)
		printf("\nand routes to %zu more peers\n", json_array_size(routes) - TOLD);
	print_settings(diff);
}
