// SPDX-License-Identifier: GPL-2.0
/* Polls without an interrupt of their own: no packet is younger than it can be. */
#include "scene.h"

#define BUDGET		64
#define OPENED(of)	m_line(LW_OPENED_##of)

/* a poll of the NIC's @n-th NAPI that found as much as it might, or less */
static void used_up(unsigned int n)
{
	m_poll(NIC_CPU, &(struct lw_poll){ m_napi(n), .work = BUDGET, .budget = BUDGET });
}

static void is_empty(unsigned int n)
{
	m_poll(NIC_CPU, &(struct lw_poll){ m_napi(n), .work = 1, .budget = BUDGET });
}

/* the same, and its timer asks for the next at @us; GRO keeps what it has @keeps */
static void is_armed(unsigned int n, u64 us, u64 keeps)
{
	m_poll(NIC_CPU, &(struct lw_poll){ m_napi(n), .work = 1, .budget = BUDGET,
			.armed = true, .keeps_ns = keeps,
			.expires_ns = m_began_ns + us * US });
}

/* packets that go no further than the stack */
static void receive(unsigned int n)
{
	while (n--)
		m_stack(NIC_CPU, &scene.skb[NSKBS - 1]);
}

static void runs_at(u64 us)
{
	m_at(us);
	m_softirq(NIC_CPU, RUNNER_OTHER);
}

/* NET_RX is over; it has raised itself */
static void goes_on(void)
{
	m_raise(NIC_CPU);
	m_softirq_done(NIC_CPU);
}

/* one run whose only NAPI uses up its budget */
static void goes_on_at(u64 us)
{
	runs_at(us);
	receive(BUDGET);
	used_up(1);
	goes_on();
}

/* NET_RX is raised by the NIC's interrupt at @us, and goes on */
static void irq_and_more(u64 us)
{
	m_at(us);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	goes_on_at(us + 10);
}

/* a packet, to the entry of its guest */
static const struct lw_flight *deliver(u64 us)
{
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	m_softirq_done(NIC_CPU);
	m_at(us);
	scene_take(0, 1);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
	return &m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst;
}

/* at most as old as the interrupt that began the polling */
static void after_the_interrupt(void)
{
	const struct lw_flight *f;

	scene_begin();
	irq_and_more(0);
	goes_on_at(100);
	runs_at(200);
	f = deliver(210);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_IRQ);
	EXPECT_EQ(f->irq, NIC_IRQ);
	EXPECT_ONE(scene.vm, END_TO_END, 210 * US);
	EXPECT_ONE(scene.vm, BEFORE_POLL, 100 * US);
	EXPECT_EQ(OPENED(AFTER_IRQ), 1);
	EXPECT_EQ(OPENED(POLL), 0);
	EXPECT_EQ(m_line(LW_NOTE_POLLS), 2);
	scene_end();
}

/* the wait is a term of the sum */
static void stages_add_up(void)
{
	scene_begin();
	irq_and_more(0);
	runs_at(200);
	EXPECT_EQ(deliver(210)->begin_ns, m_began_ns);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_BEFORE_POLL)->sum, 10 * US);
	/* the first run's wait is not of this packet */
	EXPECT_EQ(scene_terms(scene.vm) - 10 * US, 210 * US);
	scene_end();
}

/* @n runs that go on, 100 us each, from @us on */
static u64 flood(u64 us, unsigned int n)
{
	while (n--) {
		goes_on_at(us);
		us += 100;
	}
	return us;
}

/* a flood without an end: a slot's packet came when the one before was taken */
static void a_turn_of_the_ring(void)
{
	const struct lw_flight *f;
	u64 us;

	scene_begin();
	m_ring(3 * BUDGET);
	irq_and_more(0);
	/* a turn is three polls' packets, and one poll's more */
	us = flood(100, 2);
	runs_at(us);
	f = deliver(us);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_IRQ);
	scene_end();

	scene_begin();
	m_ring(3 * BUDGET);
	irq_and_more(0);
	us = flood(100, 3);
	runs_at(us);
	f = deliver(us);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_TURN);
	/* the first poll's begin, at 10 */
	EXPECT_EQ(f->begin_ns, m_began_ns + 10 * US);
	EXPECT_EQ(OPENED(AFTER_TURN), 1);
	scene_end();

	/* one packet less than a turn */
	scene_begin();
	m_ring(3 * BUDGET + 1);
	irq_and_more(0);
	us = flood(100, 3);
	runs_at(us);
	EXPECT_EQ(deliver(us)->origin, LATWATCH_ORIGIN_AFTER_IRQ);
	scene_end();

	scene_begin();
	m_ring(3 * BUDGET);
	irq_and_more(0);
	us = flood(100, 300);
	runs_at(us);
	f = deliver(us);
	EXPECT_EQ(f->begin_ns, m_began_ns + (us - 400) * US);
	EXPECT_EQ(OPENED(AFTER_TURN), 1);
	scene_end();
}

/* drivers may return the budget for other work; packets that nobody saw do not count */
static void only_what_was_seen_turns_the_ring(void)
{
	unsigned int i;

	scene_begin();
	m_ring(3 * BUDGET);
	irq_and_more(0);
	for (i = 1; i < 20; i++) {
		runs_at(100 * i);
		receive(1);
		used_up(1);
		goes_on();
	}
	runs_at(2000);
	EXPECT_EQ(deliver(2010)->begin_ns, m_began_ns);
	scene_end();
}

/* nor those of a poll of something else */
static void what_another_found_does_not_turn_the_ring(void)
{
	unsigned int i;

	scene_begin();
	m_ring(3 * BUDGET);
	irq_and_more(0);
	for (i = 1; i < 20; i++) {
		runs_at(100 * i);
		receive(BUDGET);
		m_polled_virtual(NIC_CPU);
		used_up(1);
		goes_on();
	}
	runs_at(2000);
	EXPECT_EQ(deliver(2010)->begin_ns, m_began_ns);
	scene_end();
}

/* without a driver's word a ring is large */
static void unknown_ring_is_large(void)
{
	u64 us;

	scene_begin();
	irq_and_more(0);
	us = flood(100, LW_RING_SLOTS / BUDGET - 1);
	runs_at(us);
	EXPECT_EQ(deliver(us)->begin_ns, m_began_ns);
	scene_end();
}

/*
 * An interrupt at 50 whose thread is late: it schedules its NAPI when others have been
 * polled since, and it is behind them on the list.
 */
static void late_thread_on_the_list(void)
{
	scene_begin();
	m_ring(1);
	irq_and_more(0);
	m_at(50);
	scene_irq_wakes(scene.irq_thread, 33);
	goes_on_at(100);
	goes_on_at(200);
	goes_on_at(300);
	m_at(350);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_raise(NIC_CPU);
	/* NET_RX has no time for it at first */
	goes_on_at(400);
	runs_at(500);
	EXPECT_EQ(deliver(510)->begin_ns, m_began_ns + 50 * US);
	scene_end();
}

/* when the list is empty it all begins anew */
static void chain_ends(void)
{
	scene_begin();
	irq_and_more(0);
	runs_at(100);
	receive(1);
	is_empty(1);
	EXPECT_EQ(lw_cpus[NIC_CPU]->nrings, 0);
	EXPECT_EQ(lw_cpus[NIC_CPU]->scheduled_ns, 0);
	m_softirq_done(NIC_CPU);
	irq_and_more(1000);
	runs_at(1100);
	EXPECT_EQ(deliver(1110)->begin_ns, m_began_ns + 1000 * US);
	scene_end();
}

/* a NAPI that is never polled again, as its device goes down, is forgotten */
static void disabled_while_it_goes_on(void)
{
	scene_begin();
	irq_and_more(0);
	runs_at(100);
	m_softirq_done(NIC_CPU);
	EXPECT_EQ(lw_cpus[NIC_CPU]->nrings, 0);
	irq_and_more(1000);
	runs_at(1100);
	EXPECT_EQ(deliver(1110)->begin_ns, m_began_ns + 1000 * US);
	scene_end();
}

/* more NAPIs than are told apart: as old as the first interrupt, and counted */
static void too_many(void)
{
	unsigned int i, round;
	u64 us = 10;

	scene_begin();
	m_ring(BUDGET);
	m_at(0);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	for (round = 0; round < 5; round++) {
		runs_at(us);
		for (i = 0; i < LW_RINGS + 2; i++) {
			receive(BUDGET);
			used_up(i);
		}
		goes_on();
		us += 100;
	}
	runs_at(us);
	EXPECT_EQ(deliver(us + 10)->begin_ns, m_began_ns);
	EXPECT_EQ(m_line(LW_NOTE_RING_FULL), 1);
	EXPECT(!lw_cpus[NIC_CPU]->rings_full);
	EXPECT_EQ(lw_cpus[NIC_CPU]->nrings, 0);
	scene_end();
}

static void timer_raises_at(u64 us)
{
	m_at(us);
	m_ipi(NIC_CPU);
	m_timer(NIC_CPU);
	m_raise(NIC_CPU);
	m_timer_done(NIC_CPU);
	m_ipi_done(NIC_CPU);
}

/* an interrupt at 0, whose poll at 10 leaves the ring empty and arms the timer */
static void then_armed(u64 keeps)
{
	m_at(0);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	runs_at(10);
	receive(1);
	m_at(12);
	is_armed(1, 110, keeps);
	m_softirq_done(NIC_CPU);
}

static void after_the_ring_was_empty(void)
{
	const struct lw_flight *f;

	scene_begin();
	then_armed(0);
	timer_raises_at(110);
	runs_at(120);
	f = deliver(130);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_EMPTY);
	EXPECT_EQ(f->begin_ns, m_began_ns + 10 * US);
	EXPECT_ONE(scene.vm, BEFORE_POLL, 100 * US);
	EXPECT_EQ(OPENED(AFTER_EMPTY), 1);
	EXPECT_EQ(OPENED(TIMER), 0);
	EXPECT_EQ(m_line(LW_NOTE_TIMER_POLLS), 1);
	scene_end();
}

/* what GRO keeps came before */
static void gro_keeps_a_packet(void)
{
	scene_begin();
	then_armed(8 * MS);
	timer_raises_at(110);
	runs_at(120);
	EXPECT_EQ(deliver(130)->begin_ns, m_began_ns);
	scene_end();
	/* and an interrupt that comes before the timer is not its */
	scene_begin();
	then_armed(8 * MS);
	m_at(50);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	runs_at(60);
	EXPECT_EQ(deliver(70)->begin_ns, m_began_ns);
	EXPECT_EQ(OPENED(AFTER_EMPTY), 1);
	scene_end();
	/* but for no longer than GRO keeps it */
	scene_begin();
	then_armed(4 * US);
	timer_raises_at(110);
	runs_at(120);
	EXPECT_EQ(deliver(130)->begin_ns, m_began_ns + 6 * US);
	scene_end();
	scene_begin();
	then_armed(0);
	m_at(50);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	runs_at(60);
	EXPECT_EQ(deliver(70)->begin_ns, m_began_ns + 50 * US);
	scene_end();
}

/* the timer of one that is not due has nothing to do with it */
static void another_timer(void)
{
	scene_begin();
	then_armed(0);
	timer_raises_at(50);
	runs_at(60);
	/* not until the timer may have expired: clocks differ a little */
	EXPECT_EQ(deliver(70)->begin_ns, m_began_ns + 10 * US);
	scene_end();
	scene_begin();
	m_at(0);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	runs_at(10);
	is_armed(1, 50000, 0);
	m_softirq_done(NIC_CPU);
	timer_raises_at(100);
	runs_at(110);
	EXPECT_EQ(deliver(120)->origin, LATWATCH_ORIGIN_TIMER);
	EXPECT_EQ(OPENED(TIMER), 1);
	scene_end();
}

/* a device that went down has no timer any more */
static void armed_no_more(void)
{
	scene_begin();
	then_armed(0);
	timer_raises_at(5000000);
	EXPECT_EQ(lw_cpus[NIC_CPU]->nrings, 0);
	runs_at(5000001);
	EXPECT_EQ(deliver(5000010)->origin, LATWATCH_ORIGIN_TIMER);
	scene_end();
}

/* NAPI threads */
static struct task_struct *napi;

static void thread_runs_at(u64 us)
{
	napi = m_task("napi/eth1-13", NULL, 120, PF_KTHREAD);
	m_at(us);
	m_irq(NIC_CPU, NIC_IRQ);
	m_wake(NIC_CPU, napi);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_switch(NIC_CPU, napi, M_SLEEPS);
}

static const struct lw_flight *thread_delivers(u64 us)
{
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	is_empty(1);
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	m_at(us);
	scene_take_deliver(0, 1);
	return &m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst;
}

static void thread_goes_on(void)
{
	const struct lw_flight *f;
	unsigned int i;

	scene_begin();
	m_ring(3 * BUDGET);
	thread_runs_at(0);
	m_at(100);
	receive(BUDGET);
	used_up(1);
	m_at(200);
	f = thread_delivers(210);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_IRQ);
	EXPECT_EQ(f->irq, NIC_IRQ);
	EXPECT_EQ(f->begin_ns, m_began_ns);
	EXPECT_ONE(scene.vm, BEFORE_POLL, 100 * US);
	EXPECT_ONE(scene.vm, NAPI, 100 * US);
	scene_end();

	scene_begin();
	m_ring(3 * BUDGET);
	thread_runs_at(0);
	for (i = 1; i <= 100; i++) {
		m_at(100 * i);
		receive(BUDGET);
		used_up(1);
	}
	f = thread_delivers(10010);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_TURN);
	EXPECT_EQ(f->begin_ns, m_began_ns + 9600 * US);
	scene_end();
}

static void thread_is_asked_by_a_timer(void)
{
	const struct lw_flight *f;

	scene_begin();
	thread_runs_at(0);
	m_at(5);
	receive(1);
	is_armed(1, 110, 0);
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	m_at(110);
	m_ipi(OTHER_CPU);
	m_timer(OTHER_CPU);
	m_wake(OTHER_CPU, napi);
	m_timer_done(OTHER_CPU);
	m_ipi_done(OTHER_CPU);
	m_switch(NIC_CPU, napi, M_SLEEPS);
	f = thread_delivers(120);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_AFTER_EMPTY);
	EXPECT_EQ(f->begin_ns, m_began_ns);
	scene_end();
}

static void thread_whose_packet_gro_keeps(void)
{
	const struct lw_flight *f;

	scene_begin();
	thread_runs_at(0);
	m_at(5);
	receive(1);
	is_armed(1, 110, 8 * MS);
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	m_at(50);
	m_irq(NIC_CPU, NIC_IRQ);
	m_wake(NIC_CPU, napi);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	m_switch(NIC_CPU, napi, M_SLEEPS);
	f = thread_delivers(60);
	EXPECT_EQ(f->begin_ns, m_began_ns);
	scene_end();
}

/* netpoll polls on top of anybody, with no budget at all */
static void netpoll_uses_no_budget_up(void)
{
	scene_begin();
	scene_poll_begin();
	m_poll(NIC_CPU, &(struct lw_poll){ m_napi(1) });
	EXPECT_EQ(lw_cpus[NIC_CPU]->nrings, 0);
	m_softirq_done(NIC_CPU);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(after_the_interrupt),
	TEST(stages_add_up),
	TEST(a_turn_of_the_ring),
	TEST(only_what_was_seen_turns_the_ring),
	TEST(what_another_found_does_not_turn_the_ring),
	TEST(unknown_ring_is_large),
	TEST(late_thread_on_the_list),
	TEST(chain_ends),
	TEST(disabled_while_it_goes_on),
	TEST(too_many),
	TEST(after_the_ring_was_empty),
	TEST(gro_keeps_a_packet),
	TEST(another_timer),
	TEST(armed_no_more),
	TEST(thread_goes_on),
	TEST(thread_is_asked_by_a_timer),
	TEST(thread_whose_packet_gro_keeps),
	TEST(netpoll_uses_no_budget_up),
};

KTAP_MAIN(tests)
