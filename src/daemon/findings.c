/* findings.c: diagnostics to the log and into answers */
#include "daemon/findings.h"
#include "base/log.h"
#include "config/diag.h"
#include "daemon/pending.h"

#include <stdio.h>
#include <stdlib.h>

void findings_log(const struct diags *diags)
{
	for (size_t i = 0; i < diags_count(diags); i++) {
		const struct diag *diag = diags_get(diags, i);
		char *line;

		if (pending_is_told(diag))
			continue;
		line = diag_line(diags, diag);
		log_event(diag->severity == DIAG_ERROR ? LOG_ERR : LOG_WARNING,
			  EVENT_CONFIG_PROBLEM, LOG_NO_FIELDS, "%s", line);
		free(line);
	}
}

char *findings_text(const struct diags *diags)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	diags_print(diags, out);
	fclose(out);
	return text;
}

char *findings_first_error(const struct diags *diags)
{
	for (size_t i = 0; i < diags_count(diags); i++)
		if (diags_get(diags, i)->severity == DIAG_ERROR)
			return diag_line(diags, diags_get(diags, i));
	return NULL;
}
