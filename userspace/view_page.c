// SPDX-License-Identifier: GPL-2.0
/*
 * The page that a user gets without options.  Takes the model and the ways from
 * section.c, prints text.
 */
#include <stdio.h>
#include <stdlib.h>

#include <linux/latwatch.h>

#include "format.h"
#include "section.h"
#include "view.h"

/* One line for each stage that spans the way: from a NIC, or from here. */
static void print_verdicts(const struct lw_report *report,
			   const struct lw_report_vm *vm, uint32_t path, FILE *out)
{
	const struct lw_report_stage *stage = NULL;

	while ((stage = lw_verdict_next(report, vm, path, stage))) {
		fputs("    verdict ", out);
		lw_print_maximum(report, vm, stage, out);
		lw_print_taken_over(report, vm, stage, out);
		fputc('\n', out);
	}
	if (!lw_verdict_is_missing(report, vm, path))
		return;
	fputs("    verdict ", out);
	lw_print_no_verdict(report, vm, path, out);
	fputc('\n', out);
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

/* Silence is no figure: what its network is, if it has one, is not seen from here. */
static void print_unseen(const struct lw_report *report, const struct lw_report_vm *vm,
			 FILE *out)
{
	fputc('\n', out);
	lw_print_vm(report, vm, LATWATCH_PATH_RX, out);
	fputs("    verdict none: no packet of this VM was recognised, by a tap, a macvtap or a socket of its VMM\n"
	      "            what comes by vhost-user, passt or a switch in user space is not seen\n",
	      out);
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
	for (i = 0; !err && i < nr; i++) {
		if (sections[i].kind == LW_SECTION_UNSEEN)
			print_unseen(report, sections[i].vm, out);
		else
			err = sections[i].vm ? print_vm_path(report, sections[i].vm,
							     sections[i].path, out) :
					       print_host(report, &sections[i], out);
	}
	free(sections);
	return err;
}
