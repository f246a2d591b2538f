/* test_document.c: files cut into documents; places; what is no YAML; bounds */
#include "config/document.h"
#include "findings.h"

static const struct golden goldens[] = {
	{"an empty file", "", "1:1 no-documents"},
	{"only comments", "# a\n\n---\n# b\n", "1:1 no-documents"},
	{"only a byte order mark", "\xef\xbb\xbf", "1:1 no-documents"},
	{"UTF-16", "\xff\xfe{", "1:1 not-utf-8"},
	{"broken UTF-8", "a: b\nc: \xc3(\n", "2:4 not-utf-8"},
	{"an overlong form", "a: \xc0\xaf\n", "1:4 not-utf-8"},
	{"a surrogate", "a: \xed\xa0\x80\n", "1:4 not-utf-8"},
	{"a control character", "a: b\x01\n", "1:5 control-character"},
	{"a control character of two bytes", "a: b\xc2\x9b\n", "1:5 control-character"},
	{"no character", "a: b\xef\xbf\xbe\n", "1:5 control-character"},
	{"a list instead of an object", "- a\n", "1:1 V-002"},
	{"text instead of an object", "--- text\n", "1:5 V-002"},
	{"no kind and no apiVersion", "a: b\n", "1:1 V-003\n1:1 V-003"},
	{"a kind that is no text", "apiVersion: v1\nkind: []\n", "2:7 V-002"},
	{"an unclosed quote does not hide the next document",
	 "a: \"b\n---\nkind: Servise\napiVersion: v1\n", "2:1 yaml\n3:7 V-001"},
	{"a tab does not hide the next document",
	 "a:\n\tb: c\n---\nkind: Servise\napiVersion: v1\n", "2:1 yaml\n4:7 V-001"},
	{"dots end a document", "a: [\n...\n---\nkind: Servise\napiVersion: v1\n",
	 "2:1 yaml\n4:7 V-001"},
	{"a marker in a block scalar is text", "kind: Servise\napiVersion: v1\nx: |\n  ---\n  y\n",
	 "1:7 V-001"},
	{"comments and a directive before the marker",
	 "# one\n%YAML 1.1\n---\nkind: Servise\napiVersion: v1\n", "4:7 V-001"},
	{"CR LF", "kind: Servise\r\napiVersion: v1\r\n---\r\nkind: Servise\r\napiVersion: v1\r\n",
	 "1:7 V-001\n4:7 V-001"},
	{"CR alone", "kind: Servise\rapiVersion: v1\r---\rkind: Servise\rapiVersion: v1\r",
	 "1:7 V-001\n4:7 V-001"},
	{"columns are characters", "{x: \"\xc3\xa9\xe2\x82\xac\", kind: Servise, apiVersion: v1}\n",
	 "1:17 V-001"},
	{"a byte order mark takes no column", "\xef\xbb\xbfkind: Servise\napiVersion: v1\n",
	 "1:7 V-001"},
	{"a cycle", "a: &x {b: *x}\nkind: y\napiVersion: v1\n", "1:1 too-deep"},
	{"an anchor that is not there", "a: *x\n", "1:4 yaml"},
};

Test(document, goldens)
{
	EXPECT_GOLDEN(goldens);
}

Test(document, aliases_that_multiply, .timeout = 5)
{
	struct text yaml = {0};

	text_add(&yaml, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 9; i++) {
		text_addf(&yaml, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			text_addf(&yaml, "%s*a%d", k > 0 ? "," : "", i - 1);
		text_add(&yaml, "]\n");
	}
	expect_findings("a billion", yaml.text, "1:1 too-deep");
	text_fini(&yaml);
}

Test(document, brackets_without_end, .timeout = 5)
{
	char *yaml = calloc(1, 200002);

	memset(yaml, '[', 200000);
	expect_findings("brackets", yaml, "1:1 too-deep");
	free(yaml);
}

Test(document, a_list_is_its_items)
{
	expect_findings("places in items",
			"apiVersion: v1\nkind: List\nitems:\n"
			"- {apiVersion: v1, kind: Servise}\n"
			"- apiVersion: metallb.io/v1beta1\n"
			"  kind: IPAddressPoolList\n"
			"  items:\n"
			"  - apiVersion: metallb.io/v1beta1\n"
			"    kind: IPAddressPool\n"
			"    metadata: {name: a}\n"
			"    spec:\n"
			"      addresses: [x]\n",
			"4:26 V-001\n12:19 V-053");
	expect_findings("items that are none", "{apiVersion: v1, kind: List, items: 5}",
			"1:37 V-002");
	expect_findings("no items", "{apiVersion: v1, kind: List, items: []}", "");
	expect_findings("an alias to another item",
			"apiVersion: v1\nkind: List\nitems:\n"
			"- {apiVersion: v1, kind: Service, metadata: &m {name: a}, spec: {}}\n"
			"- {apiVersion: v1, kind: Node, metadata: *m}\n",
			"5:3 V-002");
}

Test(document, place_of_a_field_of_a_loaded_object)
{
	struct loaded l = load_text("# c\n---\napiVersion: v1\nkind: List\nitems:\n"
				    "- apiVersion: metallb.io/v1beta1\n"
				    "  kind: IPAddressPool\n"
				    "  metadata: {name: p, labels: {a.b/c: x}}\n"
				    "  spec:\n"
				    "    addresses:\n"
				    "    - 192.0.2.0/25\n"
				    "    - 192.0.2.128/25\n");
	const struct ip_address_pool *pool = model_find_pool(l.model, "p");
	const struct {
		const char *field;
		uint32_t line, column;
	} rows[] = {
		{"spec.addresses[1]", 12, 7}, {"metadata.labels.a.b/c", 8, 39}, {"spec", 10, 5},
		{"spec.nothing", 9, 3},	      {"spec.addresses[2]", 10, 5},	{"nothing", 6, 3},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place place = model_place(l.sources, &pool->object, rows[i].field);
		size_t len;
		const char *line = source_line(l.sources, place, &len);

		cr_expect_eq(place.line, rows[i].line, "%s: line %u", rows[i].field, place.line);
		cr_expect_eq(place.column, rows[i].column, "%s: column %u", rows[i].field,
			     place.column);
		cr_expect(line && len > 0, "%s", rows[i].field);
	}
	loaded_fini(&l);
}
