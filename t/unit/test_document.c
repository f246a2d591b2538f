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
	{"a cycle", "a: &x {b: *x}\nkind: y\napiVersion: v1\n", "1:4 too-deep"},
	{"an anchor twice", "a: &x b\nc: &x d\n", "2:4 yaml"},
	{"a byte order mark amid the file",
	 "a: b\n---\n\xef\xbb\xbf"
	 "c: d\n",
	 "3:1 control-character"},
	{"two documents without a marker",
	 "{apiVersion: v1, kind: Servise}\n{apiVersion: v1, kind: Servise}\n", "2:1 yaml"},
	{"something behind a document", "{apiVersion: v1, kind: Servise} x\n", "1:33 yaml"},
	{"dots alone", "...\n...\n", "1:1 no-documents"},
	{"dots behind dots", "kind: Servise\napiVersion: v1\n...\n...\n# x\n...\n", "1:7 V-001"},
	{"something behind dots", "kind: Servise\napiVersion: v1\n... # x\n---\na: b\n...  x\n",
	 "1:7 V-001\n6:6 yaml"},
	{"something behind dots alone", "... x\n", "1:1 yaml"},
	{"dots at the end of all", "kind: Servise\napiVersion: v1\n...", "1:7 V-001"},
	{"YAML 1.2", "%YAML 1.2\n---\nkind: Servise\napiVersion: v1\n", "3:7 V-001"},
	{"YAML 2.0", "%YAML 2.0\n---\nkind: Servise\napiVersion: v1\n", "1:1 yaml"},
	{"a handle of tags", "%TAG !e! tag:x,1:\n---\nkind: Servise\napiVersion: v1\n",
	 "3:7 V-001"},
	{"another directive", "%FOO x\n---\nkind: Servise\napiVersion: v1\n", "1:5 yaml"},
	{"a tag nobody knows", PEER("!x p") "myASN: 1, peerASN: 1, peerAddress: 192.0.2.1" END,
	 "1:66 V-002"},
	{"a tag that others decode",
	 PEER("!!binary abcd") "myASN: 1, peerASN: 1, peerAddress: 192.0.2.1" END, "1:66 V-002"},
	{"a tag of a mapping", "apiVersion: v1\nkind: Namespace\nmetadata: !!set {name: a}\n",
	 "3:11 V-002"},
	{"tags that say what is there",
	 PEER("!!str p") "myASN: !!int 1, peerASN: 1, peerAddress: 192.0.2.1, ebgpMultiHop: !!bool "
			 "false" END,
	 ""},
	{"a merge key",
	 PEER("p") "<<: {myASN: 1}, myASN: 1, peerASN: 1, peerAddress: 192.0.2.1" END,
	 "2:1 unknown-field"},
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
	expect_findings("brackets", yaml, "1:201 too-deep");
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

/* Bytes that hold NULs. */
static void expect_first(const char *what, const char *bytes, size_t len, const char *rule,
			 const char *words)
{
	struct loaded l = {.sources = source_set_new()};

	l.diags = diags_new(l.sources);
	source_set_add_bytes(l.sources, "t", bytes, len);
	l.model = config_load(l.sources, "a", l.diags);
	cr_assert_gt(diags_errors(l.diags), 0, "%s", what);
	cr_expect_str_eq(diags_get(l.diags, 0)->rule, rule, "%s", what);
	cr_expect(strstr(diags_get(l.diags, 0)->message, words), "%s: %s", what,
		  diags_get(l.diags, 0)->message);
	loaded_fini(&l);
}

Test(document, encodings)
{
	expect_first("UTF-16LE",
		     "\xff\xfe"
		     "a\0",
		     4, "not-utf-8", "UTF-16");
	expect_first("UTF-16BE", "\xfe\xff\0a", 4, "not-utf-8", "UTF-16");
	expect_first("without a mark", "a\0:\0", 4, "not-utf-8", "UTF-16");
	expect_first("without a mark", "\0a\0:", 4, "not-utf-8", "UTF-16");
	expect_first("UTF-32LE", "\xff\xfe\0\0a\0\0\0", 8, "not-utf-8", "UTF-16");
	expect_first("a NUL", "a: b\0c\n", 7, "control-character", "control character");
	expect_first("a mark amid",
		     "a: b\n\xef\xbb\xbf"
		     "c: d\n",
		     13, "control-character", "byte order mark");
}

/* A document of n pieces of text between two others.  The answer does not take long. */
static void expect_many(const char *what, const char *before, const char *piece, int n,
			const char *after, const char *rule, size_t errors)
{
	struct text yaml = {0};
	struct loaded l;

	text_add(&yaml, before);
	for (int i = 0; i < n; i++) {
		for (const char *c = piece; *c; c++) {
			if (*c == '~')
				text_addf(&yaml, "%d", i);
			else
				text_add_n(&yaml, c, 1);
		}
	}
	text_add(&yaml, after);
	l = load_text(yaml.text);
	cr_expect_eq(diags_errors(l.diags), errors, "%s: %zu errors", what, diags_errors(l.diags));
	for (size_t i = 0; i < diags_count(l.diags); i++) {
		const struct diag *d = diags_get(l.diags, i);

		cr_expect(strcmp(d->rule, rule) == 0 || d->severity == DIAG_WARNING, "%s: %s", what,
			  d->rule);
		cr_expect(strlen(d->message) < 2100 && (!d->name || strlen(d->name) < 300) &&
				  (!d->kind || strlen(d->kind) < 300) &&
				  (!d->field || strlen(d->field) < 600),
			  "%s: a finding of many words", what);
	}
	loaded_fini(&l);
	text_fini(&yaml);
}

#define SPEC PEER("p") "myASN: 1, peerASN: 1, peerAddress: 192.0.2.1"
#define POOL_OF HEAD("metallb.io/v1beta1", "IPAddressPool", "p") "addresses: [192.0.2.0/24"

/* Once a second or a minute each, by places that were looked for from the start of the document. */
Test(document, what_is_much_takes_no_time, .timeout = 60)
{
	enum { MANY = 40000, FEW = 5000 };

	expect_many("a field many times", SPEC, ", peerPort: 1179", MANY, END, "duplicate-field",
		    MANY - 1);
	expect_many("unknown fields", SPEC, ", f~: 1", MANY, END, "unknown-field", MANY);
	expect_many("equal selectors", SPEC ", nodeSelectors: [{matchLabels: {a: b}}",
		    ", {matchLabels: {a: b}}", FEW, "]" END, "V-006", FEW);
	expect_many("addresses that are none", POOL_OF, ", x", FEW, "]" END, "V-053", FEW);
	expect_many("names", ADVERTISEMENT("a") "peers: [x", ", p~", FEW, "]" END, "-", 0);
	expect_many("names twice", ADVERTISEMENT("a") "peers: [x", ", x", FEW, "]" END, "V-063",
		    FEW);
	expect_many("items that are none", "{apiVersion: v1, kind: List, items: [x", ", x",
		    MANY - 1, "]}\n", "V-002", MANY);
	expect_many("documents that are none", "", "--- [\n", FEW, "", "yaml", FEW);
	expect_many("anchors", "{a: &x b", ", a~: &a~ b", MANY, "}\n", "too-deep", 1);
	expect_many("aliases", "{apiVersion: v1, kind: List, items: [&x {a: b}", ", *x", MANY,
		    "]}\n", "too-deep", 1);
	expect_many("a long kind", "{apiVersion: metallb.io/v1beta1, kind: ", "x", 1000000, "}\n",
		    "V-001", 1);
	expect_many("a long name", HEAD("metallb.io/v1beta2", "BGPPeer", "\"A"), "x", 1000000, "",
		    "yaml", 1);
	expect_many("a long value", PEER("p") "holdTime: \"", "x", 1000000,
		    "\", myASN: 1, peerASN: 1, peerAddress: 192.0.2.1" END, "V-022", 1);
	expect_many("blank lines", "", "\n", 1000000, "", "no-documents", 1);
	expect_many("comments", "", "# x\n", 1000000, "", "no-documents", 1);
	expect_many("markers", "", "---\n", MANY, "", "no-documents", 1);
}

#define LIST_OF(items) "apiVersion: v1\nkind: List\nitems:\n" items
#define ITEM "- apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: a\n"
#define BAD "- apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: b\n    nonsense: x\n"

/* A large List is read item by item: with the same result as when it is read whole, as a small one
 * is.  What makes it large is a comment behind it. */
Test(document, a_large_list_is_as_a_small_one)
{
	static const char *const lists[] = {
		LIST_OF(ITEM BAD),
		LIST_OF(BAD ITEM) "metadata: {resourceVersion: \"\"}\n",
		"apiVersion: v1\nitems:\n" ITEM BAD "kind: List\n",
		"{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Namespace,\n"
		"metadata: {name: \xc3\xa9, x: y}}, {apiVersion: v1,\nkind: Namespace, metadata: "
		"{name: b, \"z\": 1}}]}\n",
		"{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        {\n            \"kind\": "
		"\"Servise\",\n            \"apiVersion\": \"v1\"\n        }\n    ],\n    \"kind\": "
		"\"ServiceList\"\n}\n",
		"  apiVersion: metallb.io/v1beta1\n  kind: BGPPeerList\n  items:\n  " BAD,
		LIST_OF("- |\n  text\n" ITEM),
		LIST_OF("-\n" ITEM),
		LIST_OF("- apiVersion: v1\n  kind: List\n  items:\n  - {kind: x}\n"),
		LIST_OF("- &a {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n- *a\n"),
		LIST_OF("- !x {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n"),
		LIST_OF(""),
		LIST_OF("  []\n"),
		LIST_OF("  {}\n"),
		LIST_OF(ITEM) "items:\n" BAD,
		LIST_OF(ITEM) "kind: Namespace\n",
		LIST_OF(ITEM) "? [a]\n: b\n",
		LIST_OF(ITEM) "x: y: z\n",
		LIST_OF(ITEM) "---\n" LIST_OF(BAD),
		"kind: List\nitems:\n" ITEM,
		"apiVersion: apps/v1\nkind: DeploymentList\nitems:\n" BAD,
		"apiVersion: v1\nkind: Namespace\nitems:\n" BAD,
		"apiVersion: v1\nkind: List\nother:\n" BAD,
		LIST_OF(ITEM ITEM),
	};
	char comment[1 << 17];

	for (size_t i = 0; i < sizeof(comment) - 2; i++)
		comment[i] = i % 80 ? 'c' : '#';
	memcpy(comment + sizeof(comment) - 2, "\n", 2);
	for (size_t i = 79; i < sizeof(comment) - 2; i += 80)
		comment[i] = '\n';
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct loaded small = load_text(lists[i]), large;
		char *wanted = findings_text(small.diags, NULL), *found;
		struct text yaml = {0};

		text_addf(&yaml, "%s%s", lists[i], comment);
		large = load_text(yaml.text);
		found = findings_text(large.diags, NULL);
		cr_expect_str_eq(found, wanted, "list %zu: found\n%s\nwanted\n%s\n%s", i, found,
				 wanted, lists[i]);
		cr_expect_eq(!small.model, !large.model, "list %zu", i);
		if (small.model && large.model)
			cr_expect_str_eq(model_digest(small.model), model_digest(large.model));
		free(found);
		free(wanted);
		text_fini(&yaml);
		loaded_fini(&small);
		loaded_fini(&large);
	}
}

/* Each item is found and has its place, whatever is around it. */
Test(document, items_of_a_large_list)
{
	struct text yaml = {0};
	struct loaded l;

	text_add(&yaml, LIST_OF(""));
	for (int i = 0; i < 2000; i++)
		text_addf(&yaml,
			  "- apiVersion: v1\n  kind: Service\n  metadata: {name: s%d}\n  spec:\n"
			  "    type: LoadBalancer\n    ports: [{port: %d}]\n",
			  i, i == 1999 ? 0 : 80);
	l = load_text(yaml.text);
	cr_assert_eq(diags_errors(l.diags), 1);
	cr_expect_eq(diags_get(l.diags, 0)->place.line, 3 + 6 * 2000, "%u",
		     diags_get(l.diags, 0)->place.line);
	cr_expect_eq(diags_get(l.diags, 0)->place.column, 20);
	loaded_fini(&l);
	yaml.text[yaml.len - 4] = '9';
	l = load_text(yaml.text);
	cr_assert(l.model);
	{
		size_t n;
		const struct service *services = model_services(l.model, &n);

		cr_expect_eq(n, 2000);
		cr_expect_eq(model_place(l.sources, &services[1000].object, "spec.ports").line,
			     3 + 6 * 1001);
	}
	loaded_fini(&l);
	text_fini(&yaml);
}
