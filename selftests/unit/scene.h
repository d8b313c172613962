/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The usual cast on the fake machine, and what it usually does.
 *
 *	CPU 0	the NIC's interrupts, its irq thread, NET_RX
 *	CPU 1	the backend (a vhost worker with the VMM's address space)
 *	CPU 2	the vCPU
 *	CPU 3	anybody else
 *
 * A test plays with these what is beside its point, and writes out the
 * events that it is about.
 */
#ifndef UNIT_SCENE_H
#define UNIT_SCENE_H

#include "machine.h"

#define NIC_CPU		0
#define VHOST_CPU	1
#define VCPU_CPU	2
#define OTHER_CPU	3

#define NIC_IRQ		31
#define VECTOR		39

#define RUNNER_OTHER	LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER
#define RUNNER_THREAD	LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD

#define NSKBS		80

static struct {
	struct mm_struct mm, mm2, other_mm;
	struct task_struct *irq_thread, *irq_thread2, *ksoftirqd;
	struct task_struct *vhost, *vcpu;	/* of one VM */
	struct task_struct *vhost2, *vcpu2;	/* of another */
	struct task_struct *vmm;	/* of the first, in user space */
	struct task_struct *other, *kthread;
	struct m_skb skb[NSKBS];
	unsigned int vm;	/* account */
} scene;

/* the vCPU has been seen to enter its guest, and is halted now */
static void scene_boot(struct task_struct *vcpu, u32 id, unsigned int cpu)
{
	m_switch(cpu, vcpu, M_SLEEPS);
	m_entry(cpu, id);
	m_guest_exit(cpu);
	m_switch(cpu, &m_idle[cpu], M_SLEEPS);
}

static void scene_cast(const struct m_sizes *sizes)
{
	unsigned int i;

	m_init(sizes);
	scene.irq_thread = m_task("irq/31-eth1-rx-", NULL, 49, PF_KTHREAD);
	scene.irq_thread2 = m_task("irq/29-eth0-tx-", NULL, 49, PF_KTHREAD);
	scene.ksoftirqd = m_task("ksoftirqd/0", NULL, 120, PF_KTHREAD);
	scene.vhost = m_task("vhost-164", &scene.mm, 120, PF_KTHREAD);
	scene.vcpu = m_task("CPU 0/KVM", &scene.mm, 120, 0);
	scene.vhost2 = m_task("vhost-300", &scene.mm2, 120, PF_KTHREAD);
	scene.vcpu2 = m_task("CPU 0/KVM", &scene.mm2, 120, 0);
	scene.vmm = m_task("qemu", &scene.mm, 120, 0);
	scene.other = m_task("netperf", &scene.other_mm, 120, 0);
	scene.kthread = m_task("kworker/3:1", NULL, 120, PF_KTHREAD);
	for (i = 0; i < NSKBS; i++)
		m_skb_init(&scene.skb[i]);
}

static void scene_begin_sized(const struct m_sizes *sizes)
{
	scene_cast(sizes);
	scene_boot(scene.vcpu, 0, VCPU_CPU);
	scene.vm = m_vm_account(&scene.mm);
	EXPECT(scene.vm != LW_HOST);
}

static void scene_begin(void)
{
	scene_begin_sized(NULL);
}

static void scene_end(void)
{
	EXPECT_BOUNDED();
	m_exit();
}

/* the VM's second vCPU, which has halted like the first */
static inline struct task_struct *scene_boot_vcpu1(void)
{
	struct task_struct *vcpu1 = m_task("CPU 1/KVM", &scene.mm, 120, 0);

	scene_boot(vcpu1, 1, OTHER_CPU);
	return vcpu1;
}

/* a handler raises NET_RX by itself */
static void scene_irq_raises(unsigned int cpu, int irq)
{
	m_irq(cpu, irq);
	m_raise(cpu);
	m_irq_return(cpu, NULL);
	m_irq_done(cpu);
}

/* one that asks for its thread, which is woken */
static inline void scene_irq_wakes(struct task_struct *thread, int irq)
{
	m_irq(NIC_CPU, irq);
	m_irq_return(NIC_CPU, thread);
	m_wake(NIC_CPU, thread);
	m_irq_done(NIC_CPU);
}

/* NET_RX begins on top of whoever runs on the NIC's CPU */
static void scene_poll_begin(void)
{
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	m_softirq(NIC_CPU, RUNNER_OTHER);
}

/* interrupt at @us, raise 1 us later, NET_RX after another 2 */
static inline void scene_poll_begin_at(u64 us)
{
	m_at(us);
	m_irq(NIC_CPU, NIC_IRQ);
	m_at(us + 1);
	m_raise(NIC_CPU);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_at(us + 3);
	m_softirq(NIC_CPU, RUNNER_OTHER);
}

static void scene_poll_end(void)
{
	m_softirq_done(NIC_CPU);
}

/* a tap gets a packet, and wakes who sleeps on it */
static void scene_send(unsigned int cpu, const struct m_skb *p, int tap,
		       struct task_struct *backend)
{
	m_queue(cpu, p, tap);
	m_xmit(cpu, p, tap);
	if (backend && backend->fake_cpu < 0)
		m_wake(cpu, backend);
	m_xmit_done(cpu);
}

/* the same with one that was just received */
static void scene_to_tap(const struct m_skb *p, int tap,
			 struct task_struct *backend)
{
	m_stack(NIC_CPU, p);
	scene_send(NIC_CPU, p, tap, backend);
}

/* one poll brings packets @first to @first + @n - 1 to tap 0 */
static void scene_rx(unsigned int first, unsigned int n)
{
	unsigned int i;

	scene_poll_begin();
	for (i = first; i < first + n; i++)
		scene_to_tap(&scene.skb[i], 0, i == first ? scene.vhost : NULL);
	scene_poll_end();
}

/* the backend takes them */
static void scene_take(unsigned int first, unsigned int n)
{
	unsigned int i;

	if (m_current(VHOST_CPU) != scene.vhost)
		m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	for (i = first; i < first + n; i++)
		m_consume(VHOST_CPU, &scene.skb[i]);
}

/* both; nothing is signalled yet */
static inline void scene_rx_take(unsigned int first, unsigned int n)
{
	scene_rx(first, n);
	scene_take(first, n);
}

static void scene_signal(void)
{
	m_signal(VHOST_CPU, 0, VECTOR);
	if (scene.vcpu->fake_cpu < 0)
		m_wake(VHOST_CPU, scene.vcpu);
}

static void scene_vhost_sleeps(void)
{
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
}

/* the vCPU runs in its guest */
static inline void scene_guest_runs(void)
{
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_entry(VCPU_CPU, 0);
}

/* a vCPU runs, with the vector injected */
static void scene_enter_as(struct task_struct *vcpu, u32 id, unsigned int cpu)
{
	if (m_current(cpu) != vcpu)
		m_switch(cpu, vcpu, M_SLEEPS);
	m_inject(cpu, VECTOR);
	m_entry(cpu, id);
}

static void scene_enter(void)
{
	scene_enter_as(scene.vcpu, 0, VCPU_CPU);
}

static void scene_halt(void)
{
	m_guest_exit(VCPU_CPU);
	m_switch(VCPU_CPU, &m_idle[VCPU_CPU], M_SLEEPS);
}

/* out of the tap's ring into the guest */
static inline void scene_take_deliver(unsigned int first, unsigned int n)
{
	scene_take(first, n);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
}

/* all of it */
static inline void scene_deliver(unsigned int first, unsigned int n)
{
	scene_rx(first, n);
	scene_take_deliver(first, n);
}

/* the terms of a path's end to end, as Documentation/stages.rst gives them */
static inline u64 scene_terms_on(u8 path, unsigned int account)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < LW_NSTAGES; i++) {
		u8 flags = lw_stages[i].flags;

		if (lw_stages[i].path != path ||
		    flags & (LATWATCH_STAGE_FLAGS_NESTED |
			     LATWATCH_STAGE_FLAGS_AFTER |
			     LATWATCH_STAGE_FLAGS_TOTAL))
			continue;
		sum += m_stat(flags & LATWATCH_STAGE_FLAGS_HOST ? LW_HOST :
							account, i)->sum;
	}
	return sum;
}

static inline u64 scene_terms(unsigned int account)
{
	return scene_terms_on(LATWATCH_PATH_RX, account);
}

#endif
