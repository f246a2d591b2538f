/* exposition.h: Prometheus' text format, version 0.0.4
 *
 *	exposition_family(&out, "mlbgpd_vips", METRIC_GAUGE, "VIPs of this node by state.");
 *	exposition_label(&labels, "state", "announced");
 *	exposition_sample(&out, "mlbgpd_vips", labels.text, 3);
 *
 * All samples of a family stand together behind its head.
 */
#ifndef MLBGPD_DAEMON_EXPOSITION_H
#define MLBGPD_DAEMON_EXPOSITION_H

#include "base/text.h"

#define EXPOSITION_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum metric_type { METRIC_GAUGE, METRIC_COUNTER };

/* The HELP and TYPE lines. */
void exposition_family(struct text *out, const char *name, enum metric_type type, const char *help);
/* Adds name="value" to a list of labels.  The value may be any text: it is escaped, and what no
 * reader would take (control characters, what is not UTF-8) is written as \xNN. */
void exposition_label(struct text *labels, const char *name, const char *value);
/* One line; labels as exposition_label() made them, NULL: none. */
void exposition_sample(struct text *out, const char *name, const char *labels, double value);

#endif
