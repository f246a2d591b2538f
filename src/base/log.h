/* log.h: one line an event, with its level, MESSAGE_ID and fields
 *
 *	log_event(LOG_INFO, EVENT_PEER_STATE, LOG_FIELDS({"PEER", name}, {"REASON", why}),
 *		  "peer %s: %s -> %s: %s", name, from, to, why);
 *	log_info("plain words");
 *
 * Sinks: the journal (where stderr is connected to it), else stderr as "LEVEL: words", or a test's
 * function.  Any thread may log.  After log_start() a thread of its own writes, from a bounded
 * queue: a journal that stands still delays nobody; what did not fit is counted and told later.
 */
#ifndef MLBGPD_BASE_LOG_H
#define MLBGPD_BASE_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

/* Levels are syslog's: LOG_ERR (somebody gets up for it), LOG_WARNING (somebody must look),
 * LOG_INFO (tells the story), LOG_DEBUG. */

/* What an event is; each has a MESSAGE_ID of its own (log.c has the table). */
enum log_event_id {
	EVENT_NONE = 0,
	EVENT_STARTED,
	EVENT_STOPPING,
	EVENT_STOPPED,
	EVENT_RELOADED,
	EVENT_RELOAD_REFUSED,
	EVENT_CONFIG_PROBLEM,
	EVENT_PEER_STATE,
	EVENT_PEER_ERROR,
	EVENT_NOTIFICATION_SENT,
	EVENT_NOTIFICATION_RECEIVED,
	EVENT_VIP_STATE,
	EVENT_VIP_LOST,
	EVENT_VIP_ADOPTED,
	EVENT_VIP_REMOVED,
	EVENT_SERVICE_PENDING,
	EVENT_LINK_STATE,
	EVENT_KERNEL_ERROR,
	EVENT_LISTEN_FAILED,
	EVENT_BFD_STATE,
	EVENT_BFD_DISCARDED,
	EVENT_HEALTH_STATE,
	EVENT_DRAIN,
	EVENT_LOG_DROPPED,
	EVENT_ON_TRIAL,
	EVENT_CONFIRMED,
	EVENT_TAKEN_BACK,
	EVENT_STATE_FOLDER,
	EVENT_COUNT,
};

/* key: PEER, VIP, SERVICE, REASON, ... (upper case); a field with a NULL value is left out */
struct log_field {
	const char *key;
	const char *value;
};

struct log_fields {
	const struct log_field *at;
	size_t n;
};

#define LOG_FIELDS(...)                                                        \
	((struct log_fields){(const struct log_field[]){__VA_ARGS__},          \
			     sizeof((const struct log_field[]){__VA_ARGS__}) / \
				     sizeof(struct log_field)})
#define LOG_NO_FIELDS ((struct log_fields){NULL, 0})

void log_event_at(const char *file, int line, const char *func, int level, enum log_event_id id,
		  struct log_fields fields, const char *format, ...)
	__attribute__((format(printf, 7, 8)));

#define log_event(level, id, fields, ...) \
	log_event_at(__FILE__, __LINE__, __func__, (level), (id), fields, __VA_ARGS__)
#define log_error(...) log_event(LOG_ERR, EVENT_NONE, LOG_NO_FIELDS, __VA_ARGS__)
#define log_warning(...) log_event(LOG_WARNING, EVENT_NONE, LOG_NO_FIELDS, __VA_ARGS__)
#define log_info(...) log_event(LOG_INFO, EVENT_NONE, LOG_NO_FIELDS, __VA_ARGS__)
#define log_debug(...) log_event(LOG_DEBUG, EVENT_NONE, LOG_NO_FIELDS, __VA_ARGS__)

/* Nothing above this level is made (LOG_INFO at first).  Any thread. */
void log_set_level(int level);
int log_level(void);
/* "error", "warning", "info", "debug"; -1 for another word */
int log_level_parse(const char *word);

/* Chooses journal or stderr and starts the writing thread; before it (and in commands) a line is
 * written by its caller.  0 or -errno. */
int log_start(void);
/* Writes what is queued (within a bound of time) and ends the thread. */
void log_stop(void);

/* For tests: all lines go to fn, at once, by the caller's thread.  NULL goes back. */
typedef void (*log_sink_fn)(void *arg, int level, enum log_event_id id, struct log_fields fields,
			    const char *message);
void log_set_sink(log_sink_fn fn, void *arg);

#endif
