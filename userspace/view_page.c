// SPDX-License-Identifier: GPL-2.0
/*
 * The page that a user gets without options.  Takes the model and the ways from
 * section.c, prints text.
 */
#include <stdio.h>
#include <stdlib.h>

#include <linux/latwatch.h>

#include "color.h"
#include "format.h"
#include "section.h"
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
	}
	print_ledger(report, vm, path, out);
	return err;
}

/* A way of the host's: where its stages are shown elsewhere, its books alone. */
static int print_host(const struct lw_report *report,
		      const struct lw_section *section, FILE *out)
{
	static const char *const heads[] = {
		[LW_SECTION_BOOKS] = "",
		[LW_SECTION_FORGOTTEN] =
			"  with VMs that are forgotten  times in us",
		[LW_SECTION_NO_VM] = "  no VM was seen  times in us",
		[LW_SECTION_OWN] = "  times in us",
	};
	int err;

	fputc('\n', out);
	lw_print_host(section->path, out);
	fprintf(out, "%s\n", heads[section->kind]);
	if (!lw_section_has_stages(section)) {
		print_ledger(report, NULL, section->path, out);
		return 0;
	}
	err = print_block(report, NULL, section->path, out);
	if (section->kind == LW_SECTION_NO_VM)
		fputs("    verdict no VM was seen: nothing was measured end to end\n",
		      out);
	else
		print_verdicts(report, NULL, section->path, out);
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

/* Shows the page; see lw_view. */
int lw_view_page(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	struct lw_section *sections;
	size_t nr, i;
	int err = lw_sections(report, &sections, &nr);

	(void)options;
	if (err)
		return err;
	lw_print_header(report, out);
	for (i = 0; !err && i < nr; i++)
		err = sections[i].vm ? print_vm_path(report, sections[i].vm,
						     sections[i].path, out) :
				       print_host(report, &sections[i], out);
	free(sections);
	return err;
}
