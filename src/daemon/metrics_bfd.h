/* metrics_bfd.h: the metrics of each BFD session */
#ifndef MLBGPD_DAEMON_METRICS_BFD_H
#define MLBGPD_DAEMON_METRICS_BFD_H

struct daemon;
struct text;

void metrics_add_bfd(struct text *out, const struct daemon *daemon);

#endif
