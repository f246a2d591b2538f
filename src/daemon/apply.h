/* apply.h: makes a generation the running one: the order of the phases, nothing else */
#ifndef MLBGPD_DAEMON_APPLY_H
#define MLBGPD_DAEMON_APPLY_H

struct daemon;
struct generation;

/* Takes the generation; the old one is freed once nobody reports from it. */
void apply_generation(struct daemon *daemon, struct generation *take);
/* The next start counts on what runs: keeps its addresses, and its documents, by the worker. */
void apply_keep(struct daemon *daemon);

#endif
