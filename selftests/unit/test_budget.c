// SPDX-License-Identifier: GPL-2.0
/* Limits: what is longer is counted and kept to be told, also while limits change. */
#include <linux/cpumask.h>
#include <linux/errno.h>

#include "books/budget.h"
#include "books/pool.h"
#include "machine.h"

#define STAGE	LATWATCH_STAGE_NAPI
#define VM	2	/* an account */
#define VMS	3

static struct lw_books *b;

static void begin(void)
{
	EXPECT_EQ(lw_pool_init(), 0);
	b = lw_books_alloc(VMS, NULL);
	EXPECT(b);
	lw_books = b;
}

static void end(void)
{
	lw_books_free(b);
	lw_books = NULL;
	lw_budget_exit();
	lw_pool_exit();
}

static void record(unsigned int cpu, unsigned int account, u64 value, u64 now, u32 batch)
{
	struct lw_stat **s = &lw_account(cpu, account)->stat[STAGE];
	struct lw_flight f;

	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	lw_flight_set(&f, LATWATCH_MARK_IRQ, now - value, cpu);
	if (batch == 1)
		lw_stat_one(s, value, &f, now, cpu);
	else
		lw_stat_add(s, value, batch, &f, now, cpu, batch);
}

/* a budget of a limit for all, and one for VM; 0: none */
static void set(u64 all, u64 own)
{
	struct lw_budget *budget = lw_budget_alloc(VMS + 1), *old;

	EXPECT(budget);
	if (all)
		EXPECT_EQ(lw_budget_add(budget, LW_HOST, STAGE, all), 0);
	if (own)
		EXPECT_EQ(lw_budget_add(budget, VM, STAGE, own), 0);
	EXPECT_EQ(lw_budget_swap(budget, &old), 0);
	lw_budget_free(old);
}

static u64 breaches(unsigned int account)
{
	return lw_breaches_sum(b, account, STAGE);
}

static unsigned int take_all(unsigned int cpu)
{
	struct lw_breach breach;
	unsigned int n = 0;

	while (lw_breach_take(cpu, &breach))
		n++;
	return n;
}

static void longer_than_its_limit(void)
{
	struct lw_breach breach;

	begin();
	set(100, 0);
	record(1, VM, 100, 5000, 1);
	EXPECT_EQ(breaches(VM), 0);
	EXPECT(!lw_breach_take(1, &breach));
	record(1, VM, 101, 6000, 1);
	/* neither the smallest nor the largest: still longer */
	record(1, VM, 300, 7000, 2);
	record(1, VM, 200, 8000, 1);
	record(1, LW_HOST, 150, 9000, 1);
	EXPECT_EQ(breaches(VM), 4);
	EXPECT_EQ(breaches(LW_HOST), 1);
	EXPECT(lw_breach_take(1, &breach));
	EXPECT_EQ(breach.value, 101);
	EXPECT_EQ(breach.limit, 100);
	EXPECT_EQ(breach.ns, 6000);
	EXPECT_EQ(breach.account, VM);
	EXPECT_EQ(breach.stage, STAGE);
	EXPECT_EQ(breach.cpu, 1);
	EXPECT_EQ(breach.vm, 0);
	EXPECT_EQ(breach.flight.ns[LATWATCH_MARK_IRQ], 6000 - 101);
	EXPECT(lw_breach_take(1, &breach));
	EXPECT_EQ(breach.batch, 2);
	EXPECT_EQ(breach.count, 2);
	EXPECT_EQ(take_all(1), 2);
	EXPECT_EQ(take_all(0), 0);
	EXPECT_EQ(lw_breaches_dropped(), 0);
	end();
}

/* the limit of a VM goes before that of all, and all others have that */
static void vm_with_a_limit_of_its_own(void)
{
	struct lw_budget *budget, *old;

	begin();
	set(100, 1000);
	record(0, VM, 500, 5000, 1);
	record(0, VM + 1, 500, 5000, 1);
	EXPECT_EQ(breaches(VM), 0);
	EXPECT_EQ(breaches(VM + 1), 1);
	record(0, VM, 1001, 6000, 1);
	EXPECT_EQ(breaches(VM), 1);
	/* of another stage */
	budget = lw_budget_alloc(VMS + 1);
	EXPECT_EQ(lw_budget_add(budget, LW_HOST, STAGE, 100), 0);
	EXPECT_EQ(lw_budget_add(budget, VM, STAGE + 1, 5000), 0);
	EXPECT_EQ(lw_budget_swap(budget, &old), 0);
	lw_budget_free(old);
	record(0, VM, 500, 7000, 1);
	EXPECT_EQ(breaches(VM), 2);
	end();
}

/* blocks that are in use follow each change, and new ones begin with it */
static void limits_change(void)
{
	begin();
	record(0, VM, 500, 5000, 1);
	set(100, 0);
	record(0, VM, 400, 6000, 1);
	record(1, VM, 400, 6000, 1);
	EXPECT_EQ(breaches(VM), 2);
	set(450, 0);
	record(0, VM, 400, 7000, 1);
	EXPECT_EQ(breaches(VM), 2);
	set(0, 100);
	record(0, VM, 400, 8000, 1);
	record(0, VM + 1, 400, 8000, 1);
	EXPECT_EQ(breaches(VM), 3);
	EXPECT_EQ(breaches(VM + 1), 0);
	end();
}

static void no_budget_any_more(void)
{
	struct lw_budget *old;

	begin();
	set(100, 200);
	EXPECT_EQ(lw_budget_swap(NULL, &old), 0);
	lw_budget_free(old);
	record(0, VM, 400, 6000, 1);
	record(0, LW_HOST, 400, 6000, 1);
	EXPECT_EQ(breaches(VM) + breaches(LW_HOST), 0);
	EXPECT(!lw_budget_get());
	end();
}

/* limits go on in a new epoch; the count begins anew */
static void new_epoch(void)
{
	struct lw_books *old;

	begin();
	set(100, 0);
	record(0, VM, 400, 6000, 1);
	old = b;
	b = lw_books_alloc(VMS, old);
	EXPECT(b);
	lw_books = b;
	EXPECT_EQ(breaches(VM), 0);
	record(0, VM, 401, 7000, 1);
	EXPECT_EQ(breaches(VM), 1);
	EXPECT_EQ(take_all(0), 2);
	/* a probe that found the old books before the reset */
	{
		struct lw_stat **s = &old->book[0]->account[VM].stat[STAGE];
		struct lw_flight f;

		lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
		lw_stat_one(s, 500, &f, 8000, 0);
		s = &old->book[0]->account[VM].stat[STAGE + 1];
		lw_stat_one(s, 500, &f, 8000, 0);
	}
	EXPECT_EQ(breaches(VM), 1);
	EXPECT_EQ(take_all(0), 0);
	lw_books_free(old);
	end();
}

/* what finds no room is counted as broken, and as not told */
static void more_than_are_kept(void)
{
	unsigned int i;

	begin();
	set(100, 0);
	for (i = 0; i < LW_BREACHES + 5; i++)
		record(0, VM, 400, 6000 + i, 1);
	EXPECT_EQ(breaches(VM), LW_BREACHES + 5);
	EXPECT_EQ(lw_breaches_dropped(), 5);
	EXPECT_EQ(take_all(0), LW_BREACHES);
	record(0, VM, 400, 9000, 1);
	EXPECT_EQ(take_all(0), 1);
	EXPECT_EQ(lw_breaches_dropped(), 5);
	lw_breach_lost(2);
	EXPECT_EQ(lw_breaches_dropped(), 7);
	end();
}

/* another VM gets its account: neither its limit, nor its breaches */
static void vm_is_forgotten(void)
{
	struct lw_breach breach;
	unsigned int i;

	begin();
	set(0, 100);
	record(0, VM, 400, 6000, 1);
	lw_budget_retire(VM, 77);
	record(0, VM, 400, 7000, 1);
	EXPECT(lw_breach_take(0, &breach));
	EXPECT_EQ(breach.vm, 77);
	/* this block has its limit still: retiring frees the VM's blocks */
	for (i = 0; i < LW_BREACHES; i++) {
		EXPECT(lw_breach_take(0, &breach));
		EXPECT_EQ(breach.vm, 0);
		record(0, VM, 400, 8000, 1);
	}
	EXPECT_EQ(take_all(0), 1);
	EXPECT_EQ(lw_books_retire(b, VM), 0);
	record(0, VM, 400, 8000, 1);
	EXPECT(!lw_breach_take(0, &breach));
	end();
}

static void two_limits_for_one(void)
{
	struct lw_budget *budget = lw_budget_alloc(VMS + 1);

	EXPECT_EQ(lw_budget_add(budget, LW_HOST, STAGE, 5), 0);
	EXPECT_EQ(lw_budget_add(budget, VM, STAGE, 5), 0);
	EXPECT_EQ(lw_budget_add(budget, LW_HOST, STAGE, 6), -EEXIST);
	EXPECT_EQ(lw_budget_add(budget, VM, STAGE, 5), -EEXIST);
	EXPECT_EQ(lw_budget_add(budget, VM, STAGE + 1, 5), 0);
	lw_budget_free(budget);
}

static const struct ktap_test tests[] = {
	TEST(longer_than_its_limit),
	TEST(vm_with_a_limit_of_its_own),
	TEST(limits_change),
	TEST(no_budget_any_more),
	TEST(new_epoch),
	TEST(more_than_are_kept),
	TEST(vm_is_forgotten),
	TEST(two_limits_for_one),
};

KTAP_MAIN(tests)
