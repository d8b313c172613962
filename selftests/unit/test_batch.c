// SPDX-License-Identifier: GPL-2.0
/* Batches: packets that one interrupt delivers, by their origin. */
#include "machine.h"

static struct lw_flight flight(u64 begin_us)
{
	struct lw_flight f;

	lw_flight_open(&f, LATWATCH_ORIGIN_IRQ);
	lw_flight_set(&f, LATWATCH_MARK_IRQ, begin_us * US, 1);
	/* a later mark must not be taken for the begin */
	lw_flight_set(&f, LATWATCH_MARK_TAKE, begin_us * US + 7, 1);
	return f;
}

static bool add(struct lw_batch *b, u64 begin_us)
{
	struct lw_flight f = flight(begin_us);

	return lw_batch_add(b, &f);
}

static void packets_of_one_poll_are_one_group(void)
{
	struct lw_batch *b;
	unsigned int i;

	lw_batch_init(4);
	b = lw_batch_claim(NULL, LATWATCH_ORIGIN_IRQ, 99);
	EXPECT_EQ(b->take_ns, 99);
	for (i = 0; i < 41; i++)
		EXPECT(add(b, 10));
	EXPECT_EQ(b->groups, 1);
	EXPECT_EQ(b->packets, 41);
	EXPECT_EQ(b->group[0].packets, 41);
	EXPECT_EQ(b->group[0].begin_ns, 10 * US);
	lw_batch_exit();
}

static void interleaved_origins_find_their_group(void)
{
	struct lw_batch *b;
	unsigned int i;

	lw_batch_init(4);
	b = lw_batch_claim(NULL, LATWATCH_ORIGIN_IRQ, 0);
	for (i = 0; i < 3 * LW_BATCH_GROUPS; i++)
		EXPECT(add(b, 10 + i % LW_BATCH_GROUPS));
	EXPECT_EQ(b->groups, LW_BATCH_GROUPS);
	for (i = 0; i < LW_BATCH_GROUPS; i++) {
		EXPECT_EQ(b->group[i].begin_ns, (10 + i) * US);
		EXPECT_EQ(b->group[i].packets, 3);
	}
	/* one more origin does not fit, one more packet does */
	EXPECT(!add(b, 1));
	EXPECT(add(b, 10));
	EXPECT_EQ(b->packets, 3 * LW_BATCH_GROUPS + 1);
	lw_batch_exit();
}

static void oldest_flight_is_kept(void)
{
	static const u64 begins[] = { 50, 60, 40, 55, 40, 41, 39, 70 };
	struct lw_batch *b;
	unsigned int i;
	u64 oldest = U64_MAX;

	lw_batch_init(4);
	b = lw_batch_claim(NULL, LATWATCH_ORIGIN_IRQ, 0);
	for (i = 0; i < ARRAY_SIZE(begins); i++) {
		EXPECT(add(b, begins[i]));
		oldest = begins[i] < oldest ? begins[i] : oldest;
		EXPECT_EQ(b->flight.begin_ns, oldest * US);
	}
	lw_batch_exit();
}

static void a_batch_claimed_again_is_empty(void)
{
	struct lw_batch *b;

	lw_batch_init(1);
	b = lw_batch_claim(NULL, LATWATCH_ORIGIN_VM, 1);
	add(b, 5);
	b->next = b;
	lw_batch_free(b);
	EXPECT_EQ(lw_batch_packets(NULL, LW_BATCH_OPEN, false), 0);
	b = lw_batch_claim(NULL, LATWATCH_ORIGIN_IRQ, 2);
	EXPECT(b && !b->packets && !b->groups && !b->next);
	EXPECT_EQ(b->origin, LATWATCH_ORIGIN_IRQ);
	/* what is older in the batch before it is not its own */
	EXPECT(add(b, 9));
	EXPECT_EQ(b->flight.begin_ns, 9 * US);
	lw_batch_exit();
}

static void all_in_use_is_refused(void)
{
	struct lw_batch *b[LW_BATCH_TRIES];
	unsigned int i;

	lw_batch_init(LW_BATCH_TRIES);
	for (i = 0; i < LW_BATCH_TRIES; i++) {
		b[i] = lw_batch_claim(NULL, LATWATCH_ORIGIN_IRQ, i * 12345);
		EXPECT(b[i]);
	}
	for (i = 0; i < 10; i++)
		EXPECT(!lw_batch_claim(NULL, LATWATCH_ORIGIN_IRQ, i));
	EXPECT_EQ(lw_batch_used(), LW_BATCH_TRIES);
	lw_batch_free(b[7]);
	EXPECT(lw_batch_claim(NULL, LATWATCH_ORIGIN_IRQ, 3) == b[7]);
	lw_batch_exit();
}

static void in_flight_by_vm_and_state(void)
{
	struct lw_vm *vm1 = (struct lw_vm *)64, *vm2 = (struct lw_vm *)128;
	struct lw_batch *a, *b;

	lw_batch_init(8);
	a = lw_batch_claim(vm1, LATWATCH_ORIGIN_IRQ, 0);
	b = lw_batch_claim(vm2, LATWATCH_ORIGIN_IRQ, 0);
	add(a, 1);
	add(a, 2);
	add(b, 3);
	b->state = LW_BATCH_SIGNALLED;
	EXPECT_EQ(lw_batch_packets(NULL, LW_BATCH_OPEN, false), 2);
	EXPECT_EQ(lw_batch_packets(NULL, LW_BATCH_SIGNALLED, false), 1);
	EXPECT_EQ(lw_batch_packets(vm1, LW_BATCH_OPEN, false), 2);
	EXPECT_EQ(lw_batch_packets(vm1, LW_BATCH_SIGNALLED, false), 0);
	EXPECT_EQ(lw_batch_packets(vm2, LW_BATCH_SIGNALLED, false), 1);
	EXPECT_EQ(lw_batch_used(), 2);
	lw_batch_exit();
}

static const struct ktap_test tests[] = {
	TEST(packets_of_one_poll_are_one_group),
	TEST(interleaved_origins_find_their_group),
	TEST(oldest_flight_is_kept),
	TEST(a_batch_claimed_again_is_empty),
	TEST(all_in_use_is_refused),
	TEST(in_flight_by_vm_and_state),
};

KTAP_MAIN(tests)
