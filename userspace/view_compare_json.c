// SPDX-License-Identifier: GPL-2.0
/*
 * Two setups side by side, as one JSON document.  Takes a comparison and the
 * columns, prints.
 */
#include <errno.h>
#include <stdio.h>

#include "view_compare.h"
#include "view_json.h"

static void add_run(struct lw_json *b, cJSON *list, const struct lw_run *run)
{
	const struct lw_info *info = &run->report.info;
	cJSON *o = lw_json_object(b, list, NULL);

	lw_json_text(b, o, "file", run->path);
	lw_json_text(b, o, "version", info->version);
	lw_json_text(b, o, "kernel", info->kernel);
	lw_json_bool(b, o, "preempt_rt", info->preempt_rt);
	lw_json_text(b, o, "clock", info->clock);
	lw_json_value(b, o, "since_realtime_ns", info->since_real);
	lw_json_bool(b, o, "interrupted", run->report.interrupted);
}

static void add_side(struct lw_json *b, cJSON *to, const char *key,
		     const struct lw_side *side)
{
	cJSON *o = lw_json_object(b, to, key), *list;
	size_t i;

	lw_json_text(b, o, "name", side->name);
	list = lw_json_array(b, o, "runs");
	for (i = 0; i < side->nr_runs; i++)
		add_run(b, list, &side->runs[i]);
}

static void add_vm(struct lw_json *b, cJSON *to, const char *key,
		   const struct lw_report_vm *vm)
{
	cJSON *o, *taps;
	size_t i;

	if (!vm) {
		lw_json_add(b, to, key, cJSON_CreateNull());
		return;
	}
	o = lw_json_object(b, to, key);
	lw_json_number(b, o, "id", vm->id);
	lw_json_value(b, o, "pid", vm->pid);
	lw_json_text(b, o, "comm", vm->comm);
	taps = lw_json_array(b, o, "taps");
	for (i = 0; i < vm->nr_taps; i++)
		lw_json_text(b, taps, NULL, vm->taps[i]);
}

static void add_summary(struct lw_json *b, cJSON *to,
			const struct lw_comparison *c)
{
	cJSON *o = lw_json_object(b, to, "summary");
	const size_t *verdicts = c->verdicts;

	lw_json_text(b, o, "outcome",
		     lw_name_outcome(lw_comparison_outcome(c)));
	lw_json_number(b, o, "slower", verdicts[LW_VERDICT_SLOWER]);
	lw_json_number(b, o, "faster", verdicts[LW_VERDICT_FASTER]);
	lw_json_number(b, o, "within_noise", verdicts[LW_VERDICT_SAME]);
	lw_json_number(b, o, "only_a", verdicts[LW_VERDICT_ONLY_A]);
	lw_json_number(b, o, "only_b", verdicts[LW_VERDICT_ONLY_B]);
	lw_json_number(b, o, "not_judged", verdicts[LW_VERDICT_NONE]);
	lw_json_number(b, o, "runs_for_totals", c->runs_for_totals);
	lw_json_number(b, o, "runs_for_stages", c->runs_for_stages);
}

/* Shows a comparison; see lw_compare_view. */
int lw_compare_json(const struct lw_comparison *comparison, FILE *out)
{
	struct lw_walk walk = { .comparison = comparison };
	struct lw_json b = { .failed = false };
	cJSON *root = cJSON_CreateObject(), *list, *o;
	char *text = NULL;
	size_t i;

	lw_json_number(&b, root, "schema", LW_JSON_SCHEMA);
	lw_json_text(&b, root, "kind", "comparison");
	lw_json_text(&b, root, "reporter_version", LW_VERSION);
	lw_json_number(&b, root, "level_percent", LW_LEVEL_PERCENT);
	add_side(&b, root, "a", comparison->sides[LW_SIDE_A]);
	add_side(&b, root, "b", comparison->sides[LW_SIDE_B]);
	list = lw_json_array(&b, root, "vms");
	for (i = 0; i + 1 < comparison->nr_parties; i++) {
		const struct lw_party *party = &comparison->parties[i];

		o = lw_json_object(&b, list, NULL);
		add_vm(&b, o, "a", party->vm[LW_SIDE_A]);
		add_vm(&b, o, "b", party->vm[LW_SIDE_B]);
	}
	list = lw_json_array(&b, root, "figures");
	while (lw_walk_next(&walk))
		lw_json_cells(&b, lw_json_object(&b, list, NULL), &walk.row,
			      LW_IN_COMPARISON_DATA);
	add_summary(&b, root, comparison);
	if (!b.failed)
		text = cJSON_Print(root);
	cJSON_Delete(root);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return 0;
}
