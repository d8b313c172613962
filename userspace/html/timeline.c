// SPDX-License-Identifier: GPL-2.0
/*
 * The worst flights of one way, each as a line of time: a bar for each stage, to
 * scale, and a table of its marks.  Takes flights from flight.c, prints elements.
 */
#include <inttypes.h>

#include <linux/latwatch.h>

#include "format.h"
#include "html/html.h"
#include "scale.h"

/* Marks on the axis; on a phone more would run into each other. */
#define MOST_TICKS 5

static double percent_of(const struct lw_flight *flight, uint64_t ns)
{
	uint64_t span = flight->end_ns - flight->begin_ns;

	return span ? 100.0 * (double)(ns - flight->begin_ns) / (double)span : 0;
}

static void print_axis(const struct lw_flight *flight, FILE *out)
{
	uint64_t span = flight->end_ns - flight->begin_ns, ns;
	uint64_t step = lw_scale_step(span, MOST_TICKS), i;
	/* the figure at the end would be cut off */
	uint64_t nr = span ? (span - span / 12 - 1) / step + 1 : 0;
	char text[LW_TEXT_SIZE];

	fputs("<div class=\"span axis\"><span></span><span class=\"ticks\">", out);
	for (i = 0; i < nr; i++) {
		ns = i * step;
		/* of many, every other has room on a phone */
		fprintf(out, "<span%s style=\"left:%.2f%%\">%s</span>",
			nr > 3 && i % 2 ? " class=\"wide\"" : "",
			100.0 * (double)ns / (double)span,
			step % 1000 ? lw_text_us_exact(text, (struct lw_value){ ns, true }) :
				      lw_text_count(text, (struct lw_value){ ns / 1000, true }));
	}
	fputs("</span><span class=\"figure\">us</span><span class=\"who wide\">goes on with</span></div>\n",
	      out);
}

static void print_taker(const struct lw_flight_span *span, FILE *out)
{
	const struct lw_report_actor *actor = span->taker;
	char text[LW_TEXT_SIZE];

	fputs("<span class=\"who wide\">", out);
	if (span->cpu.known)
		fprintf(out, "cpu%" PRIu64, span->cpu.v);
	if (actor) {
		fputc(' ', out);
		lw_html_text(out, actor->comm);
		if (actor->policy.known)
			fprintf(out, " (%s)", lw_text_sched(text, actor));
	}
	fputs("</span>", out);
}

static void print_span(const struct lw_flight *flight,
		       const struct lw_flight_span *span, bool largest, FILE *out)
{
	bool part = span->stage->flags & LATWATCH_STAGE_FLAGS_NESTED;
	struct lw_value ns = { span->to_ns - span->from_ns, true };
	double from = percent_of(flight, span->from_ns);
	double width = percent_of(flight, span->to_ns) - from;
	char text[LW_TEXT_SIZE];

	fprintf(out, "<div class=\"span%s%s\"><span class=\"name\">",
		part ? " part" : "", largest ? " largest" : "");
	lw_html_text(out, span->stage->name);
	fprintf(out, "</span><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\"><title>%s us</title>",
		lw_text_us_exact(text, ns));
	/* what is too short for its place is seen all the same */
	fprintf(out, "<rect x=\"%.3f\" y=\"1\" width=\"%.3f\" height=\"8\"/></svg>",
		width < 0.3 && from > 99.7 ? 99.7 : from,
		width < 0.3 ? 0.3 : width);
	fprintf(out, "<span class=\"figure\">%s</span>",
		lw_text_us(text, lw_real_of(ns)));
	print_taker(span, out);
	fputs("</div>\n", out);
}

static void print_marks(const struct lw_flight *flight, FILE *out)
{
	const struct lw_report_watermark *worst = flight->worst;
	char text[LW_TEXT_SIZE];
	size_t i;

	fputs("<details><summary>marks</summary><div class=\"scroll\"><table><thead><tr><th>mark</th><th class=\"n\">after us</th><th class=\"n\">cpu</th></tr></thead><tbody>\n",
	      out);
	for (i = 0; i < worst->nr_marks; i++) {
		const struct lw_mark *mark = &worst->marks[i];
		struct lw_value after = {
			mark->time_ns.v - flight->begin_ns, mark->time_ns.known
		};

		fputs("<tr><td>", out);
		lw_html_text(out, mark->name);
		fprintf(out, "</td><td class=\"n\">%s</td>",
			lw_text_us_exact(text, after));
		fprintf(out, "<td class=\"n\">%s</td></tr>\n",
			lw_text_count(text, mark->cpu));
	}
	fputs("</tbody></table></div></details>\n", out);
}

static int print_flight(const struct lw_report *report,
			const struct lw_report_watermark *worst, uint32_t path,
			FILE *out)
{
	const struct lw_flight_span *largest;
	struct lw_capture capture;
	struct lw_flight flight;
	int err = lw_flight_read(report, worst, path, &flight), err_text;
	size_t i;

	fputs("<div class=\"flight\"><p>", out);
	if (lw_capture_begin(&capture))
		lw_print_worst(report, worst, path, capture.out);
	err_text = lw_html_captured(&capture, out);
	fputs("</p>\n", out);
	if (!err && flight.nr_spans) {
		largest = lw_flight_largest(&flight);
		fputs("<div class=\"chart\">\n", out);
		print_axis(&flight, out);
		for (i = 0; i < flight.nr_spans; i++)
			print_span(&flight, &flight.spans[i],
				   &flight.spans[i] == largest, out);
		fputs("</div>\n", out);
	}
	if (!err && worst->nr_marks)
		print_marks(&flight, out);
	fputs("</div>\n", out);
	lw_flight_clear(&flight);
	return err ? err : err_text;
}

/**
 * lw_html_flights - the worst flights that took the whole way
 * @report: the report, settled
 * @section: the way
 * @out: where to
 *
 * Return: 0, or -ENOMEM.
 */
int lw_html_flights(const struct lw_report *report,
		    const struct lw_section *section, FILE *out)
{
	const struct lw_report_stage *stage = NULL;
	const struct lw_report_watermark *worst;
	bool any = false;
	int err = 0;

	while (!err && (stage = lw_verdict_next(report, section->vm,
						section->path, stage))) {
		worst = lw_report_find_watermark(report, section->vm, stage->id);
		if (!worst)
			continue;
		if (!any)
			fputs("<h3>Worst flights</h3>\n", out);
		any = true;
		err = print_flight(report, worst, section->path, out);
	}
	return err;
}
