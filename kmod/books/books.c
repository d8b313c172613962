// SPDX-License-Identifier: GPL-2.0
/* Statistics, watermarks and ledger of an epoch. See books.h. */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "alloc.h"
#include "books/books.h"
#include "books/budget.h"
#include "books/pool.h"
#include "books/rank.h"

struct lw_books *lw_books;

/* the smallest or largest until now, or the first */
static void add_extreme(struct lw_stat *s, u64 value, const struct lw_flight *f,
			u64 now, u32 cpu, u32 batch)
{
	if (!s->count || value < s->min)
		s->min = value;
	if (s->count && value <= s->max)
		return;
	s->max = value;
	s->worst_ns = now;
	s->worst_cpu = cpu;
	s->worst_batch = batch;
	s->worst = *f;
}

/*
 * A bucket is half full. If there is no block to carry into, the next record in
 * this bucket tries again; as many as were counted can come before it is full.
 */
static noinline void carry(struct lw_stat *s, unsigned int bucket, u32 cpu)
{
	u32 seq;

	if (!s->carry)
		/* pairs with the address dependency in copy() */
		smp_store_release(&s->carry, lw_pool_take(cpu));
	if (!s->carry)
		return;
	seq = lw_stat_begin(s);
	s->hist[bucket] -= LW_HIST_CARRY;
	s->carry->hist[bucket]++;
	lw_stat_end(s, seq);
}

/* returns the bucket; see settle() */
static __always_inline unsigned int add(struct lw_stat *s, u64 value, u64 n)
{
	unsigned __int128 sq = (unsigned __int128)value * value * n;
	unsigned int bucket = lw_hist_bucket(value);
	u64 low = s->sumsq[0] + (u64)sq;

	if (unlikely(value > s->windows.max))
		s->windows.max = value;
	s->sumsq[1] += (u64)(sq >> 64) + (low < (u64)sq);
	s->sumsq[0] = low;
	s->sum += value * n;
	s->count += n;
	s->hist[bucket] += n;
	return bucket;
}

/* outside of the counts of @seq, so that a record needs no register saved */
static __always_inline void settle(struct lw_stat *s, unsigned int bucket,
				   u32 cpu)
{
	if (unlikely(s->hist[bucket] >= LW_HIST_CARRY))
		carry(s, bucket, cpu);
}

/**
 * lw_stat_add() - record a duration
 * @slot: the stage's place in an account of this CPU's book
 * @value: in ns
 * @n: how many times it occurred, below 2^31
 * @f: the flight that it belongs to, as far as it has got
 * @now: when it was recorded
 * @cpu: this CPU
 * @batch: how many packets were delivered together
 *
 * What the clock has run backwards over is no duration, and is only counted;
 * so is one that there is no block for.
 *
 * Context: any, with interrupts off on the CPU that owns @slot.
 */
void lw_stat_add(struct lw_stat **slot, u64 value, u64 n,
		 const struct lw_flight *f, u64 now, u32 cpu, u32 batch)
{
	struct lw_stat *s = *slot;
	unsigned int bucket;
	u64 limit;
	u32 seq;

	if (unlikely((s64)value < 0)) {
		lw_count(cpu, LW_HOST, LW_NOTE_BACKWARDS, n);
		return;
	}
	if (unlikely(!s)) {
		s = lw_pool_take(cpu);
		if (!s) {
			lw_count(cpu, LW_HOST, LW_NOTE_NO_BLOCK, n);
			return;
		}
		/* empty; pairs with the address dependency in lw_stat_read() */
		smp_store_release(slot, s);
		lw_budget_limit(slot, s, cpu);
	}
	limit = READ_ONCE(s->limit);
	seq = lw_stat_begin(s);
	if (unlikely(lw_window_is_over(&s->windows, now)))
		lw_window_open(&s->windows, s->count, now);
	if (unlikely(value < s->min || value > s->max))
		add_extreme(s, value, f, now, cpu, batch);
	bucket = add(s, value, n);
	if (unlikely(value > limit))
		s->breaches += n;
	lw_stat_end(s, seq);
	settle(s, bucket, cpu);
	if (unlikely(value > limit))
		lw_breach_note(slot, value, n, limit, f, now, cpu, batch);
}

/**
 * lw_stat_one() - record a duration that occurred once, as nearly all do
 * @slot: the stage's place in an account of this CPU's book
 * @value: in ns
 * @f: the flight that it belongs to, as far as it has got
 * @now: when it was recorded
 * @cpu: this CPU
 *
 * What the clock has run backwards over is more than any maximum, too. Only
 * what is between the extremes and within its limit, in the second of the record
 * before, is recorded here: it wants no register saved.
 *
 * Context: any, with interrupts off on the CPU that owns @slot.
 */
void lw_stat_one(struct lw_stat **slot, u64 value, const struct lw_flight *f,
		 u64 now, u32 cpu)
{
	struct lw_stat *s = *slot;
	unsigned int bucket;
	u32 seq;

	if (unlikely(!s || value < s->min || value > s->max ||
		     value > READ_ONCE(s->limit) || lw_window_is_over(&s->windows, now))) {
		lw_stat_add(slot, value, 1, f, now, cpu, 1);
		return;
	}
	seq = lw_stat_begin(s);
	bucket = add(s, value, 1);
	lw_stat_end(s, seq);
	settle(s, bucket, cpu);
}

/**
 * lw_count_drop() - count a packet that the kernel freed
 * @cpu: this CPU
 * @account: whose packet
 * @path: on which path
 * @in_qdisc: while it waited in a queueing discipline
 * @reason: the kernel's enum skb_drop_reason
 */
void lw_count_drop(unsigned int cpu, unsigned int account, u8 path,
		   bool in_qdisc, unsigned int reason)
{
	static const u8 dropped[] = {
		[LATWATCH_PATH_RX]    = LW_DROPPED,
		[LATWATCH_PATH_TX]    = LW_TX_DROPPED,
		[LATWATCH_PATH_LOCAL] = LW_LOCAL_DROPPED,
	};
	struct lw_book *b = READ_ONCE(lw_books)->book[cpu];
	unsigned int line = min_t(unsigned int, reason, LW_NREASONS - 1);
	u64 *v = &b->drop[path][in_qdisc][line];

	WRITE_ONCE(*v, *v + 1);
	lw_count(cpu, account, dropped[path], 1);
}

static size_t book_bytes(unsigned int vms)
{
	/* the host's, the VMs', the retired */
	return sizeof(struct lw_book) + (vms + 2) * sizeof(struct lw_account);
}

/**
 * lw_books_bytes() - what one epoch's books take
 * @vms: VM slots
 *
 * Return: bytes.
 */
size_t lw_books_bytes(unsigned int vms)
{
	return num_possible_cpus() * book_bytes(vms);
}

/* a block wherever this CPU's book of the epoch before has one */
static bool fill_like(struct lw_book *book, const struct lw_book *like,
		      unsigned int accounts, unsigned int cpu)
{
	unsigned int a, i;

	for (a = 0; a < accounts; a++)
		for (i = 0; i < LW_NSTAGES; i++) {
			if (!READ_ONCE(like->account[a].stat[i]))
				continue;
			book->account[a].stat[i] = lw_pool_alloc(cpu);
			if (!book->account[a].stat[i] ||
			    !lw_ranks_alloc_like(book->account[a].stat[i],
						 like->account[a].stat[i], cpu))
				return false;
			book->account[a].stat[i]->limit = lw_limit_of(a, i);
		}
	return true;
}

/**
 * lw_books_alloc() - open empty books
 * @vms: VM slots
 * @like: have blocks where these books have some; or NULL: none
 *
 * Context: process, may sleep.
 * Return: the books, or NULL when there is no memory for them.
 */
struct lw_books *lw_books_alloc(unsigned int vms, const struct lw_books *like)
{
	struct lw_books *b;
	unsigned int cpu;

	b = kvzalloc(struct_size(b, book, nr_cpu_ids), LW_GFP);
	if (!b)
		return NULL;
	b->cpus = nr_cpu_ids;
	b->accounts = vms + 1;
	b->brought = kvcalloc(b->accounts + 1, sizeof(*b->brought), LW_GFP);
	if (!b->brought)
		goto fail;
	for_each_possible_cpu(cpu) {
		b->book[cpu] = kvzalloc_node(book_bytes(vms), LW_GFP,
					     cpu_to_node(cpu));
		if (!b->book[cpu])
			goto fail;
		if (like && !fill_like(b->book[cpu], like->book[cpu],
				       b->accounts, cpu))
			goto fail;
	}
	return b;
fail:
	lw_books_free(b);
	return NULL;
}

static void book_free(struct lw_book *book, unsigned int accounts)
{
	unsigned int a, i;

	if (!book)
		return;
	for (a = 0; a < accounts; a++)
		for (i = 0; i < LW_NSTAGES; i++)
			lw_pool_free(book->account[a].stat[i]);
	kvfree(book);
}

/**
 * lw_books_free() - free books that nobody writes any more
 * @b: the books, or NULL
 */
void lw_books_free(struct lw_books *b)
{
	unsigned int cpu, i;

	if (!b)
		return;
	for (cpu = 0; cpu < b->cpus; cpu++)
		book_free(b->book[cpu], b->accounts);
	for (i = 0; i < LW_NSTAGES; i++) {
		kvfree(b->retired[i]);
		kvfree(b->retired_ranks[i]);
	}
	kvfree(b->brought);
	kvfree(b);
}

/* packets of a path that are opened and not closed by an account's lines */
static u64 balance(const struct lw_books *b, unsigned int account, u8 path)
{
	u64 open = b->brought[account][path], closed = 0;
	unsigned int line;

	/*
	 * The host's balance is that of all: packets for VMs are opened before
	 * it is known which VM will take them.
	 */
	for (line = 0; line < LW_NLEDGER; line++) {
		u64 n;

		if (lw_lines[line].path != path)
			continue;
		if (account == LW_HOST)
			n = lw_ledger_total(b, line);
		else
			n = lw_ledger_sum(b, account, line);

		switch (lw_lines[line].category) {
		case LATWATCH_CATEGORY_OPENED:
			open += n;
			break;
		case LATWATCH_CATEGORY_NOTE:
			if (account != LW_HOST && line == LW_TAKEN)
				open += n;
			break;
		case LATWATCH_CATEGORY_DROPPED:
			/* into a VM, books open at the take, after any drop */
			if (account != LW_HOST && path == LATWATCH_PATH_RX)
				break;
			fallthrough;
		default:
			closed += n;
		}
	}
	return open - closed;
}

/**
 * lw_books_close() - carry what is in flight to new books
 * @old: books that nobody writes any more
 * @new: the books in use
 */
void lw_books_close(const struct lw_books *old, struct lw_books *new)
{
	unsigned int a;
	u8 path;

	for (a = 0; a < old->accounts; a++)
		for (path = 0; path < LW_NPATHS; path++)
			WRITE_ONCE(new->brought[a][path],
				   balance(old, a, path));
}

/* room for what an account has, in the sums of VMs that are forgotten */
static bool retired_alloc(struct lw_books *b, unsigned int account)
{
	unsigned int cpu, i;

	for (cpu = 0; cpu < b->cpus; cpu++)
		for (i = 0; b->book[cpu] && i < LW_NSTAGES; i++) {
			const struct lw_stat *s = b->book[cpu]->account[account].stat[i];

			if (!s)
				continue;
			if (!b->retired[i])
				b->retired[i] = kvzalloc(sizeof(*b->retired[i]), LW_GFP);
			if (s->ranks && !b->retired_ranks[i])
				b->retired_ranks[i] = kvzalloc(sizeof(*b->retired_ranks[i]),
							       LW_GFP);
			if (!b->retired[i] || (s->ranks && !b->retired_ranks[i]))
				return false;
		}
	return true;
}

/**
 * lw_books_retire() - make an account free for another VM
 * @b: the books in use
 * @account: of a VM that no probe can find any more
 *
 * Context: process; the reset is locked out.
 * Return: 0, or -ENOMEM and the account is as it was.
 */
int lw_books_retire(struct lw_books *b, unsigned int account)
{
	unsigned int cpu, i;

	if (!retired_alloc(b, account))
		return -ENOMEM;
	for (cpu = 0; cpu < b->cpus; cpu++) {
		struct lw_book *book = b->book[cpu];
		struct lw_account *from, *into;

		if (!book)
			continue;
		from = &book->account[account];
		into = &book->account[b->accounts];
		for (i = 0; i < LW_NSTAGES; i++) {
			struct lw_stat *s = from->stat[i];

			if (!s)
				continue;
			lw_stat_merge(b->retired[i], s);
			if (s->ranks)
				lw_ranks_merge(b->retired_ranks[i], s->ranks,
					       b->retired[i]->worst_ns);
			book->retired[i].count += s->count;
			book->retired[i].max = max(book->retired[i].max,
						   s->max);
			lw_pool_free(s);
		}
		for (i = 0; i < LW_NLEDGER; i++)
			into->ledger[i] += from->ledger[i];
		memset(from, 0, sizeof(*from));
		cond_resched();
	}
	for (i = 0; i < LW_NPATHS; i++) {
		b->brought[b->accounts][i] += b->brought[account][i];
		b->brought[account][i] = 0;
	}
	return 0;
}

/*
 * A copy of what is being written, perhaps; without the buckets below the smallest
 * value and above the largest, which are empty: those that are not are few.
 */
static void copy(void *copies, const struct lw_stat *s)
{
	struct lw_stat *into = copies;
	const struct lw_stat *carried;
	unsigned int low, high;

	/* data_race(): a torn copy is found out by the caller */
	data_race(memcpy(into, s, offsetof(struct lw_stat, hist)));
	/* data_race(): likewise */
	data_race(memcpy(&into->worst, &s->worst, sizeof(s->worst)));
	/* what is followed may not be torn; pairs with carry() */
	carried = READ_ONCE(s->carry);
	into->carry = carried ? &into[1] : NULL;
	low = lw_hist_bucket(into->min);
	high = lw_hist_bucket(into->max);
	if (low > high)
		return;
	/* data_race(): likewise */
	data_race(memcpy(&into->hist[low], &s->hist[low],
			 (high - low + 1) * sizeof(*s->hist)));
	if (!carried)
		return;
	/* data_race(): likewise */
	data_race(memcpy(&into[1].hist[low], &carried->hist[low],
			 (high - low + 1) * sizeof(*s->hist)));
}

/* @copy while the owner does not write */
static int consistent(const struct lw_stat *s, void *into,
		      void (*copy)(void *into, const struct lw_stat *s))
{
	unsigned int attempt;
	u32 seq;

	for (attempt = 0; attempt < 10000; attempt++) {
		seq = READ_ONCE(s->seq);
		smp_rmb(); /* pairs with lw_stat_add() */
		if (!(seq & 1)) {
			copy(into, s);
			smp_rmb(); /* pairs with lw_stat_add() */
			if (READ_ONCE(s->seq) == seq)
				return 0;
		}
		cond_resched();
	}
	return -EBUSY;
}

/**
 * lw_stat_read() - a consistent copy of one CPU's statistics of a stage
 * @b: the books
 * @cpu: whose
 * @account: of the host or a VM
 * @stage: which stage
 * @into: the copy, and one of what it carried; where nothing was recorded all
 *        but its count, which is 0, is void, and elsewhere buckets below that of
 *        its minimum and above that of its maximum
 *
 * Context: process, may sleep.
 * Return: 0, or -EBUSY if the owner wrote without a pause that was long
 * enough for a copy.
 */
int lw_stat_read(const struct lw_books *b, unsigned int cpu,
		 unsigned int account, enum latwatch_stage stage,
		 struct lw_stat into[2])
{
	const struct lw_stat *s = lw_stat_of(b, cpu, account, stage);

	into->count = 0;
	return s ? consistent(s, into, copy) : 0;
}

static void copy_windows(void *copy, const struct lw_stat *s)
{
	struct lw_stat *into = copy;

	/* data_race(): a torn copy is found out by the caller */
	data_race(into->count = s->count);
	/* data_race(): likewise */
	data_race(memcpy(&into->windows, &s->windows, sizeof(s->windows)));
}

/**
 * lw_windows_sum() - a stage's last seconds over all CPUs
 *
 * VMs whose slot was given to another have none.
 *
 * @b: the books
 * @account: of the host or a VM
 * @stage: which stage
 * @second: the newest
 * @into: the sum
 * @scratch: room for one CPU's copy
 *
 * Context: process, may sleep.
 * Return: 0 or -EBUSY, see lw_stat_read().
 */
int lw_windows_sum(const struct lw_books *b, unsigned int account,
		   enum latwatch_stage stage, u64 second, struct lw_window_sum *into,
		   struct lw_stat *scratch)
{
	unsigned int cpu;

	memset(into, 0, sizeof(*into));
	into->second = second;
	for (cpu = 0; cpu < b->cpus; cpu++) {
		const struct lw_stat *s = lw_stat_of(b, cpu, account, stage);
		int err = s ? consistent(s, scratch, copy_windows) : 0;

		if (err)
			return err;
		if (s)
			lw_window_merge(into, &scratch->windows, scratch->count);
	}
	return 0;
}

/* add all but the histogram of a struct lw_stat or lw_sum to a struct lw_sum */
#define merge_figures(into, s) do {					\
	u64 low = (into)->sumsq[0] + (s)->sumsq[0];			\
									\
	if (!(into)->count || (s)->min < (into)->min)			\
		(into)->min = (s)->min;					\
	if (!(into)->count || (s)->max > (into)->max) {			\
		(into)->max = (s)->max;					\
		(into)->worst_ns = (s)->worst_ns;			\
		(into)->worst_cpu = (s)->worst_cpu;			\
		(into)->worst_batch = (s)->worst_batch;			\
		(into)->explained_ns = (s)->explained_ns;		\
		(into)->unknown_ns = (s)->unknown_ns;			\
		(into)->worst = (s)->worst;				\
	}								\
	(into)->count += (s)->count;					\
	(into)->sum += (s)->sum;					\
	(into)->unknown_sum += (s)->unknown_sum;			\
	(into)->sumsq[1] += (s)->sumsq[1] + (low < (s)->sumsq[0]);	\
	(into)->sumsq[0] = low;						\
} while (0)

/**
 * lw_stat_merge() - add one CPU's statistics to a sum
 * @into: what they are added to, zeroed at first
 * @s: what is added, also as lw_stat_read() leaves it
 */
void lw_stat_merge(struct lw_sum *into, const struct lw_stat *s)
{
	unsigned int i, last;

	if (!s->count)
		return;
	merge_figures(into, s);
	last = lw_hist_bucket(s->max);
	for (i = lw_hist_bucket(s->min); i <= last; i++) {
		into->hist[i] += s->hist[i];
		if (s->carry)
			into->hist[i] += LW_HIST_CARRY * s->carry->hist[i];
	}
}

static void merge_sum(struct lw_sum *into, const struct lw_sum *s)
{
	unsigned int i;

	if (!s || !s->count)
		return;
	merge_figures(into, s);
	for (i = 0; i < LW_HIST_BUCKETS; i++)
		into->hist[i] += s->hist[i];
}

/**
 * lw_stat_sum() - a stage's statistics over all CPUs
 *
 * The host's account includes the VMs' whose slot was given to another.
 *
 * @b: the books
 * @account: of the host or a VM
 * @stage: which stage
 * @into: the sum
 * @scratch: room for one CPU's copy, see lw_stat_read()
 *
 * Return: 0 or -EBUSY, see lw_stat_read().
 */
int lw_stat_sum(const struct lw_books *b, unsigned int account,
		enum latwatch_stage stage, struct lw_sum *into,
		struct lw_stat scratch[2])
{
	unsigned int cpu;
	int err;

	memset(into, 0, sizeof(*into));
	for (cpu = 0; cpu < b->cpus; cpu++) {
		err = lw_stat_read(b, cpu, account, stage, scratch);
		if (err)
			return err;
		lw_stat_merge(into, scratch);
	}
	if (account == LW_HOST)
		merge_sum(into, b->retired[stage]);
	return 0;
}

/**
 * lw_ledger_sum() - a line of an account over all CPUs
 * @b: the books
 * @account: of the host or a VM
 * @line: which line
 *
 * Return: the count.
 */
u64 lw_ledger_sum(const struct lw_books *b, unsigned int account,
		  enum lw_ledger line)
{
	unsigned int cpu;
	u64 n = 0;

	for (cpu = 0; cpu < b->cpus; cpu++)
		if (b->book[cpu])
			n += READ_ONCE(b->book[cpu]->account[account]
					       .ledger[line]);
	return n;
}

/**
 * lw_ledger_total() - a line over all accounts and CPUs
 * @b: the books
 * @line: which line
 *
 * Return: the count.
 */
u64 lw_ledger_total(const struct lw_books *b, enum lw_ledger line)
{
	unsigned int account;
	u64 n = 0;

	for (account = 0; account <= b->accounts; account++)
		n += lw_ledger_sum(b, account, line);
	return n;
}

/**
 * lw_drop_sum() - drops for one reason over all CPUs
 * @b: the books
 * @path: on which path
 * @in_qdisc: those in a queueing discipline, or the others
 * @reason: index below LW_NREASONS
 *
 * Return: the count.
 */
u64 lw_drop_sum(const struct lw_books *b, u8 path, bool in_qdisc,
		unsigned int reason)
{
	unsigned int cpu;
	u64 n = 0;

	for (cpu = 0; cpu < b->cpus; cpu++)
		if (b->book[cpu])
			n += READ_ONCE(b->book[cpu]
					       ->drop[path][in_qdisc][reason]);
	return n;
}
