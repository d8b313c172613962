/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module reported, as plain structs.  decode.c fills them, derive.c
 * computes from them, the views read them.
 *
 * What may be missing carries its own "known": a figure that was not measured
 * is never a 0.  Times are nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef LW_MODEL_H
#define LW_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Members of enum latwatch_path that this reporter knows. */
#define LW_PATHS 5

/**
 * struct lw_value - a number that may not have been measured
 * @v: the number, if @known
 * @known: the module reported it
 */
struct lw_value {
	uint64_t v;
	bool known;
};

/**
 * struct lw_svalue - a signed number that may not have been measured
 * @v: the number, if @known
 * @known: the module reported it
 */
struct lw_svalue {
	int64_t v;
	bool known;
};

/**
 * struct lw_tracepoint - what the module sees events by
 * @name: the tracepoint's, or the function's
 * @cost: what cannot be measured without it
 * @attached: it is in place
 * @kind: enum latwatch_probe_kind; not known: a tracepoint
 * @missed: of a kprobe, calls that it did not see
 * @prototype: enum latwatch_prototype; not known: compared when the module was built
 */
struct lw_tracepoint {
	char *name;
	char *cost;
	bool attached;
	struct lw_value kind;
	struct lw_value missed;
	struct lw_value prototype;
};

struct lw_limit {
	char *name;
	struct lw_value size;
	struct lw_value used;
};

struct lw_mark {
	uint32_t id;
	char *name;
	struct lw_value time_ns;
	struct lw_value cpu;
};

/**
 * struct lw_info - what is attached, and how the kernel is set up
 * @marks: the marks that the module has, in the order of the way
 */
struct lw_info {
	char *version;
	char *kernel;
	char *clock;
	bool preempt_rt;
	bool off;
	struct lw_value epoch;
	struct lw_value since;
	struct lw_value since_real;
	struct lw_value now;
	struct lw_value memory;
	struct lw_value signal_source;
	struct lw_tracepoint *tracepoints;
	size_t nr_tracepoints;
	struct lw_limit *limits;
	size_t nr_limits;
	struct lw_mark *marks;
	size_t nr_marks;
};

struct lw_report_bucket {
	uint64_t low_ns;
	uint64_t high_ns;
	uint64_t count;
};

/**
 * struct lw_report_stage - statistics of one stage, of one VM or of the host
 * @vm: the VM's id; not known for what is counted for the host
 * @id: enum latwatch_stage, or a number that this reporter does not know yet
 * @flags: enum latwatch_stage_flags
 * @path: enum latwatch_path; 0, which is rx, from a module that has no other
 * @place: where it stands among all stages; see lw_stage_place()
 * @from: the mark that it begins with; not known: the first of a flight
 * @to: the mark that it ends with; not known: its end is no mark
 * @or_to: the mark that it ends with where @to is not set
 * @with: the marks that are set where it is passed, a bit each
 * @without: the marks that are not
 * @within: the stage that it is a part of
 * @also: other paths whose flights may pass it, a bit each
 * @buckets: the buckets that are not empty, in rising order
 */
struct lw_report_stage {
	struct lw_value vm;
	uint32_t id;
	uint32_t flags;
	uint32_t path;
	char *name;
	struct lw_value place;
	struct lw_value from;
	struct lw_value to;
	struct lw_value or_to;
	uint32_t with;
	uint32_t without;
	struct lw_value within;
	uint32_t also;
	struct lw_value unit;
	struct lw_value count;
	struct lw_value min_ns;
	struct lw_value max_ns;
	struct lw_value sum_ns;
	struct lw_value sumsq_low;
	struct lw_value sumsq_high;
	struct lw_report_bucket *buckets;
	size_t nr_buckets;
};

struct lw_report_actor {
	struct lw_value role;
	struct lw_value pid;
	char *comm;
	struct lw_value policy;
	struct lw_svalue prio;
};

/**
 * struct lw_report_culprit - what came in between, in a flight or in sum over many
 * @kind: enum latwatch_culprit_kind
 * @time_ns: how long it had the CPU
 * @cpu: which, of a flight's
 * @id: number of the interrupt, vector of the softirq
 * @name: the task's; of an interrupt, its action's; of an IPI what it is for
 * @function: of an IPI, what it called
 * @mark: of a flight's, the mark that came after it
 * @flights: in sum, how many it hit
 * @worst_ns: in sum, the longest in one
 */
struct lw_report_culprit {
	struct lw_value kind;
	struct lw_value time_ns;
	struct lw_value cpu;
	struct lw_value id;
	char *name;
	char *function;
	struct lw_value pid;
	struct lw_value policy;
	struct lw_svalue prio;
	struct lw_value mark;
	struct lw_value flights;
	struct lw_value worst_ns;
};

/**
 * struct lw_report_ranking - what came in between, in sum over a stage's flights
 * @vm: the VM's id; not known for what is counted for the host
 * @id: enum latwatch_stage
 * @flights: how many passed the stage
 * @sum_ns: their time
 * @unknown_ns: of it, what nobody knows
 */
struct lw_report_ranking {
	struct lw_value vm;
	uint32_t id;
	char *name;
	struct lw_value flights;
	struct lw_value sum_ns;
	struct lw_value unknown_ns;
	struct lw_report_culprit *culprits;
	size_t nr_culprits;
};

/**
 * struct lw_part - a stage's share of a flight, as a saved report has it
 * @id: enum latwatch_stage
 * @part_ns: the share
 */
struct lw_part {
	uint32_t id;
	struct lw_value part_ns;
};

/**
 * struct lw_report_watermark - the maximum of a stage with the flight that made it
 * @marks: the marks that were set, in the order of the way
 * @limit_ns: of a breach, the limit that it is longer than
 * @count: of a breach, how many durations it is
 * @dropped: of a breach, how many were counted and not told before
 * @culprits: what came in between, in no order
 * @unknown_ns: of what nobody knows what filled it; not known: nobody looked
 * @parts: of a saved report, how it was split then
 * @sum_ns: of a saved report, what the parts added up to
 */
struct lw_report_watermark {
	struct lw_value vm;
	uint32_t id;
	char *name;
	struct lw_value value_ns;
	struct lw_value time_ns;
	struct lw_value cpu;
	struct lw_value irq;
	struct lw_value origin;
	struct lw_value batch;
	struct lw_value limit_ns;
	struct lw_value count;
	struct lw_value dropped;
	struct lw_mark *marks;
	size_t nr_marks;
	struct lw_report_actor *actors;
	size_t nr_actors;
	struct lw_report_culprit *culprits;
	size_t nr_culprits;
	struct lw_value unknown_ns;
	struct lw_part *parts;
	size_t nr_parts;
	struct lw_value sum_ns;
};

/**
 * struct lw_way - how packets come to a tap
 * @over: the bridge or switch that it is a port of, or the device below it
 * @source: the device that packets came from first
 * @several: they came from others, too
 */
struct lw_way {
	char *tap;
	char *kind;
	char *over;
	char *over_kind;
	char *source;
	bool several;
};

struct lw_report_vm {
	uint32_t id;
	struct lw_value pid;
	char *comm;
	struct lw_value since_ns;
	bool gone;
	struct lw_value vcpus;
	struct lw_value backends;
	struct lw_value workers;
	char **taps;
	size_t nr_taps;
	struct lw_way *ways;
	size_t nr_ways;
};

/**
 * struct lw_cpu_stage - a stage on one CPU, over all VMs
 * @place: as of the stage, once the report is settled
 */
struct lw_cpu_stage {
	uint32_t id;
	uint64_t place;
	char *name;
	struct lw_value count;
	struct lw_value max_ns;
};

struct lw_report_cpu {
	uint32_t id;
	struct lw_mark *marks;
	size_t nr_marks;
	struct lw_cpu_stage *maxima;
	size_t nr_maxima;
};

/**
 * struct lw_report_cost - what a probe of the module took on a CPU
 * @since_ns: when it began to be measured
 */
struct lw_report_cost {
	char *probe;
	uint32_t cpu;
	struct lw_value kind;
	uint64_t calls;
	uint64_t total_ns;
	uint64_t worst_ns;
	struct lw_value since_ns;
};

/**
 * struct lw_entry - a line of the ledger
 * @category: enum latwatch_category
 * @path: as of a stage
 */
struct lw_entry {
	uint32_t category;
	uint32_t path;
	char *name;
	struct lw_value count;
};

/**
 * struct lw_report_bound - a limit that a stage is held against
 * @vm: the VM's id; not known: for the host and all VMs
 * @stage: enum latwatch_stage
 * @path: as of a stage
 * @breaches: how often it was broken in this epoch
 */
struct lw_report_bound {
	struct lw_value vm;
	uint32_t stage;
	uint32_t path;
	char *name;
	struct lw_value limit_ns;
	struct lw_value breaches;
};

/* A second of CLOCK_MONOTONIC in which a stage has ended. */
struct lw_second {
	uint64_t begin;
	uint64_t count;
	uint64_t max_ns;
};

/**
 * struct lw_report_window - the last seconds of a stage, of one VM or of the host
 * @vm: as of a stage
 * @id: enum latwatch_stage
 * @path: as of a stage; not known in what goes on with the one before
 * @seconds: the oldest first
 */
struct lw_report_window {
	struct lw_value vm;
	uint32_t id;
	char *name;
	struct lw_value path;
	struct lw_second *seconds;
	size_t nr_seconds;
};

struct lw_report_ledger {
	struct lw_value vm;
	struct lw_entry *entries;
	size_t nr_entries;
};

/**
 * struct lw_report - everything that was read in one go
 * @clocksource: the machine's clock source, or NULL
 * @chosen: id of the only VM to show; not known: all
 * @interrupted: a dump changed under us each time that it was read
 * @dropped: breaches that were counted and not told until then
 * @self_cost: the module measures what its probes take now; @costs are of the
 *	       last time that it did
 */
struct lw_report {
	struct lw_info info;
	char *clocksource;
	struct lw_value chosen;
	bool interrupted;
	bool self_cost;
	struct lw_report_vm *vms;
	size_t nr_vms;
	struct lw_report_stage *stages;
	size_t nr_stages;
	struct lw_report_watermark *watermarks;
	size_t nr_watermarks;
	struct lw_report_cpu *cpus;
	size_t nr_cpus;
	struct lw_report_ledger *ledgers;
	size_t nr_ledgers;
	struct lw_report_cost *costs;
	size_t nr_costs;
	struct lw_report_bound *bounds;
	size_t nr_bounds;
	struct lw_value dropped;
	struct lw_report_window *windows;
	size_t nr_windows;
	struct lw_report_ranking *rankings;
	size_t nr_rankings;
};

void *lw_array_add(void *array, size_t *nr, size_t size);

void lw_info_clear(struct lw_info *info);
void lw_stage_clear(struct lw_report_stage *stage);
void lw_watermark_clear(struct lw_report_watermark *mark);
void lw_vm_clear(struct lw_report_vm *vm);
void lw_cpu_clear(struct lw_report_cpu *cpu);
void lw_ranking_clear(struct lw_report_ranking *ranking);
void lw_cost_clear(struct lw_report_cost *cost);
void lw_ledger_clear(struct lw_report_ledger *ledger);
void lw_report_bound_clear(struct lw_report_bound *bound);
void lw_window_clear(struct lw_report_window *window);

void lw_report_clear_stages(struct lw_report *report);
void lw_report_clear_watermarks(struct lw_report *report);
void lw_report_clear_vms(struct lw_report *report);
void lw_report_clear_cpus(struct lw_report *report);
void lw_report_clear_rankings(struct lw_report *report);
void lw_report_clear_costs(struct lw_report *report);
void lw_report_clear_windows(struct lw_report *report);
void lw_report_clear_ledgers(struct lw_report *report);
void lw_report_clear(struct lw_report *report);

uint64_t lw_stage_place(const struct lw_report_stage *stage);
bool lw_buckets_rise(const struct lw_report_bucket *buckets, size_t nr);
int lw_report_settle(struct lw_report *report);

bool lw_report_shows(const struct lw_report *report, const struct lw_report_vm *vm);
const struct lw_report_vm *lw_report_find_vm(const struct lw_report *report,
					     uint64_t id_or_pid);
int lw_report_choose(struct lw_report *report, struct lw_value wanted,
		     char *error, size_t error_size);
const struct lw_report_watermark *lw_report_find_watermark(const struct lw_report *report,
							   const struct lw_report_vm *vm,
							   uint32_t stage_id);
const struct lw_report_ledger *lw_report_find_ledger(const struct lw_report *report,
						     const struct lw_report_vm *vm);
const struct lw_report_ranking *lw_report_find_ranking(const struct lw_report *report,
						       struct lw_value vm,
						       uint32_t stage_id);
bool lw_report_has_bounds(const struct lw_report *report);
const struct lw_report_stage *lw_report_find_stage(const struct lw_report *report,
						   uint32_t stage_id);
const struct lw_report_stage *lw_report_next_stage(const struct lw_report *report,
						   const struct lw_report_vm *vm,
						   uint32_t path,
						   const struct lw_report_stage *prev);

#endif
