// SPDX-License-Identifier: GPL-2.0
/* Between a guest and this host: a ping from the host, and what a guest sends to it. */
#include "scene.h"

/* ifindex of the tap, and of the bridge */
#define TAP_DEV		5
#define BRIDGE_DEV	6

/* the guest's kick at 1000 us; its backend runs at 1010, and has the packet at 1015 */
static void guest_sends(struct m_skb *p, bool kicked)
{
	if (kicked) {
		scene_guest_runs();
		m_at(1000);
		m_guest_exit(VCPU_CPU);
		m_at(1002);
		m_wake(VCPU_CPU, scene.vhost);
	}
	m_at(1010);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1015);
	m_receive(VHOST_CPU, p, TAP_DEV, 0);
	/* the bridge's own address */
	m_receive(VHOST_CPU, p, BRIDGE_DEV, M_VIRTUAL);
}

/* the reader is woken, runs, and copies */
static void host_reads(struct m_skb *p)
{
	m_at(1020);
	m_wake(VHOST_CPU, scene.other);
	m_at(1027);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_at(1030);
	m_copied(OTHER_CPU, p);
}

static void guest_sends_to_a_process(void)
{
	const struct lw_sum *s;

	scene_begin();
	guest_sends(&scene.skb[0], true);
	host_reads(&scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_END_TO_END_VM, 30 * US);
	EXPECT_NONE(LW_HOST, READER_END_TO_END);
	EXPECT_ONE(LW_HOST, READER_STACK, 5 * US);
	EXPECT_ONE(LW_HOST, READER_WAKE, 7 * US);
	EXPECT_ONE(LW_HOST, READER_COPY, 3 * US);
	EXPECT_ONE(scene.vm, GUEST_EXIT, 2 * US);
	EXPECT_ONE(scene.vm, KICK_WAKE, 8 * US);
	s = m_stat(LW_HOST, LATWATCH_STAGE_READER_END_TO_END_VM);
	EXPECT_EQ(s->worst.origin, LATWATCH_ORIGIN_VM);
	EXPECT_EQ(s->worst.ns[LATWATCH_MARK_STACK] - s->worst.ns[LATWATCH_MARK_KICK_RUN],
		  5 * US);
	EXPECT_EQ(m_opened(), 0);
	scene_end();
}

/* it came by itself: the way begins at the stack */
static void guest_sends_without_a_kick(void)
{
	scene_begin();
	guest_sends(&scene.skb[0], false);
	host_reads(&scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_END_TO_END_VM, 15 * US);
	EXPECT_NONE(LW_HOST, READER_END_TO_END);
	scene_end();
}

/* in another context: by a veth pair, which keeps it */
static void guest_sends_to_a_container(void)
{
	struct m_skb *p = &scene.skb[0];

	scene_begin();
	guest_sends(p, true);
	m_queue(VHOST_CPU, p, M_VIRTUAL);
	m_at(1018);
	scene_poll_begin();
	m_receive(NIC_CPU, p, BRIDGE_DEV, M_VIRTUAL);
	m_at(1020);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	m_at(1027);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_at(1030);
	m_copied(OTHER_CPU, p);
	EXPECT_ONE(LW_HOST, READER_END_TO_END_VM, 30 * US);
	EXPECT_NONE(LW_HOST, READER_END_TO_END);
	scene_end();
}

/* its VMM is woken for its own sake, and a kernel thread reads no socket */
static void others_that_a_backend_wakes(void)
{
	scene_begin();
	guest_sends(&scene.skb[0], true);
	m_wake(VHOST_CPU, scene.vmm);
	m_wake(VHOST_CPU, scene.kthread);
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_copied(OTHER_CPU, &scene.skb[0]);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_copied(OTHER_CPU, &scene.skb[0]);
	EXPECT_NONE(LW_HOST, READER_END_TO_END_VM);
	EXPECT_NONE(LW_HOST, READER_END_TO_END);
	EXPECT_EQ(m_line(LW_OPENED_SOCKET), 0);
	scene_end();
}

/* a packet that is not known when it comes again wakes nobody for the poll's sake */
static void resumed_packet_wakes_a_reader(void)
{
	struct m_skb *p = &scene.skb[0];

	scene_begin();
	p->iif = 9;
	scene_poll_begin();
	m_receive(NIC_CPU, p, BRIDGE_DEV, M_VIRTUAL);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_copied(OTHER_CPU, p);
	EXPECT_NONE(LW_HOST, READER_END_TO_END);
	scene_end();
}

/* ping by the bridge's address: the way begins where the host queued it first */
static void host_sends_to_a_guest(void)
{
	struct m_skb *p = &scene.skb[0];

	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_at(1000);
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_at(1004);
	m_queue(OTHER_CPU, p, 0);
	m_at(1006);
	m_xmit(OTHER_CPU, p, 0);
	m_wake(OTHER_CPU, scene.vhost);
	m_xmit_done(OTHER_CPU);
	m_at(1010);
	scene_take(0, 1);
	scene_signal();
	m_at(1020);
	scene_enter();
	EXPECT_ONE(scene.vm, END_TO_END_LOCAL, 20 * US);
	EXPECT_ONE(scene.vm, LOCAL_QUEUE, 6 * US);
	EXPECT_EQ(scene_terms(scene.vm), 20 * US);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_BALANCE();
	scene_end();
}

/* by two bridges, to a NIC; and one that uses the memory again begins by itself */
static void host_sends_to_a_nic(void)
{
	struct m_skb *p = &scene.skb[0];

	scene_begin();
	m_at(1000);
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_at(1003);
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_at(1005);
	m_queue(OTHER_CPU, p, M_NIC);
	m_at(1009);
	m_xmit(OTHER_CPU, p, M_NIC);
	m_xmit_done(OTHER_CPU);
	EXPECT_ONE(LW_HOST, LOCAL_QDISC, 9 * US);
	/* not seen to be freed */
	m_at(1100);
	m_queue(OTHER_CPU, p, M_NIC);
	m_at(1101);
	m_xmit(OTHER_CPU, p, M_NIC);
	m_xmit_done(OTHER_CPU);
	EXPECT_STAT(LW_HOST, LOCAL_QDISC, 2, US, 9 * US, 10 * US);
	/* and one that had been parked was */
	m_nic_done(OTHER_CPU, p);
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_drop(OTHER_CPU, p, 2);
	m_at(1200);
	m_queue(OTHER_CPU, p, M_NIC);
	m_at(1201);
	m_xmit(OTHER_CPU, p, M_NIC);
	m_xmit_done(OTHER_CPU);
	EXPECT_STAT(LW_HOST, LOCAL_QDISC, 3, US, 9 * US, 11 * US);
	scene_end();
}

/* a guest's packet by the same bridge keeps its own begin */
static void guests_packet_by_a_bridge_keeps_its_begin(void)
{
	struct m_skb *p = &scene.skb[0];

	scene_begin();
	guest_sends(p, true);
	m_queue(VHOST_CPU, p, M_VIRTUAL);
	m_at(1020);
	m_queue(VHOST_CPU, p, M_NIC);
	m_at(1030);
	m_xmit(VHOST_CPU, p, M_NIC);
	m_xmit_done(VHOST_CPU);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 30 * US);
	EXPECT_ONE(scene.vm, TX_QDISC, 10 * US);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(guest_sends_to_a_process),
	TEST(guest_sends_without_a_kick),
	TEST(guest_sends_to_a_container),
	TEST(others_that_a_backend_wakes),
	TEST(resumed_packet_wakes_a_reader),
	TEST(host_sends_to_a_guest),
	TEST(host_sends_to_a_nic),
	TEST(guests_packet_by_a_bridge_keeps_its_begin),
};

KTAP_MAIN(tests)
