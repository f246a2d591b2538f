/* test_control.c: the control socket: who gets it, answers, streams, clients that stand still */
#include "base/text.h"
#include "daemon/control.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char dir[] = "/tmp/mlbgpd-test-XXXXXX";
static char path[64];
static sd_event *event;
static struct control *control;

/* A stream of so many items. */
struct counter {
	size_t left;
	bool *fin;
};

static bool more(void *arg, struct control_client *client)
{
	struct counter *c = arg;

	if (c->left == 0)
		return false;
	c->left--;
	control_send_item(client, json_pack("{s:I}", "left", (json_int_t)c->left));
	return true;
}

static bool stream_ended;

static void fin(void *arg)
{
	stream_ended = true;
	free(arg);
}

static void on_request(void *arg, struct control_client *client, struct request *request,
		       bool may_change)
{
	struct counter *c;

	(void)arg;
	cr_assert(may_change); /* we run the daemon and ask it */
	if (strcmp(request->verb, "hello") == 0) {
		control_send_object(client, json_string("world"));
		control_end(client, 0);
	} else if (strcmp(request->verb, "count") == 0) {
		c = calloc(1, sizeof(*c));
		c->left = (size_t)json_integer_value(json_object_get(request->args, "to"));
		control_stream(client, more, fin, c);
	} else if (strcmp(request->verb, "bytes") == 0) {
		control_send_text(client, "\xff is no UTF-8\n");
		control_end(client, 0);
	} else if (strcmp(request->verb, "later") != 0) {
		control_refuse(client, 2, "no verb %s", request->verb);
	}
}

static void setup(void)
{
	char *problem = NULL;

	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/run/control.sock", dir);
	cr_assert_geq(sd_event_new(&event), 0);
	cr_assert_eq(control_new(&control, event, path, on_request, NULL, &problem), 0, "%s",
		     problem);
	stream_ended = false;
}

static void teardown(void)
{
	char command[128];

	control_free(control);
	sd_event_unref(event);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	cr_assert_eq(system(command), 0);
}

TestSuite(control, .init = setup, .fini = teardown);

static int dial(void)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	strcpy(sa.sun_path, path);
	cr_assert_eq(connect(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	return fd;
}

static void turn(unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		sd_event_run(event, 0);
}

/* What comes until the daemon closes; runs the loop meanwhile. */
static char *read_all(int fd)
{
	struct text got = {0};

	for (int idle = 0; idle < 1000;) {
		char buf[4096];
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n == 0)
			break;
		if (n > 0)
			text_add_n(&got, buf, (size_t)n);
		idle = n > 0 ? 0 : idle + 1;
		turn(1);
	}
	close(fd);
	return text_take(&got);
}

static void expect(const char *request, const char *answer)
{
	int fd = dial();
	char *got;

	cr_assert_eq(send(fd, request, strlen(request), 0), (ssize_t)strlen(request));
	got = read_all(fd);
	cr_assert_str_eq(got, answer);
	free(got);
}

Test(control, answers)
{
	expect("{\"verb\": \"hello\"}\n", "{\"object\":\"world\"}\n{\"end\":0}\n");
	expect("{\"verb\": \"bytes\"}\n", "{\"text\":\"? is no UTF-8\\n\"}\n{\"end\":0}\n");
	expect("{\"verb\": \"nonsense\"}\n",
	       "{\"text\":\"mlbgpd: no verb nonsense\\n\"}\n{\"end\":2}\n");
	expect("nonsense\n", "{\"text\":\"mlbgpd: request refused: the request is no JSON object "
			     "with a verb\\n\"}\n{\"end\":2}\n");
	expect("{\"verb\": \"count\", \"args\": {\"to\": 2}}\n",
	       "{\"item\":{\"left\":1}}\n{\"item\":{\"left\":0}}\n{\"end\":0}\n");
	cr_assert(stream_ended);
}

Test(control, mode_of_the_socket)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 07777, 0660);
}

/* One that reads nothing holds no more than its buffers, and holds up nobody. */
Test(control, a_reader_that_stands_still_holds_up_nobody)
{
	const char *request = "{\"verb\": \"count\", \"args\": {\"to\": 100000000}}\n";
	int fd = dial();

	cr_assert_gt(send(fd, request, strlen(request), 0), 0);
	turn(1000);
	cr_assert_not(stream_ended);
	expect("{\"verb\": \"hello\"}\n", "{\"object\":\"world\"}\n{\"end\":0}\n");
	close(fd);
	turn(10);
	cr_assert(stream_ended);
}

Test(control, a_client_that_goes_away_is_not_found_again)
{
	int fd = dial();

	cr_assert_gt(send(fd, "{\"verb\": \"later\"}\n", 18, 0), 0);
	turn(10);
	cr_assert_not_null(control_find(control, 1));
	close(fd);
	turn(10);
	cr_assert_null(control_find(control, 1));
}

Test(control, a_living_daemon_is_refused_and_a_dead_one_taken_over)
{
	struct control *second = NULL;
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	char *problem = NULL;
	int fd;

	cr_assert_eq(control_new(&second, event, path, on_request, NULL, &problem), -EADDRINUSE);
	cr_assert_not_null(strstr(problem, "another mlbgpd answers"));
	free(problem);
	expect("{\"verb\": \"hello\"}\n", "{\"object\":\"world\"}\n{\"end\":0}\n");

	/* a socket that nobody listens on, as a kill leaves it */
	control_free(control);
	control = NULL;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	strcpy(sa.sun_path, path);
	cr_assert_eq(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	close(fd);
	cr_assert_eq(control_new(&control, event, path, on_request, NULL, &problem), 0);
	expect("{\"verb\": \"hello\"}\n", "{\"object\":\"world\"}\n{\"end\":0}\n");
}

Test(control, what_is_no_socket_is_left_alone)
{
	char file[80];
	struct control *other = NULL;
	char *problem = NULL;
	int fd;

	snprintf(file, sizeof(file), "%s/file", dir);
	fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	cr_assert_eq(control_new(&other, event, file, on_request, NULL, &problem), -EEXIST);
	cr_assert_eq(access(file, F_OK), 0);
	free(problem);
	problem = NULL;
	strcat(file, "/below/x.sock");
	cr_assert_lt(control_new(&other, event, file, on_request, NULL, &problem), 0);
	cr_assert_not_null(problem);
	free(problem);
}

/* All places taken: the next one is told so, and a place that is free again is given. */
Test(control, too_many_clients)
{
	int fds[48];
	char *got;

	for (size_t i = 0; i < 48; i++) {
		fds[i] = dial();
		turn(2);
	}
	got = read_all(dial());
	cr_assert_not_null(strstr(got, "too many clients"), "%s", got);
	free(got);
	close(fds[0]);
	turn(4);
	expect("{\"verb\": \"hello\"}\n", "{\"object\":\"world\"}\n{\"end\":0}\n");
	for (size_t i = 1; i < 48; i++)
		close(fds[i]);
}
