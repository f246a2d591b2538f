/* log_line.h: inside the log: one line with its fields, and where it goes
 *
 * log.c makes lines and keeps the queue; log_sink.c writes them to the journal or stderr.
 */
#ifndef MLBGPD_BASE_LOG_LINE_H
#define MLBGPD_BASE_LOG_LINE_H

#include "base/log.h"

/* On the heap; texts are the line's own, but for file and func, which are constants. */
struct log_line {
	int level;
	enum log_event_id id;
	const char *file, *func;
	int line;
	char *message;
	struct log_field *fields;
	size_t n_fields;
};

/* 32 hex digits, or NULL for EVENT_NONE. */
const char *log_message_id(enum log_event_id id);

/* Is stderr connected to the journal ($JOURNAL_STREAM)? */
bool log_sink_is_journal(void);
/* Writes it, to the journal or to stderr; may block. */
void log_sink_write(const struct log_line *line, bool journal);

#endif
