/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Budgets: limits that no duration of a stage may exceed, and what broke them.
 *
 * Takes limits from the netlink family, for all VMs and the host, or for one VM. Each
 * block of statistics has its own copy, against which every duration is compared. A
 * breach is counted there, exactly, and is kept whole in a ring of its CPU until a
 * worker takes it to tell others: a probe wakes nobody for that.
 */
#ifndef LW_BUDGET_H
#define LW_BUDGET_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "model/flight.h"
#include "model/stage.h"

struct lw_books;
struct lw_stat;

#define LW_NO_LIMIT	U64_MAX
#define LW_BREACHES	16	/* that a CPU keeps until they are told */

/**
 * struct lw_limits - the limits of one account
 * @ns: by stage, LW_NO_LIMIT where there is none
 */
struct lw_limits {
	u64 ns[LW_NSTAGES];
};

/**
 * struct lw_budget - all limits
 * @accounts: entries of @own
 * @all: for the host and every VM that has no limit of its own for a stage
 * @own: those of one VM, by account, or NULL
 */
struct lw_budget {
	unsigned int accounts;
	struct lw_limits all;
	struct lw_limits *own[];
};

/**
 * struct lw_breach - a duration that was longer than its limit
 * @value: in ns
 * @limit: likewise
 * @ns: when it was recorded
 * @account: whose, in the books in use
 * @vm: the VM's id, if it is forgotten meanwhile, or 0
 * @stage: enum latwatch_stage
 * @cpu: where
 * @batch: how many packets were delivered together
 * @count: how many had this duration
 * @flight: the flight that it belongs to, as far as it had got
 */
struct lw_breach {
	u64 value;
	u64 limit;
	u64 ns;
	unsigned int account;
	u32 vm;
	unsigned int stage;
	u32 cpu;
	u32 batch;
	u64 count;
	struct lw_flight flight;
};

/* in a probe, with interrupts off */
void lw_breach_note(struct lw_stat *const *slot, u64 value, u64 n, u64 limit,
		    const struct lw_flight *f, u64 now, u32 cpu, u32 batch);
void lw_budget_apply(struct lw_stat *const *slot, struct lw_stat *s, u32 cpu);

extern struct lw_budget *lw_budget;

/* a new block, which others see already, gets its limit, if there are any */
static __always_inline void lw_budget_limit(struct lw_stat *const *slot,
					    struct lw_stat *s, u32 cpu)
{
	smp_mb(); /* pairs with apply(): it sees the block, or this the budget */
	if (unlikely(READ_ONCE(lw_budget)))
		lw_budget_apply(slot, s, cpu);
}

/* process context, under lw_books_lock */
struct lw_budget *lw_budget_alloc(unsigned int accounts);
int lw_budget_add(struct lw_budget *b, unsigned int account,
		  enum latwatch_stage stage, u64 ns);
void lw_budget_free(struct lw_budget *b);
int lw_budget_swap(struct lw_budget *b, struct lw_budget **old);
const struct lw_budget *lw_budget_get(void);
u64 lw_limit_of(unsigned int account, enum latwatch_stage stage);
u64 lw_breaches_sum(const struct lw_books *b, unsigned int account,
		    enum latwatch_stage stage);
void lw_budget_retire(unsigned int account, u32 vm);
bool lw_breach_take(unsigned int cpu, struct lw_breach *into);
void lw_breach_lost(u64 n);
u64 lw_breaches_dropped(void);
void lw_budget_exit(void);

#endif
