/* test_request.c: requests of the control socket, whole, in halves, and broken ones */
#include "config/source.h"
#include "daemon/request.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static enum request_state feed(struct request *r, const char *text)
{
	return request_feed(r, text, strlen(text));
}

Test(request, a_line_without_files_is_whole_at_its_newline)
{
	struct request r = {0};

	cr_assert_eq(feed(&r, "{\"verb\": \"show\", \"args\": {\"what\": \"vips\"}}"),
		     REQUEST_LINE);
	cr_assert_eq(feed(&r, "\n"), REQUEST_DONE);
	cr_assert_str_eq(r.verb, "show");
	cr_assert_str_eq(request_text(&r, "what"), "vips");
	cr_assert_null(request_text(&r, "name"));
	cr_assert_null(request_take_sources(&r));
	request_fini(&r);
}

/* Every cut of the same bytes must give the same request. */
Test(request, cut_anywhere)
{
	static const char whole[] =
		"{\"verb\":\"diff\",\"files\":[{\"name\":\"a\",\"bytes\":3},"
		"{\"name\":\"empty\",\"bytes\":0},{\"name\":\"b\",\"bytes\":4}]}\nabcd\0fg";
	const size_t len = sizeof(whole) - 1;

	for (size_t cut = 1; cut < len; cut++) {
		struct request r = {0};
		struct source_set *sources;

		cr_assert_neq(request_feed(&r, whole, cut), REQUEST_DONE, "cut at %zu", cut);
		cr_assert_eq(request_feed(&r, whole + cut, len - cut), REQUEST_DONE, "cut at %zu",
			     cut);
		sources = request_take_sources(&r);
		cr_assert_eq(source_set_count(sources), 3);
		cr_assert_str_eq(source_set_file(sources, 0)->bytes, "abc");
		cr_assert_str_eq(source_set_file(sources, 1)->name, "empty");
		cr_assert_eq(source_set_file(sources, 1)->len, 0);
		cr_assert_eq(source_set_file(sources, 2)->len, 4);
		cr_assert_eq(memcmp(source_set_file(sources, 2)->bytes, "d\0fg", 4), 0);
		source_set_free(sources);
		request_fini(&r);
	}
}

Test(request, what_is_refused)
{
	static const struct {
		const char *text;
		const char *problem;
	} cases[] = {
		{"\n", "the request is no JSON object with a verb"},
		{"[]\n", "the request is no JSON object with a verb"},
		{"{\"verb\": 1}\n", "the request is no JSON object with a verb"},
		{"{\"verb\": \"a\", \"verb\": \"b\"}\n",
		 "the request is no JSON object with a verb"},
		{"{\"verb\": \"show\", \"args\": []}\n", "args is no object"},
		{"{\"verb\": \"diff\", \"files\": {}}\n", "files is no list, or too long"},
		{"{\"verb\": \"diff\", \"files\": [1]}\n",
		 "a file needs a name and a count of bytes"},
		{"{\"verb\": \"diff\", \"files\": [{\"name\": \"a\", \"bytes\": -1}]}\n",
		 "a file needs a name and a count of bytes"},
		{"{\"verb\": \"diff\", \"files\": [{\"name\": \"a\", \"bytes\": 134217729}]}\n",
		 "the files are too large"},
		{"{\"verb\": \"diff\", \"files\": [{\"name\": \"a\", \"bytes\": 134217728},"
		 "{\"name\": \"b\", \"bytes\": 1}]}\n",
		 "the files are too large"},
		{"{\"verb\": \"show\"}\nmore", "more bytes than the request names"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct request r = {0};

		cr_assert_eq(feed(&r, cases[i].text), REQUEST_BAD, "%s", cases[i].text);
		cr_assert_str_eq(r.problem, cases[i].problem);
		request_fini(&r);
	}
}

/* A line without an end may not fill the memory. */
Test(request, a_line_has_a_bound)
{
	struct request r = {0};
	char *blanks = malloc(REQUEST_LINE_MAX);

	cr_assert_not_null(blanks);
	memset(blanks, ' ', REQUEST_LINE_MAX);
	cr_assert_eq(request_feed(&r, blanks, REQUEST_LINE_MAX), REQUEST_LINE);
	cr_assert_eq(request_feed(&r, blanks, 1), REQUEST_BAD);
	cr_assert_str_eq(r.problem, "the request's line is too long");
	free(blanks);
	request_fini(&r);
}
