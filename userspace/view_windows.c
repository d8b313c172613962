// SPDX-License-Identifier: GPL-2.0
/*
 * The last seconds of a stage, or of each that spans the way.  Takes the model, prints
 * text.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <linux/latwatch.h>

#include "format.h"
#include "view.h"

#define S 1000000000ull

/* A window is of the stage before it where it does not say its path. */
static const struct lw_report_window *head_of(const struct lw_report *r, size_t i)
{
	while (i && !r->windows[i].path.known)
		i--;
	return &r->windows[i];
}

static bool is_wanted(const struct lw_report *r, const struct lw_report_window *head,
		      const char *typed)
{
	const struct lw_report_stage *stage = lw_report_find_stage(r, head->id);

	if (!stage)
		return false;
	return typed ? lw_stage_is_meant(stage, typed) :
		       stage->flags & LATWATCH_STAGE_FLAGS_TOTAL;
}

static void print_title(const struct lw_report_window *head, FILE *out)
{
	char name[LW_TEXT_SIZE];

	if (head->vm.known)
		fprintf(out, "VM %" PRIu64 "  ", head->vm.v);
	fprintf(out, "%s  %s  times in us\n", lw_name_path((uint32_t)head->path.v),
		head->name ? lw_text_plain(name, head->name) : "-");
	fprintf(out, "    %-19s %12s %12s\n", "second", "count", "max");
}

static void print_second(const struct lw_report *r, const struct lw_second *second,
			 FILE *out)
{
	char when[LW_TEXT_SIZE], count[LW_TEXT_SIZE], max[LW_TEXT_SIZE];
	struct lw_value at = { second->begin * S, true };
	struct lw_value nr = { second->count, true }, most = { second->max_ns, true };
	/* what can still change */
	bool open = r->info.now.known && second->begin >= r->info.now.v / S;

	fprintf(out, "    %-19s %12s %12s%s\n", lw_text_when(when, r, at, false),
		lw_text_count(count, nr), lw_text_us_exact(max, most), open ? "  so far" : "");
}

/* Shows the seconds; see lw_view. */
int lw_view_windows(const struct lw_report *report,
		    const struct lw_view_options *options, FILE *out)
{
	size_t i, j, shown = 0;

	for (i = 0; i < report->nr_windows; i++) {
		const struct lw_report_window *window = &report->windows[i];
		const struct lw_report_window *head = head_of(report, i);

		if (!is_wanted(report, head, options->stage))
			continue;
		if (head == window)
			print_title(head, out);
		for (j = 0; j < window->nr_seconds; j++)
			print_second(report, &window->seconds[j], out);
		shown++;
	}
	if (!shown && options->stage && !lw_report_has_stage(report, options->stage))
		return -ENOENT;
	if (!shown)
		fputs("nothing measured in the last 128 seconds\n", out);
	return 0;
}
