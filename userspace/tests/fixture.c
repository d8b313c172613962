// SPDX-License-Identifier: GPL-2.0
/*
 * A machine with latwatch on it, made up.  Its figures come from samples, so
 * that count, sum, squares and histogram agree as the module's do.
 */
#include <stdbool.h>
#include <string.h>

#include <linux/latwatch.h>

#include "fixture.h"

#define S 1000000000ull
#define SINCE (100 * S)
#define SINCE_REAL (1767448931ull * S)	/* 2026-01-03 14:02:11 UTC */
#define NOW (SINCE + 735 * S)

enum set {
	SET_NORMAL,
	SET_EMPTY,
	SET_MISSING,
	SET_TWO,
	SET_NON_RT,
	SET_FORGOTTEN,
};

struct fixture {
	const char *name;
	enum set set;
	int nr_vms;
};

static const struct fixture fixtures[] = {
	{ "normal", SET_NORMAL, 1 },
	{ "empty", SET_EMPTY, 0 },
	{ "missing", SET_MISSING, 1 },
	{ "two-vms", SET_TWO, 2 },
	{ "non-rt", SET_NON_RT, 1 },
	{ "forgotten", SET_FORGOTTEN, 1 },
};

const struct fixture *fixture_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++)
		if (!strcmp(fixtures[i].name, name))
			return &fixtures[i];
	return NULL;
}

#define NESTED LATWATCH_STAGE_FLAGS_NESTED
#define HOST LATWATCH_STAGE_FLAGS_HOST
#define TOTAL LATWATCH_STAGE_FLAGS_TOTAL

/* Typical, late and worst time in ns of each; how often as a part of 10,000. */
static const struct stage {
	uint32_t id;
	const char *name;
	uint32_t unit;
	uint32_t flags;
	unsigned int count;
	uint32_t typical, late, worst;
} stages[] = {
	{ LATWATCH_STAGE_HARD_IRQ, "hard irq", LATWATCH_UNIT_IRQ, HOST,
	  9912, 900, 1500, 2100 },
	{ LATWATCH_STAGE_IRQ_THREAD_WAKE, "irq thread wake", LATWATCH_UNIT_WAKE,
	  HOST, 9912, 4000, 8800, 17200 },
	{ LATWATCH_STAGE_IRQ_THREAD, "irq thread", LATWATCH_UNIT_RUN, HOST,
	  9912, 700, 1100, 1900 },
	{ LATWATCH_STAGE_SOFTIRQ_WAIT, "softirq wait", LATWATCH_UNIT_RUN, HOST,
	  9912, 600, 1100, 3900 },
	{ LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD, "by irq thread",
	  LATWATCH_UNIT_RUN, HOST | NESTED, 9900, 600, 1100, 2000 },
	{ LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD, "by ksoftirqd",
	  LATWATCH_UNIT_RUN, HOST | NESTED, 12, 3000, 3500, 3900 },
	{ LATWATCH_STAGE_NAPI, "napi", LATWATCH_UNIT_PACKET, 0,
	  10000, 1200, 2300, 4000 },
	{ LATWATCH_STAGE_STACK, "stack", LATWATCH_UNIT_PACKET, 0,
	  10000, 4400, 7900, 12000 },
	{ LATWATCH_STAGE_QDISC, "qdisc", LATWATCH_UNIT_PACKET, NESTED,
	  0, 0, 0, 0 },
	{ LATWATCH_STAGE_TAP_DWELL, "tap dwell", LATWATCH_UNIT_PACKET, 0,
	  10000, 14000, 61300, 91000 },
	{ LATWATCH_STAGE_BACKEND_WAKE, "backend wake", LATWATCH_UNIT_WAKE,
	  NESTED, 9640, 9900, 55000, 88600 },
	{ LATWATCH_STAGE_BACKEND_SERVICE, "backend service",
	  LATWATCH_UNIT_DELIVERY, 0, 9911, 3100, 6000, 11500 },
	{ LATWATCH_STAGE_SIGNAL, "signal", LATWATCH_UNIT_DELIVERY, 0,
	  8730, 400, 700, 900 },
	{ LATWATCH_STAGE_VCPU_WAKE, "vCPU wake", LATWATCH_UNIT_WAKE, 0,
	  8730, 12200, 30800, 40100 },
	{ LATWATCH_STAGE_ENTRY, "entry", LATWATCH_UNIT_DELIVERY, 0,
	  8730, 5000, 9200, 14400 },
	{ LATWATCH_STAGE_KICK, "kick", LATWATCH_UNIT_DELIVERY, 0,
	  1181, 4200, 6100, 8000 },
	{ LATWATCH_STAGE_END_TO_END, "end to end", LATWATCH_UNIT_PACKET, TOTAL,
	  9998, 64800, 120100, 146213 },
	{ LATWATCH_STAGE_END_TO_END_LOCAL, "end to end local",
	  LATWATCH_UNIT_PACKET, TOTAL, 0, 40000, 60000, 88000 },
};

#define NR_STAGES (sizeof(stages) / sizeof(stages[0]))

struct bucket {
	uint64_t low, high, count;
};

/* Buckets as the module cuts them: 16 to each power of two. */
static struct bucket bucket_of(uint64_t value, uint64_t count)
{
	struct bucket bucket = { value, value, count };
	unsigned int shift;

	if (value < 32)
		return bucket;
	shift = 63 - (unsigned int)__builtin_clzll(value) - 4;
	bucket.low = value >> shift << shift;
	bucket.high = bucket.low + (1ull << shift) - 1;
	return bucket;
}

static void put_bucket(struct nlmsghdr *nlh, const struct bucket *bucket)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_STAGE_BUCKET);

	put_uint(nlh, LATWATCH_A_BUCKET_LOW, bucket->low);
	put_uint(nlh, LATWATCH_A_BUCKET_HIGH, bucket->high);
	put_uint(nlh, LATWATCH_A_BUCKET_COUNT, bucket->count);
	mnl_attr_nest_end(nlh, nest);
}

/*
 * Of n samples one is the least, one in 200 is late, one is the worst, and all
 * others are typical.
 */
static void put_figures(struct nlmsghdr *nlh, const struct stage *stage,
			uint64_t n, struct nlmsghdr *more)
{
	const uint64_t values[] = {
		stage->typical / 2, stage->typical, stage->late, stage->worst,
	};
	const uint64_t counts[] = { 1, n - 2 - n / 200, n / 200, 1 };
	uint64_t sum = 0, sumsq = 0;
	int i;

	for (i = 0; i < 4; i++) {
		struct bucket bucket = bucket_of(values[i], counts[i]);

		sum += values[i] * counts[i];
		sumsq += values[i] * values[i] * counts[i];
		if (counts[i])
			put_bucket(i < 2 || !more ? nlh : more, &bucket);
	}
	put_uint(nlh, LATWATCH_A_STAGE_MINIMUM, values[0]);
	put_uint(nlh, LATWATCH_A_STAGE_MAXIMUM, values[3]);
	put_uint(nlh, LATWATCH_A_STAGE_SUM, sum);
	put_uint(nlh, LATWATCH_A_STAGE_SUMSQ_LOW, sumsq);
	put_uint(nlh, LATWATCH_A_STAGE_SUMSQ_HIGH, 0);
}

static uint64_t count_of(const struct fixture *fixture, int vm,
			 const struct stage *stage)
{
	bool local = stage->id == LATWATCH_STAGE_END_TO_END_LOCAL;

	switch (fixture->set) {
	case SET_EMPTY:
		return 0;
	case SET_MISSING:
		return stage->id == LATWATCH_STAGE_ENTRY ||
		       stage->id == LATWATCH_STAGE_KICK ||
		       stage->id == LATWATCH_STAGE_END_TO_END ? 0 :
								stage->count;
	case SET_NON_RT:
		return stage->id == LATWATCH_STAGE_IRQ_THREAD_WAKE ||
		       stage->id == LATWATCH_STAGE_IRQ_THREAD ||
		       stage->id == LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD ||
		       stage->id == LATWATCH_STAGE_SIGNAL ||
		       stage->id == LATWATCH_STAGE_VCPU_WAKE ||
		       stage->id == LATWATCH_STAGE_ENTRY ? 0 : stage->count;
	case SET_TWO:
		/* The second VM hears from the first alone. */
		if (vm == 1)
			return local ? 120 : stage->count;
		if (vm == 2)
			return local ? 700 :
			       !stage->count || stage->flags & TOTAL ||
			       stage->id == LATWATCH_STAGE_NAPI ? 0 : 700;
		return stage->count;
	case SET_FORGOTTEN:
	case SET_NORMAL:
		break;
	}
	return stage->count;
}

static bool is_blind(const struct fixture *fixture, const struct stage *stage)
{
	return fixture->set == SET_MISSING &&
	       (stage->id == LATWATCH_STAGE_QDISC ||
		stage->id == LATWATCH_STAGE_ENTRY ||
		stage->id == LATWATCH_STAGE_KICK ||
		stage->flags & LATWATCH_STAGE_FLAGS_TOTAL);
}

static struct nlmsghdr *begin_stage(struct tape *tape, int vm, uint32_t id,
				    uint16_t flags)
{
	struct nlmsghdr *nlh = tape_begin(tape, FIXTURE_FAMILY,
					  NLM_F_MULTI | flags,
					  LATWATCH_CMD_STAGE_GET);

	if (vm)
		mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_VM, (uint32_t)vm);
	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_ID, id);
	return nlh;
}

static void put_stage(const struct fixture *fixture, int vm,
		      const struct stage *stage, uint16_t flags,
		      struct tape *tape)
{
	uint64_t n = count_of(fixture, vm, stage);
	/* One stage is sent in two pieces, as a long histogram would be. */
	bool split = stage->id == LATWATCH_STAGE_TAP_DWELL && n;
	static struct tape rest;
	struct nlmsghdr *nlh, *more = NULL;

	rest.len = 0;
	nlh = begin_stage(tape, vm, stage->id, flags);
	if (split)
		more = begin_stage(&rest, vm, stage->id, flags);
	mnl_attr_put_strz(nlh, LATWATCH_A_STAGE_NAME, stage->name);
	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_UNIT, stage->unit);
	mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_FLAGS,
			 stage->flags | (is_blind(fixture, stage) ?
					 LATWATCH_STAGE_FLAGS_BLIND : 0));
	put_uint(nlh, LATWATCH_A_STAGE_COUNT, n);
	if (n)
		put_figures(nlh, stage, n, more);
	tape_end(tape, nlh);
	if (split) {
		memcpy(tape->data + tape->len, more, more->nlmsg_len);
		tape_end(tape, more);
	}
}

void fixture_stages(const struct fixture *fixture, int vm, uint16_t flags,
		    struct tape *tape)
{
	size_t i;
	int v;

	for (i = 0; i < NR_STAGES; i++)
		if (stages[i].flags & HOST ||
		    (fixture->set == SET_FORGOTTEN && vm == FIXTURE_ALL &&
		     stages[i].count))
			put_stage(fixture, 0, &stages[i], flags, tape);
	for (v = 1; v <= fixture->nr_vms; v++)
		for (i = 0; i < NR_STAGES; i++)
			if (!(stages[i].flags & HOST) &&
			    (vm == FIXTURE_ALL || vm == v))
				put_stage(fixture, v, &stages[i], flags, tape);
}

struct mark {
	uint32_t id;
	const char *name;
	uint64_t after;
	uint32_t cpu;
};

static const struct mark rt_marks[] = {
	{ LATWATCH_MARK_IRQ, "irq", 0, 2 },
	{ LATWATCH_MARK_THREAD_WAKE, "thread wake", 1000, 2 },
	{ LATWATCH_MARK_THREAD_RUN, "thread run", 3300, 2 },
	{ LATWATCH_MARK_RAISE, "raise", 4000, 2 },
	{ LATWATCH_MARK_SOFTIRQ, "softirq", 4500, 2 },
	{ LATWATCH_MARK_STACK, "stack", 5700, 2 },
	{ LATWATCH_MARK_TAP, "tap", 9800, 2 },
	{ LATWATCH_MARK_BACKEND_WAKE, "backend wake", 10000, 2 },
	{ LATWATCH_MARK_BACKEND_RUN, "backend run", 98600, 2 },
	{ LATWATCH_MARK_TAKE, "take", 100800, 2 },
	{ LATWATCH_MARK_SIGNAL, "signal", 104100, 2 },
	{ LATWATCH_MARK_VCPU_WAKE, "vcpu wake", 104700, 2 },
	{ LATWATCH_MARK_VCPU_RUN, "vcpu run", 139713, 3 },
	{ LATWATCH_MARK_ENTRY, "entry", 145913, 3 },
};

static const struct mark awake_marks[] = {
	{ LATWATCH_MARK_IRQ, "irq", 0, 2 },
	{ LATWATCH_MARK_RAISE, "raise", 1100, 2 },
	{ LATWATCH_MARK_SOFTIRQ, "softirq", 4100, 2 },
	{ LATWATCH_MARK_STACK, "stack", 5700, 2 },
	{ LATWATCH_MARK_TAP, "tap", 9800, 2 },
	{ LATWATCH_MARK_TAKE, "take", 100800, 4 },
	{ LATWATCH_MARK_SIGNAL, "signal", 141100, 4 },
	{ LATWATCH_MARK_ENTRY, "entry", 146213, 3 },
};

static const struct mark local_marks[] = {
	{ LATWATCH_MARK_STACK, "stack", 0, 1 },
	{ LATWATCH_MARK_TAP, "tap", 3000, 1 },
	{ LATWATCH_MARK_TAKE, "take", 60000, 1 },
	{ LATWATCH_MARK_SIGNAL, "signal", 62000, 1 },
	{ LATWATCH_MARK_ENTRY, "entry", 88000, 5 },
};

static void put_mark(struct nlmsghdr *nlh, uint16_t attr,
		     const struct mark *mark, uint64_t begin)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, attr);

	mnl_attr_put_u32(nlh, LATWATCH_A_FLIGHT_MARK_ID, mark->id);
	mnl_attr_put_strz(nlh, LATWATCH_A_FLIGHT_MARK_NAME, mark->name);
	mnl_attr_put_u64(nlh, LATWATCH_A_FLIGHT_MARK_TIME, begin + mark->after);
	mnl_attr_put_u32(nlh, LATWATCH_A_FLIGHT_MARK_CPU, mark->cpu);
	mnl_attr_nest_end(nlh, nest);
}

static void put_actor(struct nlmsghdr *nlh, uint32_t role, uint32_t pid,
		      const char *comm, uint32_t policy, int32_t prio)
{
	struct nlattr *nest =
		mnl_attr_nest_start(nlh, LATWATCH_A_WATERMARK_ACTOR);

	mnl_attr_put_u32(nlh, LATWATCH_A_ACTOR_ROLE, role);
	mnl_attr_put_u32(nlh, LATWATCH_A_ACTOR_PID, pid);
	mnl_attr_put_strz(nlh, LATWATCH_A_ACTOR_COMM, comm);
	mnl_attr_put_u32(nlh, LATWATCH_A_ACTOR_POLICY, policy);
	mnl_attr_put_u32(nlh, LATWATCH_A_ACTOR_PRIO, (uint32_t)prio);
	mnl_attr_nest_end(nlh, nest);
}

static struct nlmsghdr *begin_watermark(struct tape *tape, int vm, uint32_t id,
					const char *name, uint64_t value,
					uint64_t time, uint16_t flags)
{
	struct nlmsghdr *nlh = tape_begin(tape, FIXTURE_FAMILY,
					  NLM_F_MULTI | flags,
					  LATWATCH_CMD_WATERMARK_GET);

	if (vm)
		mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_VM, (uint32_t)vm);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ID, id);
	mnl_attr_put_strz(nlh, LATWATCH_A_WATERMARK_NAME, name);
	put_uint(nlh, LATWATCH_A_WATERMARK_VALUE, value);
	put_uint(nlh, LATWATCH_A_WATERMARK_TIME, time);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_CPU, 3);
	return nlh;
}

static void put_flight(const struct fixture *fixture, int vm, uint16_t flags,
		       struct tape *tape)
{
	bool rt = fixture->set != SET_NON_RT;
	const struct mark *marks = rt ? rt_marks : awake_marks;
	size_t nr = rt ? sizeof(rt_marks) / sizeof(rt_marks[0]) :
			 sizeof(awake_marks) / sizeof(awake_marks[0]);
	uint64_t begin = SINCE + 453123456789ull;
	struct nlmsghdr *nlh;
	size_t i;

	nlh = begin_watermark(tape, vm, LATWATCH_STAGE_END_TO_END, "end to end",
			      146213, begin + 146213, flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_IRQ, 31);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN, LATWATCH_ORIGIN_IRQ);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 1);
	for (i = 0; i < nr; i++)
		put_mark(nlh, LATWATCH_A_WATERMARK_MARK, &marks[i], begin);
	if (rt) {
		put_actor(nlh, LATWATCH_ROLE_IRQ_THREAD, 88,
			  "irq/31-eth1-rx-0", 1, 50);
		put_actor(nlh, LATWATCH_ROLE_RUNNER, 88, "irq/31-eth1-rx-0",
			  1, 50);
		put_actor(nlh, LATWATCH_ROLE_BACKEND, 220, "vhost-217", 0, 120);
		put_actor(nlh, LATWATCH_ROLE_VCPU, 221, "CPU 0/KVM", 0, 49);
	} else {
		put_actor(nlh, LATWATCH_ROLE_INTERRUPTED, 900, "netperf", 0,
			  125);
		put_actor(nlh, LATWATCH_ROLE_BACKEND, 220, "vhost-217", 6, -1);
		put_actor(nlh, LATWATCH_ROLE_VCPU, 221, "CPU 0/KVM", 2, 98);
	}
	tape_end(tape, nlh);
}

static void put_local_flight(int vm, uint16_t flags, struct tape *tape)
{
	uint64_t begin = SINCE + 500000000000ull;
	struct nlmsghdr *nlh;
	size_t i;

	nlh = begin_watermark(tape, vm, LATWATCH_STAGE_END_TO_END_LOCAL,
			      "end to end local", 88000, begin + 88000, flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN,
			 LATWATCH_ORIGIN_LOCAL);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 3);
	for (i = 0; i < sizeof(local_marks) / sizeof(local_marks[0]); i++)
		put_mark(nlh, LATWATCH_A_WATERMARK_MARK, &local_marks[i],
			 begin);
	put_actor(nlh, LATWATCH_ROLE_BACKEND, 330, "evil\x1b[2J\"name,\xff", 0,
		  100);
	tape_end(tape, nlh);
}

void fixture_watermarks(const struct fixture *fixture, int vm, uint16_t flags,
			struct tape *tape)
{
	struct nlmsghdr *nlh;
	int v;

	if (fixture->set != SET_EMPTY) {
		nlh = begin_watermark(tape, 0, LATWATCH_STAGE_SOFTIRQ_WAIT,
				      "softirq wait", 3900, SINCE + S, flags);
		tape_end(tape, nlh);
	}
	for (v = 1; v <= fixture->nr_vms; v++) {
		if (vm != FIXTURE_ALL && vm != v)
			continue;
		if (v == 1 && fixture->set != SET_MISSING)
			put_flight(fixture, v, flags, tape);
		if (fixture->set == SET_TWO)
			put_local_flight(v, flags, tape);
	}
}

static void put_tracepoint(struct nlmsghdr *nlh, const char *name,
			   bool attached, const char *cost)
{
	struct nlattr *nest =
		mnl_attr_nest_start(nlh, LATWATCH_A_INFO_TRACEPOINT);

	mnl_attr_put_strz(nlh, LATWATCH_A_TRACEPOINT_NAME, name);
	if (attached)
		mnl_attr_put(nlh, LATWATCH_A_TRACEPOINT_ATTACHED, 0, NULL);
	mnl_attr_put_strz(nlh, LATWATCH_A_TRACEPOINT_COST, cost);
	mnl_attr_nest_end(nlh, nest);
}

static void put_limit(struct nlmsghdr *nlh, const char *name, uint32_t size,
		      uint32_t used)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_INFO_LIMIT);

	mnl_attr_put_strz(nlh, LATWATCH_A_LIMIT_NAME, name);
	mnl_attr_put_u32(nlh, LATWATCH_A_LIMIT_SIZE, size);
	mnl_attr_put_u32(nlh, LATWATCH_A_LIMIT_USED, used);
	mnl_attr_nest_end(nlh, nest);
}

void fixture_info(const struct fixture *fixture, struct tape *tape)
{
	struct nlmsghdr *nlh = tape_begin(tape, FIXTURE_FAMILY, 0,
					  LATWATCH_CMD_INFO_GET);
	bool missing = fixture->set == SET_MISSING;
	bool rt = fixture->set != SET_NON_RT;

	mnl_attr_put_strz(nlh, LATWATCH_A_INFO_VERSION, "0.1.0");
	mnl_attr_put_strz(nlh, LATWATCH_A_INFO_KERNEL,
			  rt ? "6.12.117-rt-amd64" : "6.1.0-amd64");
	if (rt)
		mnl_attr_put(nlh, LATWATCH_A_INFO_PREEMPT_RT, 0, NULL);
	mnl_attr_put_strz(nlh, LATWATCH_A_INFO_CLOCK, "mono");
	mnl_attr_put_u32(nlh, LATWATCH_A_INFO_EPOCH, 2);
	mnl_attr_put_u64(nlh, LATWATCH_A_INFO_SINCE, SINCE);
	mnl_attr_put_u64(nlh, LATWATCH_A_INFO_SINCE_REAL, SINCE_REAL);
	mnl_attr_put_u64(nlh, LATWATCH_A_INFO_NOW, NOW);
	put_uint(nlh, LATWATCH_A_INFO_MEMORY, 1 << 20);
	put_tracepoint(nlh, "irq_handler_entry", true,
		       "the first mark of a packet from a NIC");
	put_tracepoint(nlh, "kvm_entry", !missing,
		       "entry, kick, end to end and end to end local");
	put_tracepoint(nlh, "net_dev_queue", !missing, "qdisc");
	put_tracepoint(nlh, "sched_waking", true, "all wakes");
	put_limit(nlh, "skbs", 4096, missing ? 3800 : 12);
	put_limit(nlh, "tasks", 1024, 40);
	/* What a module of tomorrow may say. */
	mnl_attr_put_u32(nlh, 200, 42);
	tape_end(tape, nlh);
}

void fixture_vms(const struct fixture *fixture, uint16_t flags,
		 struct tape *tape)
{
	struct nlmsghdr *nlh;
	int v;

	for (v = fixture->nr_vms; v; v--) {
		nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags,
				 LATWATCH_CMD_VM_GET);
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_ID, (uint32_t)v);
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_PID,
				 v == 1 ? 217 : 1000320);
		mnl_attr_put_strz(nlh, LATWATCH_A_VM_COMM,
				  v == 1 ? "qemu-system-x86" :
					   "evil\x1b[2J\"name,\xff");
		put_uint(nlh, LATWATCH_A_VM_SINCE, SINCE + (uint64_t)v * S);
		if (v == 2)
			mnl_attr_put(nlh, LATWATCH_A_VM_GONE, 0, NULL);
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_VCPUS, 2);
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_BACKENDS, 1);
		mnl_attr_put_strz(nlh, LATWATCH_A_VM_TAP,
				  v == 1 ? "tap0" : "tap1");
		if (v == 2)
			mnl_attr_put_strz(nlh, LATWATCH_A_VM_TAP, "tap2");
		tape_end(tape, nlh);
	}
}

void fixture_cpus(const struct fixture *fixture, uint16_t flags,
		  struct tape *tape)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	uint32_t cpu;

	for (cpu = 0; cpu < 2; cpu++) {
		nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags,
				 LATWATCH_CMD_CPU_GET);
		mnl_attr_put_u32(nlh, LATWATCH_A_CPU_ID, cpu);
		if (cpu && fixture->set != SET_EMPTY) {
			put_mark(nlh, LATWATCH_A_CPU_MARK, &rt_marks[0],
				 NOW - S / 4);
			put_mark(nlh, LATWATCH_A_CPU_MARK, &rt_marks[13],
				 NOW - 700 * S);
			nest = mnl_attr_nest_start(nlh, LATWATCH_A_CPU_MAXIMUM);
			mnl_attr_put_u32(nlh, LATWATCH_A_CPU_STAGE_ID,
					 LATWATCH_STAGE_SOFTIRQ_WAIT);
			mnl_attr_put_strz(nlh, LATWATCH_A_CPU_STAGE_NAME,
					  "softirq wait");
			put_uint(nlh, LATWATCH_A_CPU_STAGE_COUNT, 9912);
			put_uint(nlh, LATWATCH_A_CPU_STAGE_MAXIMUM, 3900);
			mnl_attr_nest_end(nlh, nest);
		}
		tape_end(tape, nlh);
	}
}

static void put_entry(struct nlmsghdr *nlh, uint32_t category,
		      const char *name, uint64_t count)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_LEDGER_ENTRY);

	mnl_attr_put_u32(nlh, LATWATCH_A_ENTRY_CATEGORY, category);
	mnl_attr_put_strz(nlh, LATWATCH_A_ENTRY_NAME, name);
	put_uint(nlh, LATWATCH_A_ENTRY_COUNT, count);
	mnl_attr_nest_end(nlh, nest);
}

bool fixture_ledger(const struct fixture *fixture, int vm, struct tape *tape)
{
	uint64_t scale = fixture->set == SET_EMPTY ? 0 : 1;
	struct nlmsghdr *nlh;

	if (vm > fixture->nr_vms)
		return false;
	nlh = tape_begin(tape, FIXTURE_FAMILY, 0, LATWATCH_CMD_LEDGER_GET);
	if (vm)
		mnl_attr_put_u32(nlh, LATWATCH_A_LEDGER_VM, (uint32_t)vm);
	put_entry(nlh, LATWATCH_CATEGORY_OPENED, "opened",
		  (vm ? 10000 : 10120) * scale);
	put_entry(nlh, LATWATCH_CATEGORY_DELIVERED, "delivered", 9998 * scale);
	put_entry(nlh, LATWATCH_CATEGORY_MERGED, "gro", 0);
	put_entry(nlh, LATWATCH_CATEGORY_SUPPRESSED, "event index", 0);
	put_entry(nlh, LATWATCH_CATEGORY_DROPPED, "no buffer", 0);
	put_entry(nlh, LATWATCH_CATEGORY_DROPPED, "tap queue full", 0);
	put_entry(nlh, LATWATCH_CATEGORY_ELSEWHERE, "host socket",
		  (vm ? 0 : 120) * scale);
	/* The second VM's books have a hole. */
	put_entry(nlh, LATWATCH_CATEGORY_LOST, "skb table full",
		  vm == 2 ? 1 : 0);
	if (vm != 2)
		put_entry(nlh, LATWATCH_CATEGORY_IN_FLIGHT, "in flight",
			  2 * scale);
	put_entry(nlh, LATWATCH_CATEGORY_NOTE, "wake found its target awake",
		  360 * scale);
	put_entry(nlh, 77, "of tomorrow", 5);
	tape_end(tape, nlh);
	return true;
}
