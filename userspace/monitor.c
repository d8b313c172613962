// SPDX-License-Identifier: GPL-2.0
/*
 * Breaches as they come.  Takes messages of the module's group, prints a line each.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/latwatch.h>

#include "budget.h"
#include "collect.h"
#include "decode.h"
#include "format.h"
#include "view.h"
#include "view_json.h"

/**
 * struct monitor - what is heard
 * @report: for names of stages and the time of day; its watermarks are what was heard
 * @json: a line is JSON
 * @left: how many more to print; 0: no end
 * @dropped: how many breaches the module has not told, by the last message
 * @out: where to
 */
struct monitor {
	struct lw_report report;
	bool json;
	unsigned long left;
	uint64_t dropped;
	FILE *out;
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

static void print_text(struct monitor *m, const struct lw_report_watermark *breach)
{
	const struct lw_report_stage *stage = lw_report_find_stage(&m->report, breach->id);
	char when[LW_TEXT_SIZE], name[LW_TEXT_SIZE], value[LW_TEXT_SIZE], limit[LW_TEXT_SIZE];

	fprintf(m->out, "%s  ", lw_text_when(when, &m->report, breach->time_ns, true));
	if (breach->vm.known)
		fprintf(m->out, "VM %" PRIu64 "  ", breach->vm.v);
	fprintf(m->out, "%s  %s us is longer than %s us",
		breach->name ? lw_text_plain(name, breach->name) : "-",
		lw_text_us_exact(value, breach->value_ns),
		lw_text_us_exact(limit, breach->limit_ns));
	if (breach->cpu.known)
		fprintf(m->out, ", on cpu%" PRIu64, breach->cpu.v);
	fputc('\n', m->out);
	lw_print_worst(&m->report, breach, stage ? stage->path : LATWATCH_PATH_RX, m->out);
}

/* What came too fast to be told is told as a number. */
static void print_dropped(struct monitor *m, uint64_t dropped)
{
	uint64_t more = dropped - m->dropped;

	m->dropped = dropped;
	if (m->json)
		fprintf(m->out, "{\"dropped\":%" PRIu64 "}\n", more);
	else
		fprintf(m->out, "%" PRIu64 " more breach%s counted, not told\n", more,
			more == 1 ? " was" : "es were");
}

static int hear(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct lw_report_watermark *breach;
	struct monitor *m = data;
	int err;

	if (genl->cmd != LATWATCH_CMD_BREACH_NTF || stopped)
		return 0;
	lw_report_clear_watermarks(&m->report);
	err = lw_decode_watermark(nlh, &m->report);
	if (err)
		return err;
	breach = &m->report.watermarks[0];
	if (breach->dropped.known && breach->dropped.v > m->dropped)
		print_dropped(m, breach->dropped.v);
	if (m->json)
		err = lw_json_breach(&m->report, breach, m->out);
	else
		print_text(m, breach);
	fflush(m->out);
	if (m->left && !--m->left)
		stopped = 1;
	return err;
}

/* How many were dropped before, and what stages are called. */
static int begin(struct lw_nl *nl, struct monitor *m)
{
	struct lw_want want = { 0 };
	struct lw_nl other;
	int err = lw_nl_open(&other);

	if (!err)
		err = lw_collect(&other, &want, &m->report);
	if (err)
		snprintf(nl->error, sizeof(nl->error), "%s", other.error);
	else
		m->dropped = m->report.dropped.v;
	lw_nl_close(&other);
	return err;
}

/**
 * lw_monitor_run - print breaches as they come, until a signal
 * @nl: the connection
 * @json: as JSON, one line each
 * @count: end after so many; 0: never
 * @out: where to
 *
 * Return: 0, or a negative errno with @nl->error set.
 */
int lw_monitor_run(struct lw_nl *nl, bool json, unsigned long count, FILE *out)
{
	struct sigaction action = { .sa_handler = stop };
	struct monitor m = { .json = json, .left = count, .out = out };
	int err;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	err = lw_nl_listen(nl, LATWATCH_MCGRP_EVENTS);
	if (!err)
		err = begin(nl, &m);
	if (!err && !m.report.nr_bounds)
		fputs("latwatch-report: no limits yet: latwatch-report budget FILE sets them\n",
		      stderr);
	while (!err && !stopped) {
		err = lw_nl_receive(nl, hear, &m);
		if (err == 1)
			fputs("latwatch-report: breaches came faster than they could be printed; some are lost\n",
			      stderr);
		if (err == 1 || err == -EINTR)
			err = 0;
	}
	lw_report_clear(&m.report);
	return err;
}
