/* metrics_peer.h: metrics of the BGP sessions */
#ifndef MLBGPD_DAEMON_METRICS_PEER_H
#define MLBGPD_DAEMON_METRICS_PEER_H

struct daemon;
struct text;

void metrics_add_peers(struct text *out, const struct daemon *daemon);

#endif
