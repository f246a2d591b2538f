/* test_lease.c: the file of leases: what is written is read again, what is damaged is set aside */
#include "base/text.h"
#include "daemon/lease.h"
#include "plan/leases.h"
#include "plan/plan.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A plan that gives three addresses: only those that it chose itself are leased. */
static const struct service services[] = {
	{.object = {.name = "chosen", .namespace = "default"}},
	{.object = {.name = "asked", .namespace = "default"}},
	{.object = {.name = "kept", .namespace = "dns"}},
};
static struct plan_service given[] = {
	{.service = &services[0], .source = SOURCE_ALLOCATED, .n_addresses = 1},
	{.service = &services[1], .source = SOURCE_REQUESTED, .n_addresses = 1},
	{.service = &services[2], .source = SOURCE_LEASE, .n_addresses = 2},
};

const struct plan_service *plan_services(const struct plan *plan, size_t *n)
{
	(void)plan;
	addr_parse(&given[0].addresses[0], "192.0.2.1");
	addr_parse(&given[1].addresses[0], "192.0.2.2");
	addr_parse(&given[2].addresses[0], "192.0.2.3");
	addr_parse(&given[2].addresses[1], "2001:db8::3");
	*n = sizeof(given) / sizeof(*given);
	return given;
}

static char dir[] = "/tmp/mlbgpd-lease-XXXXXX";
static char file[64], damaged[64];

static void setup(void)
{
	cr_assert_not_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/leases", dir);
	snprintf(damaged, sizeof(damaged), "%s/leases.damaged", dir);
}

static void teardown(void)
{
	unlink(file);
	unlink(damaged);
	cr_assert_eq(rmdir(dir), 0, "something was left in %s", dir);
}

Test(lease, written_and_read, .init = setup, .fini = teardown)
{
	struct text bytes = {0};
	struct leases *leases;
	const struct lease *kept;
	struct addr first;
	struct stat st;

	cr_assert_null(lease_read(dir), "there is none yet");
	lease_format(NULL, &bytes);
	cr_assert_str_eq(bytes.text, "mlbgpd leases 1\n"
				     "default/chosen 192.0.2.1\n"
				     "dns/kept 192.0.2.3 2001:db8::3\n"
				     "end 2\n");
	cr_assert_eq(lease_write(dir, bytes.text, bytes.len), 0);
	cr_assert_eq(stat(file, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	leases = lease_read(dir);
	cr_assert_eq(leases_count(leases), 2);
	cr_assert_null(leases_find(leases, "default", "asked"));
	kept = leases_find(leases, "dns", "kept");
	cr_assert_eq(kept->n_addresses, 2);
	addr_parse(&first, "192.0.2.3");
	cr_assert(addr_equal(&kept->addresses[0], &first));
	leases_free(leases);
	text_fini(&bytes);
}

Test(lease, damaged, .init = setup, .fini = teardown)
{
	static const char *const cases[] = {
		"",
		"\n",
		"something else\nend 0\n",
		"mlbgpd leases 1\n",
		"mlbgpd leases 1\na/b 192.0.2.1\n",
		"mlbgpd leases 1\na/b 192.0.2.1\nend 2\n",
		"mlbgpd leases 1\na/b\nend 1\n",
		"mlbgpd leases 1\na/b x\nend 1\n",
		"mlbgpd leases 1\na/b 192.0.2.1 192.0.2.2 192.0.2.3\nend 1\n",
		"mlbgpd leases 1\nab 192.0.2.1\nend 1\n",
		"mlbgpd leases 1\n/b 192.0.2.1\nend 1\n",
		"mlbgpd leases 1\na/ 192.0.2.1\nend 1\n",
		"mlbgpd leases 1\nend -0\n",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		cr_assert_eq(lease_write(dir, cases[i], strlen(cases[i])), 0);
		cr_assert_null(lease_read(dir), "%s", cases[i]);
		cr_assert_eq(access(file, F_OK), 0, "reading alone changes nothing");
		lease_set_aside_damaged(dir);
		cr_assert_neq(access(file, F_OK), 0);
		cr_assert_eq(access(damaged, F_OK), 0);
	}
}

Test(lease, a_nul_in_it_is_damage, .init = setup, .fini = teardown)
{
	static const char bytes[] = "mlbgpd leases 1\nend 0\n\0more";

	cr_assert_eq(lease_write(dir, bytes, sizeof(bytes) - 1), 0);
	lease_set_aside_damaged(dir);
	cr_assert_eq(access(damaged, F_OK), 0);
}

Test(lease, a_good_one_is_left_where_it_is, .init = setup, .fini = teardown)
{
	static const char bytes[] = "mlbgpd leases 1\nend 0\n";

	cr_assert_eq(lease_write(dir, bytes, sizeof(bytes) - 1), 0);
	lease_set_aside_damaged(dir);
	cr_assert_eq(access(file, F_OK), 0);
	cr_assert_lt(lease_write("/nonexistent", bytes, sizeof(bytes) - 1), 0);
}
