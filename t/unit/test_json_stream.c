/* test_json_stream.c: the pieces make one document, readable and sorted, whatever stands in it */
#include "base/json_stream.h"
#include "base/text.h"

#include <criterion/criterion.h>
#include <errno.h>

Test(json_stream, a_member_or_element_a_line)
{
	struct text out = {0};
	struct json_stream s = json_stream_to_text(&out);
	json_t *parsed;

	json_stream_begin_object(&s);
	json_stream_key(&s, "node");
	json_stream_value(&s, json_string("n\"1\n"));
	json_stream_key(&s, "peers");
	json_stream_begin_array(&s);
	json_stream_value(&s, json_pack("{s:i,s:[i,i],s:n}", "port", 179, "asPath", 1, 2, "med"));
	json_stream_text(&s, "{\"med\": 7}");
	json_stream_begin_array(&s);
	json_stream_end_array(&s);
	json_stream_end_array(&s);
	json_stream_key(&s, "empty");
	json_stream_begin_object(&s);
	json_stream_end_object(&s);
	json_stream_key(&s, "unknown \"key\"");
	json_stream_value(&s, NULL);
	json_stream_end_object(&s);
	cr_expect_eq(json_stream_finish(&s), 0);
	cr_expect_str_eq(out.text, "{\n"
				   "  \"node\": \"n\\\"1\\n\",\n"
				   "  \"peers\": [\n"
				   "    {\"asPath\": [1, 2], \"med\": null, \"port\": 179},\n"
				   "    {\"med\": 7},\n"
				   "    []\n"
				   "  ],\n"
				   "  \"empty\": {},\n"
				   "  \"unknown \\\"key\\\"\": null\n"
				   "}\n");
	parsed = json_loads(out.text, 0, NULL);
	cr_assert_not_null(parsed);
	cr_expect_eq(json_object_size(parsed), 4);
	json_decref(parsed);
	text_fini(&out);
}

Test(json_stream, documents_one_after_the_other)
{
	struct text out = {0};
	struct json_stream s = json_stream_to_text(&out);

	json_stream_begin_array(&s);
	json_stream_end_array(&s);
	json_stream_value(&s, json_true());
	json_stream_begin_array(&s);
	json_stream_value(&s, json_real(0.5));
	json_stream_end_array(&s);
	cr_expect_str_eq(out.text, "[]\ntrue\n[\n  0.5\n]\n");
	text_fini(&out);
}

Test(json_stream, takes_the_reference)
{
	struct text out = {0};
	struct json_stream s = json_stream_to_text(&out);
	json_t *value = json_string("x");

	json_stream_value(&s, json_incref(value));
	cr_expect_eq(value->refcount, 1);
	json_decref(value);
	text_fini(&out);
}

Test(json_stream, a_full_disk_is_told)
{
	static const struct {
		const char *path;
		int result;
	} rows[] = {{"/dev/null", 0}, {"/dev/full", -EIO}};

	for (size_t i = 0; i < 2; i++) {
		FILE *f = fopen(rows[i].path, "w");
		struct json_stream s;

		cr_assert_not_null(f, "%s", rows[i].path);
		s = json_stream_to_file(f);
		json_stream_begin_array(&s);
		for (int k = 0; k < 10000; k++)
			json_stream_value(&s, json_integer(k));
		json_stream_end_array(&s);
		cr_expect_eq(json_stream_finish(&s), rows[i].result, "%s", rows[i].path);
		fclose(f);
	}
}
