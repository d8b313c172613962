// SPDX-License-Identifier: GPL-2.0
/* The fake machine. See machine.h. */
#include <linux/slab.h>
#include <stdio.h>
#include <stdlib.h>

#include "machine.h"
#include "machine_inside.h"

#define MAX_TASKS	64

struct lw_cpu **lw_cpus;
struct lw_table lw_tap_table;
struct lw_table lw_nic_table;

struct lw_cpu *lw_cpu_of(unsigned int cpu)
{
	return lw_cpus[cpu];
}

unsigned long shim_possible = (1UL << M_CPUS) - 1;
unsigned int nr_cpu_ids = M_CPUS;
unsigned int shim_alloc_fails;
u64 shim_now_ns;
bool shim_clock_runs;

unsigned int m_reclaim_kicks;
bool m_pool_starves;
struct task_struct m_idle[M_CPUS];
u64 m_began_ns;

/*
 * A CPU's context: who runs, and what on top of it. That a softirq runs is a
 * property of the task that it runs in, as on RT; elsewhere nobody is switched
 * to in the middle of one, and it makes no difference.
 */
static struct {
	struct task_struct *task;
	unsigned int hardirq;
	int irq;
} cpus[M_CPUS];

static struct task_struct tasks[MAX_TASKS];
static unsigned int ntasks;
char m_taps[M_TAPS][64];

void lw_reclaim_kick(void)
{
	m_reclaim_kicks++;
}

static void name(struct task_struct *t, const char *comm)
{
	snprintf(t->comm, sizeof(t->comm), "%s", comm);
}

/* at once, as the worker would some time later */
void lw_pool_low(void)
{
	if (!m_pool_starves)
		lw_pool_refill();
}

void m_init(const struct m_sizes *sizes)
{
	static const struct m_sizes ample;
	unsigned int i;
	int err;

	if (!sizes)
		sizes = &ample;
	m_began_ns = shim_now_ns = 1000 * SECOND;
	m_reclaim_kicks = 0;
	ntasks = 0;
	lw_irq_clear();
	lw_trail_begin();
	lw_cpus = kcalloc(nr_cpu_ids, sizeof(*lw_cpus), GFP_KERNEL);
	for (i = 0; i < M_CPUS; i++) {
		lw_cpus[i] = kzalloc(sizeof(**lw_cpus), GFP_KERNEL);
		lw_cpus[i]->id = i;
		m_idle[i] = (struct task_struct){
			.prio = 120, .flags = PF_KTHREAD, .fake_cpu = i,
			.fake_home = i,
		};
		m_idle[i].group_leader = &m_idle[i];
		name(&m_idle[i], "swapper");
		memset(&cpus[i], 0, sizeof(cpus[i]));
		cpus[i].task = &m_idle[i];
	}
	memset(&lw_task_table, 0, sizeof(lw_task_table));
	memset(&lw_skb_table, 0, sizeof(lw_skb_table));
	memset(&lw_tap_table, 0, sizeof(lw_tap_table));
	memset(&lw_nic_table, 0, sizeof(lw_nic_table));
	err = lw_table_init(&lw_task_table, sizes->tasks ?: 64,
			    sizeof(struct lw_task)) ?:
	      lw_table_init(&lw_skb_table, sizes->skbs ?: 256,
			    sizeof(struct lw_skb)) ?:
	      lw_table_init(&lw_tap_table, M_TAPS, sizeof(struct lw_tap)) ?:
	      lw_table_init(&lw_nic_table, 1, sizeof(u32)) ?:
	      lw_batch_init(sizes->batches ?: 64) ?:
	      lw_vm_init(sizes->vms ?: 4) ?: lw_pool_init();
	lw_books = lw_books_alloc(sizes->vms ?: 4, NULL);
	if (err || !lw_books)
		abort();
	for (i = 0; i < M_TAPS; i++) {
		int slot = lw_table_claim(&lw_tap_table, m_taps[i]);

		if (slot < 0)
			abort();
		snprintf(lw_tap(slot)->name, LW_TAP_NAME, "tap%u", i);
		lw_table_publish(&lw_tap_table, slot, m_taps[i]);
	}
}

void m_exit(void)
{
	unsigned int i;

	EXPECT_BALANCE();
	EXPECT_SANE();
	lw_books_free(lw_books);
	lw_books = NULL;
	lw_pool_exit();
	lw_vm_exit();
	lw_batch_exit();
	lw_task_clear();
	lw_table_exit(&lw_tap_table);
	lw_table_exit(&lw_nic_table);
	lw_table_exit(&lw_skb_table);
	lw_table_exit(&lw_task_table);
	for (i = 0; i < M_CPUS; i++)
		kfree(lw_cpus[i]);
	kfree(lw_cpus);
}

void m_at(u64 us)
{
	shim_now_ns = m_began_ns + us * US;
}

void m_after(u64 ns)
{
	shim_now_ns += ns;
}

struct task_struct *m_task(const char *comm, struct mm_struct *mm, int prio,
			   unsigned int flags)
{
	struct task_struct *t;

	if (ntasks == MAX_TASKS)
		abort();
	t = &tasks[ntasks++];
	*t = (struct task_struct){
		.pid = 100 + ntasks, .tgid = 100 + ntasks, .prio = prio,
		.policy = prio < 100 ? SCHED_FIFO : SCHED_NORMAL,
		.flags = flags, .mm = mm, .fake_cpu = -1,
	};
	t->group_leader = t;
	name(t, comm);
	return t;
}

struct task_struct *m_current(unsigned int cpu)
{
	return cpus[cpu].task;
}

/* as lw_enter() does it in a kernel */
struct lw_event m_enter(unsigned int cpu)
{
	/* of the event before */
	lw_cpu_note(lw_cpus[cpu]);
	return (struct lw_event){
		.cpu = lw_cpus[cpu],
		.task = cpus[cpu].task,
		.level = cpus[cpu].hardirq ? LW_LEVEL_HARDIRQ :
			 cpus[cpu].task->fake_softirq ? LW_LEVEL_SOFTIRQ :
					     LW_LEVEL_TASK,
	};
}

void m_wake_seen(unsigned int cpu, struct task_struct *t, bool awake)
{
	struct lw_event ev = m_enter(cpu);
	struct lw_task *s;

	lw_cpu_note(ev.cpu);
	if (lw_waking_matters(ev.cpu, t)) {
		s = lw_task_find(t);
		if (!lw_waking_is_plain(ev.cpu, t, s,
					ev.level == LW_LEVEL_HARDIRQ))
			lw_waking(&ev, t, s, awake);
	}
	/* two may wake it at the same moment */
	WRITE_ONCE(t->fake_asleep, false);
}

void m_wake(unsigned int cpu, struct task_struct *t)
{
	m_wake_seen(cpu, t, t->fake_cpu >= 0);
}

/* as probe_sched_migrate_task() */
void m_move(struct task_struct *t, unsigned int cpu, bool waited)
{
	struct lw_task *s;

	if (lw_trail_is_on() && lw_table_may_have(&lw_task_table, t)) {
		s = lw_task_find(t);
		if (s)
			lw_trail_moves(s, cpu, waited);
	}
	WRITE_ONCE(t->fake_home, cpu);
}

/* as probe_sched_switch() */
void m_switch(unsigned int cpu, struct task_struct *next, enum m_why why)
{
	struct lw_event ev = m_enter(cpu);
	struct task_struct *prev = cpus[cpu].task;
	enum lw_off off = why == M_PREEMPTED ? LW_OFF_PREEMPTED :
			  why == M_LOCK	     ? LW_OFF_BLOCKED :
					       LW_OFF_SLEEPS;
	struct lw_task *s;
	u64 now = 0;

	if (why == M_PREEMPTED)
		prev->nivcsw++;
	else
		prev->nvcsw++;
	if (next->fake_home != cpu)
		m_move(next, cpu, false);
	if (lw_trail_is_on() && lw_trail_watched_at_switch(ev.cpu, off))
		now = lw_trail_switch(ev.cpu, prev);
	if (lw_switch_matters(ev.cpu, next)) {
		s = lw_task_find(next);
		if (lw_trail_is_on() && (now || s))
			lw_trail_followed(ev.cpu, prev, s, off, now);
		if (!lw_switch_plain(ev.cpu, prev, s, why == M_SLEEPS))
			lw_switch(&ev, prev, s, why == M_SLEEPS);
	}
	prev->fake_cpu = -1;
	WRITE_ONCE(prev->fake_asleep, why == M_SLEEPS);
	next->fake_cpu = cpu;
	WRITE_ONCE(next->fake_asleep, false);
	cpus[cpu].task = next;
}

/* current exits, and the CPU idles */
void m_task_exit(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_task_gone(&ev, ev.task);
	ev.task->fake_exited = true;
	m_switch(cpu, &m_idle[cpu], M_LOCK);
}

void m_irq(unsigned int cpu, int irq)
{
	struct lw_event ev;

	cpus[cpu].hardirq++;
	ev = m_enter(cpu);
	cpus[cpu].irq = irq;
	if (lw_trail_is_on())
		lw_trail_irq_entry(&ev);
	lw_irq_entry(&ev, irq);
}

/* the handler returns; the CPU is in hard irq context still */
void m_irq_return(unsigned int cpu, struct task_struct *expect)
{
	struct lw_event ev = m_enter(cpu);

	if (lw_trail_is_on())
		lw_trail_irq_exit(&ev, cpus[cpu].irq, "eth1-rx-0");
	lw_irq_exit(&ev, expect, expect && READ_ONCE(expect->fake_asleep));
}

void m_irq_done(unsigned int cpu)
{
	if (cpus[cpu].hardirq)
		cpus[cpu].hardirq--;
}

/* timers and IPIs: hard irq context without a device's handler */
void m_ipi(unsigned int cpu)
{
	cpus[cpu].hardirq++;
}

void m_ipi_done(unsigned int cpu)
{
	m_irq_done(cpu);
}

void m_timer(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_timer_entry(&ev);
}

void m_timer_done(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_timer_exit(&ev);
}

void m_raise(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_net_rx_raise(&ev);
}

void m_softirq(unsigned int cpu, enum latwatch_stage runner)
{
	struct lw_event ev;

	cpus[cpu].task->fake_softirq++;
	m_bh_off(cpu);
	ev = m_enter(cpu);
	if (lw_trail_is_on())
		lw_trail_softirq_entry(&ev, NET_RX_SOFTIRQ);
	lw_net_rx_entry(&ev, runner);
}

void m_softirq_done(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	if (lw_trail_is_on())
		lw_trail_softirq_exit(&ev, NET_RX_SOFTIRQ);
	lw_net_rx_exit(&ev);
	/* a fuzzer ends what it did not begin */
	if (ev.task->fake_softirq)
		ev.task->fake_softirq--;
	m_bh_on(cpu);
}

void m_softirq_of(unsigned int cpu, u8 vector)
{
	struct lw_event ev;

	cpus[cpu].task->fake_softirq++;
	m_bh_off(cpu);
	ev = m_enter(cpu);
	if (lw_trail_is_on())
		lw_trail_softirq_entry(&ev, vector);
}

void m_softirq_of_done(unsigned int cpu, u8 vector)
{
	struct lw_event ev = m_enter(cpu);

	if (lw_trail_is_on())
		lw_trail_softirq_exit(&ev, vector);
	if (ev.task->fake_softirq)
		ev.task->fake_softirq--;
	m_bh_on(cpu);
}

void m_ipi_of(unsigned int cpu)
{
	struct lw_event ev;

	m_ipi(cpu);
	ev = m_enter(cpu);
	lw_trail_ipi_entry(&ev);
}

void m_ipi_of_done(unsigned int cpu, enum lw_ipi ipi)
{
	struct lw_event ev = m_enter(cpu);

	lw_trail_ipi_exit(&ev, ipi);
	m_ipi_done(cpu);
}

/* as probe_cpu_idle() */
void m_idles(unsigned int cpu, unsigned int state)
{
	lw_cpus[cpu]->trail.idle_state = state + 1;
}

void m_idles_no_more(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_trail_idle_exit(&ev);
}

void m_lock(unsigned int cpu, const struct task_struct *holder)
{
	struct lw_event ev = m_enter(cpu);

	lw_trail_lock(&ev, holder);
}

void m_lock_done(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_trail_lock_end(&ev);
}

void m_bh_off(unsigned int cpu)
{
	cpus[cpu].task->softirq_disable_cnt++;
}

void m_bh_on(unsigned int cpu)
{
	if (cpus[cpu].task->softirq_disable_cnt)
		cpus[cpu].task->softirq_disable_cnt--;
}


void m_signal(unsigned int cpu, u32 vcpu, u8 vector)
{
	struct lw_event ev = m_enter(cpu);

	lw_signal(&ev, vcpu, vector);
}

void m_posted(unsigned int cpu, u32 vcpu, u8 vector)
{
	struct lw_event ev = m_enter(cpu);

	lw_posted(&ev, vcpu, vector);
}

void m_announce(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_announce(&ev);
}

void m_tell(unsigned int cpu, const struct task_struct *vcpu, bool in_guest)
{
	struct lw_event ev = m_enter(cpu);

	lw_notify(&ev, vcpu->mm, vcpu->pid, in_guest);
}

void m_tell_cpu(unsigned int cpu, unsigned int to)
{
	struct lw_event ev = m_enter(cpu);

	if (lw_notify_inferred(&ev))
		lw_notify_running(&ev, lw_cpus[to]->current_slot);
}

void m_inject(unsigned int cpu, u8 vector)
{
	struct lw_event ev = m_enter(cpu);

	lw_inject(&ev, vector);
}

void m_entry(unsigned int cpu, u32 vcpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_guest_entry(&ev, vcpu);
}

void m_guest_exit(unsigned int cpu)
{
	struct lw_event ev = m_enter(cpu);

	lw_guest_exit(&ev);
}

/* as lw_reset(), with nobody to wait for */
void m_reset(void)
{
	struct lw_books *old = lw_books, *new = lw_books_alloc(lw_vm_slots, old);

	if (!new)
		abort();
	new->epoch = old->epoch + 1;
	lw_books = new;
	lw_books_close(old, new);
	lw_books_free(old);
}

/* as reclaim(), with nobody to wait for */
unsigned int m_reclaim(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < lw_vm_slots; i++) {
		struct lw_vm *vm = &lw_vms[i];

		if (vm->state != LW_VM_GONE || atomic_read(&vm->tasks))
			continue;
		lw_skb_disown(lw_vm_account(vm));
		if (lw_books_retire(lw_books, lw_vm_account(vm)))
			abort();
		lw_vm_free(vm);
		atomic_inc(&lw_vm_generation);
		n++;
	}
	return n;
}
