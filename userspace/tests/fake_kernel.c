// SPDX-License-Identifier: GPL-2.0
/*
 * Stands where libmnl's socket and /sys would be, so that the whole reporter
 * can be run against a made-up machine.  LW_FAKE names it: a fixture, or one of
 * the mishaps below.  Requests are written to the file LW_FAKE_LOG.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/latwatch.h>

#include "clocksource.h"
#include "fixture.h"

#define PORTID 4711

struct mnl_socket {
	struct tape tape;
	size_t read;
	int nr_dumps;
	uint32_t nr_infos;
	int nr_watermarks;
};

static struct mnl_socket the_socket;

char *lw_clocksource_read(void)
{
	return strdup("tsc");
}

static bool mishap(const char *name)
{
	const char *fake = getenv("LW_FAKE");

	return fake && !strcmp(fake, name);
}

struct mnl_socket *mnl_socket_open(int bus)
{
	if (bus != NETLINK_GENERIC || mishap("no-socket")) {
		errno = EAFNOSUPPORT;
		return NULL;
	}
	return &the_socket;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	(void)nl;
	return PORTID;
}

int mnl_socket_setsockopt(const struct mnl_socket *nl, int type, void *buf,
			  socklen_t len)
{
	(void)nl;
	(void)type;
	(void)buf;
	(void)len;
	return 0;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

static int vm_of(const struct nlmsghdr *request)
{
	const struct nlattr *attr;
	int vm = FIXTURE_ALL;

	/* The VM has the number 1 in all requests. */
	mnl_attr_for_each(attr, request, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == LATWATCH_A_STAGE_VM)
			vm = (int)mnl_attr_get_u32(attr);
	return vm;
}

static void record(uint8_t cmd, int vm)
{
	const char *path = getenv("LW_FAKE_LOG");
	FILE *log = path ? fopen(path, "a") : NULL;

	if (!log)
		return;
	fprintf(log, "%u %d\n", cmd, vm);
	fclose(log);
}

static void answer_family(struct tape *tape)
{
	struct nlmsghdr *nlh;

	if (mishap("absent")) {
		tape_error(tape, -ENOENT, NULL);
		return;
	}
	nlh = tape_begin(tape, GENL_ID_CTRL, 0, CTRL_CMD_NEWFAMILY);
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FIXTURE_FAMILY);
	mnl_attr_put_u32(nlh, CTRL_ATTR_VERSION, mishap("version") ? 2 : 1);
	tape_end(tape, nlh);
	tape_error(tape, 0, NULL);
}

/* A maximum became larger since the stages were told. */
static void raise_first(struct tape *tape)
{
	const struct nlmsghdr *nlh = (const void *)tape->data;
	const struct nlattr *attr;
	uint32_t value = 5000;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == LATWATCH_A_WATERMARK_VALUE)
			memcpy(mnl_attr_get_payload(attr), &value,
			       sizeof(value));
}

/* A second and a half later than the report before. */
static void move_on(struct tape *tape, uint32_t nr)
{
	const struct nlmsghdr *nlh = (const void *)tape->data;
	const struct nlattr *attr;
	uint64_t now;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != LATWATCH_A_INFO_NOW)
			continue;
		now = mnl_attr_get_u64(attr) + nr * 1500000000ull;
		memcpy(mnl_attr_get_payload(attr), &now, sizeof(now));
	}
}

static void answer(struct mnl_socket *nl, const struct nlmsghdr *request)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(request);
	const char *name = getenv("LW_FAKE");
	const struct fixture *fixture = fixture_find(name ? name : "normal");
	bool dump = request->nlmsg_flags & NLM_F_DUMP;
	struct tape *tape = &nl->tape;
	int vm = vm_of(request);
	uint16_t flags = 0;
	uint32_t epoch = 2;

	if (!fixture)
		fixture = fixture_find("normal");
	record(genl->cmd, vm);
	if (mishap("eperm")) {
		tape_error(tape, -EPERM, NULL);
		return;
	}
	if (mishap("lost-later") && nl->nr_infos > 6) {
		tape_error(tape, -ENOENT, NULL);
		return;
	}
	if (mishap("extack") && genl->cmd == LATWATCH_CMD_WATERMARK_GET) {
		tape_error(tape, -EINVAL, "attribute is not to its liking");
		return;
	}
	if (mishap("vm-goes") && genl->cmd == LATWATCH_CMD_LEDGER_GET &&
	    vm != FIXTURE_ALL) {
		tape_error(tape, -ENOENT, "there is no such VM");
		return;
	}
	if (dump && (mishap("interrupted") ||
		     (mishap("interrupted-once") && !nl->nr_dumps++)))
		flags = NLM_F_DUMP_INTR;
	if (mishap("older") && genl->cmd > LATWATCH_CMD_RESET) {
		tape_error(tape, -EOPNOTSUPP, NULL);
		return;
	}
	switch (genl->cmd) {
	case LATWATCH_CMD_SETTING_GET:
	case LATWATCH_CMD_SETTING_SET:
		fixture_setting(fixture, tape);
		break;
	case LATWATCH_CMD_COST_GET:
		fixture_costs(fixture, flags, tape);
		break;
	case LATWATCH_CMD_BUDGET_GET:
		fixture_budget(fixture, tape);
		break;
	case LATWATCH_CMD_BUDGET_SET:
		if (mishap("budget")) {
			tape_error(tape, -ENOENT, "no stage of this path has this name");
			return;
		}
		break;
	case LATWATCH_CMD_WINDOW_GET:
		fixture_windows(fixture, flags, tape);
		break;
	case LATWATCH_CMD_INFO_GET:
	case LATWATCH_CMD_RESET:
		/* a reset while the first report is read, or each */
		if (mishap("reset") || (mishap("reset-once") && !nl->nr_infos))
			epoch = nl->nr_infos + 1;
		nl->nr_infos++;
		fixture_info(fixture, epoch, tape);
		if (mishap("moving"))
			move_on(tape, nl->nr_infos);
		break;
	case LATWATCH_CMD_STAGE_GET:
		fixture_stages(fixture, vm, flags, tape);
		break;
	case LATWATCH_CMD_WATERMARK_GET:
		fixture_watermarks(fixture, vm, flags, tape);
		if (mishap("risen") ||
		    (mishap("risen-once") && !nl->nr_watermarks++))
			raise_first(tape);
		break;
	case LATWATCH_CMD_RANKING_GET:
		fixture_rankings(fixture, vm, flags, tape);
		break;
	case LATWATCH_CMD_VM_GET:
		fixture_vms(fixture, flags, tape);
		break;
	case LATWATCH_CMD_CPU_GET:
		fixture_cpus(fixture, flags, tape);
		break;
	case LATWATCH_CMD_LEDGER_GET:
		if (!fixture_ledger(fixture, vm == FIXTURE_ALL ? 0 : vm,
				    tape)) {
			tape_error(tape, -ENOENT, NULL);
			return;
		}
		break;
	}
	if (mishap("garbled") && genl->cmd == LATWATCH_CMD_STAGE_GET) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)tape->data;

		nlh->nlmsg_len -= 4;
		tape->len = nlh->nlmsg_len;
		return;
	}
	if (dump)
		tape_done(tape, flags);
	else
		tape_error(tape, 0, NULL);
}

static void address(struct tape *tape, uint32_t seq)
{
	size_t at = 0;

	while (at < tape->len) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)(tape->data + at);

		nlh->nlmsg_seq = seq;
		nlh->nlmsg_pid = PORTID;
		at += MNL_ALIGN(nlh->nlmsg_len);
	}
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *buf,
			  size_t len)
{
	const struct nlmsghdr *request = buf;

	(void)nl;
	the_socket.tape.len = 0;
	the_socket.read = 0;
	if (request->nlmsg_type == GENL_ID_CTRL)
		answer_family(&the_socket.tape);
	else
		answer(&the_socket, request);
	address(&the_socket.tape, request->nlmsg_seq);
	return (ssize_t)len;
}

/* Three messages at a time, and now and then a signal. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	static unsigned int calls;
	size_t len = 0;
	int i;

	(void)nl;
	if (!(++calls % 5)) {
		errno = EINTR;
		return -1;
	}
	for (i = 0; i < 3 && the_socket.read + len < the_socket.tape.len; i++) {
		const struct nlmsghdr *nlh =
			(const void *)(the_socket.tape.data +
				       the_socket.read + len);

		len += MNL_ALIGN(nlh->nlmsg_len);
	}
	if (!len || len > size) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(buf, the_socket.tape.data + the_socket.read, len);
	the_socket.read += len;
	return (ssize_t)len;
}
