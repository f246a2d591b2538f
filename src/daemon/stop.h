/* stop.h: the orderly stop: sessions, then VIPs, within stopTimeout */
#ifndef MLBGPD_DAEMON_STOP_H
#define MLBGPD_DAEMON_STOP_H

struct daemon;

/* Begins to stop; asked a second time, holds no VIP any longer.  Ends the loop when done. */
void stop_request(struct daemon *daemon, const char *why);
void stop_fini(struct daemon *daemon);

#endif
