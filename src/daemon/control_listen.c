/* control_listen.c: owns the control socket's path
 *
 * A lock on PATH.lock decides which of two daemons that start at once is the one; a connection that
 * is taken tells of a daemon that has no lock there.
 */
#include "daemon/control_listen.h"
#include "base/heap.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { GROUPS_MAX = 1024, BACKLOG = 16 };
#define GROUP_NAME "mlbgpd"

static int tell(char **problem, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int tell(char **problem, int error, const char *format, ...)
{
	struct text words = {0};
	va_list ap;

	va_start(ap, format);
	text_vaddf(&words, format, ap);
	va_end(ap);
	*problem = text_take(&words);
	return error;
}

static int make_folder(const char *path, char **problem)
{
	char *copy = heap_strdup(path);
	const char *folder;
	int r = 0;

	folder = dirname(copy);
	if (mkdir(folder, 0755) < 0 && errno != EEXIST) {
		r = -errno;
		tell(problem, r, "can't make %s for the control socket: %s", folder, strerror(-r));
	}
	free(copy);
	return r;
}

static int take_lock(struct control_listen *l, char **problem)
{
	struct text lock = {0};
	int r = 0;

	text_addf(&lock, "%s.lock", l->path);
	l->lock_fd = open(lock.text, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (l->lock_fd < 0) {
		r = -errno;
		tell(problem, r, "can't open %s: %s", lock.text, strerror(-r));
	} else if (flock(l->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EADDRINUSE : -errno;
		if (r == -EADDRINUSE)
			tell(problem, r,
			     "another mlbgpd answers on %s; stop it, or give --socket another path",
			     l->path);
		else
			tell(problem, r, "can't lock %s: %s", lock.text, strerror(-r));
	}
	text_fini(&lock);
	return r;
}

static int remove_dead(const struct control_listen *l, const struct sockaddr_un *sa, char **problem)
{
	struct stat st;
	int fd, r;

	if (lstat(l->path, &st) < 0)
		return errno == ENOENT ? 0
				       : tell(problem, -errno, "%s: %s", l->path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return tell(problem, -EEXIST, "%s is there and is no socket", l->path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return tell(problem, -errno, "socket: %s", strerror(errno));
	r = connect(fd, (const struct sockaddr *)sa, sizeof(*sa));
	if (r < 0 && errno == EAGAIN) /* its queue is full: it is there */
		r = 0;
	close(fd);
	if (r == 0)
		return tell(problem, -EADDRINUSE,
			    "another mlbgpd answers on %s; stop it, or give --socket another path",
			    l->path);
	if (unlink(l->path) < 0 && errno != ENOENT)
		return tell(problem, -errno, "can't remove the dead socket %s: %s", l->path,
			    strerror(errno));
	return 0;
}

/* Root and the group only, from the first moment on. */
static int bind_socket(struct control_listen *l, const struct sockaddr_un *sa, char **problem)
{
	const struct group *group = getgrnam(GROUP_NAME);
	mode_t mask;
	int r;

	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0)
		return tell(problem, -errno, "socket: %s", strerror(errno));
	mask = umask(0177);
	r = bind(l->fd, (const struct sockaddr *)sa, sizeof(*sa));
	if (r < 0)
		r = -errno;
	umask(mask);
	if (r < 0)
		return tell(problem, r, "can't bind %s: %s", l->path, strerror(-r));
	l->group = getegid();
	if (group && chown(l->path, (uid_t)-1, group->gr_gid) == 0)
		l->group = group->gr_gid;
	if (chmod(l->path, 0660) < 0)
		return tell(problem, -errno, "chmod %s: %s", l->path, strerror(errno));
	if (listen(l->fd, BACKLOG) < 0)
		return tell(problem, -errno, "can't listen on %s: %s", l->path, strerror(errno));
	return 0;
}

int control_listen_open(struct control_listen *l, const char *path, char **problem)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int r;

	*l = (struct control_listen){.fd = -1, .lock_fd = -1};
	if (strlen(path) >= sizeof(sa.sun_path))
		return tell(problem, -ENAMETOOLONG,
			    "--socket %s: the path is too long (%zu at most)", path,
			    sizeof(sa.sun_path) - 1);
	strcpy(sa.sun_path, path);
	l->path = heap_strdup(path);
	if (!l->path)
		abort();
	r = make_folder(path, problem);
	if (r == 0)
		r = take_lock(l, problem);
	if (r == 0)
		r = remove_dead(l, &sa, problem);
	if (r == 0)
		r = bind_socket(l, &sa, problem);
	if (r < 0)
		control_listen_close(l);
	return r;
}

void control_listen_close(struct control_listen *l)
{
	if (l->fd >= 0) {
		unlink(l->path);
		close(l->fd);
	}
	if (l->lock_fd >= 0)
		close(l->lock_fd);
	free(l->path);
	*l = (struct control_listen){.fd = -1, .lock_fd = -1};
}

static bool in_groups(int fd, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	socklen_t len = sizeof(groups);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) < 0)
		return false;
	for (size_t i = 0; i < len / sizeof(*groups); i++)
		if (groups[i] == group)
			return true;
	return false;
}

bool control_listen_allows(const struct control_listen *l, int fd, bool *may_change)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	*may_change = peer.uid == 0 || peer.uid == geteuid();
	return *may_change || peer.gid == l->group || in_groups(fd, l->group);
}
