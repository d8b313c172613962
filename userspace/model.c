// SPDX-License-Identifier: GPL-2.0
/*
 * Memory and look-ups of the model.  Takes from nobody, gives to everybody.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/latwatch.h>

#include "model.h"

/**
 * lw_array_add - append a zeroed element to a growing array
 * @array: address of the pointer to the array
 * @nr: number of elements; raised by one
 * @size: size of an element
 *
 * The room doubles whenever @nr is a power of two, so it need not be stored.
 *
 * Return: the new element, or NULL without memory.
 */
void *lw_array_add(void *array, size_t *nr, size_t size)
{
	void *base;

	memcpy(&base, array, sizeof(base));
	if (!(*nr & (*nr - 1))) {
		size_t room = *nr ? *nr * 2 : 1;

		if (room > SIZE_MAX / size)
			return NULL;
		base = realloc(base, room * size);
		if (!base)
			return NULL;
		memcpy(array, &base, sizeof(base));
	}
	base = (char *)base + (*nr)++ * size;
	return memset(base, 0, size);
}

static void marks_free(struct lw_mark *marks, size_t nr)
{
	while (nr--)
		free(marks[nr].name);
	free(marks);
}

/**
 * lw_info_clear - free what an info holds and zero it
 * @info: the info
 */
void lw_info_clear(struct lw_info *info)
{
	free(info->version);
	free(info->kernel);
	free(info->clock);
	while (info->nr_tracepoints--) {
		free(info->tracepoints[info->nr_tracepoints].name);
		free(info->tracepoints[info->nr_tracepoints].cost);
	}
	free(info->tracepoints);
	while (info->nr_limits--)
		free(info->limits[info->nr_limits].name);
	free(info->limits);
	marks_free(info->marks, info->nr_marks);
	memset(info, 0, sizeof(*info));
}

/**
 * lw_stage_clear - free what a stage holds and zero it
 * @stage: the stage
 */
void lw_stage_clear(struct lw_report_stage *stage)
{
	free(stage->name);
	free(stage->buckets);
	memset(stage, 0, sizeof(*stage));
}

static void culprits_free(struct lw_report_culprit *culprits, size_t nr)
{
	while (nr--) {
		free(culprits[nr].name);
		free(culprits[nr].function);
	}
	free(culprits);
}

/**
 * lw_ranking_clear - free what a ranking holds and zero it
 * @ranking: the ranking
 */
void lw_ranking_clear(struct lw_report_ranking *ranking)
{
	free(ranking->name);
	culprits_free(ranking->culprits, ranking->nr_culprits);
	memset(ranking, 0, sizeof(*ranking));
}

/**
 * lw_watermark_clear - free what a watermark holds and zero it
 * @mark: the watermark
 */
void lw_watermark_clear(struct lw_report_watermark *mark)
{
	free(mark->name);
	marks_free(mark->marks, mark->nr_marks);
	while (mark->nr_actors--)
		free(mark->actors[mark->nr_actors].comm);
	free(mark->actors);
	culprits_free(mark->culprits, mark->nr_culprits);
	free(mark->parts);
	memset(mark, 0, sizeof(*mark));
}

/**
 * lw_vm_clear - free what a VM holds and zero it
 * @vm: the VM
 */
void lw_vm_clear(struct lw_report_vm *vm)
{
	free(vm->comm);
	while (vm->nr_taps--)
		free(vm->taps[vm->nr_taps]);
	free(vm->taps);
	while (vm->nr_ways--) {
		struct lw_way *way = &vm->ways[vm->nr_ways];

		free(way->tap);
		free(way->kind);
		free(way->over);
		free(way->over_kind);
		free(way->source);
	}
	free(vm->ways);
	memset(vm, 0, sizeof(*vm));
}

/**
 * lw_cpu_clear - free what a CPU holds and zero it
 * @cpu: the CPU
 */
void lw_cpu_clear(struct lw_report_cpu *cpu)
{
	marks_free(cpu->marks, cpu->nr_marks);
	while (cpu->nr_maxima--)
		free(cpu->maxima[cpu->nr_maxima].name);
	free(cpu->maxima);
	memset(cpu, 0, sizeof(*cpu));
}

/**
 * lw_cost_clear - free what a cost holds and zero it
 * @cost: the cost
 */
void lw_cost_clear(struct lw_report_cost *cost)
{
	free(cost->probe);
	memset(cost, 0, sizeof(*cost));
}

/**
 * lw_report_bound_clear - free what a limit holds
 * @bound: the limit
 */
void lw_report_bound_clear(struct lw_report_bound *bound)
{
	free(bound->name);
}

/**
 * lw_window_clear - free what the seconds of a stage hold
 * @window: the seconds
 */
void lw_window_clear(struct lw_report_window *window)
{
	free(window->name);
	free(window->seconds);
}

/**
 * lw_ledger_clear - free what a ledger holds and zero it
 * @ledger: the ledger
 */
void lw_ledger_clear(struct lw_report_ledger *ledger)
{
	while (ledger->nr_entries--)
		free(ledger->entries[ledger->nr_entries].name);
	free(ledger->entries);
	memset(ledger, 0, sizeof(*ledger));
}

#define CLEAR_LIST(report, list, clear)				\
	do {							\
		while ((report)->nr_##list)			\
			clear(&(report)->list[--(report)->nr_##list]); \
		free((report)->list);				\
		(report)->list = NULL;				\
	} while (0)

/**
 * lw_report_clear_stages - forget all stages, for a dump that begins anew
 * @report: the report
 */
void lw_report_clear_stages(struct lw_report *report)
{
	CLEAR_LIST(report, stages, lw_stage_clear);
}

/**
 * lw_report_clear_watermarks - forget all watermarks
 * @report: the report
 */
void lw_report_clear_watermarks(struct lw_report *report)
{
	CLEAR_LIST(report, watermarks, lw_watermark_clear);
}

/**
 * lw_report_clear_vms - forget all VMs
 * @report: the report
 */
void lw_report_clear_vms(struct lw_report *report)
{
	CLEAR_LIST(report, vms, lw_vm_clear);
}

/**
 * lw_report_clear_cpus - forget all CPUs
 * @report: the report
 */
void lw_report_clear_cpus(struct lw_report *report)
{
	CLEAR_LIST(report, cpus, lw_cpu_clear);
}

/**
 * lw_report_clear_rankings - forget all rankings
 * @report: the report
 */
void lw_report_clear_rankings(struct lw_report *report)
{
	CLEAR_LIST(report, rankings, lw_ranking_clear);
}

/**
 * lw_report_clear_costs - forget all costs
 * @report: the report
 */
void lw_report_clear_costs(struct lw_report *report)
{
	CLEAR_LIST(report, costs, lw_cost_clear);
}

/**
 * lw_report_clear_windows - forget all windows
 * @report: the report
 */
void lw_report_clear_windows(struct lw_report *report)
{
	CLEAR_LIST(report, windows, lw_window_clear);
}

/**
 * lw_report_clear_ledgers - forget all ledgers
 * @report: the report
 */
void lw_report_clear_ledgers(struct lw_report *report)
{
	CLEAR_LIST(report, ledgers, lw_ledger_clear);
}

/**
 * lw_report_clear - free what a report holds and zero it
 * @report: the report
 */
void lw_report_clear(struct lw_report *report)
{
	lw_info_clear(&report->info);
	free(report->clocksource);
	lw_report_clear_stages(report);
	lw_report_clear_watermarks(report);
	lw_report_clear_vms(report);
	lw_report_clear_cpus(report);
	lw_report_clear_ledgers(report);
	lw_report_clear_costs(report);
	lw_report_clear_windows(report);
	CLEAR_LIST(report, bounds, lw_report_bound_clear);
	lw_report_clear_rankings(report);
	memset(report, 0, sizeof(*report));
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_vms(const void *a, const void *b)
{
	const struct lw_report_vm *x = a, *y = b;

	return compare(x->id, y->id);
}

static int compare_cpus(const void *a, const void *b)
{
	const struct lw_report_cpu *x = a, *y = b;

	return compare(x->id, y->id);
}

static int compare_maxima(const void *a, const void *b)
{
	const struct lw_cpu_stage *x = a, *y = b;
	int diff = compare(x->place, y->place);

	return diff ? diff : compare(x->id, y->id);
}

/**
 * lw_stage_place - where a stage stands among all stages
 * @stage: the stage
 *
 * Return: its place; of a module that reports none, its id, which was the
 * place then.
 */
uint64_t lw_stage_place(const struct lw_report_stage *stage)
{
	return stage->place.known ? stage->place.v : stage->id;
}

/*
 * Path by path, and what comes after a way's end after its total.  By place
 * before the VM: a VM's table is one walk that takes its own and the host's.
 */
static int compare_stages(const void *a, const void *b)
{
	const struct lw_report_stage *x = a, *y = b;
	int diff = compare(x->path, y->path);

	if (!diff)
		diff = compare(x->flags & LATWATCH_STAGE_FLAGS_AFTER,
			       y->flags & LATWATCH_STAGE_FLAGS_AFTER);
	if (!diff)
		diff = compare(lw_stage_place(x), lw_stage_place(y));
	if (!diff)
		diff = compare(x->id, y->id);
	if (!diff)
		diff = compare(x->vm.known, y->vm.known);
	return diff ? diff : compare(x->vm.v, y->vm.v);
}

/**
 * lw_buckets_rise - whether buckets are in order and do not overlap
 * @buckets: the buckets
 * @nr: how many
 *
 * Return: true if percentiles, which count upwards, may rely on it.
 */
bool lw_buckets_rise(const struct lw_report_bucket *buckets, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (buckets[i].high_ns < buckets[i].low_ns)
			return false;
		if (i && buckets[i].low_ns <= buckets[i - 1].high_ns)
			return false;
	}
	return true;
}

/* A VM may appear between the dump of the VMs and the dump that names it. */
static int add_unseen_vm(struct lw_report *report, struct lw_value id)
{
	struct lw_report_vm *vm;
	size_t i;

	if (!id.known)
		return 0;
	for (i = 0; i < report->nr_vms; i++)
		if (report->vms[i].id == id.v)
			return 0;
	vm = lw_array_add(&report->vms, &report->nr_vms, sizeof(*vm));
	if (!vm)
		return -ENOMEM;
	vm->id = (uint32_t)id.v;
	return 0;
}

static void settle_maxima(const struct lw_report *report, struct lw_report_cpu *cpu)
{
	size_t i;

	for (i = 0; i < cpu->nr_maxima; i++) {
		struct lw_cpu_stage *max = &cpu->maxima[i];
		const struct lw_report_stage *stage =
			lw_report_find_stage(report, max->id);

		max->place = stage ? lw_stage_place(stage) : max->id;
	}
	if (cpu->nr_maxima)
		qsort(cpu->maxima, cpu->nr_maxima, sizeof(*cpu->maxima),
		      compare_maxima);
}

/**
 * lw_report_settle - bring a report that was just read into its final order
 * @report: the report
 *
 * Return: 0, or -ENOMEM.
 */
int lw_report_settle(struct lw_report *report)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < report->nr_stages; i++)
		err = add_unseen_vm(report, report->stages[i].vm);
	for (i = 0; !err && i < report->nr_watermarks; i++)
		err = add_unseen_vm(report, report->watermarks[i].vm);
	if (err)
		return err;
	if (report->nr_vms)
		qsort(report->vms, report->nr_vms, sizeof(*report->vms),
		      compare_vms);
	if (report->nr_cpus)
		qsort(report->cpus, report->nr_cpus, sizeof(*report->cpus),
		      compare_cpus);
	if (report->nr_stages)
		qsort(report->stages, report->nr_stages,
		      sizeof(*report->stages), compare_stages);
	for (i = 0; i < report->nr_cpus; i++)
		settle_maxima(report, &report->cpus[i]);
	return 0;
}

/**
 * lw_report_shows - whether the user asked for this VM
 * @report: the report
 * @vm: one of its VMs
 *
 * Return: true if it is to be shown.
 */
bool lw_report_shows(const struct lw_report *report, const struct lw_report_vm *vm)
{
	return !report->chosen.known || report->chosen.v == vm->id;
}

/**
 * lw_report_find_vm - the VM that a user means by a number
 * @report: the report
 * @id_or_pid: an id, or else a pid, of a living VM where one has it
 *
 * Return: the VM, or NULL.
 */
const struct lw_report_vm *lw_report_find_vm(const struct lw_report *report,
					     uint64_t id_or_pid)
{
	const struct lw_report_vm *found = NULL;
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		const struct lw_report_vm *vm = &report->vms[i];

		if (vm->id == id_or_pid)
			return vm;
		/* A pid is used again; of those that had it, the living. */
		if (vm->pid.known && vm->pid.v == id_or_pid &&
		    (!found || found->gone))
			found = vm;
	}
	return found;
}

/**
 * lw_report_choose - show one VM only
 * @report: the report
 * @wanted: id or pid of the VM; not known: all
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: 0, or -ENOENT.
 */
int lw_report_choose(struct lw_report *report, struct lw_value wanted,
		     char *error, size_t error_size)
{
	const struct lw_report_vm *vm;

	if (!wanted.known)
		return 0;
	vm = lw_report_find_vm(report, wanted.v);
	if (!vm) {
		snprintf(error, error_size,
			 "no VM has the id or the pid %llu: see --vms",
			 (unsigned long long)wanted.v);
		return -ENOENT;
	}
	report->chosen.v = vm->id;
	report->chosen.known = true;
	return 0;
}

static bool is_of(struct lw_value id, const struct lw_report_vm *vm)
{
	return vm ? id.known && id.v == vm->id : !id.known;
}

/**
 * lw_report_find_watermark - the worst of one stage
 * @report: the report
 * @vm: the VM, or NULL for the host
 * @stage_id: enum latwatch_stage
 *
 * Return: the watermark, or NULL if there is none.
 */
const struct lw_report_watermark *lw_report_find_watermark(const struct lw_report *report,
							   const struct lw_report_vm *vm,
							   uint32_t stage_id)
{
	size_t i;

	for (i = 0; i < report->nr_watermarks; i++) {
		const struct lw_report_watermark *mark = &report->watermarks[i];

		if (mark->id == stage_id && is_of(mark->vm, vm))
			return mark;
	}
	return NULL;
}

/**
 * lw_report_find_ledger - the books of one VM or of the host
 * @report: the report
 * @vm: the VM, or NULL for the host
 *
 * Return: the ledger, or NULL if it was not read.
 */
const struct lw_report_ledger *lw_report_find_ledger(const struct lw_report *report,
						     const struct lw_report_vm *vm)
{
	size_t i;

	for (i = 0; i < report->nr_ledgers; i++)
		if (is_of(report->ledgers[i].vm, vm))
			return &report->ledgers[i];
	return NULL;
}

/**
 * lw_report_find_stage - what a stage is, not how often it was passed
 * @report: the report
 * @stage_id: enum latwatch_stage
 *
 * Return: the statistics of the first that has this stage, or NULL.
 */
const struct lw_report_stage *lw_report_find_stage(const struct lw_report *report,
						   uint32_t stage_id)
{
	size_t i;

	for (i = 0; i < report->nr_stages; i++)
		if (report->stages[i].id == stage_id)
			return &report->stages[i];
	return NULL;
}

/**
 * lw_report_find_ranking - what came in between of a stage, in sum
 * @report: the report
 * @vm: id of the VM; not known: the host's
 * @stage_id: enum latwatch_stage
 *
 * Return: the ranking, or NULL: nothing was noted of it.
 */
const struct lw_report_ranking *lw_report_find_ranking(const struct lw_report *report,
						       struct lw_value vm,
						       uint32_t stage_id)
{
	size_t i;

	for (i = 0; i < report->nr_rankings; i++) {
		const struct lw_report_ranking *ranking = &report->rankings[i];

		if (ranking->id == stage_id && ranking->vm.known == vm.known &&
		    (!vm.known || ranking->vm.v == vm.v))
			return ranking;
	}
	return NULL;
}

/**
 * lw_report_has_bounds - does a report say where stages begin and end?
 * @report: the report
 *
 * Return: false for one of a module that does not.
 */
bool lw_report_has_bounds(const struct lw_report *report)
{
	size_t i;

	for (i = 0; i < report->nr_stages; i++)
		if (report->stages[i].to.known)
			return true;
	return false;
}

/**
 * lw_report_next_stage - walk the stages on the way of a VM's packets
 * @report: the report, settled
 * @vm: the VM: its own stages, and the host's on the way into it; NULL: the
 *	host's alone
 * @path: enum latwatch_path
 * @prev: the stage before, or NULL to begin
 *
 * Return: the next stage in the order of the way, or NULL after the last.
 */
const struct lw_report_stage *lw_report_next_stage(const struct lw_report *report,
						   const struct lw_report_vm *vm,
						   uint32_t path,
						   const struct lw_report_stage *prev)
{
	size_t i = prev ? (size_t)(prev - report->stages) + 1 : 0;

	for (; i < report->nr_stages; i++) {
		const struct lw_report_stage *stage = &report->stages[i];

		if (stage->path != path)
			continue;
		if (!vm && !stage->vm.known)
			return stage;
		if (vm && is_of(stage->vm, vm))
			return stage;
		if (vm && path == LATWATCH_PATH_RX && !stage->vm.known &&
		    stage->flags & LATWATCH_STAGE_FLAGS_HOST)
			return stage;
	}
	return NULL;
}
