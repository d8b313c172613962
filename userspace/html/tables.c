// SPDX-License-Identifier: GPL-2.0
/*
 * What is figures on the page: verdicts, the table of paths, the tables of stages,
 * the ledgers.  Takes the model, rows and columns, prints elements.
 */

#include <linux/latwatch.h>

#include "format.h"
#include "html/html.h"
#include "rows.h"

static int print_title(const struct lw_section *section, FILE *out)
{
	struct lw_capture capture;

	if (lw_capture_begin(&capture))
		lw_section_print_title(section, capture.out);
	return lw_html_captured(&capture, out);
}

/* Whether all that is behind a maximum is accounted for. */
static const char *class_of(const struct lw_report *report,
			    const struct lw_section *section)
{
	struct lw_report_books books;

	lw_ledger_books(lw_report_find_ledger(report, section->vm),
			section->path, &books);
	return !books.unaccounted.known ? "open" :
	       books.unaccounted.v	? "bad" : "good";
}

static int print_verdict(const struct lw_report *report,
			 const struct lw_section *section, size_t nr,
			 const struct lw_report_stage *stage, FILE *out)
{
	struct lw_capture capture;
	int err;

	fprintf(out, "<li class=\"%s\"><a href=\"#way%zu\"><span class=\"way\">",
		stage ? class_of(report, section) : "open", nr);
	err = print_title(section, out);
	fputs("</span> <strong>", out);
	if (!err && stage) {
		if (lw_capture_begin(&capture))
			lw_print_maximum(report, section->vm, stage, capture.out);
		err = lw_html_captured(&capture, out);
	}
	fputs("</strong> <span>", out);
	if (!err) {
		if (lw_capture_begin(&capture)) {
			if (stage)
				lw_print_taken_over(report, section->vm, stage,
						    capture.out);
			else if (section->kind == LW_SECTION_UNSEEN)
				fputs("no packet of this VM was recognised, by a tap, a macvtap or a socket of its VMM",
				      capture.out);
			else if (section->kind == LW_SECTION_NO_VM)
				fputs("no VM was seen: nothing was measured end to end",
				      capture.out);
			else
				lw_print_no_verdict(report, section->vm,
						    section->path, capture.out);
		}
		err = lw_html_captured(&capture, out);
	}
	fputs("</span></a></li>\n", out);
	return err;
}

/**
 * lw_html_verdicts - a line for each maximum of a whole way
 * @report: the report, settled
 * @sections: the ways
 * @nr: how many
 * @out: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_html_verdicts(const struct lw_report *report,
		     const struct lw_section *sections, size_t nr, FILE *out)
{
	int err = 0;
	size_t i;

	fputs("<h2>Verdicts</h2>\n<ul class=\"verdicts\">\n", out);
	for (i = 0; !err && i < nr; i++) {
		const struct lw_section *section = &sections[i];
		const struct lw_report_stage *stage = NULL;

		if (section->kind == LW_SECTION_UNSEEN) {
			err = print_verdict(report, section, i, NULL, out);
			continue;
		}
		if (!lw_section_has_stages(section))
			continue;
		while (!err && (stage = lw_verdict_next(report, section->vm,
							section->path, stage)))
			err = print_verdict(report, section, i, stage, out);
		if (!err && lw_verdict_is_missing(report, section->vm, section->path))
			err = print_verdict(report, section, i, NULL, out);
	}
	fputs("</ul>\n", out);
	return err;
}

/* Columns of the table of paths, by the keys that they have in JSON. */
static const char *const path_keys[] = {
	"count", "min_ns", "avg_ns", "p99_ns", "p99_9_ns", "max_ns", "stddev_ns",
	"unaccounted",
};

static void print_cell(const struct lw_row *row, const struct lw_column *column,
		       FILE *out)
{
	struct lw_cell cell = { .kind = LW_CELL_NONE };
	char text[LW_TEXT_SIZE];

	if (lw_row_has(row, column))
		column->get(row, &cell);
	fputs(column->left ? "<td>" : "<td class=\"n\">", out);
	if (lw_row_has(row, column)) {
		/* a stage is set in by blanks, which a page would drop */
		const char *word = lw_cell_for_people(&cell, text);

		for (; column->left && *word == ' '; word++)
			fputs("&#160;", out);
		lw_html_text(out, word);
	}
	fputs("</td>", out);
}

static int print_path(const struct lw_report *report,
		      const struct lw_section *section,
		      const struct lw_report_stage *stage, FILE *out)
{
	struct lw_report_books books;
	struct lw_row row = {
		.vm = section->vm, .stage = stage, .books = &books,
	};
	size_t i;
	int err;

	lw_ledger_books(lw_report_find_ledger(report, section->vm),
			section->path, &books);
	fputs("<tr><td>", out);
	err = print_title(section, out);
	fputs("</td><td>", out);
	lw_html_text(out, stage->name);
	fputs("</td>", out);
	for (i = 0; i < sizeof(path_keys) / sizeof(path_keys[0]); i++)
		print_cell(&row, lw_column_find(path_keys[i]), out);
	fputs("</tr>\n", out);
	return err;
}

/**
 * lw_html_paths - a line for each way from end to end
 * @report: the report, settled
 * @sections: the ways
 * @nr: how many
 * @out: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_html_paths(const struct lw_report *report,
		  const struct lw_section *sections, size_t nr, FILE *out)
{
	const struct lw_report_stage *stage = NULL;
	bool any = false;
	int err = 0;
	size_t i;

	for (i = 0; i < nr; i++)
		any |= lw_section_has_stages(&sections[i]) &&
		       lw_verdict_next(report, sections[i].vm, sections[i].path,
				       NULL);
	if (!any)
		return 0;
	fputs("<h2>Paths</h2>\n<div class=\"scroll\"><table><thead><tr><th>way</th><th>from, to</th><th class=\"n\">count</th><th class=\"n\">min</th><th class=\"n\">avg</th><th class=\"n\">p99</th><th class=\"n\">p99.9</th><th class=\"n\">max</th><th class=\"n\">stddev</th><th class=\"n\">unaccounted</th></tr></thead><tbody>\n",
	      out);
	for (i = 0; !err && i < nr; i++)
		while (!err && lw_section_has_stages(&sections[i]) &&
		       (stage = lw_verdict_next(report, sections[i].vm,
						sections[i].path, stage)))
			err = print_path(report, &sections[i], stage, out);
	fputs("</tbody></table></div>\n", out);
	return err;
}

/* When a stage's maximum was; a stage of the host's has it in the host's account. */
static const char *text_when(const struct lw_report *report, const struct lw_row *row,
			     char *text)
{
	const struct lw_report_watermark *worst = row->borrowed ? NULL :
		lw_report_find_watermark(report, row->stage->vm.known ? row->vm : NULL,
					 row->stage->id);

	return worst ? lw_text_when(text, report, worst->time_ns, true) : "";
}

static void print_row(const struct lw_report *report, const struct lw_row *row,
		      FILE *out)
{
	char text[LW_TEXT_SIZE];
	bool blind = !row->borrowed && lw_stage_is_blind(row->stage);
	size_t i, cells = 0;

	fputs(row->stage->id == row->split->largest ? "<tr class=\"largest\">" :
						       "<tr>", out);
	for (i = 0; i < lw_nr_columns; i++) {
		if (!(lw_columns[i].where & LW_IN_PAGE))
			continue;
		if (!blind || lw_columns[i].left)
			print_cell(row, &lw_columns[i], out);
		else
			cells++;
	}
	if (blind) {
		fprintf(out, "<td colspan=\"%zu\">not measured: ", cells);
		lw_print_lacks(&report->info, out);
		fputs("</td>", out);
	}
	fprintf(out, "<td class=\"n\">%s</td><td>", text_when(report, row, text));
	lw_print_residual(report, row, out);
	fputs("</td></tr>\n", out);
}

/**
 * lw_html_table - the stages of a way, one row each
 * @report: the report, settled
 * @section: the way
 * @out: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_html_table(const struct lw_report *report, const struct lw_section *section,
		  FILE *out)
{
	struct lw_rows rows;
	int err = lw_rows_collect(report, section->vm, section->path, &rows);
	size_t i;

	if (!err && !rows.nr) {
		fputs("<p>nothing measured yet</p>\n", out);
	} else if (!err) {
		fputs("<h3>Stages</h3>\n<div class=\"scroll\"><table><thead><tr>", out);
		for (i = 0; i < lw_nr_columns; i++)
			if (lw_columns[i].where & LW_IN_PAGE)
				fprintf(out, "<th%s>%s</th>",
					lw_columns[i].left ? "" : " class=\"n\"",
					lw_columns[i].title);
		fputs("<th class=\"n\">max at</th><th></th></tr></thead><tbody>\n",
		      out);
		for (i = 0; i < rows.nr; i++)
			print_row(report, &rows.row[i], out);
		fputs("</tbody></table></div>\n", out);
	}
	lw_rows_clear(&rows);
	return err;
}

static void print_entry(const char *head, const char *name, struct lw_value count,
			const char *class, FILE *out)
{
	char text[LW_TEXT_SIZE];

	fprintf(out, "<tr%s><td>%s</td><td>", class, head);
	if (name)
		lw_html_text(out, name);
	fprintf(out, "</td><td class=\"n\">%s</td></tr>\n",
		lw_text_count(text, count));
}

/* A head of the balance, and what it is made of. */
static void print_head(const struct lw_report_ledger *ledger, uint32_t path,
		       uint32_t category, struct lw_value sum, FILE *out)
{
	const char *head = lw_name_category(category);
	size_t i;

	if (category < LW_HEADS)
		print_entry(head, NULL, sum, " class=\"head\"", out);
	for (i = 0; i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];

		if (entry->path == path && entry->category == category &&
		    entry->count.v)
			print_entry(category < LW_HEADS ? "" : head ? head : "other",
				    entry->name, entry->count, "", out);
	}
}

/**
 * lw_html_ledger - the books of a way
 * @report: the report, settled
 * @section: the way
 * @out: where to
 */
void lw_html_ledger(const struct lw_report *report,
		    const struct lw_section *section, FILE *out)
{
	const struct lw_report_ledger *ledger =
		lw_report_find_ledger(report, section->vm);
	struct lw_report_books books;
	char text[LW_TEXT_SIZE];
	uint32_t i;

	fputs("<h3>Ledger</h3>\n", out);
	if (!ledger) {
		fputs("<p>was not read</p>\n", out);
		return;
	}
	lw_ledger_books(ledger, section->path, &books);
	fputs("<div class=\"scroll\"><table class=\"ledger\"><tbody>\n", out);
	for (i = 0; i < LW_HEADS; i++)
		if (books.head[i].known)
			print_head(ledger, section->path, i, books.head[i], out);
	print_head(ledger, section->path, LATWATCH_CATEGORY_NOTE,
		   (struct lw_value){ 0 }, out);
	if (books.unaccounted.known)
		fprintf(out, "<tr class=\"head %s\"><td>unaccounted</td><td>%s</td><td class=\"n\">%s</td></tr>\n",
			books.unaccounted.v ? "bad" : "good",
			books.gap.v ? "the books do not close" :
				      "the books close",
			lw_text_count(text, books.unaccounted));
	fputs("</tbody></table></div>\n", out);
}
