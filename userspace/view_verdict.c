// SPDX-License-Identifier: GPL-2.0
/*
 * Verdicts: a maximum, what it was taken over, and what is not accounted for.  Takes
 * the model, prints the words that all views have for it.
 */
#include <stdio.h>

#include <linux/latwatch.h>

#include "color.h"
#include "format.h"
#include "view.h"

static bool spans(const struct lw_report_stage *stage)
{
	return stage->flags & LATWATCH_STAGE_FLAGS_TOTAL;
}

/**
 * lw_verdict_next - walk what has a verdict on a path
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path
 * @prev: the stage before, or NULL to begin
 *
 * Return: the next stage that spans the way and was measured, or NULL.
 */
const struct lw_report_stage *lw_verdict_next(const struct lw_report *report,
					      const struct lw_report_vm *vm,
					      uint32_t path,
					      const struct lw_report_stage *prev)
{
	const struct lw_report_stage *stage = prev;

	while ((stage = lw_report_next_stage(report, vm, path, stage)))
		if (spans(stage) && stage->count.v)
			break;
	return stage;
}

/**
 * lw_verdict_is_missing - whether a path should have a verdict and has none
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path
 *
 * Return: false also for a path of which no stage spans the way.
 */
bool lw_verdict_is_missing(const struct lw_report *report,
			   const struct lw_report_vm *vm, uint32_t path)
{
	const struct lw_report_stage *stage = NULL;
	bool none = true;

	if (lw_verdict_next(report, vm, path, NULL))
		return false;
	while (none && (stage = lw_report_next_stage(report, vm, path, stage)))
		none = !spans(stage);
	return !none || path == LATWATCH_PATH_RX;
}

static void print_unaccounted(const struct lw_report *report,
			      const struct lw_report_vm *vm, uint32_t path, FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, vm);
	struct lw_report_books books;
	char text[LW_TEXT_SIZE];

	lw_ledger_books(ledger, path, &books);
	if (books.unaccounted.known) {
		fputs(", ", out);
		if (books.unaccounted.v)
			lw_color_begin(LW_HUE_BAD, out);
		fprintf(out, "%s unaccounted",
			lw_text_count(text, books.unaccounted));
		if (books.unaccounted.v)
			lw_color_end(out);
	} else if (ledger && path != LATWATCH_PATH_RX) {
		fputs(", no ledger is kept", out);
	} else {
		fputs(", the ledger was not read", out);
	}
}

/* Where a way ends; a path's other totals are told by their names. */
static void print_end(const struct lw_report_stage *stage, FILE *out)
{
	char text[LW_TEXT_SIZE];

	if (!lw_stage_is_main_total(stage->id))
		fprintf(out, " (%s)", lw_text_plain(text, stage->name));
	else if (stage->path == LATWATCH_PATH_TX)
		fputs(" (to the NIC's driver)", out);
	else if (stage->path == LATWATCH_PATH_READER)
		fputs(" (to the reader's copy)", out);
}

/**
 * lw_print_maximum - the figure of a verdict
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @stage: of lw_verdict_next()
 * @out: where to
 */
void lw_print_maximum(const struct lw_report *report, const struct lw_report_vm *vm,
		      const struct lw_report_stage *stage, FILE *out)
{
	const struct lw_report_watermark *worst =
		lw_report_find_watermark(report, vm, stage->id);
	char text[LW_TEXT_SIZE];

	lw_color_begin(LW_HUE_TITLE, out);
	fprintf(out, "max %s%s us", lw_watermark_is_bound(worst) ? "at most " : "",
		lw_text_us_exact(text, stage->max_ns));
	lw_color_end(out);
}

/**
 * lw_print_taken_over - what a maximum was taken over, and what is missing from it
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @stage: of lw_verdict_next()
 * @out: where to
 */
void lw_print_taken_over(const struct lw_report *report,
			 const struct lw_report_vm *vm,
			 const struct lw_report_stage *stage, FILE *out)
{
	const char *unit = lw_name_unit(stage->unit);
	char text[LW_TEXT_SIZE];

	fprintf(out, " over %s %s%s", lw_text_count(text, stage->count),
		unit ? unit : "packet", stage->count.v == 1 ? "" : "s");
	print_end(stage, out);
	print_unaccounted(report, vm, stage->path, out);
}

/**
 * lw_print_no_verdict - why there is none where one should be
 * @report: the report, settled
 * @vm: the VM, or NULL for the host
 * @path: enum latwatch_path, of which lw_verdict_is_missing()
 * @out: where to
 */
void lw_print_no_verdict(const struct lw_report *report,
			 const struct lw_report_vm *vm, uint32_t path, FILE *out)
{
	const struct lw_report_stage *stage = NULL;
	bool blind = false;

	while ((stage = lw_report_next_stage(report, vm, path, stage)))
		blind |= spans(stage) && lw_stage_is_blind(stage);
	if (blind) {
		fputs("not measured: ", out);
		lw_print_lacks(&report->info, out);
	} else {
		fprintf(out, "no packet was %s yet",
			path == LATWATCH_PATH_RX ? "delivered" : "sent");
	}
	print_unaccounted(report, vm, path, out);
}
