// SPDX-License-Identifier: GPL-2.0
/*
 * The worst flight on one line.  Takes the model, prints.
 */
#include <inttypes.h>
#include <stdio.h>

#include <linux/latwatch.h>

#include "culprit.h"
#include "flight.h"
#include "format.h"
#include "view.h"

static void print_actor(const struct lw_report_watermark *worst,
			const struct lw_report_actor *actor, const char *before,
			FILE *out)
{
	const struct lw_mark *mark = lw_flight_taken(worst, actor);
	char text[LW_TEXT_SIZE];

	fputs(before, out);
	if (mark && mark->cpu.known)
		fprintf(out, "cpu%" PRIu64 " ", mark->cpu.v);
	if (actor->role.known && actor->role.v == LATWATCH_ROLE_INTERRUPTED)
		fputs("interrupted ", out);
	if (actor->comm)
		fputs(lw_text_plain(text, actor->comm), out);
	else if (actor->pid.known)
		fprintf(out, "pid %" PRIu64, actor->pid.v);
	else
		fputc('-', out);
	if (actor->policy.known)
		fprintf(out, " (%s)", lw_text_sched(text, actor));
}

static void print_origin(const struct lw_report_watermark *worst, uint32_t path,
			 FILE *out)
{
	const struct lw_mark *mark =
		lw_watermark_find_mark(worst, LATWATCH_MARK_IRQ);

	if (worst->irq.known) {
		if (lw_watermark_is_bound(worst))
			fputs(", found by a poll that went on after", out);
		else
			fputc(',', out);
		fprintf(out, " irq %" PRIu64, worst->irq.v);
		if (mark && mark->cpu.known)
			fprintf(out, " on cpu%" PRIu64, mark->cpu.v);
		return;
	}
	if (!worst->origin.known)
		return;
	switch (worst->origin.v) {
	case LATWATCH_ORIGIN_POLL:
		fputs(", found by a poll", out);
		break;
	case LATWATCH_ORIGIN_TIMER:
		fputs(", found by a timer's poll", out);
		break;
	case LATWATCH_ORIGIN_AFTER_IRQ:
		fputs(", found by a poll that went on", out);
		break;
	case LATWATCH_ORIGIN_AFTER_EMPTY:
		fputs(", found after the ring was empty", out);
		break;
	case LATWATCH_ORIGIN_AFTER_TURN:
		fputs(", found a turn of the ring later", out);
		break;
	case LATWATCH_ORIGIN_PROCESS:
		fputs(", sent on by a process", out);
		break;
	case LATWATCH_ORIGIN_LOCAL:
		fputs(", sent locally", out);
		break;
	case LATWATCH_ORIGIN_VM:
		/* On the way out it is the VM that the table is of. */
		if (path == LATWATCH_PATH_RX)
			fputs(", sent by another VM", out);
		break;
	}
}

/**
 * lw_print_worst - the worst flight on one line
 * @report: the report
 * @worst: the watermark of a stage that spans the way
 * @path: enum latwatch_path, of that stage
 * @out: where to
 */
void lw_print_worst(const struct lw_report *report,
		    const struct lw_report_watermark *worst, uint32_t path, FILE *out)
{
	const struct lw_report_actor *actor = NULL, *prev = NULL;
	char text[LW_TEXT_SIZE];

	fprintf(out, "    worst   %s%s us",
		lw_watermark_is_bound(worst) ? "at most " : "",
		lw_text_us_exact(text, worst->value_ns));
	if (!lw_stage_is_main_total(worst->id) && worst->name)
		fprintf(out, " (%s)", lw_text_plain(text, worst->name));
	fprintf(out, " at %s",
		lw_text_when(text, report, worst->time_ns, true));
	print_origin(worst, path, out);
	if (worst->batch.known && worst->batch.v > 1)
		fprintf(out, ", batch of %" PRIu64, worst->batch.v);
	while ((actor = lw_flight_next(worst, prev))) {
		/* On RT the irq thread runs its softirq itself. */
		if (!prev || !actor->pid.known || !prev->pid.known ||
		    actor->pid.v != prev->pid.v)
			print_actor(worst, actor, prev ? " > " : ", ", out);
		prev = actor;
	}
	fputc('\n', out);
}

/* As many as fit on a line; "worst" has them all. */
#define MOST_MET 3

/**
 * lw_print_met - what came in between in the worst flight, on one line
 * @worst: the watermark of a stage that spans the way
 * @out: where to
 */
void lw_print_met(const struct lw_report_watermark *worst, FILE *out)
{
	const struct lw_report_culprit *c = NULL;
	char text[LW_TEXT_SIZE];
	int n = 0;

	if (!worst->unknown_ns.known || (!worst->nr_culprits && !worst->unknown_ns.v))
		return;
	fputs("    met     ", out);
	while (n < MOST_MET &&
	       (c = lw_culprit_next(worst->culprits, worst->nr_culprits, c))) {
		const struct lw_mark *mark =
			c->mark.known ?
			lw_watermark_find_mark(worst, (uint32_t)c->mark.v) : NULL;

		fprintf(out, "%s%s us ", n++ ? ", " : "",
			lw_text_us(text, lw_real_of(c->time_ns)));
		if (c->cpu.known)
			fprintf(out, "cpu%" PRIu64 " ", c->cpu.v);
		fputs(lw_text_culprit(text, c), out);
		if (mark && mark->name)
			fprintf(out, " before %s", lw_text_plain(text, mark->name));
	}
	if (worst->unknown_ns.v)
		fprintf(out, "%snot explained %s us", n ? ", " : "",
			lw_text_us(text, lw_real_of(worst->unknown_ns)));
	fputc('\n', out);
}
