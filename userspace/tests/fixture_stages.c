// SPDX-License-Identifier: GPL-2.0
/*
 * The stages of a made-up machine.  Their figures come from samples, so that
 * count, sum, squares and histogram agree as the module's do.
 */
#include <stdbool.h>
#include <string.h>

#include <linux/latwatch.h>

#include "bounds.h"
#include "machine.h"

#define NESTED LATWATCH_STAGE_FLAGS_NESTED
#define HOST LATWATCH_STAGE_FLAGS_HOST
#define TOTAL LATWATCH_STAGE_FLAGS_TOTAL
#define AFTER LATWATCH_STAGE_FLAGS_AFTER

#define RX LATWATCH_PATH_RX
#define TX LATWATCH_PATH_TX
#define LOCAL LATWATCH_PATH_LOCAL
#define READER LATWATCH_PATH_READER
#define DEVICE LATWATCH_PATH_DEVICE

/* Typical, late and worst time in ns of each; how often as a part of 10,000. */
static const struct stage {
	uint32_t id;
	const char *name;
	uint32_t unit;
	uint32_t flags;
	unsigned int count;
	uint32_t typical, late, worst;
	uint32_t path;
} stages[] = {
	{ LATWATCH_STAGE_HARD_IRQ, "hard irq", LATWATCH_UNIT_IRQ, HOST,
	  9912, 900, 1500, 2100, RX },
	{ LATWATCH_STAGE_IRQ_THREAD_WAKE, "irq thread wake", LATWATCH_UNIT_WAKE,
	  HOST, 9912, 4000, 8800, 17200, RX },
	{ LATWATCH_STAGE_IRQ_THREAD, "irq thread", LATWATCH_UNIT_RUN, HOST,
	  9912, 700, 1100, 1900, RX },
	{ LATWATCH_STAGE_SOFTIRQ_WAIT, "softirq wait", LATWATCH_UNIT_RUN, HOST,
	  9912, 600, 1100, 3900, RX },
	{ LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD, "by irq thread",
	  LATWATCH_UNIT_RUN, HOST | NESTED, 9900, 600, 1100, 2000, RX },
	{ LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD, "by ksoftirqd",
	  LATWATCH_UNIT_RUN, HOST | NESTED, 12, 3000, 3500, 3900, RX },
	{ LATWATCH_STAGE_NAPI, "napi", LATWATCH_UNIT_PACKET, 0,
	  10000, 1200, 2300, 4000, RX },
	{ LATWATCH_STAGE_STACK, "stack", LATWATCH_UNIT_PACKET, 0,
	  10000, 4400, 7900, 12000, RX },
	{ LATWATCH_STAGE_QDISC, "qdisc", LATWATCH_UNIT_PACKET, NESTED,
	  0, 0, 0, 0, RX },
	{ LATWATCH_STAGE_TAP_DWELL, "tap dwell", LATWATCH_UNIT_PACKET, 0,
	  10000, 14000, 61300, 91000, RX },
	{ LATWATCH_STAGE_BACKEND_WAKE, "backend wake", LATWATCH_UNIT_WAKE,
	  NESTED, 9640, 9900, 55000, 88600, RX },
	{ LATWATCH_STAGE_BACKEND_SERVICE, "backend service",
	  LATWATCH_UNIT_DELIVERY, 0, 9911, 3100, 6000, 11500, RX },
	{ LATWATCH_STAGE_SIGNAL, "signal", LATWATCH_UNIT_DELIVERY, 0,
	  8730, 400, 700, 900, RX },
	{ LATWATCH_STAGE_VCPU_WAKE, "vCPU wake", LATWATCH_UNIT_WAKE, 0,
	  8730, 12200, 30800, 40100, RX },
	{ LATWATCH_STAGE_ENTRY, "entry", LATWATCH_UNIT_DELIVERY, 0,
	  8730, 5000, 9200, 14400, RX },
	{ LATWATCH_STAGE_KICK, "kick", LATWATCH_UNIT_DELIVERY, 0,
	  1181, 4200, 6100, 8000, RX },
	{ LATWATCH_STAGE_END_TO_END, "end to end", LATWATCH_UNIT_PACKET, TOTAL,
	  9998, 64800, 120100, 146213, RX },
	{ LATWATCH_STAGE_END_TO_END_LOCAL, "end to end local",
	  LATWATCH_UNIT_PACKET, TOTAL, 0, 40000, 60000, 88000, RX },
};

/* What a module has that knows more paths than one. */
static const struct stage path_stages[] = {
	{ LATWATCH_STAGE_END_TO_END_VM, "end to end from VM",
	  LATWATCH_UNIT_PACKET, TOTAL, 0, 51000, 66000, 74200,
	  RX },
	{ LATWATCH_STAGE_GUEST_EXIT, "guest exit", LATWATCH_UNIT_WAKE, 0,
	  3700, 900, 1400, 1800, TX },
	{ LATWATCH_STAGE_KICK_WAKE, "backend wake", LATWATCH_UNIT_WAKE, 0,
	  3700, 8100, 19500, 22300, TX },
	{ LATWATCH_STAGE_TX_SERVICE, "backend service", LATWATCH_UNIT_PACKET,
	  0, 3988, 4300, 6900, 8100, TX },
	{ LATWATCH_STAGE_TX_STACK, "stack", LATWATCH_UNIT_PACKET, 0,
	  3988, 2700, 5200, 6200, TX },
	{ LATWATCH_STAGE_TX_QDISC, "qdisc", LATWATCH_UNIT_PACKET, NESTED,
	  3988, 1900, 4100, 4700, TX },
	{ LATWATCH_STAGE_TX_END_TO_END, "end to end", LATWATCH_UNIT_PACKET,
	  TOTAL, 3988, 16200, 31000, 36700, TX },
	{ LATWATCH_STAGE_TX_DRIVER, "driver", LATWATCH_UNIT_PACKET, AFTER,
	  3988, 1100, 2400, 2900, TX },
	{ LATWATCH_STAGE_TX_COMPLETION, "completion", LATWATCH_UNIT_PACKET,
	  AFTER, 3986, 22000, 48000, 51000, TX },
	{ LATWATCH_STAGE_LOCAL_QDISC, "qdisc", LATWATCH_UNIT_PACKET, HOST,
	  5197, 1700, 3900, 5300, LOCAL },
	{ LATWATCH_STAGE_LOCAL_DRIVER, "driver", LATWATCH_UNIT_PACKET,
	  HOST | AFTER, 5197, 1000, 2300, 3100, LOCAL },
	{ LATWATCH_STAGE_LOCAL_COMPLETION, "completion", LATWATCH_UNIT_PACKET,
	  HOST | AFTER, 5190, 21000, 47000, 52500, LOCAL },
	{ LATWATCH_STAGE_READER_STACK, "stack", LATWATCH_UNIT_WAKE, HOST,
	  2110, 3100, 4600, 5500, READER },
	{ LATWATCH_STAGE_READER_WAKE, "reader wake", LATWATCH_UNIT_WAKE, HOST,
	  2110, 7700, 20100, 23500, READER },
	{ LATWATCH_STAGE_READER_COPY, "copy", LATWATCH_UNIT_WAKE, HOST,
	  2110, 2900, 4500, 5100, READER },
	{ LATWATCH_STAGE_READER_END_TO_END, "end to end", LATWATCH_UNIT_WAKE,
	  HOST | TOTAL, 2110, 19800, 33000, 36200, READER },
	{ LATWATCH_STAGE_DEVICE_HARD_IRQ, "hard irq", LATWATCH_UNIT_IRQ, 0,
	  300, 700, 1000, 1200, DEVICE },
	{ LATWATCH_STAGE_DEVICE_IRQ_THREAD_WAKE, "irq thread wake",
	  LATWATCH_UNIT_WAKE, 0, 300, 3100, 7200, 8800, DEVICE },
	{ LATWATCH_STAGE_DEVICE_IRQ_THREAD, "irq thread", LATWATCH_UNIT_WAKE,
	  0, 300, 900, 1500, 2100, DEVICE },
	{ LATWATCH_STAGE_DEVICE_SIGNAL, "signal", LATWATCH_UNIT_WAKE, 0,
	  220, 400, 700, 900, DEVICE },
	{ LATWATCH_STAGE_DEVICE_VCPU_WAKE, "vCPU wake", LATWATCH_UNIT_WAKE, 0,
	  220, 5100, 9000, 11200, DEVICE },
	{ LATWATCH_STAGE_DEVICE_ENTRY, "entry", LATWATCH_UNIT_DELIVERY, 0,
	  220, 3300, 4100, 4800, DEVICE },
	{ LATWATCH_STAGE_DEVICE_KICK, "kick", LATWATCH_UNIT_DELIVERY, 0,
	  79, 2900, 3600, 4000, DEVICE },
	{ LATWATCH_STAGE_DEVICE_END_TO_END, "end to end", LATWATCH_UNIT_IRQ,
	  TOTAL, 299, 13600, 22000, 27300, DEVICE },
	/* Of tomorrow. */
	{ BEYOND_STAGE, "beyond", LATWATCH_UNIT_WAKE, HOST,
	  17, 100, 200, 300, 9 },
};

static const struct stage late_stages[] = {
	{ LATE_STAGE, "bridge", LATWATCH_UNIT_PACKET, 0,
	  10000, 1100, 1500, 1700, RX },
};

#define NR_PATH_STAGES (sizeof(path_stages) / sizeof(path_stages[0]))

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
	case SET_UNSEEN:
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
	case SET_PATHS:
		if (vm == 2 && stage->id == LATWATCH_STAGE_END_TO_END_VM)
			return 700;
		/* It has a device of its own, too. */
		if (stage->path == DEVICE)
			return vm == 2 ? stage->count : 0;
		if (vm == 2)
			return stage->path || !stage->count ||
			       stage->flags & TOTAL ||
			       stage->id == LATWATCH_STAGE_NAPI ||
			       stage->id == LATWATCH_STAGE_KICK ? 0 : 700;
		break;
	case SET_PATHS_BLIND:
		return stage->path ? 0 : stage->count;
	case SET_PLACES:
	case SET_PATHS_FORGOTTEN:
		return stage->path == DEVICE ? 0 : stage->count;
	case SET_FORGOTTEN:
	case SET_OFF:
	case SET_UNBOUND:
	case SET_NORMAL:
		break;
	}
	return stage->count;
}

static bool is_blind(const struct fixture *fixture, const struct stage *stage)
{
	if (fixture->set == SET_PATHS_BLIND)
		return stage->path == TX || stage->path == LOCAL;
	return fixture->set == SET_MISSING &&
	       (stage->id == LATWATCH_STAGE_QDISC ||
		stage->id == LATWATCH_STAGE_ENTRY ||
		stage->id == LATWATCH_STAGE_KICK ||
		stage->flags & LATWATCH_STAGE_FLAGS_TOTAL);
}

static uint32_t place_of(const struct fixture *fixture,
			 const struct stage *stage)
{
	if (stage->id == LATE_STAGE)
		return LATWATCH_STAGE_STACK;
	return stage->id + (fixture->set == SET_PLACES &&
			    stage->id >= LATWATCH_STAGE_STACK);
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
			 stage->flags | bounds_flags(stage->id) |
			 (is_blind(fixture, stage) ?
				  LATWATCH_STAGE_FLAGS_BLIND : 0));
	if (fixture->set != SET_UNBOUND)
		bounds_put(nlh, stage->id);
	if (machine_has_paths(fixture)) {
		mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_PATH, stage->path);
		mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_PLACE,
				 place_of(fixture, stage));
	}
	put_uint(nlh, LATWATCH_A_STAGE_COUNT, n);
	if (n)
		put_figures(nlh, stage, n, more);
	tape_end(tape, nlh);
	if (split) {
		memcpy(tape->data + tape->len, more, more->nlmsg_len);
		tape_end(tape, more);
	}
}

/* VMs that are forgotten are the host's, in what they counted. */
static bool is_host(const struct fixture *fixture, int vm,
		    const struct stage *stage)
{
	bool forgotten = fixture->set == SET_FORGOTTEN ||
			 fixture->set == SET_PATHS_FORGOTTEN;

	return stage->flags & HOST ||
	       (forgotten && vm == FIXTURE_ALL && stage->count);
}

static void put_host_stages(const struct fixture *fixture, int vm,
			    const struct stage *list, size_t nr,
			    uint16_t flags, struct tape *tape)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (is_host(fixture, vm, &list[i]))
			put_stage(fixture, 0, &list[i], flags, tape);
}

static void put_vm_stages(const struct fixture *fixture, int vm,
			  const struct stage *list, size_t nr, uint16_t flags,
			  struct tape *tape)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!(list[i].flags & HOST))
			put_stage(fixture, vm, &list[i], flags, tape);
}

void fixture_stages(const struct fixture *fixture, int vm, uint16_t flags,
		    struct tape *tape)
{
	size_t nr = machine_has_paths(fixture) ? NR_PATH_STAGES : 0;
	size_t late = fixture->set == SET_PLACES;
	int v;

	put_host_stages(fixture, vm, stages, NR_STAGES, flags, tape);
	put_host_stages(fixture, vm, path_stages, nr, flags, tape);
	for (v = 1; v <= fixture->nr_vms; v++) {
		if (vm != FIXTURE_ALL && vm != v)
			continue;
		put_vm_stages(fixture, v, stages, NR_STAGES, flags, tape);
		put_vm_stages(fixture, v, path_stages, nr, flags, tape);
		put_vm_stages(fixture, v, late_stages, late, flags, tape);
	}
}
