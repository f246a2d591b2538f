/* log_sink.c: lines to the journal, with their fields, or to stderr */
#include "base/log_line.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

static bool write_journal(const struct log_line *line)
{
	struct text texts[FIELDS_MAX] = {0};
	struct iovec iov[FIELDS_MAX];
	char number[16];
	size_t n = 0;
	int r;

	add_field(texts, &n, "MESSAGE", line->message);
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

/* One line whatever is in it: control characters are written as \\xNN. */
static void write_stderr(const struct log_line *line)
{
	struct text out = {0};
	ssize_t r;

	text_addf(&out, "%s: ", level_word(line->level));
	for (const char *c = line->message; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			text_addf(&out, "\\x%02x", (unsigned char)*c);
		else
			text_add_n(&out, c, 1);
	}
	text_add(&out, "\n");
	r = write(STDERR_FILENO, out.text, out.len);
	(void)r; /* nobody is left to be told */
	text_fini(&out);
}

void log_sink_write(const struct log_line *line, bool journal)
{
	if (!journal || !write_journal(line))
		write_stderr(line);
}
