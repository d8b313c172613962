// SPDX-License-Identifier: GPL-2.0
/*
 * The books of the chosen way, with what came into them just now; and the notes that
 * the head of a report has.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "capture.h"
#include "format.h"
#include "watch/pane.h"

#define COUNT_END 32
#define NOW_END 46

/* The same entry in an earlier report. */
static struct lw_value entry_in(const struct lw_report *report,
				const struct lw_section *section,
				const struct lw_entry *like)
{
	const struct lw_report_ledger *ledger =
		report ? lw_report_find_ledger(report, section->vm) : NULL;
	struct lw_value none = { 0 };
	size_t i;

	for (i = 0; ledger && i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];

		if (entry->path == like->path &&
		    entry->category == like->category && entry->name &&
		    like->name && !strcmp(entry->name, like->name))
			return entry->count;
	}
	return none;
}

/* What was added; what is in flight can also become less. */
static void draw_change(struct lw_canvas *canvas, int row, enum lw_look look,
			struct lw_value before, struct lw_value now)
{
	char text[LW_TEXT_SIZE + 1];
	struct lw_value change = {
		now.v < before.v ? before.v - now.v : now.v - before.v, true
	};

	if (!before.known || !now.known || !change.v)
		return;
	text[0] = now.v < before.v ? '-' : '+';
	lw_text_count(text + 1, change);
	lw_canvas_right(canvas, row, NOW_END, look, text);
}

static void draw_entries(const struct lw_desk *desk,
			 const struct lw_report_ledger *ledger, uint32_t category,
			 struct lw_canvas *canvas)
{
	char text[LW_TEXT_SIZE];
	size_t i;

	for (i = 0; i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];
		const char *head = lw_name_category(category);
		int row = canvas->rows;

		if (entry->path != desk->section->path ||
		    entry->category != category || !entry->count.v)
			continue;
		if (head && entry->name && !strcmp(head, entry->name))
			continue;
		lw_canvas_right(canvas, row, COUNT_END, LW_LOOK_PLAIN,
				lw_text_count(text, entry->count));
		draw_change(canvas, row, LW_LOOK_PLAIN,
			    entry_in(desk->now, desk->section, entry),
			    entry->count);
		lw_canvas_text(canvas, row, NOW_END + 2, LW_LOOK_PLAIN,
			       lw_text_plain(text, entry->name));
	}
}

static void draw_head(const struct lw_desk *desk, uint32_t category,
		      struct lw_value sum, struct lw_canvas *canvas)
{
	struct lw_report_books before;
	char text[LW_TEXT_SIZE];
	int row = canvas->rows;

	lw_canvas_text(canvas, row, 2, LW_LOOK_STRONG,
		       lw_name_category(category));
	lw_canvas_right(canvas, row, COUNT_END, LW_LOOK_STRONG,
			lw_text_count(text, sum));
	if (!desk->now)
		return;
	lw_ledger_books(lw_report_find_ledger(desk->now, desk->section->vm),
			desk->section->path, &before);
	draw_change(canvas, row, LW_LOOK_STRONG, before.head[category], sum);
}

static void draw_balance(const struct lw_report_books *books,
			 struct lw_canvas *canvas)
{
	char text[LW_TEXT_SIZE];
	int row = canvas->rows;
	enum lw_look look = books->unaccounted.v ? LW_LOOK_BAD : LW_LOOK_GOOD;

	if (!books->unaccounted.known)
		return;
	lw_canvas_text(canvas, row, 2, look, "unaccounted");
	lw_canvas_right(canvas, row, COUNT_END, look,
			lw_text_count(text, books->unaccounted));
	lw_canvas_text(canvas, row, NOW_END + 2, look,
		       books->gap.v ? "the books do not close" :
				      "the books close");
}

/**
 * lw_pane_ledger - draw it
 * @desk: what from
 * @pane: where to
 *
 * Return: 0.
 */
int lw_pane_ledger(const struct lw_desk *desk, struct lw_pane *pane)
{
	const struct lw_report_ledger *ledger =
		lw_report_find_ledger(desk->report, desk->section->vm);
	struct lw_report_books books;
	uint32_t i;

	snprintf(pane->title, sizeof(pane->title), "ledger");
	if (!ledger) {
		lw_canvas_text(&pane->canvas, 0, 2, LW_LOOK_PLAIN,
			       "was not read");
		return 0;
	}
	lw_ledger_books(ledger, desk->section->path, &books);
	draw_balance(&books, &pane->canvas);
	for (i = 0; i < LW_HEADS; i++) {
		if (!books.head[i].known)
			continue;
		draw_head(desk, i, books.head[i], &pane->canvas);
		draw_entries(desk, ledger, i, &pane->canvas);
	}
	i = (uint32_t)pane->canvas.rows;
	draw_entries(desk, ledger, LATWATCH_CATEGORY_NOTE, &pane->canvas);
	if (pane->canvas.rows > (int)i)
		lw_canvas_text(&pane->canvas, (int)i, 2, LW_LOOK_STRONG, "notes");
	if (!pane->canvas.rows)
		lw_canvas_text(&pane->canvas, 0, 2, LW_LOOK_PLAIN,
			       "no ledger is kept");
	return 0;
}

/**
 * lw_pane_notes - draw what the head of a report has besides its first line
 * @desk: what from
 * @pane: where to; has no line if there is no note
 *
 * Return: 0, or -ENOMEM.
 */
int lw_pane_notes(const struct lw_desk *desk, struct lw_pane *pane)
{
	struct lw_capture head;
	char *line, *end;
	int err;

	snprintf(pane->title, sizeof(pane->title), "notes");
	if (lw_capture_begin(&head))
		lw_print_header(desk->report, head.out);
	err = lw_capture_end(&head);
	if (err)
		return err;
	line = strchrnul(head.text, '\n');
	while (*line && *++line) {
		end = strchrnul(line, '\n');
		if (*end) {
			*end = '\0';
			lw_pane_wrap(&pane->canvas, pane->canvas.rows,
				     LW_LOOK_NOTE, line);
			*end = '\n';
		}
		line = end;
	}
	free(head.text);
	return 0;
}
