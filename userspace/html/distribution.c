// SPDX-License-Identifier: GPL-2.0
/*
 * Distributions of the stages of one way, under each other on one logarithmic axis.
 * Takes the model, prints elements; shapes stretch, words do not.
 */
#include <inttypes.h>

#include <linux/latwatch.h>

#include "format.h"
#include "html/html.h"
#include "scale.h"

#define COLUMNS 240
#define HEIGHT 100

static bool has_distribution(const struct lw_report_stage *stage)
{
	return stage->count.v && stage->min_ns.known && stage->max_ns.known;
}

/* One outline, from column to column; columns without a count lie on the ground. */
static void print_shape(const struct lw_scale *scale,
			const struct lw_report_stage *stage, FILE *out)
{
	uint64_t columns[COLUMNS], most = 0;
	bool open = false;
	int i;

	lw_scale_columns(scale, stage, columns, COLUMNS);
	for (i = 0; i < COLUMNS; i++)
		most = columns[i] > most ? columns[i] : most;
	fputs("<path class=\"shape\" d=\"", out);
	for (i = 0; i < COLUMNS; i++) {
		int height = (int)(HEIGHT * lw_scale_height(columns[i], most));

		if (height && !open)
			fprintf(out, "M%d %d", i, HEIGHT);
		if (height)
			fprintf(out, "V%dH%d", HEIGHT - height, i + 1);
		else if (open)
			fprintf(out, "V%dz", HEIGHT);
		open = height;
	}
	fprintf(out, "%s\"/>", open ? "V100z" : "");
}

static void print_line(const struct lw_scale *scale, const char *class,
		       struct lw_value ns, FILE *out)
{
	double x = ns.known ? lw_scale_place(scale, ns.v) * COLUMNS : 0;

	if (ns.known)
		fprintf(out, "<path class=\"%s\" d=\"M%.1f 0V%d\"/>", class, x,
			HEIGHT);
}

static void print_stage(const struct lw_scale *scale,
			const struct lw_report_stage *stage, FILE *out)
{
	struct lw_value p50 = lw_stage_percentile(stage, 5000);
	struct lw_value p999 = lw_stage_percentile(stage, 9990);
	char text[LW_TEXT_SIZE];
	int i;

	fprintf(out, "<div class=\"stage%s%s\"><span class=\"name\">",
		stage->flags & LATWATCH_STAGE_FLAGS_NESTED ? " part" : "",
		stage->flags & LATWATCH_STAGE_FLAGS_TOTAL ? " total" : "");
	if (stage->flags & LATWATCH_STAGE_FLAGS_AFTER)
		fputs("after: ", out);
	lw_html_text(out, stage->name);
	fprintf(out, "</span><svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\"><title>",
		COLUMNS, HEIGHT);
	fprintf(out, "min %s", lw_text_us_exact(text, stage->min_ns));
	fprintf(out, ", p50 %s", lw_text_us_exact(text, p50));
	fprintf(out, ", p99.9 %s", lw_text_us_exact(text, p999));
	fprintf(out, ", max %s us", lw_text_us_exact(text, stage->max_ns));
	fputs("</title>", out);
	for (i = 1; i < scale->decades; i++)
		fprintf(out, "<path class=\"grid\" d=\"M%.1f 0V%d\"/>",
			(double)COLUMNS * i / scale->decades, HEIGHT);
	print_shape(scale, stage, out);
	print_line(scale, "p50", p50, out);
	print_line(scale, "p999", p999, out);
	print_line(scale, "max", stage->max_ns, out);
	fputs("</svg>", out);
	fprintf(out, "<span class=\"figure wide\">%s</span>",
		lw_text_us(text, lw_real_of(p50)));
	fprintf(out, "<span class=\"figure wide\">%s</span>",
		lw_text_us(text, lw_real_of(p999)));
	fprintf(out, "<span class=\"figure\">%s</span></div>\n",
		lw_text_us(text, lw_real_of(stage->max_ns)));
}

/*
 * The name of a decade stands at its begin; the last one's end has none.  Of many,
 * every other has room on a phone.
 */
static void print_axis(const struct lw_scale *scale, FILE *out)
{
	char text[LW_TEXT_SIZE];
	int i;

	fputs("<div class=\"stage axis\"><span></span><span class=\"ticks\">", out);
	for (i = 0; i < scale->decades; i++)
		fprintf(out, "<span%s style=\"left:%.2f%%\">%s</span>",
			scale->decades > 2 && i % 2 ? " class=\"wide\"" : "",
			100.0 * i / scale->decades,
			lw_scale_name(text, scale->first + i));
	fputs("</span><span class=\"figure wide\">p50</span><span class=\"figure wide\">p99.9</span><span class=\"figure\">max us</span></div>\n",
	      out);
}

/**
 * lw_html_distributions - how the times of each stage are distributed
 * @report: the report, settled
 * @section: the way
 * @out: where to
 */
void lw_html_distributions(const struct lw_report *report,
			   const struct lw_section *section, FILE *out)
{
	const struct lw_report_stage *stage = NULL;
	struct lw_scale scale = { 0 };

	while ((stage = lw_report_next_stage(report, section->vm, section->path,
					     stage)))
		if (has_distribution(stage))
			lw_scale_add(&scale, stage);
	if (!scale.decades)
		return;
	fputs("<h3>Distributions</h3>\n<div class=\"chart\">\n", out);
	print_axis(&scale, out);
	while ((stage = lw_report_next_stage(report, section->vm, section->path,
					     stage)))
		if (has_distribution(stage))
			print_stage(&scale, stage, out);
	fputs("</div>\n", out);
}
