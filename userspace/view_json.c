// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that was read, as one JSON document.  Takes the model and the
 * columns, prints.
 *
 * Integers are written as they are, with all their digits: cJSON's own numbers
 * are doubles, which hold no nanoseconds since 1970.  null was not measured.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <linux/latwatch.h>

#include "column.h"
#include "utf8.h"
#include "view.h"

/* Raised by a change that a reader of the old form would misread. */
#define SCHEMA 1

/* Out of memory is noted here and looked at once, in the end. */
struct builder {
	bool failed;
};

static cJSON *add(struct builder *b, cJSON *to, const char *key, cJSON *item)
{
	bool ok = item && to;

	if (ok)
		ok = key ? cJSON_AddItemToObject(to, key, item) :
			   cJSON_AddItemToArray(to, item);
	if (ok)
		return item;
	cJSON_Delete(item);
	b->failed = true;
	return NULL;
}

static cJSON *add_object(struct builder *b, cJSON *to, const char *key)
{
	return add(b, to, key, cJSON_CreateObject());
}

static cJSON *add_array(struct builder *b, cJSON *to, const char *key)
{
	return add(b, to, key, cJSON_CreateArray());
}

static void add_bool(struct builder *b, cJSON *to, const char *key, bool flag)
{
	add(b, to, key, cJSON_CreateBool(flag));
}

static void add_text(struct builder *b, cJSON *to, const char *key,
		     const char *received)
{
	char *text;

	if (!received) {
		add(b, to, key, cJSON_CreateNull());
		return;
	}
	text = lw_utf8_clean(received);
	add(b, to, key, text ? cJSON_CreateString(text) : NULL);
	free(text);
}

static void add_number(struct builder *b, cJSON *to, const char *key,
		       uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	add(b, to, key, cJSON_CreateRaw(text));
}

static void add_value(struct builder *b, cJSON *to, const char *key,
		      struct lw_value value)
{
	if (value.known)
		add_number(b, to, key, value.v);
	else
		add(b, to, key, cJSON_CreateNull());
}

static void add_svalue(struct builder *b, cJSON *to, const char *key,
		       struct lw_svalue value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, value.v);
	add(b, to, key, value.known ? cJSON_CreateRaw(text) :
				      cJSON_CreateNull());
}

static void add_info(struct builder *b, cJSON *to, const struct lw_report *r)
{
	const struct lw_info *info = &r->info;
	cJSON *o = add_object(b, to, "info"), *list, *item;
	size_t i;

	add_text(b, o, "version", info->version);
	add_text(b, o, "kernel", info->kernel);
	add_bool(b, o, "preempt_rt", info->preempt_rt);
	add_text(b, o, "clock", info->clock);
	add_text(b, o, "clocksource", r->clocksource);
	add_value(b, o, "epoch", info->epoch);
	add_value(b, o, "since_ns", info->since);
	add_value(b, o, "since_realtime_ns", info->since_real);
	add_value(b, o, "now_ns", info->now);
	add_value(b, o, "memory_bytes", info->memory);
	list = add_array(b, o, "tracepoints");
	for (i = 0; i < info->nr_tracepoints; i++) {
		item = add_object(b, list, NULL);
		add_text(b, item, "name", info->tracepoints[i].name);
		add_bool(b, item, "attached", info->tracepoints[i].attached);
		add_text(b, item, "cost", info->tracepoints[i].cost);
	}
	list = add_array(b, o, "limits");
	for (i = 0; i < info->nr_limits; i++) {
		item = add_object(b, list, NULL);
		add_text(b, item, "name", info->limits[i].name);
		add_value(b, item, "size", info->limits[i].size);
		add_value(b, item, "used", info->limits[i].used);
	}
}

static void add_stage(struct builder *b, cJSON *list, const struct lw_row *row)
{
	cJSON *o = add_object(b, list, NULL), *buckets, *item;
	char text[LW_TEXT_SIZE];
	struct lw_cell cell;
	const char *word;
	size_t i;

	for (i = 0; i < lw_nr_columns; i++) {
		const struct lw_column *column = &lw_columns[i];

		if (!(column->where & LW_IN_JSON))
			continue;
		cell.kind = LW_CELL_NONE;
		column->get(row, &cell);
		word = lw_cell_for_machines(&cell, text);
		if (word)
			add(b, o, column->key, cJSON_CreateRaw(word));
		else
			add_text(b, o, column->key,
				 cell.kind == LW_CELL_TEXT ? cell.text : NULL);
	}
	buckets = add_array(b, o, "buckets");
	for (i = 0; i < row->stage->nr_buckets; i++) {
		const struct lw_bucket *bucket = &row->stage->buckets[i];

		item = add_object(b, buckets, NULL);
		add_number(b, item, "low_ns", bucket->low_ns);
		add_number(b, item, "high_ns", bucket->high_ns);
		add_number(b, item, "count", bucket->count);
	}
}

static bool is_of(struct lw_value id, const struct lw_vm *vm)
{
	return vm ? id.known && id.v == vm->id : !id.known;
}

static void add_stages(struct builder *b, cJSON *to, const struct lw_report *r,
		       const struct lw_vm *vm)
{
	cJSON *list = add_array(b, to, "stages");
	struct lw_row row = { .vm = vm };
	size_t i;

	for (i = 0; i < r->nr_stages; i++) {
		row.stage = &r->stages[i];
		if (is_of(row.stage->vm, vm))
			add_stage(b, list, &row);
	}
}

static void add_marks(struct builder *b, cJSON *to, const struct lw_mark *marks,
		      size_t nr)
{
	cJSON *list = add_array(b, to, "marks"), *o;
	size_t i;

	for (i = 0; i < nr; i++) {
		o = add_object(b, list, NULL);
		add_number(b, o, "id", marks[i].id);
		add_text(b, o, "mark", marks[i].name);
		add_value(b, o, "time_ns", marks[i].time_ns);
		add_value(b, o, "cpu", marks[i].cpu);
	}
}

static void add_actor(struct builder *b, cJSON *list,
		      const struct lw_actor *actor)
{
	cJSON *o = add_object(b, list, NULL);
	char text[LW_TEXT_SIZE];

	add_text(b, o, "role", lw_name_role(actor->role));
	add_value(b, o, "pid", actor->pid);
	add_text(b, o, "comm", actor->comm);
	add_value(b, o, "policy", actor->policy);
	add_svalue(b, o, "kernel_prio", actor->prio);
	add_text(b, o, "sched", actor->policy.known ?
				lw_text_sched(text, actor) : NULL);
}

static const char *stage_name(const struct lw_report *r, uint32_t id)
{
	size_t i;

	for (i = 0; i < r->nr_stages; i++)
		if (r->stages[i].id == id)
			return r->stages[i].name;
	return NULL;
}

static void add_split(struct builder *b, cJSON *to, const struct lw_report *r,
		      const struct lw_watermark *worst)
{
	cJSON *list = add_array(b, to, "parts"), *o;
	struct lw_split split;
	uint32_t id;

	lw_watermark_split(worst, &split);
	for (id = 0; id < LW_SPLIT_STAGES; id++) {
		if (!split.part_ns[id].known || id == worst->id)
			continue;
		o = add_object(b, list, NULL);
		add_number(b, o, "id", id);
		add_text(b, o, "stage", stage_name(r, id));
		add_value(b, o, "part_ns", split.part_ns[id]);
	}
	add_value(b, to, "sum_ns", split.sum_ns);
	add_svalue(b, to, "residual_ns", split.residual_ns);
}

static void add_watermarks(struct builder *b, cJSON *to,
			   const struct lw_report *r, const struct lw_vm *vm)
{
	cJSON *list = add_array(b, to, "watermarks"), *o, *actors;
	size_t i, j;

	for (i = 0; i < r->nr_watermarks; i++) {
		const struct lw_watermark *worst = &r->watermarks[i];

		if (!is_of(worst->vm, vm))
			continue;
		o = add_object(b, list, NULL);
		add_number(b, o, "id", worst->id);
		add_text(b, o, "stage", worst->name);
		add_value(b, o, "value_ns", worst->value_ns);
		add_value(b, o, "time_ns", worst->time_ns);
		add_value(b, o, "time_realtime_ns",
			  lw_report_realtime(r, worst->time_ns));
		add_value(b, o, "cpu", worst->cpu);
		add_value(b, o, "irq", worst->irq);
		add_text(b, o, "origin", lw_name_origin(worst->origin));
		add_value(b, o, "batch", worst->batch);
		add_marks(b, o, worst->marks, worst->nr_marks);
		actors = add_array(b, o, "actors");
		for (j = 0; j < worst->nr_actors; j++)
			add_actor(b, actors, &worst->actors[j]);
		if (worst->id == LATWATCH_STAGE_END_TO_END ||
		    worst->id == LATWATCH_STAGE_END_TO_END_LOCAL)
			add_split(b, o, r, worst);
	}
}

static void add_ledger(struct builder *b, cJSON *to, const struct lw_report *r,
		       const struct lw_vm *vm)
{
	static const char *const keys[LW_HEADS] = {
		"opened", "delivered", "merged", "suppressed", "dropped",
		"elsewhere", "lost", "in_flight",
	};
	const struct lw_ledger *ledger = lw_report_find_ledger(r, vm);
	struct lw_books books;
	cJSON *o, *list, *item;
	size_t i;

	if (!ledger) {
		add(b, to, "ledger", cJSON_CreateNull());
		return;
	}
	lw_ledger_books(ledger, &books);
	o = add_object(b, to, "ledger");
	for (i = 0; i < LW_HEADS; i++)
		add_value(b, o, keys[i], books.head[i]);
	add_svalue(b, o, "gap", books.gap);
	add_value(b, o, "unaccounted", books.unaccounted);
	list = add_array(b, o, "entries");
	for (i = 0; i < ledger->nr_entries; i++) {
		item = add_object(b, list, NULL);
		add_text(b, item, "category",
			 lw_name_category(ledger->entries[i].category));
		add_text(b, item, "name", ledger->entries[i].name);
		add_value(b, item, "count", ledger->entries[i].count);
	}
}

static void add_vm(struct builder *b, cJSON *list, const struct lw_report *r,
		   const struct lw_vm *vm)
{
	cJSON *o = add_object(b, list, NULL), *taps;
	size_t i;

	add_number(b, o, "id", vm->id);
	add_value(b, o, "pid", vm->pid);
	add_text(b, o, "comm", vm->comm);
	add_value(b, o, "since_ns", vm->since_ns);
	add_bool(b, o, "gone", vm->gone);
	add_value(b, o, "vcpus", vm->vcpus);
	add_value(b, o, "backends", vm->backends);
	taps = add_array(b, o, "taps");
	for (i = 0; i < vm->nr_taps; i++)
		add_text(b, taps, NULL, vm->taps[i]);
	add_stages(b, o, r, vm);
	add_watermarks(b, o, r, vm);
	add_ledger(b, o, r, vm);
}

static void add_cpu(struct builder *b, cJSON *list, const struct lw_cpu *cpu)
{
	cJSON *o = add_object(b, list, NULL), *maxima, *item;
	size_t i;

	add_number(b, o, "id", cpu->id);
	add_marks(b, o, cpu->marks, cpu->nr_marks);
	maxima = add_array(b, o, "maxima");
	for (i = 0; i < cpu->nr_maxima; i++) {
		item = add_object(b, maxima, NULL);
		add_number(b, item, "id", cpu->maxima[i].id);
		add_text(b, item, "stage", cpu->maxima[i].name);
		add_value(b, item, "count", cpu->maxima[i].count);
		add_value(b, item, "max_ns", cpu->maxima[i].max_ns);
	}
}

/* Shows the document; see lw_view. */
int lw_view_json(const struct lw_report *report,
		 const struct lw_view_options *options, FILE *out)
{
	struct builder b = { .failed = false };
	cJSON *root = cJSON_CreateObject(), *host, *list;
	char *text = NULL;
	size_t i;

	add_number(&b, root, "schema", SCHEMA);
	add_text(&b, root, "reporter_version", LW_VERSION);
	add_bool(&b, root, "interrupted", report->interrupted);
	add_info(&b, root, report);
	host = add_object(&b, root, "host");
	add_stages(&b, host, report, NULL);
	add_watermarks(&b, host, report, NULL);
	add_ledger(&b, host, report, NULL);
	list = add_array(&b, root, "vms");
	for (i = 0; i < report->nr_vms; i++)
		if (lw_report_shows(report, &report->vms[i]))
			add_vm(&b, list, report, &report->vms[i]);
	list = add_array(&b, root, "cpus");
	for (i = 0; i < report->nr_cpus; i++)
		add_cpu(&b, list, &report->cpus[i]);
	if (!b.failed)
		text = options->stream ? cJSON_PrintUnformatted(root) :
					 cJSON_Print(root);
	cJSON_Delete(root);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	return 0;
}
