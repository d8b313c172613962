/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The books: statistics, watermarks and ledger of an epoch.
 *
 * Takes durations and events from the path (the files of path/) and gives sums to the
 * netlink family. Each CPU has a book of its own, written by that CPU
 * alone with interrupts off, so a line needs no lock and no atomic. In it
 * account 0 is the host's and what belongs to no VM, account n is that of
 * VM slot n - 1, and the last is that of VMs whose slot was given to another:
 * only lw_books_retire() writes it, in process context.
 *
 * The ledger's lines are there from the start. A stage's statistics are a block
 * that the first record takes from the pool (pool.h): a stage that is never
 * reached on a CPU costs a pointer. A record that finds the pool empty is
 * counted as such (NOTE_NO_BLOCK); the next tries again.
 *
 * A reset opens new books and closes the old: writers move to the new ones
 * with their next line, without an IPI. What the old ones show as still in
 * flight is brought forward, so that both balance. The new books have a block
 * wherever the old have one, as those are in use until the last probe that found
 * them has returned.
 */
#ifndef LW_BOOKS_H
#define LW_BOOKS_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "model/flight.h"
#include "books/hist.h"
#include "books/window.h"
#include "model/ledger.h"
#include "model/stage.h"

struct lw_ranks;

#define LW_HOST		0	/* the host's account */
#define LW_NREASONS	256	/* drop reasons told apart, the last: others */

/**
 * struct lw_stat - one stage of one account on one CPU: a block of the pool
 * @seq: odd while the owner writes; readers on other CPUs try again then
 * @worst_batch: how many were delivered together with the worst
 * @count: how many were recorded
 * @sum: in ns
 * @sumsq: sum of squares in ns^2, lower and upper 64 bits
 * @min: smallest, in ns; U64_MAX while @count is 0
 * @max: largest, in ns; 0 while @count is 0
 * @worst_ns: when @max was recorded
 * @carry: a block whose @hist counts how often LW_HIST_CARRY was taken out of
 *         a bucket of this one's; NULL: never
 * @limit: in ns, against which each is held; U64_MAX: none. Written by whoever sets it
 * @breaches: how many were longer
 * @worst_cpu: where
 * @ranks: culprits (rank.h); NULL: there were none
 * @explained_ns: what filled @max is known, if this is @worst_ns
 * @unknown_ns: but for this much
 * @unknown_sum: of @sum so much, in ns
 * @hist: counts by lw_hist_bucket(), less what was carried
 * @worst: the flight that made @max, as far as it had got
 * @windows: maximum and count of the last seconds
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
	struct lw_stat *carry;
	u64 limit;
	u64 breaches;
	struct lw_ranks *ranks;
	u64 explained_ns;
	u64 unknown_ns;
	u64 unknown_sum;
	u32 worst_cpu;
	u32 hist[LW_HIST_BUCKETS];
	struct lw_flight worst;
	struct lw_windows windows;
};

#define LW_HIST_CARRY	BIT_ULL(31)

/*
 * Between the two counts of @seq nobody reads: who has copied meanwhile throws that
 * away.
 */
static __always_inline u32 lw_stat_begin(struct lw_stat *s)
{
	u32 seq = s->seq;

	WRITE_ONCE(s->seq, seq + 1);
	smp_wmb(); /* pairs with lw_stat_read(), read_ranks() */
	return seq;
}

static __always_inline void lw_stat_end(struct lw_stat *s, u32 seq)
{
	smp_wmb(); /* pairs with lw_stat_read(), read_ranks() */
	WRITE_ONCE(s->seq, seq + 2);
}

/**
 * struct lw_sum - a stage's statistics over CPUs
 * @count: how many were recorded
 * @sum: in ns
 * @sumsq: sum of squares in ns^2, lower and upper 64 bits
 * @min: smallest, in ns; void while @count is 0
 * @max: largest, in ns; likewise
 * @worst_ns: when @max was recorded
 * @worst_cpu: where
 * @worst_batch: how many were delivered together with the worst
 * @explained_ns: what filled @max is known, if this is @worst_ns
 * @unknown_ns: but for this much
 * @unknown_sum: of @sum so much, in ns
 * @hist: counts by lw_hist_bucket(), with what was carried
 * @worst: the flight that made @max, as far as it had got
 */
struct lw_sum {
	u64 count;
	u64 sum;
	u64 sumsq[2];
	u64 min;
	u64 max;
	u64 worst_ns;
	u64 explained_ns;
	u64 unknown_ns;
	u64 unknown_sum;
	u32 worst_cpu;
	u32 worst_batch;
	u64 hist[LW_HIST_BUCKETS];
	struct lw_flight worst;
};

/**
 * struct lw_account - what a CPU recorded of the host or of a VM
 * @stat: a block for each stage that something was recorded of, or NULL.
 *        Published once, by the owner, and freed with the books or the VM
 * @ledger: its lines
 */
struct lw_account {
	struct lw_stat *stat[LW_NSTAGES];
	u64 ledger[LW_NLEDGER];
};

/**
 * struct lw_book - one CPU's book
 * @drop: by path, outside and in a qdisc, and reason
 * @retired: count and maximum of each stage of VMs that are forgotten; written
 *           by lw_books_retire() only
 * @account: lw_books.accounts and one more, of the VMs that are forgotten
 */
struct lw_book {
	u64 drop[LW_NPATHS][2][LW_NREASONS];
	struct {
		u64 count;
		u64 max;
	} retired[LW_NSTAGES];
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
 * @retired: sums of VMs that are forgotten, by stage, or NULL; written by
 *           lw_books_retire() only
 * @retired_ranks: their culprits, likewise
 * @book: by CPU; NULL where no such CPU is possible
 */
struct lw_books {
	u32 epoch;
	u64 since_ns;
	u64 since_real_ns;
	unsigned int accounts;
	unsigned int cpus;
	u64 (*brought)[LW_NPATHS];
	struct lw_sum *retired[LW_NSTAGES];
	struct lw_ranks *retired_ranks[LW_NSTAGES];
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

void lw_stat_add(struct lw_stat **slot, u64 value, u64 n,
		 const struct lw_flight *f, u64 now, u32 cpu, u32 batch);
void lw_stat_one(struct lw_stat **slot, u64 value, const struct lw_flight *f,
		 u64 now, u32 cpu);
void lw_count_drop(unsigned int cpu, unsigned int account, u8 path,
		   bool in_qdisc, unsigned int reason);

/**
 * lw_stat_of() - one CPU's statistics of a stage
 * @b: the books
 * @cpu: whose; of @b->cpus
 * @account: of the host or a VM
 * @stage: which stage
 *
 * Context: process; holds lw_books_lock.
 * Return: the block, or NULL: nothing was recorded there.
 */
static inline struct lw_stat *lw_stat_of(const struct lw_books *b, unsigned int cpu,
					 unsigned int account, enum latwatch_stage stage)
{
	/* address dependency; pairs with lw_stat_add() */
	return b->book[cpu] ? READ_ONCE(b->book[cpu]->account[account].stat[stage]) : NULL;
}

/* process context, one at a time */
struct lw_books *lw_books_alloc(unsigned int vms, const struct lw_books *like);
void lw_books_free(struct lw_books *b);
size_t lw_books_bytes(unsigned int vms);
int lw_books_retire(struct lw_books *b, unsigned int account);
void lw_books_close(const struct lw_books *old, struct lw_books *new);
int lw_stat_read(const struct lw_books *b, unsigned int cpu,
		 unsigned int account, enum latwatch_stage stage,
		 struct lw_stat into[2]);
int lw_stat_sum(const struct lw_books *b, unsigned int account,
		enum latwatch_stage stage, struct lw_sum *into,
		struct lw_stat scratch[2]);
void lw_stat_merge(struct lw_sum *into, const struct lw_stat *s);
int lw_windows_sum(const struct lw_books *b, unsigned int account,
		   enum latwatch_stage stage, u64 second, struct lw_window_sum *into,
		   struct lw_stat *scratch);
u64 lw_ledger_sum(const struct lw_books *b, unsigned int account,
		  enum lw_ledger line);
u64 lw_ledger_total(const struct lw_books *b, enum lw_ledger line);
u64 lw_drop_sum(const struct lw_books *b, u8 path, bool in_qdisc,
		unsigned int reason);

#endif
