/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The books: statistics, watermarks and ledger of an epoch.
 *
 * Takes durations and events from the way (way_*.c) and gives sums to the
 * netlink family. Each CPU has a book of its own, written by that CPU
 * alone with interrupts off, so a line needs no lock and no atomic. In it
 * account 0 is the host's and what belongs to no VM, account n is that of
 * VM slot n - 1, and the last is that of VMs whose slot was given to another:
 * only lw_books_retire() writes it, in process context.
 *
 * A reset opens new books and closes the old: writers move to the new ones
 * with their next line, without an IPI. What the old ones show as still in
 * flight is brought forward, so that both balance.
 */
#ifndef LW_BOOKS_H
#define LW_BOOKS_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "flight.h"
#include "hist.h"
#include "ledger.h"
#include "stage.h"

#define LW_HOST		0	/* the host's account */
#define LW_NREASONS	256	/* drop reasons told apart, the last: others */

/**
 * struct lw_stat - one stage of one account
 * @seq: odd while the owner writes; readers on other CPUs try again then
 * @count: how many were recorded
 * @sum: in ns
 * @sumsq: sum of squares in ns^2, lower and upper 64 bits
 * @min: smallest, in ns; void while @count is 0
 * @max: largest, in ns; likewise
 * @worst_ns: when @max was recorded
 * @worst_batch: how many were delivered together with the worst
 * @worst_cpu: where
 * @worst: the flight that made @max, as far as it had got
 * @hist: counts by lw_hist_bucket()
 */
struct lw_stat {
	u32 seq;
	u32 worst_batch;
	u64 count;
	u64 sum;
	u64 sumsq[2];
	u64 min;
	u64 max;
	u64 worst_ns;
	u32 worst_cpu;
	struct lw_flight worst;
	u64 hist[LW_HIST_BUCKETS];
};

struct lw_account {
	struct lw_stat stat[LW_NSTAGES];
	u64 ledger[LW_NLEDGER];
};

/*
 * One CPU's book: drops outside and in a qdisc; account[] has lw_books.accounts
 * entries and one more.
 */
struct lw_book {
	u64 drop[LW_NPATHS][2][LW_NREASONS];
	struct lw_account account[];
};

/**
 * struct lw_books - an epoch's books
 * @epoch: how many epochs there were before
 * @since_ns: its begin, CLOCK_MONOTONIC
 * @since_real_ns: its begin, CLOCK_REALTIME
 * @accounts: accounts in each book that probes write
 * @cpus: entries of @book
 * @brought: packets in flight at the reset, by account and path; written once,
 *           by the reset, after the last line in the old books
 * @book: by CPU; NULL where no such CPU is possible
 */
struct lw_books {
	u32 epoch;
	u64 since_ns;
	u64 since_real_ns;
	unsigned int accounts;
	unsigned int cpus;
	u64 (*brought)[LW_NPATHS];
	struct lw_book *book[];
};

extern struct lw_books *lw_books;

/* for writers: with interrupts off; for readers: under the reset's mutex */
static __always_inline struct lw_account *lw_account(unsigned int cpu,
						     unsigned int account)
{
	/* address dependency; pairs with smp_store_release() in the reset */
	return &READ_ONCE(lw_books)->book[cpu]->account[account];
}

static __always_inline void lw_count(unsigned int cpu, unsigned int account,
				     enum lw_ledger line, u64 n)
{
	u64 *v = &lw_account(cpu, account)->ledger[line];

	WRITE_ONCE(*v, *v + n);
}

void lw_stat_add(struct lw_stat *s, u64 value, u64 n,
		 const struct lw_flight *f, u64 now, u32 cpu, u32 batch);
void lw_stat_one(struct lw_stat *s, u64 value, const struct lw_flight *f,
		 u64 now, u32 cpu);
void lw_count_drop(unsigned int cpu, unsigned int account, u8 path,
		   bool in_qdisc, unsigned int reason);

/* process context, one at a time */
struct lw_books *lw_books_alloc(unsigned int vms);
void lw_books_free(struct lw_books *b);
size_t lw_books_bytes(unsigned int vms);
void lw_books_retire(struct lw_books *b, unsigned int account);
void lw_books_close(const struct lw_books *old, struct lw_books *new);
int lw_stat_read(const struct lw_books *b, unsigned int cpu,
		 unsigned int account, enum latwatch_stage stage,
		 struct lw_stat *into);
int lw_stat_sum(const struct lw_books *b, unsigned int account,
		enum latwatch_stage stage, struct lw_stat *into,
		struct lw_stat *scratch);
void lw_stat_merge(struct lw_stat *into, const struct lw_stat *s);
u64 lw_ledger_sum(const struct lw_books *b, unsigned int account,
		  enum lw_ledger line);
u64 lw_ledger_total(const struct lw_books *b, enum lw_ledger line);
u64 lw_drop_sum(const struct lw_books *b, u8 path, bool in_qdisc,
		unsigned int reason);

#endif
