/* diff_text.c: what changes, the costly things first */
#include "cmd/diff_text.h"

#include <stdio.h>

enum { TOLD = 20 }; /* of each list; the rest is counted */

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
	       count(diff, "sessions", "restarted") || count(diff, "vips", "added") ||
	       count(diff, "vips", "removed") || count(diff, "bfd", "added") ||
	       count(diff, "bfd", "removed") || count(diff, "bfd", "changed") ||
	       json_array_size(json_object_get(diff, "routes")) ||
	       json_array_size(json_object_get(diff, "deferred"));
}

static void print_list(const json_t *list, const char *indent, const char *mark, const char *what)
{
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n && i < TOLD; i++)
		printf("%s%s %s%s\n", indent, mark, what,
		       json_string_value(json_array_get(list, i)));
	if (n > TOLD)
		printf("%s%s and %zu more\n", indent, mark, n - TOLD);
}

static void print_fields(const json_t *list, const char *words)
{
	const json_t *entry;
	size_t i;

	json_array_foreach ((json_t *)list, i, entry) {
		const char *field = json_string_value(json_object_get(entry, "field"));

		printf("~ session %s %s%s%s\n", json_string_value(json_object_get(entry, "peer")),
		       words, field ? ": " : "", field ? field : "");
	}
}

static void print_routes(const json_t *peer)
{
	const json_t *announced = json_object_get(peer, "announced");
	const json_t *changed = json_object_get(peer, "changed");
	const json_t *withdrawn = json_object_get(peer, "withdrawn");

	printf("routes to %s: %zu announced, %zu changed, %zu withdrawn\n",
	       json_string_value(json_object_get(peer, "peer")), json_array_size(announced),
	       json_array_size(changed), json_array_size(withdrawn));
	print_list(announced, "  ", "+", "");
	print_list(changed, "  ", "~", "");
	print_list(withdrawn, "  ", "-", "");
}

void diff_print_text(const json_t *diff)
{
	const json_t *peer;
	size_t i;

	if (!diff_is_any(diff)) {
		puts("nothing would change");
		return;
	}
	print_list(member(diff, "sessions", "added"), "", "+", "session ");
	print_list(member(diff, "sessions", "removed"), "", "-", "session ");
	print_fields(member(diff, "sessions", "restarted"), "restarts");
	print_fields(json_object_get(diff, "deferred"), "keeps running; at its next start");
	print_list(member(diff, "vips", "added"), "", "+", "VIP ");
	print_list(member(diff, "vips", "removed"), "", "-", "VIP ");
	print_list(member(diff, "bfd", "added"), "", "+", "BFD to ");
	print_list(member(diff, "bfd", "removed"), "", "-", "BFD to ");
	print_list(member(diff, "bfd", "changed"), "", "~", "BFD to ");
	json_array_foreach (json_object_get(diff, "routes"), i, peer)
		print_routes(peer);
	printf("at least %lld UPDATE message%s\n",
	       (long long)json_integer_value(json_object_get(diff, "updates")),
	       json_integer_value(json_object_get(diff, "updates")) == 1 ? "" : "s");
}
