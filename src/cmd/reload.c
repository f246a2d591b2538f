/* reload.c: mlbgpd reload, mlbgpd reset: requests that change something */
#include "cmd/client.h"
#include "cmd/cmd.h"
#include "cmd/options.h"

int cmd_reload(const struct options *o)
{
	if (o->n_args > 0) {
		cmd_complain("reload takes no file: the daemon reads its own");
		return EXIT_USAGE;
	}
	if (o->confirm) {
		cmd_complain("reload --confirm: not available in this version");
		return EXIT_USAGE;
	}
	return client_ask(o->socket, "reload", NULL, NULL, NULL, NULL);
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
