// SPDX-License-Identifier: GPL-2.0
/*
 * The worst flight of the chosen stage: a line of time with a bar for each stage that
 * it passed, to scale, and who took it over at the end of each.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "capture.h"
#include "flight.h"
#include "format.h"
#include "watch/draw.h"
#include "watch/pane.h"

#define NAME_WIDTH 18
#define FIGURE_WIDTH 10
#define TAKER_WIDTH 34
/* So wide that the takers have room beside the bars. */
#define WIDE 96

static void draw_taker(struct lw_canvas *canvas, int row, int col,
		       const struct lw_flight_span *span)
{
	const struct lw_report_actor *actor = span->taker;
	char text[LW_TEXT_SIZE];

	if (span->cpu.known) {
		snprintf(text, sizeof(text), "cpu%" PRIu64 " ", span->cpu.v);
		col = lw_canvas_text(canvas, row, col, LW_LOOK_PLAIN, text);
	}
	if (!actor)
		return;
	col = lw_canvas_text(canvas, row, col, LW_LOOK_PLAIN,
			     lw_text_plain(text, actor->comm));
	if (!actor->policy.known)
		return;
	col = lw_canvas_text(canvas, row, col, LW_LOOK_PLAIN, " (");
	col = lw_canvas_text(canvas, row, col, LW_LOOK_PLAIN,
			     lw_text_sched(text, actor));
	lw_canvas_text(canvas, row, col, LW_LOOK_PLAIN, ")");
}

static double part_of(const struct lw_flight *flight, uint64_t ns)
{
	uint64_t span = flight->end_ns - flight->begin_ns;

	return span ? (double)(ns - flight->begin_ns) / (double)span : 0;
}

static void draw_span(struct lw_canvas *canvas, const struct lw_flight *flight,
		      const struct lw_flight_span *span, bool largest,
		      const struct lw_place *place)
{
	bool part = span->stage->flags & LATWATCH_STAGE_FLAGS_NESTED;
	struct lw_value ns = { span->to_ns - span->from_ns, true };
	enum lw_look look = largest ? LW_LOOK_HOT :
			    part    ? LW_LOOK_PART : LW_LOOK_BAR;
	char text[LW_TEXT_SIZE];

	lw_canvas_text(canvas, place->row, part ? 4 : 2,
		       largest ? LW_LOOK_HOT : LW_LOOK_PLAIN,
		       lw_text_plain(text, span->stage->name));
	lw_canvas_right(canvas, place->row, 2 + NAME_WIDTH + FIGURE_WIDTH,
			largest ? LW_LOOK_HOT : LW_LOOK_PLAIN,
			lw_text_us(text, lw_real_of(ns)));
	lw_draw_span(canvas, place, part_of(flight, span->from_ns),
		     part_of(flight, span->to_ns), look);
	if (canvas->cols >= WIDE)
		draw_taker(canvas, place->row, canvas->cols - TAKER_WIDTH, span);
}

/* The line that the page has, without what it begins with. */
static int draw_words(const struct lw_desk *desk,
		      const struct lw_report_watermark *worst, struct lw_pane *pane)
{
	struct lw_capture words;
	char *end;
	int err;

	if (lw_capture_begin(&words))
		lw_print_worst(desk->report, worst, desk->section->path,
			       words.out);
	err = lw_capture_end(&words);
	if (err)
		return err;
	end = strchrnul(words.text, '\n');
	*end = '\0';
	pane->heads = lw_pane_wrap(&pane->canvas, 0, LW_LOOK_PLAIN,
				   words.text + strspn(words.text, " "));
	free(words.text);
	return 0;
}

static void draw_marks(const struct lw_flight *flight, struct lw_pane *pane)
{
	const struct lw_report_watermark *worst = flight->worst;
	char text[LW_TEXT_SIZE];
	int row = pane->heads;
	size_t i;

	for (i = 0; i < worst->nr_marks; i++, row++) {
		const struct lw_mark *mark = &worst->marks[i];
		struct lw_value after = {
			mark->time_ns.v - flight->begin_ns, mark->time_ns.known
		};

		lw_canvas_text(&pane->canvas, row, 2, LW_LOOK_PLAIN,
			       lw_text_plain(text, mark->name));
		lw_canvas_right(&pane->canvas, row,
				2 + NAME_WIDTH + FIGURE_WIDTH, LW_LOOK_PLAIN,
				lw_text_us_exact(text, after));
	}
}

static void draw_flight(const struct lw_flight *flight, struct lw_pane *pane)
{
	struct lw_canvas *canvas = &pane->canvas;
	struct lw_place place = {
		.row = pane->heads, .col = 2 + NAME_WIDTH + FIGURE_WIDTH + 1,
	};
	const struct lw_flight_span *largest = lw_flight_largest(flight);
	size_t i;

	place.width = canvas->cols - place.col -
		      (canvas->cols >= WIDE ? TAKER_WIDTH + 1 : 0);
	lw_canvas_right(canvas, place.row, 2 + NAME_WIDTH + FIGURE_WIDTH,
			LW_LOOK_PLAIN, "us");
	lw_draw_steps(canvas, &place, flight->end_ns - flight->begin_ns);
	if (canvas->cols >= WIDE)
		lw_canvas_text(canvas, place.row, canvas->cols - TAKER_WIDTH,
			       LW_LOOK_PLAIN, "goes on with");
	pane->heads++;
	for (i = 0; i < flight->nr_spans; i++) {
		place.row++;
		draw_span(canvas, flight, &flight->spans[i],
			  &flight->spans[i] == largest, &place);
	}
}

/* A stage of the host's in the table of a VM has the host's worst flight. */
static const struct lw_report_watermark *find_worst(const struct lw_desk *desk,
						    const struct lw_report_stage *stage)
{
	return stage ? lw_report_find_watermark(desk->report,
						stage->vm.known ? desk->section->vm :
								  NULL,
						stage->id) : NULL;
}

/**
 * lw_pane_flight - draw it
 * @desk: what from
 * @pane: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_pane_flight(const struct lw_desk *desk, struct lw_pane *pane)
{
	const struct lw_report_stage *stage =
		lw_sight_stage(desk->sight, desk->report, desk->section);
	const struct lw_report_watermark *worst = find_worst(desk, stage);
	char name[LW_TEXT_SIZE];
	struct lw_flight flight;
	int err;

	snprintf(pane->title, sizeof(pane->title), "worst flight%s%s",
		 stage ? ": " : "", stage ? lw_text_plain(name, stage->name) : "");
	if (!worst) {
		lw_canvas_text(&pane->canvas, 0, 2, LW_LOOK_PLAIN,
			       "none is known");
		return 0;
	}
	err = draw_words(desk, worst, pane);
	if (err)
		return err;
	err = lw_flight_read(desk->report, worst, desk->section->path, &flight);
	if (!err && flight.nr_spans)
		draw_flight(&flight, pane);
	else if (!err)
		draw_marks(&flight, pane);
	lw_flight_clear(&flight);
	return err;
}
