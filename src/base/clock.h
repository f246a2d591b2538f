/* clock.h: monotonic time as a type of its own, so that no wall clock or count of seconds gets in
 *
 * Microseconds since some start (CLOCK_MONOTONIC).  State machines never ask for the time: they
 * are given it.
 */
#ifndef MLBGPD_BASE_CLOCK_H
#define MLBGPD_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct monotime {
	int64_t us; /* 0: never, unset */
};

struct monotime monotime_now(void);

static inline struct monotime monotime_add_us(struct monotime t, int64_t us)
{
	return (struct monotime){t.us + us};
}

/* a - b in microseconds */
static inline int64_t monotime_since_us(struct monotime a, struct monotime b)
{
	return a.us - b.us;
}

static inline bool monotime_is_set(struct monotime t)
{
	return t.us != 0;
}

/* Uniform in [low, high], from the system's random source; for jitter, not for secrets. */
uint64_t random_between(uint64_t low, uint64_t high);

#endif
