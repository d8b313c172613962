/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_COMPARE_H
#define LW_COMPARE_H

#include "derive.h"
#include "noise.h"
#include "side.h"

/* How often two equal setups may be said to differ in anything at all. */
#define LW_LEVEL 0.05L
#define LW_LEVEL_PERCENT 5

enum {
	LW_SIDE_A,
	LW_SIDE_B,
	LW_SIDES,
};

enum lw_figure {
	LW_FIGURE_COUNT,
	LW_FIGURE_AVERAGE,
	LW_FIGURE_P99,
	LW_FIGURE_MAXIMUM,
	LW_FIGURES,
};

enum lw_verdict {
	LW_VERDICT_NONE,	/* not judged */
	LW_VERDICT_SAME,	/* within the noise */
	LW_VERDICT_SLOWER,	/* B takes longer */
	LW_VERDICT_FASTER,
	LW_VERDICT_ONLY_A,
	LW_VERDICT_ONLY_B,
	LW_VERDICTS,
};

/* Why a figure was not judged. */
enum lw_why {
	LW_WHY_NONE,
	LW_WHY_SINGLE,		/* a maximum of a single run */
	LW_WHY_FEW_RUNS,	/* to tell their maxima apart */
	LW_WHY_FEW_COUNTED,	/* for a noise figure from within a run */
	LW_WHY_MORE_COUNTED,	/* a maximum over many more is larger anyway */
	LW_WHY_BLIND,		/* a tracepoint was missing on the other side */
	LW_WHYS,
};

/* What the noise was taken from. */
enum lw_basis {
	LW_BASIS_NONE,
	LW_BASIS_RUNS,
	LW_BASIS_WITHIN,	/* the spread within single runs */
};

/**
 * struct lw_change - one figure of a stage on both sides
 * @figure: which one
 * @spread: over the runs of each side
 * @value: of each side: counted in all, mean of averages or of percentiles,
 *	   largest of all
 * @diff: B less A
 * @percent: of A
 * @noise: what @diff must exceed
 * @basis: of @noise
 * @verdict: see there
 * @why: there is no verdict, or no value on the other side
 */
struct lw_change {
	enum lw_figure figure;
	struct lw_spread spread[LW_SIDES];
	struct lw_real value[LW_SIDES];
	struct lw_real diff;
	struct lw_real percent;
	struct lw_real noise;
	enum lw_basis basis;
	enum lw_verdict verdict;
	enum lw_why why;
};

/**
 * struct lw_party - a VM of both sides, or the host
 * @vm: in the first run of each side that has it; both NULL for the host
 */
struct lw_party {
	const struct lw_report_vm *vm[LW_SIDES];
};

/**
 * struct lw_pair - a stage of both sides
 * @party: index of the VM or the host
 * @stage: in the first run that has it, for what it is
 * @place: of the stage, in the first run that says it
 * @runs: by run of each side; NULL where a run has it not
 * @changes: by enum lw_figure
 */
struct lw_pair {
	size_t party;
	const struct lw_report_stage *stage;
	struct lw_value place;
	const struct lw_report_stage **runs[LW_SIDES];
	struct lw_change changes[LW_FIGURES];
};

/**
 * struct lw_comparison - two setups side by side
 * @sides: A and B
 * @parties: the VMs, then the host
 * @nr_parties: how many
 * @pairs: in the order of the parties and of the way
 * @nr_pairs: how many
 * @verdicts: how many figures, by enum lw_verdict; without counts
 * @whys: how many, by enum lw_why
 * @runs_for_totals: of each side, to judge maxima of whole ways
 * @runs_for_stages: likewise those of other stages
 * @ways_differ: a way was measured from end to end on one side only
 */
struct lw_comparison {
	const struct lw_side *sides[LW_SIDES];
	struct lw_party *parties;
	size_t nr_parties;
	struct lw_pair *pairs;
	size_t nr_pairs;
	size_t verdicts[LW_VERDICTS];
	size_t whys[LW_WHYS];
	unsigned int runs_for_totals;
	unsigned int runs_for_stages;
	bool ways_differ;
};

enum lw_outcome {
	LW_OUTCOME_SAME,	/* no figure differs beyond its noise */
	LW_OUTCOME_SLOWER,	/* B is slower in one at least */
	LW_OUTCOME_DIFFERS,	/* it is not, but differs */
	LW_OUTCOME_UNJUDGED,	/* no figure could be judged */
};

int lw_compare(const struct lw_side *a, const struct lw_side *b,
	       struct lw_comparison *comparison);
void lw_comparison_judge(struct lw_comparison *comparison);
void lw_comparison_clear(struct lw_comparison *comparison);
enum lw_outcome lw_comparison_outcome(const struct lw_comparison *comparison);
bool lw_pair_is_empty(const struct lw_pair *pair);

const char *lw_name_figure(enum lw_figure figure, bool with_unit);
const char *lw_name_verdict(enum lw_verdict verdict);
const char *lw_name_why(enum lw_why why);
const char *lw_name_basis(enum lw_basis basis);
const char *lw_name_outcome(enum lw_outcome outcome);

#endif
