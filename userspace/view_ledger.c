// SPDX-License-Identifier: GPL-2.0
/*
 * The books entry by entry, those that are 0 too.  Takes the model, prints.
 */
#include <stdio.h>

#include "format.h"
#include "view.h"

static void print_entries(const struct lw_report *report,
			  const struct lw_vm *vm, FILE *out)
{
	const struct lw_ledger *ledger = lw_report_find_ledger(report, vm);
	char count[LW_TEXT_SIZE], name[LW_TEXT_SIZE];
	struct lw_books books;
	size_t i;

	lw_ledger_books(ledger, &books);
	for (i = 0; ledger && i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];
		const char *head = lw_name_category(entry->category);

		fprintf(out, "    %-12s %16s  %s\n", head ? head : "other",
			lw_text_count(count, entry->count),
			lw_text_plain(name, entry->name));
	}
	lw_print_books(ledger, &books, out);
}

/* Shows the books; see lw_view. */
int lw_view_ledger(const struct lw_report *report,
		   const struct lw_view_options *options, FILE *out)
{
	size_t i;

	(void)options;
	lw_print_header(report, out);
	for (i = 0; i < report->nr_vms; i++) {
		if (!lw_report_shows(report, &report->vms[i]))
			continue;
		fputc('\n', out);
		lw_print_vm(report, &report->vms[i], out);
		print_entries(report, &report->vms[i], out);
	}
	fputs("\nhost\n", out);
	print_entries(report, NULL, out);
	return 0;
}
