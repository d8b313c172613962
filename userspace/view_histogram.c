// SPDX-License-Identifier: GPL-2.0
/*
 * The histogram of one stage, for each VM that has it.  Takes the model, prints
 * text.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "culprit.h"
#include "format.h"
#include "view.h"

#define BAR 40

/* To a thousandth, and not up: 100 is all of them. */
static long double percent(uint64_t seen, uint64_t total)
{
	return total ? floorl((long double)seen * 100000 /
			      (long double)total) / 1000 : 0;
}

static void print_buckets(const struct lw_report_stage *stage, FILE *out)
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
		const struct lw_report_bucket *b = &stage->buckets[i];
		struct lw_value from = { b->low_ns, true };
		struct lw_value to = { b->high_ns, true };
		struct lw_value nr = { b->count, true };
		int length = most ? (int)((long double)b->count * BAR /
					  (long double)most) : 0;

		seen += b->count;
		fprintf(out, "    %12s  %12s  %12s  %7.3Lf%%",
			lw_text_us_exact(low, from),
			lw_text_us_exact(high, to), lw_text_count(count, nr),
			percent(seen, total));
		/* One that is not empty is seen, however small. */
		if (b->count)
			fputs("  #", out);
		for (j = 1; j < length; j++)
			fputc('#', out);
		fputc('\n', out);
	}
}

/* Paths that have what is meant, a bit each. */
static unsigned int paths_of(const struct lw_report *report, const char *typed)
{
	unsigned int paths = 0;
	size_t i;

	for (i = 0; i < report->nr_stages; i++)
		if (lw_stage_is_named(&report->stages[i], typed))
			paths |= 1u << lw_path_known(report->stages[i].path);
	return paths;
}

static int refuse(unsigned int paths, const struct lw_view_options *options)
{
	const char *before = "";
	FILE *error;
	uint32_t path;

	error = options->error ? fmemopen(options->error, options->error_size,
					  "w") : NULL;
	if (!error)
		return -ENOTUNIQ;
	fprintf(error, "'%.40s' is the name of more than one stage, say which: ",
		options->stage);
	for (path = 0; path <= LW_OTHER_PATH; path++) {
		if (!(paths & 1u << path))
			continue;
		fprintf(error, "%s%s/%.40s", before, lw_name_path(path),
			options->stage);
		before = ", ";
	}
	fclose(error);
	return -ENOTUNIQ;
}

static void print_stages(const struct lw_report *report,
			 const struct lw_report_vm *vm, const char *typed, FILE *out)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(report, vm);
	char text[LW_TEXT_SIZE];
	struct lw_report_books books;
	size_t i;

	for (i = 0; i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];

		if (stage->vm.known != !!vm || (vm && stage->vm.v != vm->id))
			continue;
		if (!lw_stage_is_named(stage, typed))
			continue;
		fputc('\n', out);
		if (vm) {
			lw_print_vm(report, vm, stage->path, out);
		} else {
			lw_print_host(stage->path, out);
			fputs("  times in us\n", out);
		}
		fprintf(out, "    %s: ", lw_text_plain(text, stage->name));
		if (lw_stage_is_blind(stage)) {
			fputs("not measured: ", out);
			lw_print_lacks(&report->info, out);
			fputc('\n', out);
			continue;
		}
		fprintf(out, "%s times",
			lw_text_count(text, stage->count));
		fprintf(out, ", min %s",
			lw_text_us_exact(text, stage->min_ns));
		fprintf(out, ", max %s\n",
			lw_text_us_exact(text, stage->max_ns));
		print_buckets(stage, out);
		lw_ledger_books(ledger, stage->path, &books);
		lw_print_books(ledger, &books, out);
	}
}

/* Shows the histogram; see lw_view. */
int lw_view_histogram(const struct lw_report *report,
		      const struct lw_view_options *options, FILE *out)
{
	unsigned int paths = paths_of(report, options->stage);
	size_t i;

	if (!paths)
		return -ENOENT;
	if (paths & (paths - 1))
		return refuse(paths, options);
	lw_print_header(report, out);
	print_stages(report, NULL, options->stage, out);
	for (i = 0; i < report->nr_vms; i++)
		if (lw_report_shows(report, &report->vms[i]))
			print_stages(report, &report->vms[i], options->stage,
				     out);
	return 0;
}
