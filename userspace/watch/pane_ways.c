// SPDX-License-Identifier: GPL-2.0
/*
 * The ways, a line each, with the verdict of each: the maximum and what is not
 * accounted for come first, the name of the way takes what they leave.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "capture.h"
#include "format.h"
#include "watch/pane.h"

/* So wide that there is room for what a maximum was taken over, too. */
#define WIDE 100

/* The total whose maximum is the largest, or NULL. */
static const struct lw_report_stage *find_worst(const struct lw_report *report,
						const struct lw_section *section)
{
	const struct lw_report_stage *stage = NULL, *worst = NULL;

	if (!lw_section_has_stages(section))
		return NULL;
	while ((stage = lw_verdict_next(report, section->vm, section->path,
					stage)))
		if (!worst || stage->max_ns.v > worst->max_ns.v)
			worst = stage;
	return worst;
}

static void print_verdict(const struct lw_report *report,
			  const struct lw_section *section,
			  const struct lw_report_stage *worst, bool wide, FILE *out)
{
	struct lw_report_books books;
	char text[LW_TEXT_SIZE];

	lw_ledger_books(lw_report_find_ledger(report, section->vm),
			section->path, &books);
	if (worst) {
		lw_print_maximum(report, section->vm, worst, out);
		if (wide)
			fprintf(out, " over %s",
				lw_text_count(text, worst->count));
		fputs(", ", out);
	} else if (lw_section_has_stages(section) &&
		   lw_verdict_is_missing(report, section->vm, section->path)) {
		lw_print_no_verdict(report, section->vm, section->path, out);
		return;
	} else {
		fprintf(out, "opened %s, ",
			lw_text_count(text, books.head[LATWATCH_CATEGORY_OPENED]));
	}
	if (books.unaccounted.known)
		fprintf(out, "%s unaccounted",
			lw_text_count(text, books.unaccounted));
	else
		fputs("no ledger is kept", out);
}

static enum lw_look look_of(const struct lw_report *report,
			    const struct lw_section *section)
{
	struct lw_report_books books;

	lw_ledger_books(lw_report_find_ledger(report, section->vm),
			section->path, &books);
	return !books.unaccounted.known ? LW_LOOK_PLAIN :
	       books.unaccounted.v	? LW_LOOK_BAD : LW_LOOK_GOOD;
}

static int draw_way(const struct lw_desk *desk, size_t nr, struct lw_canvas *canvas)
{
	const struct lw_section *section = &desk->sections[nr];
	const struct lw_report_stage *worst = find_worst(desk->report, section);
	struct lw_capture title, verdict;
	int row = (int)nr, room, err;

	if (lw_capture_begin(&title))
		lw_section_print_title(section, title.out);
	if (lw_capture_begin(&verdict))
		print_verdict(desk->report, section, worst,
			      canvas->cols >= WIDE, verdict.out);
	err = lw_capture_end(&title);
	if (lw_capture_end(&verdict))
		err = -ENOMEM;
	if (!err) {
		room = canvas->cols - (int)strlen(verdict.text) - 4;
		lw_canvas_text(canvas, row, 0, LW_LOOK_PLAIN,
			       nr == desk->at ? ">" : " ");
		if ((int)strlen(title.text) > room && room > 2)
			strcpy(title.text + room - 2, "..");
		lw_canvas_text(canvas, row, 2, LW_LOOK_PLAIN, title.text);
		/* where there is no room for both, the verdict stays */
		if (room < 2)
			room = 0;
		lw_canvas_text(canvas, row, 2 + (room ? room + 2 : 0),
			       look_of(desk->report, section), verdict.text);
	}
	free(title.text);
	free(verdict.text);
	return err;
}

/**
 * lw_pane_ways - draw it
 * @desk: what from
 * @pane: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_pane_ways(const struct lw_desk *desk, struct lw_pane *pane)
{
	int err = 0;
	size_t i;

	for (i = 0; !err && i < desk->nr_sections; i++)
		err = draw_way(desk, i, &pane->canvas);
	snprintf(pane->title, sizeof(pane->title), "ways");
	pane->chosen = (int)desk->at;
	return err;
}
