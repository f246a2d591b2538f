/* clock.c: the monotonic clock, and randomness for jitter */
#include "base/clock.h"

#include <sys/random.h>
#include <time.h>

struct monotime monotime_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (struct monotime){(int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000};
}

uint64_t random_between(uint64_t low, uint64_t high)
{
	uint64_t v;

	/* Never blocks once the system is up; without randomness there is no jitter. */
	if (high <= low || getrandom(&v, sizeof(v), GRND_NONBLOCK) != sizeof(v))
		return low;
	return high - low == UINT64_MAX ? v : low + v % (high - low + 1);
}
