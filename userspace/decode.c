// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the family into the model.  Takes what nl.c received, gives to
 * model.h, prints nothing.
 */
#include <errno.h>

#include <libmnl/libmnl.h>
#include <linux/latwatch.h>

#include "decode.h"
#include "shape.h"

#define SHAPE(type, list) {						\
	.size = sizeof(struct type),					\
	.fields = (list),						\
	.nr_fields = sizeof(list) / sizeof((list)[0]),			\
}
#define PLAIN(a, k, type, member)					\
	{ .attr = (a), .kind = (k), .at = offsetof(struct type, member) }
#define NEEDED(a, k, type, member)					\
	{ .attr = (a), .kind = (k), .at = offsetof(struct type, member), \
	  .required = true }
#define ARRAY(a, k, type, member, sh)					\
	{ .attr = (a), .kind = (k), .at = offsetof(struct type, member), \
	  .nr_at = offsetof(struct type, nr_##member), .shape = (sh) }

static const struct lw_field tracepoint_fields[] = {
	NEEDED(LATWATCH_A_TRACEPOINT_NAME, KIND_STRING, lw_tracepoint, name),
	PLAIN(LATWATCH_A_TRACEPOINT_ATTACHED, KIND_FLAG, lw_tracepoint, attached),
	PLAIN(LATWATCH_A_TRACEPOINT_COST, KIND_STRING, lw_tracepoint, cost),
	PLAIN(LATWATCH_A_TRACEPOINT_KIND, KIND_U32, lw_tracepoint, kind),
	PLAIN(LATWATCH_A_TRACEPOINT_MISSED, KIND_UINT, lw_tracepoint, missed),
	PLAIN(LATWATCH_A_TRACEPOINT_PROTOTYPE, KIND_U32, lw_tracepoint, prototype),
};

static const struct lw_shape tracepoint_shape =
	SHAPE(lw_tracepoint, tracepoint_fields);

static const struct lw_field limit_fields[] = {
	NEEDED(LATWATCH_A_LIMIT_NAME, KIND_STRING, lw_limit, name),
	PLAIN(LATWATCH_A_LIMIT_SIZE, KIND_U32, lw_limit, size),
	PLAIN(LATWATCH_A_LIMIT_USED, KIND_U32, lw_limit, used),
};

static const struct lw_shape limit_shape = SHAPE(lw_limit, limit_fields);

static const struct lw_field mark_fields[] = {
	NEEDED(LATWATCH_A_FLIGHT_MARK_ID, KIND_ID, lw_mark, id),
	PLAIN(LATWATCH_A_FLIGHT_MARK_NAME, KIND_STRING, lw_mark, name),
	PLAIN(LATWATCH_A_FLIGHT_MARK_TIME, KIND_UINT, lw_mark, time_ns),
	PLAIN(LATWATCH_A_FLIGHT_MARK_CPU, KIND_U32, lw_mark, cpu),
};

static const struct lw_shape mark_shape = SHAPE(lw_mark, mark_fields);

static const struct lw_field info_fields[] = {
	PLAIN(LATWATCH_A_INFO_VERSION, KIND_STRING, lw_info, version),
	PLAIN(LATWATCH_A_INFO_KERNEL, KIND_STRING, lw_info, kernel),
	PLAIN(LATWATCH_A_INFO_PREEMPT_RT, KIND_FLAG, lw_info, preempt_rt),
	PLAIN(LATWATCH_A_INFO_OFF, KIND_FLAG, lw_info, off),
	PLAIN(LATWATCH_A_INFO_CLOCK, KIND_STRING, lw_info, clock),
	PLAIN(LATWATCH_A_INFO_EPOCH, KIND_U32, lw_info, epoch),
	PLAIN(LATWATCH_A_INFO_SINCE, KIND_UINT, lw_info, since),
	PLAIN(LATWATCH_A_INFO_SINCE_REAL, KIND_UINT, lw_info, since_real),
	PLAIN(LATWATCH_A_INFO_NOW, KIND_UINT, lw_info, now),
	PLAIN(LATWATCH_A_INFO_MEMORY, KIND_UINT, lw_info, memory),
	ARRAY(LATWATCH_A_INFO_TRACEPOINT, KIND_NEST, lw_info, tracepoints,
	      &tracepoint_shape),
	ARRAY(LATWATCH_A_INFO_LIMIT, KIND_NEST, lw_info, limits, &limit_shape),
	PLAIN(LATWATCH_A_INFO_SIGNAL_SOURCE, KIND_U32, lw_info, signal_source),
	ARRAY(LATWATCH_A_INFO_MARK, KIND_NEST, lw_info, marks, &mark_shape),
};

static const struct lw_shape info_shape = SHAPE(lw_info, info_fields);

static const struct lw_field bucket_fields[] = {
	NEEDED(LATWATCH_A_BUCKET_LOW, KIND_NUMBER, lw_report_bucket, low_ns),
	NEEDED(LATWATCH_A_BUCKET_HIGH, KIND_NUMBER, lw_report_bucket, high_ns),
	NEEDED(LATWATCH_A_BUCKET_COUNT, KIND_NUMBER, lw_report_bucket, count),
};

static const struct lw_shape bucket_shape = SHAPE(lw_report_bucket, bucket_fields);

static const struct lw_field stage_fields[] = {
	PLAIN(LATWATCH_A_STAGE_VM, KIND_U32, lw_report_stage, vm),
	NEEDED(LATWATCH_A_STAGE_ID, KIND_ID, lw_report_stage, id),
	PLAIN(LATWATCH_A_STAGE_NAME, KIND_STRING, lw_report_stage, name),
	PLAIN(LATWATCH_A_STAGE_UNIT, KIND_U32, lw_report_stage, unit),
	PLAIN(LATWATCH_A_STAGE_FLAGS, KIND_ID, lw_report_stage, flags),
	PLAIN(LATWATCH_A_STAGE_COUNT, KIND_UINT, lw_report_stage, count),
	PLAIN(LATWATCH_A_STAGE_MINIMUM, KIND_UINT, lw_report_stage, min_ns),
	PLAIN(LATWATCH_A_STAGE_MAXIMUM, KIND_UINT, lw_report_stage, max_ns),
	PLAIN(LATWATCH_A_STAGE_SUM, KIND_UINT, lw_report_stage, sum_ns),
	PLAIN(LATWATCH_A_STAGE_SUMSQ_LOW, KIND_UINT, lw_report_stage, sumsq_low),
	PLAIN(LATWATCH_A_STAGE_SUMSQ_HIGH, KIND_UINT, lw_report_stage, sumsq_high),
	PLAIN(LATWATCH_A_STAGE_PATH, KIND_ID, lw_report_stage, path),
	PLAIN(LATWATCH_A_STAGE_PLACE, KIND_U32, lw_report_stage, place),
	PLAIN(LATWATCH_A_STAGE_FROM, KIND_U32, lw_report_stage, from),
	PLAIN(LATWATCH_A_STAGE_TO, KIND_U32, lw_report_stage, to),
	PLAIN(LATWATCH_A_STAGE_OR_TO, KIND_U32, lw_report_stage, or_to),
	PLAIN(LATWATCH_A_STAGE_WITH, KIND_ID, lw_report_stage, with),
	PLAIN(LATWATCH_A_STAGE_WITHOUT, KIND_ID, lw_report_stage, without),
	PLAIN(LATWATCH_A_STAGE_WITHIN, KIND_U32, lw_report_stage, within),
	PLAIN(LATWATCH_A_STAGE_ALSO, KIND_ID, lw_report_stage, also),
	ARRAY(LATWATCH_A_STAGE_BUCKET, KIND_NEST, lw_report_stage, buckets,
	      &bucket_shape),
};

static const struct lw_shape stage_shape = SHAPE(lw_report_stage, stage_fields);

static const struct lw_field actor_fields[] = {
	PLAIN(LATWATCH_A_ACTOR_ROLE, KIND_U32, lw_report_actor, role),
	PLAIN(LATWATCH_A_ACTOR_PID, KIND_U32, lw_report_actor, pid),
	PLAIN(LATWATCH_A_ACTOR_COMM, KIND_STRING, lw_report_actor, comm),
	PLAIN(LATWATCH_A_ACTOR_POLICY, KIND_U32, lw_report_actor, policy),
	PLAIN(LATWATCH_A_ACTOR_PRIO, KIND_S32, lw_report_actor, prio),
};

static const struct lw_shape actor_shape = SHAPE(lw_report_actor, actor_fields);

static const struct lw_field culprit_fields[] = {
	PLAIN(LATWATCH_A_CULPRIT_KIND, KIND_U32, lw_report_culprit, kind),
	PLAIN(LATWATCH_A_CULPRIT_TIME, KIND_UINT, lw_report_culprit, time_ns),
	PLAIN(LATWATCH_A_CULPRIT_CPU, KIND_U32, lw_report_culprit, cpu),
	PLAIN(LATWATCH_A_CULPRIT_ID, KIND_U32, lw_report_culprit, id),
	PLAIN(LATWATCH_A_CULPRIT_NAME, KIND_STRING, lw_report_culprit, name),
	PLAIN(LATWATCH_A_CULPRIT_PID, KIND_U32, lw_report_culprit, pid),
	PLAIN(LATWATCH_A_CULPRIT_POLICY, KIND_U32, lw_report_culprit, policy),
	PLAIN(LATWATCH_A_CULPRIT_PRIO, KIND_S32, lw_report_culprit, prio),
	PLAIN(LATWATCH_A_CULPRIT_MARK, KIND_U32, lw_report_culprit, mark),
	PLAIN(LATWATCH_A_CULPRIT_FLIGHTS, KIND_UINT, lw_report_culprit, flights),
	PLAIN(LATWATCH_A_CULPRIT_WORST, KIND_UINT, lw_report_culprit, worst_ns),
	PLAIN(LATWATCH_A_CULPRIT_FUNCTION, KIND_STRING, lw_report_culprit, function),
};

static const struct lw_shape culprit_shape = SHAPE(lw_report_culprit, culprit_fields);

static const struct lw_field ranking_fields[] = {
	PLAIN(LATWATCH_A_RANKING_VM, KIND_U32, lw_report_ranking, vm),
	NEEDED(LATWATCH_A_RANKING_ID, KIND_ID, lw_report_ranking, id),
	PLAIN(LATWATCH_A_RANKING_NAME, KIND_STRING, lw_report_ranking, name),
	PLAIN(LATWATCH_A_RANKING_FLIGHTS, KIND_UINT, lw_report_ranking, flights),
	PLAIN(LATWATCH_A_RANKING_SUM, KIND_UINT, lw_report_ranking, sum_ns),
	PLAIN(LATWATCH_A_RANKING_UNKNOWN, KIND_UINT, lw_report_ranking, unknown_ns),
	ARRAY(LATWATCH_A_RANKING_CULPRIT, KIND_NEST, lw_report_ranking, culprits,
	      &culprit_shape),
};

static const struct lw_shape ranking_shape = SHAPE(lw_report_ranking, ranking_fields);

static const struct lw_field watermark_fields[] = {
	PLAIN(LATWATCH_A_WATERMARK_VM, KIND_U32, lw_report_watermark, vm),
	NEEDED(LATWATCH_A_WATERMARK_ID, KIND_ID, lw_report_watermark, id),
	PLAIN(LATWATCH_A_WATERMARK_NAME, KIND_STRING, lw_report_watermark, name),
	PLAIN(LATWATCH_A_WATERMARK_VALUE, KIND_UINT, lw_report_watermark, value_ns),
	PLAIN(LATWATCH_A_WATERMARK_TIME, KIND_UINT, lw_report_watermark, time_ns),
	PLAIN(LATWATCH_A_WATERMARK_CPU, KIND_U32, lw_report_watermark, cpu),
	PLAIN(LATWATCH_A_WATERMARK_IRQ, KIND_U32, lw_report_watermark, irq),
	PLAIN(LATWATCH_A_WATERMARK_ORIGIN, KIND_U32, lw_report_watermark, origin),
	PLAIN(LATWATCH_A_WATERMARK_BATCH, KIND_U32, lw_report_watermark, batch),
	PLAIN(LATWATCH_A_WATERMARK_LIMIT, KIND_UINT, lw_report_watermark, limit_ns),
	PLAIN(LATWATCH_A_WATERMARK_COUNT, KIND_UINT, lw_report_watermark, count),
	PLAIN(LATWATCH_A_WATERMARK_DROPPED, KIND_UINT, lw_report_watermark, dropped),
	ARRAY(LATWATCH_A_WATERMARK_MARK, KIND_NEST, lw_report_watermark, marks,
	      &mark_shape),
	ARRAY(LATWATCH_A_WATERMARK_ACTOR, KIND_NEST, lw_report_watermark, actors,
	      &actor_shape),
	ARRAY(LATWATCH_A_WATERMARK_CULPRIT, KIND_NEST, lw_report_watermark, culprits,
	      &culprit_shape),
	PLAIN(LATWATCH_A_WATERMARK_UNKNOWN, KIND_UINT, lw_report_watermark, unknown_ns),
};

static const struct lw_shape watermark_shape =
	SHAPE(lw_report_watermark, watermark_fields);

static const struct lw_field bound_fields[] = {
	PLAIN(LATWATCH_A_BOUND_VM, KIND_U32, lw_report_bound, vm),
	NEEDED(LATWATCH_A_BOUND_STAGE, KIND_ID, lw_report_bound, stage),
	NEEDED(LATWATCH_A_BOUND_PATH, KIND_ID, lw_report_bound, path),
	PLAIN(LATWATCH_A_BOUND_NAME, KIND_STRING, lw_report_bound, name),
	PLAIN(LATWATCH_A_BOUND_LIMIT, KIND_UINT, lw_report_bound, limit_ns),
	PLAIN(LATWATCH_A_BOUND_BREACHES, KIND_UINT, lw_report_bound, breaches),
};

static const struct lw_shape bound_shape = SHAPE(lw_report_bound, bound_fields);

static const struct lw_field budget_fields[] = {
	ARRAY(LATWATCH_A_BUDGET_BOUND, KIND_NEST, lw_report, bounds, &bound_shape),
	PLAIN(LATWATCH_A_BUDGET_DROPPED, KIND_UINT, lw_report, dropped),
};

static const struct lw_shape budget_shape = SHAPE(lw_report, budget_fields);

static const struct lw_field second_fields[] = {
	NEEDED(LATWATCH_A_SECOND_BEGIN, KIND_NUMBER, lw_second, begin),
	NEEDED(LATWATCH_A_SECOND_COUNT, KIND_NUMBER, lw_second, count),
	NEEDED(LATWATCH_A_SECOND_MAXIMUM, KIND_NUMBER, lw_second, max_ns),
};

static const struct lw_shape second_shape = SHAPE(lw_second, second_fields);

static const struct lw_field window_fields[] = {
	PLAIN(LATWATCH_A_WINDOW_VM, KIND_U32, lw_report_window, vm),
	NEEDED(LATWATCH_A_WINDOW_ID, KIND_ID, lw_report_window, id),
	PLAIN(LATWATCH_A_WINDOW_NAME, KIND_STRING, lw_report_window, name),
	PLAIN(LATWATCH_A_WINDOW_PATH, KIND_U32, lw_report_window, path),
	ARRAY(LATWATCH_A_WINDOW_SECOND, KIND_NEST, lw_report_window, seconds,
	      &second_shape),
};

static const struct lw_shape window_shape = SHAPE(lw_report_window, window_fields);

static const struct lw_field way_fields[] = {
	NEEDED(LATWATCH_A_WAY_TAP, KIND_STRING, lw_way, tap),
	PLAIN(LATWATCH_A_WAY_KIND, KIND_STRING, lw_way, kind),
	PLAIN(LATWATCH_A_WAY_OVER, KIND_STRING, lw_way, over),
	PLAIN(LATWATCH_A_WAY_OVER_KIND, KIND_STRING, lw_way, over_kind),
	PLAIN(LATWATCH_A_WAY_SOURCE, KIND_STRING, lw_way, source),
	PLAIN(LATWATCH_A_WAY_SEVERAL, KIND_FLAG, lw_way, several),
};

static const struct lw_shape way_shape = SHAPE(lw_way, way_fields);

static const struct lw_field vm_fields[] = {
	NEEDED(LATWATCH_A_VM_ID, KIND_ID, lw_report_vm, id),
	PLAIN(LATWATCH_A_VM_PID, KIND_U32, lw_report_vm, pid),
	PLAIN(LATWATCH_A_VM_COMM, KIND_STRING, lw_report_vm, comm),
	PLAIN(LATWATCH_A_VM_SINCE, KIND_UINT, lw_report_vm, since_ns),
	PLAIN(LATWATCH_A_VM_GONE, KIND_FLAG, lw_report_vm, gone),
	PLAIN(LATWATCH_A_VM_VCPUS, KIND_U32, lw_report_vm, vcpus),
	PLAIN(LATWATCH_A_VM_BACKENDS, KIND_U32, lw_report_vm, backends),
	PLAIN(LATWATCH_A_VM_WORKERS, KIND_U32, lw_report_vm, workers),
	ARRAY(LATWATCH_A_VM_TAP, KIND_STRINGS, lw_report_vm, taps, NULL),
	ARRAY(LATWATCH_A_VM_WAY, KIND_NEST, lw_report_vm, ways, &way_shape),
};

static const struct lw_shape vm_shape = SHAPE(lw_report_vm, vm_fields);

static const struct lw_field cpu_stage_fields[] = {
	NEEDED(LATWATCH_A_CPU_STAGE_ID, KIND_ID, lw_cpu_stage, id),
	PLAIN(LATWATCH_A_CPU_STAGE_NAME, KIND_STRING, lw_cpu_stage, name),
	PLAIN(LATWATCH_A_CPU_STAGE_COUNT, KIND_UINT, lw_cpu_stage, count),
	PLAIN(LATWATCH_A_CPU_STAGE_MAXIMUM, KIND_UINT, lw_cpu_stage, max_ns),
};

static const struct lw_shape cpu_stage_shape =
	SHAPE(lw_cpu_stage, cpu_stage_fields);

static const struct lw_field cpu_fields[] = {
	NEEDED(LATWATCH_A_CPU_ID, KIND_ID, lw_report_cpu, id),
	ARRAY(LATWATCH_A_CPU_MARK, KIND_NEST, lw_report_cpu, marks, &mark_shape),
	ARRAY(LATWATCH_A_CPU_MAXIMUM, KIND_NEST, lw_report_cpu, maxima,
	      &cpu_stage_shape),
};

static const struct lw_shape cpu_shape = SHAPE(lw_report_cpu, cpu_fields);

static const struct lw_field cost_fields[] = {
	NEEDED(LATWATCH_A_COST_PROBE, KIND_STRING, lw_report_cost, probe),
	NEEDED(LATWATCH_A_COST_CPU, KIND_ID, lw_report_cost, cpu),
	PLAIN(LATWATCH_A_COST_KIND, KIND_U32, lw_report_cost, kind),
	NEEDED(LATWATCH_A_COST_CALLS, KIND_NUMBER, lw_report_cost, calls),
	NEEDED(LATWATCH_A_COST_TOTAL, KIND_NUMBER, lw_report_cost, total_ns),
	NEEDED(LATWATCH_A_COST_WORST, KIND_NUMBER, lw_report_cost, worst_ns),
	PLAIN(LATWATCH_A_COST_SINCE, KIND_UINT, lw_report_cost, since_ns),
};

static const struct lw_shape cost_shape = SHAPE(lw_report_cost, cost_fields);

static const struct lw_field setting_fields[] = {
	PLAIN(LATWATCH_A_SETTING_SELF_COST, KIND_TRUTH, lw_report, self_cost),
};

static const struct lw_shape setting_shape = SHAPE(lw_report, setting_fields);

static const struct lw_field entry_fields[] = {
	NEEDED(LATWATCH_A_ENTRY_CATEGORY, KIND_ID, lw_entry, category),
	PLAIN(LATWATCH_A_ENTRY_NAME, KIND_STRING, lw_entry, name),
	PLAIN(LATWATCH_A_ENTRY_COUNT, KIND_UINT, lw_entry, count),
	PLAIN(LATWATCH_A_ENTRY_PATH, KIND_ID, lw_entry, path),
};

static const struct lw_shape entry_shape = SHAPE(lw_entry, entry_fields);

static const struct lw_field ledger_fields[] = {
	PLAIN(LATWATCH_A_LEDGER_VM, KIND_U32, lw_report_ledger, vm),
	ARRAY(LATWATCH_A_LEDGER_ENTRY, KIND_NEST, lw_report_ledger, entries,
	      &entry_shape),
};

static const struct lw_shape ledger_shape = SHAPE(lw_report_ledger, ledger_fields);

int lw_decode_info(const struct nlmsghdr *nlh, struct lw_report *report)
{
	struct lw_info info = { 0 };
	int err = lw_shape_read(nlh, &info_shape, &info);

	if (err) {
		lw_info_clear(&info);
		return err;
	}
	lw_info_clear(&report->info);
	report->info = info;
	return 0;
}

static struct lw_report_stage *find_stage(struct lw_report *report,
					  const struct lw_report_stage *like)
{
	size_t i;

	for (i = 0; i < report->nr_stages; i++) {
		struct lw_report_stage *stage = &report->stages[i];

		if (stage->id == like->id &&
		    stage->vm.known == like->vm.known &&
		    stage->vm.v == like->vm.v)
			return stage;
	}
	return NULL;
}

static int append_buckets(struct lw_report_stage *stage, const struct lw_report_stage *more)
{
	size_t i;

	if (stage->nr_buckets && more->nr_buckets &&
	    more->buckets[0].low_ns <=
	    stage->buckets[stage->nr_buckets - 1].high_ns)
		return -EBADMSG;
	for (i = 0; i < more->nr_buckets; i++) {
		struct lw_report_bucket *bucket;

		bucket = lw_array_add(&stage->buckets, &stage->nr_buckets,
				      sizeof(*bucket));
		if (!bucket)
			return -ENOMEM;
		*bucket = more->buckets[i];
	}
	return 0;
}

int lw_decode_stage(const struct nlmsghdr *nlh, struct lw_report *report)
{
	struct lw_report_stage stage = { 0 };
	struct lw_report_stage *known, *slot;
	int err = lw_shape_read(nlh, &stage_shape, &stage);

	if (!err && !lw_buckets_rise(stage.buckets, stage.nr_buckets))
		err = -EBADMSG;
	if (err)
		goto clear;
	known = find_stage(report, &stage);
	if (!stage.count.known) {
		err = known ? append_buckets(known, &stage) : -EBADMSG;
		goto clear;
	}
	if (known) {
		/* A dump that was resumed may repeat an object: the newer. */
		lw_stage_clear(known);
		*known = stage;
		return 0;
	}
	slot = lw_array_add(&report->stages, &report->nr_stages,
			    sizeof(*slot));
	if (slot) {
		*slot = stage;
		return 0;
	}
	err = -ENOMEM;
clear:
	lw_stage_clear(&stage);
	return err;
}

/* Reads an object in place and takes it back if that fails. */
#define DECODE(object, list, clear_object)				\
int lw_decode_##object(const struct nlmsghdr *nlh, struct lw_report *report) \
{									\
	struct lw_report_##object *slot = lw_array_add(&report->list,		\
						       &report->nr_##list,	\
						       sizeof(*slot));		\
	int err;							\
									\
	if (!slot)							\
		return -ENOMEM;						\
	err = lw_shape_read(nlh, &object##_shape, slot);			\
	if (err)							\
		clear_object(&report->list[--report->nr_##list]);	\
	return err;							\
}

DECODE(watermark, watermarks, lw_watermark_clear)
DECODE(vm, vms, lw_vm_clear)
DECODE(cpu, cpus, lw_cpu_clear)
DECODE(ledger, ledgers, lw_ledger_clear)
DECODE(window, windows, lw_window_clear)

int lw_decode_budget(const struct nlmsghdr *nlh, struct lw_report *report)
{
	return lw_shape_read(nlh, &budget_shape, report);
}

/* Of a ranking that is there, more culprits. */
static int append_culprits(struct lw_report_ranking *ranking,
			   struct lw_report_ranking *more)
{
	struct lw_report_culprit *culprit;
	size_t i;

	for (i = 0; i < more->nr_culprits; i++) {
		culprit = lw_array_add(&ranking->culprits, &ranking->nr_culprits,
				       sizeof(*culprit));
		if (!culprit)
			return -ENOMEM;
		*culprit = more->culprits[i];
		more->culprits[i].name = NULL;
		more->culprits[i].function = NULL;
	}
	return 0;
}

int lw_decode_ranking(const struct nlmsghdr *nlh, struct lw_report *report)
{
	struct lw_report_ranking ranking = { 0 }, *known, *slot;
	int err = lw_shape_read(nlh, &ranking_shape, &ranking);

	if (err)
		goto clear;
	known = (struct lw_report_ranking *)
		lw_report_find_ranking(report, ranking.vm, ranking.id);
	if (!ranking.flights.known) {
		err = known ? append_culprits(known, &ranking) : -EBADMSG;
		goto clear;
	}
	if (known) {
		/* A dump that was resumed may repeat an object: the newer. */
		lw_ranking_clear(known);
		*known = ranking;
		return 0;
	}
	slot = lw_array_add(&report->rankings, &report->nr_rankings, sizeof(*slot));
	if (slot) {
		*slot = ranking;
		return 0;
	}
	err = -ENOMEM;
clear:
	lw_ranking_clear(&ranking);
	return err;
}

int lw_decode_cost(const struct nlmsghdr *nlh, struct lw_report *report)
{
	struct lw_report_cost cost = { 0 };
	struct lw_report_cost *slot;
	int err = lw_shape_read(nlh, &cost_shape, &cost);

	/* What did not run has no mean. */
	if (!err && !cost.calls)
		err = -EBADMSG;
	if (err)
		goto clear;
	slot = lw_array_add(&report->costs, &report->nr_costs, sizeof(*slot));
	if (slot) {
		*slot = cost;
		return 0;
	}
	err = -ENOMEM;
clear:
	lw_cost_clear(&cost);
	return err;
}

int lw_decode_setting(const struct nlmsghdr *nlh, struct lw_report *report)
{
	return lw_shape_read(nlh, &setting_shape, report);
}
