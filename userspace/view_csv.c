// SPDX-License-Identifier: GPL-2.0
/*
 * One line per stage on each VM's ways and per stage of the host's own, which
 * have no VM, quoted as RFC 4180 has it.  Takes the columns, prints.  An empty
 * field was not measured.
 */
#include <stdio.h>
#include <string.h>

#include "column.h"
#include "view.h"
#include "view_compare.h"

/**
 * lw_print_quoted - a field of CSV
 * @text: as it was received
 * @out: where to
 */
void lw_print_quoted(const char *text, FILE *out)
{
	char plain[LW_TEXT_SIZE];
	const char *c;

	lw_text_plain(plain, text);
	if (!strpbrk(plain, ",\"")) {
		fputs(plain, out);
		return;
	}
	fputc('"', out);
	for (c = plain; *c; c++) {
		if (*c == '"')
			fputc('"', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

static void print_head(unsigned int where, FILE *out)
{
	bool first = true;
	size_t i;

	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & where))
			continue;
		fprintf(out, "%s%s", first ? "" : ",", lw_columns[i].key);
		first = false;
	}
	fputs("\n", out);
}

static void print_row(const struct lw_row *row, unsigned int where, FILE *out)
{
	char text[LW_TEXT_SIZE];
	struct lw_cell cell;
	bool first = true;
	const char *word;
	size_t i;

	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & where))
			continue;
		if (!first)
			fputc(',', out);
		first = false;
		cell.kind = LW_CELL_NONE;
		lw_columns[i].get(row, &cell);
		word = lw_cell_for_machines(&cell, text);
		if (word)
			fputs(word, out);
		else if (cell.kind == LW_CELL_TEXT)
			lw_print_quoted(cell.text, out);
	}
	fputs("\n", out);
}

static void print_way(const struct lw_report *report, const struct lw_report_vm *vm,
		      uint32_t path, FILE *out)
{
	struct lw_split split;
	struct lw_report_books books;
	struct lw_row row = {
		.vm = vm,
		.split = &split,
		.books = &books,
		.now = report->info.now,
	};

	lw_watermark_split(report, lw_report_worst(report, vm, path), path,
			   &split);
	lw_report_books(report, vm, path, &books);
	while ((row.stage = lw_report_next_stage(report, vm, path, row.stage)))
		print_row(&row, LW_IN_CSV, out);
}

static void print_ways(const struct lw_report *report, const struct lw_report_vm *vm,
		       FILE *out)
{
	uint32_t path;

	for (path = 0; path < LW_PATHS; path++)
		print_way(report, vm, path, out);
}

/* Shows the CSV; see lw_view. */
int lw_view_csv(const struct lw_report *report,
		const struct lw_view_options *options, FILE *out)
{
	size_t i;

	if (!options->stream || options->first)
		print_head(LW_IN_CSV, out);
	for (i = 0; i < report->nr_vms; i++)
		if (lw_report_shows(report, &report->vms[i]))
			print_ways(report, &report->vms[i], out);
	print_ways(report, NULL, out);
	return 0;
}

/* Shows a comparison as CSV, one line per stage and figure. */
int lw_compare_csv(const struct lw_comparison *comparison, FILE *out)
{
	struct lw_walk walk = { .comparison = comparison };

	print_head(LW_IN_COMPARISON_DATA, out);
	while (lw_walk_next(&walk))
		print_row(&walk.row, LW_IN_COMPARISON_DATA, out);
	return 0;
}
