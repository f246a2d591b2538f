/* test_diag.c: order, text and JSON of findings; a secret never shows */
#include "config/diag.h"
#include "config/excerpt.h"
#include "config/source.h"
#include "findings.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct place at(uint32_t line, uint32_t column, uint32_t offset)
{
	return (struct place){.line = line, .column = column, .offset = offset, .file = 0};
}

static char *printed(const struct diags *diags)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diags_print(diags, out);
	fclose(out);
	return text;
}

Test(diag, text_has_line_caret_hint_and_related)
{
	static const char bytes[] = "a: 1\n\tb: \xc3\xa9 x\n";
	struct source_set *set = source_set_new();
	struct diags *diags = diags_new(set);
	struct diag *d;
	char *text;

	source_set_add_bytes(set, "f.yaml", bytes, sizeof(bytes) - 1);
	d = diag_add(diags, DIAG_ERROR, at(2, 7, 12), "Kind", "name", "spec.b", "V-001", "is %d",
		     7);
	diag_hint(diags, d, "write %s", "8");
	diag_related(diags, d, at(1, 1, 0), "this");
	text = printed(diags);
	cr_expect_str_eq(text, "f.yaml:2:7: error: Kind/name: spec.b: is 7 [V-001]\n"
			       "    \tb: \xc3\xa9 x\n"
			       "    \t     ^\n"
			       "hint: write 8\n"
			       "f.yaml:1:1: note: this\n");
	free(text);
	diags_free(diags);
	source_set_free(set);
}

/* What is printed of one line with a caret at a byte. */
static void expect_excerpt(const char *what, const char *line, size_t at, const char *wanted)
{
	struct text out = {0};

	excerpt_add(&out, line, strlen(line), at, strlen(line));
	cr_expect_str_eq(out.text, wanted, "%s: found\n%swanted\n%s", what, out.text, wanted);
	text_fini(&out);
}

#define TEN(c) c c c c c c c c c c
#define SIXTY(c) TEN(c) TEN(c) TEN(c) TEN(c) TEN(c) TEN(c)

Test(diag, the_caret_stands_under_its_character)
{
	static const char han[] = "\xe4\xb8\xad\xe6\x96\x87: x", e_acute[] = "e\xcc\x81: x";

	expect_excerpt("the first", "a: b", 0, "    a: b\n    ^\n");
	expect_excerpt("behind the last", "a: b", 4, "    a: b\n        ^\n");
	expect_excerpt("an empty line", "", 0, "    \n    ^\n");
	expect_excerpt("a tab stays a tab", "\ta: b", 4, "    \ta: b\n    \t   ^\n");
	expect_excerpt("wide characters take two columns", han, 8,
		       "    \xe4\xb8\xad\xe6\x96\x87: x\n          ^\n");
	expect_excerpt("one that combines takes none", e_acute, 5, "    e\xcc\x81: x\n       ^\n");
	expect_excerpt("a control character is harmless", "a\x1b[2J: x", 7,
		       "    a\\x1b[2J: x\n              ^\n");
	expect_excerpt("C1 too", "a\xc2\x9b: x", 5, "    a\\xc2\\x9b: x\n               ^\n");
	expect_excerpt("what is no UTF-8", "a\xff: x", 4, "    a\\xff: x\n           ^\n");
}

Test(diag, a_long_line_is_cut_around_the_caret)
{
	expect_excerpt("at its start", "x: " SIXTY("a") SIXTY("b"), 3,
		       "    x: " SIXTY("a") TEN("b") TEN("b") TEN("b") TEN("b") "bbbbbbb...\n"
										"       ^\n");
	expect_excerpt("in the middle", SIXTY("a") TEN("b") "x: " SIXTY("c") TEN("c"), 73,
		       "    ..." TEN("a") TEN("a") TEN("a")
			       TEN("a") "aaaaaaa" TEN("b") "x: " TEN("c") TEN("c") TEN("c") TEN("c")
				       TEN("c") "...\n"
						"       " SIXTY(" ") "^\n");
	expect_excerpt("at its end", SIXTY("a") SIXTY("b") "x", 120,
		       "    ..." SIXTY("b") "x\n       " SIXTY(" ") "^\n");
}

Test(diag, words_of_a_file_do_not_steer_a_terminal)
{
	struct loaded l =
		load_text(PEER("\"\\e[31m\"") "peerAddress: \"a\\e[2J\", \"x\\a\": 1" END);
	char *text = printed(l.diags);

	cr_expect_gt(diags_errors(l.diags), 2);
	cr_expect_not(strpbrk(text, "\a\x1b"), "%s", text);
	cr_expect(strstr(text, "\\x1b[31m"), "%s", text);
	free(text);
	loaded_fini(&l);
}

Test(diag, sorted_by_place_and_bounded)
{
	struct diags *diags = diags_new(NULL);
	const struct place nowhere = {.file = SOURCE_NOWHERE};

	diag_add(diags, DIAG_ERROR, nowhere, NULL, NULL, NULL, "last", "x");
	diag_add(diags, DIAG_WARNING, at(3, 1, 9), NULL, NULL, NULL, "c", "x");
	diag_add(diags, DIAG_ERROR, at(3, 1, 9), NULL, NULL, NULL, "b", "x");
	diag_add(diags, DIAG_ERROR, at(1, 9, 8), NULL, NULL, NULL, "a", "x");
	cr_expect_str_eq(diags_get(diags, 0)->rule, "a");
	cr_expect_str_eq(diags_get(diags, 1)->rule, "b");
	cr_expect_str_eq(diags_get(diags, 2)->rule, "c");
	cr_expect_str_eq(diags_get(diags, 3)->rule, "last");
	for (int i = 0; i < DIAGS_MAX + 5; i++)
		diag_hint(diags,
			  diag_add(diags, DIAG_ERROR, at(1, 1, 0), NULL, NULL, NULL, "r", "x"),
			  "h");
	cr_expect_eq(diags_errors(diags), DIAGS_MAX + 8);
	cr_expect_eq(diags_count(diags), DIAGS_MAX + 1, "errors up to the bound, and the warning");
	diags_free(diags);
}

Test(diag, json_is_the_contract)
{
	struct loaded l = load_text("apiVersion: v1\nkind: Servise\nmetadata: {name: a}\n");
	json_t *json = diags_json(l.diags),
	       *error = json_array_get(json_object_get(json, "errors"), 0);

	cr_expect(json_is_false(json_object_get(json, "valid")));
	cr_expect_eq(json_array_size(json_object_get(json, "warnings")), 0);
	cr_expect_str_eq(json_string_value(json_object_get(error, "file")), "t");
	cr_expect_eq(json_integer_value(json_object_get(error, "line")), 2);
	cr_expect_eq(json_integer_value(json_object_get(error, "column")), 7);
	cr_expect_str_eq(json_string_value(json_object_get(error, "kind")), "Servise");
	cr_expect_str_eq(json_string_value(json_object_get(error, "name")), "a");
	cr_expect_str_eq(json_string_value(json_object_get(error, "field")), "kind");
	cr_expect_str_eq(json_string_value(json_object_get(error, "rule")), "V-001");
	cr_expect_str_eq(json_string_value(json_object_get(error, "hint")),
			 "did you mean Service?");
	cr_expect(json_is_array(json_object_get(error, "related")));
	json_decref(json);
	loaded_fini(&l);
}

Test(diag, secrets_do_not_show)
{
	static const char *const texts[] = {
		PEER("p") "password: 314159, myASN: 1, peerASN: 1, peerAddress: 192.0.2.1" END,
		PEER("p") "password: {a: hunter2}, myASN: 1, peerASN: 1, peerAddress: 192.0.2.1" END,
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: 314159}\n",
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  token: 314159\n",
		PEER("p") "passwort: hunter2" END,
		"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/basic-auth\n"
		"data:\n  password: hunter2-is-no-base64\n",
		/* a mistake elsewhere on the line, before it or behind it */
		PEER("p") "password: hunter2, myASN: x, peerASN: 1, peerAddress: 192.0.2.1" END,
		PEER("p") "myASN: x, peerASN: 1, peerAddress: 192.0.2.1, password: hunter2" END,
		PEER("p") "myASN: x, \"password\":\"hunter2\", peerASN: 1" END,
		PEER("p") "myASN: x, pasword: hunter2, peerASN: 1" END,
		PEER("p") "myASN: x, md5: hunter2, peerASN: 1" END,
		PEER("p") "myASN: x, Passwd: hunter2, peerASN: 1" END,
		PEER("p") "myASN: x, passwordSecret: hunter2, peerASN: 1" END,
		PEER("p") "myASN: x, \"p\\x61ssword\": hunter2, peerASN: 1" END,
		PEER_POLICY("p") "passwordFile: [hunter2]" END,
		PEER_POLICY("p") "passwordFile: hunter2/x" END,
		PEER_POLICY("p") "localPref: x, passwordFile: hunter2" END,
		/* twice */
		PEER("p") "password: x1, password: hunter2, myASN: 1, peerASN: 1" END,
		/* the value is not on the line of its key */
		PEER("p") "myASN: 1, peerASN: 1, peerAddress: 192.0.2.1, password:\n"
			  "  [hunter2]" END,
		PEER("p") "myASN: 1, peerASN: 1, peerAddress: 192.0.2.1, password:\n"
			  "[hunter2]" END,
		PEER("p") "password: \"x\nhunter2\", myASN: x, peerASN: 1" END,
		PEER("p") "? password\n : [hunter2], myASN: 1, peerASN: 1" END,
		"apiVersion: metallb.io/v1beta2\nkind: BGPPeer\nspec:\n  password:\n    hunter2: x\n",
		"apiVersion: metallb.io/v1beta2\nkind: BGPPeer\nspec:\n  password: |\n    a\n"
		"   hunter2\n",
		"apiVersion: metallb.io/v1beta2\nkind: BGPPeer\nspec:\n  password: >-\n    hunter2\t\001\n",
		/* not YAML */
		"spec:\n  password: \"hunt\"hunter2\"\n  myASN: 1\n",
		"spec:\n  password: hunter: hunter2\n",
		"spec:\n  password: \"\n    hunter2 \\q\"\n",
		"spec:\n  password: %hunter2\n",
		"spec:\n  password: *hunter2\n",
		"spec: {password: hunter2, peers: [}\n",
		"spec: {peers: [}, password: hunter2\n",
		"kind: Secret\nstringData:\n  a: b: hunter2\n",
		"kind: Secret\nstringData: {a: hunter2, b: [}\n",
		"kind: Secret\ndata:\n- password: hunter2\n   x: y: hunter2\n",
		"items:\n- password: hunter2\n   hunter2: y: z\n",
		"spec:\n  password: hunter2\xff\n",
		"spec:\n\tpassword: hunter2\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct loaded l = load_text(texts[i]);
		char *text = printed(l.diags), *json;
		json_t *tree = diags_json(l.diags);

		json = json_dumps(tree, 0);
		cr_expect_gt(diags_errors(l.diags), 0, "text %zu", i);
		cr_expect_not(strstr(text, "314159") || strstr(text, "hunter2"), "%s", text);
		cr_expect_not(strstr(json, "314159") || strstr(json, "hunter2"), "%s", json);
		free(text);
		free(json);
		json_decref(tree);
		loaded_fini(&l);
	}
}

/* What is shown of the line of the first finding. */
static void expect_shown(const char *what, const char *yaml, const char *wanted)
{
	struct loaded l = load_text(yaml);
	char *text = printed(l.diags), *line = strchr(text, '\n');

	cr_expect(line && text_has_prefix(line + 1, wanted), "%s: found\n%swanted\n%s", what, text,
		  wanted);
	free(text);
	loaded_fini(&l);
}

Test(diag, what_is_no_secret_is_shown)
{
	expect_shown("the caret keeps its column", "a: {password: x, b: [}\n",
		     "    a: {password: ...\n                         ^\n");
	expect_shown("the next key", "spec:\n  password: x\n  a: b: c\n", "      a: b: c\n");
	expect_shown("an entry's next key", "spec:\n- password: x\n  a: b: c\n", "      a: b: c\n");
	expect_shown("behind a block", "spec:\n  password: |\n    x\n\n  a: b: c\n",
		     "      a: b: c\n");
	expect_shown("JSON", "{\n  \"password\": \"x\",\n  \"a\": [}\n}\n", "      \"a\": [}\n");
	expect_shown("a reference", "a: {passwordSecret: {name: x}, b: [}\n",
		     "    a: {passwordSecret: {name: x}, b: [}\n");
	expect_shown("a path", "a: {passwordFile: /etc/x, b: [}\n",
		     "    a: {passwordFile: /etc/x, b: [}\n");
	expect_shown("no such word", "a: {passive: true, path: x, b: [}\n",
		     "    a: {passive: true, path: x, b: [}\n");
}

/* A file that everybody may read is told, once, at its first password. */
Test(diag, a_readable_file_with_a_password)
{
	static const char with[] = PEER("p") "myASN: 1, peerASN: 1, peerAddress: 192.0.2.1,\n"
					     "password: hunter2" END;
	static const char secret[] =
		"{apiVersion: v1, kind: Secret, metadata: {name: s}, type: kubernetes.io/basic-auth,\n"
		"stringData: {password: hunter2}}\n";
	static const char without[] = PEER("p") "myASN: 1, peerASN: 1, peerAddress: 192.0.2.1" END;
	static const struct {
		const char *what, *yaml, *wanted;
		mode_t mode;
	} cases[] = {
		{"a peer's", with, "3:11 secret-readable w", 0644},
		{"a Secret's", secret, "2:24 secret-readable w", 0604},
		{"a group may be meant", with, "", 0640},
		{"root's alone", with, "", 0600},
		{"no password", without, "", 0644},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[] = "/tmp/mlbgpd-diag.XXXXXX", *found;
		int fd = mkstemp(path);
		struct loaded l = {.sources = source_set_new()};

		cr_assert_eq(write(fd, cases[i].yaml, strlen(cases[i].yaml)),
			     (ssize_t)strlen(cases[i].yaml));
		fchmod(fd, cases[i].mode);
		close(fd);
		l.diags = diags_new(l.sources);
		cr_assert_eq(source_set_add(l.sources, path, l.diags), 0);
		unlink(path);
		l.model = config_load(l.sources, "a", l.diags);
		found = findings_text(l.diags, NULL);
		cr_expect_str_eq(found, cases[i].wanted, "%s: %s", cases[i].what, found);
		free(found);
		loaded_fini(&l);
	}
}
