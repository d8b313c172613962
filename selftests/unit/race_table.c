// SPDX-License-Identifier: GPL-2.0
/*
 * The table of keys under several threads, for ThreadSanitizer: what is kept
 * in a slot is plain memory, so two holders of one slot are a data race, and
 * so is one that reads before the other has published.
 */
#include <linux/slab.h>
#include <pthread.h>

#include "ktap.h"
#include "random.h"
#include "engine/table.h"

unsigned int shim_alloc_fails;

#define THREADS	4
#define KEYS	24
#define STEPS	400000

struct entry {
	unsigned long key;
	unsigned int visits;
};

static struct lw_table table;
/* an address is given out once at a time, as an allocator would do it */
static int given[KEYS];
static unsigned int claimed, taken, refused, wrong;

static void *key(unsigned long n)
{
	return (void *)(0x7000000000UL + n * 64);
}

static struct entry *entry(int slot)
{
	return (struct entry *)table.entries + slot;
}

static void count(unsigned int *n)
{
	__atomic_add_fetch(n, 1, __ATOMIC_RELAXED);
}

static void give_back(unsigned int k)
{
	__atomic_store_n(&given[k], 0, __ATOMIC_RELEASE);
}

static void begin(unsigned int k)
{
	int slot;

	if (__atomic_exchange_n(&given[k], 1, __ATOMIC_ACQ_REL))
		return;
	slot = lw_table_claim(&table, key(k));
	if (slot < 0) {
		count(&refused);
		give_back(k);
		return;
	}
	count(&claimed);
	entry(slot)->key = (unsigned long)key(k);
	entry(slot)->visits = 0;
	lw_table_publish(&table, slot, key(k));
}

static void end(unsigned int k, bool only_look)
{
	int slot = lw_table_find(&table, key(k));

	if (slot < 0 || !lw_table_take(&table, slot, key(k)))
		return;
	if (entry(slot)->key != (unsigned long)key(k))
		count(&wrong);
	entry(slot)->visits++;
	if (only_look) {
		lw_table_publish(&table, slot, key(k));
		return;
	}
	count(&taken);
	lw_table_free(&table, slot);
	give_back(k);
}

static void *worker(void *arg)
{
	u64 seed = 100 + (unsigned long)arg;
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		unsigned int k = random_below(&seed, KEYS);

		switch (random_below(&seed, 4)) {
		case 0:
		case 1:
			begin(k);
			break;
		case 2:
			end(k, true);
			break;
		default:
			end(k, false);
		}
	}
	return NULL;
}

static void no_slot_has_two_holders(void)
{
	pthread_t thread[THREADS];
	unsigned long i;
	unsigned int k, n = 0;

	EXPECT_EQ(lw_table_init(&table, KEYS / 2, sizeof(struct entry)), 0);
	for (i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, worker, (void *)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);

	for (k = 0; k < KEYS; k++)
		n += lw_table_find(&table, key(k)) >= 0;
	EXPECT_EQ(wrong, 0);
	EXPECT_EQ(claimed - taken, n);
	EXPECT_EQ(atomic_read(&table.used), n);
	EXPECT(claimed > THREADS * STEPS / 100);
	EXPECT(refused);
	lw_table_exit(&table);
}

static const struct ktap_test tests[] = {
	TEST(no_slot_has_two_holders),
};

KTAP_MAIN(tests)
