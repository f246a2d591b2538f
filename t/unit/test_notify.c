/* test_notify.c: what systemd is told, read from the other end of its socket */
#include "daemon/notify.h"
#include "daemon/state.h"
#include "daemon/vips.h"
#include "plan/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A plan of two peers and three VIPs, of which one is announced. */
const struct plan_peer *plan_peers(const struct plan *plan, size_t *n)
{
	(void)plan;
	*n = 2;
	return NULL;
}

const struct plan_vip *plan_vips(const struct plan *plan, size_t *n)
{
	(void)plan;
	*n = 3;
	return NULL;
}

size_t vips_count_state(const struct vips *vips, enum vip_state state)
{
	(void)vips;
	return state == VIP_ANNOUNCED ? 1 : 0;
}

static struct sockaddr_un at = {.sun_family = AF_UNIX};
static int fd;
static struct generation generation;
static struct daemon daemon_state = {.running = &generation};

static void setup(void)
{
	snprintf(at.sun_path, sizeof(at.sun_path), "/tmp/mlbgpd-notify-%d", (int)getpid());
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
}

static void teardown(void)
{
	free(daemon_state.status);
	close(fd);
	unlink(at.sun_path);
}

TestSuite(notify, .init = setup, .fini = teardown);

/* The next message, or "" where there is none. */
static void expect(const char *message)
{
	char got[512];
	ssize_t n = recv(fd, got, sizeof(got) - 1, 0);

	got[n > 0 ? n : 0] = '\0';
	cr_assert_str_eq(got, message);
}

Test(notify, nothing_before_it_runs)
{
	daemon_state.phase = DAEMON_STARTING;
	notify_ready(&daemon_state);
	notify_reloading(&daemon_state);
	notify_status(&daemon_state);
	expect("");
}

Test(notify, a_status_is_told_once)
{
	static const char status[] = "STATUS=0 of 2 peers established, 1 of 3 VIPs announced";

	daemon_state.phase = DAEMON_RUNNING;
	notify_ready(&daemon_state);
	expect("READY=1");
	expect(status);
	notify_status(&daemon_state);
	expect("");
	daemon_state.n_established = 2;
	notify_status(&daemon_state);
	expect("STATUS=2 of 2 peers established, 1 of 3 VIPs announced");
}

/* RELOADING wants the time at which it began; the READY behind it brings the status back. */
Test(notify, a_reload)
{
	char got[512];
	long long usec;
	ssize_t n;

	daemon_state.phase = DAEMON_RUNNING;
	notify_reloading(&daemon_state);
	n = recv(fd, got, sizeof(got) - 1, 0);
	cr_assert_gt(n, 0);
	got[n] = '\0';
	cr_assert_eq(sscanf(got, "RELOADING=1\nMONOTONIC_USEC=%lld\n", &usec), 1, "%s", got);
	cr_assert_gt(usec, 0);
	daemon_state.stale = true;
	notify_ready(&daemon_state);
	expect("READY=1");
	expect("STATUS=0 of 2 peers established, 1 of 3 VIPs announced; the newest configuration "
	       "was refused");
}

Test(notify, the_stop)
{
	notify_stopping(&daemon_state);
	expect("STOPPING=1\nSTATUS=withdraws its routes and stops");
}
