// SPDX-License-Identifier: GPL-2.0
/* Culprits of a stage. See rank.h. */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "books/pool.h"
#include "books/rank.h"

static void clear(struct lw_ranks *r)
{
	r->worst_ns = 0;
	r->worst.n = 0;
	r->n = 0;
	r->last = 0;
	memset(&r->others, 0, sizeof(r->others));
}

static void add_to(struct lw_rank *into, u64 ns, u64 flights, u64 worst_ns)
{
	into->ns += ns;
	into->flights += flights;
	into->worst_ns = max(into->worst_ns, worst_ns);
}

/* another time in a flight that ended at @end; it may have met it before */
static __always_inline void hit(struct lw_rank *k, u64 ns, u64 end)
{
	if (k->seen_ns != end) {
		k->seen_ns = end;
		k->seen_for_ns = 0;
		k->flights++;
	}
	k->ns += ns;
	k->seen_for_ns += ns;
	if (k->seen_for_ns > k->worst_ns)
		k->worst_ns = k->seen_for_ns;
}

/* what of @r has room for one that took @ns; it is empty, or the others */
static noinline struct lw_rank *make_room(struct lw_ranks *r, u64 ns)
{
	struct lw_rank *least = &r->rank[0];
	unsigned int i;

	if (likely(r->n < LW_RANKS)) {
		least = &r->rank[r->n++];
	} else {
		/*
		 * The one that took least goes to the others, if this takes more:
		 * many that take little do not crowd out what takes much.
		 */
		for (i = 1; i < LW_RANKS; i++)
			if (r->rank[i].ns < least->ns)
				least = &r->rank[i];
		if (ns <= least->ns)
			return &r->others;
		add_to(&r->others, least->ns, least->flights, least->worst_ns);
	}
	memset(least, 0, sizeof(*least));
	r->last = least - r->rank;
	return least;
}

/* the rank of a culprit, NULL: it has none */
static struct lw_rank *find(struct lw_ranks *r, u8 kind, u32 id, s32 pid)
{
	unsigned int i;

	for (i = 0; i < r->n; i++) {
		struct lw_rank *k = &r->rank[i];

		if (lw_culprit_is(k->kind, k->id, k->pid, kind, id, pid)) {
			r->last = i;
			return k;
		}
	}
	return NULL;
}

static noinline struct lw_rank *rank_of(struct lw_ranks *r, const struct lw_span *s,
					u64 ns)
{
	struct lw_rank *k = find(r, s->kind, s->id, s->pid);

	if (k)
		return k;
	k = make_room(r, ns);
	if (k == &r->others)
		return k;
	k->kind = s->kind;
	k->id = s->id;
	k->pid = s->pid;
	k->prio = s->prio;
	k->policy = s->policy;
	memcpy(k->name, s->name, sizeof(k->name));
	return k;
}

/* a block for culprits, or NULL: there is none, which is counted */
static noinline struct lw_ranks *take(u32 cpu)
{
	struct lw_ranks *r = (struct lw_ranks *)lw_pool_take(cpu);

	if (r)
		clear(r);
	else
		lw_count(cpu, LW_HOST, LW_NOTE_NO_RANKS, 1);
	return r;
}

/**
 * lw_rank_one() - a culprit has filled time of a flight
 * @slot: the stage's place in an account of this CPU's book; it has statistics
 * @span: the culprit
 * @ns: how long
 * @end: when the flight ended its stage
 * @cpu: this CPU
 *
 * Context: any, with interrupts off on the CPU that owns @slot.
 */
void lw_rank_one(struct lw_stat **slot, const struct lw_span *span, u64 ns, u64 end,
		 u32 cpu)
{
	struct lw_stat *s = *slot;
	struct lw_ranks *r = s->ranks ?: take(cpu);
	struct lw_rank *k;
	u32 seq;

	if (unlikely(!r))
		return;
	seq = lw_stat_begin(s);
	/* address dependency in read_ranks() */
	WRITE_ONCE(s->ranks, r);
	/* nearly always it is the same again */
	k = &r->rank[r->last];
	if (!r->n || !lw_culprit_is(k->kind, k->id, k->pid, span->kind, span->id,
				    span->pid))
		k = rank_of(r, span, ns);
	hit(k, ns, end);
	lw_stat_end(s, seq);
}

/**
 * lw_rank_unknown() - it is not known what filled time of a flight
 * @s: the stage's statistics
 * @ns: how long
 *
 * Context: any, with interrupts off on the CPU that owns @s.
 */
void lw_rank_unknown(struct lw_stat *s, u64 ns)
{
	u32 seq = lw_stat_begin(s);

	s->unknown_sum += ns;
	lw_stat_end(s, seq);
}

/* the culprits of one flight before the marks @sums into the sums */
static void sum_up(struct lw_ranks *r, const struct lw_blamed *b, u64 end, u32 sums)
{
	unsigned int i;

	for (i = 0; i < b->n; i++) {
		const struct lw_culprit *c = &b->by[i];
		struct lw_span s = {
			.kind = c->kind, .id = c->id, .pid = c->pid,
			.prio = c->prio, .policy = c->policy,
		};

		if (!(sums & BIT(c->mark)))
			continue;
		memcpy(s.name, c->name, sizeof(s.name));
		hit(rank_of(r, &s, c->ns), c->ns, end);
	}
	/* of which part they are is not known */
	if (b->others_ns && sums == ~0U)
		hit(&r->others, b->others_ns, end);
}

/**
 * lw_rank_worst() - a stage has a new worst flight, and this is what filled it
 * @slot: the stage's place in an account of this CPU's book; it has statistics
 * @b: what filled it
 * @end: when it ended, which is when it was recorded
 * @cpu: this CPU
 * @sums: of what came before these marks, a bit each, it goes into the sums, too
 *
 * Context: any, with interrupts off on the CPU that owns @slot.
 */
void lw_rank_worst(struct lw_stat **slot, const struct lw_blamed *b, u64 end, u32 cpu,
		   u32 sums)
{
	struct lw_stat *s = *slot;
	struct lw_ranks *r = s->ranks;
	u32 seq;

	if (!r && b->n)
		r = take(cpu);
	seq = lw_stat_begin(s);
	/* address dependency in read_ranks() */
	WRITE_ONCE(s->ranks, r);
	if (sums)
		s->unknown_sum += b->unknown_ns;
	if (r)
		sum_up(r, b, end, sums);
	if (r || !b->n) {
		s->explained_ns = end;
		s->unknown_ns = b->unknown_ns;
	}
	if (r) {
		r->worst_ns = end;
		r->worst.unknown_ns = b->unknown_ns;
		r->worst.others_ns = b->others_ns;
		r->worst.n = b->n;
		memcpy(r->worst.by, b->by, b->n * sizeof(*b->by));
	}
	lw_stat_end(s, seq);
}

/**
 * lw_ranks_alloc_like() - have room for culprits where another block has
 * @s: a block that no probe writes yet
 * @like: the other
 * @cpu: whose statistics they are
 *
 * Context: process, may sleep.
 * Return: false when there is no memory.
 */
bool lw_ranks_alloc_like(struct lw_stat *s, const struct lw_stat *like, unsigned int cpu)
{
	if (!READ_ONCE(like->ranks))
		return true;
	s->ranks = (struct lw_ranks *)lw_pool_alloc(cpu);
	if (!s->ranks)
		return false;
	clear(s->ranks);
	return true;
}

/**
 * lw_ranks_merge() - add culprits to a sum
 * @into: what they are added to; zeroed at first
 * @r: what is added
 * @worst_ns: when the worst flight of the sum was recorded
 */
void lw_ranks_merge(struct lw_ranks *into, const struct lw_ranks *r, u64 worst_ns)
{
	unsigned int i;

	for (i = 0; i < r->n; i++) {
		const struct lw_rank *k = &r->rank[i];
		struct lw_rank *to = find(into, k->kind, k->id, k->pid);

		if (!to)
			to = make_room(into, k->ns);
		if (!to->flights && to != &into->others)
			*to = *k;
		else
			add_to(to, k->ns, k->flights, k->worst_ns);
	}
	add_to(&into->others, r->others.ns, r->others.flights, r->others.worst_ns);
	if (r->worst_ns && r->worst_ns == worst_ns) {
		into->worst_ns = worst_ns;
		into->worst = r->worst;
	}
}

/* a consistent copy of one CPU's; @into->n is 0 and no time of a worst where it has none */
static int read_ranks(const struct lw_stat *s, struct lw_ranks *into)
{
	const struct lw_ranks *r;
	unsigned int attempt;
	u32 seq;

	for (attempt = 0; attempt < 10000; attempt++) {
		seq = READ_ONCE(s->seq);
		smp_rmb(); /* pairs with lw_stat_end() */
		r = READ_ONCE(s->ranks);
		if (!(seq & 1)) {
			if (!r)
				clear(into);
			else
				/* data_race(): a torn copy is thrown away */
				data_race(memcpy(into, r, sizeof(*into)));
			smp_rmb(); /* pairs with lw_stat_begin() */
			if (READ_ONCE(s->seq) == seq)
				return 0;
		}
		cond_resched();
	}
	return -EBUSY;
}

/**
 * lw_ranks_sum() - a stage's culprits over all CPUs
 * @b: the books
 * @account: of the host or a VM
 * @stage: which stage
 * @worst_ns: when the worst flight was recorded, that of struct lw_sum
 * @into: takes them; those of the worst are that flight's, or none
 * @scratch: room for one CPU's
 *
 * Context: process, may sleep.
 * Return: 0 or -EBUSY, see lw_stat_read().
 */
int lw_ranks_sum(const struct lw_books *b, unsigned int account,
		 enum latwatch_stage stage, u64 worst_ns, struct lw_ranks *into,
		 struct lw_ranks *scratch)
{
	unsigned int cpu;
	int err;

	memset(into, 0, sizeof(*into));
	for (cpu = 0; cpu <= b->cpus; cpu++) {
		const struct lw_ranks *r = scratch;

		if (cpu == b->cpus) {
			/* those of VMs that are forgotten */
			r = account == LW_HOST ? b->retired_ranks[stage] : NULL;
			if (!r)
				break;
		} else {
			const struct lw_stat *s = lw_stat_of(b, cpu, account, stage);

			if (!s)
				continue;
			err = read_ranks(s, scratch);
			if (err)
				return err;
		}
		lw_ranks_merge(into, r, worst_ns);
	}
	return 0;
}
