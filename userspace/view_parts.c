// SPDX-License-Identifier: GPL-2.0
/*
 * Lines that more than one view of text has.  Takes the model, prints.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linux/latwatch.h>

#include "format.h"
#include "view.h"

/**
 * lw_print_plain - print received text of any length, safe on a terminal
 * @out: where to
 * @received: the text, or NULL
 */
void lw_print_plain(FILE *out, const char *received)
{
	if (!received || !received[0])
		received = "-";
	for (; *received; received++)
		fputc(*received < 0x20 || *received > 0x7e ? '?' : *received,
		      out);
}

static void print_missing(const struct lw_info *info, FILE *out)
{
	size_t i;

	for (i = 0; i < info->nr_tracepoints; i++) {
		const struct lw_tracepoint *point = &info->tracepoints[i];

		if (point->attached)
			continue;
		fputs("missing ", out);
		lw_print_plain(out, point->name);
		if (point->cost) {
			fputs(": ", out);
			lw_print_plain(out, point->cost);
		}
		fputc('\n', out);
	}
}

/* A table that is nearly full will soon cost packets their account. */
static void print_full_tables(const struct lw_info *info, FILE *out)
{
	char text[LW_TEXT_SIZE], used[LW_TEXT_SIZE], size[LW_TEXT_SIZE];
	size_t i;

	for (i = 0; i < info->nr_limits; i++) {
		const struct lw_limit *limit = &info->limits[i];

		if (!limit->used.known || !limit->size.known ||
		    limit->used.v < limit->size.v - limit->size.v / 4)
			continue;
		fprintf(out, "table   %s: %s of %s in use, see its module parameter\n",
			lw_text_plain(text, limit->name),
			lw_text_count(used, limit->used),
			lw_text_count(size, limit->size));
	}
}

/**
 * lw_print_header - what was attached to which kernel since when
 * @report: the report
 * @out: where to
 */
void lw_print_header(const struct lw_report *report, FILE *out)
{
	const struct lw_info *info = &report->info;
	char text[LW_TEXT_SIZE];
	size_t attached = 0, i;

	for (i = 0; i < info->nr_tracepoints; i++)
		attached += info->tracepoints[i].attached;
	fprintf(out, "latwatch %s", lw_text_plain(text, info->version));
	fprintf(out, "   %s%s", lw_text_plain(text, info->kernel),
		info->preempt_rt ? " PREEMPT_RT" : "");
	fprintf(out, "   clock %s", lw_text_plain(text, info->clock));
	if (report->clocksource)
		fprintf(out, "/%s", lw_text_plain(text, report->clocksource));
	fprintf(out, "   %zu of %zu tracepoints", attached,
		info->nr_tracepoints);
	fprintf(out, "   since %s",
		lw_text_when(text, report, info->since, false));
	if (info->now.known && info->since.known &&
	    info->now.v >= info->since.v)
		fprintf(out, " (%s)",
			lw_text_duration(text, info->now.v - info->since.v));
	fputc('\n', out);
	print_missing(info, out);
	print_full_tables(info, out);
	if (report->interrupted)
		fputs("note    interrupted by a change: the figures may not be of one moment\n",
		      out);
}

/**
 * lw_print_vm - one line that says which VM
 * @report: the report
 * @vm: the VM
 * @out: where to
 */
void lw_print_vm(const struct lw_report *report, const struct lw_vm *vm,
		 FILE *out)
{
	const struct lw_ledger *ledger = lw_report_find_ledger(report, vm);
	char text[LW_TEXT_SIZE];
	struct lw_books books;
	size_t i;

	fputs("rx  ", out);
	for (i = 0; i < vm->nr_taps; i++)
		fprintf(out, "%s%s", i ? "," : "",
			lw_text_plain(text, vm->taps[i]));
	fprintf(out, "%sVM %u", i ? " > " : "", vm->id);
	if (vm->pid.known)
		fprintf(out, "  pid %" PRIu64, vm->pid.v);
	if (vm->comm)
		fprintf(out, " %s", lw_text_plain(text, vm->comm));
	if (vm->vcpus.known)
		fprintf(out, "  vCPUs %" PRIu64, vm->vcpus.v);
	if (vm->backends.known)
		fprintf(out, "  backends %" PRIu64, vm->backends.v);
	if (vm->gone)
		fputs("  gone", out);
	lw_ledger_books(ledger, &books);
	if (books.head[LATWATCH_CATEGORY_OPENED].known)
		fprintf(out, "  %s packets",
			lw_text_count(text, books.head[LATWATCH_CATEGORY_OPENED]));
	fputs("  times in us\n", out);
}

/* The mark at which a task took the flight over. */
static const struct lw_mark *mark_of(const struct lw_watermark *worst,
				     const struct lw_actor *actor)
{
	const struct lw_mark *mark;

	if (!actor->role.known)
		return NULL;
	switch (actor->role.v) {
	case LATWATCH_ROLE_IRQ_THREAD:
		return lw_watermark_find_mark(worst, LATWATCH_MARK_THREAD_RUN);
	case LATWATCH_ROLE_RUNNER:
		return lw_watermark_find_mark(worst, LATWATCH_MARK_SOFTIRQ);
	case LATWATCH_ROLE_BACKEND:
		mark = lw_watermark_find_mark(worst, LATWATCH_MARK_BACKEND_RUN);
		return mark ? mark :
			lw_watermark_find_mark(worst, LATWATCH_MARK_TAKE);
	case LATWATCH_ROLE_VCPU:
		mark = lw_watermark_find_mark(worst, LATWATCH_MARK_VCPU_RUN);
		return mark ? mark :
			lw_watermark_find_mark(worst, LATWATCH_MARK_ENTRY);
	case LATWATCH_ROLE_INTERRUPTED:
		return lw_watermark_find_mark(worst, LATWATCH_MARK_IRQ);
	}
	return NULL;
}

static void print_actor(const struct lw_watermark *worst,
			const struct lw_actor *actor, const char *before,
			FILE *out)
{
	const struct lw_mark *mark = mark_of(worst, actor);
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

static void print_origin(const struct lw_watermark *worst, FILE *out)
{
	const struct lw_mark *mark =
		lw_watermark_find_mark(worst, LATWATCH_MARK_IRQ);

	if (worst->irq.known) {
		fprintf(out, ", irq %" PRIu64, worst->irq.v);
		if (mark && mark->cpu.known)
			fprintf(out, " on cpu%" PRIu64, mark->cpu.v);
	} else if (worst->origin.known &&
		   worst->origin.v == LATWATCH_ORIGIN_POLL) {
		fputs(", found by a poll", out);
	} else if (worst->origin.known &&
		   worst->origin.v == LATWATCH_ORIGIN_LOCAL) {
		fputs(", sent locally", out);
	}
}

/**
 * lw_print_worst - the worst flight on one line
 * @report: the report
 * @worst: the watermark of a stage that spans the way
 * @out: where to
 */
void lw_print_worst(const struct lw_report *report,
		    const struct lw_watermark *worst, FILE *out)
{
	char text[LW_TEXT_SIZE];
	size_t i;

	fprintf(out, "    worst   %s us",
		lw_text_us_exact(text, worst->value_ns));
	if (worst->id != LATWATCH_STAGE_END_TO_END && worst->name)
		fprintf(out, " (%s)", lw_text_plain(text, worst->name));
	fprintf(out, " at %s",
		lw_text_when(text, report, worst->time_ns, true));
	print_origin(worst, out);
	if (worst->batch.known && worst->batch.v > 1)
		fprintf(out, ", batch of %" PRIu64, worst->batch.v);
	for (i = 0; i < worst->nr_actors; i++) {
		const struct lw_actor *actor = &worst->actors[i];

		/* On RT the irq thread runs its softirq itself. */
		if (i && actor->pid.known && worst->actors[i - 1].pid.known &&
		    actor->pid.v == worst->actors[i - 1].pid.v)
			continue;
		print_actor(worst, actor, i ? " > " : ", ", out);
	}
	fputc('\n', out);
}

/*
 * The entries of one category that are not 0.  One that is all there is to its
 * head, and is named like it, says nothing new.
 */
static bool print_causes(const struct lw_ledger *ledger, uint32_t category,
			 const char *before, FILE *out)
{
	const char *head = lw_name_category(category);
	char text[LW_TEXT_SIZE];
	bool any = false;
	size_t i;

	for (i = 0; i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];

		if (entry->category != category || !entry->count.v)
			continue;
		if (head && entry->name && !strcmp(head, entry->name))
			continue;
		if (any)
			fputs(", ", out);
		else if (category == LATWATCH_CATEGORY_NOTE)
			fputs(before, out);
		else
			fprintf(out, "%s%s: ", before, head ? head : "other");
		any = true;
		lw_print_plain(out, entry->name);
		fprintf(out, " %s", lw_text_count(text, entry->count));
	}
	return any;
}

/**
 * lw_print_books - a ledger: its sum, its causes, its notes
 * @ledger: the ledger, or NULL if it was not read
 * @books: what it adds up to
 * @out: where to
 */
void lw_print_books(const struct lw_ledger *ledger,
		    const struct lw_books *books, FILE *out)
{
	char text[LW_TEXT_SIZE];
	const char *before = "    causes  ";
	uint32_t i;

	if (!ledger) {
		fputs("    ledger  was not read\n", out);
		return;
	}
	fputs("    ledger  ", out);
	for (i = 0; i < LW_HEADS; i++)
		fprintf(out, "%s%s %s", !i ? "" : i == 1 ? " = " : " + ",
			lw_name_category(i),
			lw_text_count(text, books->head[i]));
	if (books->gap.known && books->gap.v) {
		uint64_t gap = books->gap.v < 0 ? -(uint64_t)books->gap.v :
						  (uint64_t)books->gap.v;

		fprintf(out, ", does not close: %s unaccounted",
			lw_text_count(text, (struct lw_value){ gap, true }));
	}
	fputc('\n', out);
	for (i = 0; i < LW_HEADS; i++)
		if (print_causes(ledger, i, before, out))
			before = "; ";
	if (before[0] == ';')
		fputc('\n', out);
	if (print_causes(ledger, LATWATCH_CATEGORY_NOTE, "    notes   ", out))
		fputc('\n', out);
}
