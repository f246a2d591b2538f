/* engine_io.c: the engine's sockets, and the events of its thread */
#include "bfd/engine_private.h"

#include "base/log.h"
#include "bfd/frame.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const uint64_t RETRY_US = 5000000;

/* What each kind is, and what becomes of its sessions where it can't be had. */
static const struct {
	uint16_t port; /* 0: of no port */
	const char *words, *then;
} kinds[BFD_KINDS] = {
#define DOWN                                                                               \
	"its sessions stay down, BGP runs without them except where bfd.strict waits for " \
	"them"
#define NO_ECHO "its sessions run without echo"
	[BFD_SINGLE_IPV4] = {BFD_PORT_SINGLE, "UDP port 3784 (IPv4)", DOWN},
	[BFD_SINGLE_IPV6] = {BFD_PORT_SINGLE, "UDP port 3784 (IPv6)", DOWN},
	[BFD_MULTI_IPV4] = {BFD_PORT_MULTI, "UDP port 4784 (IPv4)", DOWN},
	[BFD_MULTI_IPV6] = {BFD_PORT_MULTI, "UDP port 4784 (IPv6)", DOWN},
	[BFD_ECHO_DIRECT_IPV4] = {BFD_PORT_ECHO, "UDP port 3785 (echo, IPv4)", NO_ECHO},
	[BFD_ECHO_DIRECT_IPV6] = {BFD_PORT_ECHO, "UDP port 3785 (echo, IPv6)", NO_ECHO},
	[BFD_ECHO_LOOPED_IPV4] = {0, "the packet socket for echoes (IPv4)", NO_ECHO},
	[BFD_ECHO_LOOPED_IPV6] = {0, "the packet socket for echoes (IPv6)", NO_ECHO},
#undef DOWN
#undef NO_ECHO
};

static void tell_failure(struct bfd_engine *e, enum bfd_socket_kind kind, int error)
{
	const uint16_t port = kinds[kind].port;
	char *words = e->sockets[kind].problem;
	const size_t size = sizeof(e->sockets[kind].problem);
	char owner[PORT_OWNER_TEXT_MAX];

	if (error == EADDRINUSE && port) {
		port_owner(owner, PORT_UDP, port);
		snprintf(words, size, "%s is held by %s", kinds[kind].words, owner);
	} else {
		snprintf(words, size, "%s: %s", kinds[kind].words, strerror(error));
	}
	if (error != e->sockets[kind].error)
		log_event(LOG_ERR, EVENT_LISTEN_FAILED, LOG_NO_FIELDS,
			  "BFD can't listen: %s; %s; tried again every %d s", words,
			  kinds[kind].then, (int)(RETRY_US / 1000000));
	e->sockets[kind].error = error;
}

static int open_fd(enum bfd_socket_kind kind)
{
	const uint8_t family = bfd_family_of(kind);

	if (kind >= BFD_ECHO_LOOPED_IPV4)
		return bfd_echo_open_looped(family);
	if (kind >= BFD_ECHO_DIRECT_IPV4)
		return bfd_echo_open_direct(family);
	return bfd_socket_listen(family, kinds[kind].port);
}

/* False where it failed. */
static bool open_socket(struct bfd_engine *e, enum bfd_socket_kind kind)
{
	int fd = open_fd(kind);

	if (fd < 0) {
		tell_failure(e, kind, -fd);
		return false;
	}
	e->sockets[kind].open = true;
	e->sockets[kind].error = 0;
	bfd_thread_command(e->thread, &(struct bfd_command){
					      .what = BFD_COMMAND_LISTEN, .index = kind, .fd = fd});
	return true;
}

static void close_socket(struct bfd_engine *e, enum bfd_socket_kind kind)
{
	e->sockets[kind].open = false;
	bfd_thread_command(e->thread, &(struct bfd_command){
					      .what = BFD_COMMAND_LISTEN, .index = kind, .fd = -1});
}

static int on_retry(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	bfd_engine_open_sockets(arg);
	return 0;
}

static void retry_later(struct bfd_engine *e)
{
	if (!e->retry)
		(void)sd_event_add_time_relative(e->event, &e->retry, CLOCK_MONOTONIC, RETRY_US, 0,
						 on_retry, e);
	else if (sd_event_source_set_time_relative(e->retry, RETRY_US) >= 0)
		sd_event_source_set_enabled(e->retry, SD_EVENT_ONESHOT);
}

void bfd_engine_open_sockets(struct bfd_engine *e)
{
	bool wanted[BFD_KINDS] = {false}, all = true;

	for (size_t i = 0; i < e->entries.n; i++) {
		const struct bfd_entry *entry = e->entries.at[i];
		const uint8_t family = entry->peer.family;

		wanted[bfd_kind_of(family, entry->multihop)] = true;
		if (!bfd_engine_may_echo(entry))
			continue;
		wanted[bfd_echo_kind_of(family, false)] = true;
		wanted[bfd_echo_kind_of(family, true)] = true;
	}
	for (enum bfd_socket_kind kind = 0; kind < BFD_KINDS; kind++) {
		if (wanted[kind] && !e->sockets[kind].open)
			all = open_socket(e, kind) && all;
		else if (!wanted[kind] && e->sockets[kind].open)
			close_socket(e, kind);
	}
	bfd_engine_sync_echo(e);
	if (!all)
		retry_later(e);
}

static int on_events(sd_event_source *source, int fd, uint32_t revents, void *arg)
{
	struct bfd_engine *e = arg;
	struct bfd_event event;

	(void)source;
	(void)fd;
	(void)revents;
	ring_clear(&e->thread->events);
	while (ring_take(&e->thread->events, &event))
		bfd_engine_on_event(e, &event);
	return 0;
}

int bfd_engine_listen_to_thread(struct bfd_engine *e)
{
	return sd_event_add_io(e->event, &e->events_source, e->thread->events.wake, EPOLLIN,
			       on_events, e);
}
