// SPDX-License-Identifier: GPL-2.0
/*
 * The order in which a report is read.  Takes messages from nl.c, gives them to
 * decode.c and the finished report to main.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/latwatch.h>

#include "clocksource.h"
#include "collect.h"
#include "decode.h"

/* What changes three times while it is read will change a fourth. */
#define ATTEMPTS 3

struct target {
	lw_decoder *decoder;
	struct lw_report *report;
};

static int read_target(const struct nlmsghdr *nlh, void *data)
{
	struct target *target = data;

	return target->decoder(nlh, target->report);
}

struct dump {
	const char *name;
	uint8_t cmd;
	uint16_t vm_attr;	/* 0: cannot be restricted to a VM */
	lw_decoder *decoder;
	void (*clear)(struct lw_report *report);
};

static const struct dump vm_dump = {
	"vm-get", LATWATCH_CMD_VM_GET, 0,
	lw_decode_vm, lw_report_clear_vms,
};

static const struct dump cpu_dump = {
	"cpu-get", LATWATCH_CMD_CPU_GET, 0,
	lw_decode_cpu, lw_report_clear_cpus,
};

static const struct dump cost_dump = {
	"cost-get", LATWATCH_CMD_COST_GET, 0,
	lw_decode_cost, lw_report_clear_costs,
};

static const struct dump ranking_dump = {
	"ranking-get", LATWATCH_CMD_RANKING_GET, LATWATCH_A_RANKING_VM,
	lw_decode_ranking, lw_report_clear_rankings,
};

static const struct dump stage_dump = {
	"stage-get", LATWATCH_CMD_STAGE_GET, LATWATCH_A_STAGE_VM,
	lw_decode_stage, lw_report_clear_stages,
};

static const struct dump watermark_dump = {
	"watermark-get", LATWATCH_CMD_WATERMARK_GET, LATWATCH_A_WATERMARK_VM,
	lw_decode_watermark, lw_report_clear_watermarks,
};

static const struct dump window_dump = {
	"window-get", LATWATCH_CMD_WINDOW_GET, LATWATCH_A_WINDOW_VM,
	lw_decode_window, lw_report_clear_windows,
};

static int collect_dump(struct lw_nl *nl, const struct dump *dump,
			struct lw_report *report)
{
	struct target target = { dump->decoder, report };
	struct lw_nl_request request = {
		.name = dump->name,
		.cmd = dump->cmd,
		.dump = true,
		.vm_attr = dump->vm_attr,
	};
	int attempt, ret = 1;

	if (dump->vm_attr)
		request.vm = report->chosen;
	for (attempt = 0; ret == 1 && attempt < ATTEMPTS; attempt++) {
		dump->clear(report);
		ret = lw_nl_query(nl, &request, read_target, &target);
	}
	if (ret == 1)
		report->interrupted = true;
	return ret < 0 ? ret : 0;
}

static int collect_info(struct lw_nl *nl, struct lw_report *report)
{
	struct target target = { lw_decode_info, report };
	struct lw_nl_request request = {
		.name = "info-get",
		.cmd = LATWATCH_CMD_INFO_GET,
	};
	int ret = lw_nl_query(nl, &request, read_target, &target);

	return ret < 0 ? ret : 0;
}

static bool is_of(const struct lw_report_watermark *worst, const struct lw_report_stage *stage)
{
	return worst->id == stage->id && worst->vm.known == stage->vm.known &&
	       (!worst->vm.known || worst->vm.v == stage->vm.v);
}

/* Has a maximum risen from one dump to the next? Both come in one order. */
static bool has_risen(const struct lw_report *report)
{
	size_t worst, stage = 0;

	for (worst = 0; worst < report->nr_watermarks; worst++) {
		const struct lw_report_watermark *w = &report->watermarks[worst];

		while (stage < report->nr_stages &&
		       !is_of(w, &report->stages[stage]))
			stage++;
		if (stage == report->nr_stages)
			return false;
		if (w->value_ns.known &&
		    w->value_ns.v > report->stages[stage].max_ns.v)
			return true;
	}
	return false;
}

static int collect_stages(struct lw_nl *nl, struct lw_report *report)
{
	bool risen = true;
	int attempt, err;

	for (attempt = 0; risen && attempt < ATTEMPTS; attempt++) {
		err = collect_dump(nl, &stage_dump, report);
		if (!err)
			err = collect_dump(nl, &watermark_dump, report);
		if (err)
			return err;
		risen = has_risen(report);
	}
	report->interrupted |= risen;
	return 0;
}

static int collect_ledger(struct lw_nl *nl, struct lw_value vm,
			  struct lw_report *report)
{
	struct target target = { lw_decode_ledger, report };
	struct lw_nl_request request = {
		.name = "ledger-get",
		.cmd = LATWATCH_CMD_LEDGER_GET,
		.vm = vm,
		.vm_attr = LATWATCH_A_LEDGER_VM,
	};
	int ret = lw_nl_query(nl, &request, read_target, &target);

	/* A VM may go between its dump and this: it has no books any more. */
	if (ret == -ENOENT && vm.known)
		return 0;
	return ret < 0 ? ret : 0;
}

static int collect_cost(struct lw_nl *nl, struct lw_report *report)
{
	struct target target = { lw_decode_setting, report };
	struct lw_nl_request request = {
		.name = "setting-get",
		.cmd = LATWATCH_CMD_SETTING_GET,
	};
	int ret = lw_nl_query(nl, &request, read_target, &target);

	/* A module from before that: it measures nothing of the kind. */
	if (ret == -EOPNOTSUPP)
		return 0;
	return ret < 0 ? ret : collect_dump(nl, &cost_dump, report);
}

static int collect_budget(struct lw_nl *nl, struct lw_report *report)
{
	struct target target = { lw_decode_budget, report };
	struct lw_nl_request request = {
		.name = "budget-get",
		.cmd = LATWATCH_CMD_BUDGET_GET,
	};
	int ret = lw_nl_query(nl, &request, read_target, &target);

	/* A module from before that: there are no limits. */
	return ret == -EOPNOTSUPP || ret > 0 ? 0 : ret;
}

static int collect_rankings(struct lw_nl *nl, struct lw_report *report)
{
	int err = collect_dump(nl, &ranking_dump, report);

	/* A module from before that: it looks for nobody. */
	return err == -EOPNOTSUPP ? 0 : err;
}

static int collect_objects(struct lw_nl *nl, const struct lw_want *want,
			   struct lw_report *report)
{
	size_t i;
	int err;

	err = collect_info(nl, report);
	if (!err)
		err = collect_dump(nl, &vm_dump, report);
	if (!err)
		err = lw_report_choose(report, want->vm, nl->error,
				       sizeof(nl->error));
	if (!err)
		err = collect_stages(nl, report);
	if (!err && want->cpus)
		err = collect_dump(nl, &cpu_dump, report);
	if (!err && want->cost)
		err = collect_cost(nl, report);
	if (!err && want->windows)
		err = collect_dump(nl, &window_dump, report);
	if (!err)
		err = collect_budget(nl, report);
	if (!err && want->rankings)
		err = collect_rankings(nl, report);
	if (err)
		return err;
	err = lw_report_settle(report);
	if (!err)
		err = collect_ledger(nl, (struct lw_value){ 0 }, report);
	for (i = 0; !err && i < report->nr_vms; i++) {
		struct lw_value id = { report->vms[i].id, true };

		if (lw_report_shows(report, &report->vms[i]))
			err = collect_ledger(nl, id, report);
	}
	return err;
}

/* Objects are read one kind after the other; a reset may come in between. */
static int is_of_one_epoch(struct lw_nl *nl, const struct lw_report *report,
			   bool *one)
{
	struct lw_report after = { 0 };
	int err = collect_info(nl, &after);

	*one = after.info.epoch.v == report->info.epoch.v;
	lw_report_clear(&after);
	return err;
}

static int collect_all(struct lw_nl *nl, const struct lw_want *want,
		       struct lw_report *report)
{
	int attempt, err = 0;
	bool one = false;

	for (attempt = 0; !err && !one && attempt < ATTEMPTS; attempt++) {
		lw_report_clear(report);
		err = collect_objects(nl, want, report);
		if (!err)
			err = is_of_one_epoch(nl, report, &one);
	}
	report->interrupted |= !one;
	report->clocksource = lw_clocksource_read();
	return err;
}

/**
 * lw_collect - read a report
 * @nl: the connection
 * @want: what to read
 * @report: is set; lw_report_clear() it after use, not after an error
 *
 * Return: 0, or a negative errno with @nl->error set.
 */
int lw_collect(struct lw_nl *nl, const struct lw_want *want,
	       struct lw_report *report)
{
	int err;

	*report = (struct lw_report){ 0 };
	nl->error[0] = '\0';
	err = collect_all(nl, want, report);
	if (!err)
		return 0;
	if (!nl->error[0])
		snprintf(nl->error, sizeof(nl->error), "out of memory");
	lw_report_clear(report);
	return err;
}

/**
 * lw_reset - begin a new epoch
 * @nl: the connection
 * @epoch: is set to its number, if the module tells
 *
 * Return: 0, or a negative errno with @nl->error set.
 */
int lw_reset(struct lw_nl *nl, struct lw_value *epoch)
{
	struct lw_report report = { 0 };
	struct target target = { lw_decode_info, &report };
	struct lw_nl_request request = {
		.name = "reset",
		.cmd = LATWATCH_CMD_RESET,
	};
	int ret = lw_nl_query(nl, &request, read_target, &target);

	*epoch = report.info.epoch;
	lw_report_clear(&report);
	return ret < 0 ? ret : 0;
}

const struct lw_switch lw_switches[LW_SWITCHES] = {
	{ "culprits", LATWATCH_A_SETTING_CULPRITS },
	{ "measure", LATWATCH_A_SETTING_MEASURE },
	{ "self-cost", LATWATCH_A_SETTING_SELF_COST },
};

/**
 * lw_set - change settings of the module, all of them or none
 * @nl: the connection
 * @changes: what they are to be, each once
 * @nr: how many
 *
 * Return: 0, or a negative errno with @nl->error set.
 */
int lw_set(struct lw_nl *nl, const struct lw_setting *changes, size_t nr)
{
	struct lw_report report = { 0 };
	struct target target = { lw_decode_setting, &report };
	struct lw_nl_request request = {
		.name = "setting-set",
		.cmd = LATWATCH_CMD_SETTING_SET,
		.changes = changes,
		.nr_changes = nr,
	};
	int ret = lw_nl_query(nl, &request, read_target, &target);

	lw_report_clear(&report);
	return ret < 0 ? ret : 0;
}
