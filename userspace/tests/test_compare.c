// SPDX-License-Identifier: GPL-2.0
/*
 * What a comparison says, against tables and values worked out by hand, and
 * against many runs of setups that are known to be alike.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "compare.h"
#include "ktap.h"

#define KNOWN(value) ((struct lw_value){ (value), true })

static bool is_near(long double x, long double y)
{
	return fabsl(x - y) <= 1e-6L * fabsl(y);
}

static struct lw_spread spread_of(const long double *values, size_t nr)
{
	struct lw_spread spread = { 0 };
	size_t i;

	for (i = 0; i < nr; i++)
		lw_spread_add(&spread, values[i]);
	return spread;
}

static void test_spread(void)
{
	static const long double values[] = { 5, 2, 4, 1, 3 };
	struct lw_spread spread = spread_of(values, 5);

	CHECK(spread.nr == 5 && spread.mean == 3 && spread.squares == 10);
	CHECK(spread.low == 1 && spread.high == 5);
}

static void test_welch(void)
{
	static const long double few[] = { 1, 2, 3, 4, 5 };
	static const long double many[] = { 2, 4, 6, 8, 10 };
	struct lw_spread a = spread_of(few, 5), b = spread_of(many, 5);
	struct lw_spread one = spread_of(many, 1), none = { 0 };
	struct lw_real noise = lw_noise_of_runs(&a, &b, 0.05L);

	/* 6.25 / 1.0625 degrees of freedom, an error of the root of 2.5. */
	CHECK(noise.known && is_near(noise.v, 2.45882371L * sqrtl(2.5L)));
	CHECK(lw_noise_of_runs(&b, &a, 0.05L).v == noise.v);
	CHECK(lw_noise_of_runs(&a, &b, 0.01L).v > noise.v);
	/* One more of the five: 4 degrees, the root of 2.5 * 6 / 5. */
	noise = lw_noise_of_runs(&a, &one, 0.05L);
	CHECK(noise.known && is_near(noise.v, 2.77644511L * sqrtl(3)));
	CHECK(lw_noise_of_runs(&one, &a, 0.05L).v == noise.v);
	/* Single runs have no spread, and none have nothing. */
	CHECK(!lw_noise_of_runs(&one, &one, 0.05L).known);
	CHECK(!lw_noise_of_runs(&a, &none, 0.05L).known);
	/* Runs that are alike to the last digit. */
	a = spread_of((const long double[]){ 7, 7 }, 2);
	noise = lw_noise_of_runs(&a, &a, 0.05L);
	CHECK(noise.known && noise.v == 0);
}

static struct lw_report_stage stage_of(uint64_t count, uint64_t sum, uint64_t sumsq)
{
	return (struct lw_report_stage){
		.count = KNOWN(count), .sum_ns = KNOWN(sum),
		.sumsq_low = KNOWN(sumsq), .sumsq_high = KNOWN(0),
	};
}

static void test_means(void)
{
	/* 1 to 5 and 2 to 10, as above. */
	struct lw_report_stage a = stage_of(5, 15, 55), b = stage_of(5, 30, 220);
	struct lw_report_stage one = stage_of(1, 3, 9);
	struct lw_real noise = lw_noise_of_means(&a, &b, 0.05L);

	CHECK(noise.known && is_near(noise.v, 2.45882371L * sqrtl(2.5L)));
	CHECK(!lw_noise_of_means(&a, &one, 0.05L).known);
	b.sumsq_high.known = false;
	CHECK(!lw_noise_of_means(&a, &b, 0.05L).known);
}

static void test_percentiles(void)
{
	struct lw_report_bucket before[] = {
		{ 0, 9, 9800 }, { 10, 19, 150 }, { 20, 29, 50 },
	};
	struct lw_report_bucket after[] = {
		{ 0, 9, 9800 }, { 40, 49, 150 }, { 50, 59, 50 },
	};
	struct lw_report_stage a = {
		.count = KNOWN(10000), .buckets = before, .nr_buckets = 3,
	};
	struct lw_report_stage b = {
		.count = KNOWN(10000), .buckets = after, .nr_buckets = 3,
	};
	struct lw_real noise = lw_noise_of_percentiles(&a, &b, 9900, 0.05L);

	/*
	 * Ranks 9900 +- 2.2414 * root of 99: 9877 to 9924, in one bucket.  Up
	 * to 19 from 19, and from 49 down to 40.
	 */
	CHECK(noise.known && noise.v == 9);
	noise = lw_noise_of_percentiles(&b, &a, 9900, 0.05L);
	CHECK(noise.known && noise.v == 9);
	/* At a hundred times the confidence it reaches the next buckets. */
	noise = lw_noise_of_percentiles(&a, &b, 9900, 1e-9L);
	CHECK(noise.known && noise.v == 10 + 9);
	/* The upper rank would lie beyond the last. */
	a.count.v = 100;
	before[0].count = 98;
	before[1].count = before[2].count = 1;
	CHECK(!lw_noise_of_percentiles(&a, &b, 9900, 0.05L).known);
}

static void test_parting(void)
{
	CHECK(lw_noise_parting(1, 1) == 1);
	CHECK(is_near(lw_noise_parting(2, 2), 2 / 6.0L));
	CHECK(is_near(lw_noise_parting(5, 5), 2 / 252.0L));
	CHECK(is_near(lw_noise_parting(7, 3), 2 / 120.0L));
	CHECK(is_near(lw_noise_parting(3, 7), 2 / 120.0L));
	CHECK(lw_noise_parting(4000, 4000) < 1e-2000L);
}

/* -- Whole comparisons of made-up runs */

#define RUNS 6
#define STAGES 12

struct setup {
	struct lw_run runs[RUNS];
	struct lw_report_vm vms[RUNS];
	struct lw_report_stage stages[RUNS][STAGES];
	struct lw_report_bucket buckets[RUNS][STAGES];
	struct lw_side side;
};

static uint64_t dice = 1;

static long double uniform(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (long double)(dice >> 11) / (1ull << 53);
}

/* Nearly normal, with a deviation of 1. */
static long double normal(void)
{
	long double sum = -6;
	int i;

	for (i = 0; i < 12; i++)
		sum += uniform();
	return sum;
}

/* Runs that differ from each other by a percent; the maxima by much more. */
static void make(struct setup *setup, long double factor, uint64_t count)
{
	size_t run, i;

	for (run = 0; run < RUNS; run++) {
		struct lw_report *report = &setup->runs[run].report;

		setup->vms[run] = (struct lw_report_vm){ .id = 1 + (uint32_t)run };
		for (i = 0; i < STAGES; i++) {
			long double average = 1e6L * (i + 1) * factor *
					      (1 + 0.01L * normal());
			uint64_t ns = (uint64_t)average;
			struct lw_report_stage *stage = &setup->stages[run][i];

			setup->buckets[run][i] = (struct lw_report_bucket){
				ns, ns + ns / 32, count,
			};
			*stage = stage_of(count, count * ns, 0);
			stage->sumsq_high = KNOWN(0);
			stage->vm = KNOWN(setup->vms[run].id);
			stage->id = (uint32_t)i;
			stage->flags = i ? 0 : LATWATCH_STAGE_FLAGS_TOTAL;
			stage->max_ns =
				KNOWN(ns + (uint64_t)(ns * -logl(uniform() +
								 1e-9L)));
			stage->buckets = &setup->buckets[run][i];
			stage->nr_buckets = 1;
		}
		*report = (struct lw_report){
			.vms = &setup->vms[run], .nr_vms = 1,
			.stages = setup->stages[run], .nr_stages = STAGES,
		};
	}
	setup->side = (struct lw_side){ "made up", setup->runs, RUNS };
}

static enum lw_outcome outcome_of(const struct setup *a, const struct setup *b)
{
	struct lw_comparison comparison;
	enum lw_outcome outcome;

	CHECK(!lw_compare(&a->side, &b->side, &comparison));
	CHECK(comparison.nr_pairs == STAGES && comparison.nr_parties == 2);
	outcome = lw_comparison_outcome(&comparison);
	lw_comparison_clear(&comparison);
	return outcome;
}

/*
 * The promise: of comparisons of equal setups, 36 figures each, one in twenty
 * says that anything differs at all.
 */
static void test_false_alarms(void)
{
	static struct setup a, b;
	int alarms = 0, i;

	dice = 88172645463325252ull;
	for (i = 0; i < 400; i++) {
		make(&a, 1, 1000);
		make(&b, 1, 1000);
		alarms += outcome_of(&a, &b) != LW_OUTCOME_SAME;
	}
	CHECK(alarms <= 400 * LW_LEVEL_PERCENT / 100);
	/* Ten deviations are always found. */
	for (i = 0; i < 40; i++) {
		make(&a, 1, 1000);
		make(&b, 1.1L, 1000);
		CHECK(outcome_of(&a, &b) == LW_OUTCOME_SLOWER);
		CHECK(outcome_of(&b, &a) == LW_OUTCOME_DIFFERS);
	}
}

static struct lw_change *change_of(const struct lw_comparison *comparison,
				   size_t pair, enum lw_figure figure)
{
	return &comparison->pairs[pair].changes[figure];
}

static void test_maxima(void)
{
	static struct setup a, b;
	struct lw_comparison c;
	size_t run;

	make(&a, 1, 1000);
	make(&b, 1, 1000);
	for (run = 0; run < RUNS; run++) {
		a.stages[run][0].max_ns.v = 100 + run;
		b.stages[run][0].max_ns.v = 106 + run;
	}
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->verdict ==
	      LW_VERDICT_SLOWER);
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->diff.v == 6);
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->noise.v == 5);
	/* For stages, of which there are many, six runs are too few. */
	CHECK(change_of(&c, 1, LW_FIGURE_MAXIMUM)->why == LW_WHY_FEW_RUNS);
	CHECK(c.runs_for_totals == 5 && c.runs_for_stages == 7);
	lw_comparison_clear(&c);
	/* One run within the other side's range is enough. */
	b.stages[2][0].max_ns.v = 105;
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->verdict == LW_VERDICT_SAME);
	lw_comparison_clear(&c);
	/* Over many more packets, a larger maximum is no surprise. */
	make(&b, 1, 3000);
	for (run = 0; run < RUNS; run++)
		b.stages[run][0].max_ns.v = 1000;
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->why == LW_WHY_MORE_COUNTED);
	lw_comparison_clear(&c);
	CHECK(!lw_compare(&b.side, &a.side, &c));
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->why == LW_WHY_MORE_COUNTED);
	lw_comparison_clear(&c);
	/* A smaller one is. */
	for (run = 0; run < RUNS; run++)
		b.stages[run][0].max_ns.v = 10;
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->verdict ==
	      LW_VERDICT_FASTER);
	lw_comparison_clear(&c);
	/* Single runs. */
	a.side.nr_runs = b.side.nr_runs = 1;
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(change_of(&c, 0, LW_FIGURE_MAXIMUM)->why == LW_WHY_SINGLE);
	CHECK(!change_of(&c, 0, LW_FIGURE_MAXIMUM)->noise.known);
	lw_comparison_clear(&c);
}

/* What one side has not is not 0 there. */
static void test_one_sided(void)
{
	static struct setup a, b;
	char name[] = "napi", other[] = "stack";
	struct lw_comparison c;
	size_t run;

	make(&a, 1, 1000);
	make(&b, 1, 1000);
	for (run = 0; run < RUNS; run++) {
		/* Gone, seen to be none, and not seen. */
		b.runs[run].report.nr_stages = STAGES - 1;
		b.stages[run][1].count.v = b.stages[run][2].count.v = 0;
		b.stages[run][2].flags |= LATWATCH_STAGE_FLAGS_BLIND;
		b.stages[run][1].nr_buckets = b.stages[run][2].nr_buckets = 0;
	}
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(!change_of(&c, STAGES - 1, LW_FIGURE_COUNT)->value[1].known);
	CHECK(change_of(&c, STAGES - 1, LW_FIGURE_AVERAGE)->verdict ==
	      LW_VERDICT_ONLY_A);
	CHECK(change_of(&c, 1, LW_FIGURE_COUNT)->value[1].known);
	CHECK(change_of(&c, 1, LW_FIGURE_COUNT)->diff.v == -6000);
	CHECK(change_of(&c, 1, LW_FIGURE_MAXIMUM)->verdict ==
	      LW_VERDICT_ONLY_A);
	CHECK(change_of(&c, 1, LW_FIGURE_MAXIMUM)->why == LW_WHY_NONE);
	CHECK(!change_of(&c, 2, LW_FIGURE_COUNT)->value[1].known);
	CHECK(change_of(&c, 2, LW_FIGURE_P99)->why == LW_WHY_BLIND);
	lw_comparison_clear(&c);
	/* A stage is the same by its name, if it has one. */
	for (run = 0; run < RUNS; run++) {
		a.stages[run][3].name = b.stages[run][4].name = name;
		a.stages[run][4].name = b.stages[run][3].name = other;
	}
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(change_of(&c, 3, LW_FIGURE_AVERAGE)->verdict ==
	      LW_VERDICT_SLOWER);
	CHECK(change_of(&c, 4, LW_FIGURE_AVERAGE)->verdict ==
	      LW_VERDICT_FASTER);
	lw_comparison_clear(&c);
	for (run = 0; run < RUNS; run++)
		a.stages[run][3].name = b.stages[run][4].name =
			a.stages[run][4].name = b.stages[run][3].name = NULL;
	CHECK(!lw_compare(&a.side, &b.side, &c));
	/* None of them is a whole way. */
	CHECK(lw_comparison_outcome(&c) == LW_OUTCOME_SAME);
	lw_comparison_clear(&c);
	for (run = 0; run < RUNS; run++)
		b.stages[run][0].count.v = 0;
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(lw_comparison_outcome(&c) == LW_OUTCOME_DIFFERS);
	lw_comparison_clear(&c);
}

/* Side A is of before there were places, and before one of the stages. */
static void test_places(void)
{
	static const uint32_t order[STAGES] = {
		0, 1, 2, STAGES - 1, 3, 4, 5, 6, 7, 8, 9, 10,
	};
	static struct setup a, b;
	struct lw_comparison c;
	size_t run, i;

	make(&a, 1, 1000);
	make(&b, 1, 1000);
	for (run = 0; run < RUNS; run++) {
		a.runs[run].report.nr_stages = STAGES - 1;
		for (i = 0; i < STAGES; i++)
			b.stages[run][i].place = KNOWN(i + (i >= 3));
		b.stages[run][STAGES - 1].place = KNOWN(3);
	}
	CHECK(!lw_compare(&a.side, &b.side, &c));
	CHECK(c.nr_pairs == STAGES);
	for (i = 0; i < c.nr_pairs; i++)
		CHECK(c.pairs[i].stage->id == order[i]);
	lw_comparison_clear(&c);
}

/* Ids and pids change from run to run; VMs are told by their taps. */
static void test_vms(void)
{
	char *first[] = { (char []){ "tap1" } };
	char *second[] = { (char []){ "tap2" } };
	struct lw_report_vm vms[] = {
		{ .id = 1, .taps = first, .nr_taps = 1 },
		{ .id = 2, .taps = second, .nr_taps = 1 },
	};
	struct lw_report_vm swapped[] = {
		{ .id = 1, .taps = second, .nr_taps = 1 },
		{ .id = 2, .taps = first, .nr_taps = 1 },
		{ .id = 7 },
	};
	struct lw_report_stage stages[] = {
		{ .vm = KNOWN(1), .count = KNOWN(5) },
		{ .vm = KNOWN(2), .count = KNOWN(6) },
	};
	struct lw_report_stage others[] = {
		{ .vm = KNOWN(1), .count = KNOWN(60) },
		{ .vm = KNOWN(2), .count = KNOWN(50) },
		{ .vm = KNOWN(7), .count = KNOWN(70) },
	};
	struct lw_run runs[] = {
		{ .report = { .vms = vms, .nr_vms = 2, .stages = stages,
			      .nr_stages = 2 } },
		{ .report = { .vms = swapped, .nr_vms = 3, .stages = others,
			      .nr_stages = 3 } },
	};
	struct lw_side a = { "a", runs, 1 }, b = { "b", runs + 1, 1 };
	struct lw_comparison c;

	CHECK(!lw_compare(&a, &b, &c));
	CHECK(c.nr_parties == 4 && c.nr_pairs == 3);
	CHECK(c.parties[0].vm[0]->id == 1 && c.parties[0].vm[1]->id == 2);
	CHECK(c.parties[1].vm[0]->id == 2 && c.parties[1].vm[1]->id == 1);
	CHECK(!c.parties[2].vm[0] && c.parties[2].vm[1]->id == 7);
	CHECK(!c.parties[3].vm[0] && !c.parties[3].vm[1]);
	CHECK(change_of(&c, 0, LW_FIGURE_COUNT)->percent.v == 900);
	CHECK(change_of(&c, 1, LW_FIGURE_COUNT)->percent.v == 900);
	CHECK(!change_of(&c, 2, LW_FIGURE_COUNT)->diff.known);
	/* Nothing has a time: that is no proof that nothing differs. */
	CHECK(lw_comparison_outcome(&c) == LW_OUTCOME_UNJUDGED);
	lw_comparison_clear(&c);
}

static const struct ktap_test tests[] = {
	{ "spread of runs", test_spread },
	{ "noise of repeated runs", test_welch },
	{ "noise of the averages of single runs", test_means },
	{ "noise of the percentiles of single runs", test_percentiles },
	{ "ranges that part by chance", test_parting },
	{ "setups that are alike rarely differ", test_false_alarms },
	{ "maxima", test_maxima },
	{ "what only one side has", test_one_sided },
	{ "stages by place, where one side says it", test_places },
	{ "VMs that change their ids", test_vms },
};

int main(void)
{
	return ktap_run(tests, sizeof(tests) / sizeof(tests[0]));
}
