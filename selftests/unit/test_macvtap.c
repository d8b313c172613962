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

/* a clone of @p, which was received by @iif */
static struct m_skb *clone(const struct m_skb *p, struct m_skb *to, int iif)
{
	to->head = p->head;
	to->iif = iif;
	to->broadcast = true;
	return to;
}

/* a kernel thread has given @p to the macvtap: its backlog's poll wakes the backend */
static void macvtap_receives(const struct m_skb *p)
{
	m_raise(NIC_CPU);
	m_softirq(NIC_CPU, RUNNER_OTHER);
	m_stack_macvtap(NIC_CPU, p);
	m_wake(NIC_CPU, scene.vhost);
	m_softirq_done(NIC_CPU);
	m_for_macvtap((struct m_skb *)p);
}

/* its clones come to the macvtaps one by one, later */
static void broadcast(void)
{
	struct m_skb *p = &scene.skb[0], *to = &scene.skb[1];

	begin();
	p->broadcast = true;
	m_at(1000);
	lower_receives(p, NULL);
	m_drop(NIC_CPU, p, 2);
	m_at(1040);
	macvtap_receives(clone(p, &scene.skb[2], 1));
	m_drop(NIC_CPU, &scene.skb[2], 75);
	m_at(1050);
	macvtap_receives(clone(p, to, 1));
	m_at(1051);
	scene_take(1, 1);
	scene_signal();
	scene_enter();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	EXPECT_EQ(m_line(LW_LOST_RESUMED), 0);
	EXPECT_ONE(scene.vm, PARKED, 50 * US);
	EXPECT_ONE(scene.vm, STACK, 50 * US);
	EXPECT_ONE(scene.vm, TAP_DWELL, 1 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 51 * US);
	EXPECT_EQ(scene_terms(scene.vm), 51 * US);
	EXPECT_BALANCE();
	scene_end();
}

/* from one guest on a NIC to all others there */
static void broadcast_of_a_guest(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	p->broadcast = true;
	scene_deliver(20, 1);
	m_at(1000);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_queue(VHOST_CPU, p, M_MACVTAP);
	m_at(1010);
	macvtap_receives(clone(p, &scene.skb[1], 0));
	m_at(1012);
	m_consume(VHOST_CPU, &scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_VM), 1);
	EXPECT_ONE(scene.vm, PARKED, 10 * US);
	EXPECT_EQ(m_line(LW_OPENED_POLL), 0);
	scene_end();
}

/* the same to one of them: the NIC's device has it from a backlog */
static void guest_to_guest(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	scene_deliver(20, 1);
	m_at(1000);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_queue(VHOST_CPU, p, M_MACVTAP);
	m_at(1010);
	m_softirq(NIC_CPU, RUNNER_OTHER);
	m_stack_lower(NIC_CPU, p);
	m_wake(NIC_CPU, scene.vhost);
	m_softirq_done(NIC_CPU);
	m_for_macvtap(p);
	m_at(1012);
	m_consume(VHOST_CPU, p);
	EXPECT_EQ(m_line(LW_OPENED_VM), 1);
	EXPECT_EQ(m_line(LW_OPENED_POLL), 0);
	EXPECT_ONE(scene.vm, PARKED, 10 * US);
	scene_end();
}

static void lower_broadcasts(struct m_skb *p)
{
	p->broadcast = true;
	lower_receives(p, NULL);
	m_drop(NIC_CPU, p, 2);
}

static void take_clone(const struct m_skb *of)
{
	macvtap_receives(clone(of, &scene.skb[0], 1));
	scene_take(0, 1);
}

/* more at once than are kept: the first is not known any more, and said to be lost */
static void storm_of_broadcasts(void)
{
	static struct m_skb p[68];
	unsigned int i;

	begin();
	for (i = 0; i < 68; i++)
		m_skb_init(&p[i]);
	for (i = 0; i < 65; i++)
		lower_broadcasts(&p[i]);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 64);
	take_clone(&p[0]);
	EXPECT_EQ(m_line(LW_LOST_RESUMED), 1);
	take_clone(&p[1]);
	EXPECT_EQ(m_line(LW_LOST_RESUMED), 1);
	/* data in use again is kept for as long as the newest */
	lower_broadcasts(&p[2]);
	lower_broadcasts(&p[65]);
	lower_broadcasts(&p[66]);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 64);
	take_clone(&p[2]);
	EXPECT_EQ(m_line(LW_LOST_RESUMED), 1);
	EXPECT_EQ(m_line(LW_NOTE_PARK_FULL), 0);
	scene_end();
}

static void no_room_for_a_broadcast(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_cast(&one);
	m_macvtap();
	scene.skb[0].broadcast = true;
	lower_receives(&scene.skb[0], NULL);
	EXPECT_EQ(m_line(LW_NOTE_PARK_FULL), 1);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(broadcast),
	TEST(broadcast_of_a_guest),
	TEST(guest_to_guest),
	TEST(storm_of_broadcasts),
	TEST(no_room_for_a_broadcast),
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
