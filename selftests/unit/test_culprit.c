// SPDX-License-Identifier: GPL-2.0
/* Who filled the time of a stage: each kind of culprit, to the nanosecond. */
#include "culprit_scene.h"

static void a_thread_that_kept_the_cpu(void)
{
	const struct lw_blamed *b;

	backend_is_woken(true);
	backend_answers(140);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 40 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 40 * US);
	b = &ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->worst;
	EXPECT_EQ(b->n, 1);
	EXPECT_EQ(b->by[0].cpu, VHOST_CPU);
	EXPECT_EQ(b->by[0].prio, 120);
	EXPECT_EQ(b->by[0].mark, LATWATCH_MARK_BACKEND_RUN);
	EXPECT(!strcmp(b->by[0].name, "netperf"));
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_WAKE), 0);
	/* the dwell around it has it as well */
	EXPECT_EQ(WORST(TAP_DWELL, THREAD, scene.other->pid), 40 * US);
	scene_end();
}

static void an_idle_cpu_has_to_be_left(void)
{
	backend_is_woken(false);
	backend_answers(103);
	EXPECT_EQ(WORST(BACKEND_WAKE, IDLE, 0), 3 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_WAKE), 1);
	scene_end();
}

/* two threads, one after the other; the second came while the first had the CPU */
static void threads_in_turn(void)
{
	backend_is_woken(true);
	m_at(110);
	m_switch(VHOST_CPU, scene.kthread, M_PREEMPTED);
	m_at(135);
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	backend_answers(140);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 15 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.kthread->pid), 25 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_WAKE), 2);
	scene_end();
}

static void preempted_by_a_thread(void)
{
	backend_serves();
	m_at(105);
	m_switch(VHOST_CPU, scene.kthread, M_PREEMPTED);
	m_at(125);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	backend_signals(130);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 30 * US);
	EXPECT_EQ(WORST(BACKEND_SERVICE, THREAD, scene.kthread->pid), 20 * US);
	/* the rest is its own */
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_SERVICE), 1);
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_SERVICE), 0);
	scene_end();
}

static void a_hard_irq_in_the_wait(void)
{
	backend_is_woken(false);
	m_at(102);
	m_irq(VHOST_CPU, 40);
	m_at(107);
	m_irq_return(VHOST_CPU, NULL);
	m_irq_done(VHOST_CPU);
	backend_answers(110);
	EXPECT_EQ(WORST(BACKEND_WAKE, HARD_IRQ, 40), 5 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, IDLE, 0), 5 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_WAKE), 2);
	scene_end();
}

/* one that had begun before, and one in which the wait began and ended */
static void a_hard_irq_that_was_there_already(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_at(90);
	m_irq(VHOST_CPU, 40);
	m_at(100);
	scene_rx(1, 1);
	m_at(107);
	m_irq_return(VHOST_CPU, NULL);
	m_irq_done(VHOST_CPU);
	backend_answers(110);
	EXPECT_EQ(WORST(BACKEND_WAKE, HARD_IRQ, 40), 7 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, IDLE, 0), 3 * US);
	scene_end();
}

static void a_softirq_on_top_of_the_backend(void)
{
	backend_serves();
	m_at(102);
	m_softirq_of(VHOST_CPU, TIMER_SOFTIRQ);
	m_at(113);
	m_softirq_of_done(VHOST_CPU, TIMER_SOFTIRQ);
	backend_signals(115);
	EXPECT_EQ(WORST(BACKEND_SERVICE, SOFTIRQ, TIMER_SOFTIRQ), 11 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_SERVICE), 1);
	scene_end();
}

/* of what lies in each other, each has its own time */
static void irq_in_softirq_in_thread(void)
{
	backend_is_woken(true);
	m_at(101);
	m_softirq_of(VHOST_CPU, TIMER_SOFTIRQ);
	m_at(103);
	m_irq(VHOST_CPU, 40);
	m_at(106);
	m_irq_return(VHOST_CPU, NULL);
	m_irq_done(VHOST_CPU);
	m_at(111);
	m_softirq_of_done(VHOST_CPU, TIMER_SOFTIRQ);
	backend_answers(120);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 10 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, SOFTIRQ, TIMER_SOFTIRQ), 7 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, HARD_IRQ, 40), 3 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_WAKE), 3);
	scene_end();
}

/* on RT a softirq is preempted by a task, and goes on */
static void a_preempted_poll(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_at(100);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	m_softirq(NIC_CPU, RUNNER_THREAD);
	m_at(104);
	m_switch(NIC_CPU, scene.other, M_PREEMPTED);
	m_at(154);
	m_switch(NIC_CPU, scene.irq_thread, M_PREEMPTED);
	m_at(155);
	scene_to_tap(&scene.skb[1], 0, scene.vhost);
	scene_poll_end();
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	scene_take_deliver(1, 1);
	EXPECT_ONE(scene.vm, NAPI, 55 * US);
	EXPECT_EQ(WORST(NAPI, THREAD, scene.other->pid), 50 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_NAPI), 1);
	EXPECT_EQ(WORST(END_TO_END, THREAD, scene.other->pid), 50 * US);
	scene_end();
}

/* an interrupt of another device in the middle of a poll, told on the backend's CPU */
static void a_hard_irq_in_the_poll(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_at(100);
	scene_poll_begin();
	m_at(102);
	m_irq(NIC_CPU, 40);
	m_at(106);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_at(110);
	scene_to_tap(&scene.skb[1], 0, scene.vhost);
	m_at(120);
	scene_poll_end();
	scene_take_deliver(1, 1);
	EXPECT_ONE(scene.vm, NAPI, 10 * US);
	EXPECT_EQ(WORST(NAPI, HARD_IRQ, 40), 4 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_NAPI), 1);
	EXPECT_EQ(culprits(LATWATCH_STAGE_STACK), 0);
	scene_end();
}

/* who raised NET_RX and runs it is not in its own way */
static void who_raises_and_runs_is_no_culprit(void)
{
	scene_begin();
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_at(100);
	m_raise(NIC_CPU);
	m_at(103);
	m_irq(NIC_CPU, 40);
	m_at(104);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_at(105);
	m_softirq(NIC_CPU, RUNNER_THREAD);
	scene_poll_end();
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT, 5 * US);
	EXPECT_EQ(WORST(SOFTIRQ_WAIT, HARD_IRQ, 40), 1 * US);
	EXPECT_EQ(ranks(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->worst.n, 1);
	scene_end();
}

/* a lock is waited for: whoever runs meanwhile is not to blame */
static void a_backend_that_waits_for_a_lock(void)
{
	backend_serves();
	m_at(102);
	m_switch(VHOST_CPU, scene.other, M_LOCK);
	m_at(110);
	m_switch(VHOST_CPU, scene.kthread, M_SLEEPS);
	m_at(120);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(124);
	m_softirq_of(VHOST_CPU, TIMER_SOFTIRQ);
	m_at(125);
	m_softirq_of_done(VHOST_CPU, TIMER_SOFTIRQ);
	backend_signals(130);
	EXPECT_EQ(WORST(BACKEND_SERVICE, BLOCKED, 0), 18 * US);
	EXPECT_EQ(WORST(BACKEND_SERVICE, SOFTIRQ, TIMER_SOFTIRQ), 1 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_SERVICE), 2);
	scene_end();
}

/* the same by one whose holder is known */
static void a_lock_and_its_holder(void)
{
	const struct lw_blamed *b;

	backend_serves();
	m_at(102);
	m_lock(VHOST_CPU, scene.other);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_LOCK);
	m_at(120);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_lock_done(VHOST_CPU);
	/* and then for a page */
	m_at(121);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_LOCK);
	m_at(125);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	backend_signals(130);
	EXPECT_EQ(WORST(BACKEND_SERVICE, LOCK, scene.other->pid), 18 * US);
	EXPECT_EQ(WORST(BACKEND_SERVICE, BLOCKED, 0), 4 * US);
	b = &ranks(scene.vm, LATWATCH_STAGE_BACKEND_SERVICE)->worst;
	EXPECT_EQ(b->n, 2);
	EXPECT(!strcmp(b->by[1].name, "netperf"));
	scene_end();
}

/* what it took to leave the state is apart from what the idle task did then */
static void an_idle_state_is_left(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_idles(VHOST_CPU, 2);
	m_at(100);
	scene_rx(1, 1);
	m_at(160);
	m_idles_no_more(VHOST_CPU);
	backend_answers(163);
	EXPECT_EQ(WORST(BACKEND_WAKE, IDLE, 3), 60 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, IDLE, 0), 3 * US);
	scene_end();
}

static void an_ipi_in_the_wait(void)
{
	backend_is_woken(true);
	m_at(110);
	m_ipi_of(VHOST_CPU);
	m_at(112);
	lw_cpus[VHOST_CPU]->trail.function = -17;
	m_ipi_of_done(VHOST_CPU, LW_IPI_CALL);
	m_at(120);
	m_ipi_of(VHOST_CPU);
	m_at(125);
	m_ipi_of_done(VHOST_CPU, LW_IPI_TIMER);
	backend_answers(140);
	/* what was called is its own, and over with it */
	EXPECT_EQ(met(scene.vm, LATWATCH_STAGE_BACKEND_WAKE, LATWATCH_CULPRIT_KIND_IPI,
		      LW_IPI_CALL, -17), 2 * US);
	EXPECT_EQ(met(scene.vm, LATWATCH_STAGE_BACKEND_WAKE, LATWATCH_CULPRIT_KIND_IPI,
		      LW_IPI_TIMER, 0), 5 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 33 * US);
	scene_end();
}

/* it waits on one run queue, and is moved to another */
static void a_backend_that_is_moved(void)
{
	const struct lw_blamed *b;

	backend_is_woken(true);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_at(115);
	m_move(scene.vhost, OTHER_CPU, true);
	m_at(125);
	m_switch(OTHER_CPU, scene.vhost, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[1]);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	scene_enter();
	scene_halt();
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 25 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, MOVED, 0), 15 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.kthread->pid), 10 * US);
	b = &ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->worst;
	EXPECT_EQ(b->by[0].cpu, VHOST_CPU);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.watchers.counter, 0);
	EXPECT_EQ(lw_cpus[OTHER_CPU]->trail.watchers.counter, 0);
	scene_end();
}

/* the wake itself finds it another CPU: it did not wait for the first */
static void a_wake_to_another_cpu(void)
{
	backend_is_woken(true);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_after(US);
	m_move(scene.vhost, OTHER_CPU, false);
	m_at(125);
	m_switch(OTHER_CPU, scene.vhost, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[1]);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	scene_enter();
	scene_halt();
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.kthread->pid), 25 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_WAKE), 1);
	scene_end();
}

/* preempted, it ran elsewhere in between: what this CPU did then says nothing */
static void a_backend_that_was_elsewhere(void)
{
	backend_serves();
	m_at(105);
	m_switch(VHOST_CPU, scene.kthread, M_PREEMPTED);
	m_at(110);
	m_move(scene.vhost, OTHER_CPU, true);
	m_switch(OTHER_CPU, scene.vhost, M_SLEEPS);
	m_at(120);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_PREEMPTED);
	m_move(scene.vhost, VHOST_CPU, true);
	m_at(125);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	backend_signals(130);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 30 * US);
	EXPECT_EQ(WORST(BACKEND_SERVICE, THREAD, scene.kthread->pid), 0);
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_SERVICE), 25 * US);
	scene_end();
}

/* the same by locks: where it ran in between, its wake has chosen */
static void a_backend_that_a_lock_sent_elsewhere(void)
{
	backend_serves();
	m_at(105);
	m_switch(VHOST_CPU, scene.kthread, M_LOCK);
	m_move(scene.vhost, OTHER_CPU, false);
	m_at(110);
	m_switch(OTHER_CPU, scene.vhost, M_SLEEPS);
	m_at(120);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_LOCK);
	m_move(scene.vhost, VHOST_CPU, false);
	m_at(125);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	backend_signals(130);
	EXPECT_EQ(WORST(BACKEND_SERVICE, BLOCKED, 0), 5 * US);
	EXPECT_EQ(WORST(BACKEND_SERVICE, THREAD, scene.kthread->pid), 0);
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_SERVICE), 20 * US);
	scene_end();
}

/* more came in between than a CPU keeps: the rest is not known, with its time */
static void more_than_the_trail_keeps(void)
{
	unsigned int i;

	backend_is_woken(false);
	for (i = 0; i < LW_TRAIL; i++) {
		m_after(50);
		m_irq(VHOST_CPU, 40);
		m_after(50);
		m_irq_return(VHOST_CPU, NULL);
		m_irq_done(VHOST_CPU);
	}
	backend_answers(120);
	EXPECT_EQ(WORST(BACKEND_WAKE, HARD_IRQ, 40) + WORST(BACKEND_WAKE, IDLE, 0) +
		  unknown(LATWATCH_STAGE_BACKEND_WAKE), 20 * US);
	/* what is kept whole is LW_TRAIL - 2 spans, of 50 ns but for the last */
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_WAKE), 100 * LW_TRAIL - 50 * (LW_TRAIL - 3));
	EXPECT_EQ(WORST(BACKEND_WAKE, HARD_IRQ, 40), 50 * (LW_TRAIL / 2 - 1));
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->unknown_sum,
		  unknown(LATWATCH_STAGE_BACKEND_WAKE));
	scene_end();
}

/* a second wait on the same full trail is known, whole */
static void a_full_trail_goes_on(void)
{
	unsigned int i;

	backend_is_woken(false);
	for (i = 0; i < LW_TRAIL; i++) {
		m_irq(VHOST_CPU, 40);
		m_irq_return(VHOST_CPU, NULL);
		m_irq_done(VHOST_CPU);
	}
	backend_answers(101);
	m_reset();
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	m_at(200);
	scene_rx(1, 1);
	backend_answers(203);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 3 * US);
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_WAKE), 0);
	scene_end();
}

/* nobody waits, nothing followed runs: nothing is noted */
static void a_cpu_that_nobody_watches(void)
{
	unsigned long head;

	backend_is_woken(true);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.watchers.counter, 1);
	backend_answers(140);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.watchers.counter, 0);
	head = lw_cpus[VHOST_CPU]->trail.head;
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	m_softirq_of(VHOST_CPU, TIMER_SOFTIRQ);
	m_softirq_of_done(VHOST_CPU, TIMER_SOFTIRQ);
	m_switch(VHOST_CPU, scene.kthread, M_SLEEPS);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.head, head);
	scene_end();
}

/* a task that exits waits no more */
static void a_task_that_exits_watches_no_more(void)
{
	backend_serves();
	m_switch(VHOST_CPU, scene.kthread, M_PREEMPTED);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.watchers.counter, 1);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.watchers.counter, 0);
	m_task_exit(VHOST_CPU);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.watchers.counter, 0);
	scene_end();
}

static void nobody_waits(void)
{
}

static void nothing_is_noted_while_it_is_off(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_at(90);
	scene_rx(1, 1);
	lw_trail_end(nobody_waits);
	backend_answers(140);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->explained_ns, 0);
	EXPECT_EQ(ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->n, 0);
	EXPECT_EQ(lw_cpus[VHOST_CPU]->trail.watchers.counter, 0);
	scene_end();
}

/* what began before it was on has no whole trail */
static void what_began_before_is_not_known(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	lw_trail_end(nobody_waits);
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	m_at(100);
	scene_rx(1, 1);
	m_at(110);
	lw_trail_begin();
	backend_answers(140);
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_WAKE), 40 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_BACKEND_WAKE), 0);
	scene_end();
}

/* nor what a task did that was preempted then */
static void work_that_began_before_is_not_known(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	lw_trail_end(nobody_waits);
	m_at(90);
	scene_rx(1, 1);
	m_at(100);
	scene_take(1, 1);
	m_at(105);
	m_switch(VHOST_CPU, scene.kthread, M_PREEMPTED);
	m_at(110);
	lw_trail_begin();
	m_at(125);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	backend_signals(130);
	EXPECT_EQ(unknown(LATWATCH_STAGE_BACKEND_SERVICE), 30 * US);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(a_thread_that_kept_the_cpu),
	TEST(an_idle_cpu_has_to_be_left),
	TEST(threads_in_turn),
	TEST(preempted_by_a_thread),
	TEST(a_hard_irq_in_the_wait),
	TEST(a_hard_irq_that_was_there_already),
	TEST(a_softirq_on_top_of_the_backend),
	TEST(irq_in_softirq_in_thread),
	TEST(a_preempted_poll),
	TEST(a_hard_irq_in_the_poll),
	TEST(who_raises_and_runs_is_no_culprit),
	TEST(a_backend_that_waits_for_a_lock),
	TEST(a_lock_and_its_holder),
	TEST(an_idle_state_is_left),
	TEST(an_ipi_in_the_wait),
	TEST(a_backend_that_is_moved),
	TEST(a_wake_to_another_cpu),
	TEST(a_backend_that_was_elsewhere),
	TEST(a_backend_that_a_lock_sent_elsewhere),
	TEST(more_than_the_trail_keeps),
	TEST(a_full_trail_goes_on),
	TEST(a_cpu_that_nobody_watches),
	TEST(a_task_that_exits_watches_no_more),
	TEST(nothing_is_noted_while_it_is_off),
	TEST(what_began_before_is_not_known),
	TEST(work_that_began_before_is_not_known),
};

KTAP_MAIN(tests)
