// SPDX-License-Identifier: GPL-2.0
/*
 * The page that a user gets without options: for each VM the way into it and
 * the way out of it, then what is the host's.  Takes the model, prints text.
 */
#include <stdio.h>

#include <linux/latwatch.h>

#include "color.h"
#include "format.h"
#include "view.h"

static void print_unaccounted(const struct lw_report_ledger *ledger,
			      const struct lw_report_books *books, FILE *out)
{
	char text[LW_TEXT_SIZE];

	if (books->unaccounted.known) {
		fputs(", ", out);
		if (books->unaccounted.v)
			lw_color_begin(LW_HUE_BAD, out);
		fprintf(out, "%s unaccounted",
			lw_text_count(text, books->unaccounted));
		if (books->unaccounted.v)
			lw_color_end(out);
		fputc('\n', out);
	} else if (ledger && books->path != LATWATCH_PATH_RX) {
		fputs(", no ledger is kept\n", out);
	} else {
		fputs(", the ledger was not read\n", out);
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

static void print_maximum(const struct lw_report *report,
			  const struct lw_report_vm *vm,
			  const struct lw_report_stage *stage, FILE *out)
{
	const struct lw_report_watermark *worst =
		lw_report_find_watermark(report, vm, stage->id);
	const char *unit = lw_name_unit(stage->unit);
	char text[LW_TEXT_SIZE];

	fputs("    verdict ", out);
	lw_color_begin(LW_HUE_TITLE, out);
	fprintf(out, "max %s%s us", lw_watermark_is_bound(worst) ? "at most " : "",
		lw_text_us_exact(text, stage->max_ns));
	lw_color_end(out);
	fprintf(out, " over %s %s%s", lw_text_count(text, stage->count),
		unit ? unit : "packet", stage->count.v == 1 ? "" : "s");
	print_end(stage, out);
}

/* One line for each stage that spans the way: from a NIC, or from here. */
static void print_verdicts(const struct lw_report *report,
			   const struct lw_report_vm *vm, uint32_t path, FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, vm);
	bool any = false, blind = false, none = true;
	const struct lw_report_stage *stage = NULL;
	struct lw_report_books books;

	lw_ledger_books(ledger, path, &books);
	while ((stage = lw_report_next_stage(report, vm, path, stage))) {
		if (!(stage->flags & LATWATCH_STAGE_FLAGS_TOTAL))
			continue;
		none = false;
		blind |= lw_stage_is_blind(stage);
		if (!stage->count.v)
			continue;
		print_maximum(report, vm, stage, out);
		print_unaccounted(ledger, &books, out);
		any = true;
	}
	if (any || (none && path != LATWATCH_PATH_RX))
		return;
	fputs("    verdict ", out);
	if (blind) {
		fputs("not measured: ", out);
		lw_print_lacks(&report->info, out);
	} else {
		fprintf(out, "no packet was %s yet",
			path == LATWATCH_PATH_RX ? "delivered" : "sent");
	}
	print_unaccounted(ledger, &books, out);
}

static void print_ledger(const struct lw_report *report,
			 const struct lw_report_vm *vm, uint32_t path, FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, vm);
	struct lw_report_books books;

	lw_ledger_books(ledger, path, &books);
	lw_print_books(ledger, &books, out);
}

static int print_block(const struct lw_report *report, const struct lw_report_vm *vm,
		       uint32_t path, FILE *out)
{
	const struct lw_report_stage *stage = NULL;
	int err = lw_print_table(report, vm, path, out);

	while ((stage = lw_report_next_stage(report, vm, path, stage))) {
		const struct lw_report_watermark *worst;

		if (!(stage->flags & LATWATCH_STAGE_FLAGS_TOTAL))
			continue;
		worst = lw_report_find_watermark(report, vm, stage->id);
		if (worst)
			lw_print_worst(report, worst, path, out);
		if (worst)
			lw_print_met(worst, out);
	}
	print_ledger(report, vm, path, out);
	return err;
}

/* Whether packets took a path, or may have unseen. */
static bool is_taken(const struct lw_report *report, const struct lw_report_vm *vm,
		     uint32_t path, bool or_blind)
{
	const struct lw_report_stage *stage = NULL;

	while ((stage = lw_report_next_stage(report, vm, path, stage)))
		if (stage->count.v || (or_blind && lw_stage_is_blind(stage)))
			return true;
	return lw_ledger_has(lw_report_find_ledger(report, vm), path, true);
}

/* What was counted for VMs whose place another one took is the host's. */
static bool has_forgotten(const struct lw_report *report, uint32_t path)
{
	const struct lw_report_stage *stage = NULL;

	while ((stage = lw_report_next_stage(report, NULL, path, stage)))
		if (!(stage->flags & LATWATCH_STAGE_FLAGS_HOST) &&
		    stage->count.v)
			return true;
	return false;
}

/* What VMs received, of which their own tables have the stages. */
static int print_host_rx(const struct lw_report *report, bool any_vm,
			 FILE *out)
{
	int err;

	fputc('\n', out);
	lw_print_host(LATWATCH_PATH_RX, out);
	if (has_forgotten(report, LATWATCH_PATH_RX)) {
		fputs("  with VMs that are forgotten  times in us\n", out);
		err = print_block(report, NULL, LATWATCH_PATH_RX, out);
		print_verdicts(report, NULL, LATWATCH_PATH_RX, out);
		return err;
	}
	if (any_vm) {
		fputc('\n', out);
		print_ledger(report, NULL, LATWATCH_PATH_RX, out);
		return 0;
	}
	fputs("  no VM was seen  times in us\n", out);
	err = print_block(report, NULL, LATWATCH_PATH_RX, out);
	fputs("    verdict no VM was seen: nothing was measured end to end\n",
	      out);
	return err;
}

/* What VMs sent, or got from devices of their own, likewise. */
static int print_host_vms(const struct lw_report *report, uint32_t path,
			  FILE *out)
{
	int err;

	if (!is_taken(report, NULL, path, false))
		return 0;
	fputc('\n', out);
	lw_print_host(path, out);
	if (!has_forgotten(report, path)) {
		fputc('\n', out);
		print_ledger(report, NULL, path, out);
		return 0;
	}
	fputs("  with VMs that are forgotten  times in us\n", out);
	err = print_block(report, NULL, path, out);
	print_verdicts(report, NULL, path, out);
	return err;
}

/* What this host's own processes sent and read. */
static int print_host_own(const struct lw_report *report, uint32_t path,
			  FILE *out)
{
	int err;

	if (!is_taken(report, NULL, path, false))
		return 0;
	fputc('\n', out);
	lw_print_host(path, out);
	fputs("  times in us\n", out);
	err = print_block(report, NULL, path, out);
	print_verdicts(report, NULL, path, out);
	return err;
}

static int print_vm_path(const struct lw_report *report,
			 const struct lw_report_vm *vm, uint32_t path, FILE *out)
{
	int err;

	fputc('\n', out);
	lw_print_vm(report, vm, path, out);
	err = print_block(report, vm, path, out);
	if (path == LATWATCH_PATH_DEVICE)
		fputs("    note    what the device moves is not seen from here, nor are interrupts that the IOMMU posts\n",
		      out);
	print_verdicts(report, vm, path, out);
	return err;
}

/*
 * The way into a VM is shown even if nothing took it yet, unless the VM has a
 * device of its own instead.
 */
static int print_vm(const struct lw_report *report, const struct lw_report_vm *vm,
		    FILE *out)
{
	bool device = is_taken(report, vm, LATWATCH_PATH_DEVICE, false);
	int err = 0;

	if (!device || vm->nr_taps ||
	    lw_ledger_has(lw_report_find_ledger(report, vm),
			  LATWATCH_PATH_RX, true))
		err = print_vm_path(report, vm, LATWATCH_PATH_RX, out);
	if (!err && is_taken(report, vm, LATWATCH_PATH_TX, !device))
		err = print_vm_path(report, vm, LATWATCH_PATH_TX, out);
	if (!err && device)
		err = print_vm_path(report, vm, LATWATCH_PATH_DEVICE, out);
	return err;
}

/* Shows the page; see lw_view. */
int lw_view_page(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	bool any_vm = false;
	size_t i;
	int err = 0;

	(void)options;
	lw_print_header(report, out);
	for (i = 0; !err && i < report->nr_vms; i++) {
		const struct lw_report_vm *vm = &report->vms[i];

		if (!lw_report_shows(report, vm))
			continue;
		any_vm = true;
		err = print_vm(report, vm, out);
	}
	if (!err)
		err = print_host_rx(report, any_vm, out);
	if (!err)
		err = print_host_vms(report, LATWATCH_PATH_TX, out);
	if (!err)
		err = print_host_vms(report, LATWATCH_PATH_DEVICE, out);
	if (!err)
		err = print_host_own(report, LATWATCH_PATH_LOCAL, out);
	if (!err)
		err = print_host_own(report, LATWATCH_PATH_READER, out);
	return err;
}
