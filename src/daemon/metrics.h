/* metrics.h: the running daemon as metrics: MetalLB's names where MetalLB has the thing, ours begin
 * with mlbgpd_; mlbgpd(8) lists them
 *
 * What is short is taken at once, as it is at the beginning.  The announced services may be many
 * thousand: they are written piece by piece as the reader takes them, from the plan that ran at the
 * beginning and the VIPs as they are then.
 */
#ifndef MLBGPD_DAEMON_METRICS_H
#define MLBGPD_DAEMON_METRICS_H

#include <stddef.h>
#include <stdint.h>

struct daemon;
struct metrics;

/* started_us: CLOCK_REALTIME of the daemon's start. */
struct metrics *metrics_begin(struct daemon *daemon, int64_t started_us);
void metrics_end(struct metrics *metrics);
/* The next bytes; 0: that was all. */
size_t metrics_read(struct metrics *metrics, char *buf, size_t max);

#endif
