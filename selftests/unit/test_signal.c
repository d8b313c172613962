// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that no signal of their backend's announced: what comes with a signal that is
 * pending, what the guest polls, and what another signals for the backend.
 */
#include "scene.h"

/* packet 0 is taken and signalled, packets 1 and 2 only taken, at 10, 20 and 30 us */
static void take_signal_take(void)
{
	m_at(1000);
	scene_rx(0, 1);
	m_at(1010);
	scene_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(1020);
	scene_rx_take(1, 1);
	m_at(1030);
	scene_rx_take(2, 1);
}

static void rode_on_a_pending_signal(void)
{
	const struct lw_sum *s;

	scene_begin();
	take_signal_take();
	m_at(1035);
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	EXPECT_EQ(m_in_flight(), 3);
	m_at(1100);
	scene_enter();
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_RODE), 2);
	EXPECT_STAT(scene.vm, END_TO_END, 3, 70 * US, 100 * US, 250 * US);
	/* of the batch's oldest; one delivery more is none */
	EXPECT_ONE(scene.vm, PENDING, 80 * US);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 0);
	EXPECT_ONE(scene.vm, ENTRY, 0);
	EXPECT_NONE(scene.vm, KICK);
	s = m_stat(scene.vm, LATWATCH_STAGE_PENDING);
	EXPECT(!lw_flight_has(&s->worst, LATWATCH_MARK_SIGNAL));
	EXPECT_BALANCE();
	scene_end();
}

/* the one that rode is the longest: what its way is made of adds up */
static void stages_of_what_rode_add_up(void)
{
	const struct lw_sum *s;
	u64 last;

	scene_begin();
	take_signal_take();
	scene_vhost_sleeps();
	m_at(1100);
	scene_enter();
	scene_halt();
	m_reset();
	m_at(2000);
	scene_rx(3, 1);
	m_at(2001);
	scene_rx(4, 1);
	scene_take(4, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(2020);
	scene_take(3, 1);
	scene_vhost_sleeps();
	m_at(2050);
	scene_enter();
	s = m_stat(scene.vm, LATWATCH_STAGE_END_TO_END);
	EXPECT_EQ(s->max, 50 * US);
	last = s->worst.ns[LATWATCH_MARK_ENTRY] - s->worst.ns[LATWATCH_MARK_TAKE];
	EXPECT_EQ(last, 30 * US);
	EXPECT_ONE(scene.vm, PENDING, last);
	EXPECT_STAT(scene.vm, TAP_DWELL, 2, 0, 20 * US, 20 * US);
	scene_end();
}

/* the guest has the signal already: nobody can tell when it looks */
static void polled_after_the_entry(void)
{
	scene_begin();
	take_signal_take();
	scene_enter();
	/* taken before, but in the ring only now, perhaps */
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_SUPPRESSED), 2);
	EXPECT_EQ(m_line(LW_DELIVERED_RODE), 0);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 1);
	EXPECT_BALANCE();
	scene_end();
}

/* with the injection it is not certain that the guest looks again */
static void polled_after_the_injection(void)
{
	scene_begin();
	take_signal_take();
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR);
	scene_vhost_sleeps();
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 2);
	EXPECT_BALANCE();
	scene_end();
}

static void rides_when_the_backend_transmits(void)
{
	scene_begin();
	take_signal_take();
	m_stack_from(VHOST_CPU, &scene.skb[9], 0);
	/* the completion's vector has nothing to do with it */
	m_signal(VHOST_CPU, 0, VECTOR + 1);
	scene_vhost_sleeps();
	scene_enter();
	EXPECT_EQ(m_line(LW_DELIVERED_RODE), 2);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	scene_end();
}

/* what waits for a completion's signal only, waits for nothing */
static void completions_signal_is_no_ring_of_its(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_stack_from(VHOST_CPU, &scene.skb[9], 0);
	m_signal(VHOST_CPU, 0, VECTOR + 1);
	scene_rx_take(1, 1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_SUPPRESSED), 1);
	scene_end();
}

/* one thread that serves two rings: whose a packet was is not known */
static void two_rings_of_one_backend(void)
{
	unsigned int i;

	scene_begin();
	scene_deliver(0, 1);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR + 1);
	scene_rx_take(2, 1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_SUPPRESSED), 1);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR + 1);
	m_entry(VCPU_CPU, 0);
	scene_halt();
	/* it was one that the guest has moved */
	for (i = 0; i < 2 * LW_SEVERAL; i++) {
		scene_rx_take(3, 1);
		m_signal(VHOST_CPU, 0, VECTOR + 1);
		m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
		m_inject(VCPU_CPU, VECTOR + 1);
		m_entry(VCPU_CPU, 0);
		scene_halt();
	}
	scene_rx_take(4, 1);
	m_signal(VHOST_CPU, 0, VECTOR + 1);
	scene_rx_take(5, 1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_SUPPRESSED), 1);
	EXPECT_EQ(m_in_flight(), 2);
	EXPECT_BALANCE();
	scene_end();
}

/* by the hardware, to a vCPU that has halted: it comes with the entry */
static void rides_on_a_posted_signal(void)
{
	scene_begin();
	m_at(1000);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	m_posted(VHOST_CPU, 0, VECTOR);
	scene_rx_take(1, 1);
	scene_vhost_sleeps();
	m_at(1040);
	scene_guest_runs();
	EXPECT_STAT(scene.vm, END_TO_END, 2, 40 * US, 40 * US, 80 * US);
	EXPECT_EQ(m_line(LW_DELIVERED_RODE), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_POSTED), 0);
	scene_end();
}

static void vm_ends_with_what_rides(void)
{
	scene_begin();
	take_signal_take();
	scene_vhost_sleeps();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_task_exit(VHOST_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 3);
	EXPECT_EQ(lw_batch_used(), 0);
	scene_end();
}

/* arm64: what rides comes with what it rides on, after the exit that this needs */
static void rides_where_vcpus_are_notified(void)
{
	scene_cast(NULL);
	lw_signal_mode = LW_SIGNAL_KPROBE;
	scene_boot(scene.vcpu, scene.vcpu->pid, VCPU_CPU);
	scene.vm = m_vm_account(&scene.mm);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	scene_rx_take(3, 1);
	m_tell(VHOST_CPU, scene.vcpu, false);
	m_entry(VCPU_CPU, scene.vcpu->pid);
	m_guest_exit(VCPU_CPU);
	m_reset();
	m_at(1000);
	scene_rx_take(0, 1);
	m_tell(VHOST_CPU, scene.vcpu, true);
	scene_rx_take(1, 1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	/* it was past KVM's last look */
	m_entry(VCPU_CPU, scene.vcpu->pid);
	EXPECT_EQ(m_in_flight(), 2);
	EXPECT_EQ(m_line(LW_DELIVERED_RODE), 0);
	m_guest_exit(VCPU_CPU);
	m_at(1040);
	m_entry(VCPU_CPU, scene.vcpu->pid);
	EXPECT_STAT(scene.vm, END_TO_END, 2, 40 * US, 40 * US, 80 * US);
	EXPECT_EQ(m_line(LW_DELIVERED_RODE), 1);
	EXPECT_BALANCE();
	lw_signal_mode = LW_SIGNAL_DIRECT;
	scene_end();
}

/* the backend has a packet in hand, and wakes @t for its signal */
static void announced_to(struct task_struct *t)
{
	m_at(1000);
	scene_rx_take(0, 1);
	m_at(1010);
	m_wake(VHOST_CPU, t);
	scene_vhost_sleeps();
}

/* it runs, signals the guest, wakes the vCPU and sleeps */
static void tells(struct task_struct *t)
{
	m_at(1020);
	m_switch(OTHER_CPU, t, M_SLEEPS);
	m_at(1025);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_at(1030);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
}

static struct task_struct *worker(void)
{
	return m_task("kworker/3:0", NULL, 120, PF_KTHREAD | PF_WQ_WORKER);
}

static void way_through(bool work)
{
	struct task_struct *t;

	scene_begin();
	t = work ? worker() : scene.vmm;
	announced_to(t);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	EXPECT_EQ(m_in_flight(), 1);
	tells(t);
	m_at(1035);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR);
	m_at(1040);
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 10 * US);
	/* until the vCPU's wake, with who passed it on in between */
	EXPECT_ONE(scene.vm, SIGNAL, 20 * US);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 5 * US);
	EXPECT_ONE(scene.vm, ENTRY, 5 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 40 * US);
	EXPECT_EQ(scene_terms(scene.vm), 40 * US);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_BALANCE();
}

static void level_through_the_vmm(void)
{
	way_through(false);
	EXPECT_EQ(m_line(LW_NOTE_RELAYED), 1);
	scene_end();
}

static void work_of_an_irqfd(void)
{
	way_through(true);
	EXPECT_EQ(m_line(LW_NOTE_RELAYED_WORK), 1);
	EXPECT_EQ(m_line(LW_NOTE_RELAYED), 0);
	scene_end();
}

/* nobody sees what an unknown task tells: it may have been the signal */
static void vmm_that_is_not_followed_was_awake(void)
{
	scene_begin();
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	scene_rx_take(0, 1);
	m_wake_seen(VHOST_CPU, scene.vmm, true);
	scene_vhost_sleeps();
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_SIGNAL), 1);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/* awake, it is not woken for the next one */
static void vmm_was_awake_unseen(void)
{
	scene_begin();
	announced_to(scene.vmm);
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	scene_enter();
	EXPECT_EQ(m_line(LW_DELIVERED_KICK), 1);
	scene_rx_take(1, 1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_SIGNAL), 1);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	/* the guest's driver has MSI now */
	scene_halt();
	scene_rx_take(2, 1);
	scene_signal();
	scene_enter();
	scene_rx_take(3, 1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_SUPPRESSED), 1);
	EXPECT_EQ(m_line(LW_LOST_SIGNAL), 1);
	EXPECT_BALANCE();
	scene_end();
}

/* the level is up already: nothing is told, and it waits with what was told */
static void level_that_is_up(void)
{
	scene_begin();
	announced_to(scene.vmm);
	tells(scene.vmm);
	m_at(1032);
	scene_rx_take(1, 1);
	m_wake(VHOST_CPU, scene.vmm);
	scene_vhost_sleeps();
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	EXPECT_EQ(m_line(LW_LOST_SIGNAL), 0);
	/* without a wake, too */
	scene_rx_take(2, 1);
	scene_vhost_sleeps();
	m_at(1040);
	scene_enter();
	EXPECT_STAT(scene.vm, END_TO_END, 3, 8 * US, 40 * US, 56 * US);
	EXPECT_EQ(m_line(LW_DELIVERED_RODE), 1);
	scene_halt();
	/* and nothing waits there any more */
	scene_rx_take(3, 1);
	m_wake(VHOST_CPU, scene.vmm);
	scene_vhost_sleeps();
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	EXPECT_EQ(m_in_flight(), 1);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	EXPECT_EQ(m_line(LW_LOST_SIGNAL), 1);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* it sleeps, and was woken again on its way: what it was woken for it will do */
static void woken_on_its_way_to_sleep(void)
{
	scene_begin();
	announced_to(scene.vmm);
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	scene_enter();
	scene_halt();
	scene_rx_take(1, 1);
	m_wake_seen(VHOST_CPU, scene.vmm, false);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	EXPECT_EQ(m_line(LW_LOST_SIGNAL), 0);
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	scene_enter();
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 2);
	scene_end();
}

/* it was no signal that the VMM was woken for: that comes from the backend itself */
static void backend_signals_by_itself_afterwards(void)
{
	scene_begin();
	m_at(1000);
	scene_rx_take(0, 1);
	m_wake(VHOST_CPU, scene.vmm);
	m_at(1010);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(1040);
	scene_enter();
	EXPECT_STAT(scene.vm, END_TO_END, 2, 30 * US, 40 * US, 70 * US);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/* who tells, and whom it is told to, are of one VM */
static void worker_of_two_vms(void)
{
	struct task_struct *t;

	scene_begin();
	t = worker();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	scene_rx_take(0, 1);
	m_wake(VHOST_CPU, t);
	scene_vhost_sleeps();
	scene_rx(1, 1);
	m_switch(VHOST_CPU, scene.vhost2, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[1]);
	m_wake(VHOST_CPU, t);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	EXPECT_EQ(m_vm_line(m_vm_account(&scene.mm2), LW_LOST_SIGNAL), 1);
	m_switch(OTHER_CPU, t, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	scene_enter();
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_KICK), 1);
	/* it has slept: the next may be the other's */
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	scene_rx(2, 1);
	m_switch(VHOST_CPU, scene.vhost2, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[2]);
	m_wake(VHOST_CPU, t);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	EXPECT_EQ(m_line(LW_LOST_SIGNAL), 1);
	EXPECT_EQ(m_in_flight(), 1);
	m_switch(OTHER_CPU, t, M_SLEEPS);
	m_task_exit(OTHER_CPU);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* a vCPU's interrupt of another passes nothing on, nor does a thread that was not asked */
static void others_tell_nothing(void)
{
	struct task_struct *thread;

	scene_begin();
	thread = m_task("iothread", &scene.mm, 120, 0);
	announced_to(scene.vmm);
	m_switch(OTHER_CPU, thread, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR + 1);
	m_switch(OTHER_CPU, scene_boot_vcpu1(), M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR + 1);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR + 1);
	m_entry(VCPU_CPU, 0);
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_EQ(m_in_flight(), 1);
	scene_end();
}

/* two threads of the VMM: each tells what it was given */
static void two_who_tell(void)
{
	struct task_struct *thread, *vhost;

	scene_begin();
	thread = m_task("iothread", &scene.mm, 120, 0);
	vhost = m_task("vhost-165", &scene.mm, 120, PF_KTHREAD);
	announced_to(scene.vmm);
	scene_rx(1, 1);
	m_switch(VHOST_CPU, vhost, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[1]);
	m_wake(VHOST_CPU, thread);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	m_switch(OTHER_CPU, thread, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR + 1);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR + 1);
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 1);
	EXPECT_EQ(m_in_flight(), 1);
	EXPECT_EQ(m_line(LW_LOST_SIGNAL), 0);
	scene_end();
}

/* by hardware that needs no injection */
static void told_and_posted(void)
{
	scene_begin();
	announced_to(scene.vmm);
	m_at(1020);
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	m_posted(OTHER_CPU, 0, VECTOR);
	m_at(1040);
	scene_guest_runs();
	EXPECT_ONE(scene.vm, END_TO_END, 40 * US);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(rode_on_a_pending_signal),
	TEST(stages_of_what_rode_add_up),
	TEST(polled_after_the_entry),
	TEST(polled_after_the_injection),
	TEST(rides_when_the_backend_transmits),
	TEST(completions_signal_is_no_ring_of_its),
	TEST(two_rings_of_one_backend),
	TEST(rides_on_a_posted_signal),
	TEST(vm_ends_with_what_rides),
	TEST(rides_where_vcpus_are_notified),
	TEST(level_through_the_vmm),
	TEST(work_of_an_irqfd),
	TEST(vmm_that_is_not_followed_was_awake),
	TEST(vmm_was_awake_unseen),
	TEST(level_that_is_up),
	TEST(woken_on_its_way_to_sleep),
	TEST(backend_signals_by_itself_afterwards),
	TEST(worker_of_two_vms),
	TEST(others_tell_nothing),
	TEST(two_who_tell),
	TEST(told_and_posted),
};

KTAP_MAIN(tests)
