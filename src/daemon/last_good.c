/* last_good.c: format, parser, and the piece of work that writes */
#include "daemon/last_good.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "config/source.h"
#include "daemon/generation.h"
#include "daemon/keep.h"
#include "daemon/state_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char head[] = "mlbgpd last good 1\n";
enum {
	NUMBER_DIGITS_MAX = 20,
	LINES_MAX = 64, /* bytes of the lines around a file */
};

static uint64_t checksum(const char *bytes, size_t len)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)bytes[i]) * 1099511628211u;
	return h;
}

void last_good_format(const struct source_set *sources, struct text *out)
{
	size_t n = source_set_count(sources);

	text_add(out, head);
	for (size_t i = 0; i < n; i++) {
		const struct source_file *file = source_set_file(sources, (uint16_t)i);

		text_addf(out, "file %zu %zu\n%s\n", strlen(file->name), file->len, file->name);
		text_add_n(out, file->bytes, file->len);
		text_add(out, "\n");
	}
	text_addf(out, "end %zu %016" PRIx64 "\n", n, checksum(out->text, out->len));
}

/* What has not been read yet.  Each step answers whether it was there. */
struct rest {
	const char *at;
	size_t len;
};

static bool take(struct rest *rest, size_t len, const char **ret)
{
	if (len > rest->len)
		return false;
	*ret = rest->at;
	rest->at += len;
	rest->len -= len;
	return true;
}

static bool take_word(struct rest *rest, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	return len <= rest->len && memcmp(rest->at, word, len) == 0 && take(rest, len, &at);
}

static bool take_number(struct rest *rest, char end, uint64_t max, uint64_t *ret)
{
	const char *stop = memchr(rest->at, end, rest->len);
	char digits[NUMBER_DIGITS_MAX + 1];
	const char *at;
	size_t len;

	if (!stop)
		return false;
	len = (size_t)(stop - rest->at);
	if (len > NUMBER_DIGITS_MAX || !take(rest, len + 1, &at))
		return false;
	memcpy(digits, at, len);
	digits[len] = '\0';
	return number_parse(ret, digits, max) == 0;
}

/* Behind "file ". */
static bool take_file(struct rest *rest, struct source_set *set)
{
	uint64_t name_len, len;
	const char *name, *bytes;
	char *copy;
	bool ok;

	if (!take_number(rest, ' ', SOURCE_FILE_BYTES_MAX, &name_len) ||
	    !take_number(rest, '\n', SOURCE_FILE_BYTES_MAX, &len) ||
	    !take(rest, (size_t)name_len, &name) || !take_word(rest, "\n") ||
	    !take(rest, (size_t)len, &bytes) || !take_word(rest, "\n"))
		return false;
	if (name_len == 0 || memchr(name, '\0', (size_t)name_len))
		return false;
	copy = heap_alloc((size_t)name_len + 1);
	memcpy(copy, name, (size_t)name_len);
	ok = source_set_add_bytes(set, copy, bytes, (size_t)len) == 0;
	free(copy);
	return ok;
}

static bool parse(struct rest *rest, struct source_set *set)
{
	const char *begin = rest->at;
	uint64_t sum, n;
	char words[32];

	if (!take_word(rest, head))
		return false;
	while (take_word(rest, "file "))
		if (!take_file(rest, set))
			return false;
	sum = checksum(begin, (size_t)(rest->at - begin));
	if (!take_word(rest, "end ") || !take_number(rest, ' ', SOURCE_FILES_MAX, &n))
		return false;
	snprintf(words, sizeof(words), "%016" PRIx64 "\n", sum);
	return n > 0 && n == source_set_count(set) && take_word(rest, words) && rest->len == 0;
}

struct source_set *last_good_parse(const char *bytes, size_t len)
{
	struct source_set *set = source_set_new();
	struct rest rest = {bytes, len};

	if (parse(&rest, set))
		return set;
	source_set_free(set);
	return NULL;
}

struct source_set *last_good_read(const char *state_dir)
{
	struct source_set *set;
	char *bytes = NULL;
	size_t len = 0;
	int r = state_file_read_bytes(state_dir, LAST_GOOD_FILE, &bytes, &len);

	if (r < 0) {
		if (r != -ENOENT)
			log_warning("the last good documents in %s can't be read: %s", state_dir,
				    strerror(-r));
		return NULL;
	}
	set = last_good_parse(bytes, len);
	free(bytes);
	if (!set) {
		log_warning("the last good documents in %s are damaged: set aside as "
			    "%s.damaged",
			    state_dir, LAST_GOOD_FILE);
		state_file_set_aside(state_dir, LAST_GOOD_FILE);
	}
	return set;
}

static bool fits(const struct source_set *sources)
{
	size_t left = STATE_FILE_MAX - LINES_MAX;

	for (size_t i = 0; i < source_set_count(sources); i++) {
		const struct source_file *file = source_set_file(sources, (uint16_t)i);
		size_t need = strlen(file->name) + file->len + LINES_MAX;

		if (need > left)
			return false;
		left -= need;
	}
	return true;
}

int last_good_write(const char *state_dir, const struct source_set *sources)
{
	struct text bytes = {0};
	int r;

	if (!fits(sources))
		return -EFBIG;
	last_good_format(sources, &bytes);
	r = state_file_update(state_dir, LAST_GOOD_FILE, bytes.text, bytes.len);
	text_fini(&bytes);
	return r;
}

/* In the worker: of the generation only its sources, whose bytes never change. */
static int write_sources(const char *state_dir, const void *arg)
{
	const struct generation *g = arg;

	return last_good_write(state_dir, g->sources);
}

static void let_go(void *arg)
{
	generation_unref(arg);
}

void last_good_keep(struct keep *keep, struct generation *generation)
{
	keep_write(keep, KEEP_LAST_GOOD,
		   (struct keep_what){write_sources, let_go, generation_ref(generation)});
}
