// SPDX-License-Identifier: GPL-2.0
/* Polls that are not NET_RX's, and those that no interrupt began. */
#include "scene.h"

static struct task_struct *napi;

static void begin(void)
{
	scene_begin();
	napi = m_task("napi/eth1-13", NULL, 120, PF_KTHREAD);
}

/* without irq threads the handler itself wakes the NAPI thread */
static void irq_wakes_napi(void)
{
	m_irq(NIC_CPU, NIC_IRQ);
	m_wake(NIC_CPU, napi);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
}

static void napi_runs(void)
{
	m_switch(NIC_CPU, napi, M_SLEEPS);
}

static void napi_sleeps(void)
{
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
}

static void by_the_handler(void)
{
	begin();
	m_at(1000);
	irq_wakes_napi();
	m_at(1004);
	napi_runs();
	m_at(1007);
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	m_polled(NIC_CPU, 1, 64);
	napi_sleeps();
	m_at(1010);
	scene_take_deliver(0, 1);
	EXPECT_ONE(LW_HOST, HARD_IRQ, 0);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT, 4 * US);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_NAPI, 4 * US);
	EXPECT_NONE(LW_HOST, SOFTIRQ_WAIT_OTHER);
	EXPECT_ONE(scene.vm, NAPI, 3 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	EXPECT_EQ(scene_terms(scene.vm), 10 * US);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_NOTE_POLLS), 0);
	scene_end();
}

/* on RT the handler's thread does, and both hand-overs are stages */
static void by_the_irq_thread(void)
{
	begin();
	m_at(1000);
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_at(1002);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_at(1003);
	m_wake(NIC_CPU, napi);
	m_at(1008);
	napi_runs();
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	scene_to_tap(&scene.skb[1], 0, NULL);
	m_polled(NIC_CPU, 2, 64);
	napi_sleeps();
	m_at(1010);
	scene_take_deliver(0, 2);
	EXPECT_ONE(LW_HOST, IRQ_THREAD_WAKE, 2 * US);
	EXPECT_ONE(LW_HOST, IRQ_THREAD, 1 * US);
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_NAPI, 5 * US);
	EXPECT_STAT(scene.vm, END_TO_END, 2, 10 * US, 10 * US, 20 * US);
	EXPECT_EQ(m_line(LW_NOTE_NAPI_BATCHED), 1);
	scene_end();
}

/* what comes after the budget was used came later than the interrupt, or with it */
static void a_full_budget_is_followed_by_a_poll(void)
{
	begin();
	m_at(1000);
	irq_wakes_napi();
	napi_runs();
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	m_at(4000);
	m_polled(NIC_CPU, 1, 1);
	m_at(5000);
	scene_to_tap(&scene.skb[1], 0, NULL);
	m_polled(NIC_CPU, 1, 2);
	napi_sleeps();
	m_at(5010);
	scene_take_deliver(0, 2);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_OPENED_AFTER_IRQ), 1);
	EXPECT_EQ(m_line(LW_NOTE_POLLS), 1);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->min, 4010 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->max, 4010 * US);
	scene_end();
}

static void thread_that_is_at_work_takes_the_next_interrupt(void)
{
	begin();
	m_at(1000);
	irq_wakes_napi();
	napi_runs();
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	m_polled(NIC_CPU, 1, 64);
	/* its device's interrupt is on again, and it has not gone to sleep */
	m_at(1100);
	irq_wakes_napi();
	m_at(1101);
	scene_to_tap(&scene.skb[1], 0, NULL);
	m_polled(NIC_CPU, 1, 64);
	napi_sleeps();
	scene_take_deliver(0, 2);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	EXPECT_EQ(m_line(LW_NOTE_NAPI_AWAKE), 1);
	/* found awake: no wait is measured */
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT_NAPI, 0);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->min, 1 * US);
	scene_end();
}

/* it polls for nobody then */
static void what_it_does_after_its_poll_is_not_the_nics(void)
{
	begin();
	irq_wakes_napi();
	napi_runs();
	m_polled(NIC_CPU, 0, 64);
	m_stack_from(NIC_CPU, &scene.skb[0], M_VIRTUAL);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 0);
	scene_end();
}

static void users_thread_of_that_name_is_none(void)
{
	struct task_struct *user;

	begin();
	user = m_task("napi/eth1-13", &scene.other_mm, 120, 0);
	m_irq(NIC_CPU, NIC_IRQ);
	m_wake(NIC_CPU, user);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_switch(NIC_CPU, user, M_SLEEPS);
	EXPECT_NONE(LW_HOST, SOFTIRQ_WAIT);
	EXPECT(!lw_task_find(user));
	scene_end();
}

static void napi_wakes_a_reader(void)
{
	begin();
	m_at(1000);
	irq_wakes_napi();
	m_at(1001);
	napi_runs();
	m_at(1003);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_at(1004);
	m_wake(NIC_CPU, scene.other);
	m_polled(NIC_CPU, 1, 64);
	napi_sleeps();
	m_at(1006);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_at(1009);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_STACK, 1 * US);
	EXPECT_ONE(LW_HOST, READER_WAKE, 2 * US);
	EXPECT_ONE(LW_HOST, READER_COPY, 3 * US);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 9 * US);
	scene_end();
}

/* begun by a timer, in hard irq context or, on RT, in a softirq */
static void timer_raises(bool hard)
{
	if (hard)
		m_ipi(NIC_CPU);
	else
		m_current(NIC_CPU)->fake_softirq++;
	m_timer(NIC_CPU);
	m_raise(NIC_CPU);
	m_timer_done(NIC_CPU);
	if (hard)
		m_ipi_done(NIC_CPU);
	else
		m_current(NIC_CPU)->fake_softirq--;
	m_softirq(NIC_CPU, RUNNER_OTHER);
	m_at(1002);
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	m_softirq_done(NIC_CPU);
}

static void begun_by_a_timer(void)
{
	int hard;

	for (hard = 0; hard < 2; hard++) {
		begin();
		m_at(1000);
		timer_raises(hard);
		m_at(1005);
		scene_take_deliver(0, 1);
		EXPECT_EQ(m_line(LW_OPENED_TIMER), 1);
		EXPECT_EQ(m_line(LW_NOTE_TIMER_POLLS), 1);
		EXPECT_EQ(m_line(LW_NOTE_POLLS), 0);
		EXPECT_ONE(scene.vm, END_TO_END, 5 * US);
		EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)
				  ->worst.origin, LATWATCH_ORIGIN_TIMER);
		/* an IPI afterwards is no timer */
		m_ipi(NIC_CPU);
		m_raise(NIC_CPU);
		m_ipi_done(NIC_CPU);
		m_softirq(NIC_CPU, RUNNER_OTHER);
		m_softirq_done(NIC_CPU);
		EXPECT_EQ(m_line(LW_NOTE_TIMER_POLLS), 1);
		EXPECT_EQ(m_line(LW_NOTE_POLLS), 1);
		scene_end();
	}
}

/* a task that waits for packets polls the NIC itself */
static void busy_poll(void)
{
	begin();
	m_at(1000);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_stack(OTHER_CPU, &scene.skb[0]);
	m_at(1002);
	scene_send(OTHER_CPU, &scene.skb[0], 0, scene.vhost);
	m_polled(OTHER_CPU, 1, 8);
	m_at(1009);
	scene_take_deliver(0, 1);
	EXPECT_EQ(m_line(LW_OPENED_POLL), 1);
	EXPECT_EQ(m_line(LW_NOTE_BUSY_POLLED), 1);
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	/* what it sends afterwards, it sends of itself */
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	EXPECT_EQ(m_line(LW_LOCAL_FORWARDED), 0);
	scene_end();
}

/* CPU 0 polls, the stack of CPU 3 gets it after an IPI */
static void steered_to_another_cpu(void)
{
	begin();
	m_at(1000);
	scene_poll_begin();
	m_at(1002);
	m_gro(NIC_CPU, &scene.skb[0], false);
	scene_poll_end();
	m_at(1003);
	m_ipi(OTHER_CPU);
	m_raise(OTHER_CPU);
	m_ipi_done(OTHER_CPU);
	m_at(1005);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_at(1006);
	m_stack_steered(OTHER_CPU, &scene.skb[0]);
	scene_send(OTHER_CPU, &scene.skb[0], 0, scene.vhost);
	/* another packet there is not this one's */
	m_forward(OTHER_CPU, &scene.skb[1], 0);
	m_softirq_done(OTHER_CPU);
	m_at(1010);
	scene_take_deliver(0, 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_OPENED_POLL), 1);
	EXPECT_EQ(m_line(LW_NOTE_STEERED), 1);
	EXPECT_ONE(scene.vm, NAPI, 6 * US);
	EXPECT_ONE(scene.vm, STEERING, 4 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	scene_take_deliver(1, 1);
	scene_end();
}

static void steered_nowhere_is_as_ever(void)
{
	begin();
	m_at(1000);
	scene_poll_begin();
	m_gro(NIC_CPU, &scene.skb[0], false);
	m_stack_steered(NIC_CPU, &scene.skb[0]);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	/* merged into another, and freed without a trace */
	m_gro(NIC_CPU, &scene.skb[1], true);
	/* freed before the stack has it */
	m_gro(NIC_CPU, &scene.skb[2], false);
	m_drop(NIC_CPU, &scene.skb[2], 2);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_NOTE_STEERED), 0);
	EXPECT_EQ(m_opened(), 1);
	EXPECT_EQ(m_in_flight(), 1);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 1);
	scene_end();
}

/* of a task that is no poll nothing is kept */
static void what_no_poll_found_is_not_steered(void)
{
	begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_gro(OTHER_CPU, &scene.skb[0], false);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	m_gro(OTHER_CPU, &scene.skb[0], true);
	scene_end();
}

static void steered_with_a_full_table_is_counted(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_cast(&one);
	scene_poll_begin();
	m_gro(NIC_CPU, &scene.skb[0], false);
	m_gro(NIC_CPU, &scene.skb[1], true);
	EXPECT_EQ(m_line(LW_NOTE_STEER_FULL), 1);
	/* what was merged was not what is in the table */
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 1);
	scene_poll_end();
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(by_the_handler),
	TEST(by_the_irq_thread),
	TEST(a_full_budget_is_followed_by_a_poll),
	TEST(thread_that_is_at_work_takes_the_next_interrupt),
	TEST(what_it_does_after_its_poll_is_not_the_nics),
	TEST(users_thread_of_that_name_is_none),
	TEST(napi_wakes_a_reader),
	TEST(begun_by_a_timer),
	TEST(busy_poll),
	TEST(steered_to_another_cpu),
	TEST(steered_nowhere_is_as_ever),
	TEST(what_no_poll_found_is_not_steered),
	TEST(steered_with_a_full_table_is_counted),
};

KTAP_MAIN(tests)
