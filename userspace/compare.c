// SPDX-License-Identifier: GPL-2.0
/*
 * Two setups side by side: which stage of one run is which of another.  Takes
 * the runs of each, has judge.c say what differs, gives to the views.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "compare.h"

#define A LW_SIDE_A
#define B LW_SIDE_B

static bool have_same_taps(const struct lw_report_vm *x, const struct lw_report_vm *y)
{
	size_t i;

	if (!x->nr_taps || x->nr_taps != y->nr_taps)
		return false;
	for (i = 0; i < x->nr_taps; i++)
		if (strcmp(x->taps[i], y->taps[i]))
			return false;
	return true;
}

#define NO_PARTY SIZE_MAX

static bool is_taken(const size_t *of_vm, size_t nr_vms, size_t party)
{
	size_t i;

	for (i = 0; i < nr_vms; i++)
		if (of_vm[i] == party)
			return true;
	return false;
}

static const struct lw_report_vm *vm_of(const struct lw_party *party)
{
	return party->vm[A] ? party->vm[A] : party->vm[B];
}

/*
 * Which VM of a run is which of the others': ids and pids differ from run to
 * run, taps hardly.  Those that no tap tells are taken in their order.
 */
static int assign_vms(struct lw_comparison *c, const struct lw_report *report,
		      int side, size_t *of_vm)
{
	size_t nr = report->nr_vms, vm, party;

	for (vm = 0; vm < nr; vm++)
		of_vm[vm] = NO_PARTY;
	for (vm = 0; vm < nr; vm++)
		for (party = 0; of_vm[vm] == NO_PARTY && party < c->nr_parties;
		     party++)
			if (!is_taken(of_vm, nr, party) &&
			    have_same_taps(vm_of(&c->parties[party]),
					   &report->vms[vm]))
				of_vm[vm] = party;
	for (vm = 0; vm < nr; vm++) {
		for (party = 0; of_vm[vm] == NO_PARTY && party < c->nr_parties;
		     party++)
			if (!is_taken(of_vm, nr, party))
				of_vm[vm] = party;
		if (of_vm[vm] == NO_PARTY) {
			if (!lw_array_add(&c->parties, &c->nr_parties,
					  sizeof(*c->parties)))
				return -ENOMEM;
			of_vm[vm] = c->nr_parties - 1;
		}
		if (!c->parties[of_vm[vm]].vm[side])
			c->parties[of_vm[vm]].vm[side] = &report->vms[vm];
	}
	return 0;
}

static size_t party_of(const struct lw_report *report, const size_t *of_vm,
		       const struct lw_report_stage *stage)
{
	size_t i;

	for (i = 0; stage->vm.known && i < report->nr_vms; i++)
		if (report->vms[i].id == stage->vm.v)
			return of_vm[i];
	return NO_PARTY;
}

/* By name, which is what people compare; before 0.1.0, numbers changed. */
static bool is_same_stage(const struct lw_report_stage *x, const struct lw_report_stage *y)
{
	if (x->path != y->path)
		return false;
	return x->name && y->name ? !strcmp(x->name, y->name) :
				    x->id == y->id;
}

static struct lw_pair *find_pair(struct lw_comparison *c, size_t party,
				 const struct lw_report_stage *stage)
{
	struct lw_pair *pair;
	size_t i;

	for (i = 0; i < c->nr_pairs; i++) {
		pair = &c->pairs[i];
		if (pair->party == party && is_same_stage(pair->stage, stage))
			return pair;
	}
	pair = lw_array_add(&c->pairs, &c->nr_pairs, sizeof(*pair));
	if (!pair)
		return NULL;
	pair->party = party;
	pair->stage = stage;
	for (i = A; i <= B; i++) {
		pair->runs[i] = calloc(c->sides[i]->nr_runs,
				       sizeof(pair->runs[i][0]));
		if (!pair->runs[i])
			return NULL;
	}
	return pair;
}

static int add_run(struct lw_comparison *c, int side, size_t run)
{
	const struct lw_report *report = &c->sides[side]->runs[run].report;
	size_t *of_vm = calloc(report->nr_vms + 1, sizeof(*of_vm));
	struct lw_pair *pair;
	size_t i;
	int err = of_vm ? assign_vms(c, report, side, of_vm) : -ENOMEM;

	for (i = 0; !err && i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];

		pair = find_pair(c, party_of(report, of_vm, stage), stage);
		if (!pair) {
			err = -ENOMEM;
			break;
		}
		pair->runs[side][run] = stage;
		if (!pair->place.known)
			pair->place = stage->place;
	}
	free(of_vm);
	return err;
}

/* One run that says the place is enough: those without may be of before it. */
static uint64_t place_of(const struct lw_pair *pair)
{
	return pair->place.known ? pair->place.v : lw_stage_place(pair->stage);
}

static int compare_pairs(const void *a, const void *b)
{
	const struct lw_pair *x = a, *y = b;
	uint64_t of_x[] = {
		x->party, x->stage->path,
		x->stage->flags & LATWATCH_STAGE_FLAGS_AFTER, place_of(x),
		x->stage->id,
	};
	uint64_t of_y[] = {
		y->party, y->stage->path,
		y->stage->flags & LATWATCH_STAGE_FLAGS_AFTER, place_of(y),
		y->stage->id,
	};
	size_t i;

	for (i = 0; i < sizeof(of_x) / sizeof(of_x[0]); i++)
		if (of_x[i] != of_y[i])
			return of_x[i] > of_y[i] ? 1 : -1;
	return 0;
}

/* The host's stages come last, as its party. */
static int settle(struct lw_comparison *c)
{
	size_t i;

	for (i = 0; i < c->nr_pairs; i++)
		if (c->pairs[i].party == NO_PARTY)
			c->pairs[i].party = c->nr_parties;
	if (c->nr_pairs)
		qsort(c->pairs, c->nr_pairs, sizeof(*c->pairs), compare_pairs);
	return lw_array_add(&c->parties, &c->nr_parties,
			    sizeof(*c->parties)) ? 0 : -ENOMEM;
}

/**
 * lw_compare - put two setups side by side
 * @a: the runs of one, what the other is compared with
 * @b: the runs of the other
 * @comparison: is set and refers to both; lw_comparison_clear() it after use,
 *		not after an error
 *
 * Return: 0, or -ENOMEM.
 */
int lw_compare(const struct lw_side *a, const struct lw_side *b,
	       struct lw_comparison *comparison)
{
	size_t run;
	int side, err = 0;

	*comparison = (struct lw_comparison){ .sides = { a, b } };
	for (side = A; side <= B; side++)
		for (run = 0; !err && run < comparison->sides[side]->nr_runs;
		     run++)
			err = add_run(comparison, side, run);
	if (!err)
		err = settle(comparison);
	if (err)
		lw_comparison_clear(comparison);
	else
		lw_comparison_judge(comparison);
	return err;
}

/**
 * lw_comparison_clear - free what a comparison holds and zero it
 * @comparison: the comparison
 */
void lw_comparison_clear(struct lw_comparison *comparison)
{
	while (comparison->nr_pairs) {
		struct lw_pair *pair =
			&comparison->pairs[--comparison->nr_pairs];

		free(pair->runs[A]);
		free(pair->runs[B]);
	}
	free(comparison->pairs);
	free(comparison->parties);
	memset(comparison, 0, sizeof(*comparison));
}

/**
 * lw_comparison_outcome - what a script wants to know
 * @comparison: the comparison
 *
 * Return: the outcome.
 */
enum lw_outcome lw_comparison_outcome(const struct lw_comparison *comparison)
{
	const size_t *verdicts = comparison->verdicts;

	if (verdicts[LW_VERDICT_SLOWER])
		return LW_OUTCOME_SLOWER;
	if (verdicts[LW_VERDICT_FASTER] || comparison->ways_differ)
		return LW_OUTCOME_DIFFERS;
	return verdicts[LW_VERDICT_SAME] ? LW_OUTCOME_SAME :
					   LW_OUTCOME_UNJUDGED;
}

/**
 * lw_pair_is_empty - whether neither side counted anything
 * @pair: the pair
 *
 * Return: true unless there is something to show.
 */
bool lw_pair_is_empty(const struct lw_pair *pair)
{
	const struct lw_real *count = pair->changes[LW_FIGURE_COUNT].value;

	return !(count[A].known && count[A].v > 0) &&
	       !(count[B].known && count[B].v > 0);
}

/**
 * lw_name_figure - what a figure is called
 * @figure: the figure
 * @with_unit: for machines
 *
 * Return: a word.
 */
const char *lw_name_figure(enum lw_figure figure, bool with_unit)
{
	static const char *const names[LW_FIGURES][2] = {
		[LW_FIGURE_COUNT] = { "count", "count" },
		[LW_FIGURE_AVERAGE] = { "avg", "avg_ns" },
		[LW_FIGURE_P99] = { "p99", "p99_ns" },
		[LW_FIGURE_MAXIMUM] = { "max", "max_ns" },
	};

	return names[figure][with_unit];
}

/**
 * lw_name_verdict - what became of a figure
 * @verdict: the verdict
 *
 * Return: a word, or NULL where there is none.
 */
const char *lw_name_verdict(enum lw_verdict verdict)
{
	static const char *const names[LW_VERDICTS] = {
		[LW_VERDICT_SAME] = "within noise",
		[LW_VERDICT_SLOWER] = "slower",
		[LW_VERDICT_FASTER] = "faster",
		[LW_VERDICT_ONLY_A] = "only A",
		[LW_VERDICT_ONLY_B] = "only B",
	};

	return names[verdict];
}

/**
 * lw_name_why - why a figure was not judged
 * @why: the reason
 *
 * Return: words, or NULL where there is none.
 */
const char *lw_name_why(enum lw_why why)
{
	static const char *const names[LW_WHYS] = {
		[LW_WHY_SINGLE] = "single runs",
		[LW_WHY_FEW_RUNS] = "too few runs",
		[LW_WHY_FEW_COUNTED] = "too few counted",
		[LW_WHY_MORE_COUNTED] = "over many more",
		[LW_WHY_BLIND] = "other side blind",
	};

	return names[why];
}

/**
 * lw_name_basis - what a noise figure was taken from
 * @basis: the basis
 *
 * Return: words, or NULL where there is none.
 */
const char *lw_name_basis(enum lw_basis basis)
{
	return basis == LW_BASIS_RUNS ? "runs" :
	       basis == LW_BASIS_WITHIN ? "within runs" : NULL;
}

/**
 * lw_name_outcome - what a comparison came to
 * @outcome: the outcome
 *
 * Return: a word.
 */
const char *lw_name_outcome(enum lw_outcome outcome)
{
	static const char *const names[] = {
		[LW_OUTCOME_SAME] = "same",
		[LW_OUTCOME_SLOWER] = "slower",
		[LW_OUTCOME_DIFFERS] = "differs",
		[LW_OUTCOME_UNJUDGED] = "unjudged",
	};

	return names[outcome];
}
