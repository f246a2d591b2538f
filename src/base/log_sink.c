/* log_sink.c: lines to the journal, with their fields, or to stderr */
#include "base/log_line.h"

#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

enum { FIELDS_MAX = 24 };

bool log_sink_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

/* One "KEY=value" of the journal's; values may hold anything. */
static void add_field(struct text *texts, size_t *n, const char *key, const char *value)
{
	if (*n == FIELDS_MAX || !value)
		return;
	text_addf(&texts[*n], "%s=%s", key, value);
	(*n)++;
}

static bool write_journal(const struct log_line *line, const char *message)
{
	struct text texts[FIELDS_MAX] = {0};
	struct iovec iov[FIELDS_MAX];
	char number[16];
	size_t n = 0;
	int r;

	add_field(texts, &n, "MESSAGE", message);
	snprintf(number, sizeof(number), "%d", line->level);
	add_field(texts, &n, "PRIORITY", number);
	add_field(texts, &n, "SYSLOG_IDENTIFIER", "mlbgpd");
	add_field(texts, &n, "MESSAGE_ID", log_message_id(line->id));
	add_field(texts, &n, "CODE_FILE", line->file);
	snprintf(number, sizeof(number), "%d", line->line);
	add_field(texts, &n, "CODE_LINE", number);
	add_field(texts, &n, "CODE_FUNC", line->func);
	for (size_t i = 0; i < line->n_fields; i++)
		add_field(texts, &n, line->fields[i].key, line->fields[i].value);
	for (size_t i = 0; i < n; i++)
		iov[i] = (struct iovec){.iov_base = texts[i].text, .iov_len = texts[i].len};
	r = sd_journal_sendv(iov, (int)n);
	for (size_t i = 0; i < n; i++)
		text_fini(&texts[i]);
	return r >= 0;
}

static const char *level_word(int level)
{
	return level <= LOG_ERR	      ? "error"
	       : level == LOG_WARNING ? "warning"
	       : level <= LOG_INFO    ? "info"
				      : "debug";
}

/* The whole line, in one piece where the kernel takes it so; a stderr that somebody else made
 * non-blocking is waited for. */
static void write_all(const char *at, size_t left)
{
	while (left > 0) {
		ssize_t n = write(STDERR_FILENO, at, left);

		if (n >= 0) {
			at += n;
			left -= (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd p = {.fd = STDERR_FILENO, .events = POLLOUT};

			(void)poll(&p, 1, -1);
		} else if (errno != EINTR) {
			return; /* nobody is left to be told */
		}
	}
}

static void write_stderr(int level, const char *message)
{
	struct text out = {0};

	text_addf(&out, "%s: %s\n", level_word(level), message);
	write_all(out.text, out.len);
	text_fini(&out);
}

void log_sink_write(const struct log_line *line, bool journal)
{
	struct text message = {0};

	/* One line that steers no terminal, whatever is in it. */
	text_add(&message, "");
	text_add_printable(&message, line->message, strlen(line->message));
	if (!journal || !write_journal(line, message.text))
		write_stderr(line->level, message.text);
	text_fini(&message);
}
