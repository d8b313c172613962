// SPDX-License-Identifier: GPL-2.0
/* From the take to the entry: signals and injections. */
#include "scene.h"

static void suppressed_when_the_backend_sleeps(void)
{
	scene_begin();
	scene_rx_take(0, 3);
	EXPECT_EQ(m_in_flight(), 3);
	scene_vhost_sleeps();
	EXPECT_EQ(m_vm_line(scene.vm, LW_SUPPRESSED), 3);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_EQ(lw_batch_used(), 0);
	/* a signal thereafter has nothing to announce */
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	scene_signal();
	scene_enter();
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_EQ(m_line(LW_NOTE_SIGNALS), 0);
	scene_end();
}

static void suppressed_when_the_backend_transmits(void)
{
	scene_begin();
	scene_rx_take(0, 2);
	/* what it brings of somebody else's does not end its batch */
	m_stack(VHOST_CPU, &scene.skb[8]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_SUPPRESSED), 0);
	/* it brings a packet of its guest, then signals that one's completion */
	m_stack_from(VHOST_CPU, &scene.skb[9], 0);
	EXPECT_EQ(m_vm_line(scene.vm, LW_SUPPRESSED), 2);
	scene_signal();
	scene_enter();
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_NONE(scene.vm, BACKEND_SERVICE);
	scene_end();
}

static void softirq_on_top_of_a_backend_is_not_its_transmit(void)
{
	scene_begin();
	scene_rx_take(0, 1);
	scene_irq_raises(VHOST_CPU, 33);
	m_softirq(VHOST_CPU, RUNNER_OTHER);
	m_stack_from(VHOST_CPU, &scene.skb[9], 0);
	m_softirq_done(VHOST_CPU);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	scene_signal();
	scene_enter();
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	scene_end();
}

static void preempted_between_take_and_signal_is_not_suppressed(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	m_switch(VHOST_CPU, scene.other, M_PREEMPTED);
	m_at(40);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	scene_signal();
	scene_enter();
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 40 * US);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	scene_end();
}

static void waiting_for_a_lock_between_take_and_signal_is_not_suppressed(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	m_switch(VHOST_CPU, scene.other, M_LOCK);
	m_at(40);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	scene_signal();
	scene_enter();
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 40 * US);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	scene_end();
}

/* it migrates in between: the slot goes with it */
static void backend_migrates_between_take_and_signal(void)
{
	scene_begin();
	scene_rx_take(0, 1);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_PREEMPTED);
	m_switch(OTHER_CPU, scene.vhost, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	scene_enter();
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	scene_end();
}

static void delivery_is_the_entry_not_the_injection(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	scene_signal();
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(5);
	/* the entry is cancelled, and the injection repeated */
	m_inject(VCPU_CPU, VECTOR);
	EXPECT_EQ(m_in_flight(), 1);
	m_switch(VCPU_CPU, scene.other, M_PREEMPTED);
	m_at(30);
	m_switch(VCPU_CPU, scene.vcpu, M_PREEMPTED);
	m_inject(VCPU_CPU, VECTOR);
	m_at(31);
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, END_TO_END, 31 * US);
	EXPECT_ONE(scene.vm, ENTRY, 31 * US);
	scene_end();
}

/* entries without the injection: an interrupt window is waited for */
static void entry_before_the_injection_delivers_nothing(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	scene_signal();
	scene_guest_runs();
	m_at(7);
	m_guest_exit(VCPU_CPU);
	EXPECT_EQ(m_in_flight(), 1);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, END_TO_END, 7 * US);
	scene_end();
}

static void another_vector_does_not_deliver(void)
{
	scene_begin();
	scene_rx_take(0, 1);
	scene_signal();
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR + 1);
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_in_flight(), 1);
	EXPECT_NONE(scene.vm, END_TO_END);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static void another_vcpu_does_not_deliver(void)
{
	struct task_struct *vcpu1;

	scene_begin();
	vcpu1 = scene_boot_vcpu1();
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 1, VECTOR);
	m_at(10);
	scene_enter_as(vcpu1, 1, OTHER_CPU);
	EXPECT_EQ(m_in_flight(), 1);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 1);
	m_at(20);
	scene_enter();
	EXPECT_STAT(scene.vm, END_TO_END, 2, 10 * US, 20 * US, 30 * US);
	scene_end();
}

/* the same vector of the same number of vCPU, in another VM */
static void another_vm_does_not_deliver(void)
{
	scene_begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	scene_rx_take(0, 1);
	scene_signal();
	scene_enter_as(scene.vcpu2, 0, OTHER_CPU);
	EXPECT_EQ(m_in_flight(), 1);
	scene_enter();
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 1);
	EXPECT_EQ(m_stat(m_vm_account(&scene.mm2),
			 LATWATCH_STAGE_END_TO_END)->count, 0);
	scene_end();
}

static void two_vectors_of_one_vcpu(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(1);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR + 2);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(10);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR + 2);
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	m_at(20);
	m_guest_exit(VCPU_CPU);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 0);
	EXPECT_STAT(scene.vm, END_TO_END, 2, 9 * US, 20 * US, 29 * US);
	scene_end();
}

static void two_signals_one_injection(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	m_at(3);
	scene_signal();
	m_at(10);
	scene_rx_take(1, 2);
	m_at(12);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(20);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(30);
	scene_enter();
	EXPECT_STAT(scene.vm, END_TO_END, 3, 20 * US, 30 * US, 70 * US);
	EXPECT_EQ(m_line(LW_NOTE_SIGNALS), 2);
	EXPECT_STAT(scene.vm, BACKEND_SERVICE, 2, 2 * US, 3 * US, 5 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst_batch, 1);
	/* the wake was the first signal's; the second one found it awake */
	EXPECT_ONE(scene.vm, ENTRY, 10 * US);
	EXPECT_ONE(scene.vm, KICK, 18 * US);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_KICK), 2);
	scene_end();
}

/* as many polls, 1 us apart, of a packet each */
static void polls(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		m_at(i);
		scene_rx(i, 1);
	}
}

/* more origins than a batch has groups: several batches, one delivery */
static void many_origins_are_one_delivery(void)
{
	const unsigned int n = 2 * LW_BATCH_GROUPS + 3;
	const struct lw_sum *s;

	scene_begin();
	polls(n);
	m_at(100);
	scene_take(0, n);
	EXPECT_EQ(lw_batch_used(), 3);
	m_at(110);
	scene_signal();
	m_at(120);
	scene_enter();
	EXPECT_STAT(scene.vm, END_TO_END, n, (120 - n + 1) * US, 120 * US,
		    (n * 120 - n * (n - 1) / 2) * US);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 10 * US);
	EXPECT_ONE(scene.vm, ENTRY, 0);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), n);
	s = m_stat(scene.vm, LATWATCH_STAGE_END_TO_END);
	EXPECT_EQ(s->worst.begin_ns % SECOND, 0);
	EXPECT_EQ(s->worst.ns[LATWATCH_MARK_ENTRY] % SECOND, 120 * US);
	scene_end();
}

/* the first packet of a signal is whose flight its stages keep */
static void stages_of_many_batches_keep_the_oldest_flight(void)
{
	const unsigned int n = LW_BATCH_GROUPS + 1;

	scene_begin();
	polls(n);
	m_at(100);
	scene_take(0, n);
	scene_signal();
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(120);
	scene_enter();
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_ENTRY)->worst.begin_ns %
		  SECOND, 0);
	scene_end();
}

static void local_and_nic_packets_of_one_signal(void)
{
	scene_begin();
	m_at(0);
	scene_rx(0, 1);
	m_at(5);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_xmit(OTHER_CPU, &scene.skb[1], 0);
	m_xmit_done(OTHER_CPU);
	scene_take(0, 2);
	scene_signal();
	m_at(20);
	scene_enter();
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_ONE(scene.vm, END_TO_END_LOCAL, 15 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_ENTRY)->count, 1);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_BACKEND_SERVICE)->count, 1);
	scene_end();
}

static void signal_of_a_stranger_announces_nothing(void)
{
	scene_begin();
	scene_rx_take(0, 1);
	/* another task of the VM, one of nobody, a softirq on the backend */
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_signal(VCPU_CPU, 0, VECTOR);
	scene_irq_raises(VHOST_CPU, 33);
	m_softirq(VHOST_CPU, RUNNER_OTHER);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_softirq_done(VHOST_CPU);
	EXPECT_EQ(lw_batch_packets(NULL, LW_BATCH_OPEN, false), 1);
	EXPECT_EQ(m_line(LW_NOTE_SIGNALS), 0);
	scene_end();
}

static void wake_before_the_signal_is_not_its_wake(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	scene_signal();
	scene_enter();
	/* awake since, for the first one; in the guest */
	m_at(50);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(54);
	m_guest_exit(VCPU_CPU);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, KICK, 4 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_ENTRY)->count, 1);
	EXPECT_EQ(m_line(LW_DELIVERED_KICK), 1);
	EXPECT(!lw_flight_has(&m_stat(scene.vm, LATWATCH_STAGE_KICK)->worst,
			      LATWATCH_MARK_VCPU_WAKE));
	scene_end();
}

/* halted since before the module watched: the vector comes first */
static void signal_before_the_vcpu(u32 vcpu_id)
{
	scene_cast(NULL);
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, vcpu_id, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	scene_vhost_sleeps();
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(6);
	m_inject(VCPU_CPU, VECTOR);
	EXPECT_EQ(m_in_flight(), 1);
	m_entry(VCPU_CPU, vcpu_id);
	scene.vm = m_vm_account(&scene.mm);
	EXPECT_ONE(scene.vm, END_TO_END, 6 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_ENTRY), 1);
	/* only once: the next entry delivers what is injected for it */
	m_guest_exit(VCPU_CPU);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, vcpu_id, VECTOR);
	m_entry(VCPU_CPU, vcpu_id);
	EXPECT_EQ(m_in_flight(), 1);
	scene_end();
}

static void signal_before_the_vcpu_is_known(void)
{
	signal_before_the_vcpu(0);
	/* more than whose state is known */
	signal_before_the_vcpu(LW_VM_VCPUS);
}

/* it is known by now what its thread had injected: that is not injected again */
static void early_vector_delivers_to_one_vcpu(void)
{
	scene_cast(NULL);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 0);
	m_guest_exit(VCPU_CPU);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 1, VECTOR);
	/* the thread runs the vCPU that was signalled, without an injection */
	m_entry(VCPU_CPU, 1);
	EXPECT_EQ(m_in_flight(), 1);
	m_guest_exit(VCPU_CPU);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/* the module came between the injection and the entry of another vector */
static void early_vector_of_another_does_not_deliver(void)
{
	scene_cast(NULL);
	scene_boot_vcpu1();
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR + 7);
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_in_flight(), 1);
	scene_end();
}

static void posted_to_a_vcpu_in_the_guest(void)
{
	scene_begin();
	scene_guest_runs();
	scene_rx_take(0, 2);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_posted(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_POSTED), 2);
	EXPECT_EQ(m_in_flight(), 0);
	/* when it arrived was not seen: no figure is made up */
	m_at(100);
	m_guest_exit(VCPU_CPU);
	m_entry(VCPU_CPU, 0);
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_NONE(scene.vm, KICK);
	scene_end();
}

static void posted_to_a_halted_vcpu(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_posted(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	EXPECT_EQ(m_in_flight(), 1);
	m_at(8);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(9);
	/* no injection: the hardware does it on entry */
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 8 * US);
	EXPECT_ONE(scene.vm, ENTRY, US);
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_ENTRY), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_POSTED), 0);
	scene_end();
}

/* a vCPU that is out of the guest, but awake: with its next entry */
static void posted_to_a_vcpu_between_exit_and_entry(void)
{
	scene_begin();
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_posted(VHOST_CPU, 0, VECTOR);
	m_at(4);
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, KICK, 4 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_KICK), 1);
	scene_end();
}

static void posted_to_another_vcpu_waits_for_that_one(void)
{
	struct task_struct *vcpu1;

	scene_begin();
	vcpu1 = scene_boot_vcpu1();
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 1, VECTOR);
	m_posted(VHOST_CPU, 1, VECTOR);
	scene_enter();
	EXPECT_EQ(m_in_flight(), 1);
	/* an entry looks at what is posted and not collected, at nothing else */
	EXPECT_EQ(hweight_long(lw_vms[scene.vm - 1].posted), 1);
	m_switch(OTHER_CPU, vcpu1, M_SLEEPS);
	m_entry(OTHER_CPU, 1);
	EXPECT_EQ(lw_vms[scene.vm - 1].posted, 0);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 1);
	scene_end();
}

/* sets of vectors are by the remainder of their vCPUs' numbers */
static void posted_to_a_vcpu_of_the_same_set(void)
{
	struct task_struct *vcpu;

	scene_begin();
	vcpu = m_task("CPU 64/KVM", &scene.mm, 120, 0);
	scene_boot(vcpu, LW_VECTOR_SETS, OTHER_CPU);
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, LW_VECTOR_SETS, VECTOR);
	m_posted(VHOST_CPU, LW_VECTOR_SETS, VECTOR);
	scene_enter();
	EXPECT_EQ(m_in_flight(), 1);
	m_at(7);
	m_switch(OTHER_CPU, vcpu, M_SLEEPS);
	m_entry(OTHER_CPU, LW_VECTOR_SETS);
	EXPECT_ONE(scene.vm, END_TO_END, 7 * US);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static void posted_by_a_stranger_is_not_ours(void)
{
	struct task_struct *vcpu1;

	scene_begin();
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_posted(OTHER_CPU, 0, VECTOR);
	/* nor is the interrupt that another vCPU sends */
	vcpu1 = scene_boot_vcpu1();
	m_switch(OTHER_CPU, vcpu1, M_SLEEPS);
	m_posted(OTHER_CPU, 0, VECTOR);
	scene_guest_runs();
	EXPECT_EQ(m_in_flight(), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_POSTED), 0);
	scene_end();
}

/* a vector is posted while the hardware can; afterwards it is injected */
static void vector_that_is_no_longer_posted_waits_for_its_injection(void)
{
	scene_begin();
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_posted(VHOST_CPU, 0, VECTOR);
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	EXPECT_EQ(m_in_flight(), 0);
	/* APICv is inhibited now: no posting follows the signal */
	m_at(0);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_in_flight(), 1);
	m_guest_exit(VCPU_CPU);
	m_at(9);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->max, 9 * US);
	scene_end();
}

/* the signaller is preempted between its wake of the vCPU and the posting */
static void posted_after_its_entry_has_no_time(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(3);
	scene_guest_runs();
	EXPECT_EQ(m_in_flight(), 1);
	m_guest_exit(VCPU_CPU);
	m_at(5);
	m_posted(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_POSTED), 1);
	EXPECT_EQ(m_in_flight(), 0);
	/* it is not the next entry that brought it, a second later */
	m_at(1000000);
	m_entry(VCPU_CPU, 0);
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_NONE(scene.vm, ENTRY);
	EXPECT_NONE(scene.vm, KICK);
	EXPECT_BALANCE();
	scene_end();
}

/* nor is it if somebody else's posting of that vector comes in between */
static void posted_by_another_signal_is_not_the_earlier_one(void)
{
	scene_begin();
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(3);
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	m_at(50);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_posted(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(m_in_flight(), 2);
	m_at(54);
	m_entry(VCPU_CPU, 0);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_POSTED), 1);
	EXPECT_ONE(scene.vm, END_TO_END, 4 * US);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* a VMM's thread may run one vCPU after the other */
static void thread_that_runs_another_vcpu_is_the_former_no_more(void)
{
	scene_begin();
	EXPECT(lw_vm_only_with(0));
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	m_entry(VCPU_CPU, 1);
	EXPECT(!lw_vm_only_with(0));
	EXPECT(lw_vm_only_with(1));
	m_guest_exit(VCPU_CPU);
	m_task_exit(VCPU_CPU);
	EXPECT(!lw_vm_only_with(1));
	scene_end();
}

static void full_batch_table_is_counted(void)
{
	static const struct m_sizes two = { .batches = 2 };
	const unsigned int n = 2 * LW_BATCH_GROUPS + 5;

	scene_begin_sized(&two);
	polls(n);
	scene_take(0, n);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), n);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_BATCH_FULL), 5);
	EXPECT_EQ(m_in_flight(), 2 * LW_BATCH_GROUPS);
	EXPECT_BALANCE();
	scene_signal();
	scene_enter();
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 2 * LW_BATCH_GROUPS);
	scene_end();
}

static void full_vector_table_is_counted(void)
{
	static const struct m_sizes sizes = { .batches = 1024 };
	unsigned int i;

	scene_begin_sized(&sizes);
	for (i = 0; i < LW_VM_VECTORS + 2; i++) {
		m_at(i);
		scene_rx_take(i % NSKBS, 1);
		m_signal(VHOST_CPU, i, VECTOR);
	}
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VECTOR_FULL), 2);
	EXPECT_EQ(m_in_flight(), LW_VM_VECTORS);
	EXPECT_BALANCE();
	/* those that are known still work */
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VECTOR_FULL), 2);
	m_posted(VHOST_CPU, 999, VECTOR);
	scene_enter();
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 2);
	scene_end();
}

/* vCPU and vector of the nth, as guests use them */
static u32 nth_key(unsigned int pattern, unsigned int n)
{
	switch (pattern) {
	case 0: /* a queue for each vCPU */
		return lw_vector_key(n, VECTOR);
	case 1: /* all for one vCPU */
		return lw_vector_key(0, VECTOR + n);
	case 2: /* eight vCPUs, vectors of different priorities */
		return lw_vector_key(n / 8, 0x31 + n % 8 * 16);
	case 3: /* vCPU numbers with holes, as of several sockets */
		return lw_vector_key(n * 4, VECTOR);
	case 4:
		return lw_vector_key(n * 64, VECTOR);
	default: /* threads' numbers, arm64 */
		return lw_vector_key(40000 + n * 3, n % 2);
	}
}

/* each finds a place in the index */
static void vectors_of_all_patterns_fit(void)
{
	unsigned int pattern, n;
	struct lw_vector *v;
	struct lw_vm *vm;

	for (pattern = 0; pattern < 6; pattern++) {
		scene_begin();
		vm = &lw_vms[scene.vm - 1];
		for (n = 0; n < LW_VM_VECTORS; n++) {
			EXPECT(!lw_vector_find(vm, nth_key(pattern, n)));
			v = lw_vector_get(vm, nth_key(pattern, n));
			EXPECT(v == &vm->vector[n]);
		}
		EXPECT(!lw_vector_get(vm, nth_key(pattern, n)));
		for (n = 0; n < LW_VM_VECTORS; n++) {
			u32 key = nth_key(pattern, n);
			u32 vcpu_id = (key & ~LW_VECTOR_USED) >> 8;

			EXPECT(lw_vector_find(vm, key) == &vm->vector[n]);
			EXPECT(lw_vector_get(vm, key) == &vm->vector[n]);
			EXPECT(*lw_vector_set(vm, vcpu_id) & BIT(n));
		}
		scene_end();
	}
}

/* numbers of vCPUs beyond what a signaller can see into */
static void vcpu_with_a_high_number(void)
{
	struct task_struct *vcpu;

	scene_begin();
	vcpu = m_task("CPU 4095/KVM", &scene.mm, 120, 0);
	scene_boot(vcpu, 4095, OTHER_CPU);
	m_at(0);
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 4095, VECTOR);
	m_at(3);
	scene_enter_as(vcpu, 4095, OTHER_CPU);
	EXPECT_ONE(scene.vm, END_TO_END, 3 * US);
	scene_rx_take(1, 1);
	m_signal(VHOST_CPU, 4095, VECTOR);
	m_posted(VHOST_CPU, 4095, VECTOR);
	EXPECT_EQ(m_line(LW_DELIVERED_POSTED), 1);
	m_task_exit(OTHER_CPU);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(suppressed_when_the_backend_sleeps),
	TEST(suppressed_when_the_backend_transmits),
	TEST(softirq_on_top_of_a_backend_is_not_its_transmit),
	TEST(preempted_between_take_and_signal_is_not_suppressed),
	TEST(waiting_for_a_lock_between_take_and_signal_is_not_suppressed),
	TEST(backend_migrates_between_take_and_signal),
	TEST(delivery_is_the_entry_not_the_injection),
	TEST(entry_before_the_injection_delivers_nothing),
	TEST(another_vector_does_not_deliver),
	TEST(another_vcpu_does_not_deliver),
	TEST(another_vm_does_not_deliver),
	TEST(two_vectors_of_one_vcpu),
	TEST(two_signals_one_injection),
	TEST(many_origins_are_one_delivery),
	TEST(stages_of_many_batches_keep_the_oldest_flight),
	TEST(local_and_nic_packets_of_one_signal),
	TEST(signal_of_a_stranger_announces_nothing),
	TEST(wake_before_the_signal_is_not_its_wake),
	TEST(signal_before_the_vcpu_is_known),
	TEST(early_vector_delivers_to_one_vcpu),
	TEST(early_vector_of_another_does_not_deliver),
	TEST(posted_to_a_vcpu_in_the_guest),
	TEST(posted_to_a_halted_vcpu),
	TEST(posted_to_a_vcpu_between_exit_and_entry),
	TEST(posted_to_another_vcpu_waits_for_that_one),
	TEST(posted_to_a_vcpu_of_the_same_set),
	TEST(posted_by_a_stranger_is_not_ours),
	TEST(vector_that_is_no_longer_posted_waits_for_its_injection),
	TEST(posted_after_its_entry_has_no_time),
	TEST(posted_by_another_signal_is_not_the_earlier_one),
	TEST(thread_that_runs_another_vcpu_is_the_former_no_more),
	TEST(full_batch_table_is_counted),
	TEST(full_vector_table_is_counted),
	TEST(vectors_of_all_patterns_fit),
	TEST(vcpu_with_a_high_number),
};

KTAP_MAIN(tests)
