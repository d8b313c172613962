// SPDX-License-Identifier: GPL-2.0
/*
 * Anything at all as a saved report: no input may crash, leak or be read past
 * its end, what is accepted can be shown by all views and read again, and two
 * of them can be compared.
 *
 * Input: one file, or two with a NUL between them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "saved.h"
#include "side.h"
#include "view.h"
#include "view_compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static lw_view *const views[] = {
	lw_view_page, lw_view_csv, lw_view_vms, lw_view_cpus, lw_view_ledger,
	lw_view_histogram, lw_view_html, lw_view_trace, lw_view_screen,
	lw_view_histogram, lw_view_why, lw_view_why_csv, lw_view_story,
	lw_view_worst_csv,
};

static lw_compare_view *const compare_views[] = {
	lw_compare_text, lw_compare_json, lw_compare_csv,
};

/* With the sanitizer's guard right behind the text. */
static int parse(const uint8_t *data, size_t size, struct lw_report *report)
{
	char *copy = malloc(size ? size : 1);
	char error[64];
	int err;

	memcpy(copy, data, size);
	err = lw_saved_parse(copy, size, report, error, sizeof(error));
	free(copy);
	return err;
}

static void show(const struct lw_report *report)
{
	char error[64];
	struct lw_view_options options = {
		.stage = "tap dwell",
		.cols = 80,
		.rows = 24,
		.stream = true,
		.error = error,
		.error_size = sizeof(error),
	};
	char *text = NULL;
	struct lw_report again;
	size_t room, i;
	FILE *out = open_memstream(&text, &room);

	for (i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		views[i](report, &options, out);
	fclose(out);
	free(text);
	text = NULL;
	out = open_memstream(&text, &room);
	lw_view_json(report, &options, out);
	fclose(out);
	if (parse((const uint8_t *)text, room, &again))
		abort();
	lw_report_clear(&again);
	free(text);
}

static void compare(const struct lw_report *a, const struct lw_report *b)
{
	char path[] = "file";
	struct lw_run runs[] = { { path, *a }, { path, *b }, { path, *a } };
	struct lw_side x = { "a", runs, 1 }, y = { "b", runs + 1, 2 };
	struct lw_comparison comparison;
	char *text = NULL;
	size_t room, i;
	FILE *out = open_memstream(&text, &room);

	if (lw_compare(&x, &y, &comparison))
		abort();
	for (i = 0; i < sizeof(compare_views) / sizeof(compare_views[0]); i++)
		compare_views[i](&comparison, out);
	lw_comparison_clear(&comparison);
	y.nr_runs = 1;
	if (lw_compare(&x, &y, &comparison))
		abort();
	lw_compare_text(&comparison, out);
	lw_comparison_clear(&comparison);
	fclose(out);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, 0, size) : NULL;
	size_t first = cut ? (size_t)(cut - data) : size;
	struct lw_report a, b;

	if (parse(data, first, &a))
		return 0;
	show(&a);
	if (cut && !parse(cut + 1, size - first - 1, &b)) {
		compare(&a, &b);
		lw_report_clear(&b);
	} else {
		compare(&a, &a);
	}
	lw_report_clear(&a);
	return 0;
}
