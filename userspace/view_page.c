// SPDX-License-Identifier: GPL-2.0
/*
 * The page that a user gets without options.  Takes the columns and the model,
 * prints text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "column.h"
#include "view.h"

/* Columns that neighbouring tables share stay under each other up to this. */
#define NARROWEST 7

/* More tracepoints than this are not named in a row. */
#define MOST_NAMED 2

typedef char text_cell[LW_TEXT_SIZE];

/*
 * A blind stage that counted nothing keeps its row, or its absence would pass
 * for a way that packets do not take.
 */
static bool has_row(const struct lw_stage *stage)
{
	return stage->count.v || stage->flags & LATWATCH_STAGE_FLAGS_BLIND;
}

static bool is_blind(const struct lw_stage *stage)
{
	return stage->flags & LATWATCH_STAGE_FLAGS_BLIND && !stage->count.v;
}

/*
 * Why a blind stage is blind.  Which of several tracepoints it lacks is not
 * told; the head of the page lists them with what each costs.
 */
static void print_lacks(const struct lw_info *info, FILE *out)
{
	size_t missing = 0, named = 0, i;

	for (i = 0; i < info->nr_tracepoints; i++)
		missing += !info->tracepoints[i].attached;
	if (!missing || missing > MOST_NAMED) {
		fputs("a tracepoint is missing, see above", out);
		return;
	}
	for (i = 0; i < info->nr_tracepoints; i++) {
		if (info->tracepoints[i].attached)
			continue;
		fputs(named++ ? " or " : "", out);
		lw_print_plain(out, info->tracepoints[i].name);
	}
	fputs(" missing", out);
}

static void print_cell(const struct lw_column *column, const char *text,
		       int width, bool first, FILE *out)
{
	if (!first)
		fputs("  ", out);
	fprintf(out, column->left ? "%-*s" : "%*s", width, text);
}

static void print_row(const struct lw_row *row, const text_cell *texts,
		      const int *widths, const struct lw_info *info, FILE *out)
{
	char text[LW_TEXT_SIZE];
	bool first = true;
	size_t i;

	fputs("    ", out);
	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & LW_IN_PAGE))
			continue;
		if (is_blind(row->stage) && !lw_columns[i].left) {
			fputs("  not measured: ", out);
			print_lacks(info, out);
			break;
		}
		print_cell(&lw_columns[i], texts[i], widths[i], first, out);
		first = false;
	}
	if (row->stage->id == row->split->largest)
		fputs("  <", out);
	if (row->stage->flags & LATWATCH_STAGE_FLAGS_TOTAL &&
	    row->split->residual_ns.known &&
	    row->stage->id < LW_SPLIT_STAGES &&
	    row->split->part_ns[row->stage->id].known) {
		struct lw_real residual = {
			(long double)row->split->residual_ns.v, true,
		};

		fprintf(out, "  sum %s",
			lw_text_us(text, lw_real_of(row->split->sum_ns)));
		fprintf(out, ", residual %s", lw_text_us(text, residual));
	}
	fputc('\n', out);
}

static size_t count_rows(const struct lw_report *report,
			 const struct lw_vm *vm)
{
	const struct lw_stage *stage = NULL;
	size_t nr = 0;

	while ((stage = lw_report_next_stage(report, vm, stage)))
		nr += has_row(stage);
	return nr;
}

static void fill_row(const struct lw_row *row, text_cell *texts, int *widths)
{
	struct lw_cell cell;
	size_t i;
	int len;

	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & LW_IN_PAGE))
			continue;
		cell.kind = LW_CELL_NONE;
		lw_columns[i].get(row, &cell);
		len = (int)strlen(lw_cell_for_people(&cell, texts[i]));
		if (len > widths[i])
			widths[i] = len;
	}
}

static void print_titles(const int *widths, FILE *out)
{
	bool first = true;
	size_t i;

	fputs("    ", out);
	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & LW_IN_PAGE))
			continue;
		print_cell(&lw_columns[i], lw_columns[i].title, widths[i],
			   first, out);
		first = false;
	}
	fputc('\n', out);
}

static int print_table(const struct lw_report *report, const struct lw_vm *vm,
		       const struct lw_split *split,
		       const struct lw_books *books, FILE *out)
{
	struct lw_row row = { .vm = vm, .split = split, .books = books };
	size_t nr = count_rows(report, vm), columns = lw_nr_columns, i;
	text_cell *texts;
	int *widths;

	if (!nr) {
		fputs("    nothing measured yet\n", out);
		return 0;
	}
	texts = calloc(nr * columns, sizeof(*texts));
	widths = calloc(columns, sizeof(*widths));
	if (!texts || !widths) {
		free(texts);
		free(widths);
		return -ENOMEM;
	}
	for (i = 0; i < columns; i++) {
		int len = lw_columns[i].title ?
			  (int)strlen(lw_columns[i].title) : 0;

		widths[i] = len > NARROWEST ? len : NARROWEST;
	}
	for (i = 0; i < nr;) {
		row.stage = lw_report_next_stage(report, vm, row.stage);
		if (has_row(row.stage))
			fill_row(&row, texts + i++ * columns, widths);
	}
	print_titles(widths, out);
	row.stage = NULL;
	for (i = 0; i < nr;) {
		row.stage = lw_report_next_stage(report, vm, row.stage);
		if (has_row(row.stage))
			print_row(&row, texts + i++ * columns, widths,
				  &report->info, out);
	}
	free(texts);
	free(widths);
	return 0;
}

static void print_unaccounted(const struct lw_books *books, FILE *out)
{
	char text[LW_TEXT_SIZE];

	if (books->unaccounted.known)
		fprintf(out, ", %s unaccounted\n",
			lw_text_count(text, books->unaccounted));
	else
		fputs(", the ledger was not read\n", out);
}

/* One line for each stage that spans the way: from a NIC, or from here. */
static void print_verdicts(const struct lw_report *report,
			   const struct lw_vm *vm,
			   const struct lw_books *books, FILE *out)
{
	const struct lw_stage *stage = NULL;
	char text[LW_TEXT_SIZE];
	bool any = false, blind = false;

	while ((stage = lw_report_next_stage(report, vm, stage))) {
		if (!(stage->flags & LATWATCH_STAGE_FLAGS_TOTAL))
			continue;
		blind |= is_blind(stage);
		if (!stage->count.v)
			continue;
		fprintf(out, "    verdict max %s us over ",
			lw_text_us_exact(text, stage->max_ns));
		fprintf(out, "%s packet%s", lw_text_count(text, stage->count),
			stage->count.v == 1 ? "" : "s");
		if (stage->id != LATWATCH_STAGE_END_TO_END)
			fprintf(out, " (%s)",
				lw_text_plain(text, stage->name));
		print_unaccounted(books, out);
		any = true;
	}
	if (any)
		return;
	fputs("    verdict ", out);
	if (blind) {
		fputs("not measured: ", out);
		print_lacks(&report->info, out);
	} else {
		fputs("no packet was delivered yet", out);
	}
	print_unaccounted(books, out);
}

static int print_block(const struct lw_report *report, const struct lw_vm *vm,
		       FILE *out)
{
	const struct lw_ledger *ledger = lw_report_find_ledger(report, vm);
	static const uint32_t totals[] = {
		LATWATCH_STAGE_END_TO_END, LATWATCH_STAGE_END_TO_END_LOCAL,
	};
	const struct lw_watermark *worst[2];
	struct lw_split split;
	struct lw_books books;
	size_t i;
	int err;

	for (i = 0; i < 2; i++)
		worst[i] = lw_report_find_watermark(report, vm, totals[i]);
	lw_watermark_split(worst[0] ? worst[0] : worst[1], &split);
	lw_ledger_books(ledger, &books);
	err = print_table(report, vm, &split, &books, out);
	for (i = 0; i < 2; i++)
		if (worst[i])
			lw_print_worst(report, worst[i], out);
	lw_print_books(ledger, &books, out);
	return err;
}

/* What was counted for VMs whose place another one took is the host's. */
static bool has_forgotten(const struct lw_report *report)
{
	const struct lw_stage *stage = NULL;

	while ((stage = lw_report_next_stage(report, NULL, stage)))
		if (!(stage->flags & LATWATCH_STAGE_FLAGS_HOST) &&
		    stage->count.v)
			return true;
	return false;
}

static int print_host(const struct lw_report *report, bool any_vm, FILE *out)
{
	const struct lw_ledger *ledger = lw_report_find_ledger(report, NULL);
	struct lw_books books;
	int err;

	lw_ledger_books(ledger, &books);
	if (has_forgotten(report)) {
		fputs("\nhost  with VMs that are forgotten  times in us\n",
		      out);
		err = print_block(report, NULL, out);
		print_verdicts(report, NULL, &books, out);
		return err;
	}
	if (any_vm) {
		fputs("\nhost\n", out);
		lw_print_books(ledger, &books, out);
		return 0;
	}
	fputs("\nhost  no VM was seen  times in us\n", out);
	err = print_block(report, NULL, out);
	fputs("    verdict no VM was seen: nothing was measured end to end\n",
	      out);
	return err;
}

/* Shows the page; see lw_view. */
int lw_view_page(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	bool any_vm = false;
	struct lw_books books;
	size_t i;
	int err;

	(void)options;
	lw_print_header(report, out);
	for (i = 0; i < report->nr_vms; i++) {
		const struct lw_vm *vm = &report->vms[i];

		if (!lw_report_shows(report, vm))
			continue;
		any_vm = true;
		fputc('\n', out);
		lw_print_vm(report, vm, out);
		err = print_block(report, vm, out);
		if (err)
			return err;
		lw_ledger_books(lw_report_find_ledger(report, vm), &books);
		print_verdicts(report, vm, &books, out);
	}
	return print_host(report, any_vm, out);
}
