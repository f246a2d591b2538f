/* random_yaml.h: random configurations that are valid, as a list of documents; for property tests
 */
#ifndef MLBGPD_T_RANDOM_YAML_H
#define MLBGPD_T_RANDOM_YAML_H

#include "base/array.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The same numbers for the same seed, everywhere (xorshift64*). */
struct dice {
	uint64_t state;
};
struct dice dice_of(uint64_t seed);
/* Uniform enough in [0, n). */
unsigned dice_roll(struct dice *dice, unsigned n);

struct documents {
	ARRAY(char *) at; /* each a document, owned */
};

/* fixed: no address depends on the order of the documents: each Service asks for one of its own, or
 * has it pinned, and no two share. */
void random_documents(struct documents *ret, struct dice *dice, bool fixed);
void documents_shuffle(struct documents *documents, struct dice *dice);
/* One document less, one changed, one more: some other configuration that has much in common. */
void documents_change(struct documents *documents, struct dice *dice);
/* All as one text; to be freed. */
char *documents_text(const struct documents *documents);
void documents_fini(struct documents *documents);

#endif
