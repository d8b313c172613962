// SPDX-License-Identifier: GPL-2.0
/* Limits, and what broke them. See budget.h. */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "alloc.h"
#include "books/books.h"
#include "books/budget.h"

/**
 * struct ring - breaches of one CPU that were not told yet
 * @head: how many were put in; written by the CPU
 * @tail: how many were taken out; written under lw_books_lock
 * @dropped: how many had no room; written by the CPU
 * @breach: the last ones
 */
struct ring {
	u32 head;
	u32 tail;
	u64 dropped;
	struct lw_breach breach[LW_BREACHES];
};

struct lw_budget *lw_budget;
/* by CPU; made with the first budget, and kept */
static struct ring **rings;
/* taken out, but nobody had room for it */
static u64 untold;

/*
 * Which account and stage a slot of this CPU's book is of. A reset may have replaced the
 * books that it is in: then nobody will read these.
 */
static bool place_of(struct lw_stat *const *slot, u32 cpu, unsigned int *account,
		     unsigned int *stage)
{
	const struct lw_books *b = READ_ONCE(lw_books);
	const struct lw_account *first = b->book[cpu]->account;
	size_t at = (const char *)slot - (const char *)first;

	if (at >= b->accounts * sizeof(*first))
		return false;
	*account = at / sizeof(*first);
	*stage = at % sizeof(*first) / sizeof(*slot);
	return true;
}

/**
 * lw_breach_note() - keep a breach until it is told
 * @slot: the stage's place in an account of this CPU's book
 * @value: in ns
 * @n: how many had it
 * @limit: in ns
 * @f: the flight that it belongs to, as far as it has got
 * @now: when it was recorded
 * @cpu: this CPU
 * @batch: how many packets were delivered together
 *
 * Context: any, with interrupts off on the CPU that owns @slot.
 */
void lw_breach_note(struct lw_stat *const *slot, u64 value, u64 n, u64 limit,
		    const struct lw_flight *f, u64 now, u32 cpu, u32 batch)
{
	struct ring *r = READ_ONCE(rings)[cpu];
	unsigned int account, stage;
	struct lw_breach *b;

	if (!place_of(slot, cpu, &account, &stage))
		return;
	/* pairs with lw_breach_take(): it has copied what it took */
	if (r->head - smp_load_acquire(&r->tail) >= LW_BREACHES) {
		WRITE_ONCE(r->dropped, r->dropped + n);
		return;
	}
	b = &r->breach[r->head % LW_BREACHES];
	b->value = value;
	b->limit = limit;
	b->ns = now;
	b->account = account;
	b->vm = 0;
	b->stage = stage;
	b->cpu = cpu;
	b->batch = batch;
	b->count = n;
	b->flight = *f;
	/* pairs with lw_breach_take() */
	smp_store_release(&r->head, r->head + 1);
}

/**
 * lw_breach_take() - take the oldest breach of a CPU
 * @cpu: which
 * @into: takes it
 *
 * Context: process; holds lw_books_lock.
 * Return: false if there is none.
 */
bool lw_breach_take(unsigned int cpu, struct lw_breach *into)
{
	struct ring *r = rings ? rings[cpu] : NULL;

	/* pairs with lw_breach_note() */
	if (!r || r->tail == smp_load_acquire(&r->head))
		return false;
	*into = r->breach[r->tail % LW_BREACHES];
	/* pairs with lw_breach_note() */
	smp_store_release(&r->tail, r->tail + 1);
	return true;
}

/**
 * lw_breach_lost() - a breach that was taken could not be told
 * @n: how many durations it is
 *
 * Context: process; holds lw_books_lock.
 */
void lw_breach_lost(u64 n)
{
	untold += n;
}

/**
 * lw_breaches_dropped() - how many breaches were counted but not kept to be told
 *
 * Context: process; holds lw_books_lock.
 * Return: the count since the module was loaded.
 */
u64 lw_breaches_dropped(void)
{
	unsigned int cpu;
	u64 n = untold;

	if (!rings)
		return 0;
	for_each_possible_cpu(cpu)
		n += READ_ONCE(rings[cpu]->dropped);
	return n;
}

/* a limit in a budget, or none at all */
static u64 limit_in(const struct lw_budget *b, unsigned int account,
		    enum latwatch_stage stage)
{
	const struct lw_limits *own;

	if (!b)
		return LW_NO_LIMIT;
	own = account < b->accounts ? READ_ONCE(b->own[account]) : NULL;
	return own && own->ns[stage] != LW_NO_LIMIT ? own->ns[stage] : b->all.ns[stage];
}

/**
 * lw_limit_of() - the limit of a stage
 * @account: of the host or a VM
 * @stage: which stage
 *
 * Context: a probe, or process under lw_books_lock.
 * Return: in ns, or LW_NO_LIMIT.
 */
u64 lw_limit_of(unsigned int account, enum latwatch_stage stage)
{
	return limit_in(READ_ONCE(lw_budget), account, stage);
}

/**
 * lw_budget_apply() - give a new block its limit
 * @slot: where the block is, which others see already
 * @s: the block
 * @cpu: this CPU
 *
 * Context: any, with interrupts off on the CPU that owns @slot.
 */
void lw_budget_apply(struct lw_stat *const *slot, struct lw_stat *s, u32 cpu)
{
	unsigned int account, stage;

	if (place_of(slot, cpu, &account, &stage))
		WRITE_ONCE(s->limit, lw_limit_of(account, stage));
}

/* each block that there is gets its limit */
static void apply(const struct lw_books *b)
{
	unsigned int cpu, a, i;

	smp_mb(); /* pairs with lw_budget_limit() */
	for (cpu = 0; cpu < b->cpus; cpu++)
		for (a = 0; b->book[cpu] && a < b->accounts; a++)
			for (i = 0; i < LW_NSTAGES; i++) {
				struct lw_stat *s = lw_stat_of(b, cpu, a, i);

				if (s)
					WRITE_ONCE(s->limit, lw_limit_of(a, i));
			}
}

static void rings_free(struct ring **all)
{
	unsigned int cpu;

	if (!all)
		return;
	for_each_possible_cpu(cpu)
		kvfree(all[cpu]);
	kvfree(all);
}

static int rings_alloc(void)
{
	struct ring **all;
	unsigned int cpu;

	if (rings)
		return 0;
	all = kvcalloc(nr_cpu_ids, sizeof(*all), LW_GFP);
	if (!all)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		all[cpu] = kvzalloc_node(sizeof(**all), LW_GFP, cpu_to_node(cpu));
		if (!all[cpu]) {
			rings_free(all);
			return -ENOMEM;
		}
	}
	/* before any limit that a probe finds; pairs with the dependency there */
	smp_store_release(&rings, all);
	return 0;
}

static void no_limits(struct lw_limits *l)
{
	unsigned int i;

	for (i = 0; i < LW_NSTAGES; i++)
		l->ns[i] = LW_NO_LIMIT;
}

/**
 * lw_budget_alloc() - begin a budget without limits
 * @accounts: of the books
 *
 * Return: the budget, or NULL when there is no memory for it.
 */
struct lw_budget *lw_budget_alloc(unsigned int accounts)
{
	struct lw_budget *b = kvzalloc(struct_size(b, own, accounts), LW_GFP);

	if (!b)
		return NULL;
	b->accounts = accounts;
	no_limits(&b->all);
	return b;
}

/**
 * lw_budget_free() - free a budget that no probe reads any more
 * @b: the budget, or NULL
 */
void lw_budget_free(struct lw_budget *b)
{
	unsigned int a;

	for (a = 0; b && a < b->accounts; a++)
		kfree(b->own[a]);
	kvfree(b);
}

/**
 * lw_budget_add() - add a limit to a budget that is not in use
 * @b: the budget
 * @account: a VM's, or LW_HOST: for the host and all VMs
 * @stage: which stage
 * @ns: the limit
 *
 * Return: 0, -EEXIST if there is one already, or -ENOMEM.
 */
int lw_budget_add(struct lw_budget *b, unsigned int account,
		  enum latwatch_stage stage, u64 ns)
{
	struct lw_limits *l = &b->all;

	if (account != LW_HOST) {
		l = b->own[account];
		if (!l) {
			l = kzalloc(sizeof(*l), LW_GFP);
			if (!l)
				return -ENOMEM;
			no_limits(l);
			b->own[account] = l;
		}
	}
	if (l->ns[stage] != LW_NO_LIMIT)
		return -EEXIST;
	l->ns[stage] = ns;
	return 0;
}

/**
 * lw_budget_swap() - hold all durations against other limits from now on
 * @b: the budget, which is this file's from now on; NULL: no limits
 * @old: takes the one before, to be freed when the probes that run now have returned
 *
 * Context: process, may sleep; holds lw_books_lock.
 * Return: 0, or -ENOMEM and all is as it was, and @b is the caller's.
 */
int lw_budget_swap(struct lw_budget *b, struct lw_budget **old)
{
	if (b && rings_alloc())
		return -ENOMEM;
	*old = lw_budget;
	/* pairs with the address dependency in lw_limit_of() */
	smp_store_release(&lw_budget, b);
	apply(lw_books);
	return 0;
}

/**
 * lw_budget_get() - the budget in use
 *
 * Context: process; holds lw_books_lock.
 * Return: the budget, or NULL: there are no limits.
 */
const struct lw_budget *lw_budget_get(void)
{
	return lw_budget;
}

/* what is kept of an account's breaches says whose they are */
static void name_breaches(struct ring *r, unsigned int account, u32 vm)
{
	u32 i, head = smp_load_acquire(&r->head); /* pairs with lw_breach_note() */

	for (i = r->tail; i != head; i++) {
		struct lw_breach *b = &r->breach[i % LW_BREACHES];

		if (b->account == account && !b->vm)
			b->vm = vm;
	}
}

/**
 * lw_budget_retire() - a VM is forgotten, and its limits with it
 * @account: whose
 * @vm: its id
 *
 * Context: process; holds lw_books_lock, and no probe can find the VM.
 */
void lw_budget_retire(unsigned int account, u32 vm)
{
	unsigned int cpu;

	if (rings)
		for_each_possible_cpu(cpu)
			name_breaches(rings[cpu], account, vm);
	if (!lw_budget)
		return;
	kfree(lw_budget->own[account]);
	lw_budget->own[account] = NULL;
}

/**
 * lw_breaches_sum() - how often a stage's limit was broken
 * @b: the books
 * @account: of the host or a VM
 * @stage: which stage
 *
 * Return: the count in this epoch.
 */
u64 lw_breaches_sum(const struct lw_books *b, unsigned int account,
		    enum latwatch_stage stage)
{
	unsigned int cpu;
	u64 n = 0;

	for (cpu = 0; cpu < b->cpus; cpu++) {
		const struct lw_stat *s = lw_stat_of(b, cpu, account, stage);

		if (s)
			n += READ_ONCE(s->breaches);
	}
	return n;
}

/** lw_budget_exit() - no probe runs, and nobody reads any more */
void lw_budget_exit(void)
{
	lw_budget_free(lw_budget);
	lw_budget = NULL;
	rings_free(rings);
	rings = NULL;
}
