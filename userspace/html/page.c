// SPDX-License-Identifier: GPL-2.0
/*
 * One page for a browser or for paper, with all that it needs in it.  Takes the model
 * and the ways from section.c, prints HTML: verdicts first, then the ways one by one.
 *
 * What is yet to come has its place here: what filled a stage's time belongs into the
 * line of time, the module's own maxima of windows into the course, budgets into all.
 */
#include <stdlib.h>

#include "color.h"
#include "format.h"
#include "html/html.h"

static int print_section(const struct lw_report *report,
			 const struct lw_history *history,
			 const struct lw_section *section, size_t nr, FILE *out)
{
	struct lw_capture capture;
	int err;

	fprintf(out, "<section id=\"way%zu\">\n<h2>", nr);
	if (lw_capture_begin(&capture))
		lw_section_print_title(section, capture.out);
	err = lw_html_captured(&capture, out);
	fputs("</h2>\n", out);
	if (!err && section->vm) {
		fputs("<p class=\"note\">", out);
		if (lw_capture_begin(&capture))
			lw_print_facts(report, section->vm, section->path,
				       capture.out);
		err = lw_html_captured(&capture, out);
		fputs("</p>\n", out);
	}
	if (!err && lw_section_has_stages(section)) {
		lw_html_distributions(report, section, out);
		lw_html_course(history, section, out);
		err = lw_html_flights(report, section, out);
		if (!err)
			err = lw_html_table(report, section, out);
	}
	if (!err)
		lw_html_ledger(report, section, out);
	fputs("</section>\n", out);
	return err;
}

static int print_head(const struct lw_report *report, FILE *out)
{
	struct lw_capture capture;
	char date[LW_TEXT_SIZE];
	int err;

	lw_text_date(date, report);
	/* Nothing is loaded and nothing runs, whatever a name has in it. */
	fputs("<!DOCTYPE html>\n"
	      "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<title>latwatch ", out);
	lw_html_text(out, date);
	fputs("</title>\n<style>\n", out);
	fputs(lw_html_style, out);
	fputs("</style>\n</head>\n<body>\n<header>\n<h1>latwatch</h1>\n<p>reported ",
	      out);
	lw_html_text(out, date);
	fputs("</p>\n<p class=\"note\">", out);
	if (lw_capture_begin(&capture))
		lw_print_header(report, capture.out);
	err = lw_html_captured(&capture, out);
	fputs("</p>\n</header>\n<main>\n", out);
	return err;
}

static const char foot[] =
	"</main>\n<footer>\n"
	"<p>Times are in microseconds. A maximum is exact; a percentile is the upper bound of its bucket, too large by a sixteenth at most. <b>-</b> was not measured.</p>\n"
	"<p>Distributions: one logarithmic axis for all stages of a way; the height is the logarithm of the count, so that one packet among millions is seen. Lines: <span class=\"key p50\">p50</span> <span class=\"key p999\">p99.9</span> <span class=\"key max\">maximum</span>. Lighter shapes lie within the stage above them.</p>\n"
	"<p>Maxima over time, of a recording: on a logarithmic scale. Of a moment that rose the maximum of all, which stands out, it is exact; of another it is the end of the bucket that the longest is in.</p>\n"
	"<p>Worst flights: one packet each, to scale; the longest stage stands out.</p>\n"
	"<p>latwatch-report " LW_VERSION "</p>\n</footer>\n</body>\n</html>\n";

/* Shows the page; see lw_view. */
int lw_view_html(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	struct lw_section *sections;
	size_t nr, i;
	int err = lw_sections(report, &sections, &nr);

	if (err)
		return err;
	/* Text that is taken into the page must have no escapes of a terminal. */
	lw_color_off();
	err = print_head(report, out);
	if (!err)
		err = lw_html_verdicts(report, sections, nr, out);
	if (!err)
		err = lw_html_paths(report, sections, nr, out);
	for (i = 0; !err && i < nr; i++)
		err = print_section(report, options->history, &sections[i], i,
				    out);
	if (!err)
		fputs(foot, out);
	free(sections);
	return err;
}
