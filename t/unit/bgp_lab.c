/* bgp_lab.c: a network of one's own, and a speaker in it */
#include "bgp_lab.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/diag.h"

#include <criterion/criterion.h>

#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_US = 12 * 1000 * 1000 };

static void interface_up(int fd, const char *name, const char *address)
{
	struct ifreq request = {0};
	struct sockaddr_storage sa;
	struct addr addr;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (address) {
		cr_assert_eq(addr_parse(&addr, address), ADDR_OK);
		addr_to_sockaddr(&addr, 0, 0, &sa);
		memcpy(&request.ifr_addr, &sa, sizeof(request.ifr_addr));
		cr_assert_eq(ioctl(fd, SIOCSIFADDR, &request), 0, "%s: %m", address);
	}
	request.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
	cr_assert_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0, "%s: %m", name);
}

void lab_network(void)
{
	static const char *const addresses[] = {ME, PEER, PEER2};
	int fd;

	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		cr_skip_test("no network namespace can be had here");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	cr_assert_geq(fd, 0);
	interface_up(fd, "lo", NULL);
	for (unsigned i = 0; i < 3; i++) {
		char alias[IFNAMSIZ];

		snprintf(alias, sizeof(alias), "lo:%u", i);
		interface_up(fd, alias, addresses[i]);
	}
	close(fd);
}

void lab_add_address6(const char *address)
{
	struct {
		struct in6_addr addr;
		uint32_t prefix_len;
		int ifindex;
	} request = {.prefix_len = 128, .ifindex = (int)if_nametoindex("lo")};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage sa;
	struct addr addr;

	if (fd < 0)
		cr_skip_test("this kernel has no IPv6");
	cr_assert_eq(addr_parse(&addr, address), ADDR_OK);
	memcpy(&request.addr, addr.bytes, sizeof(request.addr));
	cr_assert_eq(ioctl(fd, SIOCSIFADDR, &request), 0, "%s: %m", address);
	/* it is ready a little later */
	addr_to_sockaddr(&addr, 0, 0, &sa);
	for (int i = 0;
	     i < 500 && bind(fd, (struct sockaddr *)&sa, sizeof(struct sockaddr_in6)) < 0; i++)
		usleep(10000);
	close(fd);
}

static void on_session(void *arg, const char *peer, bool established)
{
	struct lab *lab = arg;

	(void)peer;
	if (established)
		lab->ups++;
	else
		lab->downs++;
}

static bool is_allowed(void *arg, const struct addr *local)
{
	const struct lab *lab = arg;
	char text[ADDR_TEXT_MAX];

	return !lab->vip || strcmp(lab->vip, addr_format(text, local)) != 0;
}

/* All are on one link. */
static uint32_t seventh(void *arg, const struct addr *peer)
{
	(void)arg;
	(void)peer;
	return 7;
}

static const char *lost(void *arg, uint32_t ifindex)
{
	const struct lab *lab = arg;

	return lab->lost_link == ifindex ? "interface eth7 went down" : NULL;
}

static const char *awaits_bfd(void *arg, const struct plan_peer *peer)
{
	const struct lab *lab = arg;

	(void)peer;
	return lab->no_bfd;
}

void lab_start(struct lab *lab, const char *listen)
{
	static const struct speaker_ops ops = {.session_changed = on_session,
					       .local_address_allowed = is_allowed,
					       .interface_to = seventh,
					       .interface_lost = lost,
					       .awaits_bfd = awaits_bfd};
	struct listen_address at = {.port = LAB_PORT};

	memset(lab, 0, sizeof(*lab));
	cr_assert_geq(sd_event_default(&lab->event), 0);
	lab->speaker = speaker_new(lab->event, &ops, lab);
	if (!listen)
		return;
	cr_assert_eq(addr_parse(&at.addr, listen), ADDR_OK);
	cr_assert_eq(speaker_listen(lab->speaker, &at, 1), 1);
}

static void forget_plan(struct plan *plan, struct model *model, struct source_set *sources)
{
	plan_free(plan);
	model_free(model);
	source_set_free(sources);
}

void lab_stop(struct lab *lab)
{
	speaker_free(lab->speaker);
	if (lab->plan)
		forget_plan(lab->plan, lab->model, lab->sources);
	sd_event_unref(lab->event);
}

void lab_want(struct lab *lab, const char *yaml)
{
	struct lab old = *lab;
	struct diags *diags;

	lab->sources = source_set_new();
	cr_assert_eq(source_set_add_bytes(lab->sources, "test", yaml, strlen(yaml)), 0);
	diags = diags_new(lab->sources);
	lab->model = config_load(lab->sources, "node", diags);
	if (!lab->model)
		diags_print(diags, stderr);
	cr_assert(lab->model);
	lab->plan = plan_new(lab->model, NULL, NULL, NULL, NULL);
	cr_assert(lab->plan);
	diags_free(diags);
	plan_open_all(lab->plan);
	speaker_want(lab->speaker, lab->plan);
	if (old.plan)
		forget_plan(old.plan, old.model, old.sources);
}

static void on_route(void *arg, uint32_t group, uint32_t route)
{
	struct lab *lab = arg;

	speaker_route_changed(lab->speaker, group, route);
}

void lab_gate(struct lab *lab, const char *vip, bool open)
{
	struct addr addr;
	uint32_t i;

	cr_assert_eq(addr_parse(&addr, vip), ADDR_OK);
	i = plan_find_vip(lab->plan, &addr);
	cr_assert_neq(i, PLAN_NONE, "no VIP %s", vip);
	plan_gate(lab->plan, i, open, on_route, lab);
}

struct wanted_view {
	const char *peer;
	struct bgp_peer_view view;
};

static void on_view(void *arg, const struct bgp_peer_view *view)
{
	struct wanted_view *wanted = arg;

	if (strcmp(view->name, wanted->peer) == 0)
		wanted->view = *view;
}

struct bgp_peer_view lab_view(const struct lab *lab, const char *peer)
{
	struct wanted_view wanted = {.peer = peer};

	speaker_peers(lab->speaker, on_view, &wanted);
	cr_assert(wanted.view.name, "no peer %s", peer);
	return wanted.view;
}

void lab_until(struct lab *lab, lab_cond cond, void *arg, const char *what)
{
	struct monotime start = monotime_now();

	while (!cond(arg)) {
		cr_assert_lt(monotime_since_us(monotime_now(), start), PATIENCE_US,
			     "waited in vain: %s", what);
		cr_assert_geq(sd_event_run(lab->event, 20000), 0);
	}
}

void lab_run_ms(struct lab *lab, int ms)
{
	struct monotime start = monotime_now();

	while (monotime_since_us(monotime_now(), start) < ms * 1000)
		cr_assert_geq(sd_event_run(lab->event, 5000), 0);
}

struct state_wait {
	struct lab *lab;
	const char *peer;
	enum bgp_state state;
};

static bool has_state(void *arg)
{
	const struct state_wait *wait = arg;

	return lab_view(wait->lab, wait->peer).state == wait->state;
}

void lab_until_state(struct lab *lab, const char *peer, enum bgp_state state)
{
	struct state_wait wait = {lab, peer, state};

	lab_until(lab, has_state, &wait, bgp_state_name(state));
}
