// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that was read, as one JSON document.  Takes the model and the
 * columns, prints.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "column.h"
#include "json.h"
#include "view.h"
#include "view_json.h"

static void add_info(struct lw_json *b, cJSON *to, const struct lw_report *r)
{
	const struct lw_info *info = &r->info;
	cJSON *o = lw_json_object(b, to, "info"), *list, *item;
	size_t i;

	lw_json_text(b, o, "version", info->version);
	lw_json_text(b, o, "kernel", info->kernel);
	lw_json_bool(b, o, "preempt_rt", info->preempt_rt);
	lw_json_bool(b, o, "off", info->off);
	lw_json_text(b, o, "clock", info->clock);
	lw_json_text(b, o, "clocksource", r->clocksource);
	lw_json_value(b, o, "epoch", info->epoch);
	lw_json_value(b, o, "since_ns", info->since);
	lw_json_value(b, o, "since_realtime_ns", info->since_real);
	lw_json_value(b, o, "now_ns", info->now);
	lw_json_value(b, o, "memory_bytes", info->memory);
	lw_json_text(b, o, "signal_source",
		     lw_name_signal_source(info->signal_source));
	list = lw_json_array(b, o, "marks");
	for (i = 0; i < info->nr_marks; i++) {
		item = lw_json_object(b, list, NULL);
		lw_json_number(b, item, "id", info->marks[i].id);
		lw_json_text(b, item, "mark", info->marks[i].name);
	}
	list = lw_json_array(b, o, "tracepoints");
	for (i = 0; i < info->nr_tracepoints; i++) {
		item = lw_json_object(b, list, NULL);
		lw_json_text(b, item, "name", info->tracepoints[i].name);
		lw_json_bool(b, item, "attached", info->tracepoints[i].attached);
		lw_json_text(b, item, "cost", info->tracepoints[i].cost);
		lw_json_text(b, item, "kind",
			     lw_name_probe(info->tracepoints[i].kind));
		lw_json_text(b, item, "prototype",
			     lw_name_prototype(info->tracepoints[i].prototype));
		lw_json_value(b, item, "missed", info->tracepoints[i].missed);
	}
	list = lw_json_array(b, o, "limits");
	for (i = 0; i < info->nr_limits; i++) {
		item = lw_json_object(b, list, NULL);
		lw_json_text(b, item, "name", info->limits[i].name);
		lw_json_value(b, item, "size", info->limits[i].size);
		lw_json_value(b, item, "used", info->limits[i].used);
	}
}

/**
 * lw_json_cells - add what a row has under some of the columns
 * @b: the document
 * @to: the object
 * @row: the row
 * @where: LW_IN_*, of which columns
 */
void lw_json_cells(struct lw_json *b, cJSON *to, const struct lw_row *row,
		   unsigned int where)
{
	char text[LW_TEXT_SIZE];
	struct lw_cell cell;
	const char *word;
	size_t i;

	for (i = 0; i < lw_nr_columns; i++) {
		const struct lw_column *column = &lw_columns[i];

		if (!(column->where & where))
			continue;
		cell.kind = LW_CELL_NONE;
		column->get(row, &cell);
		word = lw_cell_for_machines(&cell, text);
		if (word)
			lw_json_add(b, to, column->key, cJSON_CreateRaw(word));
		else
			lw_json_text(b, to, column->key,
				     cell.kind == LW_CELL_TEXT ? cell.text : NULL);
	}
}

static void add_marks_of(struct lw_json *b, cJSON *to, const char *key, uint32_t set)
{
	cJSON *list = lw_json_array(b, to, key);
	uint32_t id;

	for (id = 0; id < 32; id++)
		if (set & 1u << id)
			lw_json_number(b, list, NULL, id);
}

static void add_bounds(struct lw_json *b, cJSON *to, const struct lw_report_stage *stage)
{
	cJSON *list;
	uint32_t path;

	lw_json_value(b, to, "from", stage->from);
	lw_json_value(b, to, "to", stage->to);
	lw_json_value(b, to, "or_to", stage->or_to);
	add_marks_of(b, to, "with", stage->with);
	add_marks_of(b, to, "without", stage->without);
	lw_json_value(b, to, "within", stage->within);
	list = lw_json_array(b, to, "also");
	for (path = 0; path < LW_PATHS; path++)
		if (stage->also & 1u << path)
			lw_json_text(b, list, NULL, lw_name_path(path));
}

static void add_stage(struct lw_json *b, cJSON *list, const struct lw_row *row)
{
	cJSON *o = lw_json_object(b, list, NULL), *buckets, *item;
	size_t i;

	lw_json_cells(b, o, row, LW_IN_JSON);
	add_bounds(b, o, row->stage);
	buckets = lw_json_array(b, o, "buckets");
	for (i = 0; i < row->stage->nr_buckets; i++) {
		const struct lw_report_bucket *bucket = &row->stage->buckets[i];

		item = lw_json_object(b, buckets, NULL);
		lw_json_number(b, item, "low_ns", bucket->low_ns);
		lw_json_number(b, item, "high_ns", bucket->high_ns);
		lw_json_number(b, item, "count", bucket->count);
	}
}

static bool is_of(struct lw_value id, const struct lw_report_vm *vm)
{
	return vm ? id.known && id.v == vm->id : !id.known;
}

static void add_stages(struct lw_json *b, cJSON *to, const struct lw_report *r,
		       const struct lw_report_vm *vm)
{
	cJSON *list = lw_json_array(b, to, "stages");
	struct lw_row row = { .vm = vm };
	size_t i;

	for (i = 0; i < r->nr_stages; i++) {
		row.stage = &r->stages[i];
		if (is_of(row.stage->vm, vm))
			add_stage(b, list, &row);
	}
}

static void add_marks(struct lw_json *b, cJSON *to, const struct lw_mark *marks,
		      size_t nr)
{
	cJSON *list = lw_json_array(b, to, "marks"), *o;
	size_t i;

	for (i = 0; i < nr; i++) {
		o = lw_json_object(b, list, NULL);
		lw_json_number(b, o, "id", marks[i].id);
		lw_json_text(b, o, "mark", marks[i].name);
		lw_json_value(b, o, "time_ns", marks[i].time_ns);
		lw_json_value(b, o, "cpu", marks[i].cpu);
	}
}

static void add_actor(struct lw_json *b, cJSON *list,
		      const struct lw_report_actor *actor)
{
	cJSON *o = lw_json_object(b, list, NULL);
	char text[LW_TEXT_SIZE];

	lw_json_text(b, o, "role", lw_name_role(actor->role));
	lw_json_value(b, o, "pid", actor->pid);
	lw_json_text(b, o, "comm", actor->comm);
	lw_json_value(b, o, "policy", actor->policy);
	lw_json_svalue(b, o, "kernel_prio", actor->prio);
	lw_json_text(b, o, "sched", actor->policy.known ?
				    lw_text_sched(text, actor) : NULL);
}

/* null where the stage itself was not reported. */
static void add_path(struct lw_json *b, cJSON *to,
		     const struct lw_report_stage *stage)
{
	lw_json_text(b, to, "path", stage ? lw_name_path(stage->path) : NULL);
}

static void add_split(struct lw_json *b, cJSON *to, const struct lw_report *r,
		      const struct lw_report_watermark *worst, uint32_t path)
{
	cJSON *list = lw_json_array(b, to, "parts"), *o;
	struct lw_split split;
	uint32_t id;

	lw_watermark_split(r, worst, path, &split);
	for (id = 0; id < LW_SPLIT_STAGES; id++) {
		const struct lw_report_stage *stage = lw_report_find_stage(r, id);

		if (!split.part_ns[id].known || id == worst->id)
			continue;
		o = lw_json_object(b, list, NULL);
		lw_json_number(b, o, "id", id);
		add_path(b, o, stage);
		lw_json_text(b, o, "stage", stage ? stage->name : NULL);
		lw_json_value(b, o, "part_ns", split.part_ns[id]);
	}
	lw_json_value(b, to, "sum_ns", split.sum_ns);
	lw_json_svalue(b, to, "residual_ns", split.residual_ns);
}

static void add_culprits(struct lw_json *b, cJSON *to,
			 const struct lw_report_culprit *culprits, size_t nr, bool sums)
{
	cJSON *list = lw_json_array(b, to, "culprits"), *o;
	char text[LW_TEXT_SIZE];
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct lw_report_culprit *c = &culprits[i];
		struct lw_report_actor actor = { .policy = c->policy, .prio = c->prio };

		o = lw_json_object(b, list, NULL);
		lw_json_text(b, o, "kind", lw_name_culprit(c->kind));
		lw_json_value(b, o, "time_ns", c->time_ns);
		lw_json_value(b, o, "id", c->id);
		lw_json_text(b, o, "name", c->name);
		lw_json_text(b, o, "function", c->function);
		lw_json_value(b, o, "pid", c->pid);
		lw_json_value(b, o, "policy", c->policy);
		lw_json_svalue(b, o, "kernel_prio", c->prio);
		lw_json_text(b, o, "sched",
			     c->policy.known ? lw_text_sched(text, &actor) : NULL);
		if (sums) {
			lw_json_value(b, o, "flights", c->flights);
			lw_json_value(b, o, "worst_ns", c->worst_ns);
		} else {
			lw_json_value(b, o, "cpu", c->cpu);
			lw_json_value(b, o, "mark", c->mark);
		}
	}
}

/* What came in between of each stage, in sum; a module that does not look has none. */
static void add_rankings(struct lw_json *b, cJSON *to, const struct lw_report *r,
			 const struct lw_report_vm *vm)
{
	cJSON *list = NULL, *o;
	size_t i;

	for (i = 0; i < r->nr_rankings; i++) {
		const struct lw_report_ranking *ranking = &r->rankings[i];

		if (!is_of(ranking->vm, vm))
			continue;
		if (!list)
			list = lw_json_array(b, to, "rankings");
		o = lw_json_object(b, list, NULL);
		lw_json_number(b, o, "id", ranking->id);
		add_path(b, o, lw_report_find_stage(r, ranking->id));
		lw_json_text(b, o, "stage", ranking->name);
		lw_json_value(b, o, "flights", ranking->flights);
		lw_json_value(b, o, "sum_ns", ranking->sum_ns);
		lw_json_value(b, o, "unknown_ns", ranking->unknown_ns);
		add_culprits(b, o, ranking->culprits, ranking->nr_culprits, true);
	}
}

/* What a watermark and a breach have. */
static cJSON *add_watermark(struct lw_json *b, cJSON *list, const struct lw_report *r,
			    const struct lw_report_watermark *worst)
{
	const struct lw_report_stage *stage = lw_report_find_stage(r, worst->id);
	cJSON *o = lw_json_object(b, list, NULL), *actors;
	size_t j;

	lw_json_number(b, o, "id", worst->id);
	add_path(b, o, stage);
	lw_json_text(b, o, "stage", worst->name);
	lw_json_value(b, o, "value_ns", worst->value_ns);
	lw_json_value(b, o, "time_ns", worst->time_ns);
	lw_json_value(b, o, "time_realtime_ns", lw_report_realtime(r, worst->time_ns));
	lw_json_value(b, o, "cpu", worst->cpu);
	lw_json_value(b, o, "irq", worst->irq);
	lw_json_text(b, o, "origin", lw_name_origin(worst->origin));
	if (lw_watermark_is_bound(worst))
		lw_json_bool(b, o, "bound", true);
	lw_json_value(b, o, "batch", worst->batch);
	add_marks(b, o, worst->marks, worst->nr_marks);
	actors = lw_json_array(b, o, "actors");
	for (j = 0; j < worst->nr_actors; j++)
		add_actor(b, actors, &worst->actors[j]);
	if (worst->unknown_ns.known) {
		add_culprits(b, o, worst->culprits, worst->nr_culprits, false);
		lw_json_value(b, o, "unknown_ns", worst->unknown_ns);
	}
	if (stage && stage->flags & LATWATCH_STAGE_FLAGS_TOTAL)
		add_split(b, o, r, worst, stage->path);
	return o;
}

static void add_watermarks(struct lw_json *b, cJSON *to,
			   const struct lw_report *r, const struct lw_report_vm *vm)
{
	cJSON *list = lw_json_array(b, to, "watermarks");
	size_t i;

	for (i = 0; i < r->nr_watermarks; i++)
		if (is_of(r->watermarks[i].vm, vm))
			add_watermark(b, list, r, &r->watermarks[i]);
}

/* Prints a document on one line, or many, and frees it. */
static int print_document(struct lw_json *b, cJSON *root, bool one_line, FILE *out)
{
	char *text = NULL;

	if (!b->failed)
		text = one_line ? cJSON_PrintUnformatted(root) : cJSON_Print(root);
	cJSON_Delete(root);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return 0;
}

/**
 * lw_json_breach - a breach on one line
 * @report: for the names of stages and the time of day
 * @breach: what the module told
 * @out: where to
 *
 * Return: 0 or -ENOMEM.
 */
int lw_json_breach(const struct lw_report *report,
		   const struct lw_report_watermark *breach, FILE *out)
{
	struct lw_json b = { .failed = false };
	cJSON *list = cJSON_CreateArray(), *o = add_watermark(&b, list, report, breach);

	lw_json_value(&b, o, "vm", breach->vm);
	lw_json_value(&b, o, "limit_ns", breach->limit_ns);
	lw_json_value(&b, o, "count", breach->count);
	b.failed |= !o;
	o = cJSON_DetachItemFromArray(list, 0);
	cJSON_Delete(list);
	return print_document(&b, o, true, out);
}

static void add_budget(struct lw_json *b, cJSON *to, const struct lw_report *r)
{
	cJSON *list, *o;
	size_t i;

	if (!r->nr_bounds)
		return;
	list = lw_json_array(b, to, "budget");
	for (i = 0; i < r->nr_bounds; i++) {
		const struct lw_report_bound *bound = &r->bounds[i];

		o = lw_json_object(b, list, NULL);
		lw_json_value(b, o, "vm", bound->vm);
		lw_json_number(b, o, "id", bound->stage);
		lw_json_text(b, o, "path", lw_name_path(bound->path));
		lw_json_text(b, o, "stage", bound->name);
		lw_json_value(b, o, "limit_ns", bound->limit_ns);
		lw_json_value(b, o, "breaches", bound->breaches);
	}
}

static void add_books(struct lw_json *b, cJSON *to, const struct lw_report *r,
		      const struct lw_report_vm *vm, uint32_t path)
{
	static const char *const keys[LW_HEADS] = {
		"opened", "delivered", "merged", "suppressed", "dropped",
		"elsewhere", "lost", "in_flight",
	};
	struct lw_report_books books;
	size_t i;

	lw_report_books(r, vm, path, &books);
	for (i = 0; i < LW_HEADS; i++)
		lw_json_value(b, to, keys[i], books.head[i]);
	lw_json_svalue(b, to, "gap", books.gap);
	lw_json_value(b, to, "unaccounted", books.unaccounted);
}

/* The books of rx stand outside of "paths" too: they were there first. */
static void add_ledger(struct lw_json *b, cJSON *to, const struct lw_report *r,
		       const struct lw_report_vm *vm)
{
	const struct lw_report_ledger *ledger = lw_report_find_ledger(r, vm);
	cJSON *o, *paths, *list, *item;
	uint32_t path;
	size_t i;

	if (!ledger) {
		lw_json_add(b, to, "ledger", cJSON_CreateNull());
		return;
	}
	o = lw_json_object(b, to, "ledger");
	add_books(b, o, r, vm, LATWATCH_PATH_RX);
	paths = lw_json_object(b, o, "paths");
	for (path = 0; path < LW_PATHS; path++)
		if (lw_ledger_has(ledger, path, false))
			add_books(b, lw_json_object(b, paths,
						    lw_name_path(path)),
				  r, vm, path);
	list = lw_json_array(b, o, "entries");
	for (i = 0; i < ledger->nr_entries; i++) {
		const struct lw_entry *entry = &ledger->entries[i];

		item = lw_json_object(b, list, NULL);
		lw_json_text(b, item, "path", lw_name_path(entry->path));
		lw_json_text(b, item, "category",
			     lw_name_category(entry->category));
		lw_json_text(b, item, "name", entry->name);
		lw_json_value(b, item, "count", entry->count);
	}
}

static void add_ways(struct lw_json *b, cJSON *to, const struct lw_report_vm *vm)
{
	cJSON *list = lw_json_array(b, to, "ways"), *o;
	size_t i;

	for (i = 0; i < vm->nr_ways; i++) {
		const struct lw_way *way = &vm->ways[i];

		o = lw_json_object(b, list, NULL);
		lw_json_text(b, o, "tap", way->tap);
		lw_json_text(b, o, "kind", way->kind);
		lw_json_text(b, o, "over", way->over);
		lw_json_text(b, o, "over_kind", way->over_kind);
		lw_json_text(b, o, "source", way->source);
		lw_json_bool(b, o, "several", way->several);
	}
}

static void add_vm(struct lw_json *b, cJSON *list, const struct lw_report *r,
		   const struct lw_report_vm *vm)
{
	cJSON *o = lw_json_object(b, list, NULL), *taps;
	size_t i;

	lw_json_number(b, o, "id", vm->id);
	lw_json_value(b, o, "pid", vm->pid);
	lw_json_text(b, o, "comm", vm->comm);
	lw_json_value(b, o, "since_ns", vm->since_ns);
	lw_json_bool(b, o, "gone", vm->gone);
	lw_json_value(b, o, "vcpus", vm->vcpus);
	lw_json_value(b, o, "backends", vm->backends);
	lw_json_value(b, o, "workers", vm->workers);
	if (!lw_vm_is_seen(r, vm))
		lw_json_bool(b, o, "seen", false);
	taps = lw_json_array(b, o, "taps");
	for (i = 0; i < vm->nr_taps; i++)
		lw_json_text(b, taps, NULL, vm->taps[i]);
	add_ways(b, o, vm);
	add_stages(b, o, r, vm);
	add_watermarks(b, o, r, vm);
	add_rankings(b, o, r, vm);
	add_ledger(b, o, r, vm);
}

static void add_cpu(struct lw_json *b, cJSON *list, const struct lw_report *r,
		    const struct lw_report_cpu *cpu)
{
	cJSON *o = lw_json_object(b, list, NULL), *maxima, *item;
	size_t i;

	lw_json_number(b, o, "id", cpu->id);
	add_marks(b, o, cpu->marks, cpu->nr_marks);
	maxima = lw_json_array(b, o, "maxima");
	for (i = 0; i < cpu->nr_maxima; i++) {
		item = lw_json_object(b, maxima, NULL);
		lw_json_number(b, item, "id", cpu->maxima[i].id);
		add_path(b, item,
			 lw_report_find_stage(r, cpu->maxima[i].id));
		lw_json_text(b, item, "stage", cpu->maxima[i].name);
		lw_json_value(b, item, "count", cpu->maxima[i].count);
		lw_json_value(b, item, "max_ns", cpu->maxima[i].max_ns);
	}
}

static void add_cost(struct lw_json *b, cJSON *list, const struct lw_report_cost *cost)
{
	cJSON *o = lw_json_object(b, list, NULL);

	lw_json_text(b, o, "probe", cost->probe);
	lw_json_text(b, o, "kind", lw_name_probe(cost->kind));
	lw_json_number(b, o, "cpu", cost->cpu);
	lw_json_number(b, o, "calls", cost->calls);
	lw_json_number(b, o, "total_ns", cost->total_ns);
	lw_json_number(b, o, "worst_ns", cost->worst_ns);
	lw_json_value(b, o, "since_ns", cost->since_ns);
}

/* Shows the document; see lw_view. */
int lw_view_json(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	struct lw_json b = { .failed = false };
	cJSON *root = cJSON_CreateObject(), *host, *list;
	size_t i;

	lw_json_number(&b, root, "schema", LW_JSON_SCHEMA);
	lw_json_text(&b, root, "reporter_version", LW_VERSION);
	lw_json_bool(&b, root, "interrupted", report->interrupted);
	add_info(&b, root, report);
	host = lw_json_object(&b, root, "host");
	add_stages(&b, host, report, NULL);
	add_watermarks(&b, host, report, NULL);
	add_rankings(&b, host, report, NULL);
	add_ledger(&b, host, report, NULL);
	list = lw_json_array(&b, root, "vms");
	for (i = 0; i < report->nr_vms; i++)
		if (lw_report_shows(report, &report->vms[i]))
			add_vm(&b, list, report, &report->vms[i]);
	list = lw_json_array(&b, root, "cpus");
	for (i = 0; i < report->nr_cpus; i++)
		add_cpu(&b, list, report, &report->cpus[i]);
	lw_json_bool(&b, root, "self_cost", report->self_cost);
	list = lw_json_array(&b, root, "costs");
	for (i = 0; i < report->nr_costs; i++)
		add_cost(&b, list, &report->costs[i]);
	add_budget(&b, root, report);
	return print_document(&b, root, options->stream, out);
}
