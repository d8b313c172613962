// SPDX-License-Identifier: GPL-2.0
/*
 * Into a macvtap: the device below it receives the packet, and only when it is
 * freed is it known that the macvtap had it.
 */
#include "scene.h"

static void begin(void)
{
	scene_begin();
	m_macvtap();
}

/* one poll brings a packet, for which @backend is woken */
static void lower_receives(const struct m_skb *p, struct task_struct *backend)
{
	scene_poll_begin();
	m_stack_lower(NIC_CPU, p);
	if (backend)
		m_wake(NIC_CPU, backend);
	scene_poll_end();
}

static void packet_goes_to_its_guest(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_at(1000);
	scene_poll_begin();
	m_at(1004);
	m_stack_lower(NIC_CPU, p);
	m_at(1005);
	m_wake(NIC_CPU, scene.vhost);
	scene_poll_end();
	m_for_macvtap(p);
	/* not in flight until it is known to be */
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_EQ(m_opened(), 0);
	EXPECT_BALANCE();
	m_at(1011);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1015);
	m_consume(VHOST_CPU, p);
	scene_signal();
	m_at(1020);
	scene_enter();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_ONE(scene.vm, NAPI, 4 * US);
	EXPECT_ONE(scene.vm, TAP_DWELL, 11 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 6 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_EQ(scene_terms(scene.vm), 20 * US);
	/* into the ring without a break */
	EXPECT_NONE(scene.vm, STACK);
	EXPECT_NONE(scene.vm, QDISC);
	EXPECT_NONE(LW_HOST, READER_WAKE);
	scene_end();
}

static void packet_for_the_host_is_nobodys(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	lower_receives(p, scene.other);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_consume(OTHER_CPU, p);
	lower_receives(p, NULL);
	m_drop(NIC_CPU, p, 2);
	EXPECT_EQ(m_opened(), 0);
	EXPECT_EQ(m_line(LW_DROPPED), 0);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	scene_end();
}

static void dropped_by_the_macvtap(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	p->segments = 3;
	lower_receives(p, NULL);
	m_for_macvtap(p);
	m_drop(NIC_CPU, p, 75);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 3);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 2);
	EXPECT_EQ(m_line(LW_DROPPED), 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/* what became of the first is not known: it may have been nobody's */
static void address_that_comes_again_is_no_loss(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	lower_receives(p, NULL);
	m_at(1000);
	lower_receives(p, scene.vhost);
	m_for_macvtap(p);
	m_at(1010);
	scene_take(0, 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 0);
	EXPECT_EQ(m_opened(), 1);
	EXPECT_ONE(scene.vm, TAP_DWELL, 10 * US);
	scene_end();
}

/* a backend had a packet in hand on this CPU: the NIC's is not its guest's */
static void packet_after_a_guests_is_the_nics(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_switch(NIC_CPU, scene.vhost, M_SLEEPS);
	m_stack_from(NIC_CPU, &scene.skb[1], M_MACVTAP);
	lower_receives(p, NULL);
	m_for_macvtap(p);
	m_consume(NIC_CPU, p);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 1);
	scene_end();
}

/* a task brings it: there is no flight to carry on */
static void packet_without_a_poll_is_not_kept(void)
{
	begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_stack_lower(OTHER_CPU, &scene.skb[0]);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	scene_end();
}

static void full_skb_table_is_counted(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_cast(&one);
	m_macvtap();
	lower_receives(&scene.skb[0], NULL);
	EXPECT_EQ(m_opened(), 0);
	lower_receives(&scene.skb[1], NULL);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_FULL), 1);
	scene_end();
}

/* as what came without an interrupt, and as many as were on the wire */
static void full_skb_table_is_counted_by_origin(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_cast(&one);
	m_macvtap();
	lower_receives(&scene.skb[0], NULL);
	scene.skb[1].segments = 5;
	m_timer(NIC_CPU);
	m_raise(NIC_CPU);
	m_timer_done(NIC_CPU);
	m_softirq(NIC_CPU, RUNNER_OTHER);
	m_stack_lower(NIC_CPU, &scene.skb[1]);
	m_softirq_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 0);
	EXPECT_EQ(m_opened(), 5);
	EXPECT_EQ(m_line(LW_OPENED_POLL) + m_line(LW_OPENED_TIMER), 5);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 4);
	EXPECT_EQ(m_line(LW_LOST_SKB_FULL), 1);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(packet_goes_to_its_guest),
	TEST(packet_for_the_host_is_nobodys),
	TEST(dropped_by_the_macvtap),
	TEST(address_that_comes_again_is_no_loss),
	TEST(packet_after_a_guests_is_the_nics),
	TEST(packet_without_a_poll_is_not_kept),
	TEST(full_skb_table_is_counted),
	TEST(full_skb_table_is_counted_by_origin),
};

KTAP_MAIN(tests)
