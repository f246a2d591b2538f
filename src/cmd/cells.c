/* cells.c: one JSON value -> words */
#include "cmd/cells.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void add_value(struct text *t, const json_t *value)
{
	if (json_is_string(value))
		text_add(t, json_string_value(value));
	else if (json_is_integer(value))
		text_addf(t, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		text_addf(t, "%.1f", json_real_value(value));
	else if (json_is_boolean(value))
		text_add(t, json_is_true(value) ? "yes" : "no");
}

char *cell_of(const json_t *object, const char *member)
{
	const json_t *value = json_object_get(object, member);
	struct text t = {0};

	if (!value || json_is_null(value))
		return NULL;
	add_value(&t, value);
	return text_take(&t);
}

char *cell_list(const json_t *object, const char *member, size_t most)
{
	const json_t *list = json_object_get(object, member);
	size_t n = json_array_size(list);
	struct text t = {0};

	if (n == 0)
		return NULL;
	for (size_t i = 0; i < n && i < most; i++) {
		if (i > 0)
			text_add(&t, " ");
		add_value(&t, json_array_get(list, i));
	}
	if (n > most)
		text_addf(&t, " +%zu", n - most);
	return text_take(&t);
}

char *cell_seconds(const json_t *object, const char *member)
{
	const json_t *value = json_object_get(object, member);
	long long s = json_integer_value(value);
	struct text t = {0};

	if (!json_is_integer(value))
		return NULL;
	if (s >= 86400)
		text_addf(&t, "%lldd%lldh", s / 86400, s % 86400 / 3600);
	else if (s >= 3600)
		text_addf(&t, "%lldh%lldm", s / 3600, s % 3600 / 60);
	else if (s >= 60)
		text_addf(&t, "%lldm%llds", s / 60, s % 60);
	else
		text_addf(&t, "%llds", s);
	return text_take(&t);
}
