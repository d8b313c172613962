// SPDX-License-Identifier: GPL-2.0
/*
 * requests: a fuzzer of the family, as KTAP.
 *
 *	requests COUNT [SEED]
 *
 * Sends so many messages made of what the specification knows (grammar.py):
 * most are then bent or broken, and what comes back is read, or in part, or
 * never. Some are sent as the grammar wants them and must be answered; some
 * have one attribute that it forbids, and must be refused. In the end nothing
 * may have changed but the epoch, by as many resets as were answered.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "genl.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define SOCKETS		8
#define DEPTH		4	/* of nests in nests */
#define ASKED		4
#define ROOM		2048	/* for one message */

enum kind {
	KIND_FLAG,
	KIND_U8,
	KIND_U32,
	KIND_S32,
	KIND_UINT,
	KIND_STRING,
	KIND_NEST,
};

struct attribute {
	unsigned short id;
	enum kind kind;
	unsigned int nested;	/* which set, of a nest */
};

struct set {
	const struct attribute *attribute;
	unsigned int count;
};

/*
 * a command, whether it has a reply, the set of its attributes, and those that a
 * request may have, 0 for no more
 */
struct operation {
	unsigned char id;
	bool dump;
	bool reply;
	unsigned int set;
	unsigned short asked[ASKED + 1];
};

#include "grammar.h"

/* what the family and netlink before it may refuse with */
static const int refusals[] = {
	0, EINVAL, ERANGE, EOPNOTSUPP, ENOENT, EEXIST, EBUSY,
};

static unsigned short family;
static uint64_t state;
static unsigned int results, failures;
static unsigned long answers, refused, ends, overruns, strange;

static unsigned int any(unsigned int below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 20) % below;
}

static bool seldom(unsigned int one_in)
{
	return !any(one_in);
}

static uint32_t number(void)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 255, 65535, 0x7fffffff, 0x80000000, 0xffffffff,
	};

	return seldom(4) ? any(1U << 31) : edges[any(COUNT(edges))];
}

/* -- What is said */

static void put(struct nlmsghdr *n, const struct set *set, unsigned int depth)
{
	const struct attribute *a = &set->attribute[any(set->count)];
	unsigned short id = a->id;
	unsigned int kind = a->kind;
	struct nlattr *nest;
	char text[40];

	if (n->nlmsg_len > ROOM / 2)
		return;
	/* out of the set, or of another kind */
	if (seldom(16))
		id = seldom(2) ? any(32) : any(0x4000);
	if (seldom(16))
		kind = any(KIND_NEST + 1);
	switch (kind) {
	case KIND_FLAG:
		mnl_attr_put(n, id, 0, NULL);
		break;
	case KIND_U8:
		mnl_attr_put_u8(n, id, number());
		break;
	case KIND_U32:
	case KIND_S32:
		mnl_attr_put_u32(n, id, number());
		break;
	case KIND_UINT:
		mnl_attr_put_u64(n, id, (uint64_t)number() << any(33));
		break;
	case KIND_STRING:
		snprintf(text, sizeof(text), "%x", number());
		mnl_attr_put(n, id, any(strlen(text) + 2), text);
		break;
	case KIND_NEST:
		nest = seldom(4) ? mnl_attr_nest_start(n, id & 0x3fff) :
				   mnl_attr_nest_start(n, id);
		while (depth < DEPTH && !seldom(3))
			put(n, &sets[a->nested], depth + 1);
		mnl_attr_nest_end(n, nest);
		break;
	}
}

/* the one nest that a request may have: any stage, any limit */
static void put_bound(struct nlmsghdr *n, unsigned short id)
{
	struct nlattr *nest = mnl_attr_nest_start(n, id);

	mnl_attr_put_u32(n, LATWATCH_A_BOUND_STAGE, any(LATWATCH_STAGE_MAX + 1));
	mnl_attr_put_u64(n, LATWATCH_A_BOUND_LIMIT, 1 + (uint64_t)number());
	mnl_attr_nest_end(n, nest);
}

/* an attribute that a request may have; a switch has two values */
static void put_asked(struct nlmsghdr *n, const struct operation *o)
{
	unsigned int count = 0, i;
	unsigned short id;

	while (o->asked[count])
		count++;
	if (!count)
		return;
	id = o->asked[any(count)];
	for (i = 0; sets[o->set].attribute[i].id != id; i++)
		;
	if (sets[o->set].attribute[i].kind == KIND_U8)
		mnl_attr_put_u8(n, id, any(2));
	else if (sets[o->set].attribute[i].kind == KIND_NEST)
		put_bound(n, id);
	else
		mnl_attr_put_u32(n, id, number());
}

static bool is_asked(const struct operation *o, unsigned short id)
{
	unsigned int i;

	for (i = 0; o->asked[i]; i++)
		if (o->asked[i] == id)
			return true;
	return false;
}

static struct nlmsghdr *begin(char *buf, const struct operation *o)
{
	return genl_message(buf, family, o->dump ? NLM_F_DUMP : NLM_F_ACK,
			    o->id);
}

static unsigned int speak(char *buf)
{
	const struct operation *o = &operations[any(COUNT(operations))];
	struct nlmsghdr *n = begin(buf, o);

	while (!seldom(3)) {
		if (seldom(2))
			put_asked(n, o);
		else
			put(n, &sets[o->set], 0);
	}
	if (seldom(8))
		n->nlmsg_flags ^= 1 << any(12);
	if (seldom(16))
		n->nlmsg_flags = any(1 << 16) | NLM_F_REQUEST;
	if (seldom(32))
		((struct genlmsghdr *)(n + 1))->cmd = any(256);
	if (seldom(64))
		((struct genlmsghdr *)(n + 1))->reserved = any(4);
	return n->nlmsg_len;
}

static unsigned int bend(char *buf, unsigned int len)
{
	unsigned int i;

	for (i = any(4); i; i--)
		switch (any(5)) {
		case 0:
			buf[any(len)] ^= 1 << any(8);
			break;
		case 1:
			buf[any(len)] = number();
			break;
		case 2: /* cut, and say so or not */
			len = 1 + any(len);
			if (len >= sizeof(struct nlmsghdr) && seldom(2))
				((struct nlmsghdr *)buf)->nlmsg_len = len;
			break;
		case 3: /* promise more */
			((struct nlmsghdr *)buf)->nlmsg_len = len + any(99);
			break;
		case 4: /* and keep it */
			if (len + 100 < ROOM) {
				memset(buf + len, any(256), 100);
				len += any(100);
			}
			break;
		}
	return len;
}

/*
 * To no other family: it is not ours to test. And nothing that changes anything:
 * that is counted, and here nobody waits for the answer. Walks as the kernel does.
 */
static void tame(char *buf, unsigned int len)
{
	while (len >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr *n = (struct nlmsghdr *)buf;
		struct genlmsghdr *g = (struct genlmsghdr *)(n + 1);
		unsigned int size = n->nlmsg_len;

		if (n->nlmsg_type >= NLMSG_MIN_TYPE)
			n->nlmsg_type = family;
		if (len >= sizeof(*n) + sizeof(*g) &&
		    (g->cmd == LATWATCH_CMD_RESET ||
		     g->cmd == LATWATCH_CMD_SETTING_SET))
			g->cmd = LATWATCH_CMD_INFO_GET;
		if (size < sizeof(*n) || size > len)
			return;
		size = MNL_ALIGN(size);
		if (size >= len)
			return;
		buf += size;
		len -= size;
	}
}

/* -- What is heard */

static bool known(int error)
{
	unsigned int i;

	for (i = 0; i < COUNT(refusals); i++)
		if (error == refusals[i])
			return true;
	return false;
}

static bool well_formed(const struct nlmsghdr *n)
{
	unsigned int left = n->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(n);
	const struct nlattr *attr;

	if (n->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN || !g->cmd ||
	    g->cmd > LATWATCH_CMD_MAX)
		return false;
	mnl_attr_for_each(attr, n, GENL_HDRLEN)
		left -= MNL_ALIGN(attr->nla_len);
	return !left;
}

/**
 * struct heard - what came back for one message
 * @replies: how many
 * @error: of what ended it, an errno, or -1 if nothing did
 * @words: there was a sentence with it
 */
struct heard {
	unsigned int replies;
	int error;
	bool words;
};

/* true if something came */
static bool hear(struct mnl_socket *s, size_t size, int flags, struct heard *h)
{
	static char buf[GENL_LARGE];
	const struct nlmsghdr *n = (const struct nlmsghdr *)buf;
	ssize_t got = recv(mnl_socket_get_fd(s), buf, size, MSG_TRUNC | flags);
	int len = got;

	if (got < 0) {
		overruns += errno == ENOBUFS;
		return errno == ENOBUFS;
	}
	if ((size_t)got > size)
		return true; /* its end is lost, as was meant */
	for (; mnl_nlmsg_ok(n, len); n = mnl_nlmsg_next(n, &len)) {
		if (n->nlmsg_type == NLMSG_ERROR ||
		    n->nlmsg_type == NLMSG_DONE) {
			h->error = -*(int *)mnl_nlmsg_get_payload(n);
			h->words |= n->nlmsg_flags & NLM_F_ACK_TLVS;
			if (!known(h->error)) {
				printf("# error %d\n", h->error);
				strange++;
			}
			ends += !h->error;
			refused += h->error > 0;
		} else if (n->nlmsg_type == family && well_formed(n)) {
			h->replies++;
			answers++;
		} else {
			printf("# type %u, %u bytes\n", n->nlmsg_type,
			       n->nlmsg_len);
			strange++;
		}
	}
	strange += len != 0;
	return true;
}

/* to the end; what a request brings about is there when it is sent */
static struct heard ask(const struct nlmsghdr *n)
{
	struct mnl_socket *s = genl_socket();
	struct heard h = { .error = -1 };

	mnl_socket_sendto(s, n, n->nlmsg_len);
	while (h.error < 0 && hear(s, GENL_LARGE, MSG_DONTWAIT, &h))
		;
	mnl_socket_close(s);
	return h;
}

/* -- What must not change */

struct info {
	uint32_t epoch;
	uint64_t rest;	/* a sum of what no request can change */
	bool known;
};

static void add(struct info *info, const struct nlattr *attr)
{
	const unsigned char *p = (const unsigned char *)attr;
	unsigned int i;

	for (i = 0; i < attr->nla_len; i++)
		info->rest = (info->rest ^ p[i]) * 1099511628211ULL;
}

static void add_nest(struct info *info, const struct nlattr *nest,
		     unsigned short one, unsigned short other)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == one ||
		    mnl_attr_get_type(attr) == other)
			add(info, attr);
}

static struct info look(void)
{
	char buf[GENL_LARGE];
	struct nlmsghdr *n = genl_message(buf, family, 0,
					  LATWATCH_CMD_INFO_GET);
	struct mnl_socket *s = genl_socket();
	struct info info = { };
	const struct nlattr *attr;
	int len;

	mnl_socket_sendto(s, n, n->nlmsg_len);
	len = mnl_socket_recvfrom(s, buf, sizeof(buf));
	mnl_socket_close(s);
	if (len < 0 || !mnl_nlmsg_ok(n, len) || n->nlmsg_type != family)
		return info;
	mnl_attr_for_each(attr, n, GENL_HDRLEN)
		switch (mnl_attr_get_type(attr)) {
		case LATWATCH_A_INFO_EPOCH:
			info.epoch = mnl_attr_get_u32(attr);
			info.known = true;
			break;
		case LATWATCH_A_INFO_VERSION:
		case LATWATCH_A_INFO_KERNEL:
		case LATWATCH_A_INFO_CLOCK:
			add(&info, attr);
			break;
		case LATWATCH_A_INFO_TRACEPOINT:
			add_nest(&info, attr, LATWATCH_A_TRACEPOINT_NAME,
				 LATWATCH_A_TRACEPOINT_ATTACHED);
			break;
		case LATWATCH_A_INFO_LIMIT:
			add_nest(&info, attr, LATWATCH_A_LIMIT_NAME,
				 LATWATCH_A_LIMIT_SIZE);
			break;
		}
	return info;
}

/* -- The three sorts of messages */

static void talk(struct mnl_socket **socket)
{
	char buf[ROOM + 256];
	struct heard h = { .error = -1 };
	unsigned int len, parts;

	if (!*socket)
		*socket = genl_socket();
	len = speak(buf);
	if (!seldom(4))
		len = bend(buf, len);
	tame(buf, len);
	send(mnl_socket_get_fd(*socket), buf, len, MSG_DONTWAIT);
	/* each part that is read makes the kernel go on with a dump */
	for (parts = any(seldom(8) ? 64 : 4); parts; parts--)
		if (!hear(*socket, seldom(8) ? 1 + any(64) : GENL_LARGE,
			  MSG_DONTWAIT | (seldom(16) ? MSG_PEEK : 0), &h))
			break;
	if (seldom(64)) {
		mnl_socket_close(*socket);
		*socket = NULL;
	}
}

/* an epoch begins with a reset, and when measuring is switched on again */
static bool begins_epoch(const struct nlmsghdr *n, const struct operation *o,
			 bool *measuring)
{
	const struct nlattr *attr;
	bool was = *measuring;

	if (o->id == LATWATCH_CMD_SETTING_SET)
		mnl_attr_for_each(attr, n, GENL_HDRLEN)
			if (mnl_attr_get_type(attr) == LATWATCH_A_SETTING_MEASURE)
				*measuring = mnl_attr_get_u8(attr);
	return o->id == LATWATCH_CMD_RESET || (*measuring && !was);
}

static bool measure(bool on)
{
	char buf[GENL_SMALL];
	struct nlmsghdr *n = genl_message(buf, family, NLM_F_ACK,
					  LATWATCH_CMD_SETTING_SET);

	mnl_attr_put_u8(n, LATWATCH_A_SETTING_MEASURE, on);
	mnl_attr_put_u8(n, LATWATCH_A_SETTING_SELF_COST, 0);
	return !ask(n).error;
}

static bool answered(unsigned int *epochs, bool *measuring)
{
	const struct operation *o = &operations[any(COUNT(operations))];
	char buf[ROOM];
	struct nlmsghdr *n = begin(buf, o);
	struct heard h;
	bool ok;

	if (seldom(2))
		put_asked(n, o);
	h = ask(n);
	/* of a VM that does not exist */
	if (n->nlmsg_len > NLMSG_HDRLEN + GENL_HDRLEN && h.error == ENOENT)
		return true;
	ok = !h.error && (o->dump || h.replies == o->reply);
	if (ok)
		*epochs += begins_epoch(n, o, measuring);
	if (!ok)
		printf("# command %u: error %d, %u replies\n", o->id, h.error,
		       h.replies);
	return ok;
}

/* an attribute that is not asked for: of the command's replies, or of nobody's */
static bool forbidden(const struct operation *o, unsigned short id)
{
	char buf[ROOM];
	struct nlmsghdr *n = begin(buf, o);
	struct heard h;
	bool ok;

	if (is_asked(o, id))
		return true;
	mnl_attr_put_u32(n, id, number());
	h = ask(n);
	ok = h.error == EINVAL && !h.replies && h.words;
	if (!ok)
		printf("# command %u, attribute %u: error %d, %u replies\n",
		       o->id, id, h.error, h.replies);
	return ok;
}

static unsigned int sweep(void)
{
	const struct operation *o;
	unsigned int accepted = 0, id;

	for (o = operations; o < operations + COUNT(operations); o++)
		for (id = 1; id < sets[o->set].count + 4; id++)
			accepted += !forbidden(o, id);
	return accepted;
}

static void result(bool ok, const char *what)
{
	printf("%sok %u %s\n", ok ? "" : "not ", ++results, what);
	failures += !ok;
}

int main(int argc, char **argv)
{
	struct mnl_socket *sockets[SOCKETS] = { };
	unsigned long count, i, unanswered = 0, accepted = 0;
	unsigned int epochs = 0;
	bool measuring = true;
	struct info before, after;

	setvbuf(stdout, NULL, _IOLBF, 0);
	count = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	if (!count || argc > 3) {
		fprintf(stderr, "usage: requests COUNT [SEED]\n");
		return 2;
	}
	state = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	state += !state;
	family = genl_family();
	printf("TAP version 13\n");
	if (!family) {
		printf("1..0 # SKIP the module is not loaded\n");
		return 4;
	}
	printf("1..5\n# %lu messages, seed %" PRIu64 "\n", count, state);
	before = look();
	for (i = 0; i < count; i++) {
		if (i % 64 == 0)
			unanswered += !answered(&epochs, &measuring);
		else if (i % 64 == 32)
			accepted += !forbidden(&operations[any(COUNT(operations))],
					       1 + any(64));
		else
			talk(&sockets[any(SOCKETS)]);
	}
	accepted += sweep();
	/* as it was found, and one epoch there is in any case */
	epochs += measure(false) && measure(true);
	for (i = 0; i < SOCKETS; i++)
		if (sockets[i])
			mnl_socket_close(sockets[i]);
	after = look();
	printf("# %lu replies, %lu ends, %lu refusals, %lu overruns, %u epochs\n",
	       answers, ends, refused, overruns, epochs);
	result(answers && refused && !strange,
	       "all that is heard is well formed");
	result(!unanswered, "what the specification allows is answered");
	result(!accepted, "what it does not is refused, with a sentence");
	result(after.known, "the family answers in the end");
	result(epochs && after.epoch - before.epoch == epochs &&
	       after.rest == before.rest,
	       "nothing has changed but the epoch, by what begins one");
	return failures != 0;
}
