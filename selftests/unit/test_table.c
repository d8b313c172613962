// SPDX-License-Identifier: GPL-2.0
/* The table of keys: one thread, against a plain array. */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <stdlib.h>

#include "ktap.h"
#include "random.h"
#include "engine/table.h"

unsigned int shim_alloc_fails;

#define KEYS	64
#define STEPS	200000

static void *key(unsigned long n)
{
	return (void *)(0x7000000000UL + n * 64);
}

static void claim_publish_find_take_free(void)
{
	struct lw_table t = { };
	int slot;

	EXPECT_EQ(lw_table_init(&t, 16, 8), 0);
	EXPECT_EQ(lw_table_find(&t, key(1)), -1);
	slot = lw_table_claim(&t, key(1));
	EXPECT(slot >= 0 && slot < (int)lw_table_slots(&t));
	/* its holder is at work: nobody else sees it */
	EXPECT_EQ(lw_table_find(&t, key(1)), -1);
	EXPECT(!lw_table_take(&t, slot, key(1)));
	lw_table_publish(&t, slot, key(1));
	EXPECT_EQ(lw_table_find(&t, key(1)), slot);
	EXPECT(!lw_table_take(&t, slot, key(2)));
	EXPECT(lw_table_take(&t, slot, key(1)));
	EXPECT(!lw_table_take(&t, slot, key(1)));
	EXPECT_EQ(lw_table_find(&t, key(1)), -1);
	lw_table_free(&t, slot);
	EXPECT_EQ(atomic_read(&t.used), 0);
	EXPECT(!lw_table_take(&t, slot, key(1)));
	lw_table_exit(&t);
}

static void of_two_claims_one_settles(void)
{
	/* who settles first; the first slot may do so before the second claim */
	static const struct { bool early; int winner; } orders[] = {
		{ true, 0 }, { false, 0 }, { false, 1 },
	};
	struct lw_table t = { };
	unsigned int i;

	EXPECT_EQ(lw_table_init(&t, 16, 8), 0);
	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		int slot[2], winner, loser;

		slot[0] = lw_table_claim(&t, key(1));
		if (orders[i].early)
			EXPECT(lw_table_settle(&t, slot[0], key(1)));
		slot[1] = lw_table_claim(&t, key(1));
		EXPECT(slot[0] < slot[1]);
		winner = slot[orders[i].winner];
		loser = slot[!orders[i].winner];
		if (!orders[i].early)
			EXPECT(lw_table_settle(&t, winner, key(1)));
		EXPECT_EQ(lw_table_find(&t, key(1)), winner);
		EXPECT(!lw_table_settle(&t, loser, key(1)));
		lw_table_free(&t, loser);
		EXPECT_EQ(lw_table_find(&t, key(1)), winner);
		EXPECT(lw_table_take(&t, winner, key(1)));
		lw_table_free(&t, winner);
		EXPECT(!lw_table_may_have(&t, key(1)));
	}
	EXPECT_EQ(atomic_read(&t.used), 0);
	lw_table_exit(&t);
}

/* also when the other that made it so has gone meanwhile */
static void void_claim_stays_void(void)
{
	struct lw_table t = { };
	int slot, other;

	EXPECT_EQ(lw_table_init(&t, 16, 8), 0);
	slot = lw_table_claim(&t, key(1));
	other = lw_table_claim(&t, key(1));
	EXPECT(lw_table_settle(&t, other, key(1)));
	EXPECT(lw_table_take(&t, other, key(1)));
	lw_table_free(&t, other);
	EXPECT(!lw_table_settle(&t, slot, key(1)));
	EXPECT_EQ(lw_table_find(&t, key(1)), -1);
	lw_table_free(&t, slot);
	EXPECT_EQ(atomic_read(&t.used), 0);
	lw_table_exit(&t);
}

static void full_at_its_size_and_not_before(void)
{
	static const unsigned int sizes[] = { 1, 2, 7, 16, 64, 500 };
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct lw_table t = { };
		int slot, *slots = calloc(sizes[i], sizeof(*slots));

		EXPECT_EQ(lw_table_init(&t, sizes[i], 1), 0);
		EXPECT(lw_table_slots(&t) >= 2 * sizes[i]);
		for (n = 0; n < sizes[i]; n++) {
			slots[n] = lw_table_claim(&t, key(n));
			EXPECT(slots[n] >= 0);
			lw_table_publish(&t, slots[n], key(n));
		}
		/* again and again: a refusal must not be counted as a key */
		for (n = 0; n < 10; n++)
			EXPECT_EQ(lw_table_claim(&t, key(1000 + n)), -1);
		EXPECT_EQ(atomic_read(&t.used), sizes[i]);
		for (n = 0; n < sizes[i]; n++)
			EXPECT_EQ(lw_table_find(&t, key(n)), slots[n]);
		/* one goes, one may come */
		EXPECT(lw_table_take(&t, slots[0], key(0)));
		lw_table_free(&t, slots[0]);
		slot = lw_table_claim(&t, key(2000));
		EXPECT(slot >= 0);
		lw_table_free(&t, slot);
		lw_table_exit(&t);
		free(slots);
	}
}

/* keys that all belong into one line */
static unsigned int of_line(const struct lw_table *t, unsigned int line,
			    const void **keys, unsigned int n)
{
	unsigned long i;
	unsigned int found = 0;

	for (i = 0; found < n; i++)
		if (lw_table_line(t, key(i)) == line)
			keys[found++] = key(i);
	return found;
}

static void lines_overflow_into_the_next(void)
{
	const void *keys[LW_TABLE_WAYS * LW_TABLE_LINES + 1];
	const unsigned int n = ARRAY_SIZE(keys) - 1;
	struct lw_table t = { };
	unsigned int last, i;
	int slot[ARRAY_SIZE(keys)];

	EXPECT_EQ(lw_table_init(&t, 128, 1), 0);
	/* the last line, so that the search goes round */
	last = t.lines - 1;
	of_line(&t, last, keys, ARRAY_SIZE(keys));
	for (i = 0; i < n; i++) {
		slot[i] = lw_table_claim(&t, keys[i]);
		EXPECT(slot[i] >= 0);
		EXPECT_EQ(slot[i] / LW_TABLE_WAYS,
			  (last + i / LW_TABLE_WAYS) % t.lines);
		lw_table_publish(&t, slot[i], keys[i]);
	}
	/* all lines of its own are full, though the table is not */
	EXPECT_EQ(lw_table_claim(&t, keys[n]), -1);
	EXPECT_EQ(lw_table_find(&t, keys[n]), -1);
	EXPECT_EQ(atomic_read(&t.used), n);

	/* what overflowed is found after the lines before it have emptied */
	for (i = 0; i + 1 < n; i++) {
		EXPECT(lw_table_take(&t, slot[i], keys[i]));
		lw_table_free(&t, slot[i]);
	}
	EXPECT_EQ(lw_table_find(&t, keys[n - 1]), slot[n - 1]);
	lw_table_exit(&t);
}

static void random_operations(void)
{
	struct lw_table t = { };
	struct {
		int slot;
		enum { ABSENT, BUSY, THERE } state;
	} ref[KEYS] = { };
	u64 seed = 5;
	unsigned int step, i, used = 0;

	EXPECT_EQ(lw_table_init(&t, KEYS / 2, 4), 0);
	for (step = 0; step < STEPS && !ktap_failed(); step++) {
		unsigned int k = random_below(&seed, KEYS);
		int found = lw_table_find(&t, key(k));

		EXPECT_EQ(found, ref[k].state == THERE ? ref[k].slot : -1);
		switch (ref[k].state) {
		case ABSENT:
			ref[k].slot = lw_table_claim(&t, key(k));
			/* dense enough that some line may overflow, not four */
			EXPECT_EQ(ref[k].slot >= 0, used < KEYS / 2);
			if (ref[k].slot < 0)
				break;
			used++;
			ref[k].state = BUSY;
			for (i = 0; i < KEYS; i++)
				if (i != k && ref[i].state != ABSENT)
					EXPECT(ref[i].slot != ref[k].slot);
			break;
		case BUSY:
			EXPECT(!lw_table_take(&t, ref[k].slot, key(k)));
			if (random_below(&seed, 2)) {
				lw_table_publish(&t, ref[k].slot, key(k));
				ref[k].state = THERE;
			} else {
				lw_table_free(&t, ref[k].slot);
				ref[k].state = ABSENT;
				used--;
			}
			break;
		case THERE:
			EXPECT(lw_table_take(&t, ref[k].slot, key(k)));
			ref[k].state = BUSY;
		}
		EXPECT_EQ(atomic_read(&t.used), used);
	}
	lw_table_exit(&t);
}

static void entries_of_all_slots_are_inside(void)
{
	struct lw_table t = { };
	unsigned int slot;

	EXPECT_EQ(lw_table_init(&t, 33, 24), 0);
	for (slot = 0; slot < lw_table_slots(&t); slot++) {
		memset((char *)t.entries + slot * 24, 1, 24);
		EXPECT_EQ(*lw_table_key(&t, slot), 0);
	}
	/* no more than was asked for, but for what fills the last line */
	EXPECT(lw_table_slots(&t) < 2 * 33 + LW_TABLE_WAYS);
	EXPECT_EQ(t.bytes, lw_table_bytes(33, 24));
	EXPECT_EQ(t.bytes, t.lines * sizeof(struct lw_bucket) +
			   lw_table_slots(&t) * 24 + 1024 * sizeof(*t.hint));
	lw_table_exit(&t);
}

/* what is not there costs one load, nearly always */
static void hints_are_as_many_as_keys(void)
{
	struct lw_table t = { };
	unsigned int i, maybe = 0;
	int slot[64];

	EXPECT_EQ(lw_table_init(&t, ARRAY_SIZE(slot), 8), 0);
	for (i = 0; i < ARRAY_SIZE(slot); i++) {
		slot[i] = lw_table_claim(&t, key(i));
		EXPECT(slot[i] >= 0);
		lw_table_publish(&t, slot[i], key(i));
		EXPECT(lw_table_may_have(&t, key(i)));
	}
	for (; i < 64 + 4096; i++)
		maybe += lw_table_may_have(&t, key(i));
	EXPECT(maybe < 4096 / 8);
	for (i = 0; i < ARRAY_SIZE(slot); i++) {
		if (i % 2)
			EXPECT(lw_table_take(&t, slot[i], key(i)));
		lw_table_free(&t, slot[i]);
	}
	for (i = 0; i < 64 + 4096; i++)
		EXPECT(!lw_table_may_have(&t, key(i)));
	lw_table_exit(&t);
}

static void no_memory_leaves_nothing_behind(void)
{
	struct lw_table t;
	unsigned int i;

	for (i = 1; i <= 3; i++) {
		memset(&t, 0, sizeof(t));
		shim_alloc_fails = i;
		EXPECT_EQ(lw_table_init(&t, 16, 8), -ENOMEM);
	}
	shim_alloc_fails = 0;
}

static const struct ktap_test tests[] = {
	TEST(claim_publish_find_take_free),
	TEST(of_two_claims_one_settles),
	TEST(void_claim_stays_void),
	TEST(full_at_its_size_and_not_before),
	TEST(lines_overflow_into_the_next),
	TEST(random_operations),
	TEST(entries_of_all_slots_are_inside),
	TEST(hints_are_as_many_as_keys),
	TEST(no_memory_leaves_nothing_behind),
};

KTAP_MAIN(tests)
