/* options.c: one getopt table for all verbs, and which verb takes which */
#include "cmd/options.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "daemon/paths.h"

#include <getopt.h>
#include <stdarg.h>
#include <string.h>

enum {
	OPT_CONFIG = 256,
	OPT_NODE,
	OPT_SOCKET,
	OPT_STATE_DIR,
	OPT_LOG_LEVEL,
	OPT_NO_FALLBACK,
	OPT_JSON,
	OPT_STRICT,
	OPT_ALL_NODES,
	OPT_STATS,
	OPT_PIN,
	OPT_FROM,
	OPT_EXIT_CODE,
	OPT_WATCH,
	OPT_CONFIRM,
	OPT_HELP,
	OPT_VERSION,
};

static const struct option table[] = {
	{"config", required_argument, NULL, OPT_CONFIG},
	{"node", required_argument, NULL, OPT_NODE},
	{"socket", required_argument, NULL, OPT_SOCKET},
	{"state-dir", required_argument, NULL, OPT_STATE_DIR},
	{"log-level", required_argument, NULL, OPT_LOG_LEVEL},
	{"no-fallback", no_argument, NULL, OPT_NO_FALLBACK},
	{"json", no_argument, NULL, OPT_JSON},
	{"strict", no_argument, NULL, OPT_STRICT},
	{"all-nodes", no_argument, NULL, OPT_ALL_NODES},
	{"stats", no_argument, NULL, OPT_STATS},
	{"pin", no_argument, NULL, OPT_PIN},
	{"from", required_argument, NULL, OPT_FROM},
	{"exit-code", no_argument, NULL, OPT_EXIT_CODE},
	{"watch", no_argument, NULL, OPT_WATCH},
	{"confirm", required_argument, NULL, OPT_CONFIRM},
	{"help", no_argument, NULL, OPT_HELP},
	{"version", no_argument, NULL, OPT_VERSION},
	{NULL, 0, NULL, 0},
};

/* What a verb must take for this option to be right there; 0: every verb does. */
static unsigned needs(int option)
{
	switch (option) {
	case OPT_JSON:
		return TAKES_JSON;
	case OPT_STRICT:
		return TAKES_STRICT;
	case OPT_ALL_NODES:
		return TAKES_ALL_NODES;
	case OPT_STATS:
		return TAKES_STATS;
	case OPT_PIN:
		return TAKES_PIN;
	case OPT_FROM:
		return TAKES_FROM;
	case OPT_EXIT_CODE:
		return TAKES_EXIT_CODE;
	case OPT_WATCH:
		return TAKES_WATCH;
	case OPT_CONFIRM:
		return TAKES_CONFIRM;
	default:
		return 0;
	}
}

static void set_flag(struct options *o, int option)
{
	switch (option) {
	case OPT_NO_FALLBACK:
		o->no_fallback = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case OPT_STRICT:
		o->strict = true;
		break;
	case OPT_ALL_NODES:
		o->all_nodes = true;
		break;
	case OPT_STATS:
		o->stats = true;
		break;
	case OPT_PIN:
		o->pin = true;
		break;
	case OPT_EXIT_CODE:
		o->exit_code = true;
		break;
	case OPT_WATCH:
		o->watch = true;
		break;
	case OPT_HELP:
		o->help = true;
		break;
	case OPT_VERSION:
		o->version = true;
		break;
	default:
		break;
	}
}

static bool set_value(struct options *o, int option, const char *value)
{
	switch (option) {
	case OPT_CONFIG:
		*array_add(&o->configs) = value;
		break;
	case OPT_NODE:
		o->node = value;
		break;
	case OPT_SOCKET:
		o->socket = value;
		break;
	case OPT_STATE_DIR:
		o->state_dir = value;
		break;
	case OPT_FROM:
		o->from = value;
		break;
	case OPT_CONFIRM:
		o->confirm = value;
		break;
	case OPT_LOG_LEVEL:
		o->log_level = log_level_parse(value);
		if (o->log_level < 0) {
			cmd_complain("--log-level %s: must be error, warning, info or debug",
				     value);
			return false;
		}
		break;
	default:
		break;
	}
	return true;
}

void options_init(struct options *o)
{
	*o = (struct options){.socket = DEFAULT_SOCKET, .log_level = -1};
}

void options_fini(struct options *o)
{
	array_fini(&o->configs);
}

/* "mlbgpd: WORDS; see mlbgpd VERB --help" */
static void complain(const char *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void complain(const char *verb, const char *format, ...)
{
	struct text words = {0};
	va_list ap;

	va_start(ap, format);
	text_vaddf(&words, format, ap);
	va_end(ap);
	cmd_complain("%s; see mlbgpd %s%s--help", words.text, verb, *verb ? " " : "");
	text_fini(&words);
}

static void complain_unknown(char *word, int option, const char *verb)
{
	const char *names[sizeof(table) / sizeof(*table)];
	const char *near;
	size_t n = 0;

	if (option > 0 && option < 256) {
		complain(verb, "unknown option -%c", option);
		return;
	}
	if (option > 0) {
		complain(verb, "%s: takes no value", word);
		return;
	}
	for (const struct option *t = table; t->name; t++)
		names[n++] = t->name;
	near = nearest_name(word + strspn(word, "-"), names, n);
	if (near)
		cmd_complain("unknown option %s; did you mean --%s?", word, near);
	else
		complain(verb, "unknown option %s", word);
}

int options_parse(struct options *o, int argc, char **argv, bool first, const char *verb,
		  unsigned takes)
{
	const char *order = first ? "+:" : ":";
	int option, index = 0;

	optind = 0; /* glibc: start anew */
	opterr = 0;
	while ((option = getopt_long(argc, argv, order, table, &index)) != -1) {
		if (option == ':') {
			complain(verb, "%s needs a value", argv[optind - 1]);
			return -1;
		}
		if (option == '?') {
			complain_unknown(argv[optind - 1], optopt, verb);
			return -1;
		}
		if (needs(option) && !(takes & (needs(option) | TAKES_ANYTHING))) {
			complain(verb, "%s takes no option --%s", *verb ? verb : "the daemon",
				 table[index].name);
			return -1;
		}
		if (table[index].has_arg == no_argument)
			set_flag(o, option);
		else if (!set_value(o, option, optarg))
			return -1;
	}
	o->args = argv + optind;
	o->n_args = argc - optind;
	return optind;
}
