// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: budgets, and telling what broke them. See netlink.h.
 *
 * A probe that finds a breach keeps it in a ring of its CPU and wakes nobody. While
 * there is a budget, a worker looks into the rings every LW_TELL_MS: its queue is
 * unbound, so that it runs where the host lets such work run, not on CPUs that are
 * kept free for guests.
 */
#include <linux/cpumask.h>
#include <linux/workqueue.h>

#include "books/books.h"
#include "books/budget.h"
#include "books/reclaim.h"
#include "netlink/netlink.h"
#include "probe/attach.h"

#define LW_TELL_MS	20

static struct workqueue_struct *queue;

static int breach_fill(struct sk_buff *skb, const struct lw_breach *b)
{
	int err = b->vm ? nla_put_u32(skb, LATWATCH_A_WATERMARK_VM, b->vm) :
			  lw_put_account(skb, LATWATCH_A_WATERMARK_VM, b->account);

	if (err ||
	    nla_put_u32(skb, LATWATCH_A_WATERMARK_ID, b->stage) ||
	    nla_put_string(skb, LATWATCH_A_WATERMARK_NAME, lw_stages[b->stage].name) ||
	    lw_put_uint(skb, LATWATCH_A_WATERMARK_VALUE, b->value) ||
	    lw_put_uint(skb, LATWATCH_A_WATERMARK_LIMIT, b->limit) ||
	    lw_put_uint(skb, LATWATCH_A_WATERMARK_TIME, b->ns) ||
	    nla_put_u32(skb, LATWATCH_A_WATERMARK_CPU, b->cpu) ||
	    nla_put_u32(skb, LATWATCH_A_WATERMARK_BATCH, b->batch) ||
	    lw_put_uint(skb, LATWATCH_A_WATERMARK_COUNT, b->count) ||
	    lw_put_uint(skb, LATWATCH_A_WATERMARK_DROPPED, lw_breaches_dropped()) ||
	    lw_put_flight(skb, &b->flight))
		return -EMSGSIZE;
	return 0;
}

/* to the group; false: there was no memory, or nobody had room */
static bool breach_send(const struct lw_breach *b)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return false;
	hdr = genlmsg_put(skb, 0, 0, &lw_genl_family, 0, LATWATCH_CMD_BREACH_NTF);
	if (!hdr || breach_fill(skb, b)) {
		nlmsg_free(skb);
		return false;
	}
	genlmsg_end(skb, hdr);
	return !genlmsg_multicast(&lw_genl_family, skb, 0, LW_GROUP_EVENTS, GFP_KERNEL);
}

static bool is_heard(void)
{
	return genl_has_listeners(&lw_genl_family, &init_net, LW_GROUP_EVENTS);
}

/* tell of all breaches that are kept */
static void tell_all(void)
{
	static struct lw_breach b;
	bool heard = is_heard();
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		while (lw_breach_take(cpu, &b))
			if (heard && !breach_send(&b))
				lw_breach_lost(b.count);
}

static void tell(struct work_struct *work)
{
	mutex_lock(&lw_books_lock);
	tell_all();
	if (lw_budget_get() && queue)
		queue_delayed_work(queue, to_delayed_work(work),
				   msecs_to_jiffies(LW_TELL_MS));
	mutex_unlock(&lw_books_lock);
}

static DECLARE_DELAYED_WORK(tell_work, tell);

int __init lw_breaches_init(void)
{
	queue = alloc_workqueue("latwatch", WQ_UNBOUND | WQ_SYSFS, 1);
	return queue ? 0 : -ENOMEM;
}

/* the family is there still, and whoever sets a budget is told of nothing any more */
void lw_breaches_exit(void)
{
	struct workqueue_struct *last = queue;

	mutex_lock(&lw_books_lock);
	queue = NULL;
	mutex_unlock(&lw_books_lock);
	cancel_delayed_work_sync(&tell_work);
	destroy_workqueue(last);
}

static const struct nla_policy bound_policy[LATWATCH_A_BOUND_PATH + 1] = {
	[LATWATCH_A_BOUND_VM] = { .type = NLA_U32 },
	[LATWATCH_A_BOUND_STAGE] = NLA_POLICY_MAX(NLA_U32, LATWATCH_STAGE_MAX),
	[LATWATCH_A_BOUND_LIMIT] = LW_POLICY_UINT,
	[LATWATCH_A_BOUND_NAME] = { .type = NLA_NUL_STRING, .len = 31 },
	[LATWATCH_A_BOUND_PATH] = NLA_POLICY_MAX(NLA_U32, LW_NPATHS - 1),
};

const struct nla_policy lw_budget_policy[LATWATCH_A_BUDGET_BOUND + 1] = {
	[LATWATCH_A_BUDGET_BOUND] = NLA_POLICY_NESTED(bound_policy),
};

#define REFUSE(err, attr, words) ({				\
	NL_SET_ERR_MSG_ATTR(info->extack, attr, words);		\
	err;							\
})

/* the stage of a bound, by its number or by its name on a path; or an error */
static int stage_of(struct genl_info *info, struct nlattr *nest, struct nlattr **attr)
{
	unsigned int i;

	if (attr[LATWATCH_A_BOUND_STAGE])
		return nla_get_u32(attr[LATWATCH_A_BOUND_STAGE]);
	if (!attr[LATWATCH_A_BOUND_NAME] || !attr[LATWATCH_A_BOUND_PATH])
		return REFUSE(-EINVAL, nest, "a bound needs a stage, or the path and name of one");
	for (i = 0; i < LW_NSTAGES; i++)
		if (lw_stages[i].path == nla_get_u32(attr[LATWATCH_A_BOUND_PATH]) &&
		    !strcasecmp(lw_stages[i].name, nla_data(attr[LATWATCH_A_BOUND_NAME])))
			return i;
	return REFUSE(-ENOENT, nest, "no stage of this path has this name");
}

/* one bound of a request */
static int bound_add(struct genl_info *info, struct lw_budget *b, struct nlattr *nest)
{
	struct nlattr *attr[LATWATCH_A_BOUND_PATH + 1];
	unsigned int account = LW_HOST;
	const struct lw_vm *vm;
	int err, stage;
	u64 limit;

	err = nla_parse_nested(attr, LATWATCH_A_BOUND_PATH, nest, bound_policy,
			       info->extack);
	if (err)
		return err;
	stage = stage_of(info, nest, attr);
	if (stage < 0)
		return stage;
	if (!attr[LATWATCH_A_BOUND_LIMIT])
		return REFUSE(-EINVAL, nest, "a bound needs a limit");
	if (!lw_get_uint(attr[LATWATCH_A_BOUND_LIMIT], &limit))
		return REFUSE(-EINVAL, nest,
			      "a limit has 4 or 8 bytes");
	if (!limit || limit == LW_NO_LIMIT)
		return REFUSE(-ERANGE, nest,
			      "a limit is 1 ns or more");
	if (attr[LATWATCH_A_BOUND_VM]) {
		vm = lw_vm_by_id(nla_get_u32(attr[LATWATCH_A_BOUND_VM]));
		if (!vm)
			return REFUSE(-ENOENT, nest,
				      "no VM has this id; vm-get lists those that were seen");
		account = lw_vm_account(vm);
		if (lw_stages[stage].flags & LATWATCH_STAGE_FLAGS_HOST)
			return REFUSE(-EINVAL, nest,
				      "this stage is the host's, not a VM's");
	}
	err = lw_budget_add(b, account, stage, limit);
	if (err == -EEXIST)
		return REFUSE(err, nest, "this stage has a limit already");
	if (err)
		return REFUSE(err, nest, "no memory; the limits of before stay");
	return 0;
}

/* the bounds of a request, or NULL in @b: it has none */
static int budget_parse(struct genl_info *info, struct lw_budget **b)
{
	struct nlattr *attr;
	int err = 0, left;

	*b = NULL;
	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), left) {
		if (!*b)
			*b = lw_budget_alloc(lw_books->accounts);
		err = *b ? bound_add(info, *b, attr) : -ENOMEM;
		if (err)
			break;
	}
	if (!err)
		return 0;
	lw_budget_free(*b);
	*b = NULL;
	return err;
}

static int bound_put(struct sk_buff *skb, unsigned int account,
		     enum latwatch_stage stage, u64 limit, u64 breaches)
{
	struct nlattr *nest = nla_nest_start(skb, LATWATCH_A_BUDGET_BOUND);

	if (!nest || lw_put_account(skb, LATWATCH_A_BOUND_VM, account) ||
	    nla_put_u32(skb, LATWATCH_A_BOUND_STAGE, stage) ||
	    nla_put_string(skb, LATWATCH_A_BOUND_NAME, lw_stages[stage].name) ||
	    nla_put_u32(skb, LATWATCH_A_BOUND_PATH, lw_stages[stage].path) ||
	    lw_put_uint(skb, LATWATCH_A_BOUND_LIMIT, limit) ||
	    lw_put_uint(skb, LATWATCH_A_BOUND_BREACHES, breaches))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* of all accounts that the limit for all is held against */
static u64 breaches_of_all(const struct lw_budget *b, enum latwatch_stage stage)
{
	unsigned int a;
	u64 n = 0;

	for (a = 0; a < lw_books->accounts; a++)
		if (!b->own[a] || b->own[a]->ns[stage] == LW_NO_LIMIT)
			n += lw_breaches_sum(lw_books, a, stage);
	return n;
}

static int limits_put(struct sk_buff *skb, const struct lw_budget *b, unsigned int account,
		      const struct lw_limits *limits)
{
	unsigned int i;
	int err = 0;

	for (i = 0; limits && !err && i < LW_NSTAGES; i++)
		if (limits->ns[i] != LW_NO_LIMIT)
			err = bound_put(skb, account, i, limits->ns[i],
					account == LW_HOST ? breaches_of_all(b, i) :
					lw_breaches_sum(lw_books, account, i));
	return err;
}

static int budget_fill(struct sk_buff *skb, const struct lw_budget *b)
{
	u64 dropped = lw_breaches_dropped();
	unsigned int a;
	int err;

	if (dropped && lw_put_uint(skb, LATWATCH_A_BUDGET_DROPPED, dropped))
		return -EMSGSIZE;
	if (!b)
		return 0;
	err = limits_put(skb, b, LW_HOST, &b->all);
	for (a = 1; !err && a < b->accounts; a++)
		err = limits_put(skb, b, a, b->own[a]);
	return err;
}

/* of one bound: the nest, three words, two that may be long, a name with its end */
#define BOUND_ROOM	(4 + 3 * 8 + 2 * 12 + 4 + 32)

static size_t budget_room(const struct lw_budget *b)
{
	unsigned int a, accounts = 1;

	for (a = 0; b && a < b->accounts; a++)
		accounts += !!b->own[a];
	return 16 + (size_t)accounts * LW_NSTAGES * BOUND_ROOM;
}

/* a reply with the budget in use; under lw_books_lock. NULL: no memory */
static struct sk_buff *budget_reply(struct genl_info *info, const struct lw_budget *b)
{
	void *hdr;
	struct sk_buff *skb = lw_reply_new(info, budget_room(b), &hdr);

	if (!skb)
		return NULL;
	if (budget_fill(skb, b)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, hdr);
	return skb;
}

int lw_budget_show(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;

	mutex_lock(&lw_books_lock);
	skb = budget_reply(info, lw_budget_get());
	mutex_unlock(&lw_books_lock);
	return skb ? genlmsg_reply(skb, info) : -ENOMEM;
}

int lw_budget_set(struct sk_buff *request, struct genl_info *info)
{
	struct lw_budget *b, *old;
	struct sk_buff *skb;
	int err;

	mutex_lock(&lw_books_lock);
	err = budget_parse(info, &b);
	if (err)
		goto out;
	/* what can fail comes first: nothing is half set */
	skb = budget_reply(info, b);
	err = skb ? lw_budget_swap(b, &old) : -ENOMEM;
	if (err) {
		NL_SET_ERR_MSG(info->extack, "no memory; the limits of before stay");
		lw_budget_free(b);
		nlmsg_free(skb);
		goto out;
	}
	if (b && queue)
		queue_delayed_work(queue, &tell_work, msecs_to_jiffies(LW_TELL_MS));
	if (old)
		lw_probes_wait();
	lw_budget_free(old);
	err = genlmsg_reply(skb, info);
out:
	mutex_unlock(&lw_books_lock);
	return err;
}
