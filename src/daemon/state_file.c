/* state_file.c: reading, and the three steps of writing: beside it, synced, renamed */
#include "daemon/state_file.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int read_all(int fd, char *bytes, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, bytes + have, len - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		have += (size_t)n;
	}
	return 0;
}

static int read_file(int fd, char **ret, size_t *ret_len)
{
	struct stat st;
	char *bytes;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_size > STATE_FILE_MAX)
		return -EFBIG;
	bytes = heap_alloc((size_t)st.st_size + 1);
	bytes[st.st_size] = '\0';
	r = read_all(fd, bytes, (size_t)st.st_size);
	if (r < 0) {
		free(bytes);
		return r;
	}
	*ret = bytes;
	*ret_len = (size_t)st.st_size;
	return 0;
}

int state_file_read_bytes(const char *dir, const char *name, char **ret, size_t *ret_len)
{
	int dir_fd = open_dir(dir), fd, r;

	if (dir_fd < 0)
		return dir_fd;
	fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	r = fd < 0 ? -errno : read_file(fd, ret, ret_len);
	if (fd >= 0)
		close(fd);
	close(dir_fd);
	return r;
}

int state_file_read(const char *dir, const char *name, char **ret)
{
	char *bytes = NULL;
	size_t len = 0;
	int r = state_file_read_bytes(dir, name, &bytes, &len);

	if (r == 0 && strlen(bytes) != len)
		r = -EBADMSG;
	if (r < 0)
		free(bytes);
	else
		*ret = bytes;
	return r;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_beside(int dir_fd, const char *name, const char *bytes, size_t len)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int r;

	if (fd < 0)
		return -errno;
	r = fchmod(fd, 0600) < 0 ? -errno : write_all(fd, bytes, len);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

int state_file_write(const char *dir, const char *name, const char *bytes, size_t len)
{
	int dir_fd = open_dir(dir), r;
	struct text beside = {0};

	if (dir_fd < 0)
		return dir_fd;
	text_addf(&beside, "%s.new", name);
	r = write_beside(dir_fd, beside.text, bytes, len);
	if (r == 0 && renameat(dir_fd, beside.text, dir_fd, name) < 0)
		r = -errno;
	if (r == 0 && fsync(dir_fd) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir_fd, beside.text, 0);
	text_fini(&beside);
	close(dir_fd);
	return r;
}

int state_file_update(const char *dir, const char *name, const char *bytes, size_t len)
{
	char *there = NULL;
	size_t there_len = 0;
	bool same = state_file_read_bytes(dir, name, &there, &there_len) == 0 && there_len == len &&
		    memcmp(there, bytes, len) == 0;

	free(there);
	return same ? 0 : state_file_write(dir, name, bytes, len);
}

/* A read-only file system refuses to remove even what is not there. */
static int remove_in(int dir_fd, const char *name)
{
	struct stat st;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EROFS)
		return -errno;
	return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT ? 0 : -EROFS;
}

int state_file_remove(const char *dir, const char *name)
{
	int dir_fd = open_dir(dir), r;

	if (dir_fd < 0)
		return dir_fd == -ENOENT ? 0 : dir_fd;
	r = remove_in(dir_fd, name);
	close(dir_fd);
	return r;
}

void state_file_set_aside(const char *dir, const char *name)
{
	int dir_fd = open_dir(dir);
	struct text aside = {0};

	if (dir_fd < 0)
		return;
	text_addf(&aside, "%s.damaged", name);
	if (renameat(dir_fd, name, dir_fd, aside.text) < 0)
		log_warning("can't rename %s/%s: %s", dir, name, strerror(errno));
	text_fini(&aside);
	close(dir_fd);
}
