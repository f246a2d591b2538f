/* metrics_bfd.c: MetalLB's names and labels: peer is the address without a port */
#include "daemon/metrics_bfd.h"
#include "base/array.h"
#include "base/text.h"
#include "bfd/engine.h"
#include "daemon/exposition.h"
#include "daemon/state.h"

enum bfd_metric {
	SESSION_UP,
	INPUT,
	OUTPUT,
	ECHO_INPUT,
	ECHO_OUTPUT,
	UP_EVENTS,
	DOWN_EVENTS,
	BFD_METRICS
};

static const struct {
	const char *name;
	enum metric_type type;
	const char *help;
} families[BFD_METRICS] = {
	[SESSION_UP] = {"metallb_bfd_session_up", METRIC_GAUGE, "1: the BFD session is Up."},
	[INPUT] = {"metallb_bfd_control_packet_input", METRIC_COUNTER,
		   "BFD control packets received."},
	[OUTPUT] = {"metallb_bfd_control_packet_output", METRIC_COUNTER,
		    "BFD control packets sent."},
	[ECHO_INPUT] = {"metallb_bfd_echo_packet_input", METRIC_COUNTER,
			"BFD echoes of ours that came back."},
	[ECHO_OUTPUT] = {"metallb_bfd_echo_packet_output", METRIC_COUNTER, "BFD echoes sent."},
	[UP_EVENTS] = {"metallb_bfd_session_up_events", METRIC_COUNTER,
		       "How often the BFD session came Up."},
	[DOWN_EVENTS] = {"metallb_bfd_session_down_events", METRIC_COUNTER,
			 "How often the BFD session left Up."},
};

struct row {
	struct text labels;
	double values[BFD_METRICS];
};

struct rows {
	ARRAY(struct row) list;
};

static void add_row(void *arg, const struct bfd_view *view)
{
	struct rows *rows = arg;
	struct row *row = array_add(&rows->list);
	char addr[ADDR_TEXT_MAX];

	exposition_label(&row->labels, "peer", addr_format(addr, view->address));
	exposition_label(&row->labels, "vrf", "default");
	row->values[SESSION_UP] = view->state == BFD_UP;
	row->values[INPUT] = (double)view->packets_in;
	row->values[OUTPUT] = (double)view->packets_out;
	row->values[ECHO_INPUT] = (double)view->echo.packets_in;
	row->values[ECHO_OUTPUT] = (double)view->echo.packets_out;
	row->values[UP_EVENTS] = (double)view->ups;
	row->values[DOWN_EVENTS] = (double)view->downs;
}

static void add_discarded(struct text *out, const struct daemon *d)
{
	static const char name[] = "mlbgpd_bfd_discarded_packets_total";
	uint64_t n[BFD_DISCARD_COUNT];

	bfd_discarded(d->bfd, n);
	exposition_family(out, name, METRIC_COUNTER, "BFD packets thrown away, from anybody.");
	for (unsigned i = BFD_OK + 1; i < BFD_DISCARD_COUNT; i++) {
		struct text labels = {0};

		exposition_label(&labels, "reason", bfd_discard_name((enum bfd_discard)i));
		exposition_sample(out, name, labels.text, (double)n[i]);
		text_fini(&labels);
	}
}

void metrics_add_bfd(struct text *out, const struct daemon *d)
{
	struct rows rows = {0};

	bfd_sessions(d->bfd, add_row, &rows);
	for (size_t f = 0; f < BFD_METRICS; f++) {
		exposition_family(out, families[f].name, families[f].type, families[f].help);
		for (size_t i = 0; i < rows.list.n; i++)
			exposition_sample(out, families[f].name, rows.list.at[i].labels.text,
					  rows.list.at[i].values[f]);
	}
	add_discarded(out, d);
	for (size_t i = 0; i < rows.list.n; i++)
		text_fini(&rows.list.at[i].labels);
	array_fini(&rows.list);
}
