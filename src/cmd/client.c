/* client.c: one request, one answer, line by line */
#include "cmd/client.h"
#include "cmd/cmd.h"
#include "config/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* Longer than anything takes: a daemon that is silent for so long hangs. */
enum { PATIENCE_S = 60 };

static int dial(const char *path)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(sa.sun_path)) {
		cmd_complain("--socket %s: the path is too long", path);
		return -1;
	}
	strcpy(sa.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
		return fd;
	if (errno == EACCES)
		cmd_complain("no access to %s: be root or in the group mlbgpd", path);
	else
		cmd_complain("no daemon answers on %s (%s): does mlbgpd run?  systemctl status "
			     "mlbgpd",
			     path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int send_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

static json_t *file_list(const struct source_set *files)
{
	json_t *list = json_array();

	for (size_t i = 0; i < source_set_count(files); i++) {
		const struct source_file *file = source_set_file(files, (uint16_t)i);

		json_array_append_new(list, json_pack("{s:s, s:I}", "name", file->name, "bytes",
						      (json_int_t)file->len));
	}
	return list;
}

static int send_request(int fd, const char *verb, json_t *take_args, const struct source_set *files)
{
	json_t *root = json_pack("{s:s}", "verb", verb);
	char *line;
	int r;

	if (take_args)
		json_object_set_new(root, "args", take_args);
	if (files)
		json_object_set_new(root, "files", file_list(files));
	line = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	if (!line) {
		cmd_complain("the request has names that are no UTF-8");
		return -EINVAL;
	}
	r = send_all(fd, line, strlen(line));
	free(line);
	if (r == 0)
		r = send_all(fd, "\n", 1);
	for (size_t i = 0; r == 0 && files && i < source_set_count(files); i++) {
		const struct source_file *file = source_set_file(files, (uint16_t)i);

		r = send_all(fd, file->bytes, file->len);
	}
	return r;
}

/* The status at the end, or -1 while there is more to come. */
static int take_line(const char *text, size_t len, const struct client_ops *ops, void *arg)
{
	json_t *line = json_loadb(text, len, 0, NULL);
	const json_t *value;
	int status = -1;

	if ((value = json_object_get(line, "item")) && ops && ops->item) {
		ops->item(arg, value);
	} else if ((value = json_object_get(line, "object")) && ops && ops->object) {
		ops->object(arg, value);
	} else if ((value = json_object_get(line, "text"))) {
		fflush(stdout);
		fputs(json_string_value(value) ? json_string_value(value) : "", stderr);
	} else if ((value = json_object_get(line, "end"))) {
		status = (int)json_integer_value(value);
	} else if (!line) {
		cmd_complain("the answer can't be read");
		status = EXIT_SYSTEM;
	}
	json_decref(line);
	return status;
}

static int read_answer(int fd, const struct client_ops *ops, void *arg)
{
	FILE *in = fdopen(fd, "r");
	char *line = NULL;
	size_t max = 0;
	ssize_t len;
	int status = -1;

	if (!in)
		abort();
	while (status < 0 && (len = getline(&line, &max, in)) > 0)
		status = take_line(line, (size_t)len, ops, arg);
	if (status < 0 && ferror(in) && errno == EAGAIN) {
		cmd_complain("the daemon has not answered for %d s: see its log", PATIENCE_S);
		status = EXIT_NO_DAEMON;
	} else if (status < 0) {
		cmd_complain("the daemon went away before its answer was whole");
		status = EXIT_NO_DAEMON;
	}
	free(line);
	fclose(in);
	return status;
}

int client_ask(const char *socket_path, const char *verb, json_t *take_args,
	       const struct source_set *files, const struct client_ops *ops, void *arg)
{
	int fd = dial(socket_path);

	if (fd < 0) {
		json_decref(take_args);
		return EXIT_NO_DAEMON;
	}
	/* A refusal may come before all is sent: the answer tells more than EPIPE. */
	if (send_request(fd, verb, take_args, files) == -EINVAL) {
		close(fd);
		return EXIT_USAGE;
	}
	return read_answer(fd, ops, arg);
}
