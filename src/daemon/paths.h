/* paths.h: where things are unless told otherwise */
#ifndef MLBGPD_DAEMON_PATHS_H
#define MLBGPD_DAEMON_PATHS_H

#define DEFAULT_CONFIG "/etc/mlbgpd.yaml"
#define DEFAULT_CONFIG_DIR "/etc/mlbgpd.d"
#define DEFAULT_SOCKET "/run/mlbgpd/control.sock"
#define DEFAULT_STATE_DIR "/var/lib/mlbgpd"

#endif
