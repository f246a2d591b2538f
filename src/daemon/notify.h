/* notify.h: what systemd is told: READY, RELOADING, STOPPING, STATUS */
#ifndef MLBGPD_DAEMON_NOTIFY_H
#define MLBGPD_DAEMON_NOTIFY_H

struct daemon;

void notify_ready(struct daemon *daemon);
void notify_reloading(const struct daemon *daemon);
void notify_stopping(const struct daemon *daemon);
/* "2 of 2 peers established, 12 of 12 VIPs announced", where that is news. */
void notify_status(struct daemon *daemon);

#endif
