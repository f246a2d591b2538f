/* test_kernel_link.c: interfaces that come, go, and are renamed */
#include "kernel_lab.h"

#include "kernel/link.h"

#include <errno.h>
#include <net/if.h>

static void count_change(void *arg)
{
	++*(size_t *)arg;
}

/* Runs the loop until something was told; false after the deadline. */
static bool is_told(sd_event *event, size_t *changes)
{
	for (int i = 0; i < 100 && *changes == 0; i++)
		sd_event_run(event, 100000);
	return *changes > 0;
}

Test(kernel_link, every_change_is_told, .timeout = 60)
{
	static const char *const commands[] = {
		"ip link add vip0 type bridge", "ip link set vip0 up", "ip link set vip0 name vip1",
		"ip link set vip1 down",	"ip link del vip1",
	};
	struct link_watch *watch;
	size_t changes = 0;
	sd_event *event;

	lab_enter();
	cr_assert(ge(int, sd_event_new(&event), 0));
	cr_assert(eq(int, link_watch_new(&watch, event, count_change, &changes), 0));
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		while (sd_event_run(event, 50000) > 0)
			;
		changes = 0;
		shell(commands[i]);
		cr_expect(is_told(event, &changes), "%s", commands[i]);
	}
	link_watch_free(watch);
	sd_event_unref(event);
}

/* More events than the buffer holds: no way to count them, but what comes after is told. */
Test(kernel_link, survives_a_burst, .timeout = 60)
{
	struct link_watch *watch;
	size_t changes = 0;
	sd_event *event;

	lab_enter();
	cr_assert(ge(int, sd_event_new(&event), 0));
	cr_assert(eq(int, link_watch_new(&watch, event, count_change, &changes), 0));
	shell("ip link add vip1 type bridge && for i in $(seq 4000); do "
	      "echo link set vip1 mtu $((1000 + i % 100)); done | ip -batch -");
	while (sd_event_run(event, 200000) > 0)
		;
	cr_expect(gt(sz, changes, 0));
	changes = 0;
	shell("ip link add vip0 type bridge");
	cr_expect(is_told(event, &changes));
	link_watch_free(watch);
	sd_event_unref(event);
}

Test(kernel_link, names_and_long_altnames, .timeout = 60)
{
	static const char *const altname = "a-name-that-is-too-long-for-a-name";

	lab_enter();
	cr_expect(link_find("vip0") == 0);
	cr_expect(link_find(altname) == 0);
	cr_expect(link_find("") == 0);
	shell("ip link add vip0 type bridge && "
	      "ip link property add dev vip0 altname a-name-that-is-too-long-for-a-name");
	cr_expect(link_find("vip0") > 0);
	cr_expect(link_find(altname) == link_find("vip0"));
}

/* What it answers where the kernel has dummy devices, and where it has none. */
Test(kernel_link, creates_a_dummy_device_or_says_why_not, .timeout = 60)
{
	int r;

	lab_enter();
	r = link_create_dummy("vip0");
	if (r == 0) {
		cr_expect(link_find("vip0") > 0);
		shell("ip link show vip0 up | grep -q vip0");
	} else {
		cr_expect(eq(int, r, -EOPNOTSUPP));
		cr_expect(link_find("vip0") == 0);
	}
	/* one that is there is as good, whatever it is */
	shell("ip link add vip1 type bridge");
	cr_expect(eq(int, link_create_dummy("vip1"), 0));
}
