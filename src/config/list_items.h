/* list_items.h: where the items of a large List stand, so that they are read one by one
 *
 * libyaml holds the whole tree of a document, twenty times its text.  What kubectl prints is one
 * document; its items are found by libyaml's events, of which it holds one at a time.
 */
#ifndef MLBGPD_CONFIG_LIST_ITEMS_H
#define MLBGPD_CONFIG_LIST_ITEMS_H

#include "base/array.h"
#include "config/source.h"

#include <stdbool.h>
#include <stddef.h>

struct document;

struct list_item {
	struct place place;
	size_t len;
};
struct list_items {
	ARRAY(struct list_item);
};

/* Fills ret (to be ended by array_fini()) and returns true where the text of the document, which
 * has not been read yet, is a List whose items can be read alone: mappings, no anchors and aliases.
 * False: it must be read whole, also to tell what is wrong with it. */
bool list_items_find(struct document *doc, struct list_items *ret);

#endif
