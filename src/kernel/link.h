/* link.h: the machine's interfaces: which there are, which are up, and word when that changes
 *
 * A libnl cache of links, kept up to date by the loop.  A lost event leads to a new dump.
 */
#ifndef MLBGPD_KERNEL_LINK_H
#define MLBGPD_KERNEL_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct link_watch;

/* An interface came, went, was renamed, or went up or down. */
typedef void (*link_changed_fn)(void *arg);

/* 0 or -errno. */
int link_watch_new(struct link_watch **ret, sd_event *event, link_changed_fn fn, void *arg);
void link_watch_free(struct link_watch *watch);

/* Index of the interface of that name or altname; 0: there is none. */
uint32_t link_find(const char *name);

/* Is it up, with a carrier?  False where it is gone, too. */
bool link_is_up(uint32_t index);

/* Creates a dummy device of that name and sets it up, where there is no interface of that name.  0,
 * or -errno (-EOPNOTSUPP: this kernel has no dummy devices). */
int link_create_dummy(const char *name);

#endif
