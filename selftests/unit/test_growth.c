// SPDX-License-Identifier: GPL-2.0
/*
 * Cost does not grow: the instructions of each way are the same, within a
 * tenth, however large the machine is.
 */
#include <linux/kernel.h>
#include <stdio.h>

#include "books/books.h"
#include "ktap.h"
#include "books/pool.h"
#include "rig.h"

#define TURNS		4
#define MOST_EVENTS	32
#define MOST_INSTRUCTIONS 1500

static const struct rig_size small = { 2, 1, 16, 4096, 0 };

static double instructions(const struct rig_way *way)
{
	double each[MOST_EVENTS], sum = 0;
	unsigned int i;

	if (!rig_count(way, TURNS, each))
		return 0;
	for (i = 0; i < rig_events(way); i++)
		sum += each[i];
	return sum;
}

/* of all ways on a machine of this size */
static void measure(const struct rig_size *size, double *ways)
{
	unsigned int i;

	rig_init(size);
	for (i = 0; rig_ways[i]; i++)
		ways[i] = instructions(rig_ways[i]);
	EXPECT(rig_is_sound());
	rig_exit();
}

static void expect_flat(const struct rig_size *size)
{
	static double before[8];
	double after[8];
	unsigned int i;

	if (!before[0])
		measure(&small, before);
	measure(size, after);
	for (i = 0; rig_ways[i]; i++) {
		printf("# %s: %.1f, %.1f\n", rig_ways[i]->name, before[i],
		       after[i]);
		EXPECT(before[i] > 10);
		EXPECT(after[i] < 1.1 * before[i]);
		EXPECT(after[i] > 0.9 * before[i]);
	}
}

static void from_1_to_256_vms(void)
{
	struct rig_size size = small;

	size.vms = 256;
	expect_flat(&size);
}

static void from_16_to_4096_tasks(void)
{
	struct rig_size size = small;

	size.tasks = 4096;
	expect_flat(&size);
}

static void from_an_empty_to_a_90_percent_full_skb_table(void)
{
	struct rig_size size = small;

	size.kept = size.skbs * 9 / 10;
	expect_flat(&size);
}

static void from_1_to_64_cpus(void)
{
	struct rig_size size = small;

	size.cpus = 1;
	expect_flat(&size);
	size.cpus = 64;
	expect_flat(&size);
}

/* the worst of any probe, on a machine full of VMs, of which one comes and goes */
static void no_probe_takes_more_than_1500_instructions(void)
{
	static const struct rig_way *const *const all[] = { rig_ways, rig_guests };
	struct rig_size size = small;
	double each[MOST_EVENTS], most;
	unsigned int i, n, w;

	size.vms = 1023;
	rig_init(&size);
	for (n = 0; n < ARRAY_SIZE(all); n++)
		for (w = 0; all[n][w]; w++) {
			const struct rig_way *way = all[n][w];

			EXPECT(rig_count(way, TURNS, each));
			for (i = 0, most = 0; i < rig_events(way); i++) {
				if (each[i] > MOST_INSTRUCTIONS)
					printf("# %s: %.0f\n", way->events[i].name, each[i]);
				most = each[i] > most ? each[i] : most;
			}
			printf("# %s: %.0f at most\n", way->name, most);
			EXPECT(most < MOST_INSTRUCTIONS);
		}
	EXPECT(rig_is_sound());
	rig_exit();
}

/* what the books of a machine take once all its ways were gone */
static size_t bytes(const struct rig_size *size)
{
	size_t n;

	rig_init(size);
	n = lw_books_bytes(size->vms) + lw_pool_bytes();
	EXPECT(rig_is_sound());
	rig_exit();
	return n;
}

/*
 * A VM slot that nothing was recorded of takes pointers and a ledger on each
 * CPU, and a VM that was measured a block for each of its stages on each CPU
 * that it was measured on.
 */
static void memory_is_taken_by_use(void)
{
	/* eight blocks to eight pages; see cost.rst */
	_Static_assert(8 * sizeof(struct lw_stat) <= 8 * 4096);
	_Static_assert(sizeof(struct lw_account) < 1344);
	struct rig_size one = small, many = small;
	size_t slot, used, a, b;

	/* the pool's own blocks are the same in both */
	many.vms = 16;
	a = bytes(&one);
	b = bytes(&many);
	slot = lw_books_bytes(many.vms) - lw_books_bytes(one.vms);
	used = (b - a - slot) / (many.vms - one.vms) / one.cpus;
	printf("# bytes of a VM and CPU: %zu without records, %zu of blocks\n",
	       slot / (many.vms - one.vms) / one.cpus, used);
	EXPECT_EQ(slot, (many.vms - one.vms) * one.cpus *
			sizeof(struct lw_account));
	/* of VMs that are measured, not of all their stages */
	EXPECT(used > sizeof(struct lw_stat));
	EXPECT(used < LW_NSTAGES * sizeof(struct lw_stat));
}

/* the same each time, and more for more */
static void instructions_are_counted(void)
{
	double once, again;

	rig_init(&small);
	once = instructions(&rig_rx);
	again = instructions(&rig_rx);
	EXPECT(once == again);
	EXPECT(once > instructions(&rig_strangers));
	rig_exit();
}

/* looking for culprits adds a quarter to a round trip, in and out of a guest, at most */
static void culprits_cost_at_most_a_quarter(void)
{
	double on[8], off[8], trip;
	unsigned int i;

	rig_culprits = false;
	measure(&small, off);
	rig_culprits = true;
	measure(&small, on);
	for (i = 0; rig_ways[i]; i++)
		printf("# %s: %.1f, without culprits %.1f\n", rig_ways[i]->name, on[i],
		       off[i]);
	/* strangers, in, out */
	trip = (on[1] + on[2]) / (off[1] + off[2]);
	printf("# round trip: %.3f times\n", trip);
	EXPECT(trip < 1.25);
	EXPECT(trip > 1.01);
}

static const struct ktap_test tests[] = {
	TEST(instructions_are_counted),
	TEST(culprits_cost_at_most_a_quarter),
	TEST(from_1_to_256_vms),
	TEST(from_16_to_4096_tasks),
	TEST(from_an_empty_to_a_90_percent_full_skb_table),
	TEST(from_1_to_64_cpus),
	TEST(no_probe_takes_more_than_1500_instructions),
	TEST(memory_is_taken_by_use),
};

KTAP_MAIN(tests)
