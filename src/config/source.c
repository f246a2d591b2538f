/* source.c: the files of a configuration in memory, and the line that a place is in
 *
 * A folder is read by name, hidden files left out.  A file's bytes are read whole and bounded; its
 * size is not trusted, since it may be a pipe.
 */
#include "config/source.h"

#include "base/array.h"
#include "config/diag.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct source_set {
	ARRAY(struct source_file) files;
	size_t bytes; /* of all */
};

static const struct place nowhere = {.file = SOURCE_NOWHERE};

struct source_set *source_set_new(void)
{
	struct source_set *set = calloc(1, sizeof(*set));

	if (!set)
		abort();
	return set;
}

void source_set_free(struct source_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->files.n; i++) {
		free(set->files.at[i].name);
		free(set->files.at[i].bytes);
	}
	array_fini(&set->files);
	free(set);
}

/* Takes the bytes, which have room for a NUL behind them. */
static int set_take(struct source_set *set, const char *name, char *bytes, size_t len,
		    uint32_t mode)
{
	struct source_file *file;

	if (set->files.n >= SOURCE_FILES_MAX || len > SOURCE_FILE_BYTES_MAX - set->bytes) {
		free(bytes);
		return set->files.n >= SOURCE_FILES_MAX ? -E2BIG : -EFBIG;
	}
	set->bytes += len;
	bytes[len] = '\0';
	file = array_add(&set->files);
	file->name = strdup(name);
	if (!file->name)
		abort();
	file->bytes = bytes;
	file->len = len;
	file->mode = mode;
	return 0;
}

int source_set_add_bytes(struct source_set *set, const char *name, const char *bytes, size_t len)
{
	char *copy;

	if (len > SOURCE_FILE_BYTES_MAX)
		return -EFBIG;
	copy = malloc(len + 1);
	if (!copy)
		abort();
	if (len > 0)
		memcpy(copy, bytes, len);
	return set_take(set, name, copy, len, 0);
}

/* Waits for more of a pipe. */
static int await(int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	int r = poll(&pollfd, 1, SOURCE_PATIENCE_S * 1000);

	return r < 0 ? -errno : r == 0 ? -ETIMEDOUT : 0;
}

static int read_whole(int fd, size_t expected, char **ret, size_t *ret_len)
{
	size_t len = 0, max = expected + 1;
	char *bytes = malloc(max + 1);
	int r;

	for (;;) {
		ssize_t n;

		if (!bytes)
			abort();
		n = read(fd, bytes + len, max - len);
		if (n < 0 && (errno == EINTR || (errno == EAGAIN && await(fd) == 0)))
			continue;
		r = n >= 0 ? 0 : errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (len > SOURCE_FILE_BYTES_MAX) {
			r = -EFBIG;
			break;
		}
		if (len == max) {
			max += max / 2 + 4096;
			bytes = realloc(bytes, max + 1);
		}
	}
	if (r < 0) {
		free(bytes);
		return r;
	}
	*ret = bytes;
	*ret_len = len;
	return 0;
}

/* A file of its own, or what a shell makes of <(...): not what never ends. */
static int check_type(int fd, const struct stat *st, bool must_be_regular)
{
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (!S_ISREG(st->st_mode) && (must_be_regular || (!S_ISFIFO(st->st_mode) && !isatty(fd))))
		return -ENXIO;
	return S_ISREG(st->st_mode) && st->st_size > SOURCE_FILE_BYTES_MAX ? -EFBIG : 0;
}

static bool has_changed(int fd, const struct stat *before, size_t len)
{
	struct stat st;

	return S_ISREG(before->st_mode) && (fstat(fd, &st) < 0 || st.st_size != (off_t)len ||
					    st.st_mtim.tv_sec != before->st_mtim.tv_sec ||
					    st.st_mtim.tv_nsec != before->st_mtim.tv_nsec);
}

static int read_file(int fd, bool must_be_regular, struct stat *st, char **bytes, size_t *len)
{
	int r = fstat(fd, st) < 0 ? -errno : check_type(fd, st, must_be_regular);

	if (r < 0)
		return r;
	r = read_whole(fd, S_ISREG(st->st_mode) ? (size_t)st->st_size : 4096, bytes, len);
	if (r < 0 || !has_changed(fd, st, *len))
		return r;
	free(*bytes);
	return -ESTALE;
}

static int add_standard_input(struct source_set *set)
{
	char *bytes = NULL;
	size_t len = 0;
	int r = read_whole(STDIN_FILENO, 4096, &bytes, &len);

	return r < 0 ? r : set_take(set, "-", bytes, len, 0);
}

static int add_file(struct source_set *set, const char *path, bool must_be_regular)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), r;
	char *bytes = NULL;
	struct stat st;
	size_t len = 0;

	if (fd < 0)
		return -errno;
	r = read_file(fd, must_be_regular, &st, &bytes, &len);
	close(fd);
	return r < 0 ? r : set_take(set, path, bytes, len, S_ISREG(st.st_mode) ? st.st_mode : 0);
}

static const char *words_of(int r)
{
	if (r == -ENXIO)
		return "a socket, a device or the like, not a file";
	if (r == -ESTALE)
		return "the file changed while it was read";
	return strerror(-r);
}

static void report(struct diags *diags, const char *path, int r)
{
	struct diag *diag;

	if (!diags)
		return;
	diag = diag_add(diags, DIAG_ERROR, nowhere, NULL, NULL, NULL, "unreadable", "%s: %s", path,
			words_of(r));
	if (r == -EFBIG)
		diag_hint(diags, diag, "all files together may have %d MiB",
			  SOURCE_FILE_BYTES_MAX >> 20);
	if (r == -ESTALE)
		diag_hint(diags, diag,
			  "again; and write a new file, then rename it, that none be half read");
	if (r == -E2BIG)
		diag_hint(diags, diag, "a configuration may have %d files", SOURCE_FILES_MAX);
}

static int is_yaml(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot &&
	       (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_folder(struct source_set *set, const char *path, struct diags *diags)
{
	size_t path_len = strlen(path);
	bool slash = path_len > 0 && path[path_len - 1] == '/';
	struct dirent **entries;
	int n = scandir(path, &entries, is_yaml, by_name), first = 0;

	if (n < 0) {
		first = -errno;
		report(diags, path, first);
		return first;
	}
	for (int i = 0; i < n; i++) {
		char *name;
		int r;

		if (asprintf(&name, "%s%s%s", path, slash ? "" : "/", entries[i]->d_name) < 0)
			abort();
		r = add_file(set, name, true);
		if (r < 0)
			report(diags, name, r);
		if (first == 0)
			first = r;
		free(name);
		free(entries[i]);
	}
	free(entries);
	return first;
}

int source_set_add(struct source_set *set, const char *path, struct diags *diags)
{
	struct stat st;
	int r;

	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(set, path, diags);
	r = strcmp(path, "-") == 0 ? add_standard_input(set) : add_file(set, path, false);
	if (r < 0)
		report(diags, path, r);
	return r;
}

size_t source_set_count(const struct source_set *set)
{
	return set->files.n;
}

const struct source_file *source_set_file(const struct source_set *set, uint16_t file)
{
	return file < set->files.n ? &set->files.at[file] : NULL;
}

const char *source_line(const struct source_set *set, struct place place, size_t *len)
{
	const struct source_file *file = source_set_file(set, place.file);
	size_t start, end;

	if (!file || place.line == 0 || place.offset > file->len)
		return NULL;
	start = end = place.offset;
	while (start > 0 && file->bytes[start - 1] != '\n' && file->bytes[start - 1] != '\r')
		start--;
	while (end < file->len && file->bytes[end] != '\n' && file->bytes[end] != '\r')
		end++;
	*len = end - start;
	return file->bytes + start;
}
