/* cmd.c: which verb, and the help of each */
#include "cmd/cmd.h"
#include "base/text.h"
#include "cmd/options.h"
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct verb {
	const char *name;
	int (*run)(const struct options *options); /* NULL: not in this version */
	unsigned takes;
	const char *usage; /* what stands behind the name */
	const char *brief;
	const char *help; /* may be NULL */
};

#define FILES_HELP                                                                           \
	"FILE is a file, a folder (its *.yaml and *.yml by name) or - for standard input.\n" \
	"Without one: those of --config, else /etc/mlbgpd.yaml and /etc/mlbgpd.d/*.yaml.\n"

static const struct verb verbs[] = {
	{"check", cmd_check, TAKES_JSON | TAKES_STRICT | TAKES_ALL_NODES,
	 "[--strict] [--all-nodes] [--json] [FILE...]", "is this configuration valid?",
	 "Needs no daemon and no root.\n" FILES_HELP "\n"
	 "  --strict     warnings are errors\n"
	 "  --all-nodes  for every Node document, not for one node alone\n"
	 "  --json       {valid, errors, warnings} to standard output\n\n"
	 "Status 0: valid; 1: not.\n"},
	{"plan", cmd_plan, TAKES_JSON | TAKES_ALL_NODES | TAKES_STATS | TAKES_PIN,
	 "[--all-nodes] [--json] [--stats] [--pin] [FILE...]", "what does it do on a node?",
	 "Needs no daemon and no root.\n" FILES_HELP "\n"
	 "  --all-nodes  a table: what every Node document's node does with each VIP\n"
	 "  --json       the same facts for programs; with --all-nodes {nodes: [...]}\n"
	 "  --stats      what the plan takes in memory, to standard error\n"
	 "  --pin        print the AddressAllocation that pins all automatic addresses\n"},
	{"diff", cmd_diff, TAKES_JSON | TAKES_FROM | TAKES_EXIT_CODE | TAKES_STRICT,
	 "[--from OLD] [--exit-code] [--json] [FILE...]", "what would a reload change?",
	 FILES_HELP "Compares with what the daemon does now; without any FILE or --config\n"
		    "the daemon reads its own files.\n\n"
		    "  --from OLD   compare with this file or folder instead; needs no daemon\n"
		    "  --exit-code  status 4 where something would change\n"
		    "  --json       the same facts for programs\n"},
	{"reload", cmd_reload, TAKES_CONFIRM, "[--confirm TIME]",
	 "reload, and wait for the verdict",
	 "The daemon reads its files again.  Status 0 once what is new is accepted and done;\n"
	 "1 where it is refused (nothing has changed then); 5 where the system refused a part.\n\n"
	 "  --confirm TIME  goes back after TIME (5m), or as soon as a session that was good goes\n"
	 "                  down, unless mlbgpd confirm comes before\n"},
	{"show", cmd_show, TAKES_JSON | TAKES_WATCH,
	 "summary|peers|vips|routes|services|config [NAME] [--watch] [--json]",
	 "what does the daemon do now?",
	 "NAME keeps one peer (peers, routes), address (vips) or Service (services).\n\n"
	 "  --watch      again every second, until interrupted\n"
	 "  --json       the same facts for programs\n"},
	{"drain", NULL, TAKES_ANYTHING, "PEER|--all|--service NS/NAME", "take traffic away", NULL},
	{"undrain", NULL, TAKES_ANYTHING, "PEER|--all|--service NS/NAME", "give it back", NULL},
	{"reset", cmd_reset, 0, "PEER", "restart one session",
	 "Closes the session with Cease/Administrative Reset; it comes back by itself.\n"},
	{"confirm", cmd_confirm, 0, "", "keep what reload --confirm made",
	 "Status 1 where nothing is on trial.\n"},
	{"explain", cmd_explain, TAKES_JSON, "VIP|SERVICE [PEER] [--json]",
	 "why is it announced, or not?",
	 "One chain of reasons for each peer (or the one named), each with the line that says so,\n"
	 "as far as the first that is not met.  SERVICE is NAMESPACE/NAME, or NAME in any.\n\n"
	 "  --json       {subject, services, peers: [{peer, service, address, announced, reason,\n"
	 "               chain, shared}]}\n\n"
	 "Status 0 for a no as for a yes; 1: no such Service or peer.\n"},
	{"router-config", NULL, TAKES_ANYTHING, "PEER --style S", "the router's side, to paste",
	 NULL},
	{"doctor", NULL, TAKES_ANYTHING, "", "is this host fit?", NULL},
	{"schema", cmd_schema, 0, "", "JSON Schema of all kinds",
	 "For editors and other tools, draft 2020-12.  What is installed beside this program is the\n"
	 "same; it holds the form of all documents, check knows the rules beyond that.\n"},
};
enum { N_VERBS = sizeof(verbs) / sizeof(*verbs) };

void cmd_complain(const char *format, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("mlbgpd: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static const char common_help[] =
	"  --config FILE     a file or folder of documents; may be given again and again\n"
	"  --node NAME       the node to be ($MLBGPD_NODE_NAME, then the host's name)\n"
	"  --socket PATH     control socket (/run/mlbgpd/control.sock)\n"
	"  --state-dir DIR   what is kept over a restart (/var/lib/mlbgpd)\n"
	"  --log-level LEVEL error, warning, info or debug\n"
	"  --no-fallback     never start from the last good documents\n"
	"  --help, --version\n";

static int print_help(void)
{
	printf("mlbgpd announces the addresses that this host serves to its routers, by BGP.\n\n"
	       "usage: mlbgpd [OPTION]...         the daemon, in the foreground\n"
	       "       mlbgpd VERB [OPTION]...    a command\n\nVerbs (mlbgpd VERB --help):\n");
	for (const struct verb *v = verbs; v < verbs + N_VERBS; v++)
		if (v->run)
			printf("  %-14s %s\n", v->name, v->brief);
	printf("\nOptions:\n%s\nSee mlbgpd(8) and mlbgpd.yaml(5).\n", common_help);
	return EXIT_WELL;
}

static int print_verb_help(const struct verb *v)
{
	printf("usage: mlbgpd %s %s\n\n%s\n", v->name, v->usage, v->brief);
	if (!v->run)
		printf("\nNot available in this version.\n");
	if (v->help)
		printf("\n%s", v->help);
	printf("\nCommon options:\n%s", common_help);
	return EXIT_WELL;
}

static const struct verb *find_verb(const char *name)
{
	const char *names[N_VERBS];
	const char *near;

	for (size_t i = 0; i < N_VERBS; i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
		names[i] = verbs[i].name;
	}
	near = nearest_name(name, names, N_VERBS);
	if (near)
		cmd_complain("unknown verb %s; did you mean %s?", name, near);
	else
		cmd_complain("unknown verb %s; see mlbgpd --help", name);
	return NULL;
}

static int run_verb(struct options *options, int argc, char **argv)
{
	const struct verb *v = find_verb(argv[0]);

	if (!v)
		return EXIT_USAGE;
	if (!v->run) {
		for (int i = 1; i < argc; i++)
			if (strcmp(argv[i], "--help") == 0)
				return print_verb_help(v);
		cmd_complain("%s: not available in this version", v->name);
		return EXIT_USAGE;
	}
	if (options_parse(options, argc, argv, false, v->name, v->takes) < 0)
		return EXIT_USAGE;
	if (options->help)
		return print_verb_help(v);
	return v->run(options);
}

static int run(struct options *options, int argc, char **argv)
{
	int at = options_parse(options, argc, argv, true, "", 0);

	if (at < 0)
		return EXIT_USAGE;
	if (options->version) {
		puts(PACKAGE_STRING);
		return EXIT_WELL;
	}
	if (options->help)
		return print_help();
	if (at < argc)
		return run_verb(options, argc - at, argv + at);
	return cmd_daemon(options);
}

int cmd_main(int argc, char **argv)
{
	struct options options;
	int status;

	options_init(&options);
	status = run(&options, argc, argv);
	options_fini(&options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		cmd_complain("writing to standard output failed");
		return EXIT_SYSTEM;
	}
	return status;
}
