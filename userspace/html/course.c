// SPDX-License-Identifier: GPL-2.0
/*
 * The maxima of one way over the time of a recording: a column for each moment, on a
 * logarithmic scale.  Takes the history, prints elements.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "html/html.h"
#include "scale.h"
#include "watch/history.h"

#define COLUMNS 240
#define HEIGHT 100
/* One that is at the foot of the scale is seen all the same. */
#define LEAST 3

/**
 * struct course - maxima over time
 * @begin_ns: of the first report
 * @span_ns: from there to the last
 * @max_ns: of each column, the longest; not known: nothing passed
 * @exact: of each column, whether this rose the maximum of all
 * @scale: of all of them
 */
struct course {
	uint64_t begin_ns;
	uint64_t span_ns;
	struct lw_value max_ns[COLUMNS];
	bool exact[COLUMNS];
	struct lw_scale scale;
};

static int column_of(const struct course *course, uint64_t ns)
{
	int column = (int)((double)(ns - course->begin_ns) /
			   (double)course->span_ns * COLUMNS);

	return column < COLUMNS ? column : COLUMNS - 1;
}

/* What came between two reports stands in all columns that lie there. */
static void add(struct course *course, const struct lw_report *before,
		const struct lw_report *report, const struct lw_report_stage *like)
{
	const struct lw_report_stage *stage = lw_history_find_stage(report, like);
	struct lw_lately lately;
	struct lw_report_stage one;
	int i;

	if (!stage)
		return;
	lw_lately_read(before, stage, &lately);
	if (!lately.max_ns.known)
		return;
	one = (struct lw_report_stage){
		.count = { 1, true }, .min_ns = lately.max_ns,
		.max_ns = lately.max_ns,
	};
	lw_scale_add(&course->scale, &one);
	for (i = column_of(course, before->info.now.v);
	     i <= column_of(course, report->info.now.v); i++) {
		if (course->max_ns[i].known &&
		    course->max_ns[i].v > lately.max_ns.v)
			continue;
		course->max_ns[i] = lately.max_ns;
		course->exact[i] = !lately.bound;
	}
}

static void print_columns(const struct course *course, bool exact,
			  const char *class, FILE *out)
{
	int i;

	fprintf(out, "<path class=\"%s\" d=\"", class);
	for (i = 0; i < COLUMNS; i++) {
		int height;

		if (!course->max_ns[i].known || course->exact[i] != exact)
			continue;
		height = (int)(lw_scale_place(&course->scale,
					      course->max_ns[i].v) * HEIGHT);
		if (height < LEAST)
			height = LEAST;
		fprintf(out, "M%d %dV%dH%dV%dz", i, HEIGHT, HEIGHT - height,
			i + 1, HEIGHT);
	}
	fputs("\"/>", out);
}

static void print_course(const struct lw_history *history,
			 const struct course *course,
			 const struct lw_report_stage *stage, FILE *out)
{
	const struct lw_report *first = &history->reports[0];
	const struct lw_report *last = &history->reports[history->nr - 1];
	char text[LW_TEXT_SIZE];
	int i;

	fputs("<div class=\"course\"><span class=\"name\">", out);
	lw_html_text(out, stage->name);
	fputs("</span><span class=\"ends\">", out);
	fprintf(out, "<span>%s</span>",
		lw_scale_name(text, course->scale.first + course->scale.decades));
	fprintf(out, "<span>%s</span></span>",
		lw_scale_name(text, course->scale.first));
	fprintf(out, "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\"><title>%zu reports</title>",
		COLUMNS, HEIGHT, history->nr);
	for (i = 1; i < course->scale.decades; i++)
		fprintf(out, "<path class=\"grid\" d=\"M0 %.1fH%d\"/>",
			(double)HEIGHT * i / course->scale.decades, COLUMNS);
	print_columns(course, false, "shape", out);
	print_columns(course, true, "shape risen", out);
	fputs("</svg><span></span><span></span><span class=\"times\">", out);
	fprintf(out, "<span>%s</span>",
		lw_text_when(text, last, first->info.now, false));
	fprintf(out, "<span>%s</span></span></div>\n",
		lw_text_when(text, last, last->info.now, false));
}

/**
 * lw_html_course - the maxima of a way over time
 * @history: the recording, or NULL
 * @section: the way
 * @out: where to
 */
void lw_html_course(const struct lw_history *history,
		    const struct lw_section *section, FILE *out)
{
	const struct lw_report_stage *stage = NULL;
	const struct lw_report *last;
	bool any = false;
	size_t i;

	if (!history || history->nr < 2)
		return;
	last = &history->reports[history->nr - 1];
	while ((stage = lw_verdict_next(last, section->vm, section->path, stage))) {
		struct course course = {
			.begin_ns = history->reports[0].info.now.v,
		};

		if (last->info.now.v <= course.begin_ns)
			return;
		course.span_ns = last->info.now.v - course.begin_ns;
		for (i = 1; i < history->nr; i++)
			if (lw_history_continues(history, i))
				add(&course, &history->reports[i - 1],
				    &history->reports[i], stage);
		if (!course.scale.decades)
			continue;
		if (!any)
			fputs("<h3>Maxima over time</h3>\n", out);
		any = true;
		print_course(history, &course, stage, out);
	}
}
