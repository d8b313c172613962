// SPDX-License-Identifier: GPL-2.0
/* The machine that the engine is measured on. See rig.h. */
#include <linux/slab.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "engine/batch.h"
#include "engine/nic.h"
#include "books/books.h"
#include "books/pool.h"
#include "rig.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/task.h"
#include "engine/vm.h"
#include "path/path.h"

#define IRQ		31
#define VECTOR		39
#define NET_RX		3
#define STRANGERS	64
/* as far apart as the kernel's */
#define TASK_STRIDE	9792
#define SKB_STRIDE	256

struct lw_table lw_tap_table;
struct lw_table lw_nic_table;
unsigned long shim_possible;
unsigned int nr_cpu_ids;
unsigned int shim_alloc_fails;
u64 shim_now_ns;
bool shim_clock_runs;

bool rig_culprits = true;

static struct rig_size is;
static struct lw_cpu **cpus;
static char *tasks, *skbs, *taps;
static struct mm_struct *mms;
static unsigned int try_nr, used;
/* what was lost before everybody was known */
static u64 lost;
/* who plays in this turn */
static struct {
	unsigned int nic_cpu, vhost_cpu, vcpu_cpu;
	int irq;
	struct task_struct *idle, *irq_thread, *vhost, *vcpu, *reader;
	struct task_struct *stranger[2];
	struct task_struct *new_vhost, *new_vcpu, *other_vcpu;
	const void *skb, *head, *tap;
} now;

struct lw_cpu *lw_cpu_of(unsigned int cpu)
{
	return cpus[cpu];
}

/* a worker refills the pool between two turns */
static bool pool_is_low;

void lw_pool_low(void)
{
	pool_is_low = true;
}

void lw_reclaim_kick(void)
{
}

static struct task_struct *task(unsigned int n)
{
	return (struct task_struct *)(tasks + (size_t)n * TASK_STRIDE);
}

static const void *skb_at(unsigned int n)
{
	return skbs + (size_t)n * SKB_STRIDE;
}

/* task numbers: idle, irq thread, reader, those of VMs that come, strangers, VMs' */
enum {
	IDLE, IRQ_THREAD, READER, NEW_VHOST, NEW_VCPU, OTHER_VCPU, STRANGER,
	VMS = STRANGER + STRANGERS
};

#define NEWCOMERS	(STRANGER - NEW_VHOST)

static struct task_struct *vhost(unsigned int vm)
{
	return task(VMS + 2 * vm);
}

static struct task_struct *vcpu(unsigned int vm)
{
	return task(VMS + 2 * vm + 1);
}

/* untouched, it takes no memory */
static void *space(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

/* as lw_enter() and lw_leave() do it in a kernel */
static struct lw_event *enter(unsigned int cpu, struct task_struct *t,
			   enum lw_level level)
{
	struct lw_event *ev = &cpus[cpu]->ev;

	shim_now_ns += 100;
	ev->task = t;
	ev->source = 0;
	ev->level = level;
	return ev;
}

static void leave(struct lw_event *ev)
{
	lw_cpu_note(ev->cpu);
}

/* as probe_sched_waking() and probe_sched_switch(), which have these apart, too */
static noinline void waking_matters(unsigned int cpu, struct task_struct *by,
				    enum lw_level level, struct task_struct *t)
{
	struct lw_task *s = lw_task_find(t);
	struct lw_event *ev;

	if (lw_waking_is_plain(cpus[cpu], t, s, level == LW_LEVEL_HARDIRQ))
		return;
	ev = enter(cpu, by, level);
	lw_waking(ev, t, s, false);
	leave(ev);
}

static void waking(unsigned int cpu, struct task_struct *by,
		   enum lw_level level, struct task_struct *t)
{
	if (unlikely(lw_waking_matters(cpus[cpu], t)))
		waking_matters(cpu, by, level, t);
}

static noinline void switch_matters(unsigned int cpu, struct task_struct *prev,
				    struct task_struct *next, u64 at)
{
	struct lw_task *s = lw_task_find(next);
	struct lw_event *ev;

	if (lw_trail_is_on() && (at || s))
		lw_trail_followed(cpus[cpu], prev, s, LW_OFF_SLEEPS, at);
	if (lw_switch_plain(cpus[cpu], prev, s, true))
		return;
	ev = enter(cpu, prev, LW_LEVEL_TASK);
	lw_switch(ev, prev, s, true);
	leave(ev);
}

static void switches(unsigned int cpu, struct task_struct *prev,
		     struct task_struct *next)
{
	u64 at = 0;

	if (lw_trail_is_on() && lw_trail_watched_at_switch(cpus[cpu], LW_OFF_SLEEPS))
		at = lw_trail_switch(cpus[cpu], prev);
	if (unlikely(lw_switch_matters(cpus[cpu], next)))
		switch_matters(cpu, prev, next, at);
}

/* as the probes of interrupts and softirqs */
#define TRAIL(call)	do { if (lw_trail_is_on()) call; } while (0)

#define EVENT(name, cpu, task, level, call) \
	static void name(void) \
	{ \
		struct lw_event *ev = enter(now.cpu, now.task, LW_LEVEL_##level); \
		call; \
		leave(ev); \
	}
#define WAKING(name, cpu, by, level, t) \
	static void name(void) \
	{ \
		waking(now.cpu, now.by, LW_LEVEL_##level, now.t); \
	}
#define SWITCH(name, cpu, prev, next) \
	static void name(void) \
	{ \
		switches(now.cpu, now.prev, now.next); \
	}

static int tap_slot(void)
{
	return lw_tap_find(now.tap);
}

WAKING(stranger_wakes, nic_cpu, stranger[0], TASK, stranger[1])
SWITCH(stranger_runs, nic_cpu, stranger[0], stranger[1])

EVENT(irq_entry, nic_cpu, idle, HARDIRQ,
      TRAIL(lw_trail_irq_entry(ev)); lw_irq_entry(ev, IRQ))
EVENT(irq_exit, nic_cpu, idle, HARDIRQ,
      TRAIL(lw_trail_irq_exit(ev, IRQ, "eth1-rx-0"));
      lw_irq_exit(ev, now.irq_thread, true))
WAKING(irq_thread_wakes, nic_cpu, idle, HARDIRQ, irq_thread)
SWITCH(irq_thread_runs, nic_cpu, idle, irq_thread)
EVENT(raise_net_rx, nic_cpu, irq_thread, TASK, lw_net_rx_raise(ev))
EVENT(softirq_entry, nic_cpu, irq_thread, SOFTIRQ,
      TRAIL(lw_trail_softirq_entry(ev, NET_RX));
      lw_net_rx_entry(ev, LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD))
EVENT(stack, nic_cpu, irq_thread, SOFTIRQ, lw_stack(ev, now.skb, now.head, LW_NIC))
EVENT(queue, nic_cpu, irq_thread, SOFTIRQ,
      lw_queue(ev, now.skb, now.head, tap_slot(), 1))
EVENT(xmit, nic_cpu, irq_thread, SOFTIRQ,
      lw_xmit_begin(ev, now.skb, now.head, tap_slot(), 1))
WAKING(vhost_wakes, nic_cpu, irq_thread, SOFTIRQ, vhost)
EVENT(xmit_end, nic_cpu, irq_thread, SOFTIRQ,
      lw_xmit_end(ev, now.skb, tap_slot()))
EVENT(softirq_exit, nic_cpu, irq_thread, SOFTIRQ,
      TRAIL(lw_trail_softirq_exit(ev, NET_RX)); lw_net_rx_exit(ev))
SWITCH(irq_thread_sleeps, nic_cpu, irq_thread, idle)
SWITCH(vhost_runs, vhost_cpu, idle, vhost)
EVENT(take, vhost_cpu, vhost, TASK, lw_consumed(ev, now.skb, now.head))
EVENT(signals, vhost_cpu, vhost, TASK, lw_signal(ev, 0, VECTOR))
WAKING(vcpu_wakes, vhost_cpu, vhost, TASK, vcpu)
SWITCH(vhost_sleeps, vhost_cpu, vhost, idle)
SWITCH(vcpu_runs, vcpu_cpu, idle, vcpu)
EVENT(inject, vcpu_cpu, vcpu, TASK, lw_inject(ev, VECTOR))
EVENT(entry, vcpu_cpu, vcpu, TASK, lw_guest_entry(ev, 0))
EVENT(guest_exit, vcpu_cpu, vcpu, TASK, lw_guest_exit(ev))
SWITCH(vcpu_sleeps, vcpu_cpu, vcpu, idle)

WAKING(kick, vcpu_cpu, vcpu, TASK, vhost)
EVENT(stack_tap, vhost_cpu, vhost, TASK, lw_stack(ev, now.skb, now.head, tap_slot()))
EVENT(queue_nic, vhost_cpu, vhost, TASK,
      lw_queue(ev, now.skb, now.head, LW_NIC, 1))
EVENT(xmit_nic, vhost_cpu, vhost, TASK,
      lw_xmit_begin(ev, now.skb, now.head, LW_NIC, 1))
EVENT(xmit_nic_end, vhost_cpu, vhost, TASK,
      lw_xmit_end(ev, now.skb, LW_NIC))
EVENT(completed, nic_cpu, idle, SOFTIRQ, lw_consumed(ev, now.skb, now.head))

EVENT(host_raise, nic_cpu, idle, HARDIRQ, lw_net_rx_raise(ev))
EVENT(host_irq_exit, nic_cpu, idle, HARDIRQ,
      TRAIL(lw_trail_irq_exit(ev, IRQ, "eth1-rx-0")); lw_irq_exit(ev, NULL, false))
EVENT(host_softirq, nic_cpu, idle, SOFTIRQ,
      TRAIL(lw_trail_softirq_entry(ev, NET_RX));
      lw_net_rx_entry(ev, LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER))
EVENT(host_stack, nic_cpu, idle, SOFTIRQ, lw_stack(ev, now.skb, now.head, LW_NIC))
WAKING(reader_wakes, nic_cpu, idle, SOFTIRQ, reader)
EVENT(host_freed, nic_cpu, idle, SOFTIRQ, lw_consumed(ev, now.skb, now.head))
EVENT(host_softirq_exit, nic_cpu, idle, SOFTIRQ,
      TRAIL(lw_trail_softirq_exit(ev, NET_RX)); lw_net_rx_exit(ev))
SWITCH(reader_runs, nic_cpu, idle, reader)
EVENT(copied, nic_cpu, reader, TASK,
      ev->source = 1; lw_copied(ev, now.skb, now.head))
SWITCH(reader_sleeps, nic_cpu, reader, idle)

EVENT(device_irq, nic_cpu, idle, HARDIRQ,
      TRAIL(lw_trail_irq_entry(ev)); lw_irq_entry(ev, now.irq))
EVENT(device_signal, nic_cpu, idle, HARDIRQ, lw_signal(ev, 0, VECTOR))
WAKING(device_wakes, nic_cpu, idle, HARDIRQ, vcpu)

EVENT(local_xmit, nic_cpu, idle, SOFTIRQ,
      lw_xmit_begin(ev, now.skb, now.head, tap_slot(), 1))
EVENT(local_xmit_end, nic_cpu, idle, SOFTIRQ,
      lw_xmit_end(ev, now.skb, tap_slot()))
EVENT(posted, vhost_cpu, vhost, TASK, lw_posted(ev, 0, VECTOR))
EVENT(inject_other, vcpu_cpu, vcpu, TASK, lw_inject(ev, VECTOR + 1))

EVENT(new_entry, vcpu_cpu, new_vcpu, TASK, lw_guest_entry(ev, 0))
EVENT(new_exit, vcpu_cpu, new_vcpu, TASK, lw_guest_exit(ev))
SWITCH(new_vhost_runs, vhost_cpu, idle, new_vhost)
EVENT(new_take, vhost_cpu, new_vhost, TASK, lw_consumed(ev, now.skb, now.head))
EVENT(new_signal, vhost_cpu, new_vhost, TASK, lw_signal(ev, 0, VECTOR))
WAKING(new_vcpu_wakes, vhost_cpu, new_vhost, TASK, new_vcpu)
EVENT(other_entry, nic_cpu, other_vcpu, TASK, lw_guest_entry(ev, 0))
EVENT(other_gone, nic_cpu, other_vcpu, TASK, lw_task_gone(ev, now.other_vcpu))
EVENT(new_vhost_gone, vhost_cpu, new_vhost, TASK, lw_task_gone(ev, now.new_vhost))
EVENT(new_vcpu_gone, vcpu_cpu, new_vcpu, TASK, lw_task_gone(ev, now.new_vcpu))

/* a packet waits with each vector that there is room for but one, and is posted */
static void post_to_others(void)
{
	struct lw_event *ev;
	u32 vcpu_id;

	vhost_runs();
	for (vcpu_id = 1; vcpu_id < LW_VM_VECTORS; vcpu_id++) {
		local_xmit();
		local_xmit_end();
		take();
		ev = enter(now.vhost_cpu, now.vhost, LW_LEVEL_TASK);
		lw_signal(ev, vcpu_id, VECTOR);
		lw_posted(ev, vcpu_id, VECTOR);
		leave(ev);
	}
	vhost_sleeps();
	/* the vCPU's thread has run another one, and knows nothing of these */
	ev = enter(now.vcpu_cpu, now.vcpu, LW_LEVEL_TASK);
	lw_guest_entry(ev, LW_VM_VECTORS);
	lw_guest_exit(ev);
	leave(ev);
}

/* what reclaim does, with nobody to wait for */
static void make_room(void)
{
	unsigned int i;

	for (i = 0; i < lw_vm_slots; i++) {
		struct lw_vm *vm = &lw_vms[i];

		if (vm->state != LW_VM_GONE)
			continue;
		if (lw_books_retire(lw_books, lw_vm_account(vm)))
			abort();
		lw_vm_free(vm);
		atomic_inc(&lw_vm_generation);
	}
}

#define E(name, function)	{ name, function }

const struct rig_way rig_strangers = {
	"tasks that nobody follows", (const struct rig_event[]){
	E("sched_waking", stranger_wakes),
	E("sched_switch", stranger_runs),
	{ }
} };

const struct rig_way rig_rx = {
	"a packet from a NIC to its guest", (const struct rig_event[]){
	E("irq_handler_entry", irq_entry),
	E("irq_handler_exit", irq_exit),
	E("sched_waking, irq thread", irq_thread_wakes),
	E("sched_switch, irq thread", irq_thread_runs),
	E("softirq_raise", raise_net_rx),
	E("softirq_entry", softirq_entry),
	E("netif_receive_skb", stack),
	E("net_dev_queue, tap", queue),
	E("net_dev_start_xmit, tap", xmit),
	E("sched_waking, backend", vhost_wakes),
	E("net_dev_xmit, tap", xmit_end),
	E("softirq_exit", softirq_exit),
	E("sched_switch, sleeps", irq_thread_sleeps),
	E("sched_switch, backend", vhost_runs),
	E("consume_skb, take", take),
	E("kvm_apic_accept_irq", signals),
	E("sched_waking, vCPU", vcpu_wakes),
	E("sched_switch, sleeps", vhost_sleeps),
	E("sched_switch, vCPU", vcpu_runs),
	E("kvm_inj_virq", inject),
	E("kvm_entry", entry),
	E("kvm_exit", guest_exit),
	E("sched_switch, sleeps", vcpu_sleeps),
	{ }
} };

const struct rig_way rig_tx = {
	"a packet from a guest to a NIC", (const struct rig_event[]){
	E("sched_switch, vCPU", vcpu_runs),
	E("kvm_entry", entry),
	E("kvm_exit", guest_exit),
	E("sched_waking, kick", kick),
	E("sched_switch, sleeps", vcpu_sleeps),
	E("sched_switch, backend", vhost_runs),
	E("netif_receive_skb, tap", stack_tap),
	E("net_dev_queue, NIC", queue_nic),
	E("net_dev_start_xmit, NIC", xmit_nic),
	E("net_dev_xmit, NIC", xmit_nic_end),
	E("consume_skb, completion", completed),
	E("sched_switch, sleeps", vhost_sleeps),
	{ }
} };

const struct rig_way rig_host = {
	"a packet to a reader of the host", (const struct rig_event[]){
	E("irq_handler_entry", irq_entry),
	E("softirq_raise", host_raise),
	E("irq_handler_exit", host_irq_exit),
	E("softirq_entry", host_softirq),
	E("netif_receive_skb", host_stack),
	E("sched_waking, reader", reader_wakes),
	E("consume_skb, nobody's", host_freed),
	E("softirq_exit", host_softirq_exit),
	E("sched_switch, reader", reader_runs),
	E("skb_copy_datagram_iovec", copied),
	E("sched_switch, sleeps", reader_sleeps),
	{ }
} };

const struct rig_way rig_device = {
	"an interrupt of a guest's own device", (const struct rig_event[]){
	E("irq_handler_entry", device_irq),
	E("kvm_apic_accept_irq", device_signal),
	E("sched_waking, vCPU", device_wakes),
	E("irq_handler_exit", host_irq_exit),
	E("sched_switch, vCPU", vcpu_runs),
	E("kvm_inj_virq", inject),
	E("kvm_entry", entry),
	E("kvm_exit", guest_exit),
	E("sched_switch, sleeps", vcpu_sleeps),
	{ }
} };

const struct rig_way rig_apicv = {
	"packets by posted interrupts, APICv", (const struct rig_event[]){
	E("net_dev_start_xmit, tap", local_xmit),
	E("net_dev_xmit, tap", local_xmit_end),
	E("sched_switch, backend", vhost_runs),
	E("consume_skb, take", take),
	E("kvm_apic_accept_irq", signals),
	E("sched_waking, vCPU", vcpu_wakes),
	E("kvm_apicv_accept_irq", posted),
	E("sched_switch, vCPU", vcpu_runs),
	E("kvm_entry", entry),
	E("net_dev_start_xmit, tap", local_xmit),
	E("net_dev_xmit, tap", local_xmit_end),
	E("consume_skb, take", take),
	E("kvm_apic_accept_irq", signals),
	E("kvm_apicv_accept_irq, in guest", posted),
	E("sched_switch, sleeps", vhost_sleeps),
	E("kvm_exit", guest_exit),
	E("kvm_entry, after another post", entry),
	E("kvm_exit", guest_exit),
	E("kvm_entry, with nothing", entry),
	E("kvm_exit", guest_exit),
	E("sched_switch, sleeps", vcpu_sleeps),
	{ }
} };

const struct rig_way rig_avic = {
	"a packet by a posted interrupt, AVIC", (const struct rig_event[]){
	E("net_dev_start_xmit, tap", local_xmit),
	E("net_dev_xmit, tap", local_xmit_end),
	E("sched_switch, backend", vhost_runs),
	E("consume_skb, take", take),
	E("kvm_apic_accept_irq", signals),
	E("kvm_apicv_accept_irq", posted),
	E("sched_waking, vCPU", vcpu_wakes),
	E("sched_switch, sleeps", vhost_sleeps),
	E("sched_switch, vCPU", vcpu_runs),
	E("kvm_entry", entry),
	E("kvm_exit", guest_exit),
	E("sched_switch, sleeps", vcpu_sleeps),
	{ }
} };

const struct rig_way rig_vectors = {
	"a packet to a guest with 64 vectors", (const struct rig_event[]){
	E("net_dev_start_xmit, tap", local_xmit),
	E("net_dev_xmit, tap", local_xmit_end),
	E("sched_switch, backend", vhost_runs),
	E("consume_skb, take", take),
	E("kvm_apic_accept_irq", signals),
	E("sched_waking, vCPU", vcpu_wakes),
	E("sched_switch, sleeps", vhost_sleeps),
	E("sched_switch, vCPU", vcpu_runs),
	E("kvm_entry, 63 others posted", entry),
	E("kvm_exit", guest_exit),
	E("kvm_inj_virq, another", inject_other),
	E("kvm_inj_virq", inject),
	E("kvm_entry", entry),
	E("kvm_exit", guest_exit),
	E("kvm_entry, with nothing", entry),
	E("kvm_exit", guest_exit),
	E("sched_switch, sleeps", vcpu_sleeps),
	{ }
}, post_to_others };

const struct rig_way rig_newcomer = {
	"a VM comes, is seen, and goes", (const struct rig_event[]){
	E("kvm_entry, first of its VM", new_entry),
	E("kvm_exit", new_exit),
	E("kvm_entry, no slot", other_entry),
	E("kvm_entry, no slot again", other_entry),
	E("net_dev_start_xmit, tap", local_xmit),
	E("net_dev_xmit, tap", local_xmit_end),
	E("sched_switch, backend", new_vhost_runs),
	E("consume_skb, first take", new_take),
	E("kvm_apic_accept_irq, first", new_signal),
	E("sched_waking, vCPU", new_vcpu_wakes),
	E("irq_handler_entry", irq_entry),
	E("softirq_raise", host_raise),
	E("irq_handler_exit", host_irq_exit),
	E("softirq_entry", host_softirq),
	E("netif_receive_skb", host_stack),
	E("sched_waking, reader", reader_wakes),
	E("softirq_exit", host_softirq_exit),
	E("sched_switch, reader", reader_runs),
	E("skb_copy_datagram_iovec", copied),
	E("sched_switch, sleeps", reader_sleeps),
	E("sched_process_exit, no slot", other_gone),
	E("sched_process_exit, backend", new_vhost_gone),
	E("sched_process_exit, last", new_vcpu_gone),
	{ }
}, make_room };

const struct rig_way *const rig_guests[] = {
	&rig_apicv, &rig_avic, &rig_vectors, &rig_newcomer, NULL
};

const struct rig_way *const rig_ways[] = {
	&rig_strangers, &rig_rx, &rig_tx, &rig_host, &rig_device, NULL
};

void rig_turn(const struct rig_way *way)
{
	unsigned int vm = try_nr % is.vms;

	try_nr++;
	now.nic_cpu = try_nr % is.cpus;
	now.vhost_cpu = (try_nr + 1) % is.cpus;
	now.vcpu_cpu = (try_nr + 2) % is.cpus;
	now.irq = IRQ + 1 + vm;
	now.idle = task(IDLE);
	now.irq_thread = task(IRQ_THREAD);
	now.reader = task(READER);
	now.vhost = vhost(vm);
	now.vcpu = vcpu(vm);
	now.stranger[0] = task(STRANGER + try_nr % STRANGERS);
	now.stranger[1] = task(STRANGER + (try_nr + 1) % STRANGERS);
	/* a burst's skbs come from a slab in turn */
	now.skb = skb_at(is.skbs + try_nr % 64);
	now.head = (const char *)now.skb + 128;
	now.tap = taps + (size_t)vm * TASK_STRIDE;
	now.new_vhost = task(NEW_VHOST);
	now.new_vcpu = task(NEW_VCPU);
	now.other_vcpu = task(OTHER_VCPU);
	now.irq_thread->fake_home = now.nic_cpu;
	now.reader->fake_home = now.nic_cpu;
	now.vhost->fake_home = now.vhost_cpu;
	now.new_vhost->fake_home = now.vhost_cpu;
	now.vcpu->fake_home = now.vcpu_cpu;
	now.new_vcpu->fake_home = now.vcpu_cpu;
	if (pool_is_low) {
		pool_is_low = false;
		if (!lw_pool_refill())
			abort();
	}
	if (way->begin)
		way->begin();
}

static void set_task(unsigned int n, const char *comm, struct mm_struct *mm,
		     unsigned int flags)
{
	struct task_struct *t = task(n);

	t->pid = n;
	t->tgid = n;
	t->prio = 120;
	t->flags = flags;
	t->mm = mm;
	t->group_leader = t;
	snprintf(t->comm, sizeof(t->comm), "%s", comm);
}

/* tasks that were followed once and are alive still */
static void follow(unsigned int n)
{
	struct lw_event *ev = enter(0, task(IDLE), LW_LEVEL_TASK);

	for (; n; n--) {
		unsigned int t = VMS + 2 * is.vms + n;

		set_task(t, "other", NULL, 0);
		if (!lw_task_claim(ev, task(t)))
			abort();
	}
	leave(ev);
}

/* packets that wait in the first tap's ring */
static void keep(unsigned int n)
{
	now.tap = taps;
	while (n--) {
		struct lw_event *ev = enter(0, task(IDLE), LW_LEVEL_SOFTIRQ);

		lw_xmit_begin(ev, skb_at(n), skb_at(n), tap_slot(), 1);
		lw_xmit_end(ev, skb_at(n), tap_slot());
		leave(ev);
	}
}

static u64 losses(void)
{
	u64 n = lw_ledger_total(lw_books, LW_NOTE_TASK_FULL);
	unsigned int line;

	for (line = 0; line < LW_NLEDGER; line++)
		if (lw_lines[line].category == LATWATCH_CATEGORY_LOST)
			n += lw_ledger_total(lw_books, line);
	return n;
}

void rig_init(const struct rig_size *size)
{
	const struct rig_way *const *way;
	unsigned int i;
	int err;

	is = *size;
	try_nr = 0;
	shim_now_ns = 1000000000;
	static_branch_disable(&lw_trail_key);
	if (rig_culprits)
		lw_trail_begin();
	nr_cpu_ids = is.cpus;
	shim_possible = is.cpus == 64 ? ~0UL : (1UL << is.cpus) - 1;
	cpus = kcalloc(is.cpus, sizeof(*cpus), GFP_KERNEL);
	for (i = 0; i < is.cpus; i++) {
		cpus[i] = kzalloc(sizeof(**cpus), GFP_KERNEL);
		cpus[i]->id = i;
		cpus[i]->ev.cpu = cpus[i];
	}
	/* tasks of VMs, irq thread and reader are followed in any case */
	used = max_t(unsigned int, is.tasks, 2 * is.vms + 2 + NEWCOMERS);
	tasks = space((size_t)(VMS + 2 * is.vms + used + 1) * TASK_STRIDE);
	skbs = space((size_t)(is.skbs + 64) * SKB_STRIDE);
	taps = space((size_t)is.vms * TASK_STRIDE);
	mms = kcalloc(is.vms + 3, sizeof(*mms), GFP_KERNEL);
	memset(&lw_task_table, 0, sizeof(lw_task_table));
	memset(&lw_skb_table, 0, sizeof(lw_skb_table));
	memset(&lw_tap_table, 0, sizeof(lw_tap_table));
	memset(&lw_nic_table, 0, sizeof(lw_nic_table));
	err = lw_table_init(&lw_task_table, used, sizeof(struct lw_task)) ?:
	      lw_table_init(&lw_skb_table, is.skbs, sizeof(struct lw_skb)) ?:
	      lw_table_init(&lw_nic_table, 1, sizeof(u32)) ?:
	      lw_table_init(&lw_tap_table, is.vms, sizeof(struct lw_tap)) ?:
	      lw_batch_init(512) ?: lw_vm_init(is.vms + 1) ?: lw_pool_init();
	lw_books = lw_books_alloc(is.vms + 1, NULL);
	if (err || !lw_books)
		abort();
	set_task(IDLE, "swapper", NULL, PF_KTHREAD);
	set_task(IRQ_THREAD, "irq/31-eth1", NULL, PF_KTHREAD);
	set_task(READER, "reader", &mms[is.vms], 0);
	for (i = 0; i < STRANGERS; i++)
		set_task(STRANGER + i, i % 2 ? "kworker/0:1" : "bash",
			 &mms[is.vms], i % 2 ? PF_KTHREAD : 0);
	for (i = 0; i < is.vms; i++) {
		const void *tap = taps + (size_t)i * TASK_STRIDE;
		int slot = lw_table_claim(&lw_tap_table, tap);

		if (slot < 0)
			abort();
		lw_table_publish(&lw_tap_table, slot, tap);
		set_task(VMS + 2 * i, "vhost", &mms[i], PF_KTHREAD);
		set_task(VMS + 2 * i + 1, "CPU 0/KVM", &mms[i], 0);
	}
	set_task(NEW_VHOST, "vhost", &mms[is.vms + 1], PF_KTHREAD);
	set_task(NEW_VCPU, "CPU 0/KVM", &mms[is.vms + 1], 0);
	set_task(OTHER_VCPU, "CPU 0/KVM", &mms[is.vms + 2], 0);
	follow(used - 2 * is.vms - 2 - NEWCOMERS);
	keep(is.kept);
	/* everybody becomes known, and each stage has its worst on each CPU */
	for (way = rig_ways; *way; way++)
		for (i = 0; i < 2 * is.vms * is.cpus; i++)
			rig_run(*way);
	for (way = rig_guests; *way; way++)
		for (i = 0; i < 2 * is.vms * is.cpus; i++)
			rig_run(*way);
	lost = losses();
}

void rig_exit(void)
{
	unsigned int i;

	lw_books_free(lw_books);
	lw_books = NULL;
	lw_pool_exit();
	lw_vm_exit();
	lw_batch_exit();
	lw_table_exit(&lw_tap_table);
	lw_table_exit(&lw_nic_table);
	lw_table_exit(&lw_skb_table);
	lw_task_clear();
	lw_table_exit(&lw_task_table);
	munmap(tasks, (size_t)(VMS + 2 * is.vms + used + 1) * TASK_STRIDE);
	munmap(skbs, (size_t)(is.skbs + 64) * SKB_STRIDE);
	munmap(taps, (size_t)is.vms * TASK_STRIDE);
	kfree(mms);
	for (i = 0; i < is.cpus; i++)
		kfree(cpus[i]);
	kfree(cpus);
}

unsigned int rig_events(const struct rig_way *way)
{
	unsigned int n = 0;

	while (way->events[n].name)
		n++;
	return n;
}

void rig_run(const struct rig_way *way)
{
	const struct rig_event *e;

	rig_turn(way);
	for (e = way->events; e->name; e++)
		e->run();
}

bool rig_is_sound(void)
{
	return losses() == lost &&
	       lw_ledger_total(lw_books, LW_DELIVERED_ENTRY) &&
	       lw_ledger_total(lw_books, LW_TX_SENT) &&
	       lw_ledger_total(lw_books, LW_DEVICE_ENTERED);
}
