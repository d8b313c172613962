// SPDX-License-Identifier: GPL-2.0
/*
 * What happened where: each CPU's last marks and maxima.  Takes the model,
 * prints text.
 */
#include <stdio.h>

#include <linux/latwatch.h>

#include "format.h"
#include "view.h"

static void print_marks(const struct lw_report *report,
			const struct lw_report_cpu *cpu, FILE *out)
{
	struct lw_value now = report->info.now;
	char text[LW_TEXT_SIZE];
	size_t i;

	if (!cpu->nr_marks)
		return;
	fprintf(out, "    %-24s  %s\n", "mark", "last");
	for (i = 0; i < cpu->nr_marks; i++) {
		const struct lw_mark *mark = &cpu->marks[i];

		fprintf(out, "    %-24s", lw_text_plain(text, mark->name));
		fprintf(out, "  %s",
			lw_text_when(text, report, mark->time_ns, true));
		if (now.known && mark->time_ns.known &&
		    now.v >= mark->time_ns.v)
			fprintf(out, "  %s ago",
				lw_text_duration(text,
						 now.v - mark->time_ns.v));
		fputc('\n', out);
	}
}

/* Two paths may have a stage of the same name. */
static const char *path_of(const struct lw_report *report, uint32_t stage_id)
{
	const struct lw_report_stage *stage = lw_report_find_stage(report, stage_id);

	if (!stage || stage->path == LATWATCH_PATH_RX)
		return NULL;
	return lw_name_path(stage->path);
}

static void print_maxima(const struct lw_report *report,
			 const struct lw_report_cpu *cpu, FILE *out)
{
	char name[2 * LW_TEXT_SIZE];
	char text[LW_TEXT_SIZE];
	size_t i;

	if (!cpu->nr_maxima)
		return;
	fprintf(out, "    %-24s  %12s  %12s\n", "stage", "count", "max");
	for (i = 0; i < cpu->nr_maxima; i++) {
		const struct lw_cpu_stage *stage = &cpu->maxima[i];
		const char *path = path_of(report, stage->id);

		snprintf(name, sizeof(name), "%s%s%s", path ? path : "",
			 path ? "/" : "", lw_text_plain(text, stage->name));
		fprintf(out, "    %-24s", name);
		fprintf(out, "  %12s", lw_text_count(text, stage->count));
		fprintf(out, "  %12s\n",
			lw_text_us(text, lw_real_of(stage->max_ns)));
	}
}

/* Shows the CPUs; see lw_view. */
int lw_view_cpus(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, NULL);
	struct lw_report_books books;
	size_t i;

	(void)options;
	lw_print_header(report, out);
	for (i = 0; i < report->nr_cpus; i++) {
		fprintf(out, "\ncpu%u  over all VMs  times in us\n",
			report->cpus[i].id);
		print_marks(report, &report->cpus[i], out);
		print_maxima(report, &report->cpus[i], out);
		if (!report->cpus[i].nr_marks && !report->cpus[i].nr_maxima)
			fputs("    nothing measured yet\n", out);
	}
	fputs("\nhost\n", out);
	lw_ledger_books(ledger, LATWATCH_PATH_RX, &books);
	lw_print_books(ledger, &books, out);
	return 0;
}
