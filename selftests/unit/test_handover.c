// SPDX-License-Identifier: GPL-2.0
/* Wakes and the switches that answer them, or do not. */
#include "scene.h"

/* the backend is known as one, and runs on its CPU */
static void backend_runs(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
}

/* a packet is handed to the tap, and the backend is woken for it */
static void packet_wakes_backend(unsigned int n, bool awake)
{
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[n]);
	m_queue(NIC_CPU, &scene.skb[n], 0);
	m_xmit(NIC_CPU, &scene.skb[n], 0);
	m_wake_seen(NIC_CPU, scene.vhost, awake);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
}

/* nobody who moves packets wakes it */
static void backend_woken_by_stranger(void)
{
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_wake(OTHER_CPU, scene.vhost);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
}

static void found_awake_is_answered_at_the_take(void)
{
	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	m_at(1005);
	scene_take(1, 1);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 1);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	scene_signal();
	scene_vhost_sleeps();

	/* a second later somebody else wakes it: that answers nothing */
	m_at(1000000);
	backend_woken_by_stranger();
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 1);
	scene_end();
}

/* the same without a take in between: the packet was dropped */
static void found_awake_without_a_take_is_answered_by_the_next_wake(void)
{
	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	m_drop(NIC_CPU, &scene.skb[1], 2);
	m_at(1005);
	scene_vhost_sleeps();
	m_at(1000000);
	backend_woken_by_stranger();
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 1);
	scene_end();
}

/* and a packet's wake thereafter has a latency of its own */
static void wake_after_found_awake_is_measured_from_itself(void)
{
	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	m_drop(NIC_CPU, &scene.skb[1], 2);
	scene_vhost_sleeps();
	m_at(1000000);
	packet_wakes_backend(2, false);
	m_at(1000007);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	/* that it was woken for this packet is known when it takes it */
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	m_at(1000008);
	scene_take(2, 1);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 7 * US);
	scene_end();
}

/* it was past the point of return: the switch that brings it back answers */
static void wake_racing_with_the_switch_out(void)
{
	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	m_at(1001);
	scene_vhost_sleeps();
	m_at(1009);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1015);
	scene_take(1, 1);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 9 * US);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 0);
	EXPECT_ONE(scene.vm, TAP_DWELL, 15 * US);
	scene_end();
}

/* it was off already, but its CPU had not let go of it */
static void wake_just_after_the_switch_out(void)
{
	backend_runs();
	m_at(999);
	scene_vhost_sleeps();
	m_at(1000);
	packet_wakes_backend(1, true);
	m_at(1009);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1010);
	scene_take(1, 1);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 9 * US);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 0);
	scene_end();
}

static void preempted_while_found_awake(void)
{
	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	m_at(1001);
	m_switch(VHOST_CPU, scene.other, M_PREEMPTED);
	m_at(1500);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	/* on RT it waits for a lock, too */
	m_switch(VHOST_CPU, scene.other, M_LOCK);
	m_at(2000);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	scene_take(1, 1);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 1);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	scene_end();
}

/*
 * The waker sees the backend for the first time, and finds it awake: the CPU
 * that it runs on knows nothing of its slot yet, and would not notice that it
 * is switched from. So no wake is left, and none is counted.
 */
static void first_seen_awake_then_preempted(void)
{
	scene_begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1000);
	packet_wakes_backend(1, true);
	m_at(1001);
	m_switch(VHOST_CPU, scene.other, M_PREEMPTED);
	m_at(1500);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	scene_take(1, 1);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 0);
	/* from now on it is followed */
	packet_wakes_backend(2, true);
	scene_take(2, 1);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 1);
	scene_end();
}

/* a wake of one that sleeps with a lock in between belongs to the run queue */
static void wake_of_a_sleeper_is_answered_by_its_next_switch(void)
{
	backend_runs();
	scene_vhost_sleeps();
	m_at(1000);
	packet_wakes_backend(1, false);
	m_at(1003);
	packet_wakes_backend(2, false);
	m_at(1009);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 2);
	/* the oldest of two counts, and it was for the first packet */
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 9 * US);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	scene_enter();
	EXPECT(lw_flight_has(&m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst,
			     LATWATCH_MARK_BACKEND_WAKE));
	scene_end();
}

/* on the way to the take it is preempted: the wake was answered before */
static void a_wake_is_answered_once(void)
{
	backend_runs();
	scene_vhost_sleeps();
	m_at(1000);
	packet_wakes_backend(1, false);
	m_at(1003);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_switch(VHOST_CPU, scene.other, M_PREEMPTED);
	m_at(2000);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 1);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 3 * US);
	EXPECT_EQ(m_line(LW_NOTE_BACKEND_AWAKE), 0);
	scene_end();
}

/* the mark of a wake belongs to the packet that it was for */
static void wake_for_a_dropped_packet_is_not_given_to_a_later_one(void)
{
	const struct lw_flight *f;

	backend_runs();
	scene_vhost_sleeps();
	m_at(1000);
	packet_wakes_backend(1, false);
	m_at(1003);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_drop(NIC_CPU, &scene.skb[1], 2);
	/* its address comes again while the backend is awake */
	m_at(5000);
	scene_poll_begin();
	scene_to_tap(&scene.skb[1], 0, NULL);
	scene_poll_end();
	m_at(5002);
	scene_take(1, 1);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	scene_signal();
	scene_enter();
	f = &m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst;
	if (lw_flight_has(f, LATWATCH_MARK_BACKEND_RUN))
		EXPECT(f->ns[LATWATCH_MARK_BACKEND_RUN] >=
		       f->ns[LATWATCH_MARK_TAP]);
	scene_end();
}

static void only_who_moves_packets_hands_on(void)
{
	struct task_struct *vcpu1;

	backend_runs();
	vcpu1 = scene_boot_vcpu1();
	scene_vhost_sleeps();
	/* a task that a packet once woke: an irq thread, followed */
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_wake(NIC_CPU, scene.vhost);
	m_wake(NIC_CPU, scene.vcpu);
	m_at(1000000);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	/* a vCPU that sends another one an interrupt */
	m_wake(VCPU_CPU, vcpu1);
	m_switch(OTHER_CPU, vcpu1, M_SLEEPS);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	EXPECT_NONE(scene.vm, SIGNAL);
	scene_end();
}

static void softirq_on_top_of_a_backend_is_not_the_backend(void)
{
	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	scene_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	/* a softirq wakes another thread of the VMM before the backend does */
	scene_irq_raises(VHOST_CPU, 33);
	m_softirq(VHOST_CPU, RUNNER_OTHER);
	m_at(1100);
	m_wake(VHOST_CPU, scene.vcpu);
	m_softirq_done(VHOST_CPU);
	EXPECT_NONE(scene.vm, SIGNAL);
	m_at(1102);
	m_wake(VHOST_CPU, scene.vcpu);
	EXPECT_ONE(scene.vm, SIGNAL, 102 * US);
	scene_end();
}

static void hard_irq_on_top_of_a_backend_is_not_the_backend(void)
{
	backend_runs();
	packet_wakes_backend(1, true);
	scene_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_ipi(VHOST_CPU);
	m_wake(VHOST_CPU, scene.vcpu);
	m_ipi_done(VHOST_CPU);
	EXPECT_NONE(scene.vm, SIGNAL);
	scene_end();
}

static void vcpu_is_of_the_backends_own_address_space(void)
{
	backend_runs();
	packet_wakes_backend(1, true);
	scene_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu2);
	EXPECT_NONE(scene.vm, SIGNAL);
	m_wake(VHOST_CPU, scene.vcpu);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_SIGNAL)->count, 1);
	scene_end();
}

static void another_backend_of_the_vm_is_no_vcpu(void)
{
	struct task_struct *vhost2;

	backend_runs();
	/* it has taken a packet: a backend */
	vhost2 = m_task("vhost-164", &scene.mm, 120, PF_KTHREAD);
	scene_rx(5, 1);
	m_switch(OTHER_CPU, vhost2, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[5]);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);

	packet_wakes_backend(1, true);
	scene_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, vhost2);
	EXPECT_NONE(scene.vm, SIGNAL);
	m_wake(VHOST_CPU, scene.vcpu);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_SIGNAL)->count, 1);
	scene_end();
}

static void first_wake_after_a_signal_is_the_vcpus(void)
{
	struct task_struct *vcpu1;

	backend_runs();
	vcpu1 = m_task("CPU 1/KVM", &scene.mm, 120, 0);
	packet_wakes_backend(1, true);
	scene_take(1, 1);
	m_at(1000);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(1001);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(1002);
	m_wake(VHOST_CPU, vcpu1);
	EXPECT_ONE(scene.vm, SIGNAL, US);
	m_at(1010);
	m_switch(OTHER_CPU, vcpu1, M_SLEEPS);
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	scene_end();
}

static void a_signal_is_over_when_the_backend_sleeps_or_takes(void)
{
	backend_runs();
	packet_wakes_backend(1, true);
	scene_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_vhost_sleeps();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_wake(VHOST_CPU, scene.vcpu);
	EXPECT_NONE(scene.vm, SIGNAL);

	packet_wakes_backend(2, true);
	packet_wakes_backend(3, true);
	scene_take(2, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_take(3, 1);
	m_wake(VHOST_CPU, scene.vcpu);
	EXPECT_NONE(scene.vm, SIGNAL);
	scene_end();
}

/* the worst flight of a stage is one that has that stage's marks */
static void worst_of_signal_is_the_flight_that_was_signalled(void)
{
	const struct lw_sum *s;

	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	scene_take(1, 1);
	scene_signal();
	scene_enter();
	scene_halt();
	/* the guest's own packets are done: a signal without any of ours */
	m_at(9000);
	m_signal(VHOST_CPU, 0, VECTOR + 1);
	m_at(9010);
	m_wake(VHOST_CPU, scene.vcpu);
	s = m_stat(scene.vm, LATWATCH_STAGE_SIGNAL);
	if (s->max == 10 * US && lw_flight_has(&s->worst, LATWATCH_MARK_SIGNAL))
		EXPECT_EQ(s->worst.ns[LATWATCH_MARK_SIGNAL] % SECOND,
			  9000 * US);
	scene_end();
}

static void vcpu_found_awake_is_a_kick(void)
{
	backend_runs();
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(1000);
	packet_wakes_backend(1, true);
	scene_take(1, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(1001);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(1006);
	m_inject(VCPU_CPU, VECTOR);
	m_entry(VCPU_CPU, 0);
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	EXPECT_NONE(scene.vm, ENTRY);
	EXPECT_ONE(scene.vm, KICK, 6 * US);
	EXPECT_EQ(m_line(LW_DELIVERED_KICK), 1);
	/* it sleeps, and is woken a second later for something else */
	scene_halt();
	m_at(1000000);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	EXPECT_EQ(m_line(LW_NOTE_VCPU_AWAKE), 1);
	scene_end();
}

/*
 * A sender of this host waits for room in its socket. tun_net_xmit() orphans
 * the packet, which wakes it: within the tap's transmit function, but it is no
 * backend, and its process no VM.
 */
static void sender_woken_by_its_own_packet_is_no_backend(void)
{
	backend_runs();
	m_at(1000);
	scene_poll_begin();
	m_xmit(NIC_CPU, &scene.skb[1], 0);
	m_wake(NIC_CPU, scene.other);
	m_wake_seen(NIC_CPU, scene.vhost, true);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
	m_at(1010);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	EXPECT_EQ(lw_vm_used(), 1);
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	scene_end();
}

static void a_task_that_exits_leaves_nothing_to_the_next(void)
{
	struct task_struct *t;

	backend_runs();
	m_at(1000);
	packet_wakes_backend(1, true);
	m_task_exit(VHOST_CPU);
	EXPECT(!lw_task_find(scene.vhost));
	/* the kernel uses its memory for another task */
	t = scene.vhost;
	t->pid = 999;
	t->mm = NULL;
	m_at(1000000);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_wake(OTHER_CPU, t);
	m_switch(VHOST_CPU, t, M_SLEEPS);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	EXPECT(!lw_task_find(t));
	scene_end();
}

/* another CPU has claimed a slot for it, and does not get on */
static void task_that_another_cpu_begins_to_follow_has_one_slot(void)
{
	const struct lw_task *s;
	int slot;

	scene_begin();
	slot = lw_table_claim(&lw_task_table, scene.other);
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	s = lw_task_find(scene.other);
	EXPECT(s && s - (struct lw_task *)lw_task_table.entries != slot);
	EXPECT_EQ(m_line(LW_NOTE_TASK_FULL), 0);
	/* it goes on, and has to use that one */
	EXPECT(!lw_table_settle(&lw_task_table, slot, scene.other));
	lw_table_free(&lw_task_table, slot);
	EXPECT(lw_task_find(scene.other) == s);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_task_exit(OTHER_CPU);
	scene_end();
}

static void full_task_table_is_counted(void)
{
	static const struct m_sizes one = { .tasks = 1 };

	scene_cast(&one);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	EXPECT_EQ(m_line(LW_NOTE_TASK_FULL), 0);
	/* wakes, a take, an injection, an entry of tasks that do not fit */
	scene_irq_wakes(scene.irq_thread2, 29);
	EXPECT_EQ(m_line(LW_NOTE_TASK_FULL), 1);
	scene_rx(0, 1);
	EXPECT_EQ(m_line(LW_NOTE_TASK_FULL), 2);
	scene_take(0, 1);
	EXPECT_EQ(m_line(LW_NOTE_TASK_FULL), 3);
	EXPECT_EQ(m_line(LW_LOST_TASK_FULL), 1);
	scene_signal();
	scene_enter();
	EXPECT_EQ(m_in_flight(), 0);
	m_switch(NIC_CPU, scene.irq_thread2, M_SLEEPS);
	m_raise(NIC_CPU);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(found_awake_is_answered_at_the_take),
	TEST(found_awake_without_a_take_is_answered_by_the_next_wake),
	TEST(wake_after_found_awake_is_measured_from_itself),
	TEST(wake_racing_with_the_switch_out),
	TEST(wake_just_after_the_switch_out),
	TEST(preempted_while_found_awake),
	TEST(first_seen_awake_then_preempted),
	TEST(wake_of_a_sleeper_is_answered_by_its_next_switch),
	TEST(a_wake_is_answered_once),
	TEST(wake_for_a_dropped_packet_is_not_given_to_a_later_one),
	TEST(only_who_moves_packets_hands_on),
	TEST(softirq_on_top_of_a_backend_is_not_the_backend),
	TEST(hard_irq_on_top_of_a_backend_is_not_the_backend),
	TEST(vcpu_is_of_the_backends_own_address_space),
	TEST(another_backend_of_the_vm_is_no_vcpu),
	TEST(first_wake_after_a_signal_is_the_vcpus),
	TEST(a_signal_is_over_when_the_backend_sleeps_or_takes),
	TEST(worst_of_signal_is_the_flight_that_was_signalled),
	TEST(vcpu_found_awake_is_a_kick),
	TEST(sender_woken_by_its_own_packet_is_no_backend),
	TEST(a_task_that_exits_leaves_nothing_to_the_next),
	TEST(task_that_another_cpu_begins_to_follow_has_one_slot),
	TEST(full_task_table_is_counted),
};

KTAP_MAIN(tests)
