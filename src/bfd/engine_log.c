/* engine_log.c: what the log is told of sessions: a change is a line, but not if they come without
 * end */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "bfd/engine_private.h"

static const int64_t MINUTE_US = 60000000;
enum { CHANGES_A_MINUTE = 20 };

/* What was left out is told with the first line of the next minute. */
static bool may_tell(struct bfd_entry *entry)
{
	const struct monotime now = monotime_now();

	if (entry->told == 0 || monotime_since_us(now, entry->told_since) >= MINUTE_US) {
		if (entry->untold)
			log_info("peer %s: BFD: %u more changes were not told", entry->name,
				 entry->untold);
		entry->told_since = now;
		entry->told = entry->untold = 0;
	}
	if (entry->told < CHANGES_A_MINUTE) {
		entry->told++;
		return true;
	}
	if (entry->untold++ == 0)
		log_warning("peer %s: BFD changes its state without end: no more of it is told "
			    "for a while; "
			    "is there another sender with the address of this router?",
			    entry->name);
	return false;
}

void bfd_engine_log_change(struct bfd_entry *entry, const struct bfd_change *c, int level)
{
	const char *from = bfd_state_name(c->from), *to = bfd_state_name(c->to);
	const char *diag = bfd_diag_text(c->diag);
	const bool told = c->verdict[0] != '\0';

	if (!may_tell(entry))
		return;
	log_event(level, EVENT_BFD_STATE,
		  LOG_FIELDS({"PEER", entry->name}, {"FROM", from}, {"TO", to},
			     {"DIAGNOSTIC", diag}, {"VERDICT", told ? c->verdict : NULL}),
		  "peer %s: BFD %s -> %s%s%s%s%s", entry->name, from, to, c->diag ? ": " : "",
		  c->diag ? diag : "", told ? ": " : "", c->verdict);
}

static const char *name_of(const struct bfd_engine *e, const struct addr *peer)
{
	for (size_t i = 0; i < e->entries.n; i++)
		if (addr_equal(&e->entries.at[i]->peer, peer))
			return e->entries.at[i]->name;
	return NULL;
}

/* "; the last from 192.0.2.2 (peer near)" */
static void add_source(struct text *words, const struct addr *from, const char *peer)
{
	char addr[ADDR_TEXT_MAX];

	if (from->family == ADDR_NONE)
		return;
	text_addf(words, "; the last from %s", addr_format(addr, from));
	if (peer)
		text_addf(words, " (peer %s)", peer);
}

void bfd_engine_log_discarded(const struct bfd_engine *e, const struct bfd_discard_report *r)
{
	const char *peer = name_of(e, &r->from);
	struct text words = {0};

	text_addf(&words, "%llu packet%s discarded: %s", (unsigned long long)r->n,
		  r->n == 1 ? "" : "s", bfd_discard_text(r->reason));
	if (r->reason == BFD_BAD_TTL)
		text_addf(&words, " (TTL %u)", r->ttl);
	add_source(&words, &r->from, peer);
	log_event(LOG_WARNING, EVENT_BFD_DISCARDED,
		  LOG_FIELDS({"REASON", bfd_discard_name(r->reason)}, {"PEER", peer}), "BFD: %s",
		  words.text);
	text_fini(&words);
}
