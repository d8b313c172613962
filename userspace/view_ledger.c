// SPDX-License-Identifier: GPL-2.0
/*
 * The books entry by entry, those that are 0 too.  Takes the model, prints.
 */
#include <stdio.h>

#include <linux/latwatch.h>

#include "format.h"
#include "view.h"

static void print_entries(const struct lw_report_ledger *ledger, uint32_t path,
			  FILE *out)
{
	char count[LW_TEXT_SIZE], name[LW_TEXT_SIZE];
	struct lw_report_books books;
	size_t i;

	for (i = 0; ledger && i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];
		const char *head = lw_name_category(entry->category);

		if (lw_path_known(entry->path) != path)
			continue;
		fprintf(out, "    %-12s %16s  %s\n", head ? head : "other",
			lw_text_count(count, entry->count),
			lw_text_plain(name, entry->name));
	}
	/* What a path of tomorrow adds up to is not ours to say. */
	if (path == LW_OTHER_PATH)
		return;
	lw_ledger_books(ledger, path, &books);
	lw_print_books(ledger, &books, out);
}

/* The way into VMs is always shown, the others where there are books of it. */
static bool is_shown(const struct lw_report_ledger *ledger, uint32_t path)
{
	return path == LATWATCH_PATH_RX || lw_ledger_has(ledger, path, false);
}

static void print_vm(const struct lw_report *report, const struct lw_report_vm *vm,
		     FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, vm);
	uint32_t path;

	for (path = 0; path <= LW_OTHER_PATH; path++) {
		if (!is_shown(ledger, path))
			continue;
		fputc('\n', out);
		lw_print_vm(report, vm, path, out);
		print_entries(ledger, path, out);
	}
}

static void print_host(const struct lw_report *report, FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, NULL);
	uint32_t path;

	for (path = 0; path <= LW_OTHER_PATH; path++) {
		if (!is_shown(ledger, path))
			continue;
		fputc('\n', out);
		lw_print_host(path, out);
		fputc('\n', out);
		print_entries(ledger, path, out);
	}
}

/* Shows the books; see lw_view. */
int lw_view_ledger(const struct lw_report *report,
		   const struct lw_view_options *options, FILE *out)
{
	size_t i;

	(void)options;
	lw_print_header(report, out);
	for (i = 0; i < report->nr_vms; i++)
		if (lw_report_shows(report, &report->vms[i]))
			print_vm(report, &report->vms[i], out);
	print_host(report, out);
	return 0;
}
