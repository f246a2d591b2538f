/* reload.c: mlbgpd reload, confirm, reset: requests that change something */
#include "base/text.h"
#include "cmd/client.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "daemon/confirm.h"

int cmd_reload(const struct options *o)
{
	int64_t ns;

	if (o->n_args > 0) {
		cmd_complain("reload takes no file: the daemon reads its own");
		return EXIT_USAGE;
	}
	if (o->confirm && (duration_parse(&ns, o->confirm) < 0 || !confirm_time_ok(ns))) {
		cmd_complain("reload --confirm %s: must be a duration from 1s to 24h, such as 5m",
			     o->confirm);
		return EXIT_USAGE;
	}
	return client_ask(o->socket, "reload",
			  o->confirm ? json_pack("{s:s}", "confirm", o->confirm) : NULL, NULL, NULL,
			  NULL);
}

int cmd_confirm(const struct options *o)
{
	if (o->n_args > 0) {
		cmd_complain("confirm takes no argument; see mlbgpd confirm --help");
		return EXIT_USAGE;
	}
	return client_ask(o->socket, "confirm", NULL, NULL, NULL, NULL);
}

int cmd_reset(const struct options *o)
{
	if (o->n_args != 1) {
		cmd_complain("reset needs the name of one peer; see mlbgpd reset --help");
		return EXIT_USAGE;
	}
	return client_ask(o->socket, "reset", json_pack("{s:s}", "peer", o->args[0]), NULL, NULL,
			  NULL);
}
