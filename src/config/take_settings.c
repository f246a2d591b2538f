/* take_settings.c: fields that documents of several of our kinds have */
#include "config/loader.h"
#include "config/schema_mlbgpd.h"

#include "base/text.h"

#include <string.h>

const char *take_setting_text(struct reading *r, const char *path, struct settings_doc *doc,
			      unsigned field, const char **ret)
{
	const char *text = take_tree_text(r, path);

	if (!text)
		return NULL;
	setting_give(doc, field);
	*ret = take_string(r, text);
	return *ret;
}

void take_interface(struct reading *r, const char *path, struct settings_doc *doc, unsigned field,
		    const char **ret)
{
	const char *text = take_setting_text(r, path, doc, field, ret);

	if (text && (!*text || strlen(text) > 127 || strpbrk(text, "/ \t")))
		reading_error(r, path, "bad-value", "no interface has this name");
}

/* "65000:$localPref" or "large:65000:1:$localPref" */
static bool is_template(const char *text)
{
	static const char tail[] = ":$localPref";
	size_t len = strlen(text), tail_len = sizeof(tail) - 1, colons = 0;

	if (len <= tail_len || strcmp(text + len - tail_len, tail) != 0)
		return false;
	for (const char *c = text; *c; c++)
		colons += *c == ':';
	return strncmp(text, "large:", 6) == 0 ? colons == 3 : colons == 1;
}

/* A bare mode, which libcyaml is not shown. */
static void take_mode_word(struct reading *r, struct settings_doc *doc, unsigned field,
			   enum preference_mode *ret)
{
	yaml_node_t *node = reading_node(r, "spec.externalPreference");
	const char *word = node_text(node);
	const char *words[SCHEMA_PREFERENCE_MODES], *near;
	struct diag *diag;

	if (!word)
		return;
	for (size_t i = 0; i < SCHEMA_PREFERENCE_MODES; i++) {
		words[i] = schema_preference_modes[i].str;
		if (strcmp(word, words[i]) != 0)
			continue;
		*ret = (enum preference_mode)schema_preference_modes[i].val;
		setting_give(doc, field);
		return;
	}
	diag = reading_error(r, "spec.externalPreference", "bad-value",
			     "\"%.30s\" is not one of: auto, prepend, med, community, send, none",
			     word);
	near = nearest_name(word, words, SCHEMA_PREFERENCE_MODES);
	if (near)
		diag_hint(r->diags, diag, "did you mean %s?", near);
}

void take_preference(struct reading *r, const struct raw_preference *raw, struct settings_doc *doc,
		     unsigned first, struct external_preference *ret)
{
	const char *template;

	take_mode_word(r, doc, first + PREFERENCE_FIELD_MODE, &ret->mode);
	if (!raw)
		return;
	TAKE_SETTING(doc, first + PREFERENCE_FIELD_MODE, raw->mode, &ret->mode);
	take_setting_u32(r, raw->prepend_per_tier, "spec.externalPreference.prependPerTier", 1, 32,
			 doc, first + PREFERENCE_FIELD_PREPEND, &ret->prepend_per_tier);
	take_setting_u32(r, raw->med_base, "spec.externalPreference.medBase", 0, UINT32_MAX, doc,
			 first + PREFERENCE_FIELD_MED_BASE, &ret->med_base);
	take_setting_u32(r, raw->med_per_tier, "spec.externalPreference.medPerTier", 1, UINT32_MAX,
			 doc, first + PREFERENCE_FIELD_MED_PER_TIER, &ret->med_per_tier);
	template = take_setting_text(r, "spec.externalPreference.community", doc,
				     first + PREFERENCE_FIELD_COMMUNITY, &ret->community);
	if (template && !is_template(template))
		reading_error(r, "spec.externalPreference.community", "bad-value",
			      "\"%.60s\" has not the form 65000:$localPref or"
			      " large:65000:1:$localPref",
			      template);
}

void take_setting_u32(struct reading *r, const int64_t *raw, const char *path, uint32_t min,
		      uint32_t max, struct settings_doc *doc, unsigned field, uint32_t *ret)
{
	if (raw && take_u32(r, raw, path, "bad-value", min, max, ret))
		setting_give(doc, field);
}
