/* daemon.c: start, the loop with its signals, end
 *
 * The order of a start: what can be wrong without touching the host comes first (the
 * configuration), then what only we need (folders, control socket), then the kernel, then BGP.
 * Signals are blocked before any thread starts and read from the loop.
 */
#include "daemon/daemon.h"
#include "base/log.h"
#include "base/text.h"
#include "bfd/engine.h"
#include "bgp/speaker.h"
#include "config.h"
#include "config/diag.h"
#include "config/source.h"
#include "daemon/answer.h"
#include "daemon/apply.h"
#include "daemon/confirm.h"
#include "daemon/control.h"
#include "daemon/exit_status.h"
#include "daemon/findings.h"
#include "daemon/keep.h"
#include "daemon/last_good.h"
#include "daemon/lease.h"
#include "daemon/loop.h"
#include "daemon/metrics_http.h"
#include "daemon/notify.h"
#include "daemon/password_file.h"
#include "daemon/pending.h"
#include "daemon/reload.h"
#include "daemon/report.h"
#include "daemon/state.h"
#include "daemon/stop.h"
#include "daemon/vips.h"
#include "daemon/worker.h"
#include "kernel/host.h"
#include "kernel/link.h"
#include "plan/leases.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t READY_PATIENCE_US = 10000000;
static const uint64_t STATUS_PACE_US = 1000000;

/* What ran last, where it is still good; NULL: nothing to run from. */
static struct generation *load_last_good(const struct daemon_options *o,
					 const struct leases *leases)
{
	struct source_set *sources = o->no_fallback ? NULL : last_good_read(o->state_dir);
	struct generation *g;

	if (!sources)
		return NULL;
	g = generation_new(sources, NULL, o->node, leases);
	password_files_read(g);
	if (generation_ok(g))
		return g;
	log_warning("the last good documents in %s are not valid for this version or node: "
		    "not used",
		    o->state_dir);
	generation_unref(g);
	return NULL;
}

/* Errors of the configuration are for the reader's eyes: all of them, with line and caret. */
static void refuse_start(const struct diags *diags)
{
	diags_print(diags, stderr);
	log_error("the configuration is invalid (%zu error%s): not started", diags_errors(diags),
		  diags_errors(diags) == 1 ? "" : "s");
}

static void start_stale(struct daemon *d, const struct diags *diags)
{
	findings_log(diags);
	log_event(LOG_ERR, EVENT_CONFIG_PROBLEM, LOG_NO_FIELDS,
		  "the configuration is invalid (%zu error%s): runs from the last good documents, "
		  "kept in %s, until a reload is accepted",
		  diags_errors(diags), diags_errors(diags) == 1 ? "" : "s", d->options->state_dir);
	reload_refused_at_start(d, diags);
}

/* Files that are valid, but were on trial and never confirmed, are no better than what ran before.
 */
static struct generation *load_confirmed(struct daemon *d, struct generation *take,
					 const struct leases *leases)
{
	const struct daemon_options *o = d->options;
	struct generation *last = NULL;

	if (confirm_was_unconfirmed(o->state_dir, take->model))
		last = load_last_good(o, leases);
	if (!last) {
		findings_log(take->diags);
		pending_log(NULL, take);
		return take;
	}
	log_event(LOG_WARNING, EVENT_TAKEN_BACK, LOG_NO_FIELDS,
		  "the files were on trial and not confirmed: runs from the last good documents, "
		  "kept in %s, until a reload is accepted",
		  o->state_dir);
	reload_refused_at_start(d, NULL);
	generation_unref(take);
	return last;
}

/* NULL: nothing to start with. */
static struct generation *load_first(struct daemon *d)
{
	const struct daemon_options *o = d->options;
	struct source_set *sources = source_set_new();
	struct diags *diags = diags_new(sources);
	struct leases *leases = lease_read(o->state_dir);
	struct generation *g, *last;

	config_files_read(&o->files, sources, diags);
	g = generation_new(sources, diags, o->node, leases);
	password_files_read(g);
	if (generation_ok(g)) {
		last = load_confirmed(d, g, leases);
	} else {
		last = load_last_good(o, leases);
		if (last)
			start_stale(d, g->diags);
		else
			refuse_start(g->diags);
		generation_unref(g);
	}
	leases_free(leases);
	return last;
}

/* One that can't be written to is told when that is tried. */
static int prepare_state_dir(const char *path)
{
	int fd;

	if (mkdir(path, 0700) < 0 && errno != EEXIST) {
		log_error("can't make the state folder %s: %s", path, strerror(errno));
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		log_error("can't use the state folder %s: %s", path, strerror(errno));
		return -1;
	}
	close(fd);
	lease_set_aside_damaged(path);
	return 0;
}

static void settled(void *arg)
{
	struct daemon *d = arg;

	reload_on_settled(d);
	if (d->phase == DAEMON_STARTING && vips_are_settled(d->vips))
		sd_event_source_set_time_relative(d->ready_deadline, 0);
}

static void kept(void *arg)
{
	confirm_on_kept(arg);
	reload_on_settled(arg);
}

static void session_changed(void *arg, const char *peer, bool established)
{
	struct daemon *d = arg;

	if (d->phase == DAEMON_STOPPING)
		return;
	confirm_session_changed(d, peer, established);
	if (established)
		bfd_look_at(d->bfd, d->running->plan, peer);
	free(report_established(d, &d->n_established));
}

/* One that stands, or that the plan has and will stand. */
static bool is_vip(void *arg, const struct addr *addr)
{
	const struct daemon *d = arg;

	return vips_is_ours(d->vips, addr) ||
	       (d->running && plan_find_vip_around(d->running->plan, addr) != PLAN_NONE);
}

static bool local_address_allowed(void *arg, const struct addr *local)
{
	return !is_vip(arg, local);
}

/* The interface of a peer on the link. */
static uint32_t interface_to(void *arg, const struct addr *peer)
{
	struct host_path path;

	(void)arg;
	if (host_path_to(peer, 0, &path) < 0 || path.local || !path.on_link)
		return 0;
	return path.ifindex;
}

static const char *interface_lost(void *arg, uint32_t ifindex)
{
	struct daemon *d = arg;
	char name[IF_NAMESIZE];

	if (link_is_up(ifindex))
		return NULL;
	if (!if_indextoname(ifindex, name))
		return "its interface is gone";
	snprintf(d->link_words, sizeof(d->link_words), "interface %s went down", name);
	return d->link_words;
}

static void on_links(void *arg)
{
	struct daemon *d = arg;

	if (d->speaker)
		speaker_links_changed(d->speaker);
	if (d->bfd && d->running)
		bfd_want(d->bfd, d->running->plan);
}

static void bfd_lost(void *arg, const char *peer)
{
	struct daemon *d = arg;

	if (d->phase != DAEMON_STOPPING)
		(void)speaker_bfd_down(d->speaker, peer);
}

static void bfd_up(void *arg, const char *peer)
{
	struct daemon *d = arg;

	if (d->phase != DAEMON_STOPPING)
		(void)speaker_bfd_up(d->speaker, peer);
}

static const char *awaits_bfd(void *arg, const struct plan_peer *peer)
{
	struct daemon *d = arg;

	return bfd_why_not_up(d->bfd, peer);
}

static struct bfd_path path_to(void *arg, const struct addr *peer)
{
	struct host_path path;

	(void)arg;
	if (host_path_to(peer, 0, &path) < 0)
		return (struct bfd_path){.known = false};
	return (struct bfd_path){.known = true,
				 .on_link = path.on_link && !path.local,
				 .ifindex = path.ifindex,
				 .source = path.source};
}

static bool link_address(void *arg, const struct addr *peer, uint32_t ifindex, uint8_t ret[6])
{
	(void)arg;
	return host_link_address(peer, ifindex, ret) == 0;
}

static struct addr bgp_address(void *arg, const char *peer)
{
	const struct daemon *d = arg;

	return speaker_local_address(d->speaker, peer);
}

static const struct speaker_ops speaker_ops = {
	.session_changed = session_changed,
	.local_address_allowed = local_address_allowed,
	.interface_to = interface_to,
	.interface_lost = interface_lost,
	.awaits_bfd = awaits_bfd,
};

static const struct bfd_ops bfd_ops = {.lost = bfd_lost,
				       .up = bfd_up,
				       .path_to = path_to,
				       .link_address = link_address,
				       .bgp_address = bgp_address,
				       .is_vip = is_vip};

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *arg)
{
	struct daemon *d = arg;

	(void)source;
	switch (info->ssi_signo) {
	case SIGHUP:
		if (d->phase != DAEMON_STOPPING)
			reload_request(d, 0, 0);
		break;
	case SIGUSR1:
		report_to_log(d);
		break;
	case SIGTERM:
		stop_request(d, "SIGTERM");
		break;
	default:
		stop_request(d, "SIGINT");
		break;
	}
	return 0;
}

/* READY once the VIPs stand, so that what is started after us can bind to them; a kernel that does
 * not answer must not hold up the boot for ever. */
static int on_ready(sd_event_source *source, uint64_t usec, void *arg)
{
	struct daemon *d = arg;

	(void)source;
	(void)usec;
	if (d->phase != DAEMON_STARTING)
		return 0;
	d->phase = DAEMON_RUNNING;
	log_event(LOG_INFO, EVENT_STARTED, LOG_NO_FIELDS, "mlbgpd %s runs as node %s",
		  PACKAGE_VERSION, plan_node(d->running->plan)->object.name);
	notify_ready(d);
	return 0;
}

static int on_status(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)usec;
	notify_status(arg);
	sd_event_source_set_time_relative(source, STATUS_PACE_US);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int add_sources(struct daemon *d)
{
	static const int signals[] = {SIGHUP, SIGTERM, SIGINT, SIGUSR1};
	int r = 0;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals) && r >= 0; i++)
		r = sd_event_add_signal(d->event, NULL, signals[i], on_signal, d);
	if (r >= 0)
		r = sd_event_add_time_relative(d->event, &d->ready_deadline, CLOCK_MONOTONIC,
					       READY_PATIENCE_US, 1000, on_ready, d);
	if (r >= 0 && getenv("NOTIFY_SOCKET")) /* else nobody is told, and we sleep */
		r = sd_event_add_time_relative(d->event, &d->status_soon, CLOCK_MONOTONIC,
					       STATUS_PACE_US, 100000, on_status, d);
	if (r >= 0)
		r = sd_event_set_watchdog(d->event, 1);
	if (r < 0)
		log_error("the event loop refused: %s", strerror(-r));
	return r;
}

static int open_engines(struct daemon *d)
{
	char *problem = NULL;
	int r;

	r = control_new(&d->control, d->event, d->options->socket, answer_request, d, &problem);
	if (r < 0) {
		log_error("%s", problem ? problem : strerror(-r));
		free(problem);
		return r;
	}
	r = worker_new(&d->worker, d->event);
	if (r < 0) {
		log_error("no worker thread: %s", strerror(-r));
		return r;
	}
	r = keep_new(&d->keep, d->event, d->worker, d->options->state_dir, kept, d);
	if (r < 0) {
		log_error("no timer: %s", strerror(-r));
		return r;
	}
	r = vips_new(&d->vips, d->event, settled, d);
	if (r == -EPERM) {
		log_error("may not set addresses: run as root or with CAP_NET_ADMIN");
		return r;
	}
	if (r < 0) {
		log_error("no access to the kernel's addresses: %s", strerror(-r));
		return r;
	}
	r = link_watch_new(&d->links, d->event, on_links, d);
	if (r < 0)
		log_warning("interfaces can't be watched: %s; a lost link ends a session by its "
			    "hold time only",
			    strerror(-r));
	d->speaker = speaker_new(d->event, &speaker_ops, d);
	vips_set_speaker(d->vips, d->speaker);
	d->bfd = bfd_engine_new(d->event, &bfd_ops, d);
	d->metrics = metrics_http_new(d->event, d);
	return 0;
}

static int run(struct daemon *d, struct generation *first)
{
	int r;

	r = sd_event_default(&d->event);
	if (r < 0) {
		log_error("no event loop: %s", strerror(-r));
		generation_unref(first);
		return EXIT_SYSTEM;
	}
	if (add_sources(d) < 0 || open_engines(d) < 0) {
		generation_unref(first);
		return EXIT_SYSTEM;
	}
	apply_generation(d, first);
	if (!d->from_last_good)
		(void)confirm_end(d);
	settled(d);
	r = loop_run(d->event, &d->turns);
	if (r < 0) {
		log_error("the event loop ended: %s", strerror(-r));
		return EXIT_SYSTEM;
	}
	return EXIT_WELL;
}

/* The speaker first: closing sessions asks nobody, while its callbacks ask the others. */
static void close_all(struct daemon *d)
{
	d->phase = DAEMON_STOPPING;
	worker_free(d->worker);
	keep_free(d->keep);
	control_free(d->control);
	metrics_http_free(d->metrics);
	link_watch_free(d->links);
	if (d->speaker)
		speaker_free(d->speaker);
	bfd_engine_free(d->bfd);
	vips_free(d->vips);
	reload_fini(d);
	confirm_fini(d);
	stop_fini(d);
	generation_unref(d->running);
	free(d->leases);
	free(d->status);
	sd_event_source_disable_unref(d->ready_deadline);
	sd_event_source_disable_unref(d->status_soon);
	sd_event_unref(d->event);
}

int daemon_run(const struct daemon_options *options)
{
	struct daemon d = {.options = options, .started = monotime_now()};
	struct generation *first;
	int status;

	if (options->log_level >= 0)
		log_set_level(options->log_level);
	block_signals();
	first = load_first(&d);
	if (!first)
		return EXIT_INVALID;
	if (prepare_state_dir(options->state_dir) < 0) {
		reload_fini(&d);
		generation_unref(first);
		return EXIT_SYSTEM;
	}
	(void)log_start();
	status = run(&d, first);
	close_all(&d);
	log_stop();
	return status;
}
