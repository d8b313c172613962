// SPDX-License-Identifier: GPL-2.0
/* Who filled the time of a stage: each kind of culprit, to the nanosecond. */
#include <stdlib.h>

#include "books/rank.h"
#include "scene.h"

/* those of the worst flight of a stage, and the sums of all */
static const struct lw_ranks *ranks(unsigned int account, enum latwatch_stage stage)
{
	static struct lw_ranks into, scratch;
	const struct lw_sum *s = m_stat(account, stage);

	if (lw_ranks_sum(lw_books, account, stage, s->worst_ns, &into, &scratch))
		abort();
	return &into;
}

/* how long a culprit filled the worst flight of a stage, from one mark on or all in all */
static u64 met(unsigned int account, enum latwatch_stage stage, u8 kind, u32 id, s32 pid)
{
	const struct lw_blamed *b = &ranks(account, stage)->worst;
	unsigned int i;
	u64 ns = 0;

	for (i = 0; i < b->n; i++)
		if (lw_culprit_is(b->by[i].kind, b->by[i].id, b->by[i].pid, kind, id, pid))
			ns += b->by[i].ns;
	return ns;
}

#define WORST(stage, kind, who) \
	met(LATWATCH_STAGE_##stage < LATWATCH_STAGE_NAPI ? LW_HOST : scene.vm, \
	    LATWATCH_STAGE_##stage, LATWATCH_CULPRIT_KIND_##kind, who, who)

/* how many culprits the worst of a stage has, and of what nobody knows */
static unsigned int culprits(enum latwatch_stage stage)
{
	return ranks(scene.vm, stage)->worst.n;
}

static u64 unknown(enum latwatch_stage stage)
{
	const struct lw_sum *s = m_stat(scene.vm, stage);

	EXPECT_EQ(s->explained_ns, s->worst_ns);
	return s->unknown_ns;
}

/* a packet wakes the backend at 100 us, whose CPU another task has, or none */
static void backend_is_woken(bool busy)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	if (busy)
		m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	m_at(100);
	scene_rx(1, 1);
}

/* it runs, takes it and signals */
static void backend_answers(u64 us)
{
	m_at(us);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 1);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
}

/* it has taken one at 100 us, and has not signalled it */
static void backend_serves(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_at(90);
	scene_rx(1, 1);
	m_at(100);
	scene_take(1, 1);
}

static void backend_signals(u64 us)
{
	m_at(us);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
}

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

/* what was noted of one flight is not blamed for another */
static void sums_over_flights(void)
{
	const struct lw_ranks *r;
	unsigned int i;

	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	for (i = 1; i <= 3; i++) {
		m_switch(VHOST_CPU, i == 3 ? scene.kthread : scene.other, M_SLEEPS);
		m_at(1000 * i);
		scene_rx(i, 1);
		m_at(1000 * i + 10 * i);
		m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
		scene_take_deliver(i, 1);
	}
	r = ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE);
	EXPECT_EQ(r->n, 2);
	EXPECT_EQ(r->rank[0].pid, scene.other->pid);
	EXPECT_EQ(r->rank[0].ns, 30 * US);
	EXPECT_EQ(r->rank[0].flights, 2);
	EXPECT_EQ(r->rank[0].worst_ns, 20 * US);
	EXPECT_EQ(r->rank[1].pid, scene.kthread->pid);
	EXPECT_EQ(r->rank[1].ns, 30 * US);
	EXPECT_EQ(r->rank[1].flights, 1);
	/* the worst of all is the last */
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.kthread->pid), 30 * US);
	scene_end();
}

/* the backend has a packet at @us, with interrupts of 1 us on top, and signals it */
static void interrupted_service(unsigned int n, u64 us, unsigned int irqs)
{
	m_at(us - 10);
	scene_rx(n, 1);
	m_at(us);
	scene_take(n, 1);
	while (irqs--) {
		m_after(US);
		m_irq(VHOST_CPU, 40);
		m_after(US);
		m_irq_return(VHOST_CPU, NULL);
		m_irq_done(VHOST_CPU);
	}
	m_after(US);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
}

/* one culprit that comes several times hits a flight once */
static void several_times_in_one_flight(void)
{
	const struct lw_ranks *r;

	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	interrupted_service(1, 100, 5);
	interrupted_service(2, 200, 3);
	r = ranks(scene.vm, LATWATCH_STAGE_BACKEND_SERVICE);
	EXPECT_EQ(r->n, 1);
	EXPECT_EQ(r->rank[0].flights, 2);
	EXPECT_EQ(r->rank[0].ns, 8 * US);
	EXPECT_EQ(r->rank[0].worst_ns, 5 * US);
	EXPECT_EQ(WORST(BACKEND_SERVICE, HARD_IRQ, 40), 5 * US);
	scene_end();
}

/* one at a time in waits of their own, each for a ns more than the one before */
static void crowd(unsigned int n, u64 *sum)
{
	struct task_struct *t = m_task("crowd", NULL, 120, 0);
	unsigned int i;

	for (i = 1; i <= n; i++) {
		t->pid = 1000 + i;
		m_switch(VHOST_CPU, t, M_SLEEPS);
		m_at(1000 * i);
		scene_rx(1, 1);
		m_after(US + i);
		*sum += US + i;
		m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
		scene_take_deliver(1, 1);
	}
}

/* those that find no room are counted together; nothing of the sum is lost */
static void more_culprits_than_room(void)
{
	const struct lw_ranks *r;
	u64 sum = 0, told = 0, flights = 0;
	unsigned int i;

	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	crowd(LW_RANKS + 5, &sum);
	r = ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE);
	EXPECT_EQ(r->n, LW_RANKS);
	for (i = 0; i < r->n; i++) {
		told += r->rank[i].ns;
		flights += r->rank[i].flights;
		/* the five that took least made room */
		EXPECT(r->rank[i].pid > 1005);
	}
	EXPECT_EQ(told + r->others.ns, sum);
	EXPECT_EQ(flights + r->others.flights, LW_RANKS + 5);
	scene_end();
}

/* more culprits in one flight than are named: the longest are, though it came first */
static void more_culprits_in_one_flight(void)
{
	const struct lw_blamed *b;
	struct task_struct *t = m_task("crowd", NULL, 120, 0);
	u64 told = 0;
	unsigned int i;

	backend_is_woken(true);
	m_at(120);
	for (i = 1; i <= LW_CULPRITS + 3; i++) {
		t->pid = 1000 + i;
		m_switch(VHOST_CPU, t, M_SLEEPS);
		m_after(US);
		m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	}
	backend_answers(150);
	b = &ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->worst;
	EXPECT_EQ(b->n, LW_CULPRITS);
	for (i = 0; i < b->n; i++)
		told += b->by[i].ns;
	EXPECT_EQ(told + b->others_ns, 50 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 20 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, IDLE, 0), (30 - LW_CULPRITS - 3) * US);
	scene_end();
}

/* the worst way whole: each culprit with the mark that came after it */
static void the_whole_way(void)
{
	const struct lw_blamed *b;
	unsigned int i, found = 0;

	backend_is_woken(true);
	m_at(140);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 1);
	m_at(141);
	m_switch(VCPU_CPU, scene.kthread, M_SLEEPS);
	scene_signal();
	scene_vhost_sleeps();
	m_at(161);
	scene_enter();
	scene_halt();
	b = &ranks(scene.vm, LATWATCH_STAGE_END_TO_END)->worst;
	for (i = 0; i < b->n; i++) {
		if (b->by[i].pid == scene.other->pid) {
			EXPECT_EQ(b->by[i].mark, LATWATCH_MARK_BACKEND_RUN);
			EXPECT_EQ(b->by[i].ns, 40 * US);
			EXPECT_EQ(b->by[i].cpu, VHOST_CPU);
			found++;
		} else if (b->by[i].pid == scene.kthread->pid) {
			EXPECT_EQ(b->by[i].mark, LATWATCH_MARK_VCPU_RUN);
			EXPECT_EQ(b->by[i].ns, 20 * US);
			EXPECT_EQ(b->by[i].cpu, VCPU_CPU);
			found++;
		}
	}
	EXPECT_EQ(found, 2);
	EXPECT_EQ(b->n, 2);
	EXPECT_EQ(unknown(LATWATCH_STAGE_END_TO_END), 0);
	/* ways are summed up by their stages */
	EXPECT_EQ(ranks(scene.vm, LATWATCH_STAGE_END_TO_END)->n, 0);
	scene_end();
}

/* an entry ends two ways, the longer of which is the worst: with its own culprits */
static void worst_of_several_that_an_entry_ends(void)
{
	backend_is_woken(true);
	m_at(140);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 1);
	scene_signal();
	m_at(141);
	scene_rx(2, 1);
	scene_take(2, 1);
	scene_signal();
	scene_vhost_sleeps();
	m_at(150);
	scene_enter();
	scene_halt();
	EXPECT_STAT(scene.vm, END_TO_END, 2, 9 * US, 50 * US, 59 * US);
	EXPECT_EQ(WORST(END_TO_END, THREAD, scene.other->pid), 40 * US);
	scene_end();
}

/* one backend's CPU has another's worst: the culprits are those of the longest */
static void worst_of_two_cpus(void)
{
	backend_is_woken(true);
	backend_answers(140);
	m_move(scene.vhost, OTHER_CPU, false);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_at(200);
	scene_rx(2, 1);
	m_at(220);
	m_switch(OTHER_CPU, scene.vhost, M_PREEMPTED);
	m_consume(OTHER_CPU, &scene.skb[2]);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	scene_enter();
	scene_halt();
	EXPECT_STAT(scene.vm, BACKEND_WAKE, 2, 20 * US, 40 * US, 60 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 40 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.kthread->pid), 0);
	EXPECT_EQ(ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->n, 2);
	scene_end();
}

/* out of a guest: the kicked backend waits for its CPU */
static void a_kicked_backend(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	scene_guest_runs();
	m_at(100);
	m_guest_exit(VCPU_CPU);
	m_at(101);
	m_wake(VCPU_CPU, scene.vhost);
	m_at(121);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	m_at(122);
	m_stack_from(VHOST_CPU, &scene.skb[1], 0);
	m_queue(VHOST_CPU, &scene.skb[1], M_NIC);
	m_xmit(VHOST_CPU, &scene.skb[1], M_NIC);
	m_nic_done(VHOST_CPU, &scene.skb[1]);
	m_consume(NIC_CPU, &scene.skb[1]);
	scene_vhost_sleeps();
	EXPECT_ONE(scene.vm, KICK_WAKE, 20 * US);
	EXPECT_EQ(WORST(KICK_WAKE, THREAD, scene.other->pid), 20 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_GUEST_EXIT), 0);
	EXPECT_EQ(WORST(TX_END_TO_END, THREAD, scene.other->pid), 20 * US);
	scene_end();
}

/* there is no block for culprits: counted, and nothing else is lost */
static void no_memory_for_culprits(void)
{
	struct lw_stat *held[LW_POOL_CPU + LW_POOL_SHARED + 1];
	unsigned int taken = 0;

	scene_begin();
	scene_deliver(0, 1);
	m_switch(OTHER_CPU, scene.irq_thread, M_SLEEPS);
	m_at(100);
	m_raise(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_THREAD);
	m_softirq_done(OTHER_CPU);
	m_pool_starves = true;
	while ((held[taken] = lw_pool_take(OTHER_CPU)))
		taken++;
	m_at(200);
	m_raise(OTHER_CPU);
	m_irq(OTHER_CPU, 40);
	m_at(210);
	m_irq_return(OTHER_CPU, NULL);
	m_irq_done(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_THREAD);
	m_softirq_done(OTHER_CPU);
	m_pool_starves = false;
	EXPECT(m_line(LW_NOTE_NO_RANKS) > 0);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->max, 10 * US);
	/* of the worst it is said that nobody knows */
	EXPECT(m_stat(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->explained_ns !=
	       m_stat(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->worst_ns);
	while (taken)
		lw_pool_free(held[--taken]);
	scene_end();
}

/* the culprits of a VM that is forgotten are the host's */
static void a_vm_that_is_forgotten(void)
{
	const struct lw_ranks *r;

	backend_is_woken(true);
	backend_answers(140);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_task_exit(VHOST_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	r = ranks(LW_HOST, LATWATCH_STAGE_BACKEND_WAKE);
	EXPECT_EQ(r->n, 1);
	EXPECT_EQ(r->rank[0].ns, 40 * US);
	EXPECT_EQ(r->worst.n, 1);
	EXPECT_EQ(r->worst.by[0].pid, scene.other->pid);
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
	TEST(sums_over_flights),
	TEST(several_times_in_one_flight),
	TEST(more_culprits_than_room),
	TEST(more_culprits_in_one_flight),
	TEST(the_whole_way),
	TEST(worst_of_several_that_an_entry_ends),
	TEST(worst_of_two_cpus),
	TEST(a_kicked_backend),
	TEST(no_memory_for_culprits),
	TEST(a_vm_that_is_forgotten),
};

KTAP_MAIN(tests)
