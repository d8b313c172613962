// SPDX-License-Identifier: GPL-2.0
/*
 * The bound of what runs now.  Takes the module's last seconds, gives their maxima to
 * extreme/: of all ways into VMs, the longest in each second.
 */
#include <errno.h>
#include <string.h>

#include <linux/latwatch.h>

#include "bound.h"
#include "derive.h"

#define S 1000000000ull
#define SECONDS 128

struct second {
	uint64_t begin;
	uint64_t max_ns;
	bool measured;
};

/* Only what is over: the newest can still change. */
static void note(struct second *seconds, const struct lw_report *report,
		 const struct lw_report_window *window)
{
	size_t i;

	for (i = 0; i < window->nr_seconds; i++) {
		const struct lw_second *from = &window->seconds[i];
		struct second *to = &seconds[from->begin % SECONDS];

		if (report->info.now.known && from->begin >= report->info.now.v / S)
			continue;
		if (!to->measured || from->max_ns > to->max_ns)
			to->max_ns = from->max_ns;
		to->begin = from->begin;
		to->measured = true;
	}
}

static int add_all(struct lw_maxima *maxima, const struct second *seconds, uint64_t now)
{
	uint64_t at = now < SECONDS ? 0 : now - SECONDS + 1;
	bool begun = false;
	int err = 0;

	for (; !err && at < now; at++) {
		const struct second *second = &seconds[at % SECONDS];
		bool measured = second->measured && second->begin == at;

		/* before the first there was nothing to measure */
		begun |= measured;
		if (begun)
			err = lw_maxima_add(maxima, at, measured, (double)second->max_ns);
	}
	return err;
}

/**
 * lw_bound_of_windows - estimate a bound from the last seconds
 * @nl: the connection
 * @want: of which VM
 * @request: what is asked for
 * @out: where to
 * @bounded: is set to whether there is one
 *
 * Return: 0, or a negative errno with @nl->error set.
 */
int lw_bound_of_windows(struct lw_nl *nl, const struct lw_want *want,
			const struct lw_bound_request *request, FILE *out, bool *bounded)
{
	struct second seconds[SECONDS] = { 0 };
	struct lw_maxima maxima = { .block_seconds = 1 };
	struct lw_want with = *want;
	struct lw_report report;
	size_t i;
	int err;

	with.windows = true;
	err = lw_collect(nl, &with, &report);
	if (err)
		return err;
	for (i = 0; i < report.nr_windows; i++)
		if (report.windows[i].id == LATWATCH_STAGE_END_TO_END)
			note(seconds, &report, &report.windows[i]);
	err = add_all(&maxima, seconds, report.info.now.v / S);
	if (!err)
		err = lw_bound_run(request, &maxima, out, bounded, nl->error,
				   sizeof(nl->error));
	if (err && !nl->error[0])
		snprintf(nl->error, sizeof(nl->error), "%s", strerror(-err));
	lw_maxima_clear(&maxima);
	lw_report_clear(&report);
	return err;
}
