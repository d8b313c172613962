// SPDX-License-Identifier: GPL-2.0
/*
 * The limits, and how close it came.  Takes the model, prints text.
 */
#include <inttypes.h>
#include <stdio.h>

#include "format.h"
#include "view.h"

/* What a limit without a VM is held against: the largest of those that it is for. */
static struct lw_value maximum_of(const struct lw_report *r, const struct lw_report_bound *bound)
{
	struct lw_value most = { 0 };
	size_t i, j;

	for (i = 0; i < r->nr_stages; i++) {
		const struct lw_report_stage *stage = &r->stages[i];
		bool own = false;

		if (stage->id != bound->stage || !stage->max_ns.known)
			continue;
		for (j = 0; j < r->nr_bounds; j++)
			own |= r->bounds[j].stage == bound->stage &&
			       r->bounds[j].vm.known && stage->vm.known &&
			       r->bounds[j].vm.v == stage->vm.v;
		if (bound->vm.known ? !stage->vm.known || stage->vm.v != bound->vm.v : own)
			continue;
		if (!most.known || stage->max_ns.v > most.v)
			most = stage->max_ns;
	}
	return most;
}

static void print_bound(const struct lw_report *r, const struct lw_report_bound *bound, FILE *out)
{
	struct lw_value most = maximum_of(r, bound), left;
	char name[LW_TEXT_SIZE], limit[LW_TEXT_SIZE], max[LW_TEXT_SIZE];
	char margin[LW_TEXT_SIZE], whose[LW_TEXT_SIZE] = "all";

	if (bound->vm.known)
		snprintf(whose, sizeof(whose), "VM %" PRIu64, bound->vm.v);
	left.known = most.known && bound->limit_ns.known;
	left.v = left.known && most.v <= bound->limit_ns.v ? bound->limit_ns.v - most.v : 0;
	left.known &= !bound->breaches.known || !bound->breaches.v;
	fprintf(out, "%-7s %-19s %-7s %13s %13s %13s  ", lw_name_path(bound->path),
		bound->name ? lw_text_plain(name, bound->name) : "-", whose,
		lw_text_us_exact(limit, bound->limit_ns), lw_text_us_exact(max, most),
		lw_text_us_exact(margin, left));
	if (!bound->breaches.known)
		fputs("-\n", out);
	else if (bound->breaches.v)
		fprintf(out, "broken %" PRIu64 " time%s\n", bound->breaches.v,
			bound->breaches.v == 1 ? "" : "s");
	else
		fputs(most.known ? "held\n" : "nothing measured yet\n", out);
}

/* Shows the limits; see lw_view. */
int lw_view_budget(const struct lw_report *report,
		   const struct lw_view_options *options, FILE *out)
{
	size_t i;

	(void)options;
	if (!report->nr_bounds) {
		fputs("no limits: latwatch-report budget FILE sets them\n", out);
		return 0;
	}
	fprintf(out, "%-7s %-19s %-7s %13s %13s %13s  %s\n", "path", "stage", "of",
		"limit", "max", "left", "times in us");
	for (i = 0; i < report->nr_bounds; i++)
		print_bound(report, &report->bounds[i], out);
	return 0;
}
