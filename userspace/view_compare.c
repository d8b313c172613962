// SPDX-License-Identifier: GPL-2.0
/*
 * Two setups side by side, for people.  Takes a comparison and the columns,
 * prints text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "color.h"
#include "view.h"
#include "view_compare.h"

#define NARROWEST 7

/**
 * lw_walk_next - take a step
 * @walk: the walk; zeroed but for its comparison before the first step
 *
 * Stages that neither side passed are left out.
 *
 * Return: false behind the last.
 */
bool lw_walk_next(struct lw_walk *walk)
{
	const struct lw_comparison *c = walk->comparison;
	size_t end = c->nr_pairs * LW_FIGURES;

	while (walk->next < end &&
	       lw_pair_is_empty(&c->pairs[walk->next / LW_FIGURES]))
		walk->next += LW_FIGURES;
	if (walk->next >= end)
		return false;
	walk->pair = &c->pairs[walk->next / LW_FIGURES];
	walk->row = (struct lw_row){
		.stage = walk->pair->stage,
		.party = &c->parties[walk->pair->party],
		.change = &walk->pair->changes[walk->next % LW_FIGURES],
	};
	walk->next++;
	return true;
}

static bool is_alike(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void print_side(const char *letter, const struct lw_side *side,
		       FILE *out)
{
	const struct lw_info *info = &side->runs[0].report.info;
	char text[LW_TEXT_SIZE];
	size_t i;

	fprintf(out, "%s       ", letter);
	lw_print_plain(out, side->name);
	fprintf(out, "   %zu run%s", side->nr_runs,
		side->nr_runs == 1 ? "" : "s");
	fprintf(out, "   latwatch %s", lw_text_plain(text, info->version));
	fprintf(out, "   %s%s", lw_text_plain(text, info->kernel),
		info->preempt_rt ? " PREEMPT_RT" : "");
	fprintf(out, "   clock %s\n", lw_text_plain(text, info->clock));
	for (i = 0; i < side->nr_runs; i++) {
		const struct lw_report *report = &side->runs[i].report;

		if (!is_alike(report->info.kernel, info->kernel) ||
		    report->info.preempt_rt != info->preempt_rt) {
			fputs("note    ", out);
			lw_print_plain(out, side->runs[i].path);
			fputs(" is of another kernel\n", out);
		}
		if (report->interrupted) {
			fputs("note    ", out);
			lw_print_plain(out, side->runs[i].path);
			fputs(" was interrupted by a change\n", out);
		}
	}
}

static void print_vm(const struct lw_report_vm *vm, FILE *out)
{
	char text[LW_TEXT_SIZE];
	size_t i;

	if (!vm) {
		fputs("none", out);
		return;
	}
	fprintf(out, "VM %u", vm->id);
	for (i = 0; i < vm->nr_taps; i++)
		fprintf(out, "%s%s", i ? "," : " ",
			lw_text_plain(text, vm->taps[i]));
}

static void print_way(const struct lw_walk *walk, FILE *out)
{
	const struct lw_party *party = walk->row.party;

	fputc('\n', out);
	lw_color_begin(LW_HUE_TITLE, out);
	fprintf(out, "%s  ", lw_name_path(walk->pair->stage->path));
	if (!party->vm[LW_SIDE_A] && !party->vm[LW_SIDE_B]) {
		fputs("host", out);
	} else {
		fputs("A: ", out);
		print_vm(party->vm[LW_SIDE_A], out);
		fputs("  B: ", out);
		print_vm(party->vm[LW_SIDE_B], out);
	}
	lw_color_end(out);
	fputs("  times in us\n", out);
}

static const char *cell_text(const struct lw_row *row,
			     const struct lw_column *column, char *text)
{
	struct lw_cell cell = { .kind = LW_CELL_NONE };

	column->get(row, &cell);
	return lw_cell_for_people(&cell, text);
}

static void find_widths(const struct lw_comparison *comparison, int *widths)
{
	struct lw_walk walk = { .comparison = comparison };
	char text[LW_TEXT_SIZE];
	size_t i;
	int len;

	for (i = 0; i < lw_nr_columns; i++) {
		len = lw_columns[i].title ? (int)strlen(lw_columns[i].title) : 0;
		widths[i] = len > NARROWEST ? len : NARROWEST;
	}
	while (lw_walk_next(&walk))
		for (i = 0; i < lw_nr_columns; i++) {
			if (!(lw_columns[i].where & LW_IN_COMPARISON))
				continue;
			len = (int)strlen(cell_text(&walk.row, &lw_columns[i],
						    text));
			if (len > widths[i])
				widths[i] = len;
		}
}

static void begin_verdict(enum lw_verdict verdict, FILE *out)
{
	if (verdict == LW_VERDICT_SLOWER)
		lw_color_begin(LW_HUE_BAD, out);
	else if (verdict == LW_VERDICT_FASTER)
		lw_color_begin(LW_HUE_GOOD, out);
}

static void end_verdict(enum lw_verdict verdict, FILE *out)
{
	if (verdict == LW_VERDICT_SLOWER || verdict == LW_VERDICT_FASTER)
		lw_color_end(out);
}

/* One line of the table; its titles where there is no row. */
static void print_line(const struct lw_row *row, const int *widths, FILE *out)
{
	char text[LW_TEXT_SIZE];
	bool of_stage = true;
	int gap = 4, len;
	const char *word;
	size_t i;

	if (row)
		begin_verdict(row->change->verdict, out);
	for (i = 0; i < lw_nr_columns; i++) {
		const struct lw_column *column = &lw_columns[i];

		if (!(column->where & LW_IN_COMPARISON))
			continue;
		word = row ? cell_text(row, column, text) : column->title;
		of_stage = of_stage && column->where & LW_IN_PAGE;
		/* A stage is named once. */
		if (row && of_stage && row->change->figure != LW_FIGURE_COUNT)
			word = "";
		len = (int)strlen(word);
		fprintf(out, "%*s%s", column->left ? gap :
				      gap + widths[i] - len, "", word);
		gap = 2 + (column->left ? widths[i] - len : 0);
	}
	if (row)
		end_verdict(row->change->verdict, out);
	fputc('\n', out);
}

static void print_rows(const struct lw_comparison *comparison,
		       const int *widths, FILE *out)
{
	struct lw_walk walk = { .comparison = comparison };
	const struct lw_pair *before = NULL;

	while (lw_walk_next(&walk)) {
		if (!before || before->party != walk.pair->party ||
		    before->stage->path != walk.pair->stage->path) {
			print_way(&walk, out);
			print_line(NULL, widths, out);
		}
		before = walk.pair;
		print_line(&walk.row, widths, out);
	}
}

static void print_notes(const struct lw_comparison *c, FILE *out)
{
	bool single = c->sides[LW_SIDE_A]->nr_runs == 1 &&
		      c->sides[LW_SIDE_B]->nr_runs == 1;

	if (single)
		fputs("note    single runs: the noise is that within a run; what differs from run to run\n"
		      "        is not in it, and a maximum has none: repeat the runs\n",
		      out);
	if (c->whys[LW_WHY_FEW_RUNS])
		fprintf(out,
			"note    to judge maxima end to end takes %u runs of each side, those of stages %u\n",
			c->runs_for_totals, c->runs_for_stages);
}

static void print_summary(const struct lw_comparison *c, FILE *out)
{
	static const char *const words[LW_VERDICTS] = {
		[LW_VERDICT_SLOWER] = "slower", [LW_VERDICT_FASTER] = "faster",
		[LW_VERDICT_SAME] = "within noise",
		[LW_VERDICT_ONLY_A] = "only in A",
		[LW_VERDICT_ONLY_B] = "only in B",
		[LW_VERDICT_NONE] = "not judged",
	};
	static const enum lw_verdict order[] = {
		LW_VERDICT_SLOWER, LW_VERDICT_FASTER, LW_VERDICT_SAME,
		LW_VERDICT_ONLY_A, LW_VERDICT_ONLY_B, LW_VERDICT_NONE,
	};
	const char *before = ": of all figures but counts";
	size_t i;

	fputc('\n', out);
	print_notes(c, out);
	fprintf(out, "verdict %s", lw_name_outcome(lw_comparison_outcome(c)));
	for (i = 0; i < LW_VERDICTS; i++) {
		if (!c->verdicts[order[i]])
			continue;
		fprintf(out, "%s ", before);
		begin_verdict(order[i], out);
		fprintf(out, "%zu %s", c->verdicts[order[i]], words[order[i]]);
		end_verdict(order[i], out);
		before = ",";
	}
	fputs(before[0] == ':' ? ": nothing was measured\n" : "\n", out);
}

/* Shows a comparison; see lw_compare_view. */
int lw_compare_text(const struct lw_comparison *comparison, FILE *out)
{
	int *widths = calloc(lw_nr_columns, sizeof(*widths));

	if (!widths)
		return -ENOMEM;
	print_side("A", comparison->sides[LW_SIDE_A], out);
	print_side("B", comparison->sides[LW_SIDE_B], out);
	find_widths(comparison, widths);
	print_rows(comparison, widths, out);
	print_summary(comparison, out);
	free(widths);
	return 0;
}
