// SPDX-License-Identifier: GPL-2.0
/* Statistics, their sums over CPUs, and books that are brought forward. */
#include <linux/cpumask.h>
#include <linux/slab.h>

#include "machine.h"
#include "random.h"

#define SAMPLES	20000
#define VMS	3

/* as lw_pool_take() gives it */
#define EMPTY	{ .min = U64_MAX, .limit = U64_MAX }

/* a naive reference: keeps what it is told, and computes when asked */
struct naive {
	u64 count, min, max, worst_ns, worst_origin;
	u32 worst_cpu, worst_batch;
	unsigned __int128 sum, sumsq;
	u64 hist[LW_HIST_BUCKETS];
};

static void naive_add(struct naive *n, u64 v, u64 times, u64 now, u32 cpu,
		      u32 batch, u64 origin)
{
	u64 i;

	if (!n->count || v < n->min)
		n->min = v;
	if (!n->count || v > n->max) {
		n->max = v;
		n->worst_ns = now;
		n->worst_cpu = cpu;
		n->worst_batch = batch;
		n->worst_origin = origin;
	}
	/* one by one: multiplication is what is tested */
	for (i = 0; i < times; i++) {
		n->count++;
		n->sum += v;
		n->sumsq += (unsigned __int128)v * v;
		n->hist[lw_hist_bucket(v)]++;
	}
}

static void compare_sum(const struct lw_sum *s, const struct naive *n)
{
	unsigned int i;

	EXPECT_EQ(s->count, n->count);
	EXPECT_EQ(s->sum, (u64)n->sum);
	EXPECT_EQ(s->sumsq[0], (u64)n->sumsq);
	EXPECT_EQ(s->sumsq[1], (u64)(n->sumsq >> 64));
	for (i = 0; i < LW_HIST_BUCKETS; i++)
		EXPECT_EQ(s->hist[i], n->hist[i]);
	if (!n->count)
		return;
	EXPECT_EQ(s->min, n->min);
	EXPECT_EQ(s->max, n->max);
	EXPECT_EQ(s->worst_ns, n->worst_ns);
	EXPECT_EQ(s->worst_cpu, n->worst_cpu);
	EXPECT_EQ(s->worst_batch, n->worst_batch);
	EXPECT_EQ(s->worst.ns[LATWATCH_MARK_IRQ], n->worst_origin);
}

static void compare(const struct lw_stat *s, const struct naive *n)
{
	static struct lw_sum sum;

	EXPECT_EQ(s->seq & 1, 0);
	memset(&sum, 0, sizeof(sum));
	lw_stat_merge(&sum, s);
	compare_sum(&sum, n);
}

static void add_at(struct lw_stat **s, struct naive *n, u64 v, u64 times, u64 now,
		u32 cpu, u32 batch)
{
	struct lw_flight f;

	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	lw_flight_set(&f, LATWATCH_MARK_IRQ, now ^ v, cpu);
	if (times == 1 && batch == 1)
		lw_stat_one(s, v, &f, now, cpu);
	else
		lw_stat_add(s, v, times, &f, now, cpu, batch);
	naive_add(n, v, times, now, cpu, batch, now ^ v);
}

static void add(struct lw_stat *s, struct naive *n, u64 v, u64 times, u64 now,
		u32 cpu, u32 batch)
{
	add_at(&s, n, v, times, now, cpu, batch);
}

static struct lw_books *books_open(void)
{
	struct lw_books *b;

	EXPECT_EQ(lw_pool_init(), 0);
	b = lw_books_alloc(VMS, NULL);
	EXPECT(b);
	return b;
}

static void books_shut(struct lw_books *b)
{
	lw_books_free(b);
	EXPECT(lw_pool_refill());
	EXPECT_EQ(lw_pool_bytes(), lw_pool_bytes_at_load());
	lw_pool_exit();
}

static void stat_against_naive(void)
{
	static struct naive n;
	static struct lw_stat s = EMPTY;
	u64 seed = 1, i;

	compare(&s, &n);
	for (i = 1; i <= SAMPLES; i++) {
		bool one = random_below(&seed, 2);

		add(&s, &n, random_spread(&seed) >> 8,
		    one ? 1 : 1 + random_below(&seed, 70), i,
		    random_below(&seed, M_CPUS),
		    one ? 1 : random_below(&seed, 64));
	}
	compare(&s, &n);
}

static void stat_carries_into_the_upper_half(void)
{
	static struct naive n;
	static struct lw_stat s = EMPTY;
	unsigned int i;

	/* each square is just below 2^64: every second one carries */
	for (i = 0; i < 9; i++)
		add(&s, &n, 0xffffffffULL, 1, i, 0, 1);
	EXPECT_EQ(s.sumsq[1], 8);
	/* n times a square that needs more than 64 bits */
	add(&s, &n, 1ULL << 40, 41, 100, 0, 41);
	compare(&s, &n);
}

/* the first is the largest, though it is no larger than what was there */
static void zeros(struct lw_stat *s, struct naive *n, u64 times)
{
	add(s, n, 0, times, 7, 2, times);
	compare(s, n);
	EXPECT_EQ(s->max, 0);
	EXPECT_EQ(s->worst_ns, 7);
}

static void stat_of_nothing_but_zeros(void)
{
	static struct naive n;
	static struct lw_stat s = EMPTY;

	zeros(&s, &n, 3);
}

static void stat_of_one_zero(void)
{
	static struct naive n;
	static struct lw_stat s = EMPTY;

	zeros(&s, &n, 1);
}

static void first_of_two_equal_maxima_is_kept(void)
{
	static struct naive n;
	static struct lw_stat s = EMPTY;

	add(&s, &n, 5, 1, 10, 0, 1);
	add(&s, &n, 5, 1, 20, 1, 2);
	add(&s, &n, 3, 1, 30, 1, 1);
	compare(&s, &n);
	EXPECT_EQ(s.worst_ns, 10);
}

/* the end was read on a CPU whose clock is behind that of the begin */
static void clock_that_runs_backwards_is_no_duration(void)
{
	static struct naive n;
	struct lw_flight f;
	struct lw_stat **s;

	lw_books = books_open();
	s = &lw_account(1, 2)->stat[LATWATCH_STAGE_KICK];
	add_at(s, &n, 5, 1, 10, 1, 1);
	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	lw_stat_add(s, 10 - 11ULL, 3, &f, 10, 1, 3);
	lw_stat_add(s, S64_MIN, 1, &f, 10, 1, 1);
	lw_stat_one(s, S64_MIN, &f, 10, 1);
	add_at(s, &n, S64_MAX, 1, 20, 1, 1);
	lw_stat_one(s, 10 - 11ULL, &f, 10, 1);
	compare(*s, &n);
	EXPECT_EQ(lw_ledger_sum(lw_books, LW_HOST, LW_NOTE_BACKWARDS), 6);
	books_shut(lw_books);
	lw_books = NULL;
}

static void sum_over_cpus_is_that_of_one(void)
{
	static struct naive all;
	static struct lw_stat scratch[2];
	static struct lw_sum sum;
	struct lw_books *b;
	u64 seed = 2, i;

	/* CPU 2 is not possible */
	shim_possible = 0xb;
	b = books_open();
	EXPECT(!b->book[2]);
	for (i = 1; i <= SAMPLES; i++) {
		static const u8 possible[] = { 0, 1, 3 };
		unsigned int cpu = possible[random_below(&seed, 3)];
		/* no ties: of equal maxima a sum keeps the lowest CPU's */
		u64 v = (random_spread(&seed) >> 16) * SAMPLES + i;

		add_at(&b->book[cpu]->account[1].stat[LATWATCH_STAGE_TAP_DWELL],
		       &all, v, 1 + random_below(&seed, 5), i, cpu, 1);
	}
	EXPECT_EQ(lw_stat_sum(b, 1, LATWATCH_STAGE_TAP_DWELL, &sum, scratch),
		  0);
	compare_sum(&sum, &all);

	/* retired, it is still in the host's sum, and not in the VM's */
	EXPECT_EQ(lw_books_retire(b, 1), 0);
	EXPECT_EQ(lw_stat_sum(b, LW_HOST, LATWATCH_STAGE_TAP_DWELL, &sum,
			      scratch), 0);
	compare_sum(&sum, &all);
	lw_stat_sum(b, 1, LATWATCH_STAGE_TAP_DWELL, &sum, scratch);
	EXPECT_EQ(sum.count, 0);

	books_shut(b);
	shim_possible = (1UL << M_CPUS) - 1;
}

static void two_retired_vms_add_up(void)
{
	static struct naive all;
	static struct lw_stat scratch[2];
	static struct lw_sum sum;
	struct lw_books *b = books_open();
	unsigned int round, i;
	u64 seed = 3;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < 100; i++)
			add_at(&b->book[1]->account[2].stat[LATWATCH_STAGE_KICK],
			       &all, 1 + random_below(&seed, 1000000) * 200 +
			    round * 100 + i, 1, i, 1, 1);
		b->book[1]->account[2].ledger[LW_TAKEN] += 100;
		b->brought[2][LATWATCH_PATH_RX] = 10 + round;
		b->brought[2][LATWATCH_PATH_TX] = 1 + round;
		EXPECT_EQ(lw_books_retire(b, 2), 0);
		EXPECT_EQ(b->brought[2][LATWATCH_PATH_RX], 0);
		EXPECT_EQ(b->brought[2][LATWATCH_PATH_TX], 0);
	}
	lw_stat_sum(b, LW_HOST, LATWATCH_STAGE_KICK, &sum, scratch);
	compare_sum(&sum, &all);
	EXPECT_EQ(lw_ledger_total(b, LW_TAKEN), 200);
	EXPECT_EQ(lw_ledger_sum(b, 2, LW_TAKEN), 0);
	EXPECT_EQ(b->brought[b->accounts][LATWATCH_PATH_RX], 21);
	EXPECT_EQ(b->brought[b->accounts][LATWATCH_PATH_TX], 3);
	EXPECT_EQ(b->brought[b->accounts][LATWATCH_PATH_LOCAL], 0);
	/* what one CPU's page shows of them */
	EXPECT_EQ(b->book[1]->retired[LATWATCH_STAGE_KICK].count, 200);
	EXPECT_EQ(b->book[1]->retired[LATWATCH_STAGE_KICK].max, all.max);
	EXPECT_EQ(b->book[0]->retired[LATWATCH_STAGE_KICK].count, 0);
	books_shut(b);
}

static void reader_gives_up_on_a_writer_that_never_pauses(void)
{
	static struct lw_stat scratch[2];
	static struct lw_sum into;
	struct lw_books *b = books_open();
	struct lw_stat **s = &b->book[0]->account[0].stat[0];
	struct naive n = { };

	add_at(s, &n, 7, 1, 0, 0, 1);
	(*s)->seq = 1;
	EXPECT(lw_stat_read(b, 0, 0, 0, scratch) < 0);
	EXPECT(lw_stat_sum(b, 0, 0, &into, scratch) < 0);
	(*s)->seq = 2;
	EXPECT_EQ(lw_stat_sum(b, 0, 0, &into, scratch), 0);
	books_shut(b);
}

/* 32 bits hold a bucket of which 2^31 are moved elsewhere in time */
static void bucket_carries(void)
{
	static struct lw_stat scratch[2];
	static struct lw_sum sum;
	struct lw_books *b = books_open();
	struct lw_stat **s = &b->book[1]->account[1].stat[LATWATCH_STAGE_NAPI];
	struct lw_flight f;
	u64 n = 0;

	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	while (n < 40 * LW_HIST_CARRY) {
		lw_stat_add(s, 1000, LW_HIST_CARRY - 1, &f, 1, 1, 1);
		lw_stat_one(s, 1000, &f, 1, 1);
		lw_stat_one(s, 1001, &f, 1, 1);
		n += LW_HIST_CARRY + 1;
	}
	EXPECT_EQ(lw_stat_sum(b, 1, LATWATCH_STAGE_NAPI, &sum, scratch), 0);
	EXPECT_EQ(sum.count, n);
	EXPECT_EQ(sum.hist[lw_hist_bucket(1000)], n);
	EXPECT((*s)->carry);
	/* and the VM's end does not forget it */
	EXPECT_EQ(lw_books_retire(b, 1), 0);
	EXPECT_EQ(lw_stat_sum(b, LW_HOST, LATWATCH_STAGE_NAPI, &sum, scratch),
		  0);
	EXPECT_EQ(sum.hist[lw_hist_bucket(1000)], n);
	books_shut(b);
}

/* no block for the carry: nothing is lost before another 2^31 came */
static void bucket_waits_for_a_block_to_carry_into(void)
{
	static struct lw_stat scratch[2];
	static struct lw_sum sum;
	struct lw_stat *held[LW_POOL_CPU + LW_POOL_SHARED];
	struct lw_books *b = books_open();
	struct lw_stat **s = &b->book[1]->account[1].stat[LATWATCH_STAGE_NAPI];
	struct lw_flight f;
	unsigned int i, taken = 0;

	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	lw_stat_add(s, 1000, LW_HIST_CARRY - 1, &f, 1, 1, 1);
	m_pool_starves = true;
	while ((held[taken] = lw_pool_take(1)))
		taken++;
	for (i = 0; i < 10; i++)
		lw_stat_one(s, 1000, &f, 1, 1);
	EXPECT(!(*s)->carry);
	lw_stat_sum(b, 1, LATWATCH_STAGE_NAPI, &sum, scratch);
	EXPECT_EQ(sum.hist[lw_hist_bucket(1000)], LW_HIST_CARRY + 9);
	m_pool_starves = false;
	EXPECT(lw_pool_refill());
	lw_stat_one(s, 1000, &f, 1, 1);
	EXPECT((*s)->carry);
	lw_stat_sum(b, 1, LATWATCH_STAGE_NAPI, &sum, scratch);
	EXPECT_EQ(sum.hist[lw_hist_bucket(1000)], LW_HIST_CARRY + 10);
	while (taken)
		lw_pool_free(held[--taken]);
	books_shut(b);
}

/* a zero is the first of a block, smallest and largest */
static void zero_is_the_first_of_a_block(void)
{
	struct lw_books *b = books_open();
	struct lw_stat **s = &b->book[1]->account[2].stat[LATWATCH_STAGE_KICK];

	*s = lw_pool_take(1);
	zeros(*s, &(struct naive){ }, 1);
	books_shut(b);
}

static void empty_pool_is_counted(void)
{
	struct lw_stat *held[LW_POOL_CPU + LW_POOL_SHARED + 1];
	unsigned int taken = 0;
	struct lw_stat **s;
	struct naive n = { };
	struct lw_flight f;

	lw_books = books_open();
	s = &lw_account(1, 2)->stat[LATWATCH_STAGE_KICK];
	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	m_pool_starves = true;
	while ((held[taken] = lw_pool_take(1)))
		taken++;
	/* a CPU has its own, and the shared ones; not another CPU's */
	EXPECT_EQ(taken, LW_POOL_CPU + LW_POOL_SHARED);
	lw_stat_one(s, 5, &f, 1, 1);
	lw_stat_add(s, 5, 3, &f, 1, 1, 3);
	EXPECT(!*s);
	EXPECT_EQ(lw_ledger_sum(lw_books, LW_HOST, LW_NOTE_NO_BLOCK), 4);
	/* another CPU has its own still, and what has a block goes on */
	add_at(&lw_account(0, 2)->stat[LATWATCH_STAGE_KICK], &n, 5, 1, 1, 0, 1);
	EXPECT_EQ(lw_ledger_sum(lw_books, LW_HOST, LW_NOTE_NO_BLOCK), 4);
	/* memory fails while the pool is refilled: later, then */
	shim_alloc_fails = 3;
	EXPECT(!lw_pool_refill());
	shim_alloc_fails = 0;
	m_pool_starves = false;
	EXPECT(lw_pool_refill());
	n = (struct naive){ };
	add_at(s, &n, 7, 1, 1, 1, 1);
	compare(*s, &n);
	EXPECT_EQ(lw_ledger_sum(lw_books, LW_HOST, LW_NOTE_NO_BLOCK), 4);
	while (taken)
		lw_pool_free(held[--taken]);
	books_shut(lw_books);
	lw_books = NULL;
}

/* a reset takes no block from probes: what was in use is there again */
static void new_books_have_blocks_where_the_old_had(void)
{
	struct lw_books *old = books_open(), *new;
	struct naive n = { };
	size_t before, one;

	before = lw_pool_bytes();
	add_at(&old->book[1]->account[2].stat[LATWATCH_STAGE_KICK], &n, 1, 1, 1,
	       1, 1);
	lw_pool_refill();
	one = lw_pool_bytes() - before;
	EXPECT(one);
	new = lw_books_alloc(VMS, old);
	EXPECT_EQ(lw_pool_bytes() - before, 2 * one);
	EXPECT(new->book[1]->account[2].stat[LATWATCH_STAGE_KICK]);
	EXPECT_EQ(new->book[1]->account[2].stat[LATWATCH_STAGE_KICK]->count, 0);
	EXPECT(!new->book[0]->account[2].stat[LATWATCH_STAGE_KICK]);
	EXPECT(!new->book[1]->account[1].stat[LATWATCH_STAGE_KICK]);
	lw_books_free(old);
	EXPECT_EQ(lw_pool_bytes() - before, one);
	books_shut(new);
}

/* the account stays as it was, and can be retired later */
static void retiring_without_memory(void)
{
	static struct lw_stat scratch[2];
	static struct lw_sum sum;
	struct lw_books *b = books_open();
	struct naive n = { };

	add_at(&b->book[1]->account[2].stat[LATWATCH_STAGE_KICK], &n, 1, 1, 1,
	       1, 1);
	shim_alloc_fails = 1;
	EXPECT(lw_books_retire(b, 2) < 0);
	shim_alloc_fails = 0;
	lw_stat_sum(b, 2, LATWATCH_STAGE_KICK, &sum, scratch);
	compare_sum(&sum, &n);
	EXPECT_EQ(lw_books_retire(b, 2), 0);
	lw_stat_sum(b, LW_HOST, LATWATCH_STAGE_KICK, &sum, scratch);
	compare_sum(&sum, &n);
	books_shut(b);
}

static const struct {
	u8 path, category;
} lines[LW_NLEDGER] = {
#define X(id, path, category, name) \
	[LW_##id] = { LATWATCH_PATH_##path, LATWATCH_CATEGORY_##category },
	LW_LEDGER(X)
#undef X
};

static void every_line_has_a_row(void)
{
	unsigned int line;

	for (line = 0; line < LW_NLEDGER; line++) {
		EXPECT_EQ(lw_lines[line].path, lines[line].path);
		EXPECT_EQ(lw_lines[line].category, lines[line].category);
		EXPECT(lw_lines[line].name && *lw_lines[line].name);
	}
}

/* @n in line @line: what that makes of the balance of the host, and of a VM */
static void count_balance(u64 *host, u64 *vm, unsigned int line, u64 n)
{
	static u64 nobody[LW_NPATHS];
	u8 path = lines[line].path;

	if (!vm)
		vm = nobody;
	switch (lines[line].category) {
	case LATWATCH_CATEGORY_OPENED:
		host[path] += n;
		vm[path] += n;
		break;
	case LATWATCH_CATEGORY_NOTE:
		/* the opening line of a VM's own books */
		if (line == LW_TAKEN)
			vm[path] += n;
		break;
	case LATWATCH_CATEGORY_DROPPED:
		host[path] -= n;
		/* which begin at the take: drops come before it */
		if (path != LATWATCH_PATH_RX)
			vm[path] -= n;
		break;
	default:
		host[path] -= n;
		vm[path] -= n;
	}
}

static void fill_ledger(u64 *seed, u64 *into, u64 *host, u64 *vm)
{
	unsigned int line;

	for (line = 0; line < LW_NLEDGER; line++) {
		/* netlink.c's line for what is in lw_books.brought */
		if (lw_line_is_brought(line))
			continue;
		into[line] = random_below(seed, 1000);
		count_balance(host, vm, line, into[line]);
	}
}

/* random ledgers, and what is in flight by each, worked out beside them */
static void brought_forward(void)
{
	u64 seed = 4, host[LW_NPATHS], vm[VMS][LW_NPATHS];
	unsigned int round, cpu, a, path;

	EXPECT_EQ(lw_pool_init(), 0);
	for (round = 0; round < 200; round++) {
		struct lw_books *old = lw_books_alloc(VMS, NULL);
		struct lw_books *new = lw_books_alloc(VMS, old);

		for (path = 0; path < LW_NPATHS; path++) {
			for (a = 0; a <= VMS + 1; a++)
				old->brought[a][path] = random_below(&seed, 50);
			host[path] = old->brought[LW_HOST][path];
			for (a = 0; a < VMS; a++)
				vm[a][path] = old->brought[a + 1][path];
		}
		for (cpu = 0; cpu < M_CPUS; cpu++)
			for (a = 0; a <= VMS + 1; a++)
				fill_ledger(&seed,
					    old->book[cpu]->account[a].ledger,
					    host, a >= 1 && a <= VMS ?
						  vm[a - 1] : NULL);
		lw_books_close(old, new);
		for (path = 0; path < LW_NPATHS; path++) {
			EXPECT_EQ(new->brought[LW_HOST][path], host[path]);
			for (a = 0; a < VMS; a++)
				EXPECT_EQ(new->brought[a + 1][path],
					  vm[a][path]);
		}
		lw_books_free(old);
		lw_books_free(new);
	}
	lw_pool_exit();
}

static void drops_by_reason(void)
{
	static const unsigned int reasons[] = {
		0, 1, 77, LW_NREASONS - 2, LW_NREASONS - 1, LW_NREASONS,
		1 << 16 | 3, ~0U,
	};
	static const enum lw_ledger dropped[] = {
		[LATWATCH_PATH_RX] = LW_DROPPED,
		[LATWATCH_PATH_TX] = LW_TX_DROPPED,
		[LATWATCH_PATH_LOCAL] = LW_LOCAL_DROPPED,
	};
	unsigned int i, path;

	lw_books = books_open();
	for (path = 0; path < ARRAY_SIZE(dropped); path++) {
		for (i = 0; i < ARRAY_SIZE(reasons); i++)
			lw_count_drop(i % M_CPUS, i % (VMS + 1), path, false,
				      reasons[i]);
		EXPECT_EQ(lw_drop_sum(lw_books, path, false, 0), 1);
		EXPECT_EQ(lw_drop_sum(lw_books, path, false, 77), 1);
		EXPECT_EQ(lw_drop_sum(lw_books, path, false, 78), 0);
		EXPECT_EQ(lw_drop_sum(lw_books, path, false, LW_NREASONS - 2), 1);
		/* too high to be told apart: 255, 256, a subsystem's, garbage */
		EXPECT_EQ(lw_drop_sum(lw_books, path, false, LW_NREASONS - 1), 4);
		EXPECT_EQ(lw_ledger_total(lw_books, dropped[path]),
			  ARRAY_SIZE(reasons));
		EXPECT_EQ(lw_ledger_sum(lw_books, 1, dropped[path]), 2);
		/* those in a qdisc are drops like the others, told apart */
		lw_count_drop(0, 0, path, true, 78);
		EXPECT_EQ(lw_drop_sum(lw_books, path, true, 78), 1);
		EXPECT_EQ(lw_drop_sum(lw_books, path, false, 78), 0);
		EXPECT_EQ(lw_ledger_total(lw_books, dropped[path]),
			  ARRAY_SIZE(reasons) + 1);
	}
	books_shut(lw_books);
	lw_books = NULL;
}

static void no_memory_leaves_nothing_behind(void)
{
	struct lw_books *b = NULL;
	struct lw_books *old;
	struct naive n = { };
	unsigned int i;
	int err = -1;

	/* the leak checker sees what is not given back */
	for (i = 1; err && i < 200; i++) {
		shim_alloc_fails = i;
		err = lw_pool_init();
	}
	EXPECT_EQ(err, 0);
	EXPECT_EQ(i, 1 + 2 + M_CPUS * LW_POOL_CPU + LW_POOL_SHARED + 1);
	shim_alloc_fails = 0;
	old = lw_books_alloc(VMS, NULL);
	add_at(&old->book[1]->account[2].stat[LATWATCH_STAGE_KICK], &n, 1, 1, 1,
	       1, 1);
	for (i = 1; !b && i < 20; i++) {
		shim_alloc_fails = i;
		b = lw_books_alloc(VMS, old);
	}
	shim_alloc_fails = 0;
	EXPECT(b);
	EXPECT_EQ(i, 1 + M_CPUS + 1 + 1 + 2);
	lw_books_free(b);
	lw_books_free(NULL);
	books_shut(old);
}

static void bytes_are_what_is_written_to(void)
{
	struct lw_books *b = books_open();
	unsigned int cpu;

	/* the last account is inside the allocation: a sanitizer's to see */
	for (cpu = 0; cpu < M_CPUS; cpu++)
		memset(b->book[cpu]->account[b->accounts].ledger, 1,
		       sizeof(b->book[cpu]->account->ledger));
	EXPECT_EQ(lw_books_bytes(VMS),
		  M_CPUS * (sizeof(struct lw_book) +
			    (VMS + 2) * sizeof(struct lw_account)));
	books_shut(b);
}

static const struct ktap_test tests[] = {
	TEST(stat_against_naive),
	TEST(stat_carries_into_the_upper_half),
	TEST(stat_of_nothing_but_zeros),
	TEST(stat_of_one_zero),
	TEST(first_of_two_equal_maxima_is_kept),
	TEST(clock_that_runs_backwards_is_no_duration),
	TEST(sum_over_cpus_is_that_of_one),
	TEST(two_retired_vms_add_up),
	TEST(reader_gives_up_on_a_writer_that_never_pauses),
	TEST(bucket_carries),
	TEST(bucket_waits_for_a_block_to_carry_into),
	TEST(zero_is_the_first_of_a_block),
	TEST(empty_pool_is_counted),
	TEST(new_books_have_blocks_where_the_old_had),
	TEST(retiring_without_memory),
	TEST(every_line_has_a_row),
	TEST(brought_forward),
	TEST(drops_by_reason),
	TEST(no_memory_leaves_nothing_behind),
	TEST(bytes_are_what_is_written_to),
};

KTAP_MAIN(tests)
