// SPDX-License-Identifier: GPL-2.0
/*
 * What the module's own probes take.  Takes the model, prints text: a row for
 * each probe over all CPUs, the most expensive first.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "view.h"

struct sum {
	const struct lw_report_cost *first;
	uint64_t calls;
	uint64_t total_ns;
	uint64_t worst_ns;
	uint32_t worst_cpu;
};

static int by_total(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	return (x->total_ns < y->total_ns) - (x->total_ns > y->total_ns);
}

static struct sum *sum_of(struct sum *sums, size_t *nr,
			  const struct lw_report_cost *cost)
{
	size_t i;

	for (i = 0; i < *nr; i++)
		if (!strcmp(sums[i].first->probe, cost->probe))
			return &sums[i];
	sums[i] = (struct sum){ .first = cost };
	++*nr;
	return &sums[i];
}

/* No module counts so far; a sum of nothing must not come of one that says so. */
static void add_to(uint64_t *sum, uint64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum))
		*sum = UINT64_MAX;
}

static void add(struct sum *sum, const struct lw_report_cost *cost)
{
	add_to(&sum->calls, cost->calls);
	add_to(&sum->total_ns, cost->total_ns);
	if (cost->worst_ns < sum->worst_ns)
		return;
	sum->worst_ns = cost->worst_ns;
	sum->worst_cpu = cost->cpu;
}

static void print(const struct sum *sum, FILE *out)
{
	struct lw_value calls = { sum->calls, true };
	struct lw_value mean = { sum->total_ns / sum->calls, true };
	struct lw_value worst = { sum->worst_ns, true };
	char text[LW_TEXT_SIZE];
	const char *kind = lw_name_probe(sum->first->kind);

	fprintf(out, "%-28s", lw_text_plain(text, sum->first->probe));
	fprintf(out, " %-10s", kind ? kind : "-");
	fprintf(out, " %14s", lw_text_count(text, calls));
	fprintf(out, " %10s", lw_text_us_exact(text, mean));
	fprintf(out, " %10s  %3u\n", lw_text_us_exact(text, worst),
		sum->worst_cpu);
}

/* Shows the table; see lw_view. */
int lw_view_cost(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	char text[LW_TEXT_SIZE];
	struct sum *sums;
	size_t nr = 0, i;

	(void)options;
	if (!report->nr_costs) {
		fputs(report->self_cost ?
			      "no probe ran since self-cost was set\n" :
			      "the module does not measure what its probes take; --set self-cost=on\n",
		      out);
		return 0;
	}
	sums = calloc(report->nr_costs, sizeof(*sums));
	if (!sums)
		return -ENOMEM;
	for (i = 0; i < report->nr_costs; i++)
		add(sum_of(sums, &nr, &report->costs[i]), &report->costs[i]);
	qsort(sums, nr, sizeof(*sums), by_total);
	fprintf(out, "%s since %s  times in us\n",
		report->self_cost ? "measured" : "measured, now off,",
		lw_text_when(text, report, report->costs[0].since_ns, false));
	fprintf(out, "%-28s %-10s %14s %10s %10s  %s\n", "probe", "kind",
		"calls", "mean", "worst", "cpu");
	for (i = 0; i < nr; i++)
		print(&sums[i], out);
	free(sums);
	return 0;
}
