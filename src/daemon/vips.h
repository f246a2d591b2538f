/* vips.h: the life of every VIP of this node, over all reloads
 *
 * Owns the table of lives (one for each address, whatever plan it came from) and the kernel's
 * vip_set; opens and closes the gates of the running plan as lives go on.  A VIP that leaves the
 * plan is kept here until it is off the interface.  Runs in the loop's thread.
 */
#ifndef MLBGPD_DAEMON_VIPS_H
#define MLBGPD_DAEMON_VIPS_H

#include "base/addr.h"
#include "plan/lifecycle.h"

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct plan;
struct speaker;
struct text;
struct vips;

/* All that was wanted of the kernel is done, or has failed and waits. */
typedef void (*vips_settled_fn)(void *arg);

/* 0 or -errno (-EPERM: no CAP_NET_ADMIN). */
int vips_new(struct vips **ret, sd_event *event, vips_settled_fn settled, void *arg);
/* Before the first plan; gates are told to it.  Borrowed. */
void vips_set_speaker(struct vips *vips, struct speaker *speaker);
/* Leaves the kernel as it is.  NULL does nothing. */
void vips_free(struct vips *vips);

/* A new plan, in two steps, between which the speaker gets it: first the gates of the VIPs that
 * stay announced are opened in it, so that nothing flaps; then lives begin and end.  The plan is
 * borrowed until the next one, and the old one is not touched after the first step. */
void vips_prepare(struct vips *vips, struct plan *plan);
void vips_commit(struct vips *vips);

/* All VIPs leave: sessions have been told to go, so they count as withdrawn.  hold: keep those that
 * are in use for withdrawHold. */
void vips_leave(struct vips *vips, bool hold);
bool vips_are_gone(const struct vips *vips);
bool vips_are_settled(const struct vips *vips);
bool vips_is_ours(const struct vips *vips, const struct addr *addr);

struct vip_status {
	struct addr addr;
	uint8_t length; /* the address's bits, but for a block */
	const char *interface; /* where it is to be */
	char elsewhere[IF_NAMESIZE]; /* where it stands until it is there; "": nowhere else */
	enum vip_state state;
	bool owned, stands; /* there */
	int error; /* the kernel's last, 0: none */
	double hold_left_s; /* < 0: not holding */
	uint32_t index; /* in the plan, or PLAN_NONE */
};

/* False where there is no such VIP. */
bool vips_status(const struct vips *vips, const struct addr *addr, struct vip_status *ret);
/* Where one is not, and why: "VIP 192.0.2.1 is not on vip0: No such device; it stays on lo". */
void vip_status_text(struct text *out, const struct vip_status *status);
/* Those that the plan has and that do not stand where they are to be, by address; how many. */
typedef void (*vips_missing_fn)(void *arg, const struct vip_status *status);
size_t vips_missing(const struct vips *vips, vips_missing_fn fn, void *arg);
size_t vips_count(const struct vips *vips);
size_t vips_count_state(const struct vips *vips, enum vip_state state);
/* All addresses, sorted; to be freed. */
struct addr *vips_list(const struct vips *vips, size_t *n);

#endif
