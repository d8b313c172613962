// SPDX-License-Identifier: GPL-2.0
/*
 * A machine with latwatch on it, made up: its names, VMs, CPUs and books.
 */
#include <stdbool.h>
#include <string.h>

#include <linux/latwatch.h>

#include "bounds.h"
#include "machine.h"

static const struct fixture fixtures[] = {
	{ "normal", SET_NORMAL, 1 },
	{ "empty", SET_EMPTY, 0 },
	{ "missing", SET_MISSING, 1 },
	{ "two-vms", SET_TWO, 2 },
	{ "non-rt", SET_NON_RT, 1 },
	{ "forgotten", SET_FORGOTTEN, 1 },
	{ "off", SET_OFF, 1 },
	{ "unbound", SET_UNBOUND, 1 },
	{ "paths", SET_PATHS, 2 },
	{ "paths-blind", SET_PATHS_BLIND, 1 },
	{ "paths-forgotten", SET_PATHS_FORGOTTEN, 0 },
	{ "places", SET_PLACES, 1 },
	{ "unseen", SET_UNSEEN, 1 },
};

const struct fixture *fixture_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++)
		if (!strcmp(fixtures[i].name, name))
			return &fixtures[i];
	return NULL;
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

static void put_kprobe(struct nlmsghdr *nlh, const char *name, bool attached,
		       const char *cost, uint64_t missed)
{
	struct nlattr *nest =
		mnl_attr_nest_start(nlh, LATWATCH_A_INFO_TRACEPOINT);

	mnl_attr_put_strz(nlh, LATWATCH_A_TRACEPOINT_NAME, name);
	mnl_attr_put_strz(nlh, LATWATCH_A_TRACEPOINT_COST, cost);
	mnl_attr_put_u32(nlh, LATWATCH_A_TRACEPOINT_KIND,
			 LATWATCH_PROBE_KIND_KPROBE);
	if (attached) {
		mnl_attr_put(nlh, LATWATCH_A_TRACEPOINT_ATTACHED, 0, NULL);
		put_uint(nlh, LATWATCH_A_TRACEPOINT_MISSED, missed);
	}
	mnl_attr_nest_end(nlh, nest);
}

static void put_prototype(struct nlmsghdr *nlh, const char *name, bool attached,
			  const char *cost, uint32_t prototype)
{
	struct nlattr *nest =
		mnl_attr_nest_start(nlh, LATWATCH_A_INFO_TRACEPOINT);

	mnl_attr_put_strz(nlh, LATWATCH_A_TRACEPOINT_NAME, name);
	mnl_attr_put_strz(nlh, LATWATCH_A_TRACEPOINT_COST, cost);
	mnl_attr_put_u32(nlh, LATWATCH_A_TRACEPOINT_PROTOTYPE, prototype);
	if (attached)
		mnl_attr_put(nlh, LATWATCH_A_TRACEPOINT_ATTACHED, 0, NULL);
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

void fixture_info(const struct fixture *fixture, uint32_t epoch,
		  struct tape *tape)
{
	struct nlmsghdr *nlh = tape_begin(tape, FIXTURE_FAMILY, 0,
					  LATWATCH_CMD_INFO_GET);
	bool off = fixture->set == SET_OFF;
	bool missing = fixture->set == SET_MISSING;
	bool rt = fixture->set != SET_NON_RT;

	mnl_attr_put_strz(nlh, LATWATCH_A_INFO_VERSION, "0.1.0");
	mnl_attr_put_strz(nlh, LATWATCH_A_INFO_KERNEL,
			  rt ? "6.12.117-rt-amd64" : "6.1.0-amd64");
	if (rt)
		mnl_attr_put(nlh, LATWATCH_A_INFO_PREEMPT_RT, 0, NULL);
	if (off)
		mnl_attr_put(nlh, LATWATCH_A_INFO_OFF, 0, NULL);
	mnl_attr_put_strz(nlh, LATWATCH_A_INFO_CLOCK, "mono");
	mnl_attr_put_u32(nlh, LATWATCH_A_INFO_EPOCH, epoch);
	mnl_attr_put_u64(nlh, LATWATCH_A_INFO_SINCE, SINCE);
	mnl_attr_put_u64(nlh, LATWATCH_A_INFO_SINCE_REAL, SINCE_REAL);
	mnl_attr_put_u64(nlh, LATWATCH_A_INFO_NOW, NOW);
	put_uint(nlh, LATWATCH_A_INFO_MEMORY, 1 << 20);
	put_tracepoint(nlh, "irq_handler_entry", !off,
		       "the first mark of a packet from a NIC");
	put_tracepoint(nlh, "kvm_entry", !missing && !off,
		       "entry, kick, end to end and end to end local");
	put_tracepoint(nlh, "net_dev_queue", !missing && !off, "qdisc");
	if (missing) {
		put_prototype(nlh, "kvm_exit", false, "kicks are not known",
			      LATWATCH_PROTOTYPE_CHANGED);
		put_prototype(nlh, "kvm_inj_virq", true, "deliveries are not seen",
			      LATWATCH_PROTOTYPE_UNCHECKED);
		put_prototype(nlh, "kvm_apic_accept_irq", true, "signals are not seen",
			      LATWATCH_PROTOTYPE_UNCHECKED);
		put_prototype(nlh, "kvm_apicv_accept_irq", true, "posted interrupts",
			      LATWATCH_PROTOTYPE_FITS);
	}
	put_tracepoint(nlh, "sched_waking", !off, "all wakes");
	if (machine_has_paths(fixture)) {
		put_tracepoint(nlh, "net_dev_start_xmit",
			       fixture->set != SET_PATHS_BLIND,
			       "all that leaves by a NIC");
		put_kprobe(nlh, "xdp_return_frame", true,
			   "what XDP redirects", 0);
		put_kprobe(nlh, "dev_map_enqueue",
			   fixture->set != SET_PATHS_BLIND,
			   "what XDP redirects by a map", 2);
	}
	if (!missing)
		mnl_attr_put_u32(nlh, LATWATCH_A_INFO_SIGNAL_SOURCE,
				 fixture->set == SET_PATHS_BLIND ?
					 LATWATCH_SIGNAL_SOURCE_INFERRED :
					 LATWATCH_SIGNAL_SOURCE_TRACEPOINT);
	put_limit(nlh, "skbs", 4096, missing ? 3800 : 12);
	put_limit(nlh, "tasks", 1024, 40);
	if (fixture->set != SET_UNBOUND)
		bounds_put_marks(nlh);
	/* What a module of tomorrow may say. */
	mnl_attr_put_u32(nlh, 200, 42);
	tape_end(tape, nlh);
}

/* The first's is a port of a bridge; the second hears from it. */
static void put_way(struct nlmsghdr *nlh, int vm)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_VM_WAY);

	mnl_attr_put_strz(nlh, LATWATCH_A_WAY_TAP, vm == 1 ? "tap0" : "tap1");
	mnl_attr_put_strz(nlh, LATWATCH_A_WAY_KIND, "tun");
	mnl_attr_put_strz(nlh, LATWATCH_A_WAY_OVER, "br0");
	mnl_attr_put_strz(nlh, LATWATCH_A_WAY_OVER_KIND, "bridge");
	if (vm == 1)
		mnl_attr_put_strz(nlh, LATWATCH_A_WAY_SOURCE, "eth1");
	if (vm == 1)
		mnl_attr_put(nlh, LATWATCH_A_WAY_SEVERAL, 0, NULL);
	mnl_attr_nest_end(nlh, nest);
}

void fixture_vms(const struct fixture *fixture, uint16_t flags,
		 struct tape *tape)
{
	bool paths = machine_has_paths(fixture);
	struct nlmsghdr *nlh;
	int v;

	for (v = fixture->nr_vms; v; v--) {
		nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags,
				 LATWATCH_CMD_VM_GET);
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_ID, (uint32_t)v);
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_PID,
				 v == 1 ? 217 : 1000320);
		mnl_attr_put_strz(nlh, LATWATCH_A_VM_COMM,
				  v == 1 || paths ? "qemu-system-x86" :
					   "evil\x1b[2J\"name,\xff");
		put_uint(nlh, LATWATCH_A_VM_SINCE, SINCE + (uint64_t)v * S);
		if (v == 2 && !paths)
			mnl_attr_put(nlh, LATWATCH_A_VM_GONE, 0, NULL);
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_VCPUS, 2);
		if (fixture->set == SET_UNSEEN) {
			mnl_attr_put_u32(nlh, LATWATCH_A_VM_BACKENDS, 0);
			mnl_attr_put_u32(nlh, LATWATCH_A_VM_WORKERS, 0);
			tape_end(tape, nlh);
			continue;
		}
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_BACKENDS, 1);
		mnl_attr_put_strz(nlh, LATWATCH_A_VM_TAP,
				  v == 1 ? "tap0" : "tap1");
		if (v == 2 && !paths)
			mnl_attr_put_strz(nlh, LATWATCH_A_VM_TAP, "tap2");
		mnl_attr_put_u32(nlh, LATWATCH_A_VM_WORKERS, v == 1 || paths);
		put_way(nlh, v);
		tape_end(tape, nlh);
	}
}

static void put_maximum(struct nlmsghdr *nlh, uint32_t stage, const char *name,
			uint64_t count, uint64_t maximum)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_CPU_MAXIMUM);

	mnl_attr_put_u32(nlh, LATWATCH_A_CPU_STAGE_ID, stage);
	mnl_attr_put_strz(nlh, LATWATCH_A_CPU_STAGE_NAME, name);
	put_uint(nlh, LATWATCH_A_CPU_STAGE_COUNT, count);
	put_uint(nlh, LATWATCH_A_CPU_STAGE_MAXIMUM, maximum);
	mnl_attr_nest_end(nlh, nest);
}

void fixture_cpus(const struct fixture *fixture, uint16_t flags,
		  struct tape *tape)
{
	static const struct mark irq = { LATWATCH_MARK_IRQ, "irq", 0, 2 };
	static const struct mark entry = {
		LATWATCH_MARK_ENTRY, "entry", 145913, 3,
	};
	struct nlmsghdr *nlh;
	uint32_t cpu;

	for (cpu = 0; cpu < 2; cpu++) {
		nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags,
				 LATWATCH_CMD_CPU_GET);
		mnl_attr_put_u32(nlh, LATWATCH_A_CPU_ID, cpu);
		if (cpu && fixture->set != SET_EMPTY && fixture->set != SET_UNSEEN) {
			machine_put_mark(nlh, LATWATCH_A_CPU_MARK, &irq,
					 NOW - S / 4);
			machine_put_mark(nlh, LATWATCH_A_CPU_MARK, &entry,
					 NOW - 700 * S);
			put_maximum(nlh, LATWATCH_STAGE_SOFTIRQ_WAIT,
				    "softirq wait", 9912, 3900);
		}
		if (cpu && machine_has_paths(fixture)) {
			put_maximum(nlh, LATWATCH_STAGE_STACK, "stack", 9000,
				    11900);
			put_maximum(nlh, LATWATCH_STAGE_TX_STACK, "stack",
				    3000, 6200);
		}
		if (cpu && fixture->set == SET_PLACES)
			put_maximum(nlh, LATE_STAGE, "bridge", 9000, 1700);
		tape_end(tape, nlh);
	}
}

/* only the machine with all paths measures it */
void fixture_setting(const struct fixture *fixture, struct tape *tape)
{
	struct nlmsghdr *nlh = tape_begin(tape, FIXTURE_FAMILY, 0,
					  LATWATCH_CMD_SETTING_GET);

	mnl_attr_put_u8(nlh, LATWATCH_A_SETTING_SELF_COST,
			machine_has_paths(fixture));
	tape_end(tape, nlh);
}

void fixture_costs(const struct fixture *fixture, uint16_t flags,
		   struct tape *tape)
{
	static const struct {
		const char *probe;
		uint32_t cpu, kind;
		uint64_t calls, total, worst;
	} costs[] = {
		{ "consume_skb", 0, 0, 40, 8000, 1200 },
		{ "sched_switch", 0, 0, 1000000, 33000000, 900 },
		{ "sched_switch", 1, 0, 500000, 20000000, 2100 },
		{ "xdp_return_frame", 1, LATWATCH_PROBE_KIND_KPROBE, 1, 251,
		  251 },
	};
	struct nlmsghdr *nlh;
	size_t i;

	if (!machine_has_paths(fixture))
		return;
	for (i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags,
				 LATWATCH_CMD_COST_GET);
		mnl_attr_put_strz(nlh, LATWATCH_A_COST_PROBE, costs[i].probe);
		mnl_attr_put_u32(nlh, LATWATCH_A_COST_CPU, costs[i].cpu);
		mnl_attr_put_u32(nlh, LATWATCH_A_COST_KIND, costs[i].kind);
		put_uint(nlh, LATWATCH_A_COST_CALLS, costs[i].calls);
		put_uint(nlh, LATWATCH_A_COST_TOTAL, costs[i].total);
		put_uint(nlh, LATWATCH_A_COST_WORST, costs[i].worst);
		put_uint(nlh, LATWATCH_A_COST_SINCE, NOW - 60 * S);
		tape_end(tape, nlh);
	}
}

/* a limit for all and one of VM 1, of the machine with all paths */
void fixture_budget(const struct fixture *fixture, struct tape *tape)
{
	static const struct {
		uint32_t vm, stage, path;
		const char *name;
		uint64_t limit, breaches;
	} bounds[] = {
		{ 0, LATWATCH_STAGE_END_TO_END, LATWATCH_PATH_RX, "end to end", 250000, 0 },
		{ 0, LATWATCH_STAGE_TX_STACK, LATWATCH_PATH_TX, "stack", 1, 5 },
		{ 1, LATWATCH_STAGE_END_TO_END, LATWATCH_PATH_RX, "end to end", 20000, 1 },
		{ 0, LATWATCH_STAGE_XDP, LATWATCH_PATH_RX, "xdp", 20000, 0 },
	};
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	size_t i;

	if (!machine_has_paths(fixture))
		return;
	nlh = tape_begin(tape, FIXTURE_FAMILY, 0, LATWATCH_CMD_BUDGET_GET);
	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		nest = mnl_attr_nest_start(nlh, LATWATCH_A_BUDGET_BOUND);
		if (bounds[i].vm)
			mnl_attr_put_u32(nlh, LATWATCH_A_BOUND_VM, bounds[i].vm);
		mnl_attr_put_u32(nlh, LATWATCH_A_BOUND_STAGE, bounds[i].stage);
		mnl_attr_put_u32(nlh, LATWATCH_A_BOUND_PATH, bounds[i].path);
		mnl_attr_put_strz(nlh, LATWATCH_A_BOUND_NAME, bounds[i].name);
		put_uint(nlh, LATWATCH_A_BOUND_LIMIT, bounds[i].limit);
		put_uint(nlh, LATWATCH_A_BOUND_BREACHES, bounds[i].breaches);
		mnl_attr_nest_end(nlh, nest);
	}
	tape_end(tape, nlh);
}

/* the second of a stage that was told before */
static void put_second(struct nlmsghdr *nlh, uint64_t begin, uint64_t count, uint64_t max)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_WINDOW_SECOND);

	put_uint(nlh, LATWATCH_A_SECOND_BEGIN, begin);
	put_uint(nlh, LATWATCH_A_SECOND_COUNT, count);
	put_uint(nlh, LATWATCH_A_SECOND_MAXIMUM, max);
	mnl_attr_nest_end(nlh, nest);
}

/* a stage whose seconds are in two messages, the last of which is not over */
void fixture_windows(const struct fixture *fixture, uint16_t flags, struct tape *tape)
{
	const uint64_t now = NOW / S;
	struct nlmsghdr *nlh;
	int more;

	if (!machine_has_paths(fixture))
		return;
	for (more = 0; more < 2; more++) {
		nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags,
				 LATWATCH_CMD_WINDOW_GET);
		mnl_attr_put_u32(nlh, LATWATCH_A_WINDOW_VM, 1);
		mnl_attr_put_u32(nlh, LATWATCH_A_WINDOW_ID, LATWATCH_STAGE_END_TO_END);
		if (!more) {
			mnl_attr_put_strz(nlh, LATWATCH_A_WINDOW_NAME, "end to end");
			mnl_attr_put_u32(nlh, LATWATCH_A_WINDOW_PATH, LATWATCH_PATH_RX);
			put_second(nlh, now - 100, 1200, 21000);
		}
		put_second(nlh, now - !more, 7, 17000 + (uint64_t)more);
		tape_end(tape, nlh);
	}
	nlh = tape_begin(tape, FIXTURE_FAMILY, NLM_F_MULTI | flags, LATWATCH_CMD_WINDOW_GET);
	mnl_attr_put_u32(nlh, LATWATCH_A_WINDOW_VM, 1);
	mnl_attr_put_u32(nlh, LATWATCH_A_WINDOW_ID, LATWATCH_STAGE_NAPI);
	mnl_attr_put_strz(nlh, LATWATCH_A_WINDOW_NAME, "napi");
	mnl_attr_put_u32(nlh, LATWATCH_A_WINDOW_PATH, LATWATCH_PATH_RX);
	put_second(nlh, now - 3, 2, 900);
	tape_end(tape, nlh);
}

static struct nlattr *begin_entry(struct nlmsghdr *nlh, uint32_t category,
				  const char *name, uint64_t count)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_LEDGER_ENTRY);

	mnl_attr_put_u32(nlh, LATWATCH_A_ENTRY_CATEGORY, category);
	mnl_attr_put_strz(nlh, LATWATCH_A_ENTRY_NAME, name);
	put_uint(nlh, LATWATCH_A_ENTRY_COUNT, count);
	return nest;
}

static void put_entry(struct nlmsghdr *nlh, uint32_t category,
		      const char *name, uint64_t count)
{
	mnl_attr_nest_end(nlh, begin_entry(nlh, category, name, count));
}

static void put_entry_of(struct nlmsghdr *nlh, uint32_t path, uint32_t category,
			 const char *name, uint64_t count)
{
	struct nlattr *nest = begin_entry(nlh, category, name, count);

	mnl_attr_put_u32(nlh, LATWATCH_A_ENTRY_PATH, path);
	mnl_attr_nest_end(nlh, nest);
}

#define RX(category, name, count) \
	put_entry_of(nlh, LATWATCH_PATH_RX, LATWATCH_CATEGORY_##category, \
		     name, count)
#define TX(category, name, count) \
	put_entry_of(nlh, LATWATCH_PATH_TX, LATWATCH_CATEGORY_##category, \
		     name, count)
#define DEVICE(category, name, count) \
	put_entry_of(nlh, LATWATCH_PATH_DEVICE, LATWATCH_CATEGORY_##category, \
		     name, count)
#define LOCAL(category, name, count) \
	put_entry_of(nlh, LATWATCH_PATH_LOCAL, LATWATCH_CATEGORY_##category, \
		     name, count)

static void put_device(struct nlmsghdr *nlh)
{
	DEVICE(OPENED, "interrupts for a guest", 301);
	DEVICE(DELIVERED, "entry after a wake", 220);
	DEVICE(DELIVERED, "entry of a vCPU that was awake", 79);
	DEVICE(LOST, "VM not known yet", 1);
	DEVICE(IN_FLIGHT, "signalled", 1);
}

/* The first VM hears from a NIC and sends; the second hears from the first. */
static void put_vm_paths(struct nlmsghdr *nlh, int vm, bool sends)
{
	uint64_t tx = vm == 1 && sends;

	RX(OPENED, "taken by a backend", vm == 1 ? 10000 : 702);
	RX(OPENED, "dropped at its taps", 0);
	RX(DELIVERED, "entry after a wake", vm == 1 ? 8817 : 700);
	RX(DELIVERED, "entry of a vCPU that was awake", vm == 1 ? 1181 : 0);
	RX(IN_FLIGHT, "taken", 2);
	RX(IN_FLIGHT, "signalled", 0);
	RX(NOTE, "backends found awake", 360);
	TX(OPENED, "from a VM to a NIC", 4000 * tx);
	TX(DELIVERED, "handed to the NIC's driver", 3988 * tx);
	if (tx) {
		TX(DROPPED, "freed by the kernel", 10);
		TX(NOTE, "freed by the NIC's driver", 3986);
		TX(NOTE, "backends found awake by a kick", 290);
	}
	TX(IN_FLIGHT, "on the way to a NIC's driver", 2 * tx);
	if (vm == 2 && sends)
		put_device(nlh);
}

static void put_host_paths(struct nlmsghdr *nlh, bool sends)
{
	RX(OPENED, "from a NIC's interrupt", 10120);
	RX(OPENED, "from another VM", 702);
	RX(DELIVERED, "entry after a wake", 9517);
	RX(DELIVERED, "entry of a vCPU that was awake", 1181);
	RX(ELSEWHERE, "consumed before the tap's ring", 120);
	RX(LOST, "skb table full", 0);
	RX(IN_FLIGHT, "taken", 4);
	/* Of a path that the reporter does not know. */
	put_entry_of(nlh, 9, LATWATCH_CATEGORY_OPENED, "of tomorrow", 5);
	if (!sends)
		return;
	TX(OPENED, "from a VM to a NIC", 4000);
	TX(DELIVERED, "handed to the NIC's driver", 3988);
	TX(DROPPED, "QDISC_DROP", 10);
	TX(ELSEWHERE, "consumed before the NIC's driver", 0);
	TX(LOST, "skb table full", 0);
	TX(IN_FLIGHT, "on the way to a NIC's driver", 2);
	LOCAL(OPENED, "from this host to a NIC", 5120);
	LOCAL(OPENED, "from one NIC to another", 80);
	LOCAL(DELIVERED, "handed to the NIC's driver", 5197);
	LOCAL(LOST, "skb table full", 1);
	LOCAL(IN_FLIGHT, "on the way to a NIC's driver", 2);
	LOCAL(NOTE, "freed by the NIC's driver", 5190);
	put_entry_of(nlh, LATWATCH_PATH_READER, LATWATCH_CATEGORY_NOTE,
		     "readers found awake", 44);
	put_device(nlh);
}

bool fixture_ledger(const struct fixture *fixture, int vm, struct tape *tape)
{
	bool none = fixture->set == SET_EMPTY || fixture->set == SET_UNSEEN;
	uint64_t scale = none ? 0 : 1;
	struct nlmsghdr *nlh;

	if (vm > fixture->nr_vms)
		return false;
	nlh = tape_begin(tape, FIXTURE_FAMILY, 0, LATWATCH_CMD_LEDGER_GET);
	if (vm)
		mnl_attr_put_u32(nlh, LATWATCH_A_LEDGER_VM, (uint32_t)vm);
	if (machine_has_paths(fixture) && !none) {
		bool sends = fixture->set != SET_PATHS_BLIND;

		if (vm)
			put_vm_paths(nlh, vm, sends);
		else
			put_host_paths(nlh, sends);
		tape_end(tape, nlh);
		return true;
	}
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
