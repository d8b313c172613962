// SPDX-License-Identifier: GPL-2.0
/*
 * Softirqs that other softirqs of the same CPU preempt, as with PREEMPT_RT where the
 * kernel takes no lock for them: what each has in hand stays its own.
 */
#include "scene.h"

/* a thread runs NET_RX for an interrupt at @us; the poll begins 3 us later */
static void poll_in(struct task_struct *t, u64 us, int irq)
{
	m_at(us);
	m_irq(NIC_CPU, irq);
	m_at(us + 1);
	m_raise(NIC_CPU);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_at(us + 3);
	if (m_current(NIC_CPU) != t)
		m_switch(NIC_CPU, t, M_PREEMPTED);
	m_softirq(NIC_CPU, RUNNER_THREAD);
}

static void back_to(struct task_struct *t)
{
	m_switch(NIC_CPU, t, M_SLEEPS);
}

static void send_to_tap(unsigned int i)
{
	scene_send(NIC_CPU, &scene.skb[i], 0, NULL);
}

/* after its first packet a run has what it found itself */
static void packet_in_the_stack(void)
{
	scene_begin();
	poll_in(scene.irq_thread2, 1000, 29);
	m_stack(NIC_CPU, &scene.skb[0]);
	poll_in(scene.irq_thread, 1010, NIC_IRQ);
	m_stack(NIC_CPU, &scene.skb[1]);
	m_at(1020);
	send_to_tap(1);
	m_softirq_done(NIC_CPU);
	back_to(scene.irq_thread2);
	m_at(1030);
	send_to_tap(0);
	m_softirq_done(NIC_CPU);
	EXPECT_EQ(lw_cpus[NIC_CPU]->contexts, 0);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	EXPECT_EQ(m_line(LW_NOTE_RAISES), 0);
	m_at(1040);
	scene_take(0, 2);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_STACK)->max, 27 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_STACK)->min, 7 * US);
	scene_end();
}

/* a run that has not polled yet has its NICs polled by the one that preempts it */
static void preempted_before_its_first_packet(void)
{
	scene_begin();
	poll_in(scene.irq_thread2, 1000, 29);
	poll_in(scene.irq_thread, 1010, NIC_IRQ);
	EXPECT_EQ(m_line(LW_NOTE_RAISES), 1);
	scene_to_tap(&scene.skb[0], 0, NULL);
	m_softirq_done(NIC_CPU);
	back_to(scene.irq_thread2);
	m_softirq_done(NIC_CPU);
	m_at(1020);
	scene_take(0, 1);
	scene_signal();
	scene_enter();
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	scene_end();
}

/* nor does the wake of the next thread's poll find one that is over */
static void run_that_is_over_is_not_polled_for(void)
{
	scene_begin();
	poll_in(scene.irq_thread2, 1000, 29);
	m_softirq_done(NIC_CPU);
	poll_in(scene.irq_thread, 1010, NIC_IRQ);
	EXPECT_EQ(m_line(LW_NOTE_RAISES), 0);
	scene_to_tap(&scene.skb[0], 0, NULL);
	m_softirq_done(NIC_CPU);
	m_at(1020);
	scene_take(0, 1);
	scene_signal();
	scene_enter();
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	scene_end();
}

/* a poll that found nothing has taken the list, too */
static void polled_without_a_packet(void)
{
	scene_begin();
	poll_in(scene.irq_thread2, 1000, 29);
	m_polled(NIC_CPU, 0, 64);
	poll_in(scene.irq_thread, 1010, NIC_IRQ);
	EXPECT_EQ(m_line(LW_NOTE_RAISES), 0);
	m_softirq_done(NIC_CPU);
	scene_end();
}

/* waits for a lock of the RT kernel: it is switched from, and goes on */
static void waits_for_a_lock_in_the_stack(void)
{
	scene_begin();
	poll_in(scene.irq_thread2, 1000, 29);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_switch(NIC_CPU, scene.other, M_LOCK);
	m_stack_from(NIC_CPU, &scene.skb[1], M_VIRTUAL);
	back_to(scene.irq_thread2);
	send_to_tap(0);
	m_softirq_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	scene_end();
}

/* in a tap's transmit function: whom the other run wakes is not the tap's backend */
static void packet_in_the_tap(void)
{
	scene_begin();
	poll_in(scene.irq_thread2, 1000, 29);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_xmit(NIC_CPU, &scene.skb[0], 0);
	poll_in(scene.irq_thread, 1010, NIC_IRQ);
	m_wake(NIC_CPU, scene.kthread);
	EXPECT(!lw_task_find(scene.kthread));
	m_softirq_done(NIC_CPU);
	back_to(scene.irq_thread2);
	m_at(1020);
	m_wake(NIC_CPU, scene.vhost);
	m_xmit_done(NIC_CPU);
	m_softirq_done(NIC_CPU);
	m_at(1022);
	scene_take(0, 1);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 2 * US);
	scene_end();
}

/* a task that transmits with bottom halves on has left the driver when it is switched from */
static void bottom_halves_on(void)
{
	scene_begin();
	m_switch(NIC_CPU, scene.other, M_SLEEPS);
	m_stack_from(NIC_CPU, &scene.skb[0], M_VIRTUAL);
	m_switch(NIC_CPU, scene.kthread, M_PREEMPTED);
	EXPECT_EQ(lw_cpus[NIC_CPU]->contexts, 0);
	scene_end();
}

/* ---- signals of tasks with bottom halves on ---- */

/* an irq thread has signalled its device's guest, and is preempted before the wake */
static void signalled_then_preempted(void)
{
	scene_begin();
	m_at(1000);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_signal(NIC_CPU, 0, VECTOR);
	m_switch(NIC_CPU, scene.other, M_PREEMPTED);
	EXPECT_EQ(lw_cpus[NIC_CPU]->contexts, 1);
}

static void signal_goes_on_after_preemption(void)
{
	signalled_then_preempted();
	m_wake(NIC_CPU, scene.kthread);
	EXPECT(!lw_task_find(scene.kthread));
	back_to(scene.irq_thread);
	m_at(1005);
	m_wake(NIC_CPU, scene.vcpu);
	EXPECT_ONE(scene.vm, DEVICE_SIGNAL, 5 * US);
	scene_end();
}

static void signal_of_a_task_that_ran_elsewhere_is_over(void)
{
	signalled_then_preempted();
	m_switch(OTHER_CPU, scene.irq_thread, M_SLEEPS);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	back_to(scene.irq_thread);
	m_at(1005);
	m_wake(NIC_CPU, scene.vcpu);
	EXPECT_NONE(scene.vm, DEVICE_SIGNAL);
	EXPECT_EQ(lw_cpus[NIC_CPU]->contexts, 0);
	scene_end();
}

/* the memory of a task that has exited is another's */
static void signal_of_a_task_that_is_another_is_over(void)
{
	signalled_then_preempted();
	scene.irq_thread->pid += 1000;
	back_to(scene.irq_thread);
	m_at(1005);
	m_wake(NIC_CPU, scene.vcpu);
	EXPECT_NONE(scene.vm, DEVICE_SIGNAL);
	scene_end();
}

/* ---- more than are told apart ---- */

static struct task_struct *thread[LW_CONTEXTS + 2];

/* @n runs preempt each other, each with packet 10 + i in the stack */
static void preempt(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!thread[i])
			thread[i] = m_task("irq/60-eth2", NULL, 49, PF_KTHREAD);
		poll_in(thread[i], 1000 + 10 * i, 60 + i);
		m_stack(NIC_CPU, &scene.skb[10 + i]);
	}
}

/* and go on, the last one first */
static void unwind(unsigned int n)
{
	while (n--) {
		if (m_current(NIC_CPU) != thread[n])
			back_to(thread[n]);
		/* no queue: one that is lost there comes to the tap as a new one */
		m_xmit(NIC_CPU, &scene.skb[10 + n], 0);
		m_xmit_done(NIC_CPU);
		m_softirq_done(NIC_CPU);
	}
}

static void begin_deep(void)
{
	memset(thread, 0, sizeof(thread));
	scene_begin();
}

static void as_deep_as_there_is_room(void)
{
	begin_deep();
	preempt(LW_CONTEXTS);
	unwind(LW_CONTEXTS);
	EXPECT_EQ(m_line(LW_NOTE_CONTEXT_FULL), 0);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), LW_CONTEXTS);
	EXPECT_EQ(m_in_flight(), LW_CONTEXTS);
	scene_end();
}

/* the one that has no room is alone in that: its packet is known */
static void one_deeper(void)
{
	begin_deep();
	preempt(LW_CONTEXTS + 1);
	unwind(LW_CONTEXTS + 1);
	EXPECT_EQ(m_line(LW_NOTE_CONTEXT_FULL), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), LW_CONTEXTS + 1);
	EXPECT_EQ(m_in_flight(), LW_CONTEXTS + 1);
	EXPECT_BALANCE();
	/* and all are free again */
	preempt(LW_CONTEXTS);
	EXPECT_EQ(lw_cpus[NIC_CPU]->contexts, BIT(LW_CONTEXTS) - 1);
	EXPECT_EQ(m_line(LW_NOTE_CONTEXT_FULL), 1);
	scene_end();
}

/* of two the first one's packet is lost; whose it is nobody can tell any more */
static void two_deeper(void)
{
	begin_deep();
	preempt(LW_CONTEXTS + 2);
	unwind(LW_CONTEXTS + 2);
	EXPECT_EQ(m_line(LW_NOTE_CONTEXT_FULL), 1);
	EXPECT_EQ(m_line(LW_LOST_CONTEXT), 1);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_in_flight(), LW_CONTEXTS + 1);
	EXPECT_BALANCE();
	scene_end();
}

/* one that is only preempted with a signal in hand gives up its record */
static void signals_make_room(void)
{
	begin_deep();
	m_at(900);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_signal(NIC_CPU, 0, VECTOR);
	preempt(LW_CONTEXTS);
	EXPECT_EQ(m_line(LW_NOTE_CONTEXT_FULL), 0);
	unwind(LW_CONTEXTS);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), LW_CONTEXTS);
	back_to(scene.irq_thread);
	m_wake(NIC_CPU, scene.vcpu);
	EXPECT_NONE(scene.vm, DEVICE_SIGNAL);
	scene_end();
}

/* a macvtap's packet of a run that is not known */
static void candidate_of_a_run_without_room(void)
{
	begin_deep();
	m_macvtap();
	preempt(LW_CONTEXTS + 2);
	m_softirq_done(NIC_CPU);
	back_to(thread[LW_CONTEXTS]);
	m_stack_lower(NIC_CPU, &scene.skb[0]);
	EXPECT_EQ(m_line(LW_LOST_CONTEXT), 1);
	EXPECT_BALANCE();
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(packet_in_the_stack),
	TEST(preempted_before_its_first_packet),
	TEST(run_that_is_over_is_not_polled_for),
	TEST(polled_without_a_packet),
	TEST(waits_for_a_lock_in_the_stack),
	TEST(packet_in_the_tap),
	TEST(bottom_halves_on),
	TEST(signal_goes_on_after_preemption),
	TEST(signal_of_a_task_that_ran_elsewhere_is_over),
	TEST(signal_of_a_task_that_is_another_is_over),
	TEST(as_deep_as_there_is_room),
	TEST(one_deeper),
	TEST(two_deeper),
	TEST(signals_make_room),
	TEST(candidate_of_a_run_without_room),
};

KTAP_MAIN(tests)
