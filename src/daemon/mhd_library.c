/* mhd_library.c: finds libmicrohttpd and its functions */
#include "daemon/mhd_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define SONAME "libmicrohttpd.so.12"

#define SYMBOL(member, name)                               \
	{                                                  \
		name, offsetof(struct mhd_library, member) \
	}

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
	SYMBOL(start_daemon, "MHD_start_daemon"),
	SYMBOL(stop_daemon, "MHD_stop_daemon"),
	SYMBOL(get_daemon_info, "MHD_get_daemon_info"),
	SYMBOL(get_timeout, "MHD_get_timeout"),
	SYMBOL(run, "MHD_run"),
	SYMBOL(add_connection, "MHD_add_connection"),
	SYMBOL(response_from_buffer, "MHD_create_response_from_buffer"),
	SYMBOL(response_from_callback, "MHD_create_response_from_callback"),
	SYMBOL(add_response_header, "MHD_add_response_header"),
	SYMBOL(queue_response, "MHD_queue_response"),
	SYMBOL(destroy_response, "MHD_destroy_response"),
};

static const char *last_problem(void)
{
	const char *words = dlerror();

	return words ? words : SONAME " can't be loaded";
}

/* All of them must be functions of one size, as POSIX wants of dlsym(). */
static bool find_symbols(void *handle, struct mhd_library *lib)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		void *at = dlsym(handle, symbols[i].name);

		if (!at)
			return false;
		memcpy((char *)lib + symbols[i].offset, &at, sizeof(at));
	}
	return true;
}

const struct mhd_library *mhd_library(const char **problem)
{
	static struct mhd_library lib;
	static bool loaded;
	void *handle;

	if (loaded)
		return &lib;
	handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		*problem = last_problem();
		return NULL;
	}
	loaded = find_symbols(handle, &lib);
	if (loaded)
		return &lib;
	*problem = last_problem();
	return NULL;
}
