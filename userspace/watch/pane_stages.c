// SPDX-License-Identifier: GPL-2.0
/*
 * The stages of the chosen way: now, the last minute and all side by side, and the
 * distribution of each on one logarithmic axis.  What there is no room for gives way,
 * the least important first.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "capture.h"
#include "format.h"
#include "watch/draw.h"
#include "watch/pane.h"

/* Room that a distribution needs, and what is kept for it as long as that is left. */
#define BAR_LEAST 12
#define BAR_GOOD 24
#define NARROWEST 7
#define GAP 1

/**
 * struct figure - a column
 * @title: above it
 * @key: of the table of columns; NULL: @get fills it
 * @get: what a stage went through lately
 * @rank: 1 stays longest; what has no room is left out from the last one on
 */
struct figure {
	const char *title;
	const char *key;
	const char *(*get)(const struct lw_desk *desk, const struct lw_row *row,
			   char *text);
	int rank;
};

/* A maximum of which only the bucket is known is told as a bound. */
static const char *text_lately(const struct lw_report *before,
			       const struct lw_row *row, char *text)
{
	struct lw_lately lately;

	lw_lately_read(before, row->stage, &lately);
	text[0] = '<';
	lw_text_us(text + lately.bound, lw_real_of(lately.max_ns));
	if (!lately.max_ns.known)
		strcpy(text, "-");
	return text;
}

static const char *get_now(const struct lw_desk *desk, const struct lw_row *row,
			   char *text)
{
	return text_lately(desk->now, row, text);
}

static const char *get_minute(const struct lw_desk *desk, const struct lw_row *row,
			      char *text)
{
	return text_lately(desk->minute, row, text);
}

static const char *get_count_now(const struct lw_desk *desk,
				 const struct lw_row *row, char *text)
{
	struct lw_lately lately;

	lw_lately_read(desk->now, row->stage, &lately);
	return lw_text_count(text, lately.count);
}

/* As they stand beside each other. */
static const struct figure figures[] = {
	{ "max", "max_ns", NULL, 1 },
	{ "minute", NULL, get_minute, 3 },
	{ "now", NULL, get_now, 2 },
	{ "p99.9", "p99_9_ns", NULL, 4 },
	{ "p99", "p99_ns", NULL, 8 },
	{ "p50", "p50_ns", NULL, 7 },
	{ "avg", "avg_ns", NULL, 9 },
	{ "min", "min_ns", NULL, 10 },
	{ "count", "count", NULL, 6 },
	{ "of now", NULL, get_count_now, 11 },
	{ "worst", "in_the_worst_ns", NULL, 5 },
};

#define FIGURES (sizeof(figures) / sizeof(figures[0]))

typedef char text_cell[LW_TEXT_SIZE + 1];

/**
 * struct table - the stages as text, and where each column stands
 * @rows: the stages
 * @texts: of each row, each figure
 * @widths: of each figure; 0: it has no room
 * @name_width: of the names
 * @bar: where the distributions begin, and how wide they are
 */
struct table {
	struct lw_rows rows;
	text_cell (*texts)[FIGURES];
	int widths[FIGURES];
	int name_width;
	struct lw_place bar;
};

static void fill_cell(const struct lw_desk *desk, const struct lw_row *row,
		      const struct figure *figure, char *text)
{
	const struct lw_column *column;
	struct lw_cell cell = { .kind = LW_CELL_NONE };

	text[0] = '\0';
	if (figure->get) {
		if (!row->borrowed)
			figure->get(desk, row, text);
		return;
	}
	column = lw_column_find(figure->key);
	if (!lw_row_has(row, column))
		return;
	column->get(row, &cell);
	lw_cell_for_people(&cell, text);
}

static const char *name_of(const struct lw_row *row, char *text)
{
	const char *name = row->stage->name;

	/* a part stands under what it is a part of only in the order of the way */
	snprintf(text, LW_TEXT_SIZE, "%s%s",
		 row->stage->flags & LATWATCH_STAGE_FLAGS_NESTED ? "  " :
		 row->stage->flags & LATWATCH_STAGE_FLAGS_AFTER	 ? "after: " : "",
		 name ? name : "-");
	return text;
}

static int fill(const struct lw_desk *desk, struct table *table)
{
	char name[LW_TEXT_SIZE];
	size_t i, j;
	int len;

	table->name_width = 5;
	table->texts = calloc(table->rows.nr, sizeof(*table->texts));
	if (!table->texts)
		return -ENOMEM;
	for (j = 0; j < FIGURES; j++)
		table->widths[j] = NARROWEST;
	for (i = 0; i < table->rows.nr; i++) {
		const struct lw_row *row = &table->rows.row[i];

		len = (int)strlen(name_of(row, name));
		table->name_width = len > table->name_width ? len :
							      table->name_width;
		for (j = 0; j < FIGURES; j++) {
			fill_cell(desk, row, &figures[j], table->texts[i][j]);
			len = (int)strlen(table->texts[i][j]);
			if (len > table->widths[j])
				table->widths[j] = len;
		}
	}
	return 0;
}

/* The most important figures get room first; four of them before the drawing. */
static void give_room(struct table *table, bool alone, int cols)
{
	int left = cols - 2 - table->name_width, rank;
	bool full = false;
	size_t j;

	for (rank = 1; rank <= (int)FIGURES; rank++) {
		for (j = 0; figures[j].rank != rank; j++)
			;
		/* what was lately is not known of a single report */
		if (alone && figures[j].get) {
			table->widths[j] = 0;
			continue;
		}
		left -= GAP + table->widths[j];
		full |= left < (rank <= 3 ? 0 : rank <= 4 ? BAR_LEAST + 2 :
							    BAR_GOOD + 2);
		if (full) {
			left += GAP + table->widths[j];
			table->widths[j] = 0;
		}
	}
	table->bar.width = left - 2;
	table->bar.col = cols - left + 2;
	if (table->bar.width < BAR_LEAST)
		table->bar.width = 0;
}

static enum lw_look look_of(const struct lw_row *row)
{
	if (row->stage->id == row->split->largest)
		return LW_LOOK_HOT;
	return row->stage->flags & LATWATCH_STAGE_FLAGS_TOTAL ? LW_LOOK_STRONG :
								LW_LOOK_PLAIN;
}

static void draw_titles(const struct table *table, const struct lw_scale *scale,
			struct lw_canvas *canvas)
{
	int col = 2 + table->name_width;
	size_t j;

	lw_canvas_text(canvas, 0, 2, LW_LOOK_PLAIN, "stage");
	for (j = 0; j < FIGURES; j++) {
		if (!table->widths[j])
			continue;
		col += GAP + table->widths[j];
		lw_canvas_right(canvas, 0, col, LW_LOOK_PLAIN, figures[j].title);
	}
	if (table->bar.width)
		lw_draw_decades(canvas, &table->bar, scale);
}

static int draw_blind(const struct lw_desk *desk, int row, int col,
		      struct lw_canvas *canvas)
{
	struct lw_capture lacks;
	int err;

	if (lw_capture_begin(&lacks))
		lw_print_lacks(&desk->report->info, lacks.out);
	err = lw_capture_end(&lacks);
	if (err)
		return err;
	col = lw_canvas_text(canvas, row, col + 2, LW_LOOK_NOTE,
			     "not measured: ");
	lw_canvas_text(canvas, row, col, LW_LOOK_NOTE, lacks.text);
	free(lacks.text);
	return 0;
}

static int draw_row(const struct lw_desk *desk, const struct table *table, size_t nr,
		    const struct lw_scale *scale, struct lw_canvas *canvas)
{
	const struct lw_row *row = &table->rows.row[nr];
	struct lw_place bar = table->bar;
	char name[LW_TEXT_SIZE];
	int line = (int)nr + 1, col = 2 + table->name_width;
	size_t j;

	lw_canvas_text(canvas, line, 2, look_of(row), name_of(row, name));
	if (row->stage->id == row->split->largest)
		lw_canvas_text(canvas, line, 0, LW_LOOK_HOT, "*");
	if (!row->borrowed && lw_stage_is_blind(row->stage))
		return draw_blind(desk, line, col, canvas);
	for (j = 0; j < FIGURES; j++) {
		if (!table->widths[j])
			continue;
		col += GAP + table->widths[j];
		lw_canvas_right(canvas, line, col,
				figures[j].rank == 1 ? LW_LOOK_STRONG :
						       LW_LOOK_PLAIN,
				table->texts[nr][j]);
	}
	bar.row = line;
	if (!row->borrowed)
		lw_draw_distribution(canvas, &bar, scale, row->stage);
	return 0;
}

static int draw(const struct lw_desk *desk, const struct table *table,
		struct lw_pane *pane)
{
	const struct lw_report_stage *chosen =
		lw_sight_stage(desk->sight, desk->report, desk->section);
	struct lw_scale scale = { 0 };
	size_t i;
	int err = 0;

	for (i = 0; i < table->rows.nr; i++)
		if (!table->rows.row[i].borrowed)
			lw_scale_add(&scale, table->rows.row[i].stage);
	draw_titles(table, &scale, &pane->canvas);
	for (i = 0; !err && i < table->rows.nr; i++) {
		err = draw_row(desk, table, i, &scale, &pane->canvas);
		if (chosen && table->rows.row[i].stage->id == chosen->id)
			pane->chosen = (int)i;
	}
	pane->heads = 1;
	return err;
}

static void set_title(const struct lw_desk *desk, struct lw_pane *pane)
{
	char now[32] = "", minute[32] = "";

	if (desk->now)
		snprintf(now, sizeof(now), "  now: %.1f s",
			 (double)(desk->report->info.now.v -
				  desk->now->info.now.v) / 1e9);
	if (desk->minute)
		snprintf(minute, sizeof(minute), "  minute: %.0f s",
			 (double)(desk->report->info.now.v -
				  desk->minute->info.now.v) / 1e9);
	snprintf(pane->title, sizeof(pane->title), "stages in us%s%s  by %s", now,
		 minute, lw_sort_name(desk->sight->sort));
}

/**
 * lw_pane_stages - draw it
 * @desk: what from
 * @pane: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_pane_stages(const struct lw_desk *desk, struct lw_pane *pane)
{
	struct table table = { 0 };
	int err;

	set_title(desk, pane);
	if (!lw_section_has_stages(desk->section)) {
		lw_canvas_text(&pane->canvas, 0, 2, LW_LOOK_PLAIN,
			       "they are told of each VM; here are the books of all");
		return 0;
	}
	err = lw_sight_rows(desk->sight, desk->history, desk->section,
			    &table.rows);
	if (!err && !table.rows.nr)
		lw_canvas_text(&pane->canvas, 0, 2, LW_LOOK_PLAIN,
			       "nothing measured yet");
	else if (!err)
		err = fill(desk, &table);
	if (!err && table.rows.nr) {
		give_room(&table, desk->alone, pane->canvas.cols);
		err = draw(desk, &table, pane);
	}
	free(table.texts);
	lw_rows_clear(&table.rows);
	return err;
}
