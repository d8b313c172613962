// SPDX-License-Identifier: GPL-2.0
/*
 * The histogram of one stage, for each VM that has it.  Takes the model, prints
 * text.
 */
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "format.h"
#include "view.h"

#define BAR 40

/* "irq-thread-wake" is easier to type than "irq thread wake". */
static bool same_name(const char *name, const char *typed)
{
	for (; *name && *typed; name++, typed++) {
		char a = *name == ' ' || *name == '_' ? '-' : *name;
		char b = *typed == ' ' || *typed == '_' ? '-' : *typed;

		if (strncasecmp(&a, &b, 1))
			return false;
	}
	return !*name && !*typed;
}

static void print_buckets(const struct lw_stage *stage, FILE *out)
{
	uint64_t most = 0, total = 0, seen = 0;
	char low[LW_TEXT_SIZE], high[LW_TEXT_SIZE], count[LW_TEXT_SIZE];
	size_t i;
	int j;

	if (!stage->nr_buckets) {
		fputs("    nothing measured yet\n", out);
		return;
	}
	for (i = 0; i < stage->nr_buckets; i++) {
		total += stage->buckets[i].count;
		if (stage->buckets[i].count > most)
			most = stage->buckets[i].count;
	}
	fprintf(out, "    %12s  %12s  %12s  %8s\n", "from", "to", "count",
		"up to");
	for (i = 0; i < stage->nr_buckets; i++) {
		const struct lw_bucket *b = &stage->buckets[i];
		struct lw_value from = { b->low_ns, true };
		struct lw_value to = { b->high_ns, true };
		struct lw_value nr = { b->count, true };
		int length = most ? (int)((long double)b->count * BAR /
					  (long double)most) : 0;

		seen += b->count;
		fprintf(out, "    %12s  %12s  %12s  %7.3Lf%%",
			lw_text_us_exact(low, from),
			lw_text_us_exact(high, to), lw_text_count(count, nr),
			total ? (long double)seen * 100 / (long double)total :
				0);
		/* One that is not empty is seen, however small. */
		if (b->count)
			fputs("  #", out);
		for (j = 1; j < length; j++)
			fputc('#', out);
		fputc('\n', out);
	}
}

static bool has_stage(const struct lw_report *report, const char *typed)
{
	size_t i;

	for (i = 0; i < report->nr_stages; i++)
		if (report->stages[i].name &&
		    same_name(report->stages[i].name, typed))
			return true;
	return false;
}

static void print_stages(const struct lw_report *report,
			 const struct lw_vm *vm, const char *typed, FILE *out)
{
	const struct lw_ledger *ledger = lw_report_find_ledger(report, vm);
	char text[LW_TEXT_SIZE];
	struct lw_books books;
	size_t i;

	for (i = 0; i < report->nr_stages; i++) {
		const struct lw_stage *stage = &report->stages[i];

		if (stage->vm.known != !!vm || (vm && stage->vm.v != vm->id))
			continue;
		if (!stage->name || !same_name(stage->name, typed))
			continue;
		if (vm) {
			fputc('\n', out);
			lw_print_vm(report, vm, out);
		} else {
			fputs("\nhost  times in us\n", out);
		}
		fprintf(out, "    %s: ", lw_text_plain(text, stage->name));
		fprintf(out, "%s times",
			lw_text_count(text, stage->count));
		fprintf(out, ", min %s",
			lw_text_us_exact(text, stage->min_ns));
		fprintf(out, ", max %s\n",
			lw_text_us_exact(text, stage->max_ns));
		print_buckets(stage, out);
		lw_ledger_books(ledger, &books);
		lw_print_books(ledger, &books, out);
	}
}

/* Shows the histogram; see lw_view. */
int lw_view_histogram(const struct lw_report *report,
		      const struct lw_view_options *options, FILE *out)
{
	size_t i;

	if (!has_stage(report, options->stage))
		return -ENOENT;
	lw_print_header(report, out);
	print_stages(report, NULL, options->stage, out);
	for (i = 0; i < report->nr_vms; i++)
		if (lw_report_shows(report, &report->vms[i]))
			print_stages(report, &report->vms[i], options->stage,
				     out);
	return 0;
}
