/* digest.h: a number that tells whether two configurations say the same
 *
 * FNV-1a of 128 bits: for comparing nodes and noticing a change, not against forgery.  Secrets stay
 * out of it: it is shown to many, and a short password could be guessed from it.
 */
#ifndef MLBGPD_CONFIG_DIGEST_H
#define MLBGPD_CONFIG_DIGEST_H

#include "config/document.h"

__uint128_t digest_start(void);
/* Takes in what an object says; comments, blanks, quotes and line ends make no difference. */
void digest_add(__uint128_t *digest, struct document *doc, const yaml_node_t *root);
/* Takes in another digest. */
void digest_mix(__uint128_t *digest, __uint128_t other);
enum { DIGEST_TEXT_MAX = 33 };
/* Hex; buf is DIGEST_TEXT_MAX long.  Returns buf. */
const char *digest_format(char *buf, __uint128_t digest);

#endif
