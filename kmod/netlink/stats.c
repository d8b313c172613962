// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: stages, watermarks, windows, CPUs. See netlink.h. */
#include <linux/module.h>
#include <linux/slab.h>

#include "books/rank.h"
#include "engine/clock.h"
#include "probe/attach.h"
#include "netlink/netlink.h"
#include "books/reclaim.h"

/**
 * struct cursor - where a dump is
 * @account: the account whose stages are dumped
 * @stage: the stage
 * @bucket: the first bucket that was not dumped yet; 0: nor was anything else of the
 *          stage, or of its windows. Of a ranking, the same of its culprits
 * @second: the first second that was not dumped yet
 * @only: the VM's account that was asked for, or LW_HOST for all
 * @only_id: its id, as its slot can pass to another
 * @id: of the VM that @sum is of, 0: the host's
 * @blind: stages that are blind, a bit each
 * @alone: no VM is known
 * @have: @sum, or @windows, is that of @account and @stage
 * @sum: a copy, so that all messages of a stage belong together
 * @since: the first second that is wanted
 * @windows: likewise
 * @scratch: for lw_stat_sum() and lw_windows_sum()
 * @ranks: the culprits of the same, if @ranked
 * @ranked: they were read
 * @scratch_ranks: for lw_ranks_sum()
 */
struct cursor {
	unsigned int account;
	unsigned int stage;
	unsigned int bucket;
	u64 second;
	unsigned int only;
	u32 only_id;
	u32 id;
	u64 blind;
	bool alone;
	bool have;
	struct lw_sum sum;
	u32 since;
	struct lw_window_sum windows;
	struct lw_stat scratch[2];
	bool ranked;
	struct lw_ranks ranks;
	struct lw_ranks scratch_ranks;
};

static bool is_alone(void)
{
	unsigned int i;

	for (i = 0; i < lw_vm_slots; i++)
		if (lw_vm_is_known(&lw_vms[i]))
			return false;
	return true;
}

static struct cursor *cursor_of(struct netlink_callback *cb)
{
	return (struct cursor *)cb->args[0];
}

/**
 * lw_stats_start() - begin a dump of statistics
 * @cb: the dump
 *
 * Return: 0, -ENOMEM, or -ENOENT when there is no such VM.
 */
int lw_stats_start(struct netlink_callback *cb)
{
	struct nlattr **attrs = lw_dump_attrs(cb);
	struct nlattr *id = NULL;
	const struct lw_vm *vm;
	struct cursor *c;

	BUILD_BUG_ON(sizeof(cb->args[0]) < sizeof(c));
	BUILD_BUG_ON((int)LATWATCH_A_STAGE_VM != (int)LATWATCH_A_WATERMARK_VM);
	BUILD_BUG_ON((int)LATWATCH_A_STAGE_VM != (int)LATWATCH_A_WINDOW_VM);
	BUILD_BUG_ON((int)LATWATCH_A_STAGE_VM != (int)LATWATCH_A_RANKING_VM);

	c = kvzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	if (attrs)
		id = attrs[LATWATCH_A_STAGE_VM];
	if (id) {
		mutex_lock(&lw_books_lock);
		c->only_id = nla_get_u32(id);
		vm = lw_vm_by_id(c->only_id);
		mutex_unlock(&lw_books_lock);
		if (!vm) {
			NL_SET_ERR_MSG_ATTR(cb->extack, id,
					    "no VM has this id; vm-get lists those that were seen");
			kvfree(c);
			return -ENOENT;
		}
		c->only = lw_vm_account(vm);
	}
	c->blind = lw_attached_blind();
	c->alone = is_alone();
	cb->args[0] = (long)c;
	return 0;
}

/**
 * lw_stats_done() - end a dump of statistics
 * @cb: the dump
 *
 * Return: 0.
 */
int lw_stats_done(struct netlink_callback *cb)
{
	kvfree(cursor_of(cb));
	return 0;
}

static u32 id_of(unsigned int account)
{
	return account == LW_HOST ? 0 : lw_vms[account - 1].id;
}

/* the account of a slot that no VM is in is not dumped */
static bool account_shown(const struct cursor *c)
{
	const struct lw_vm *vm;

	if (c->account == LW_HOST)
		return true;
	vm = &lw_vms[c->account - 1];
	return lw_vm_is_known(vm) &&
	       (!c->only || (c->account == c->only && vm->id == c->only_id));
}

/*
 * A stage is the host's or a VM's; VMs that are forgotten are the host's. What a reader's
 * flight may pass is sent in any case, as the reader of the dump needs its marks: without
 * a VM, with the host's.
 */
static bool stage_shown(const struct cursor *c)
{
	const struct lw_stage *stage = &lw_stages[c->stage];
	bool host = stage->flags & LATWATCH_STAGE_FLAGS_HOST;

	if (c->account != LW_HOST)
		return !host;
	return host || (!c->only && c->sum.count) ||
	       (c->alone && stage->also & BIT(LATWATCH_PATH_READER));
}

static int read_sum(struct cursor *c)
{
	c->bucket = 0;
	return lw_stat_sum(lw_books, c->account, c->stage, &c->sum, c->scratch);
}

static int read_windows(struct cursor *c)
{
	u64 newest = div_u64(lw_clock_ns(), NSEC_PER_SEC);

	c->bucket = 0;
	c->second = max_t(u64, c->since, newest - min(newest, LW_WINDOWS - 1ULL));
	return lw_windows_sum(lw_books, c->account, c->stage, newest, &c->windows,
			      c->scratch);
}

/*
 * Call @put for what @read has of every stage that is to be shown, until it
 * finds no more room.
 */
static int walk(struct sk_buff *skb, struct netlink_callback *cb,
		int (*read)(struct cursor *c),
		int (*put)(struct sk_buff *skb, struct netlink_callback *cb,
			   struct cursor *c))
{
	struct cursor *c = cursor_of(cb);
	int err = 0;

	mutex_lock(&lw_books_lock);
	cb->seq = lw_generation();
	for (; c->account < lw_books->accounts; c->account++, c->stage = 0) {
		/* the VM that @sum is of may have gone, and its account be skipped */
		if (c->id != id_of(c->account))
			c->have = false;
		if (!account_shown(c))
			continue;
		for (; c->stage < LW_NSTAGES; c->stage++, c->have = false) {
			if (!c->have) {
				err = read(c);
				if (err)
					goto out;
				c->have = true;
				c->ranked = false;
				c->id = id_of(c->account);
			}
			if (!stage_shown(c))
				continue;
			err = put(skb, cb, c);
			if (err)
				goto out;
		}
	}
out:
	mutex_unlock(&lw_books_lock);
	return skb->len ?: err;
}

/**
 * lw_put_account() - say whose something is
 * @skb: where
 * @type: the attribute
 * @account: a VM's, or LW_HOST: nothing is said
 *
 * Return: 0, or -EMSGSIZE.
 */
int lw_put_account(struct sk_buff *skb, int type, unsigned int account)
{
	return account == LW_HOST ? 0 :
			nla_put_u32(skb, type, lw_vms[account - 1].id);
}

/* a mark that is a bit, if it is one */
static int put_bound(struct sk_buff *skb, int type, u32 mark)
{
	return mark ? nla_put_u32(skb, type, __ffs(mark)) : 0;
}

static int put_set(struct sk_buff *skb, int type, u32 set)
{
	return set ? nla_put_u32(skb, type, set) : 0;
}

/* where the stage begins and ends, as its row says */
static int put_bounds(struct sk_buff *skb, const struct lw_stage *stage)
{
	if (put_bound(skb, LATWATCH_A_STAGE_FROM, stage->from) ||
	    put_bound(skb, LATWATCH_A_STAGE_TO, stage->to) ||
	    put_bound(skb, LATWATCH_A_STAGE_OR_TO, stage->or_to) ||
	    put_set(skb, LATWATCH_A_STAGE_WITH, stage->with) ||
	    put_set(skb, LATWATCH_A_STAGE_WITHOUT, stage->without | stage->nor) ||
	    put_set(skb, LATWATCH_A_STAGE_ALSO, stage->also) ||
	    (stage->flags & LATWATCH_STAGE_FLAGS_NESTED &&
	     nla_put_u32(skb, LATWATCH_A_STAGE_WITHIN, stage->within)))
		return -EMSGSIZE;
	return 0;
}

static int put_scalars(struct sk_buff *skb, const struct cursor *c)
{
	const struct lw_stage *stage = &lw_stages[c->stage];
	const struct lw_sum *s = &c->sum;
	u32 flags = stage->flags;

	if (c->blind & BIT_ULL(c->stage))
		flags |= LATWATCH_STAGE_FLAGS_BLIND;
	if (nla_put_string(skb, LATWATCH_A_STAGE_NAME, stage->name) ||
	    nla_put_u32(skb, LATWATCH_A_STAGE_PATH, stage->path) ||
	    nla_put_u32(skb, LATWATCH_A_STAGE_PLACE, stage->place) ||
	    nla_put_u32(skb, LATWATCH_A_STAGE_UNIT, stage->unit) ||
	    nla_put_u32(skb, LATWATCH_A_STAGE_FLAGS, flags) ||
	    put_bounds(skb, stage) ||
	    lw_put_uint(skb, LATWATCH_A_STAGE_COUNT, s->count))
		return -EMSGSIZE;
	if (!s->count)
		return 0;
	if (lw_put_uint(skb, LATWATCH_A_STAGE_MINIMUM, s->min) ||
	    lw_put_uint(skb, LATWATCH_A_STAGE_MAXIMUM, s->max) ||
	    lw_put_uint(skb, LATWATCH_A_STAGE_SUM, s->sum) ||
	    lw_put_uint(skb, LATWATCH_A_STAGE_SUMSQ_LOW, s->sumsq[0]) ||
	    lw_put_uint(skb, LATWATCH_A_STAGE_SUMSQ_HIGH, s->sumsq[1]))
		return -EMSGSIZE;
	return 0;
}

static int put_bucket(struct sk_buff *skb, unsigned int bucket, u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, LATWATCH_A_STAGE_BUCKET);

	if (!nest)
		return -EMSGSIZE;
	if (lw_put_uint(skb, LATWATCH_A_BUCKET_LOW, lw_hist_low(bucket)) ||
	    lw_put_uint(skb, LATWATCH_A_BUCKET_HIGH, lw_hist_high(bucket)) ||
	    lw_put_uint(skb, LATWATCH_A_BUCKET_COUNT, count)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* one message of a stage, with as many buckets as there is room for */
static int put_stage(struct sk_buff *skb, struct netlink_callback *cb,
		     struct cursor *c)
{
	unsigned int from = c->bucket, last = lw_hist_bucket(c->sum.max);
	void *hdr = lw_dump_put(skb, cb, LATWATCH_CMD_STAGE_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (lw_put_account(skb, LATWATCH_A_STAGE_VM, c->account) ||
	    nla_put_u32(skb, LATWATCH_A_STAGE_ID, c->stage) ||
	    (!from && put_scalars(skb, c))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	if (!from)
		c->bucket = lw_hist_bucket(c->sum.min);
	for (; c->bucket <= last; c->bucket++)
		if (c->sum.hist[c->bucket] &&
		    put_bucket(skb, c->bucket, c->sum.hist[c->bucket])) {
			/* the rest in the next message, if this got any */
			if (c->bucket == from)
				genlmsg_cancel(skb, hdr);
			else
				genlmsg_end(skb, hdr);
			return -EMSGSIZE;
		}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * lw_stage_dump() - dump stages
 * @skb: takes messages
 * @cb: the dump
 *
 * Return: bytes used; 0 at the end; or a negative error.
 */
int lw_stage_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return walk(skb, cb, read_sum, put_stage);
}

static int put_mark(struct sk_buff *skb, int type, unsigned int mark, u64 ns)
{
	return nla_put_u32(skb, LATWATCH_A_FLIGHT_MARK_ID, mark) ?:
	       nla_put_string(skb, LATWATCH_A_FLIGHT_MARK_NAME,
			      lw_mark_names[mark]) ?:
	       lw_put_uint(skb, LATWATCH_A_FLIGHT_MARK_TIME, ns);
}

/* the interrupt that opened a flight is known */
static bool has_irq(const struct lw_flight *f)
{
	return f->origin == LATWATCH_ORIGIN_IRQ || f->origin == LATWATCH_ORIGIN_DEVICE ||
	       (f->origin == LATWATCH_ORIGIN_AFTER_IRQ && f->irq != LW_NO_IRQ);
}

/**
 * lw_put_flight() - a flight, as attributes of a watermark
 * @skb: where
 * @f: the flight
 *
 * Return: 0, or -EMSGSIZE.
 */
int lw_put_flight(struct sk_buff *skb, const struct lw_flight *f)
{
	struct nlattr *nest;
	unsigned int n, i;

	if ((has_irq(f) && nla_put_u32(skb, LATWATCH_A_WATERMARK_IRQ, f->irq)) ||
	    nla_put_u32(skb, LATWATCH_A_WATERMARK_ORIGIN, f->origin))
		return -EMSGSIZE;
	for (n = 0; n < LW_NMARKS; n++) {
		i = lw_mark_order[n];
		if (!lw_flight_has(f, i))
			continue;
		nest = nla_nest_start(skb, LATWATCH_A_WATERMARK_MARK);
		if (!nest || put_mark(skb, i, i, f->ns[i]) ||
		    nla_put_u32(skb, LATWATCH_A_FLIGHT_MARK_CPU, f->cpu[i]))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	for (i = 0; i < LW_NROLES; i++) {
		const struct lw_actor *a = lw_flight_actor(f, i);
		char comm[TASK_COMM_LEN + 1] = { };

		if (!(f->actors & BIT(i)))
			continue;
		memcpy(comm, a->comm, TASK_COMM_LEN);
		nest = nla_nest_start(skb, LATWATCH_A_WATERMARK_ACTOR);
		if (!nest || nla_put_u32(skb, LATWATCH_A_ACTOR_ROLE, i) ||
		    nla_put_u32(skb, LATWATCH_A_ACTOR_PID, a->pid) ||
		    nla_put_string(skb, LATWATCH_A_ACTOR_COMM, comm) ||
		    nla_put_u32(skb, LATWATCH_A_ACTOR_POLICY, a->policy) ||
		    nla_put_s32(skb, LATWATCH_A_ACTOR_PRIO, a->prio))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* the culprits that belong to the statistics that the cursor has */
static int get_ranks(struct cursor *c)
{
	int err;

	if (c->ranked)
		return 0;
	err = lw_ranks_sum(lw_books, c->account, c->stage, c->sum.worst_ns, &c->ranks,
			   &c->scratch_ranks);
	c->ranked = !err;
	return err;
}

/* what filled the worst; absent where nobody looked, or had no room for what he saw */
static int put_explanation(struct sk_buff *skb, const struct cursor *c)
{
	const struct lw_blamed *b = &c->ranks.worst;
	const struct lw_sum *s = &c->sum;
	unsigned int i;

	if (s->explained_ns != s->worst_ns)
		return 0;
	for (i = 0; i < b->n; i++)
		if (lw_put_culprit(skb, LATWATCH_A_WATERMARK_CULPRIT, &b->by[i]))
			return -EMSGSIZE;
	if (b->n && b->others_ns &&
	    lw_put_others(skb, LATWATCH_A_WATERMARK_CULPRIT, b->others_ns, NULL))
		return -EMSGSIZE;
	return lw_put_uint(skb, LATWATCH_A_WATERMARK_UNKNOWN, s->unknown_ns);
}

static int put_watermark(struct sk_buff *skb, struct netlink_callback *cb,
			 struct cursor *c)
{
	const struct lw_sum *s = &c->sum;
	void *hdr;
	int err;

	if (!s->count)
		return 0;
	err = get_ranks(c);
	if (err)
		return err;
	hdr = lw_dump_put(skb, cb, LATWATCH_CMD_WATERMARK_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (lw_put_account(skb, LATWATCH_A_WATERMARK_VM, c->account) ||
	    nla_put_u32(skb, LATWATCH_A_WATERMARK_ID, c->stage) ||
	    nla_put_string(skb, LATWATCH_A_WATERMARK_NAME,
			   lw_stages[c->stage].name) ||
	    lw_put_uint(skb, LATWATCH_A_WATERMARK_VALUE, s->max) ||
	    lw_put_uint(skb, LATWATCH_A_WATERMARK_TIME, s->worst_ns) ||
	    nla_put_u32(skb, LATWATCH_A_WATERMARK_CPU, s->worst_cpu) ||
	    nla_put_u32(skb, LATWATCH_A_WATERMARK_BATCH, s->worst_batch) ||
	    lw_put_flight(skb, &s->worst) || put_explanation(skb, c)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * lw_watermark_dump() - dump the maximum of each stage with its flight
 * @skb: takes messages
 * @cb: the dump
 *
 * Return: bytes used; 0 at the end; or a negative error.
 */
int lw_watermark_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return walk(skb, cb, read_sum, put_watermark);
}

static int put_second(struct sk_buff *skb, u64 second, u64 count, u64 max)
{
	struct nlattr *nest = nla_nest_start(skb, LATWATCH_A_WINDOW_SECOND);

	if (!nest)
		return -EMSGSIZE;
	if (lw_put_uint(skb, LATWATCH_A_SECOND_BEGIN, second) ||
	    lw_put_uint(skb, LATWATCH_A_SECOND_COUNT, count) ||
	    lw_put_uint(skb, LATWATCH_A_SECOND_MAXIMUM, max)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* the next second in which the stage has ended, or none */
static bool next_second(struct cursor *c)
{
	while (c->second <= c->windows.second &&
	       !c->windows.count[c->second % LW_WINDOWS])
		c->second++;
	return c->second <= c->windows.second;
}

/* one message of a stage's windows, with as many as there is room for */
static int put_windows(struct sk_buff *skb, struct netlink_callback *cb,
		       struct cursor *c)
{
	const struct lw_stage *stage = &lw_stages[c->stage];
	void *hdr;
	u64 from;

	if (!next_second(c))
		return 0;
	hdr = lw_dump_put(skb, cb, LATWATCH_CMD_WINDOW_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (lw_put_account(skb, LATWATCH_A_WINDOW_VM, c->account) ||
	    nla_put_u32(skb, LATWATCH_A_WINDOW_ID, c->stage) ||
	    (!c->bucket && (nla_put_string(skb, LATWATCH_A_WINDOW_NAME, stage->name) ||
			    nla_put_u32(skb, LATWATCH_A_WINDOW_PATH, stage->path)))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	for (from = c->second; next_second(c); c->second++) {
		unsigned int i = c->second % LW_WINDOWS;

		if (put_second(skb, c->second, c->windows.count[i], c->windows.max[i])) {
			/* the rest in the next message, if this got any */
			if (c->second == from)
				genlmsg_cancel(skb, hdr);
			else
				genlmsg_end(skb, hdr);
			return -EMSGSIZE;
		}
		c->bucket = 1;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * lw_window_dump() - dump the last seconds of each stage
 * @skb: takes messages
 * @cb: the dump
 *
 * Return: bytes used; 0 at the end; or a negative error.
 */
int lw_window_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = lw_dump_attrs(cb);

	if (attrs && attrs[LATWATCH_A_WINDOW_SINCE])
		cursor_of(cb)->since = nla_get_u32(attrs[LATWATCH_A_WINDOW_SINCE]);
	return walk(skb, cb, read_windows, put_windows);
}

/* one message of a stage, with as many culprits as there is room for */
static int put_ranking(struct sk_buff *skb, struct netlink_callback *cb, struct cursor *c)
{
	const struct lw_sum *s = &c->sum;
	unsigned int from = c->bucket;
	const struct lw_ranks *r = &c->ranks;
	int err = get_ranks(c);
	void *hdr;

	if (err)
		return err;
	if (!r->n && !r->others.flights && !s->unknown_sum)
		return 0;
	hdr = lw_dump_put(skb, cb, LATWATCH_CMD_RANKING_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (lw_put_account(skb, LATWATCH_A_RANKING_VM, c->account) ||
	    nla_put_u32(skb, LATWATCH_A_RANKING_ID, c->stage) ||
	    (!from &&
	     (nla_put_string(skb, LATWATCH_A_RANKING_NAME, lw_stages[c->stage].name) ||
	      lw_put_uint(skb, LATWATCH_A_RANKING_FLIGHTS, s->count) ||
	      lw_put_uint(skb, LATWATCH_A_RANKING_SUM, s->sum) ||
	      lw_put_uint(skb, LATWATCH_A_RANKING_UNKNOWN, s->unknown_sum) ||
	      (r->others.flights &&
	       lw_put_others(skb, LATWATCH_A_RANKING_CULPRIT, r->others.ns,
			     &r->others))))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	for (; c->bucket < r->n; c->bucket++)
		if (lw_put_rank(skb, LATWATCH_A_RANKING_CULPRIT, &r->rank[c->bucket])) {
			/* the rest in the next message, if this got any */
			if (c->bucket == from)
				genlmsg_cancel(skb, hdr);
			else
				genlmsg_end(skb, hdr);
			return -EMSGSIZE;
		}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * lw_ranking_dump() - dump what came in between, in sum, of each stage
 * @skb: takes messages
 * @cb: the dump
 *
 * Return: bytes used; 0 at the end; or a negative error.
 */
int lw_ranking_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return walk(skb, cb, read_sum, put_ranking);
}

/* count and maximum of a stage on one CPU over all accounts */
static int put_cpu_stage(struct sk_buff *skb, struct cursor *c,
			 unsigned int cpu, unsigned int stage)
{
	u64 count = 0, maximum = 0;
	unsigned int account;
	struct nlattr *nest;
	int err;

	if (lw_books->book[cpu]) {
		count = lw_books->book[cpu]->retired[stage].count;
		maximum = lw_books->book[cpu]->retired[stage].max;
	}
	for (account = 0; account < lw_books->accounts; account++) {
		err = lw_stat_read(lw_books, cpu, account, stage, c->scratch);
		if (err)
			return err;
		if (!c->scratch->count)
			continue;
		count += c->scratch->count;
		maximum = max(maximum, c->scratch->max);
	}
	if (!count)
		return 0;
	nest = nla_nest_start(skb, LATWATCH_A_CPU_MAXIMUM);
	if (!nest || nla_put_u32(skb, LATWATCH_A_CPU_STAGE_ID, stage) ||
	    nla_put_string(skb, LATWATCH_A_CPU_STAGE_NAME,
			   lw_stages[stage].name) ||
	    lw_put_uint(skb, LATWATCH_A_CPU_STAGE_COUNT, count) ||
	    lw_put_uint(skb, LATWATCH_A_CPU_STAGE_MAXIMUM, maximum))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int cpu_fill(struct sk_buff *skb, struct cursor *c, unsigned int cpu)
{
	unsigned int i;
	int err;

	if (nla_put_u32(skb, LATWATCH_A_CPU_ID, cpu))
		return -EMSGSIZE;
	for (i = 0; i < LW_NMARKS; i++) {
		u64 ns = READ_ONCE(per_cpu_ptr(lw_cpus, cpu)->last[i]);
		struct nlattr *nest;

		if (!ns)
			continue;
		nest = nla_nest_start(skb, LATWATCH_A_CPU_MARK);
		if (!nest || put_mark(skb, i, i, ns))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	for (i = 0; i < LW_NSTAGES; i++) {
		err = put_cpu_stage(skb, c, cpu, i);
		if (err)
			return err;
	}
	return 0;
}

/* what a CPU did is not forgotten when it goes offline */
static bool cpu_shown(unsigned int cpu)
{
	unsigned int i;

	if (cpu_online(cpu))
		return true;
	for (i = 0; cpu_possible(cpu) && i < LW_NMARKS; i++)
		if (READ_ONCE(per_cpu_ptr(lw_cpus, cpu)->last[i]))
			return true;
	return false;
}

/**
 * lw_cpu_dump() - dump CPUs
 * @skb: takes messages
 * @cb: the dump; the cursor's account counts CPUs
 *
 * Return: bytes used; 0 at the end; or a negative error.
 */
int lw_cpu_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *c = cursor_of(cb);
	int err = 0;

	mutex_lock(&lw_books_lock);
	cb->seq = lw_generation();
	for (; c->account < nr_cpu_ids; c->account++) {
		void *hdr;

		if (!cpu_shown(c->account))
			continue;
		hdr = lw_dump_put(skb, cb, LATWATCH_CMD_CPU_GET);
		err = hdr ? cpu_fill(skb, c, c->account) : -EMSGSIZE;
		if (err) {
			if (hdr)
				genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	mutex_unlock(&lw_books_lock);
	return skb->len ?: err;
}
