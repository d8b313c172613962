// SPDX-License-Identifier: GPL-2.0
/*
 * The worst flights of a made-up machine.
 */
#include <stdbool.h>
#include <string.h>

#include <linux/latwatch.h>

#include "machine.h"

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

/* From one guest to another: none of the sender's time is left out. */
static const struct mark vm_marks[] = {
	{ LATWATCH_MARK_EXIT, "exit", 0, 3 },
	{ LATWATCH_MARK_KICK_WAKE, "kick wake", 1000, 3 },
	{ LATWATCH_MARK_KICK_RUN, "kick run", 9000, 2 },
	{ LATWATCH_MARK_STACK, "stack", 15000, 2 },
	{ LATWATCH_MARK_TAP, "tap", 18200, 2 },
	{ LATWATCH_MARK_BACKEND_WAKE, "backend wake", 18500, 2 },
	{ LATWATCH_MARK_BACKEND_RUN, "backend run", 40100, 4 },
	{ LATWATCH_MARK_TAKE, "take", 44000, 4 },
	{ LATWATCH_MARK_SIGNAL, "signal", 47300, 4 },
	{ LATWATCH_MARK_VCPU_WAKE, "vcpu wake", 47900, 4 },
	{ LATWATCH_MARK_VCPU_RUN, "vcpu run", 68200, 5 },
	{ LATWATCH_MARK_ENTRY, "entry", 74200, 5 },
};

static const struct mark device_marks[] = {
	{ LATWATCH_MARK_IRQ, "irq", 0, 2 },
	{ LATWATCH_MARK_THREAD_WAKE, "thread wake", 1200, 2 },
	{ LATWATCH_MARK_THREAD_RUN, "thread run", 10000, 2 },
	{ LATWATCH_MARK_SIGNAL, "signal", 12100, 2 },
	{ LATWATCH_MARK_VCPU_WAKE, "vcpu wake", 13000, 2 },
	{ LATWATCH_MARK_VCPU_RUN, "vcpu run", 23000, 3 },
	{ LATWATCH_MARK_ENTRY, "entry", 27300, 3 },
};

static const struct mark tx_marks[] = {
	{ LATWATCH_MARK_EXIT, "exit", 0, 3 },
	{ LATWATCH_MARK_KICK_WAKE, "kick wake", 1200, 3 },
	{ LATWATCH_MARK_KICK_RUN, "kick run", 23500, 2 },
	{ LATWATCH_MARK_STACK, "stack", 31000, 2 },
	{ LATWATCH_MARK_QUEUE, "queue", 32100, 2 },
	{ LATWATCH_MARK_XMIT, "xmit", 36700, 2 },
};

/* The irq thread was awake: it ran when it was woken. */
static const struct mark reader_marks[] = {
	{ LATWATCH_MARK_IRQ, "irq", 0, 2 },
	{ LATWATCH_MARK_THREAD_WAKE, "thread wake", 1000, 2 },
	{ LATWATCH_MARK_THREAD_RUN, "thread run", 1000, 2 },
	{ LATWATCH_MARK_RAISE, "raise", 1900, 2 },
	{ LATWATCH_MARK_SOFTIRQ, "softirq", 2300, 2 },
	{ LATWATCH_MARK_STACK, "stack", 3500, 2 },
	{ LATWATCH_MARK_READER_WAKE, "reader wake", 8100, 2 },
	{ LATWATCH_MARK_READER_RUN, "reader run", 31600, 1 },
	{ LATWATCH_MARK_COPY, "copy", 36200, 1 },
};

void machine_put_mark(struct nlmsghdr *nlh, uint16_t attr,
		      const struct mark *mark, uint64_t begin)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, attr);

	mnl_attr_put_u32(nlh, LATWATCH_A_FLIGHT_MARK_ID, mark->id);
	mnl_attr_put_strz(nlh, LATWATCH_A_FLIGHT_MARK_NAME, mark->name);
	mnl_attr_put_u64(nlh, LATWATCH_A_FLIGHT_MARK_TIME, begin + mark->after);
	mnl_attr_put_u32(nlh, LATWATCH_A_FLIGHT_MARK_CPU, mark->cpu);
	mnl_attr_nest_end(nlh, nest);
}

static void put_marks(struct nlmsghdr *nlh, const struct mark *marks, size_t nr,
		      uint64_t begin)
{
	size_t i;

	for (i = 0; i < nr; i++)
		machine_put_mark(nlh, LATWATCH_A_WATERMARK_MARK, &marks[i],
				 begin);
}

#define PUT_MARKS(nlh, marks, begin) \
	put_marks(nlh, marks, sizeof(marks) / sizeof((marks)[0]), begin)

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

/* Of a flight: the mark that came after it, and where; in sum: how many it hit, and worst. */
static void put_culprit(struct nlmsghdr *nlh, uint16_t attr, uint32_t kind, uint64_t ns,
			int id, const char *name, uint32_t pid, uint64_t mark_or_flights,
			uint64_t cpu_or_worst)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, attr);

	mnl_attr_put_u32(nlh, LATWATCH_A_CULPRIT_KIND, kind);
	put_uint(nlh, LATWATCH_A_CULPRIT_TIME, ns);
	if (id >= 0)
		mnl_attr_put_u32(nlh, LATWATCH_A_CULPRIT_ID, (uint32_t)id);
	if (name)
		mnl_attr_put_strz(nlh, LATWATCH_A_CULPRIT_NAME, name);
	if (pid) {
		mnl_attr_put_u32(nlh, LATWATCH_A_CULPRIT_PID, pid);
		mnl_attr_put_u32(nlh, LATWATCH_A_CULPRIT_POLICY, 0);
		mnl_attr_put_u32(nlh, LATWATCH_A_CULPRIT_PRIO, 120);
	}
	if (kind == LATWATCH_CULPRIT_KIND_IPI)
		mnl_attr_put_strz(nlh, LATWATCH_A_CULPRIT_FUNCTION, "flush_tlb_func");
	if (attr == LATWATCH_A_WATERMARK_CULPRIT) {
		mnl_attr_put_u32(nlh, LATWATCH_A_CULPRIT_MARK, (uint32_t)mark_or_flights);
		mnl_attr_put_u32(nlh, LATWATCH_A_CULPRIT_CPU, (uint32_t)cpu_or_worst);
	} else {
		put_uint(nlh, LATWATCH_A_CULPRIT_FLIGHTS, mark_or_flights);
		put_uint(nlh, LATWATCH_A_CULPRIT_WORST, cpu_or_worst);
	}
	mnl_attr_nest_end(nlh, nest);
}

/* What came in between in the flight with rt_marks. */
static void put_culprits(struct nlmsghdr *nlh)
{
	const uint16_t attr = LATWATCH_A_WATERMARK_CULPRIT;

	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_HARD_IRQ, 8100, 40, "nvme0q1", 0,
		    LATWATCH_MARK_BACKEND_RUN, 2);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_THREAD, 80500, -1, "kworker/2:1", 95,
		    LATWATCH_MARK_BACKEND_RUN, 2);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_SOFTIRQ, 1100, 1, "vhost-217", 0,
		    LATWATCH_MARK_TAKE, 2);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_IDLE, 35013, -1, NULL, 0,
		    LATWATCH_MARK_VCPU_RUN, 3);
	put_uint(nlh, LATWATCH_A_WATERMARK_UNKNOWN, 0);
}

static struct nlmsghdr *begin_ranking(struct tape *tape, int vm, uint32_t id,
				      uint16_t flags)
{
	struct nlmsghdr *nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags,
					  LATWATCH_CMD_RANKING_GET);

	if (vm)
		mnl_attr_put_u32(nlh, LATWATCH_A_RANKING_VM, (uint32_t)vm);
	mnl_attr_put_u32(nlh, LATWATCH_A_RANKING_ID, id);
	return nlh;
}

void fixture_rankings(const struct fixture *fixture, int vm, uint16_t flags,
		      struct tape *tape)
{
	const uint16_t attr = LATWATCH_A_RANKING_CULPRIT;
	struct nlmsghdr *nlh;

	if (fixture->set != SET_PATHS || (vm != FIXTURE_ALL && vm != 1))
		return;
	nlh = begin_ranking(tape, 1, LATWATCH_STAGE_BACKEND_WAKE, flags);
	mnl_attr_put_strz(nlh, LATWATCH_A_RANKING_NAME, "backend wake");
	put_uint(nlh, LATWATCH_A_RANKING_FLIGHTS, 9640);
	put_uint(nlh, LATWATCH_A_RANKING_SUM, 95436000);
	put_uint(nlh, LATWATCH_A_RANKING_UNKNOWN, 36000);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_OTHERS, 400000, -1, NULL, 0, 31, 20400);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_IDLE, 25000000, -1, NULL, 0, 8300, 9000);
	tape_end(tape, nlh);
	/* The rest in a second message. */
	nlh = begin_ranking(tape, 1, LATWATCH_STAGE_BACKEND_WAKE, flags);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_THREAD, 68000000, -1, "kworker/2:1", 95,
		    1203, 80500);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_HARD_IRQ, 2000000, 40, "nvme0q1", 0,
		    250, 8100);
	tape_end(tape, nlh);
	nlh = begin_ranking(tape, 1, LATWATCH_STAGE_VCPU_WAKE, flags);
	mnl_attr_put_strz(nlh, LATWATCH_A_RANKING_NAME, "vCPU wake");
	put_uint(nlh, LATWATCH_A_RANKING_FLIGHTS, 8817);
	put_uint(nlh, LATWATCH_A_RANKING_SUM, 100000000);
	put_uint(nlh, LATWATCH_A_RANKING_UNKNOWN, 0);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_IDLE, 90000000, 3, NULL, 0, 8817, 35013);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_IPI, 300000, 1, "call function", 0, 12,
		    40000);
	put_culprit(nlh, attr, LATWATCH_CULPRIT_KIND_LOCK, 200000, -1, "kworker/2:1", 95, 3,
		    90000);
	tape_end(tape, nlh);
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

	nlh = begin_watermark(tape, vm, LATWATCH_STAGE_END_TO_END, "end to end",
			      146213, begin + 146213, flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_IRQ, 31);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN, LATWATCH_ORIGIN_IRQ);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 1);
	put_marks(nlh, marks, nr, begin);
	if (rt) {
		put_actor(nlh, LATWATCH_ROLE_IRQ_THREAD, 88,
			  "irq/31-eth1-rx-0", 1, 50);
		put_actor(nlh, LATWATCH_ROLE_RUNNER, 88, "irq/31-eth1-rx-0",
			  1, 50);
		put_actor(nlh, LATWATCH_ROLE_BACKEND, 220, "vhost-217", 0, 120);
		put_actor(nlh, LATWATCH_ROLE_VCPU, 221, "CPU 0/KVM", 0, 49);
		if (fixture->set == SET_PATHS)
			put_culprits(nlh);
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

	nlh = begin_watermark(tape, vm, LATWATCH_STAGE_END_TO_END_LOCAL,
			      "end to end local", 88000, begin + 88000, flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN,
			 LATWATCH_ORIGIN_LOCAL);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 3);
	PUT_MARKS(nlh, local_marks, begin);
	put_actor(nlh, LATWATCH_ROLE_BACKEND, 330, "evil\x1b[2J\"name,\xff", 0,
		  100);
	tape_end(tape, nlh);
}

static void put_vm_flight(int vm, uint16_t flags, struct tape *tape)
{
	uint64_t begin = SINCE + 600000000000ull;
	struct nlmsghdr *nlh;

	nlh = begin_watermark(tape, vm, LATWATCH_STAGE_END_TO_END_VM,
			      "end to end from VM", 74200, begin + 74200,
			      flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN, LATWATCH_ORIGIN_VM);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 2);
	PUT_MARKS(nlh, vm_marks, begin);
	put_actor(nlh, LATWATCH_ROLE_BACKEND, 330, "vhost-320", 0, 120);
	put_actor(nlh, LATWATCH_ROLE_VCPU, 331, "CPU 1/KVM", 0, 120);
	tape_end(tape, nlh);
}

static void put_tx_flight(int vm, uint16_t flags, struct tape *tape)
{
	uint64_t begin = SINCE + 610000000000ull;
	struct nlmsghdr *nlh;

	nlh = begin_watermark(tape, vm, LATWATCH_STAGE_TX_END_TO_END,
			      "end to end", 36700, begin + 36700, flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN, LATWATCH_ORIGIN_VM);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 1);
	PUT_MARKS(nlh, tx_marks, begin);
	/* By role: the vCPU that kicked comes before the backend by time. */
	put_actor(nlh, LATWATCH_ROLE_BACKEND, 220, "vhost-217", 0, 120);
	put_actor(nlh, LATWATCH_ROLE_VCPU, 221, "CPU 0/KVM", 1, 98);
	tape_end(tape, nlh);
}

static void put_reader_flight(uint16_t flags, struct tape *tape)
{
	uint64_t begin = SINCE + 620000000000ull;
	struct nlmsghdr *nlh;

	nlh = begin_watermark(tape, 0, LATWATCH_STAGE_READER_END_TO_END,
			      "end to end", 36200, begin + 36200, flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_IRQ, 31);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN, LATWATCH_ORIGIN_IRQ);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 1);
	PUT_MARKS(nlh, reader_marks, begin);
	put_actor(nlh, LATWATCH_ROLE_IRQ_THREAD, 88, "irq/31-eth1-rx-0", 1, 50);
	put_actor(nlh, LATWATCH_ROLE_RUNNER, 88, "irq/31-eth1-rx-0", 1, 50);
	put_actor(nlh, LATWATCH_ROLE_READER, 700, "chronyd", 0, 120);
	tape_end(tape, nlh);
}

static void put_device_flight(int vm, uint16_t flags, struct tape *tape)
{
	uint64_t begin = SINCE + 640000000000ull;
	struct nlmsghdr *nlh;

	nlh = begin_watermark(tape, vm, LATWATCH_STAGE_DEVICE_END_TO_END,
			      "end to end", 27300, begin + 27300, flags);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_IRQ, 44);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_ORIGIN,
			 LATWATCH_ORIGIN_DEVICE);
	mnl_attr_put_u32(nlh, LATWATCH_A_WATERMARK_BATCH, 1);
	PUT_MARKS(nlh, device_marks, begin);
	put_actor(nlh, LATWATCH_ROLE_IRQ_THREAD, 91, "irq/44-vfio-msi", 1, 50);
	put_actor(nlh, LATWATCH_ROLE_VCPU, 331, "CPU 0/KVM", 0, 120);
	tape_end(tape, nlh);
}

void fixture_watermarks(const struct fixture *fixture, int vm, uint16_t flags,
			struct tape *tape)
{
	struct nlmsghdr *nlh;
	int v;

	if (fixture->set != SET_EMPTY && fixture->set != SET_UNSEEN) {
		nlh = begin_watermark(tape, 0, LATWATCH_STAGE_SOFTIRQ_WAIT,
				      "softirq wait", 3900, SINCE + S, flags);
		tape_end(tape, nlh);
	}
	if (fixture->set == SET_PATHS)
		put_reader_flight(flags, tape);
	if (fixture->set == SET_PATHS_FORGOTTEN && vm == FIXTURE_ALL)
		put_tx_flight(0, flags, tape);
	for (v = 1; v <= fixture->nr_vms; v++) {
		if (vm != FIXTURE_ALL && vm != v)
			continue;
		if (v == 1 && fixture->set != SET_MISSING && fixture->set != SET_UNSEEN)
			put_flight(fixture, v, flags, tape);
		if (fixture->set == SET_TWO)
			put_local_flight(v, flags, tape);
		if (fixture->set == SET_PATHS && v == 1)
			put_tx_flight(v, flags, tape);
		if (fixture->set == SET_PATHS && v == 2)
			put_vm_flight(v, flags, tape);
		if (fixture->set == SET_PATHS && v == 2)
			put_device_flight(v, flags, tape);
	}
}
