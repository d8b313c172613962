// SPDX-License-Identifier: GPL-2.0
/*
 * The table of one path's stages.  Takes the columns and the model, prints
 * text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "color.h"
#include "rows.h"
#include "view.h"

/* Columns that neighbouring tables share stay under each other up to this. */
#define NARROWEST 7

typedef char text_cell[LW_TEXT_SIZE];

static void fill_row(const struct lw_row *row, text_cell *texts, int *widths)
{
	struct lw_cell cell;
	size_t i;
	int len;

	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & LW_IN_PAGE) ||
		    !lw_row_has(row, &lw_columns[i]))
			continue;
		cell.kind = LW_CELL_NONE;
		lw_columns[i].get(row, &cell);
		len = (int)strlen(lw_cell_for_people(&cell, texts[i]));
		if (len > widths[i])
			widths[i] = len;
	}
}

static void print_cell(const struct lw_column *column, const char *text,
		       int width, bool first, FILE *out)
{
	if (!first)
		fputs("  ", out);
	fprintf(out, column->left ? "%-*s" : "%*s", width, text);
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

/**
 * lw_print_residual - what the stages of a total's own worst flight add up to
 * @report: the report, settled
 * @row: the total's; nothing is printed for another
 * @out: where to
 */
void lw_print_residual(const struct lw_report *report, const struct lw_row *row,
		       FILE *out)
{
	const struct lw_report_stage *stage = row->stage;
	const struct lw_report_watermark *worst;
	char text[LW_TEXT_SIZE];
	struct lw_split split;
	struct lw_real residual = { .known = true };

	if (row->borrowed || !(stage->flags & LATWATCH_STAGE_FLAGS_TOTAL))
		return;
	worst = lw_report_find_watermark(report, row->vm, stage->id);
	lw_watermark_split(report, worst, stage->path, &split);
	if (worst && !split.sum_ns.known && !lw_report_has_bounds(report))
		fputs("  not split: the module does not say where stages end", out);
	if (!split.residual_ns.known)
		return;
	residual.v = (long double)split.residual_ns.v;
	fprintf(out, "  sum %s", lw_text_us(text, lw_real_of(split.sum_ns)));
	fprintf(out, ", residual %s", lw_text_us(text, residual));
}

static void print_row(const struct lw_report *report, const struct lw_row *row,
		      const text_cell *texts, const int *widths, FILE *out)
{
	bool blind = !row->borrowed && lw_stage_is_blind(row->stage);
	bool largest = row->stage->id == row->split->largest;
	bool first = true;
	size_t i;

	if (largest)
		lw_color_begin(LW_HUE_TITLE, out);
	fputs("    ", out);
	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & LW_IN_PAGE))
			continue;
		if (blind && !lw_columns[i].left) {
			fputs("  not measured: ", out);
			lw_print_lacks(&report->info, out);
			break;
		}
		print_cell(&lw_columns[i], texts[i], widths[i], first, out);
		first = false;
	}
	if (largest) {
		fputs("  <", out);
		lw_color_end(out);
	}
	lw_print_residual(report, row, out);
	fputc('\n', out);
}

static int print_rows(const struct lw_report *report, const struct lw_rows *rows,
		      FILE *out)
{
	size_t columns = lw_nr_columns, i;
	text_cell *texts = calloc(rows->nr * columns, sizeof(*texts));
	int *widths = calloc(columns, sizeof(*widths));
	int err = texts && widths ? 0 : -ENOMEM;

	for (i = 0; !err && i < columns; i++) {
		int len = lw_columns[i].title ?
			  (int)strlen(lw_columns[i].title) : 0;

		widths[i] = len > NARROWEST ? len : NARROWEST;
	}
	for (i = 0; !err && i < rows->nr; i++)
		fill_row(&rows->row[i], texts + i * columns, widths);
	if (!err)
		print_titles(widths, out);
	for (i = 0; !err && i < rows->nr; i++)
		print_row(report, &rows->row[i], texts + i * columns, widths,
			  out);
	free(texts);
	free(widths);
	return err;
}

/**
 * lw_print_table - the stages of one path, one row each
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path
 * @out: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_print_table(const struct lw_report *report, const struct lw_report_vm *vm,
		   uint32_t path, FILE *out)
{
	struct lw_rows rows;
	int err = lw_rows_collect(report, vm, path, &rows);

	if (!err && rows.nr)
		err = print_rows(report, &rows, out);
	else if (!err)
		fputs("    nothing measured yet\n", out);
	lw_rows_clear(&rows);
	return err;
}
