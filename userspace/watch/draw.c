// SPDX-License-Identifier: GPL-2.0
/*
 * Drawings in a line of characters: distributions and lines of time with their axes.
 * Blocks where the locale has them, else what every terminal has.
 */
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "watch/draw.h"

#define LEVELS 8

/* By height, from low to high. */
static const wchar_t ascii[LEVELS + 1] = L".:-=+*%#";
static const wchar_t blocks[LEVELS + 1] =
	L"\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

static bool has_blocks(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/**
 * lw_draw_distribution - a histogram, a character a column
 * @canvas: where to
 * @place: where there
 * @scale: the axis
 * @stage: whose histogram
 *
 * The column with the maximum stands out.
 */
void lw_draw_distribution(struct lw_canvas *canvas, const struct lw_place *place,
			  const struct lw_scale *scale,
			  const struct lw_report_stage *stage)
{
	const wchar_t *levels = has_blocks() ? blocks : ascii;
	uint64_t *columns, most = 0;
	int last = -1, i;

	if (place->width < 1)
		return;
	columns = calloc((size_t)place->width, sizeof(*columns));
	if (!columns) {
		canvas->failed = true;
		return;
	}
	lw_scale_columns(scale, stage, columns, place->width);
	for (i = 0; i < place->width; i++) {
		most = columns[i] > most ? columns[i] : most;
		last = columns[i] ? i : last;
	}
	for (i = 0; i < place->width; i++) {
		double height = lw_scale_height(columns[i], most);

		if (columns[i])
			lw_canvas_char(canvas, place->row, place->col + i,
				       i == last ? LW_LOOK_HOT : LW_LOOK_BAR,
				       levels[(int)(height * (LEVELS - 1) + 0.5)]);
	}
	free(columns);
}

/**
 * lw_draw_decades - the axis of distributions
 * @canvas: where to
 * @place: where there
 * @scale: the axis
 */
void lw_draw_decades(struct lw_canvas *canvas, const struct lw_place *place,
		     const struct lw_scale *scale)
{
	char text[LW_TEXT_SIZE + 1];
	int end = 0, at, i;

	for (i = 0; i < scale->decades; i++) {
		at = i * place->width / scale->decades;
		text[0] = '|';
		lw_scale_name(text + 1, scale->first + i);
		/* "10us": a blank less makes room for one name more */
		memmove(strchr(text, ' '), strchr(text, ' ') + 1,
			strlen(strchr(text, ' ')));
		if ((i && at < end) || at + (int)strlen(text) > place->width)
			continue;
		lw_canvas_text(canvas, place->row, place->col + at,
			       LW_LOOK_PLAIN, text);
		end = at + (int)strlen(text);
	}
}

/**
 * lw_draw_span - a bar from one place to another
 * @canvas: where to
 * @place: where there
 * @from: 0 for the begin, 1 for the end
 * @to: likewise
 * @look: how it looks
 *
 * One that is too short for a character is one all the same.
 */
void lw_draw_span(struct lw_canvas *canvas, const struct lw_place *place,
		  double from, double to, enum lw_look look)
{
	wchar_t full = has_blocks() ? L'\u2588' : L'#';
	wchar_t part = has_blocks() ? L'\u2592' : L'-';
	int first = (int)(from * place->width);
	int end = (int)(to * place->width);

	if (place->width < 1)
		return;
	if (first >= place->width)
		first = place->width - 1;
	if (end <= first)
		end = first + 1;
	for (; first < end && first < place->width; first++)
		lw_canvas_char(canvas, place->row, place->col + first, look,
			       look == LW_LOOK_PART ? part : full);
}

/**
 * lw_draw_steps - the axis of a line of time, in microseconds
 * @canvas: where to
 * @place: where there
 * @span_ns: how long it is
 */
void lw_draw_steps(struct lw_canvas *canvas, const struct lw_place *place,
		   uint64_t span_ns)
{
	unsigned int most = place->width > 24 ? (unsigned int)place->width / 12 : 2;
	uint64_t step = lw_scale_step(span_ns, most), nr, i;
	char text[LW_TEXT_SIZE + 1];
	int at, end = 0;

	nr = span_ns / step;
	for (i = 0; span_ns && i <= nr && i <= most; i++) {
		struct lw_value ns = { i * step, true };

		at = (int)((double)ns.v / (double)span_ns * place->width);
		text[0] = '|';
		if (step % 1000)
			lw_text_us_exact(text + 1, ns);
		else
			lw_text_count(text + 1,
				      (struct lw_value){ ns.v / 1000, true });
		if ((i && at <= end) || at + (int)strlen(text) > place->width)
			continue;
		lw_canvas_text(canvas, place->row, place->col + at,
			       LW_LOOK_PLAIN, text);
		end = at + (int)strlen(text);
	}
}
