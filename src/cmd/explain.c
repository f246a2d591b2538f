/* explain.c: mlbgpd explain: why is it announced, or why not, as the daemon tells it */
#include "cmd/client.h"
#include "cmd/cmd.h"
#include "cmd/options.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

static void on_object(void *arg, const json_t *object)
{
	json_t **answer = arg;

	json_decref(*answer);
	*answer = json_incref((json_t *)object);
}

static void on_item(void *arg, const json_t *item)
{
	json_t **answer = arg;

	json_array_append(json_object_get(*answer, "peers"), (json_t *)item);
}

static const char *word(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static void print_place(const json_t *step)
{
	if (word(step, "file"))
		printf("  (%s:%lld)", word(step, "file"),
		       (long long)json_integer_value(json_object_get(step, "line")));
	putchar('\n');
}

/* The reason stands at the no. */
static void print_step(const json_t *step, const char *reason)
{
	const bool ok = json_is_true(json_object_get(step, "ok"));
	const char *text = word(step, "text");

	printf("  %s  %s", ok ? "yes" : "no ", text ? text : "");
	if (!ok && reason)
		printf(" [%s]", reason);
	print_place(step);
}

static void print_sharer(const json_t *sharer)
{
	const char *reason = word(sharer, "reason");

	printf("  also %s, %s: %s%s%s%s", word(sharer, "service"), reason ? "no" : "yes",
	       word(sharer, "text"), reason ? " [" : "", reason ? reason : "", reason ? "]" : "");
	print_place(sharer);
}

static void print_peer(const json_t *peer)
{
	const char *service = word(peer, "service"), *address = word(peer, "address");
	const char *to = word(peer, "peer");
	const json_t *one;
	size_t i;

	printf("%s%s%s", service ? service : "", service && address ? ", " : "",
	       address ? address : "");
	printf(" %s%s: %s\n", to ? "to peer " : "to any peer", to ? to : "",
	       json_is_true(json_object_get(peer, "announced")) ? "announced" : "not announced");
	json_array_foreach (json_object_get(peer, "chain"), i, one)
		print_step(one, word(peer, "reason"));
	json_array_foreach (json_object_get(peer, "shared"), i, one)
		print_sharer(one);
}

static void print_text(const json_t *answer)
{
	const json_t *peers = json_object_get(answer, "peers");
	const json_t *peer;
	size_t i;

	json_array_foreach ((json_t *)peers, i, peer) {
		if (i > 0)
			putchar('\n');
		print_peer(peer);
	}
	if (json_array_size(peers) == 0)
		puts("not announced: there is no BGPPeer");
}

int cmd_explain(const struct options *o)
{
	static const struct client_ops ops = {.object = on_object, .item = on_item};
	json_t *args, *answer = NULL;
	int status;

	if (o->n_args < 1 || o->n_args > 2) {
		cmd_complain("explain needs a VIP or Service, and maybe a peer; see mlbgpd explain "
			     "--help");
		return EXIT_USAGE;
	}
	args = json_pack("{s:s}", "subject", o->args[0]);
	if (args && o->n_args == 2)
		json_object_set_new(args, "peer", json_string(o->args[1]));
	status = client_ask(o->socket, "explain", args, NULL, &ops, &answer);
	if (status == EXIT_WELL && answer && o->json) {
		json_dumpf(answer, stdout, JSON_INDENT(2));
		putchar('\n');
	} else if (status == EXIT_WELL && answer) {
		print_text(answer);
	}
	json_decref(answer);
	return status;
}
