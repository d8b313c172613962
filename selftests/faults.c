// SPDX-License-Identifier: GPL-2.0
/*
 * faults: what asks for memory is refused it, at one point after the other, as
 * KTAP. Needs a kernel with FAULT_INJECTION, and its settings made by faults.sh.
 *
 *	faults load FILE [PARAMETERS]	the module is loaded, with the nth
 *					allocation failing, for n from 1 until
 *					there are no more
 *	faults requests			the module is loaded; likewise each of
 *					the family's requests and its answer
 *
 * Whatever comes of it must be an error that says so, or a success; after each,
 * the same thing without a fault must work.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "genl.h"

#define POINTS	100000	/* more than anything here asks for */

static const struct command {
	const char *name;
	unsigned char id;
	bool dump;
	bool measure; /* switches it on, having switched it off before */
} commands[] = {
	{ "info-get", LATWATCH_CMD_INFO_GET, false, false },
	{ "stage-get", LATWATCH_CMD_STAGE_GET, true, false },
	{ "watermark-get", LATWATCH_CMD_WATERMARK_GET, true, false },
	{ "vm-get", LATWATCH_CMD_VM_GET, true, false },
	{ "cpu-get", LATWATCH_CMD_CPU_GET, true, false },
	{ "ledger-get", LATWATCH_CMD_LEDGER_GET, false, false },
	{ "reset", LATWATCH_CMD_RESET, false, false },
	{ "setting-get", LATWATCH_CMD_SETTING_GET, false, false },
	{ "setting-set", LATWATCH_CMD_SETTING_SET, false, true },
	{ "cost-get", LATWATCH_CMD_COST_GET, true, false },
	{ "window-get", LATWATCH_CMD_WINDOW_GET, true, false },
	{ "budget-get", LATWATCH_CMD_BUDGET_GET, false, false },
	{ "budget-set", LATWATCH_CMD_BUDGET_SET, false, false },
	{ "ranking-get", LATWATCH_CMD_RANKING_GET, true, false },
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static unsigned int results, failures;
static int fail_nth;
static unsigned short family;

/* the nth allocation of this task from now on fails; 0, none */
static void arm(unsigned int n)
{
	char text[16];

	if (pwrite(fail_nth, text, snprintf(text, sizeof(text), "%u", n), 0) <= 0) {
		printf("Bail out! fail-nth: %s\n", strerror(errno));
		exit(1);
	}
}

/* true if it has failed */
static bool disarm(void)
{
	char text[16] = "";
	ssize_t got = pread(fail_nth, text, sizeof(text) - 1, 0);

	arm(0);
	return got > 0 && !strtoul(text, NULL, 10);
}

static void result(bool ok, const char *what, unsigned int points,
		   unsigned int borne)
{
	printf("%sok %u %s: %u points, %u without an error\n",
	       ok ? "" : "not ", ++results, what, points, borne);
	failures += !ok;
}

/* -- Load */

static int load(const char *file, const char *parameters)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), err;

	err = fd < 0 || syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	if (fd >= 0)
		close(fd);
	return err;
}

static bool unload(void)
{
	return !syscall(SYS_delete_module, "latwatch", O_NONBLOCK);
}

static bool loaded(void)
{
	return !access("/sys/module/latwatch", F_OK);
}

static void test_load(const char *file, const char *parameters)
{
	unsigned int n, borne = 0;
	bool ok = true, failed = true;

	for (n = 1; ok && failed && n < POINTS; n++) {
		int err;

		if (n % 50 == 0)
			printf("# point %u, %u without an error\n", n, borne);
		arm(n);
		err = load(file, parameters);
		failed = disarm();
		if (failed && !err)
			borne++;
		if (err ? loaded() || (err != ENOMEM && err != ENOENT) :
			  !unload()) {
			printf("# point %u: error %d (%s)\n", n, err,
			       strerror(err));
			ok = false;
		}
		/* that all is well again is seen now and then: it takes time */
		if (ok && (n % 32 == 0 || !failed) &&
		    (load(file, parameters) || !unload())) {
			printf("# point %u: cannot be loaded afterwards\n", n);
			ok = false;
		}
	}
	result(ok && n > 50 && n < POINTS && borne < n, "load", n - 2, borne);
}

/* -- Requests */

/* what the last answer about settings said of it */
static int measures;

static void note_measures(const struct nlmsghdr *n)
{
	const struct nlattr *attr;
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(n);

	if (n->nlmsg_type != family || (g->cmd != LATWATCH_CMD_SETTING_GET &&
					g->cmd != LATWATCH_CMD_SETTING_SET))
		return;
	mnl_attr_for_each(attr, n, sizeof(*g))
		if (mnl_attr_get_type(attr) == LATWATCH_A_SETTING_MEASURE)
			measures = mnl_attr_get_u8(attr);
}

/* what came: an errno of the end, or -1 if none did */
static int answer(struct mnl_socket *s, unsigned int *replies)
{
	static char buf[GENL_LARGE];

	for (;;) {
		const struct nlmsghdr *n = (const struct nlmsghdr *)buf;
		int len = recv(mnl_socket_get_fd(s), buf, sizeof(buf),
			       MSG_DONTWAIT);

		if (len < 0)
			return errno == EAGAIN ? -1 : errno;
		for (; mnl_nlmsg_ok(n, len); n = mnl_nlmsg_next(n, &len)) {
			if (n->nlmsg_type == NLMSG_ERROR ||
			    n->nlmsg_type == NLMSG_DONE)
				return -*(int *)mnl_nlmsg_get_payload(n);
			++*replies;
			note_measures(n);
		}
	}
}

static void put_bound(struct nlmsghdr *n)
{
	struct nlattr *nest = mnl_attr_nest_start(n, LATWATCH_A_BUDGET_BOUND);

	mnl_attr_put_u32(n, LATWATCH_A_BOUND_STAGE, LATWATCH_STAGE_NAPI);
	mnl_attr_put_u32(n, LATWATCH_A_BOUND_LIMIT, 1000000000);
	mnl_attr_nest_end(n, nest);
}

/**
 * exchange() - a request and its answer, with a fault in it
 * @c: which
 * @on: what it switches, if it does
 * @n: the fault, 0: none
 * @failed: is set if there was one
 *
 * Return: 0, an errno, or -1 if there was no answer and no error.
 */
static int exchange(const struct command *c, bool on, unsigned int n,
		    bool *failed)
{
	struct mnl_socket *s = genl_socket();
	char buf[GENL_SMALL];
	struct nlmsghdr *request = genl_message(buf, family,
			c->dump ? NLM_F_DUMP : NLM_F_ACK, c->id);
	unsigned int replies = 0;
	int err = 0;

	if (c->measure)
		mnl_attr_put_u8(request, LATWATCH_A_SETTING_MEASURE, on);
	if (c->id == LATWATCH_CMD_BUDGET_SET)
		put_bound(request);
	/* room for all of a dump, so that each allocation is asked for here */
	arm(n);
	if (mnl_socket_sendto(s, request, request->nlmsg_len) < 0)
		err = errno;
	if (!err)
		err = answer(s, &replies);
	*failed = disarm();
	mnl_socket_close(s);
	if (!err && !c->dump && replies != 1)
		err = -1;
	return err;
}

/* is it what a request that ended with @err leaves behind? */
static bool is_switched(const struct command *c, int err)
{
	static const struct command get = { .id = LATWATCH_CMD_SETTING_GET };
	bool failed;

	/* without an answer of the family's it is not known how far that came */
	return !c->measure || (err && err != ENOMEM) ||
	       (!exchange(&get, false, 0, &failed) && measures == !err);
}

/* the same of one that wants something else to be before */
static int ask(const struct command *c, unsigned int n, bool *failed)
{
	int err = c->measure ? exchange(c, false, 0, failed) : 0;

	return err ?: exchange(c, true, n, failed);
}

/* netlink itself tells with ENOBUFS that it had no memory for an answer */
static bool is_told(int err)
{
	return err == ENOMEM || err == ENOBUFS || err == EAGAIN;
}

static void test_request(const struct command *c)
{
	unsigned int n, borne = 0;
	bool ok = true, failed = true, again;
	int err = 0, after = 0;

	for (n = 1; ok && failed && n < POINTS; n++) {
		err = ask(c, n, &failed);
		/* one that failed to say anything is told by the next */
		if (failed && !err)
			borne++;
		ok = (!err || (failed && (is_told(err) || err == -1))) &&
		     is_switched(c, err);
		after = ask(c, 0, &again);
		ok = ok && !after && is_switched(c, 0);
	}
	if (!ok)
		printf("# point %u: error %d, and then %d\n", n - 1, err, after);
	result(ok && n > 2 && n < POINTS, c->name, n - 2, borne);
}

int main(int argc, char **argv)
{
	unsigned int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	fail_nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	printf("TAP version 13\n");
	if (fail_nth < 0) {
		printf("1..0 # SKIP this kernel injects no faults\n");
		return 4;
	}
	if (argc > 2 && !strcmp(argv[1], "load")) {
		printf("1..1\n");
		test_load(argv[2], argc > 3 ? argv[3] : "");
		return failures != 0;
	}
	if (argc != 2 || strcmp(argv[1], "requests"))
		return 2;
	family = genl_family();
	if (!family) {
		printf("1..0 # SKIP the module is not loaded\n");
		return 4;
	}
	printf("1..%zu\n", COMMANDS);
	for (i = 0; i < COMMANDS; i++)
		test_request(&commands[i]);
	return failures != 0;
}
