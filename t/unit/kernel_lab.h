/* kernel_lab.h: a VIP set in a network namespace of the test's own, and what it told
 *
 * The time-outs of all tests of one program are the same: Criterion 2.4 loses memory where they
 * differ.
 */
#ifndef MLBGPD_T_UNIT_KERNEL_LAB_H
#define MLBGPD_T_UNIT_KERNEL_LAB_H

#include "kernel/address.h"
#include "kernel/vip.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

struct lab {
	sd_event *event;
	struct vip_set *set;
	size_t stood, adopted, lost, removed, failed, settled;
	int error;
	char words[NETLINK_WORDS_MAX];
};

/* Into a namespace of its own, with lo up; needs root. */
void lab_enter(void);
/* The same, and a set there. */
void lab_open(struct lab *lab);
void lab_close(struct lab *lab);
/* A daemon that was killed: a new set, the kernel as it was. */
void lab_restart(struct lab *lab);
/* Fails the test where the command fails. */
void shell(const char *command);

typedef bool (*condition_fn)(const struct lab *lab);
bool is_settled(const struct lab *lab);
bool has_lost(const struct lab *lab);
bool is_back(const struct lab *lab);
bool has_failed(const struct lab *lab);
/* Runs the loop until then; false after the deadline. */
bool run_until(struct lab *lab, condition_fn condition);

/* base, and the n - 1 addresses behind it, on one interface */
void want(struct lab *lab, const char *base, size_t n, const char *interface);
void want_routes(struct lab *lab, const char *base, size_t n, const char *interface);

/* Addresses but for loopback's and link-local ones; local routes that are not the kernel's. */
void expect_kernel(size_t ours, size_t all);
void expect_routes(size_t ours, size_t all);

#endif
