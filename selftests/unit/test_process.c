// SPDX-License-Identifier: GPL-2.0
/* Through a process of this host, which takes packets and sends them on. */
#include "scene.h"

/* interrupt at 1000 us, NET_RX at 1003; the process is woken at 1007, and runs at 1010 */
static void takes(bool xdp)
{
	scene_poll_begin_at(1000);
	m_at(1007);
	if (xdp) {
		m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	} else {
		m_stack(NIC_CPU, &scene.skb[0]);
		scene.skb[0].iif = 2;
	}
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	m_at(1010);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
}

/* to the tap at 1016, and taken at 1020 */
static void sends(const struct m_skb *p)
{
	m_at(1014);
	m_queue(OTHER_CPU, p, 0);
	m_at(1016);
	m_xmit(OTHER_CPU, p, 0);
	if (scene.vhost->fake_cpu < 0)
		m_wake(OTHER_CPU, scene.vhost);
	m_xmit_done(OTHER_CPU);
	m_at(1020);
	if (m_current(VHOST_CPU) != scene.vhost)
		m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_consume(VHOST_CPU, p);
}

static void delivered(void)
{
	scene_signal();
	m_at(1030);
	scene_enter();
}

static void expect_the_way(void)
{
	EXPECT_ONE(scene.vm, END_TO_END_PROCESS, 30 * US);
	EXPECT_ONE(scene.vm, TO_PROCESS, 4 * US);
	EXPECT_ONE(scene.vm, PROCESS_WAKE, 3 * US);
	EXPECT_ONE(scene.vm, PROCESS, 4 * US);
	EXPECT_ONE(scene.vm, LOCAL_QUEUE, 2 * US);
	EXPECT_ONE(scene.vm, TAP_DWELL, 4 * US);
	EXPECT_NONE(scene.vm, XDP);
	EXPECT_NONE(scene.vm, STACK);
	EXPECT_NONE(scene.vm, NAPI);
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_NONE(scene.vm, END_TO_END_LOCAL);
	EXPECT_EQ(scene_terms(scene.vm), 30 * US);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 1);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 0);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 0);
	EXPECT_BALANCE();
}

static void switch_on_packet_sockets(void)
{
	const struct lw_sum *s;

	scene_begin();
	takes(false);
	sends(&scene.skb[1]);
	delivered();
	expect_the_way();
	s = m_stat(scene.vm, LATWATCH_STAGE_END_TO_END_PROCESS);
	EXPECT_EQ(s->worst.origin, LATWATCH_ORIGIN_PROCESS);
	EXPECT(!lw_flight_has(&s->worst, LATWATCH_MARK_STACK));
	scene_end();
}

static void switch_on_af_xdp(void)
{
	scene_begin();
	takes(true);
	sends(&scene.skb[1]);
	delivered();
	expect_the_way();
	scene_end();
}

/* its kernel sends by a bridge's own address: a proxy */
static void proxy_behind_a_bridge(void)
{
	scene_begin();
	takes(false);
	/* the bridge's queue is the first, where the process is done */
	m_at(1014);
	m_queue(OTHER_CPU, &scene.skb[1], M_VIRTUAL);
	sends(&scene.skb[1]);
	delivered();
	expect_the_way();
	scene_end();
}

/* it reads what is encrypted, and gives the rest to the stack by its tun device */
static void vpn(void)
{
	struct m_skb *p = &scene.skb[1];

	scene_begin();
	takes(false);
	m_at(1012);
	m_receive(OTHER_CPU, p, 8, 1);
	sends(p);
	delivered();
	expect_the_way();
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	scene_end();
}

/* past the queue, as packet sockets can */
static void sent_without_a_queue(void)
{
	const struct m_skb *p = &scene.skb[1];

	scene_begin();
	takes(false);
	m_at(1014);
	m_xmit(OTHER_CPU, p, 0);
	m_wake(OTHER_CPU, scene.vhost);
	m_xmit_done(OTHER_CPU);
	m_at(1020);
	scene_take(1, 1);
	delivered();
	EXPECT_ONE(scene.vm, END_TO_END_PROCESS, 30 * US);
	EXPECT_ONE(scene.vm, PROCESS, 4 * US);
	EXPECT_NONE(scene.vm, LOCAL_QUEUE);
	EXPECT_EQ(scene_terms(scene.vm), 30 * US);
	scene_end();
}

/* whichever it is made of: not of one before the oldest */
static void all_until_it_sleeps_are_the_oldests(void)
{
	scene_begin();
	takes(false);
	m_copied(OTHER_CPU, &scene.skb[0]);
	/* another comes while it is at work */
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[2]);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	scene.skb[2].iif = 2;
	m_copied(OTHER_CPU, &scene.skb[2]);
	sends(&scene.skb[1]);
	sends(&scene.skb[3]);
	delivered();
	EXPECT_STAT(scene.vm, END_TO_END_PROCESS, 2, 30 * US, 30 * US, 60 * US);
	scene_end();
}

/* what it sends after that, by itself, has nothing to do with it */
static void it_has_slept(void)
{
	scene_begin();
	takes(false);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	sends(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 0);
	scene_end();
}

static void it_was_preempted(void)
{
	scene_begin();
	takes(false);
	m_switch(OTHER_CPU, scene.kthread, M_PREEMPTED);
	/* nor is what the other one sends */
	sends(&scene.skb[2]);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	m_switch(OTHER_CPU, scene.other, M_PREEMPTED);
	sends(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 1);
	scene_end();
}

/* to a NIC it is this host's; and what a softirq on top of it sends is not its own */
static void others_are_not_through_it(void)
{
	scene_begin();
	takes(false);
	m_queue(OTHER_CPU, &scene.skb[1], M_NIC);
	m_xmit(OTHER_CPU, &scene.skb[1], M_NIC);
	m_xmit_done(OTHER_CPU);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	EXPECT(!lw_flight_has(&m_stat(LW_HOST, LATWATCH_STAGE_LOCAL_QDISC)->worst,
			      LATWATCH_MARK_IRQ));
	m_raise(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_queue(OTHER_CPU, &scene.skb[3], 0);
	m_softirq_done(OTHER_CPU);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 0);
	scene_end();
}

/* it was a guest's packet that woke it */
static void answer_to_a_guest_is_local(void)
{
	scene_begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_stack_from(VHOST_CPU, &scene.skb[0], 0);
	m_wake(VHOST_CPU, scene.other);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	sends(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 0);
	scene_end();
}

/* a switch that sleeps by a timer, and looks at its sockets then */
static void switch_wakes_up(void)
{
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
}

static void switch_sleeps(void)
{
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
}

/* it has sent before, and is known for that */
static void polling_switch(void)
{
	unsigned int i;

	scene_begin();
	for (i = 0; i < 8; i++)
		scene.skb[i].packet_socket = true;
	m_at(100);
	switch_wakes_up();
	m_queue(OTHER_CPU, &scene.skb[7], 0);
	m_drop(OTHER_CPU, &scene.skb[7], 2);
	switch_sleeps();
	switch_wakes_up();
	switch_sleeps();
	m_reset();
}

/* interrupt at 1000 us; its socket is given a packet at 1007 */
static void given(void)
{
	scene_poll_begin_at(1000);
	m_at(1007);
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	scene_poll_end();
}

static void switch_polls_its_socket(void)
{
	const struct lw_sum *s;

	polling_switch();
	given();
	m_at(1012);
	switch_wakes_up();
	sends(&scene.skb[1]);
	delivered();
	EXPECT_ONE(scene.vm, END_TO_END_PROCESS, 30 * US);
	EXPECT_ONE(scene.vm, TO_PROCESS, 4 * US);
	EXPECT_NONE(scene.vm, PROCESS_WAKE);
	EXPECT_ONE(scene.vm, PROCESS, 7 * US);
	EXPECT_NONE(scene.vm, XDP);
	EXPECT_EQ(scene_terms(scene.vm), 30 * US);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 1);
	s = m_stat(scene.vm, LATWATCH_STAGE_END_TO_END_PROCESS);
	EXPECT_EQ(lw_flight_actor(&s->worst, LATWATCH_ROLE_READER)->pid, scene.other->pid);
	EXPECT_BALANCE();
	scene_end();
}

/* while it was at work the last time: it may have looked before */
static void given_before_it_slept(void)
{
	polling_switch();
	switch_wakes_up();
	given();
	switch_sleeps();
	switch_wakes_up();
	sends(&scene.skb[1]);
	delivered();
	EXPECT_ONE(scene.vm, END_TO_END_PROCESS, 30 * US);
	scene_end();
}

/* and once more: it has taken that, and this is another */
static void given_too_long_ago(void)
{
	polling_switch();
	switch_wakes_up();
	given();
	switch_sleeps();
	switch_wakes_up();
	switch_sleeps();
	switch_wakes_up();
	sends(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 0);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	scene_end();
}

/* a poll gives it one, and another after it has slept twice */
static void given_by_a_poll_that_went_on(void)
{
	polling_switch();
	scene_poll_begin_at(1000);
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	switch_wakes_up();
	switch_sleeps();
	switch_wakes_up();
	switch_sleeps();
	m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
	scene_poll_end();
	switch_wakes_up();
	sends(&scene.skb[1]);
	delivered();
	EXPECT_ONE(scene.vm, END_TO_END_PROCESS, 30 * US);
	scene_end();
}

/* more polls than are remembered: which was the oldest is not known */
static void given_by_too_many_polls(void)
{
	unsigned int i;

	polling_switch();
	for (i = 0; i < 70; i++) {
		m_at(200 + i);
		scene_poll_begin();
		m_xdp_redirected(NIC_CPU, LW_XDP_SOCKET);
		scene_poll_end();
	}
	switch_wakes_up();
	sends(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 0);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	scene_end();
}

/* it has not been seen to sleep twice; or sends by another socket */
static void not_known_for_a_switch(void)
{
	scene_begin();
	scene.skb[1].packet_socket = true;
	switch_wakes_up();
	given();
	sends(&scene.skb[1]);
	switch_sleeps();
	switch_wakes_up();
	sends(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 2);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 0);
	scene_end();
	polling_switch();
	given();
	switch_wakes_up();
	scene.skb[1].packet_socket = false;
	sends(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_PROCESS), 0);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(switch_on_packet_sockets),
	TEST(switch_on_af_xdp),
	TEST(proxy_behind_a_bridge),
	TEST(vpn),
	TEST(sent_without_a_queue),
	TEST(all_until_it_sleeps_are_the_oldests),
	TEST(it_has_slept),
	TEST(it_was_preempted),
	TEST(others_are_not_through_it),
	TEST(answer_to_a_guest_is_local),
	TEST(switch_polls_its_socket),
	TEST(given_before_it_slept),
	TEST(given_too_long_ago),
	TEST(given_by_a_poll_that_went_on),
	TEST(given_by_too_many_polls),
	TEST(not_known_for_a_switch),
};

KTAP_MAIN(tests)
