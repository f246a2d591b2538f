/* diff.c: mlbgpd diff: what would a reload change, told in consequences
 *
 * Compared by the daemon with what it does now, or here with another file (--from).  Both give the
 * same JSON: one object, then one element for each peer whose routes change.
 */
#include "base/array.h"
#include "cmd/client.h"
#include "cmd/cmd.h"
#include "cmd/diff_text.h"
#include "cmd/load.h"
#include "config/diag.h"
#include "config/source.h"
#include "daemon/changes.h"
#include "plan/plan.h"

#include <jansson.h>
#include <stdio.h>

/* The answer is whole before it is printed: "nothing changes" is known only then. */
struct answer {
	json_t *object;
};

static void on_object(void *arg, const json_t *object)
{
	struct answer *a = arg;

	json_decref(a->object);
	a->object = json_incref((json_t *)object);
}

static void on_item(void *arg, const json_t *item)
{
	struct answer *a = arg;

	json_array_append(json_object_get(a->object, "routes"), (json_t *)item);
}

static void take_item(void *arg, json_t *take)
{
	on_item(arg, take);
	json_decref(take);
}

static int load_one(struct generation **ret, const struct config_files *files,
		    const struct options *o)
{
	int status;

	*ret = load_files_of(files, o);
	status = load_report(*ret, o->strict);
	if (status == EXIT_WELL)
		plan_open_all((*ret)->plan);
	return status;
}

static int diff_offline(const struct options *o, struct answer *a)
{
	const struct config_files old_files = {&o->from, 1}, new_files = load_files(o);
	struct generation *old_one = NULL, *new_one = NULL;
	int status;

	status = load_one(&old_one, &old_files, o);
	if (status == EXIT_WELL)
		status = load_one(&new_one, &new_files, o);
	if (status == EXIT_WELL) {
		a->object = changes_object(old_one->plan, new_one->plan);
		changes_routes(old_one->plan, new_one->plan, take_item, a);
	}
	generation_unref(new_one);
	generation_unref(old_one);
	return status;
}

/* Files that are named are read here and sent; else the daemon reads its own. */
static int diff_with_daemon(const struct options *o, struct answer *a)
{
	static const struct client_ops ops = {.object = on_object, .item = on_item};
	const struct config_files files = load_files(o);
	struct source_set *sources = NULL;
	int status = EXIT_WELL;

	if (files.n > 0) {
		struct diags *diags;

		sources = source_set_new();
		diags = diags_new(sources);
		config_files_read(&files, sources, diags);
		diags_print(diags, stderr);
		if (diags_errors(diags) > 0)
			status = EXIT_INVALID;
		diags_free(diags);
	}
	if (status == EXIT_WELL)
		status = client_ask(o->socket, "diff", NULL, sources, &ops, a);
	source_set_free(sources);
	return status;
}

static void print(const struct options *o, const json_t *object)
{
	if (o->json) {
		json_dumpf(object, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		diff_print_text(object);
	}
}

int cmd_diff(const struct options *o)
{
	struct answer a = {NULL};
	int status = o->from ? diff_offline(o, &a) : diff_with_daemon(o, &a);

	if (status == EXIT_WELL && a.object) {
		print(o, a.object);
		if (o->exit_code && diff_is_any(a.object))
			status = EXIT_DIFFERENCES;
	}
	json_decref(a.object);
	return status;
}
