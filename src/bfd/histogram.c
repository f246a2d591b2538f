/* histogram.c: times counted in buckets of powers of two */
#include "bfd/histogram.h"

void histogram_add(struct histogram *h, int64_t ns)
{
	const uint64_t us = ns > 0 ? (uint64_t)ns / 1000 : 0;
	const unsigned bits = us ? 64 - (unsigned)__builtin_clzll(us) : 0;

	h->count[bits < HISTOGRAM_BUCKETS ? bits : HISTOGRAM_BUCKETS - 1]++;
	h->n++;
	if (ns > h->max_ns)
		h->max_ns = ns;
}

uint64_t histogram_percentile_us(const struct histogram *h, unsigned percent)
{
	const uint64_t most = (uint64_t)h->max_ns / 1000;
	const uint64_t wanted = (h->n * percent + 99) / 100;
	uint64_t seen = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS && h->n > 0; i++) {
		seen += h->count[i];
		if (seen >= wanted)
			return (1ULL << i) < most ? 1ULL << i : most;
	}
	return most;
}
