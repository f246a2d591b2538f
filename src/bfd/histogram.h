/* histogram.h: times counted in buckets of powers of two; adding one never allocates */
#ifndef MLBGPD_BFD_HISTOGRAM_H
#define MLBGPD_BFD_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 32 };

/* Bucket 0 counts less than 1 us, bucket N from 2^(N-1) to less than 2^N us. */
struct histogram {
	int64_t max_ns;
	uint64_t n;
	uint64_t count[HISTOGRAM_BUCKETS];
};

/* A time below 0 counts as 0. */
void histogram_add(struct histogram *h, int64_t ns);
/* The time in us that `percent` of all were not above: its bucket's end, or the largest of all
 * where that is less.  0 where there are none. */
uint64_t histogram_percentile_us(const struct histogram *h, unsigned percent);

#endif
