// SPDX-License-Identifier: GPL-2.0
/* From a hard irq to NET_RX: who may hand its flight to whom. */
#include "scene.h"

static void thread_runs(struct task_struct *thread)
{
	m_switch(NIC_CPU, thread, M_SLEEPS);
}

static void thread_sleeps(void)
{
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
}

static void poll(enum latwatch_stage runner)
{
	m_softirq(NIC_CPU, runner);
	m_softirq_done(NIC_CPU);
}

/* the poll that was raised forwards one packet all the way to the entry */
static const struct lw_flight *poll_and_deliver(enum latwatch_stage runner)
{
	m_softirq(NIC_CPU, runner);
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	m_softirq_done(NIC_CPU);
	scene_take(0, 1);
	scene_signal();
	scene_enter();
	return &m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst;
}

static void timer_wake_after_device_irq_does_not_inherit(void)
{
	scene_begin();
	/* both are followed already */
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	thread_sleeps();
	scene_irq_wakes(scene.irq_thread2, 29);
	thread_runs(scene.irq_thread2);
	thread_sleeps();

	/* 250 ms later a timer wakes one of them, and it raises NET_RX */
	m_at(250000);
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.irq_thread);
	m_ipi_done(NIC_CPU);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_NONE(LW_HOST, HARD_IRQ);
	EXPECT_NONE(LW_HOST, IRQ_THREAD_WAKE);
	EXPECT_NONE(LW_HOST, IRQ_THREAD);
	EXPECT_EQ(poll_and_deliver(RUNNER_THREAD)->origin,
		  LATWATCH_ORIGIN_POLL);
	scene_end();
}

/* asked for already, no wake of its thread follows: but one of another does */
static void wake_of_another_thread_does_not_inherit(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, scene.irq_thread);
	m_irq_done(NIC_CPU);
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.irq_thread2);
	m_ipi_done(NIC_CPU);
	thread_runs(scene.irq_thread2);
	m_raise(NIC_CPU);
	EXPECT_NONE(LW_HOST, HARD_IRQ);
	EXPECT_NONE(LW_HOST, IRQ_THREAD);
	scene_end();
}

/* the wake that the irq asked for has come: the next one is another's */
static void only_the_one_wake_inherits(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	poll(RUNNER_THREAD);
	thread_sleeps();
	m_at(250000);
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.irq_thread);
	m_ipi_done(NIC_CPU);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_ONE(LW_HOST, HARD_IRQ, 0);
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 0);
	scene_end();
}

static void handler_that_wakes_a_task_itself_hands_nothing_over(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	thread_sleeps();
	m_at(10);
	m_irq(NIC_CPU, 40);
	m_wake(NIC_CPU, scene.irq_thread);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_NONE(LW_HOST, IRQ_THREAD_WAKE);
	scene_end();
}

static void asked_for_already_does_not_leak_to_a_later_wake(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	/* again, before the thread has begun: no wake follows */
	m_at(1);
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, scene.irq_thread);
	m_irq_done(NIC_CPU);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	poll(RUNNER_THREAD);
	thread_sleeps();

	/* another device's handler wakes the thread, and does not ask for it */
	m_at(100000);
	m_irq(NIC_CPU, 40);
	m_wake(NIC_CPU, scene.irq_thread);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	/* and so does a timer thereafter */
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.irq_thread);
	m_ipi_done(NIC_CPU);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_IRQ_THREAD_WAKE)->count, 1);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_HARD_IRQ)->count, 1);
	scene_end();
}

/* the same where no switch comes between: the thread runs on another CPU */
static void thread_raises_elsewhere(void)
{
	m_switch(OTHER_CPU, scene.irq_thread, M_SLEEPS);
	m_raise(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_THREAD);
	m_softirq_done(OTHER_CPU);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
}

static void only_the_one_wake_inherits_elsewhere(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_raises_elsewhere();
	m_at(250000);
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.irq_thread);
	m_ipi_done(NIC_CPU);
	thread_raises_elsewhere();
	EXPECT_ONE(LW_HOST, HARD_IRQ, 0);
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 0);
	scene_end();
}

static void asked_for_twice(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_at(1);
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, scene.irq_thread);
	m_irq_done(NIC_CPU);
}

static bool carries(unsigned int cpu)
{
	lw_cpu_note(lw_cpus[cpu]);
	return lw_cpus[cpu]->carries;
}

/* another device's handler wakes the thread, and does not ask for it */
static void asked_for_already_is_over_at_the_next_irq(void)
{
	asked_for_twice();
	thread_raises_elsewhere();
	m_at(100000);
	m_irq(NIC_CPU, 40);
	m_wake(NIC_CPU, scene.irq_thread);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	thread_raises_elsewhere();
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_IRQ_THREAD_WAKE)->count, 1);
	scene_end();
}

/* and a timer that wakes it next, without a device's interrupt in between */
static void asked_for_already_is_over_when_the_thread_runs(void)
{
	asked_for_twice();
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	poll(RUNNER_THREAD);
	thread_sleeps();
	EXPECT(!carries(NIC_CPU));
	m_at(100000);
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.irq_thread);
	m_ipi_done(NIC_CPU);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_IRQ_THREAD_WAKE)->count, 1);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_HARD_IRQ)->count, 1);
	scene_end();
}

/* the thread runs on another CPU: here nobody that is followed does */
static void asked_for_already_is_over_at_the_next_wake(void)
{
	asked_for_twice();
	m_switch(OTHER_CPU, scene.irq_thread, M_SLEEPS);
	EXPECT(carries(NIC_CPU));
	m_wake(NIC_CPU, scene.other);
	EXPECT(!carries(NIC_CPU));
	scene_end();
}

/*
 * As seen in a burst: the NIC interrupts its own thread, which is in the
 * softirq that it raised. The thread is running: no wake is traced, but it
 * raises once more for that interrupt, whose time is known.
 */
static void irq_while_its_thread_runs_opens_its_next_raise(void)
{
	const struct lw_flight *f;

	scene_begin();
	m_at(100);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	m_softirq(NIC_CPU, RUNNER_THREAD);
	m_at(150);
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, scene.irq_thread);
	m_irq_done(NIC_CPU);
	m_softirq_done(NIC_CPU);
	m_at(160);
	m_raise(NIC_CPU);
	f = poll_and_deliver(RUNNER_THREAD);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_IRQ);
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	/* the handler is seen to end */
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_HARD_IRQ)->count, 2);
	EXPECT_EQ(m_line(LW_NOTE_THREAD_AWAKE), 1);
	scene_end();
}

static void found_awake(void)
{
	m_at(100);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	poll(RUNNER_THREAD);
	/* it announces that it will sleep; the next irq comes before it does */
	m_at(200);
	m_irq(NIC_CPU, NIC_IRQ);
	m_at(201);
	m_irq_return(NIC_CPU, scene.irq_thread);
	m_wake_seen(NIC_CPU, scene.irq_thread, true);
	m_irq_done(NIC_CPU);
	m_at(207);
	m_raise(NIC_CPU);
}

static void irq_thread_found_awake_raises_again(void)
{
	const struct lw_flight *f;

	scene_begin();
	found_awake();
	m_at(210);
	f = poll_and_deliver(RUNNER_THREAD);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_IRQ);
	EXPECT_EQ(f->begin_ns % SECOND, 200 * US);
	EXPECT_EQ(lw_flight_actor(f, LATWATCH_ROLE_IRQ_THREAD)->pid,
		  scene.irq_thread->pid);
	EXPECT_EQ(m_line(LW_NOTE_THREAD_AWAKE), 1);
	/* one switch, one wake's latency */
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 0);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_HARD_IRQ)->count, 2);
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	scene_end();
}

/* its handler asked for the thread at 200, and another CPU woke it before that */
static void woken_by_another_cpu(void)
{
	m_at(100);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	poll(RUNNER_THREAD);
	thread_sleeps();
	m_at(200);
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, scene.irq_thread);
	m_wake(VHOST_CPU, scene.irq_thread);
	m_irq_done(NIC_CPU);
	m_at(205);
	thread_runs(scene.irq_thread);
}

/* interrupts that lead to nothing, @n of them; the last thread sleeps again */
static void irqs_for_nothing(struct task_struct *thread, unsigned int n)
{
	while (n--) {
		scene_irq_wakes(thread, NIC_IRQ);
		m_switch(NIC_CPU, thread, M_SLEEPS);
		m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	}
}

/* should it lead to a poll one day, nothing of the whole way is missing */
static void irq_that_never_led_to_anything_keeps_its_begin(void)
{
	const struct lw_flight *f;

	scene_begin();
	irqs_for_nothing(scene.irq_thread, 100);
	m_at(200);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	/* nothing is handed over: the switch has no wake to answer */
	EXPECT_EQ(lw_task_find(scene.irq_thread)->wake.word & LW_WAKE_STATE,
		  LW_WAKE_NONE);
	m_at(203);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	/* the next comes before the thread asks for a poll: the older one counts */
	m_at(205);
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, scene.irq_thread);
	m_irq_done(NIC_CPU);
	m_at(207);
	m_raise(NIC_CPU);
	m_at(210);
	f = poll_and_deliver(RUNNER_THREAD);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_IRQ);
	EXPECT_EQ(f->irq, NIC_IRQ);
	EXPECT_EQ(f->begin_ns % SECOND, 200 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	/* what of it was the handler's, the wake's, the thread's: not known */
	EXPECT_NONE(LW_HOST, HARD_IRQ);
	/* from now on it is followed */
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	irqs_for_nothing(scene.irq_thread, 100);
	m_at(300);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_at(303);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_raise(NIC_CPU);
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 3 * US);
	poll(RUNNER_THREAD);
	scene_end();
}

/* the interrupt has got another thread, which has no slot yet */
static void irq_with_a_new_thread_is_followed(void)
{
	scene_begin();
	irqs_for_nothing(scene.irq_thread, 100);
	m_at(300);
	scene_irq_wakes(scene.irq_thread2, NIC_IRQ);
	m_at(303);
	m_switch(NIC_CPU, scene.irq_thread2, M_SLEEPS);
	m_raise(NIC_CPU);
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 3 * US);
	poll(RUNNER_THREAD);
	scene_end();
}

static void irq_whose_thread_another_cpu_wakes_keeps_its_begin(void)
{
	const struct lw_flight *f;

	scene_begin();
	woken_by_another_cpu();
	m_at(207);
	m_raise(NIC_CPU);
	m_at(210);
	f = poll_and_deliver(RUNNER_THREAD);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_IRQ);
	EXPECT_EQ(f->irq, NIC_IRQ);
	EXPECT_EQ(f->begin_ns % SECOND, 200 * US);
	EXPECT_EQ(f->cpu[LATWATCH_MARK_IRQ], NIC_CPU);
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	/* what of it was the handler's, the wake's, the thread's: not known */
	EXPECT_ONE(LW_HOST, HARD_IRQ, 0);
	EXPECT_ONE(LW_HOST, IRQ_THREAD, 0);
	/* and that was it */
	m_at(300);
	m_raise(NIC_CPU);
	EXPECT_EQ(m_line(LW_NOTE_POLLS), 0);
	poll(RUNNER_THREAD);
	EXPECT_EQ(m_line(LW_NOTE_POLLS), 1);
	scene_end();
}

/* it found nothing to raise NET_RX for */
static void irq_whose_thread_sleeps_again_is_forgotten(void)
{
	scene_begin();
	woken_by_another_cpu();
	thread_sleeps();
	m_at(1000000);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_EQ(poll_and_deliver(RUNNER_THREAD)->origin,
		  LATWATCH_ORIGIN_POLL);
	scene_end();
}

/* asked for as it slept, and woken by that handler: there is nothing left */
static void irq_whose_wake_has_come_is_handed_over_once(void)
{
	scene_begin();
	m_at(100);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	thread_sleeps();
	m_at(200);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	poll(RUNNER_THREAD);
	m_at(5000);
	m_raise(NIC_CPU);
	EXPECT_EQ(poll_and_deliver(RUNNER_THREAD)->origin,
		  LATWATCH_ORIGIN_POLL);
	scene_end();
}

/* Documentation/stages.rst: "to the nanosecond" */
static void stages_of_a_thread_found_awake_add_up(void)
{
	u64 terms;

	scene_begin();
	found_awake();
	terms = scene_terms(LW_HOST);
	m_at(210);
	poll_and_deliver(RUNNER_THREAD);
	/* of the first poll, that forwarded nothing: no time passed */
	EXPECT_EQ(terms, 7 * US);
	EXPECT_EQ(scene_terms(scene.vm), 10 * US);
	scene_end();
}

static void thread_that_raises_nothing_forgets_its_irq_when_it_sleeps(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	thread_sleeps();
	m_at(1000000);
	/* somebody else lets it run */
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_NONE(LW_HOST, IRQ_THREAD);
	EXPECT_EQ(poll_and_deliver(RUNNER_THREAD)->origin,
		  LATWATCH_ORIGIN_POLL);
	scene_end();
}

static void thread_raising_twice_for_one_irq_opens_one_flight(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	poll(RUNNER_THREAD);
	m_at(500);
	m_raise(NIC_CPU);
	EXPECT_ONE(LW_HOST, IRQ_THREAD, 0);
	EXPECT_EQ(poll_and_deliver(RUNNER_THREAD)->origin,
		  LATWATCH_ORIGIN_POLL);
	scene_end();
}

static void preempted_irq_thread_keeps_its_irq(void)
{
	scene_begin();
	m_at(0);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_at(3);
	thread_runs(scene.irq_thread);
	m_switch(NIC_CPU, scene.other, M_PREEMPTED);
	m_at(50);
	m_switch(NIC_CPU, scene.irq_thread, M_PREEMPTED);
	/* and waits for a lock: that is part of what it does */
	m_switch(NIC_CPU, scene.other, M_LOCK);
	m_at(70);
	m_switch(NIC_CPU, scene.irq_thread, M_PREEMPTED);
	m_raise(NIC_CPU);
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 3 * US);
	EXPECT_ONE(LW_HOST, IRQ_THREAD, 67 * US);
	scene_end();
}

static void second_irq_before_the_thread_runs_keeps_the_oldest(void)
{
	scene_begin();
	m_at(0);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_at(10);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_at(15);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 15 * US);
	scene_end();
}

static void raise_while_pending_is_merged(void)
{
	scene_begin();
	m_at(0);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	m_at(5);
	scene_irq_raises(NIC_CPU, 33);
	m_at(9);
	poll_and_deliver(RUNNER_OTHER);
	EXPECT_EQ(m_line(LW_NOTE_RAISES), 1);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT, 9 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst.irq,
		  NIC_IRQ);
	scene_end();
}

/* a thread whose raise was merged has no flight left for its next one */
static void merged_raise_of_a_thread_takes_its_flight_along(void)
{
	scene_begin();
	m_at(0);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_raise(NIC_CPU);
	m_at(1);
	thread_runs(scene.irq_thread);
	m_at(2);
	m_raise(NIC_CPU);
	EXPECT_EQ(m_line(LW_NOTE_RAISES), 1);
	poll(RUNNER_THREAD);
	/* much later it goes on polling */
	m_at(5000);
	m_raise(NIC_CPU);
	m_at(5001);
	EXPECT_EQ(poll_and_deliver(RUNNER_THREAD)->origin,
		  LATWATCH_ORIGIN_POLL);
	EXPECT_ONE(scene.vm, END_TO_END, US);
	EXPECT(m_stat(LW_HOST, LATWATCH_STAGE_IRQ_THREAD)->max < 5 * US);
	scene_end();
}

/* the oldest counts, even if it was not the first to raise */
static void older_irq_that_raises_second_is_the_origin(void)
{
	const struct lw_flight *f;

	scene_begin();
	m_at(0);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_at(10);
	m_ipi(NIC_CPU);
	m_raise(NIC_CPU);
	m_ipi_done(NIC_CPU);
	m_at(12);
	thread_runs(scene.irq_thread);
	m_raise(NIC_CPU);
	m_at(15);
	f = poll_and_deliver(RUNNER_THREAD);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_IRQ);
	EXPECT_ONE(scene.vm, END_TO_END, 15 * US);
	scene_end();
}

static void net_rx_that_raises_itself_goes_on(void)
{
	const struct lw_flight *f;

	scene_begin();
	m_at(0);
	scene_poll_begin();
	m_at(100);
	m_raise(NIC_CPU);
	scene_poll_end();
	m_at(110);
	f = poll_and_deliver(LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_IRQ);
	EXPECT_EQ(f->irq, NIC_IRQ);
	EXPECT(!lw_flight_has(f, LATWATCH_MARK_IRQ));
	EXPECT_ONE(scene.vm, END_TO_END, 110 * US);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_KSOFTIRQD, 10 * US);
	EXPECT_EQ(m_line(LW_OPENED_AFTER_IRQ), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 0);
	EXPECT_EQ(m_line(LW_NOTE_POLLS), 1);
	scene_end();
}

static void raise_from_an_ipi_or_a_timer_opens_a_poll(void)
{
	scene_begin();
	m_at(0);
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_at(250000);
	m_ipi(NIC_CPU);
	m_raise(NIC_CPU);
	m_ipi_done(NIC_CPU);
	m_at(250001);
	EXPECT_EQ(poll_and_deliver(RUNNER_OTHER)->origin,
		  LATWATCH_ORIGIN_POLL);
	EXPECT_ONE(scene.vm, END_TO_END, US);
	EXPECT_NONE(LW_HOST, HARD_IRQ);
	scene_end();
}

static void raise_by_a_task_that_no_irq_woke_opens_a_poll(void)
{
	scene_begin();
	m_irq(NIC_CPU, NIC_IRQ);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_at(10);
	m_switch(NIC_CPU, scene.other, M_SLEEPS);
	m_raise(NIC_CPU);
	m_at(11);
	EXPECT_EQ(poll_and_deliver(RUNNER_OTHER)->origin,
		  LATWATCH_ORIGIN_POLL);
	EXPECT_ONE(scene.vm, END_TO_END, US);
	scene_end();
}

static void net_rx_raised_before_the_module_watched(void)
{
	const struct lw_flight *f;

	scene_begin();
	m_at(10);
	f = poll_and_deliver(RUNNER_OTHER);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_POLL);
	EXPECT(!lw_flight_has(f, LATWATCH_MARK_RAISE));
	EXPECT_NONE(LW_HOST, SOFTIRQ_WAIT);
	EXPECT_EQ(scene_terms(scene.vm),
		  m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->sum);
	scene_end();
}

static void each_runner_has_its_row(void)
{
	static const enum latwatch_stage runners[] = {
		LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD,
		LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD,
		LATWATCH_STAGE_SOFTIRQ_WAIT_KTIMERS,
		LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER,
	};
	unsigned int i;

	scene_begin();
	for (i = 0; i < ARRAY_SIZE(runners); i++) {
		scene_irq_raises(NIC_CPU, NIC_IRQ);
		m_after((i + 1) * US);
		poll(runners[i]);
	}
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_THREAD, 1 * US);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_KSOFTIRQD, 2 * US);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_KTIMERS, 3 * US);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_OTHER, 4 * US);
	EXPECT_STAT(LW_HOST, SOFTIRQ_WAIT, 4, US, 4 * US, 10 * US);
	scene_end();
}

/* each CPU has its own raise and its own NET_RX */
static void cpus_do_not_mix(void)
{
	scene_begin();
	m_at(0);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	m_at(10);
	scene_irq_raises(OTHER_CPU, 33);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT, 0);
	m_softirq_done(OTHER_CPU);
	m_at(20);
	poll_and_deliver(RUNNER_OTHER);
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_EQ(m_line(LW_NOTE_RAISES), 0);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(timer_wake_after_device_irq_does_not_inherit),
	TEST(wake_of_another_thread_does_not_inherit),
	TEST(only_the_one_wake_inherits),
	TEST(handler_that_wakes_a_task_itself_hands_nothing_over),
	TEST(asked_for_already_does_not_leak_to_a_later_wake),
	TEST(only_the_one_wake_inherits_elsewhere),
	TEST(asked_for_already_is_over_at_the_next_irq),
	TEST(asked_for_already_is_over_when_the_thread_runs),
	TEST(asked_for_already_is_over_at_the_next_wake),
	TEST(irq_while_its_thread_runs_opens_its_next_raise),
	TEST(irq_thread_found_awake_raises_again),
	TEST(irq_that_never_led_to_anything_keeps_its_begin),
	TEST(irq_with_a_new_thread_is_followed),
	TEST(irq_whose_thread_another_cpu_wakes_keeps_its_begin),
	TEST(irq_whose_thread_sleeps_again_is_forgotten),
	TEST(irq_whose_wake_has_come_is_handed_over_once),
	TEST(stages_of_a_thread_found_awake_add_up),
	TEST(thread_that_raises_nothing_forgets_its_irq_when_it_sleeps),
	TEST(thread_raising_twice_for_one_irq_opens_one_flight),
	TEST(preempted_irq_thread_keeps_its_irq),
	TEST(second_irq_before_the_thread_runs_keeps_the_oldest),
	TEST(raise_while_pending_is_merged),
	TEST(merged_raise_of_a_thread_takes_its_flight_along),
	TEST(older_irq_that_raises_second_is_the_origin),
	TEST(net_rx_that_raises_itself_goes_on),
	TEST(raise_from_an_ipi_or_a_timer_opens_a_poll),
	TEST(raise_by_a_task_that_no_irq_woke_opens_a_poll),
	TEST(net_rx_raised_before_the_module_watched),
	TEST(each_runner_has_its_row),
	TEST(cpus_do_not_mix),
};

KTAP_MAIN(tests)
