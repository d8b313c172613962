// SPDX-License-Identifier: GPL-2.0
/*
 * netlink: what the family answers to those who do not play by its rules.
 *
 *	netlink		tests, as KTAP; the module is loaded, and better for
 *			having seen some traffic
 *	netlink probe	sends each command as whoever calls; prints a line for
 *			each: its name, how it ended, how many replies came
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "genl.h"

#define NOBODY		0xfffffff0	/* an id that no VM gets */

static const struct command {
	const char *name;
	unsigned char id;
	bool dump;
	unsigned short vm;	/* the attribute that chooses a VM, or 0 */
} commands[] = {
	{ "info-get", LATWATCH_CMD_INFO_GET, false, 0 },
	{ "stage-get", LATWATCH_CMD_STAGE_GET, true, LATWATCH_A_STAGE_VM },
	{ "watermark-get", LATWATCH_CMD_WATERMARK_GET, true,
	  LATWATCH_A_WATERMARK_VM },
	{ "vm-get", LATWATCH_CMD_VM_GET, true, 0 },
	{ "cpu-get", LATWATCH_CMD_CPU_GET, true, 0 },
	{ "ledger-get", LATWATCH_CMD_LEDGER_GET, false, LATWATCH_A_LEDGER_VM },
	{ "setting-get", LATWATCH_CMD_SETTING_GET, false, 0 },
	{ "setting-set", LATWATCH_CMD_SETTING_SET, false, 0 },
	{ "cost-get", LATWATCH_CMD_COST_GET, true, 0 },
	{ "window-get", LATWATCH_CMD_WINDOW_GET, true, LATWATCH_A_WINDOW_VM },
	{ "budget-get", LATWATCH_CMD_BUDGET_GET, false, 0 },
	{ "budget-set", LATWATCH_CMD_BUDGET_SET, false, 0 },
	{ "ranking-get", LATWATCH_CMD_RANKING_GET, true, LATWATCH_A_RANKING_VM },
	{ "reset", LATWATCH_CMD_RESET, false, 0 },
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static unsigned short family;
static unsigned int results, failures;

/**
 * struct answer - what came back
 * @error: 0 or an errno
 * @replies: messages that were neither an error nor the end
 * @parts: how many times there was something to receive
 * @interrupted: a message had NLM_F_DUMP_INTR
 * @sum: of what the replies say, however it is cut into messages
 * @objects: the same of what says which objects they are about
 * @words: the kernel's sentence
 */
struct answer {
	int error;
	unsigned int replies;
	unsigned int parts;
	bool interrupted;
	unsigned long long sum;
	unsigned long long objects;
	char words[256];
};

static void result(bool ok, const char *format, ...)
{
	va_list args;

	printf("%sok %u ", ok ? "" : "not ", ++results);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	failures += !ok;
}

static void skip(const char *what, const char *why)
{
	printf("ok %u %s # SKIP %s\n", ++results, what, why);
}

static void read_words(const struct nlmsghdr *n, struct answer *a)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(n);
	unsigned int offset = sizeof(*e);
	const struct nlattr *attr;

	if (!(n->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (n->nlmsg_type == NLMSG_DONE)
		offset = sizeof(int);
	else if (!(n->nlmsg_flags & NLM_F_CAPPED))
		offset += mnl_nlmsg_get_payload_len(n) < sizeof(*e) ? 0 :
				  e->msg.nlmsg_len - sizeof(e->msg);
	mnl_attr_for_each(attr, n, offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(a->words, sizeof(a->words), "%s",
				 mnl_attr_get_str(attr));
}

static unsigned long long hash(unsigned long long h, const struct nlattr *attr)
{
	const unsigned char *p = (const unsigned char *)attr;
	size_t i;

	for (i = 0; i < attr->nla_len; i++)
		h = (h ^ p[i]) * 1099511628211ULL;
	return h;
}

/*
 * What a message cannot hold follows in another one of the same object, whose
 * first two attributes say which it is; where it is cut depends on the room.
 */
static void add_up(const struct nlmsghdr *n, struct answer *a)
{
	unsigned long long object = 14695981039346656037ULL;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, n, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) <= 2)
			object = hash(object, attr);
		else
			a->sum += hash(object, attr);
	}
	a->objects += object;
}

/* take in one part; true if more must come */
static bool receive(struct mnl_socket *s, size_t size, bool dump,
		    struct answer *a)
{
	char buf[GENL_LARGE];
	const struct nlmsghdr *n = (const struct nlmsghdr *)buf;
	ssize_t got = recv(mnl_socket_get_fd(s), buf, size, MSG_TRUNC);
	int len = got;

	if (got < 0 || (size_t)got > size) {
		a->error = got < 0 ? errno : EMSGSIZE;
		return false;
	}
	a->parts++;
	for (; mnl_nlmsg_ok(n, len); n = mnl_nlmsg_next(n, &len)) {
		if (n->nlmsg_flags & NLM_F_DUMP_INTR)
			a->interrupted = true;
		if (n->nlmsg_type == NLMSG_ERROR ||
		    n->nlmsg_type == NLMSG_DONE) {
			a->error = -*(int *)mnl_nlmsg_get_payload(n);
			read_words(n, a);
			return false;
		}
		a->replies++;
		add_up(n, a);
	}
	return dump || !a->replies;
}

static struct answer ask(struct nlmsghdr *n)
{
	struct mnl_socket *s = genl_socket();
	struct answer a = {};

	if (mnl_socket_sendto(s, n, n->nlmsg_len) < 0)
		a.error = errno;
	else
		while (receive(s, GENL_LARGE, n->nlmsg_flags & NLM_F_DUMP, &a))
			;
	mnl_socket_close(s);
	return a;
}

static struct answer ask_plain(const struct command *c)
{
	char buf[GENL_SMALL];

	return ask(genl_message(buf, family, c->dump ? NLM_F_DUMP : 0, c->id));
}

static bool alive(void)
{
	struct answer a = ask_plain(&commands[0]);

	return !a.error && a.replies == 1;
}

/* refused with a sentence */
static bool refused_in_silence(const struct answer *a, int error)
{
	return a->error == error && !a->replies;
}

static bool refused(const struct answer *a, int error)
{
	bool ok = refused_in_silence(a, error) && a->words[0];

	if (!ok)
		printf("# error %d (%s), words '%s', %u replies\n", a->error,
		       strerror(a->error), a->words, a->replies);
	return ok;
}

static void test_rules(const struct command *c)
{
	unsigned short flags = c->dump ? NLM_F_DUMP : 0;
	char buf[GENL_SMALL];
	struct nlmsghdr *n;
	struct answer a;

	a = ask_plain(c);
	result(!a.error, "%s: is answered", c->name);

	n = genl_message(buf, family, flags, c->id);
	mnl_attr_put_u32(n, 1000, 1);
	a = ask(n);
	result(refused(&a, EINVAL), "%s: an unknown attribute is refused",
	       c->name);

	/* one that the command's replies know, but its requests do not */
	n = genl_message(buf, family, flags, c->id);
	mnl_attr_put_u32(n, c->vm ? c->vm + 1 : 1, 1);
	a = ask(n);
	result(refused(&a, EINVAL), "%s: an attribute of replies is refused",
	       c->name);

	n = genl_message(buf, family, flags ^ NLM_F_DUMP, c->id);
	a = ask(n);
	result(a.error == EOPNOTSUPP && !a.replies,
	       c->dump ? "%s: does nothing but dump" : "%s: does not dump",
	       c->name);
}

static bool start_has_words(void)
{
	unsigned int major, minor;
	struct utsname u;

	uname(&u);
	return sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor > 1));
}

static void test_vm(const struct command *c)
{
	unsigned short flags = c->dump ? NLM_F_DUMP : 0;
	char buf[GENL_SMALL];
	struct nlmsghdr *n;
	struct answer a;

	n = genl_message(buf, family, flags, c->id);
	mnl_attr_put_u32(n, c->vm, NOBODY);
	a = ask(n);
	/* up to 6.1, a dump's beginning cannot pass a sentence on */
	result(c->dump && !start_has_words() ?
	       refused_in_silence(&a, ENOENT) :
	       refused(&a, ENOENT) && strstr(a.words, "VM"),
	       "%s: a VM that does not exist: %s", c->name, a.words);

	n = genl_message(buf, family, flags, c->id);
	mnl_attr_put_u16(n, c->vm, 1);
	a = ask(n);
	result(refused(&a, EINVAL),
	       "%s: a VM id that is too short: %s", c->name, a.words);

	n = genl_message(buf, family, flags, c->id);
	mnl_attr_put_u64(n, c->vm, 1);
	a = ask(n);
	result(refused(&a, EINVAL), "%s: a VM id that is too long: %s",
	       c->name, a.words);

	n = genl_message(buf, family, flags, c->id);
	mnl_attr_put_u32(n, c->vm, 1);
	((struct nlattr *)((char *)n + n->nlmsg_len - 8))->nla_len = 200;
	a = ask(n);
	result(a.error == EINVAL && !a.replies,
	       "%s: an attribute that is longer than the message", c->name);
}

static void test_headers(void)
{
	char buf[GENL_SMALL];
	struct nlmsghdr *n;
	struct answer a;
	unsigned int len;

	n = genl_message(buf, family, 0, 200);
	a = ask(n);
	result(a.error == EOPNOTSUPP, "a command that does not exist");

	n = genl_message(buf, family, NLM_F_ACK, LATWATCH_CMD_INFO_GET);
	n->nlmsg_len = NLMSG_HDRLEN;
	a = ask(n);
	result(a.error == EINVAL, "a message without the family's header");

	for (len = 0; len <= NLMSG_HDRLEN + GENL_HDRLEN; len++) {
		struct mnl_socket *s = genl_socket();

		n = genl_message(buf, family, NLM_F_ACK, LATWATCH_CMD_INFO_GET);
		/* a header that promises more than there is */
		n->nlmsg_len = len + 100;
		mnl_socket_sendto(s, n, len);
		/* and one that promises less than a header */
		n->nlmsg_len = len;
		mnl_socket_sendto(s, n, NLMSG_HDRLEN + GENL_HDRLEN);
		mnl_socket_close(s);
	}
	result(alive(), "truncated headers change nothing");
}

/* a dump in parts as small as they get; @between is done after the first */
static struct answer dump_slowly(const struct command *c,
				 void (*between)(void))
{
	struct mnl_socket *s = genl_socket();
	struct answer a = {};
	char buf[GENL_SMALL];
	struct nlmsghdr *n = genl_message(buf, family, NLM_F_DUMP, c->id);
	int little = 1;

	setsockopt(mnl_socket_get_fd(s), SOL_SOCKET, SO_RCVBUF, &little,
		   sizeof(little));
	mnl_socket_sendto(s, n, n->nlmsg_len);
	while (receive(s, GENL_SMALL, true, &a))
		if (a.parts == 1 && between)
			between();
	mnl_socket_close(s);
	return a;
}

static void begin_epoch(void)
{
	struct answer a = ask_plain(&commands[COMMANDS - 1]);

	if (a.error)
		printf("# the reset failed: %s\n", strerror(a.error));
}

static void test_resume(const struct command *c)
{
	struct answer whole, slow;
	char what[80];
	int i;

	snprintf(what, sizeof(what), "%s: a slow reader gets the same",
		 c->name);
	/* what is dumped may change: then once more */
	for (i = 0; i < 20; i++) {
		whole = ask_plain(c);
		slow = dump_slowly(c, NULL);
		if (whole.sum == slow.sum)
			break;
	}
	if (slow.parts < 3 && whole.sum == slow.sum) {
		skip(what, "it fits in one part");
		return;
	}
	result(!slow.error && !slow.interrupted && whole.sum == slow.sum,
	       "%s, in %u parts instead of %u", what, slow.parts, whole.parts);
}

static void test_interrupted(const struct command *c)
{
	struct answer a = dump_slowly(c, NULL);
	const char *what = "a reset in the middle of a dump is told";

	/* the last part has nothing but the end */
	if (a.parts < 4) {
		skip(what, "the dump fits in one part");
		return;
	}
	result(!a.error && !a.interrupted, "a dump in %u parts", a.parts);
	a = dump_slowly(c, begin_epoch);
	result(!a.error && a.interrupted, "%s", what);
}

/* ask for the seconds from @since on */
static struct answer ask_since(unsigned int since)
{
	char buf[GENL_SMALL];
	struct nlmsghdr *n = genl_message(buf, family, NLM_F_DUMP, LATWATCH_CMD_WINDOW_GET);

	mnl_attr_put_u32(n, LATWATCH_A_WINDOW_SINCE, since);
	return ask(n);
}

static void test_since(void)
{
	struct answer all = ask_since(0), none = ask_since(~0U);

	result(!all.error && !none.error && !none.replies &&
	       (all.replies || !getenv("LATWATCH_GUEST")),
	       "window-get: all seconds are %u messages, those to come none", all.replies);
}

/* an hour is longer than anything here takes */
#define HOUR	3600000000000ULL
#define ABSENT	-1LL

/* a bound of a request; what is ABSENT is left out */
static void put_bound(struct nlmsghdr *n, long long vm, long long stage, long long limit)
{
	struct nlattr *nest = mnl_attr_nest_start(n, LATWATCH_A_BUDGET_BOUND);

	if (vm != ABSENT)
		mnl_attr_put_u32(n, LATWATCH_A_BOUND_VM, vm);
	if (stage != ABSENT)
		mnl_attr_put_u32(n, LATWATCH_A_BOUND_STAGE, stage);
	if (limit != ABSENT)
		mnl_attr_put_u64(n, LATWATCH_A_BOUND_LIMIT, limit);
	mnl_attr_nest_end(n, nest);
}

/* replace the budget by a good bound and another one */
static struct answer ask_bounds(long long vm, long long stage, long long limit)
{
	char buf[GENL_SMALL];
	struct nlmsghdr *n = genl_message(buf, family, 0, LATWATCH_CMD_BUDGET_SET);

	put_bound(n, ABSENT, LATWATCH_STAGE_TAP_DWELL, HOUR + 1);
	put_bound(n, vm, stage, limit);
	return ask(n);
}

static struct answer ask_budget(void)
{
	static const struct command get = { .id = LATWATCH_CMD_BUDGET_GET };

	return ask_plain(&get);
}

static void test_budget(void)
{
	static const struct command none = { .id = LATWATCH_CMD_BUDGET_SET };
	static const struct {
		const char *what;
		long long vm, stage, limit;
		int error;
	} bad[] = {
		{ "a stage that does not exist", ABSENT, LATWATCH_STAGE_MAX + 1, HOUR, ERANGE },
		{ "a bound without a stage", ABSENT, ABSENT, HOUR, EINVAL },
		{ "a bound without a limit", ABSENT, LATWATCH_STAGE_NAPI, ABSENT, EINVAL },
		{ "a limit of 0 ns", ABSENT, LATWATCH_STAGE_NAPI, 0, ERANGE },
		{ "a VM that does not exist", NOBODY, LATWATCH_STAGE_NAPI, HOUR, ENOENT },
		{ "two limits of a stage", ABSENT, LATWATCH_STAGE_TAP_DWELL, HOUR, EEXIST },
	};
	struct answer empty, before, a;
	unsigned int i;

	ask_plain(&none);
	empty = ask_budget();
	a = ask_bounds(ABSENT, LATWATCH_STAGE_NAPI, HOUR);
	before = ask_budget();
	result(!a.error && before.replies == 1 && before.objects != empty.objects,
	       "budget-set: two limits are kept");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		a = ask_bounds(bad[i].vm, bad[i].stage, bad[i].limit);
		result(refused(&a, bad[i].error) && ask_budget().objects == before.objects,
		       "budget-set: %s: %s", bad[i].what, a.words);
	}
	a = ask_plain(&none);
	result(!a.error && ask_budget().objects == empty.objects, "budget-set: no limits any more");
}

static void probe(void)
{
	unsigned int i;

	family = genl_family();
	if (!family) {
		printf("family absent 0\n");
		return;
	}
	for (i = 0; i < COMMANDS; i++) {
		struct answer a = ask_plain(&commands[i]);

		printf("%s %s %u\n", commands[i].name,
		       a.error ? strerrorname_np(a.error) : "done", a.replies);
	}
}

int main(int argc, char **argv)
{
	unsigned int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1) {
		if (strcmp(argv[1], "probe"))
			return 2;
		probe();
		return 0;
	}
	printf("TAP version 13\n");
	family = genl_family();
	if (!family) {
		printf("1..0 # SKIP the module is not loaded\n");
		return 4;
	}
	/* before the resets: later there is less to dump */
	for (i = 0; i < COMMANDS; i++)
		if (commands[i].dump)
			test_resume(&commands[i]);
	test_since();
	test_budget();
	test_interrupted(&commands[1]);
	for (i = 0; i < COMMANDS; i++)
		test_rules(&commands[i]);
	for (i = 0; i < COMMANDS; i++)
		if (commands[i].vm)
			test_vm(&commands[i]);
	test_headers();
	printf("1..%u\n", results);
	return failures != 0;
}
