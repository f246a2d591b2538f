/* daemon.c: mlbgpd without a verb: the daemon */
#include "daemon/daemon.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "daemon/paths.h"

int cmd_daemon(const struct options *o)
{
	const struct daemon_options options = {
		.files = {o->configs.at, o->configs.n},
		.node = o->node,
		.socket = o->socket,
		.state_dir = o->state_dir ? o->state_dir : DEFAULT_STATE_DIR,
		.log_level = o->log_level,
		.no_fallback = o->no_fallback,
	};

	return daemon_run(&options);
}
