// SPDX-License-Identifier: GPL-2.0
/*
 * What is computed from the figures, against values worked out by hand.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "bounds.h"
#include "derive.h"
#include "format.h"
#include "ktap.h"
#include "utf8.h"

#define KNOWN(value) ((struct lw_value){ (value), true })
#define SIGNED(value) ((struct lw_svalue){ (value), true })

static bool is(struct lw_value value, uint64_t v)
{
	return value.known && value.v == v;
}

static void test_percentiles(void)
{
	struct lw_report_bucket buckets[] = {
		{ 0, 9, 50 }, { 10, 19, 49 }, { 100, 109, 1 },
	};
	struct lw_report_stage stage = {
		.count = KNOWN(100), .min_ns = KNOWN(3), .max_ns = KNOWN(105),
		.buckets = buckets, .nr_buckets = 3,
	};

	CHECK(is(lw_stage_percentile(&stage, 5000), 9));
	CHECK(is(lw_stage_percentile(&stage, 5001), 19));
	CHECK(is(lw_stage_percentile(&stage, 9900), 19));
	/* Clipped to what was really the largest. */
	CHECK(is(lw_stage_percentile(&stage, 9901), 105));
	CHECK(is(lw_stage_percentile(&stage, 10000), 105));
	/* One sample is all percentiles. */
	stage.count.v = buckets[0].count = 1;
	stage.nr_buckets = 1;
	stage.min_ns.v = stage.max_ns.v = 7;
	CHECK(is(lw_stage_percentile(&stage, 5000), 7));
	CHECK(is(lw_stage_percentile(&stage, 9990), 7));
	/* A histogram that lacks entries says nothing. */
	stage.count.v = 1000;
	CHECK(!lw_stage_percentile(&stage, 5000).known);
	stage.count.v = 0;
	CHECK(!lw_stage_percentile(&stage, 5000).known);
	stage.count.known = false;
	CHECK(!lw_stage_percentile(&stage, 5000).known);
}

static void test_percentile_overflow(void)
{
	struct lw_report_bucket buckets[] = {
		{ 0, 9, UINT64_MAX }, { 10, 19, UINT64_MAX },
	};
	struct lw_report_stage stage = {
		.count = KNOWN(UINT64_MAX), .buckets = buckets, .nr_buckets = 2,
	};

	CHECK(is(lw_stage_percentile(&stage, 9990), 9));
}

static void test_average(void)
{
	struct lw_report_stage stage = { .count = KNOWN(4), .sum_ns = KNOWN(10) };

	CHECK(lw_stage_average(&stage).v == 2.5L);
	stage.count.v = 0;
	CHECK(!lw_stage_average(&stage).known);
}

static struct lw_report_stage stage_of(uint64_t count, uint64_t sum, lw_u128 sumsq)
{
	return (struct lw_report_stage){
		.count = KNOWN(count), .sum_ns = KNOWN(sum),
		.sumsq_low = KNOWN((uint64_t)sumsq),
		.sumsq_high = KNOWN((uint64_t)(sumsq >> 64)),
	};
}

static void test_deviation(void)
{
	/* 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2. */
	struct lw_report_stage stage = stage_of(8, 40, 232);
	lw_u128 x = (1ull << 62) + 1;

	CHECK(lw_stage_deviation(&stage).known);
	CHECK(lw_stage_deviation(&stage).v == 2);
	/* 1, 2: 0.5, where the sum is no multiple of the count. */
	stage = stage_of(2, 3, 5);
	CHECK(lw_stage_deviation(&stage).v == 0.5L);
	/* All alike is 0, not a rounding error. */
	stage = stage_of(1000003, 1000003 * 123456789ull,
			 (lw_u128)1000003 * 123456789 * 123456789);
	CHECK(lw_stage_deviation(&stage).known);
	CHECK(lw_stage_deviation(&stage).v == 0);
	/* The sum of squares beyond 64 bits: x - 1 and x + 1. */
	stage = stage_of(2, (uint64_t)(2 * x),
			 (x - 1) * (x - 1) + (x + 1) * (x + 1));
	CHECK(stage.sumsq_high.v != 0);
	CHECK(lw_stage_deviation(&stage).v == 1);
	/* Read while it was written: the squares lag behind the sum. */
	stage = stage_of(2, 20, 100);
	CHECK(!lw_stage_deviation(&stage).known);
	stage = stage_of(8, 40, 232);
	stage.sumsq_high.known = false;
	CHECK(!lw_stage_deviation(&stage).known);
	stage = stage_of(0, 0, 0);
	CHECK(!lw_stage_deviation(&stage).known);
}

static struct lw_mark mark(uint32_t id, uint64_t time)
{
	return (struct lw_mark){ .id = id, .time_ns = KNOWN(1000 + time) };
}

/* As the module's own table bounds the stages. */
static void split_of(const struct lw_report_watermark *worst, uint32_t path,
		     struct lw_split *split)
{
	lw_watermark_split(bounds_report(), worst, path, split);
}

static void test_split_whole(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_IRQ, 0),
		mark(LATWATCH_MARK_THREAD_WAKE, 1),
		mark(LATWATCH_MARK_THREAD_RUN, 3),
		mark(LATWATCH_MARK_RAISE, 6),
		mark(LATWATCH_MARK_SOFTIRQ, 10),
		mark(LATWATCH_MARK_STACK, 15),
		mark(LATWATCH_MARK_QUEUE, 16),
		mark(LATWATCH_MARK_TAP, 21),
		mark(LATWATCH_MARK_BACKEND_WAKE, 22),
		mark(LATWATCH_MARK_BACKEND_RUN, 60),
		mark(LATWATCH_MARK_TAKE, 71),
		mark(LATWATCH_MARK_SIGNAL, 79),
		mark(LATWATCH_MARK_VCPU_WAKE, 80),
		mark(LATWATCH_MARK_VCPU_RUN, 90),
		mark(LATWATCH_MARK_ENTRY, 100),
	};
	struct lw_report_watermark worst = {
		.id = LATWATCH_STAGE_END_TO_END, .value_ns = KNOWN(100),
		.marks = marks, .nr_marks = sizeof(marks) / sizeof(marks[0]),
	};
	struct lw_split split;

	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_HARD_IRQ], 1));
	CHECK(is(split.part_ns[LATWATCH_STAGE_IRQ_THREAD_WAKE], 2));
	CHECK(is(split.part_ns[LATWATCH_STAGE_IRQ_THREAD], 3));
	CHECK(is(split.part_ns[LATWATCH_STAGE_SOFTIRQ_WAIT], 4));
	CHECK(!split.part_ns[LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD].known);
	CHECK(is(split.part_ns[LATWATCH_STAGE_NAPI], 5));
	CHECK(is(split.part_ns[LATWATCH_STAGE_STACK], 6));
	CHECK(is(split.part_ns[LATWATCH_STAGE_QDISC], 5));
	CHECK(is(split.part_ns[LATWATCH_STAGE_TAP_DWELL], 50));
	CHECK(is(split.part_ns[LATWATCH_STAGE_BACKEND_WAKE], 38));
	CHECK(is(split.part_ns[LATWATCH_STAGE_BACKEND_SERVICE], 8));
	CHECK(is(split.part_ns[LATWATCH_STAGE_SIGNAL], 1));
	CHECK(is(split.part_ns[LATWATCH_STAGE_VCPU_WAKE], 10));
	CHECK(is(split.part_ns[LATWATCH_STAGE_ENTRY], 10));
	CHECK(!split.part_ns[LATWATCH_STAGE_KICK].known);
	CHECK(is(split.part_ns[LATWATCH_STAGE_END_TO_END], 100));
	/* Nested parts are no terms of the sum. */
	CHECK(is(split.sum_ns, 100));
	CHECK(split.residual_ns.known && split.residual_ns.v == 0);
	CHECK(split.largest == LATWATCH_STAGE_TAP_DWELL);
}

static void test_split_awake(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_IRQ, 0), mark(LATWATCH_MARK_RAISE, 7),
		mark(LATWATCH_MARK_SOFTIRQ, 10), mark(LATWATCH_MARK_STACK, 20),
		mark(LATWATCH_MARK_TAP, 30), mark(LATWATCH_MARK_TAKE, 40),
		mark(LATWATCH_MARK_SIGNAL, 50), mark(LATWATCH_MARK_ENTRY, 90),
	};
	struct lw_report_watermark worst = {
		.id = LATWATCH_STAGE_END_TO_END, .value_ns = KNOWN(95),
		.marks = marks, .nr_marks = sizeof(marks) / sizeof(marks[0]),
	};
	struct lw_split split;

	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_HARD_IRQ], 7));
	CHECK(!split.part_ns[LATWATCH_STAGE_IRQ_THREAD].known);
	CHECK(is(split.part_ns[LATWATCH_STAGE_KICK], 40));
	CHECK(!split.part_ns[LATWATCH_STAGE_ENTRY].known);
	CHECK(is(split.sum_ns, 90));
	CHECK(split.residual_ns.v == 5);
}

/* It came with a signal that was for others. */
static void test_split_pending(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_TAP, 10), mark(LATWATCH_MARK_TAKE, 40),
		mark(LATWATCH_MARK_ENTRY, 60),
	};
	struct lw_report_watermark worst = {
		.id = LATWATCH_STAGE_END_TO_END, .value_ns = KNOWN(50),
		.marks = marks, .nr_marks = sizeof(marks) / sizeof(marks[0]),
	};
	struct lw_split split;

	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_PENDING], 20));
	CHECK(!split.part_ns[LATWATCH_STAGE_KICK].known);
	CHECK(is(split.sum_ns, 50));
	CHECK(split.residual_ns.v == 0);
}

static void test_split_hole(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_SOFTIRQ, 10), mark(LATWATCH_MARK_STACK, 9),
		mark(LATWATCH_MARK_VCPU_WAKE, 40), mark(LATWATCH_MARK_ENTRY, 60),
	};
	struct lw_report_watermark worst = {
		.id = LATWATCH_STAGE_END_TO_END, .value_ns = KNOWN(50),
		.marks = marks, .nr_marks = sizeof(marks) / sizeof(marks[0]),
	};
	struct lw_split split;

	/* No two neighbours, and one pair that runs backwards. */
	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(!split.part_ns[LATWATCH_STAGE_NAPI].known);
	CHECK(!split.sum_ns.known && !split.residual_ns.known);
	CHECK(split.largest == LW_NO_STAGE);
	split_of(NULL, LATWATCH_PATH_RX, &split);
	CHECK(!split.sum_ns.known && split.largest == LW_NO_STAGE);
	/* Stages of tomorrow. */
	worst.id = 1000;
	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(!split.sum_ns.known);
}

#define FLIGHT(stage, value, list) {					\
	.id = LATWATCH_STAGE_##stage, .value_ns = KNOWN(value),		\
	.marks = (list), .nr_marks = sizeof(list) / sizeof((list)[0]),	\
}

static void test_split_found_awake(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_IRQ, 0),
		mark(LATWATCH_MARK_THREAD_WAKE, 2),
		mark(LATWATCH_MARK_THREAD_RUN, 2),
		mark(LATWATCH_MARK_RAISE, 7),
	};
	struct lw_report_watermark worst = FLIGHT(END_TO_END, 7, marks);
	struct lw_split split;

	/* It took no time to run what ran already: that is known. */
	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_IRQ_THREAD_WAKE], 0));
	CHECK(is(split.part_ns[LATWATCH_STAGE_IRQ_THREAD], 5));
	CHECK(is(split.sum_ns, 7) && split.residual_ns.v == 0);
}

/* What XDP redirects passes no stack. */
static void test_split_xdp(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_IRQ, 0), mark(LATWATCH_MARK_RAISE, 1),
		mark(LATWATCH_MARK_SOFTIRQ, 3), mark(LATWATCH_MARK_TAP, 10),
		mark(LATWATCH_MARK_TAKE, 25),
	};
	struct lw_mark vm[] = {
		mark(LATWATCH_MARK_EXIT, 0), mark(LATWATCH_MARK_KICK_WAKE, 1),
		mark(LATWATCH_MARK_KICK_RUN, 3), mark(LATWATCH_MARK_TAP, 10),
		mark(LATWATCH_MARK_TAKE, 25),
	};
	struct lw_mark reader[] = {
		mark(LATWATCH_MARK_IRQ, 0), mark(LATWATCH_MARK_RAISE, 1),
		mark(LATWATCH_MARK_SOFTIRQ, 3),
		mark(LATWATCH_MARK_READER_WAKE, 10),
		mark(LATWATCH_MARK_READER_RUN, 25),
	};
	struct lw_report_watermark worst = FLIGHT(END_TO_END, 25, marks);
	struct lw_split split;

	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_XDP], 7));
	CHECK(!split.part_ns[LATWATCH_STAGE_NAPI].known);
	CHECK(is(split.sum_ns, 25) && split.residual_ns.v == 0);
	worst = (struct lw_report_watermark)FLIGHT(END_TO_END_VM, 25, vm);
	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_TX_SERVICE], 7));
	CHECK(!split.part_ns[LATWATCH_STAGE_XDP].known);
	CHECK(is(split.sum_ns, 25) && split.residual_ns.v == 0);
	worst = (struct lw_report_watermark)FLIGHT(READER_END_TO_END_XDP, 25, reader);
	split_of(&worst, LATWATCH_PATH_READER, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_READER_XDP], 7));
	CHECK(is(split.part_ns[LATWATCH_STAGE_READER_WAKE], 15));
	CHECK(is(split.sum_ns, 25) && split.residual_ns.v == 0);
}

static void test_split_tx(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_EXIT, 0), mark(LATWATCH_MARK_KICK_WAKE, 1),
		mark(LATWATCH_MARK_KICK_RUN, 11), mark(LATWATCH_MARK_STACK, 13),
		mark(LATWATCH_MARK_QUEUE, 14), mark(LATWATCH_MARK_XMIT, 20),
		mark(LATWATCH_MARK_COMPLETE, 90),
	};
	struct lw_report_watermark worst = FLIGHT(TX_END_TO_END, 20, marks);
	struct lw_split split;

	split_of(&worst, LATWATCH_PATH_TX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_GUEST_EXIT], 1));
	CHECK(is(split.part_ns[LATWATCH_STAGE_KICK_WAKE], 10));
	CHECK(is(split.part_ns[LATWATCH_STAGE_TX_SERVICE], 2));
	CHECK(is(split.part_ns[LATWATCH_STAGE_TX_STACK], 7));
	CHECK(is(split.part_ns[LATWATCH_STAGE_TX_QDISC], 6));
	/* What comes after the end is no term of the sum. */
	CHECK(is(split.part_ns[LATWATCH_STAGE_TX_COMPLETION], 70));
	/* The same marks bound stages of packets from this host. */
	CHECK(!split.part_ns[LATWATCH_STAGE_LOCAL_QDISC].known);
	CHECK(!split.part_ns[LATWATCH_STAGE_LOCAL_COMPLETION].known);
	CHECK(is(split.sum_ns, 20) && split.residual_ns.v == 0);
	CHECK(split.largest == LATWATCH_STAGE_KICK_WAKE);
	/* The backend was awake: the flight begins in the stack. */
	worst.marks += 3;
	worst.nr_marks = 3;
	worst.value_ns = KNOWN(7);
	split_of(&worst, LATWATCH_PATH_TX, &split);
	CHECK(!split.part_ns[LATWATCH_STAGE_TX_SERVICE].known);
	CHECK(is(split.sum_ns, 7) && split.residual_ns.v == 0);
	split_of(&worst, LATWATCH_PATH_LOCAL, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_LOCAL_QDISC], 6));
	CHECK(!split.part_ns[LATWATCH_STAGE_TX_STACK].known);
	/* A path of tomorrow, and one that no shift could stand for. */
	split_of(&worst, LW_OTHER_PATH, &split);
	CHECK(!split.sum_ns.known);
	split_of(&worst, UINT32_MAX, &split);
	CHECK(!split.sum_ns.known);
	CHECK(is(split.part_ns[LATWATCH_STAGE_TX_END_TO_END], 7));
}

static void test_split_vm_to_vm(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_EXIT, 0), mark(LATWATCH_MARK_KICK_WAKE, 1),
		mark(LATWATCH_MARK_KICK_RUN, 3), mark(LATWATCH_MARK_STACK, 6),
		mark(LATWATCH_MARK_TAP, 10), mark(LATWATCH_MARK_TAKE, 15),
		mark(LATWATCH_MARK_SIGNAL, 21), mark(LATWATCH_MARK_ENTRY, 28),
	};
	struct lw_report_watermark worst = FLIGHT(END_TO_END_VM, 28, marks);
	struct lw_split split;

	/* The sender's stages are terms; what softirq would begin is not. */
	split_of(&worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_GUEST_EXIT], 1));
	CHECK(is(split.part_ns[LATWATCH_STAGE_KICK_WAKE], 2));
	CHECK(is(split.part_ns[LATWATCH_STAGE_TX_SERVICE], 3));
	CHECK(!split.part_ns[LATWATCH_STAGE_NAPI].known);
	CHECK(is(split.part_ns[LATWATCH_STAGE_STACK], 4));
	CHECK(is(split.part_ns[LATWATCH_STAGE_KICK], 7));
	CHECK(is(split.sum_ns, 28) && split.residual_ns.v == 0);
}

static void test_split_reader(void)
{
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_IRQ, 0), mark(LATWATCH_MARK_RAISE, 1),
		mark(LATWATCH_MARK_SOFTIRQ, 3), mark(LATWATCH_MARK_STACK, 6),
		mark(LATWATCH_MARK_READER_WAKE, 10),
		mark(LATWATCH_MARK_READER_RUN, 15), mark(LATWATCH_MARK_COPY, 21),
	};
	struct lw_report_watermark worst = FLIGHT(READER_END_TO_END, 21, marks);
	struct lw_split split;

	split_of(&worst, LATWATCH_PATH_READER, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_HARD_IRQ], 1));
	CHECK(is(split.part_ns[LATWATCH_STAGE_SOFTIRQ_WAIT], 2));
	CHECK(is(split.part_ns[LATWATCH_STAGE_NAPI], 3));
	CHECK(is(split.part_ns[LATWATCH_STAGE_READER_STACK], 4));
	CHECK(is(split.part_ns[LATWATCH_STAGE_READER_WAKE], 5));
	CHECK(is(split.part_ns[LATWATCH_STAGE_READER_COPY], 6));
	CHECK(is(split.sum_ns, 21) && split.residual_ns.v == 0);
}

/* Of a module that does not say where stages end nothing is made up. */
static void test_split_unbound(void)
{
	struct lw_report_stage stages[] = {
		{ .id = LATWATCH_STAGE_NAPI }, { .id = LATWATCH_STAGE_STACK },
		{ .id = LATWATCH_STAGE_QDISC,
		  .flags = LATWATCH_STAGE_FLAGS_NESTED },
		{ .id = LATWATCH_STAGE_END_TO_END,
		  .flags = LATWATCH_STAGE_FLAGS_TOTAL },
	};
	struct lw_report report = { .stages = stages, .nr_stages = 4 };
	struct lw_mark marks[] = {
		mark(LATWATCH_MARK_SOFTIRQ, 0), mark(LATWATCH_MARK_STACK, 5),
		mark(LATWATCH_MARK_TAP, 9),
	};
	struct lw_part parts[] = {
		{ LATWATCH_STAGE_NAPI, KNOWN(5) },
		{ LATWATCH_STAGE_STACK, KNOWN(3) },
		{ LATWATCH_STAGE_QDISC, KNOWN(8) },
		{ LATWATCH_STAGE_XDP, KNOWN(7) },
	};
	struct lw_report_watermark worst = FLIGHT(END_TO_END, 9, marks);
	struct lw_split split;

	CHECK(!lw_report_has_bounds(&report));
	CHECK(lw_report_has_bounds(bounds_report()));
	lw_watermark_split(&report, &worst, LATWATCH_PATH_RX, &split);
	CHECK(!split.part_ns[LATWATCH_STAGE_NAPI].known);
	CHECK(!split.sum_ns.known && !split.residual_ns.known);
	CHECK(split.largest == LW_NO_STAGE);
	CHECK(is(split.part_ns[LATWATCH_STAGE_END_TO_END], 9));
	/* One that was saved has what it was split into. */
	worst.parts = parts;
	worst.nr_parts = 4;
	worst.sum_ns = KNOWN(8);
	lw_watermark_split(&report, &worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_NAPI], 5));
	CHECK(is(split.part_ns[LATWATCH_STAGE_QDISC], 8));
	CHECK(!split.part_ns[LATWATCH_STAGE_XDP].known);
	CHECK(split.largest == LATWATCH_STAGE_NAPI);
	CHECK(is(split.sum_ns, 8) && split.residual_ns.v == 1);
	/* What the module says goes before that. */
	lw_watermark_split(bounds_report(), &worst, LATWATCH_PATH_RX, &split);
	CHECK(is(split.part_ns[LATWATCH_STAGE_STACK], 4));
	CHECK(!split.part_ns[LATWATCH_STAGE_QDISC].known);
	CHECK(is(split.sum_ns, 9));
}

static void test_books_paths(void)
{
	struct lw_entry entries[] = {
		{ LATWATCH_CATEGORY_OPENED, LATWATCH_PATH_RX, NULL, KNOWN(100) },
		{ LATWATCH_CATEGORY_DELIVERED, LATWATCH_PATH_RX, NULL, KNOWN(99) },
		{ LATWATCH_CATEGORY_OPENED, LATWATCH_PATH_TX, NULL, KNOWN(50) },
		{ LATWATCH_CATEGORY_DELIVERED, LATWATCH_PATH_TX, NULL, KNOWN(51) },
		{ LATWATCH_CATEGORY_OPENED, LATWATCH_PATH_LOCAL, NULL, KNOWN(7) },
		{ LATWATCH_CATEGORY_IN_FLIGHT, LATWATCH_PATH_LOCAL, NULL, KNOWN(7) },
		{ LATWATCH_CATEGORY_NOTE, LATWATCH_PATH_READER, NULL, KNOWN(3) },
		{ LATWATCH_CATEGORY_OPENED, 9, NULL, KNOWN(1000) },
	};
	struct lw_report_ledger ledger = { .entries = entries, .nr_entries = 8 };
	struct lw_report_books books;

	/* One too few here and one too many there close no books. */
	lw_ledger_books(&ledger, LATWATCH_PATH_RX, &books);
	CHECK(is(books.head[LATWATCH_CATEGORY_OPENED], 100));
	CHECK(books.gap.v == 1 && is(books.unaccounted, 1));
	lw_ledger_books(&ledger, LATWATCH_PATH_TX, &books);
	CHECK(books.gap.v == -1 && is(books.unaccounted, 1));
	lw_ledger_books(&ledger, LATWATCH_PATH_LOCAL, &books);
	CHECK(books.gap.known && books.gap.v == 0 && is(books.unaccounted, 0));
	CHECK(books.path == LATWATCH_PATH_LOCAL);
	/* Notes are no books. */
	lw_ledger_books(&ledger, LATWATCH_PATH_READER, &books);
	CHECK(!books.gap.known && !books.unaccounted.known);
	CHECK(lw_ledger_has(&ledger, LATWATCH_PATH_READER, true));
	CHECK(lw_ledger_has(&ledger, LW_OTHER_PATH, true));
	entries[6].count.v = 0;
	CHECK(!lw_ledger_has(&ledger, LATWATCH_PATH_READER, true));
	CHECK(lw_ledger_has(&ledger, LATWATCH_PATH_READER, false));
	ledger.nr_entries = 7;
	CHECK(!lw_ledger_has(&ledger, LW_OTHER_PATH, false));
	CHECK(!lw_ledger_has(NULL, LATWATCH_PATH_RX, false));
}

static void test_order(void)
{
	static const uint32_t order[] = { 3, 8, 1, 7, 2, 5 };
	struct lw_report_stage stages[] = {
		{ .id = 7, .path = LATWATCH_PATH_TX },
		{ .id = 2, .path = LATWATCH_PATH_TX,
		  .flags = LATWATCH_STAGE_FLAGS_AFTER },
		{ .id = 5, .path = 9 },
		{ .id = 8, .path = LATWATCH_PATH_RX },
		{ .id = 1, .path = LATWATCH_PATH_TX },
		{ .id = 3, .path = LATWATCH_PATH_RX },
	};
	struct lw_report report = { .stages = stages, .nr_stages = 6 };
	const struct lw_report_stage *stage = NULL;
	size_t i;

	/* By path, and what comes after a way's end behind its total. */
	CHECK(!lw_report_settle(&report));
	for (i = 0; i < 6; i++)
		CHECK(report.stages[i].id == order[i]);
	for (i = 2; i < 5; i++) {
		stage = lw_report_next_stage(&report, NULL, LATWATCH_PATH_TX,
					     stage);
		CHECK(stage == &stages[i]);
	}
	CHECK(!lw_report_next_stage(&report, NULL, LATWATCH_PATH_TX, stage));
}

static void test_books(void)
{
	struct lw_entry entries[] = {
		{ LATWATCH_CATEGORY_OPENED, 0, NULL, KNOWN(100) },
		{ LATWATCH_CATEGORY_DELIVERED, 0, NULL, KNOWN(90) },
		{ LATWATCH_CATEGORY_DROPPED, 0, NULL, KNOWN(3) },
		{ LATWATCH_CATEGORY_DROPPED, 0, NULL, KNOWN(4) },
		{ LATWATCH_CATEGORY_LOST, 0, NULL, KNOWN(2) },
		{ LATWATCH_CATEGORY_IN_FLIGHT, 0, NULL, KNOWN(1) },
		{ LATWATCH_CATEGORY_NOTE, 0, NULL, KNOWN(1000) },
		{ 77, 0, NULL, KNOWN(1000) },
	};
	struct lw_report_ledger ledger = { .entries = entries, .nr_entries = 8 };
	struct lw_report_books books;

	lw_ledger_books(&ledger, LATWATCH_PATH_RX, &books);
	CHECK(is(books.head[LATWATCH_CATEGORY_DROPPED], 7));
	CHECK(!books.head[LATWATCH_CATEGORY_MERGED].known);
	CHECK(books.gap.known && books.gap.v == 0);
	/* What was lost is not accounted for although the books close. */
	CHECK(is(books.unaccounted, 2));
	entries[1].count.v = 80;
	lw_ledger_books(&ledger, LATWATCH_PATH_RX, &books);
	CHECK(books.gap.v == 10 && is(books.unaccounted, 12));
	entries[1].count.v = 95;
	lw_ledger_books(&ledger, LATWATCH_PATH_RX, &books);
	CHECK(books.gap.v == -5 && is(books.unaccounted, 7));
	lw_ledger_books(NULL, LATWATCH_PATH_RX, &books);
	CHECK(!books.unaccounted.known && !books.gap.known);
	ledger.nr_entries = 0;
	lw_ledger_books(&ledger, LATWATCH_PATH_RX, &books);
	CHECK(!books.unaccounted.known);
}

static void test_figures(void)
{
	char text[LW_TEXT_SIZE];
	struct lw_real real = { 146249, true };
	lw_u128 most = ~(lw_u128)0;

	CHECK(!strcmp(lw_text_us(text, real), "146.2"));
	real.v = 1234567890;
	CHECK(!strcmp(lw_text_us(text, real), "1,234,567.9"));
	real.v = -300;
	CHECK(!strcmp(lw_text_us(text, real), "-0.3"));
	real.v = -3;
	CHECK(!strcmp(lw_text_us(text, real), "0.0"));
	real.known = false;
	CHECK(!strcmp(lw_text_us(text, real), "-"));
	CHECK(!strcmp(lw_text_us_exact(text, KNOWN(146249)), "146.249"));
	CHECK(!strcmp(lw_text_us_exact(text, KNOWN(5)), "0.005"));
	CHECK(!strcmp(lw_text_us_exact(text, (struct lw_value){ 0 }), "-"));
	CHECK(!strcmp(lw_text_count(text, KNOWN(0)), "0"));
	CHECK(!strcmp(lw_text_count(text, KNOWN(999)), "999"));
	CHECK(!strcmp(lw_text_count(text, KNOWN(1000)), "1,000"));
	CHECK(!strcmp(lw_text_count(text, KNOWN(UINT64_MAX)),
		      "18,446,744,073,709,551,615"));
	CHECK(!strcmp(lw_text_count(text, (struct lw_value){ 0 }), "-"));
	CHECK(!strcmp(lw_text_decimal(text, most),
		      "340282366920938463463374607431768211455"));
	CHECK(!strcmp(lw_text_decimal(text, 0), "0"));
}

static void test_durations(void)
{
	const uint64_t s = 1000000000;
	char text[LW_TEXT_SIZE];

	CHECK(!strcmp(lw_text_duration(text, s / 4), "0.2 s"));
	CHECK(!strcmp(lw_text_duration(text, 90 * s), "90 s"));
	CHECK(!strcmp(lw_text_duration(text, 735 * s), "12 min"));
	CHECK(!strcmp(lw_text_duration(text, 9000 * s), "2 h 30 min"));
	CHECK(!strcmp(lw_text_duration(text, 200000 * s), "2 d 7 h"));
}

static bool sched_is(uint32_t policy, int prio, const char *expected)
{
	struct lw_report_actor actor = {
		.policy = KNOWN(policy), .prio = SIGNED(prio),
	};
	char text[LW_TEXT_SIZE];

	return !strcmp(lw_text_sched(text, &actor), expected);
}

static void test_sched(void)
{
	struct lw_report_actor actor = { .policy = KNOWN(1) };
	char text[LW_TEXT_SIZE];

	CHECK(sched_is(1, 50, "FIFO 49"));
	CHECK(sched_is(2, 0, "RR 99"));
	CHECK(sched_is(0, 120, "TS 0"));
	CHECK(sched_is(0, 100, "TS -20"));
	CHECK(sched_is(3, 139, "BATCH 19"));
	CHECK(sched_is(6, -1, "DL"));
	CHECK(sched_is(0, 49, "TS, boosted to 50"));
	CHECK(sched_is(1, -1, "FIFO, boosted to DL"));
	CHECK(sched_is(42, 1, "policy 42"));
	CHECK(!strcmp(lw_text_sched(text, &actor), "FIFO"));
	actor.policy.known = false;
	CHECK(!strcmp(lw_text_sched(text, &actor), "-"));
}

static bool clean_is(const char *received, const char *expected)
{
	char *clean = lw_utf8_clean(received);
	bool same = !strcmp(clean, expected);

	free(clean);
	return same;
}

#define BAD "\xef\xbf\xbd"

static void test_names(void)
{
	char text[LW_TEXT_SIZE], longer[300];

	CHECK(!strcmp(lw_text_plain(text, "a\x1b[2Jb\xc3\xa4"), "a?[2Jb??"));
	CHECK(!strcmp(lw_text_plain(text, NULL), "-"));
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	CHECK(strlen(lw_text_plain(text, longer)) == LW_TEXT_SIZE - 1);
	CHECK(clean_is("plain", "plain"));
	CHECK(clean_is("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
		       "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"));
	CHECK(clean_is("\xff", BAD));
	CHECK(clean_is("a\xc3", "a" BAD));
	/* Too long for what it says, a surrogate, beyond the last one. */
	CHECK(clean_is("\xc0\xaf", BAD BAD));
	CHECK(clean_is("\xed\xa0\x80", BAD BAD BAD));
	CHECK(clean_is("\xf4\x90\x80\x80", BAD BAD BAD BAD));
	/* An escape sequence in one character, and a delete. */
	CHECK(clean_is("\xc2\x9b" "2J\x7f", BAD "2J" BAD));
}

/* What has no word is null in JSON, which reads as not measured. */
static void test_words(void)
{
	uint32_t i;

	for (i = 0; i <= LATWATCH_UNIT_DELIVERY; i++)
		CHECK(lw_name_unit(KNOWN(i)));
	for (i = 0; i <= LATWATCH_CATEGORY_NOTE; i++)
		CHECK(lw_name_category(i));
	for (i = 0; i <= LATWATCH_PATH_DEVICE; i++)
		CHECK(strcmp(lw_name_path(i), lw_name_path(UINT32_MAX)));
	for (i = 0; i <= LATWATCH_ROLE_READER; i++)
		CHECK(lw_name_role(KNOWN(i)));
	for (i = 0; i <= LATWATCH_ORIGIN_PROCESS; i++)
		CHECK(lw_name_origin(KNOWN(i)));
	CHECK(!lw_name_origin(KNOWN(LATWATCH_ORIGIN_PROCESS + 1)));
}

static const struct ktap_test tests[] = {
	{ "percentiles", test_percentiles },
	{ "percentiles of counts without end", test_percentile_overflow },
	{ "average", test_average },
	{ "standard deviation", test_deviation },
	{ "split of a whole flight", test_split_whole },
	{ "split where everybody was awake", test_split_awake },
	{ "split where a signal was pending", test_split_pending },
	{ "split with holes", test_split_hole },
	{ "split where the irq thread ran already", test_split_found_awake },
	{ "a flight that XDP redirects adds up", test_split_xdp },
	{ "split of a way out of a guest", test_split_tx },
	{ "split of a way from guest to guest", test_split_vm_to_vm },
	{ "split of a way to a reader", test_split_reader },
	{ "split where nobody says what bounds a stage", test_split_unbound },
	{ "order of stages", test_order },
	{ "books", test_books },
	{ "books of each path", test_books_paths },
	{ "figures as text", test_figures },
	{ "durations as text", test_durations },
	{ "priorities as text", test_sched },
	{ "hostile names", test_names },
	{ "words for all that the module says", test_words },
};

int main(void)
{
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
