/* test_password_file.c: passwords that stand in files: read, refused with their place, compared */
#include "daemon/password_file.h"

#include "daemon/generation.h"
#include "findings.h"
#include "plan/diff.h"
#include "plan/plan.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/socket.h>
#include <unistd.h>

static char folder[] = "/tmp/mlbgpd-password.XXXXXX";

static void make_folder(void)
{
	cr_assert(mkdtemp(folder));
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
}

static void remove_folder(void)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	cr_expect_eq(system(command), 0);
}

TestSuite(password_file, .init = make_folder, .fini = remove_folder);

static void put(const char *name, const char *bytes, size_t len, mode_t mode)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	cr_assert(out);
	cr_assert_eq(fwrite(bytes, 1, len, out), len);
	fclose(out);
	cr_assert_eq(chmod(path, mode), 0);
}

/* One peer, and a policy that names the file at 5:16. */
static struct generation *load(const char *file)
{
	struct source_set *sources = source_set_new();
	struct generation *g;
	struct text yaml = {0};

	text_addf(&yaml,
		  PEER("r") "myASN: 64512, peerASN: 64512, peerAddress: 192.0.2.1" NEXT PEER_POLICY(
			  "p") "passwordFile: %s" END,
		  file);
	source_set_add_bytes(sources, "t", yaml.text, yaml.len);
	text_fini(&yaml);
	g = generation_new(sources, NULL, "a", NULL);
	cr_assert(g->plan);
	return g;
}

static const struct plan_peer *peer_of(const struct generation *g)
{
	size_t n;

	return plan_peers(g->plan, &n);
}

static void expect(const char *what, const char *file, const char *password, const char *findings)
{
	struct generation *g = load(file);
	char *found;

	password_files_read(g);
	found = findings_text(g->diags, "no-advertisement");
	cr_expect_str_eq(found, findings, "%s: found\n%s\nwanted\n%s", what, found, findings);
	cr_expect(text_equal(peer_of(g)->password, password), "%s: %s", what,
		  peer_of(g)->password ? peer_of(g)->password : "none");
	cr_expect_eq(generation_ok(g), password != NULL, "%s", what);
	free(found);
	generation_unref(g);
}

#define EIGHTY "01234567890123456789012345678901234567890123456789012345678901234567890123456789"

static const struct {
	const char *what, *bytes, *password, *findings;
	mode_t mode;
} rows[] = {
	{"a line", "hunter2\n", "hunter2", "", 0600},
	{"no end of line", "hunter2", "hunter2", "", 0600},
	{"CR LF", "hunter2\r\n", "hunter2", "", 0600},
	{"blanks are the password's", " a b \n", " a b ", "", 0600},
	{"80 bytes", EIGHTY "\n", EIGHTY, "", 0600},
	{"a group may be meant", "hunter2\n", "hunter2", "", 0640},
	{"others may read it", "hunter2\n", "hunter2", "5:15 secret-readable w", 0604},
	{"empty", "", NULL, "5:15 password-file", 0600},
	{"an empty line", "\n", NULL, "5:15 password-file", 0600},
	{"two lines", "hunter2\nx\n", NULL, "5:15 password-file", 0600},
	{"81 bytes", EIGHTY "x\n", NULL, "5:15 password-length", 0600},
	{"81 bytes, CR LF", EIGHTY "x\r\n", NULL, "5:15 password-length", 0600},
	{"far too long", EIGHTY EIGHTY, NULL, "5:15 password-length", 0600},
};

Test(password_file, content)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[256];

		put("secret", rows[i].bytes, strlen(rows[i].bytes), rows[i].mode);
		snprintf(path, sizeof(path), "%s/secret", folder);
		expect(rows[i].what, path, rows[i].password, rows[i].findings);
		expect(rows[i].what, "secret", rows[i].password, rows[i].findings);
	}
}

Test(password_file, a_nul_ends_no_password)
{
	put("secret", "hun\0ter2\n", 9, 0600);
	expect("a NUL", "secret", NULL, "5:15 password-file");
}

/* Nothing is waited for. */
Test(password_file, what_is_no_file, .timeout = 20)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char path[256];

	snprintf(path, sizeof(path), "%s/fifo", folder);
	cr_assert_eq(mkfifo(path, 0600), 0);
	expect("a FIFO", path, NULL, "5:15 password-file");
	snprintf(un.sun_path, sizeof(un.sun_path), "%s/sock", folder);
	cr_assert_eq(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	expect("a socket", un.sun_path, NULL, "5:15 password-file");
	close(fd);
	expect("a folder", folder, NULL, "5:15 password-file");
	expect("a device", "/dev/zero", NULL, "5:15 password-file");
	expect("nothing", "/nonexistent/secret", NULL, "5:15 password-file");
	expect("no such credential", "other", NULL, "5:15 password-file");
	unsetenv("CREDENTIALS_DIRECTORY");
	expect("no credentials at all", "secret", NULL, "5:15 password-file");
}

/* Whoever mistakes the field for the password itself must not find it in the log. */
Test(password_file, a_credential_that_is_none_is_not_named)
{
	struct generation *g = load("hunter2");
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	password_files_read(g);
	diags_print(g->diags, out);
	fclose(out);
	cr_expect(strstr(text, "LoadCredential"), "%s", text);
	cr_expect_not(strstr(text, "hunter2"), "%s", text);
	free(text);
	generation_unref(g);
}

struct fields {
	struct text text;
};

static void add_field(void *arg, const char *field, enum plan_cost cost)
{
	struct fields *f = arg;

	text_addf(&f->text, "%s%s %d", f->text.len > 0 ? ", " : "", field, (int)cost);
}

static char *changes(const struct generation *a, const struct generation *b)
{
	struct fields f = {{0}};

	plan_peer_cost(peer_of(a), peer_of(b), add_field, &f);
	return text_take(&f.text);
}

static void expect_changes(const char *what, const struct generation *a, const struct generation *b,
			   bool differs)
{
	char wanted[64] = "", *found = changes(a, b);

	if (differs)
		snprintf(wanted, sizeof(wanted), "passwordFile (another) %d", COST_IN_PLACE);
	cr_expect_str_eq(found, wanted, "%s: %s", what, found);
	free(found);
}

/* What is known is compared by its value; where one of the two was not read, by the name. */
Test(password_file, what_a_change_costs)
{
	struct generation *one, *same, *other, *unread, *elsewhere;

	put("one", "hunter2\n", 8, 0600);
	put("same", "hunter2", 7, 0600);
	put("other", "hunter3\n", 8, 0600);
	one = load("one");
	same = load("same");
	other = load("other");
	unread = load("one");
	elsewhere = load("same");
	password_files_read(one);
	password_files_read(same);
	password_files_read(other);
	expect_changes("the same content in another file", one, same, false);
	expect_changes("another content", one, other, true);
	expect_changes("not read, the same name", one, unread, false);
	expect_changes("not read, another name", one, elsewhere, true);
	expect_changes("neither read, the same name", unread, unread, false);
	expect_changes("neither read, another name", unread, elsewhere, true);
	put("one", "changed\n", 8, 0600);
	password_files_read(unread);
	expect_changes("the file changed", one, unread, true);
	generation_unref(one);
	generation_unref(same);
	generation_unref(other);
	generation_unref(unread);
	generation_unref(elsewhere);
}
