/* password_file.c: reading the passwords that stand in files, and what is wrong with them
 *
 * What is told names the file only where it is a path: who writes the password itself into the
 * field by mistake would else find it in the log.
 */
#include "daemon/password_file.h"
#include "base/text.h"
#include "config/diag.h"
#include "config/model.h"
#include "config/settings.h"
#include "daemon/generation.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* a longer one is too long, whatever ends its line */
enum { ROOM = MD5_KEY_MAX + 3 };

struct secret {
	char bytes[ROOM + 1];
	size_t len;
	mode_t mode;
};

/* The file must be one: a FIFO would hold up the reload. */
static int read_fd(int fd, struct secret *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	ret->mode = st.st_mode;
	while (ret->len < ROOM) {
		ssize_t n = read(fd, ret->bytes + ret->len, ROOM - ret->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		ret->len += (size_t)n;
	}
	return 0;
}

static int read_path(const char *path, struct secret *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), r;

	if (fd < 0)
		return -errno;
	r = read_fd(fd, ret);
	close(fd);
	return r;
}

static void cut_newline(struct secret *s)
{
	if (s->len > 0 && s->bytes[s->len - 1] == '\n')
		s->len--;
	if (s->len > 0 && s->bytes[s->len - 1] == '\r')
		s->len--;
	s->bytes[s->len] = '\0';
}

/* What keeps it from being a password; NULL: nothing. */
static const char *problem_of(const struct secret *s)
{
	if (s->len == 0)
		return "the file is empty";
	if (memchr(s->bytes, '\n', s->len))
		return "the file has more than one line";
	if (memchr(s->bytes, '\0', s->len))
		return "a NUL in the file";
	return NULL;
}

struct policy_file {
	struct generation *g;
	const struct object *policy;
	const char *name; /* what the field says */
};

static struct diag *tell(const struct policy_file *f, enum diag_severity severity, const char *rule,
			 const char *format, ...) __attribute__((format(printf, 4, 5)));

static struct diag *tell(const struct policy_file *f, enum diag_severity severity, const char *rule,
			 const char *format, ...)
{
	static const char field[] = "spec.passwordFile";
	struct text words = {0};
	struct diag *diag;
	va_list ap;

	va_start(ap, format);
	text_vaddf(&words, format, ap);
	va_end(ap);
	diag = diag_add(f->g->diags, severity, model_place(f->g->sources, f->policy, field),
			"PeerPolicy", f->policy->name, field, rule, "%s", words.text);
	text_fini(&words);
	return diag;
}

static void tell_unreadable(const struct policy_file *f, int r)
{
	bool is_path = f->name[0] == '/';
	struct diag *diag;

	if (is_path)
		diag = tell(f, DIAG_ERROR, "password-file", "%.400s: %s", f->name,
			    r == -EINVAL ? "no regular file" : strerror(-r));
	else
		diag = tell(f, DIAG_ERROR, "password-file", "no such credential: %s", strerror(-r));
	if (is_path && r == -EACCES)
		diag_hint(f->g->diags, diag, "it should be root's, mode 0600");
	if (!is_path)
		diag_hint(f->g->diags, diag,
			  "LoadCredential=NAME:PATH in the unit (systemctl edit mlbgpd), then a "
			  "restart; or write an absolute path");
}

/* The password, or false where there is none, which was told. */
static bool take(const struct policy_file *f, struct secret *ret)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY"), *problem;
	struct text path = {0};
	int r;

	if (f->name[0] == '/')
		text_add(&path, f->name);
	else if (folder && *folder)
		text_addf(&path, "%s/%s", folder, f->name);
	r = path.text ? read_path(path.text, ret) : -ENOENT;
	text_fini(&path);
	if (r < 0) {
		tell_unreadable(f, r);
		return false;
	}
	cut_newline(ret);
	problem = problem_of(ret);
	if (problem)
		tell(f, DIAG_ERROR, "password-file", "%s", problem);
	else if (ret->len > MD5_KEY_MAX)
		tell(f, DIAG_ERROR, "password-length",
		     "the file's password is longer than the 80 bytes of a TCP MD5 key");
	else
		return true;
	return false;
}

static void read_one(struct generation *g, uint32_t index)
{
	size_t n;
	const struct plan_peer *peer = &plan_peers(g->plan, &n)[index];
	const struct policy_file f = {
		.g = g,
		.policy = model_peer_policy_giver(g->model, plan_node(g->plan), peer->peer,
						  PEER_PASSWORD_FILE),
		.name = peer->password_file,
	};
	struct secret secret = {.len = 0};

	if (!f.policy || !f.name || !*f.name)
		return;
	for (uint32_t i = 0; i < index; i++) { /* each file once */
		const struct plan_peer *other = &plan_peers(g->plan, &n)[i];

		if (!text_equal(other->password_file, f.name))
			continue;
		if (other->password)
			plan_set_password(g->plan, index, other->password);
		return;
	}
	if (!take(&f, &secret))
		return;
	plan_set_password(g->plan, index, secret.bytes);
	if (secret.mode & S_IROTH)
		diag_hint(g->diags,
			  tell(&f, DIAG_WARNING, "secret-readable",
			       "everybody may read the file with the password"),
			  "chmod o-r");
	explicit_bzero(&secret, sizeof(secret));
}

void password_files_read(struct generation *g)
{
	size_t n = 0;

	if (g->plan)
		(void)plan_peers(g->plan, &n);
	for (size_t i = 0; i < n; i++)
		read_one(g, (uint32_t)i);
}
