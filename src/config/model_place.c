/* model_place.c: where a field of an object stands: its text is read again */
#include "config/document.h"
#include "config/model.h"

struct place model_place(const struct source_set *sources, const struct object *object,
			 const char *field)
{
	struct place place = object->place;
	struct document_find found;
	struct document doc;

	if (place.file == SOURCE_NOWHERE || !document_slice(&doc, sources, place, object->len))
		return place;
	if (document_find(&doc, doc.root, field, &found))
		place = document_place(&doc, found.node->start_mark);
	else if (found.key)
		place = document_place(&doc, found.key->start_mark);
	document_fini(&doc);
	return place;
}
