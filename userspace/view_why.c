// SPDX-License-Identifier: GPL-2.0
/*
 * What came in between, in sum over all flights of each stage.  Takes the model, prints
 * text.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/latwatch.h>

#include "color.h"
#include "culprit.h"
#include "format.h"
#include "view.h"

static void print_share(uint64_t ns, uint64_t whole, FILE *out)
{
	char text[LW_TEXT_SIZE];

	fprintf(out, "  %8s", lw_text_share(text, ns, whole));
	fprintf(out, " %14s us", lw_text_us_exact(text, (struct lw_value){ ns, true }));
}

static void print_culprit(const struct lw_report_ranking *ranking,
			  const struct lw_report_culprit *culprit, FILE *out)
{
	char text[LW_TEXT_SIZE];

	print_share(culprit->time_ns.v, ranking->sum_ns.v, out);
	fprintf(out, "  in %9s", lw_text_count(text, culprit->flights));
	fprintf(out, "  worst %12s  ", lw_text_us_exact(text, culprit->worst_ns));
	fprintf(out, "%s\n", lw_text_culprit(text, culprit));
}

static void print_ranking(const struct lw_report_ranking *ranking,
			  const struct lw_report_stage *stage, FILE *out)
{
	uint64_t told = lw_culprits_sum(ranking->culprits, ranking->nr_culprits) +
			ranking->unknown_ns.v;
	const struct lw_report_culprit *culprit = NULL;
	const char *unit = lw_name_unit(stage->unit);
	char text[LW_TEXT_SIZE];

	lw_color_begin(LW_HUE_TITLE, out);
	fprintf(out, "\n%s  %s", lw_name_path(stage->path),
		lw_text_plain(text, stage->name));
	lw_color_end(out);
	if (ranking->vm.known)
		fprintf(out, "  VM %llu", (unsigned long long)ranking->vm.v);
	fprintf(out, "  %s %ss", lw_text_count(text, ranking->flights),
		unit ? unit : "time");
	fprintf(out, "  %s us in all\n", lw_text_us_exact(text, ranking->sum_ns));
	while ((culprit = lw_culprit_next(ranking->culprits, ranking->nr_culprits,
					  culprit)))
		print_culprit(ranking, culprit, out);
	/* A report is read object by object: the sum may be younger. */
	if (ranking->sum_ns.v >= told) {
		print_share(ranking->sum_ns.v - told, ranking->sum_ns.v, out);
		fputs("  the stage's own\n", out);
	}
	print_share(ranking->unknown_ns.v, ranking->sum_ns.v, out);
	fputs("  not explained\n", out);
}

/* Shows the rankings, of one stage or of all; see lw_view. */
int lw_view_why(const struct lw_report *report, const struct lw_view_options *options,
		FILE *out)
{
	bool any = false, named = !options->stage;
	size_t i;

	for (i = 0; i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];
		const struct lw_report_ranking *ranking;

		if (options->stage && !lw_stage_is_meant(stage, options->stage))
			continue;
		named = true;
		ranking = lw_report_find_ranking(report, stage->vm, stage->id);
		if (!ranking || !ranking->sum_ns.known)
			continue;
		if (!any)
			lw_print_header(report, out);
		print_ranking(ranking, stage, out);
		any = true;
	}
	if (!named)
		return -ENOENT;
	if (!any) {
		lw_print_header(report, out);
		fputs("\nnothing came in between yet, or culprits are not looked for (--set culprits=on)\n",
		      out);
	}
	return 0;
}
