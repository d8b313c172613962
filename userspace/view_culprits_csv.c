// SPDX-License-Identifier: GPL-2.0
/*
 * Culprits as CSV, a line each: those of the worst flight of each stage, or in sum over
 * all its flights.  Takes the model, prints.  An empty field was not measured.
 */
#include <inttypes.h>
#include <stdio.h>

#include "culprit.h"
#include "view.h"

static void print_value(struct lw_value value, FILE *out)
{
	fputc(',', out);
	if (value.known)
		fprintf(out, "%" PRIu64, value.v);
}

static void print_text(const char *text, FILE *out)
{
	fputc(',', out);
	if (text)
		lw_print_quoted(text, out);
}

static void print_stage(struct lw_value vm, const struct lw_report_stage *stage,
			const char *name, FILE *out)
{
	if (vm.known)
		fprintf(out, "%" PRIu64, vm.v);
	print_text(stage ? lw_name_path(stage->path) : NULL, out);
	print_text(name, out);
}

static void print_who(const struct lw_report_culprit *c, FILE *out)
{
	print_text(lw_name_culprit(c->kind), out);
	print_value(c->id, out);
	print_text(c->name, out);
	print_text(c->function, out);
	print_value(c->pid, out);
	print_value(c->policy, out);
	fputc(',', out);
	if (c->prio.known)
		fprintf(out, "%" PRId64, c->prio.v);
	print_value(c->time_ns, out);
}

static bool is_shown(const struct lw_report *report, struct lw_value vm)
{
	return !report->chosen.known || (vm.known && vm.v == report->chosen.v);
}

/* Shows the culprits of the worst flight of each stage; see lw_view. */
int lw_view_worst_csv(const struct lw_report *report,
		      const struct lw_view_options *options, FILE *out)
{
	const struct lw_report_culprit *c;
	size_t i;

	if (!options->stream || options->first)
		fputs("vm,path,stage,kind,id,name,function,pid,policy,kernel_prio,time_ns,cpu,mark,value_ns,unknown_ns\n",
		      out);
	for (i = 0; i < report->nr_watermarks; i++) {
		const struct lw_report_watermark *worst = &report->watermarks[i];

		if (!is_shown(report, worst->vm))
			continue;
		c = NULL;
		while ((c = lw_culprit_next(worst->culprits, worst->nr_culprits, c))) {
			print_stage(worst->vm, lw_report_find_stage(report, worst->id),
				    worst->name, out);
			print_who(c, out);
			print_value(c->cpu, out);
			print_value(c->mark, out);
			print_value(worst->value_ns, out);
			print_value(worst->unknown_ns, out);
			fputc('\n', out);
		}
	}
	return 0;
}

/* Shows what came in between in sum; see lw_view. */
int lw_view_why_csv(const struct lw_report *report, const struct lw_view_options *options,
		    FILE *out)
{
	const struct lw_report_culprit *c;
	size_t i;

	if (!options->stream || options->first)
		fputs("vm,path,stage,kind,id,name,function,pid,policy,kernel_prio,time_ns,flights,worst_ns,sum_ns,unknown_ns\n",
		      out);
	for (i = 0; i < report->nr_rankings; i++) {
		const struct lw_report_ranking *ranking = &report->rankings[i];
		const struct lw_report_stage *stage =
			lw_report_find_stage(report, ranking->id);

		if (options->stage && (!stage || !lw_stage_is_meant(stage, options->stage)))
			continue;
		c = NULL;
		while ((c = lw_culprit_next(ranking->culprits, ranking->nr_culprits, c))) {
			print_stage(ranking->vm, stage, ranking->name, out);
			print_who(c, out);
			print_value(c->flights, out);
			print_value(c->worst_ns, out);
			print_value(ranking->sum_ns, out);
			print_value(ranking->unknown_ns, out);
			fputc('\n', out);
		}
	}
	return 0;
}
