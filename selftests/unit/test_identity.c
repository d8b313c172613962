// SPDX-License-Identifier: GPL-2.0
/* A packet stays itself, whatever the host does to it. */
#include "scene.h"

/* devices, as packets know them */
#define ETH1	2
#define TAP1	3
#define BR0	4
#define VETH	5
#define VLAN	6

/* the backend is woken by its guest, which has put something into the ring */
static void kick(void)
{
	m_at(1000);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_entry(VCPU_CPU, 0);
	m_guest_exit(VCPU_CPU);
	m_at(1001);
	m_wake(VCPU_CPU, scene.vhost);
	m_at(1003);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(1004);
}

static void begin(void)
{
	scene_begin();
	/* its first packet says that it is the VM's backend */
	scene_deliver(20, 1);
}

static void to_nic(unsigned int cpu, const struct m_skb *p)
{
	m_queue(cpu, p, M_NIC);
	m_xmit(cpu, p, M_NIC);
	m_nic_done(cpu, p);
}

/* what the VM has sent, from its exit on */
static void expect_sent(u64 n, u64 us)
{
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), n);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), n);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 0);
	EXPECT_EQ(m_line(LW_LOCAL_FORWARDED), 0);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED_RESUMED), 0);
	EXPECT_STAT(scene.vm, TX_END_TO_END, n, us * US, us * US, n * us * US);
	EXPECT_BALANCE();
}

/* the guest's bridge is its gateway: the stack receives it from both */
static void received_by_a_bridges_own_address(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	kick();
	m_receive(VHOST_CPU, p, TAP1, 0);
	m_at(1005);
	m_receive(VHOST_CPU, p, BR0, M_VIRTUAL);
	/* there is no room for the header: it gets new data */
	p->head = &scene.skb[1];
	m_at(1006);
	to_nic(VHOST_CPU, p);
	expect_sent(1, 6);
	EXPECT_ONE(scene.vm, TX_STACK, 2 * US);
	EXPECT_ONE(scene.vm, GUEST_EXIT, 1 * US);
	scene_end();
}

/* the same inwards: the bridge is a device that it is sent to */
static void sent_to_a_bridge(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_reset();
	scene_poll_begin_at(2000);
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_at(2004);
	m_queue(NIC_CPU, p, M_VIRTUAL);
	scene_send(NIC_CPU, p, 0, scene.vhost);
	scene_poll_end();
	scene_take_deliver(0, 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_ONE(scene.vm, STACK, 1 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 4 * US);
	EXPECT_EQ(m_tap_source(0), ETH1);
	scene_end();
}

/* a program is given a copy, or new data, where it may write: generic XDP */
static void data_moves(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	scene_poll_begin();
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	p->head = &scene.skb[1];
	scene_send(NIC_CPU, p, 0, NULL);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	scene_poll_end();
	scene_end();
}

/* and has none in common with it when the stack has it again */
static void data_moves_and_is_received_again(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	kick();
	m_receive(VHOST_CPU, p, TAP1, 0);
	p->head = &scene.skb[1];
	m_receive(VHOST_CPU, p, BR0, M_VIRTUAL);
	to_nic(VHOST_CPU, p);
	expect_sent(1, 4);
	scene_end();
}

static void copy_is_what_it_was_made_of(void)
{
	struct m_skb *p = &scene.skb[0], *copy = &scene.skb[1];

	begin();
	scene_poll_begin();
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_consume(NIC_CPU, p);
	copy->iif = ETH1;
	scene_send(NIC_CPU, copy, 0, NULL);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	scene_poll_end();
	scene_end();
}

/* a VLAN's device has taken its tag off, and is the one that received it last */
static void copy_of_a_tagged_packet(void)
{
	struct m_skb *p = &scene.skb[0], *copy = &scene.skb[1], *other = &scene.skb[2];

	begin();
	scene_poll_begin();
	m_receive_tagged(NIC_CPU, p, ETH1);
	copy->iif = VLAN;
	scene_send(NIC_CPU, copy, 0, NULL);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	other->iif = VLAN;
	other->arp = true;
	scene_send(NIC_CPU, other, 0, NULL);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	scene_poll_end();
	scene_end();
}

/* its memory may have been the packet's */
static void what_the_host_makes_is_local(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	scene_poll_begin();
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_consume(NIC_CPU, p);
	p->iif = 0;
	scene_send(NIC_CPU, p, 0, NULL);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	scene_end();
}

/* it waited for the address that the answer has */
static void released_by_a_neighbours_answer(void)
{
	struct m_skb *answer = &scene.skb[0], *waited = &scene.skb[1];

	begin();
	answer->arp = true;
	waited->iif = ETH1;
	scene_poll_begin();
	m_receive(NIC_CPU, answer, ETH1, M_NIC);
	scene_send(NIC_CPU, waited, 0, NULL);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 0);
	EXPECT_EQ(m_line(LW_OPENED_RESUMED), 1);
	EXPECT_EQ(m_in_flight(), 1);
	scene_take(1, 1);
	/* in its VM's verdict, too */
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_RESUMED), 1);
	EXPECT_BALANCE();
	scene_end();
}

/* received by another device than the packet in hand */
static void resumed_beside_another_packet(void)
{
	struct m_skb *p = &scene.skb[0], *waited = &scene.skb[1];

	begin();
	waited->iif = TAP1;
	scene_poll_begin();
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	to_nic(NIC_CPU, waited);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_LOCAL_OPENED_RESUMED), 1);
	EXPECT_EQ(m_line(LW_LOCAL_LOST_RESUMED), 1);
	EXPECT_EQ(m_line(LW_LOCAL_SENT), 0);
	EXPECT_EQ(m_line(LW_LOCAL_FORWARDED), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* it comes back to the stack, from where nothing was seen of it */
static void received_again_and_not_known(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	p->iif = ETH1;
	scene_poll_begin();
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	scene_send(NIC_CPU, p, 0, NULL);
	scene_poll_end();
	scene_take(0, 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_LOST_RESUMED), 1);
	EXPECT_BALANCE();
	scene_end();
}

/* tap, bridge, veth, bridge, NIC: a softirq on another CPU has it next */
static void guest_sends_through_a_veth_pair(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	kick();
	m_receive(VHOST_CPU, p, TAP1, 0);
	m_queue(VHOST_CPU, p, M_VIRTUAL);
	p->iif = 0;
	/* what it sends next is not in the way */
	m_receive(VHOST_CPU, &scene.skb[1], TAP1, 0);
	m_at(1024);
	m_raise(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_receive(OTHER_CPU, p, VETH, M_VIRTUAL);
	to_nic(OTHER_CPU, p);
	m_softirq_done(OTHER_CPU);
	expect_sent(1, 24);
	EXPECT_ONE(scene.vm, TX_STACK, 20 * US);
	EXPECT_ONE(scene.vm, TX_PARKED, 20 * US);
	scene_end();
}

static void veth_pair_on_the_way_to_a_guest(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_reset();
	scene_poll_begin_at(2000);
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_queue(NIC_CPU, p, M_VIRTUAL);
	p->iif = 0;
	scene_poll_end();
	EXPECT_EQ(m_in_flight(), 0);
	m_at(2010);
	m_raise(NIC_CPU);
	m_softirq(NIC_CPU, RUNNER_OTHER);
	m_receive(NIC_CPU, p, VETH, M_VIRTUAL);
	scene_send(NIC_CPU, p, 0, scene.vhost);
	m_softirq_done(NIC_CPU);
	scene_take_deliver(0, 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_ONE(scene.vm, STACK, 7 * US);
	EXPECT_ONE(scene.vm, PARKED, 7 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 10 * US);
	EXPECT_EQ(scene_terms(scene.vm), 10 * US);
	/* the head names the NIC */
	EXPECT_EQ(m_tap_source(0), ETH1);
	scene_end();
}

/* a process, in a network namespace of its own */
static void process_sends_through_a_veth_pair(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_raise(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_receive(OTHER_CPU, p, VETH, M_VIRTUAL);
	scene_send(OTHER_CPU, p, 0, NULL);
	m_softirq_done(OTHER_CPU);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_POLL), 0);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	scene_end();
}

/* it waits in a virtual device's queue; what sends it on is the next of the same device */
static void sent_on_by_the_next(void)
{
	struct m_skb *p = &scene.skb[0], *next = &scene.skb[1];

	begin();
	m_reset();
	scene_poll_begin_at(2000);
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_queue(NIC_CPU, p, M_VIRTUAL);
	scene_poll_end();
	scene_poll_begin_at(2050);
	m_receive(NIC_CPU, next, ETH1, M_NIC);
	m_queue(NIC_CPU, next, M_VIRTUAL);
	scene_send(NIC_CPU, p, 0, scene.vhost);
	scene_poll_end();
	m_drop(NIC_CPU, next, 2);
	scene_take_deliver(0, 1);
	EXPECT_ONE(scene.vm, PARKED, 50 * US);
	EXPECT_ONE(scene.vm, STACK, 50 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 53 * US);
	scene_end();
}

/* what this host sends begins where the first device gets it; of two waits one is told */
static void process_waits_in_a_bridge(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_reset();
	m_at(1000);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_at(1020);
	/* a VLAN on it: it is parked on */
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_at(1030);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_receive(OTHER_CPU, p, VETH, M_VIRTUAL);
	m_queue(OTHER_CPU, p, M_VIRTUAL);
	m_at(1037);
	m_receive(OTHER_CPU, p, BR0, M_VIRTUAL);
	scene_send(OTHER_CPU, p, 0, scene.vhost);
	m_softirq_done(OTHER_CPU);
	scene_take_deliver(0, 1);
	EXPECT_ONE(scene.vm, PARKED, 30 * US);
	EXPECT_ONE(scene.vm, STACK, 37 * US);
	EXPECT_ONE(scene.vm, END_TO_END_LOCAL, 37 * US);
	EXPECT_NONE(scene.vm, LOCAL_QUEUE);
	EXPECT_EQ(scene_terms(scene.vm), 37 * US);
	scene_end();
}

/* ifb: queued for 5 ms, then a tasklet gives it to the stack as if from the NIC */
static void shaped_on_its_way_in(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_reset();
	scene_poll_begin_at(2000);
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_queue(NIC_CPU, p, M_VIRTUAL);
	scene_poll_end();
	m_at(7000);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_xmit(OTHER_CPU, p, M_VIRTUAL);
	m_receive(OTHER_CPU, p, ETH1, M_NIC);
	scene_send(OTHER_CPU, p, 0, scene.vhost);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	scene_take_deliver(0, 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	EXPECT_EQ(m_line(LW_LOST_RESUMED), 0);
	EXPECT_ONE(scene.vm, PARKED, 4997 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 5000 * US);
	EXPECT_EQ(scene_terms(scene.vm), 5000 * US);
	scene_end();
}

/* a tunnel's header needs room: new data, and no device has received it any more */
static void encapsulated(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	kick();
	m_receive(VHOST_CPU, p, TAP1, 0);
	m_queue(VHOST_CPU, p, M_VIRTUAL);
	p->iif = 0;
	p->head = &scene.skb[1];
	m_queue(VHOST_CPU, p, M_VIRTUAL);
	to_nic(VHOST_CPU, p);
	expect_sent(1, 4);
	scene_end();
}

static void parked_and_freed(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_reset();
	scene_poll_begin();
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_queue(NIC_CPU, p, M_VIRTUAL);
	m_drop(NIC_CPU, p, 2);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	p->iif = 0;
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_queue(NIC_CPU, p, M_VIRTUAL);
	m_consume(NIC_CPU, p);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	scene_poll_end();
	EXPECT_EQ(m_opened(), 0);
	EXPECT_EQ(m_line(LW_DROPPED), 0);
	EXPECT_EQ(m_line(LW_ELSEWHERE_CONSUMED), 0);
	scene_end();
}

/* freed without a trace; another packet of a NIC has its address */
static void parked_and_forgotten(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_reset();
	scene_poll_begin_at(2000);
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	m_queue(NIC_CPU, p, M_VIRTUAL);
	scene_poll_end();
	p->iif = 0;
	scene_poll_begin_at(3000);
	m_receive(NIC_CPU, p, ETH1, M_NIC);
	scene_send(NIC_CPU, p, 0, scene.vhost);
	scene_poll_end();
	scene_take_deliver(0, 1);
	EXPECT_ONE(scene.vm, END_TO_END, 3 * US);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 0);
	scene_end();
}

static void vm_ends_with_a_parked_packet(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	kick();
	m_receive(VHOST_CPU, p, TAP1, 0);
	m_queue(VHOST_CPU, p, M_VIRTUAL);
	m_task_exit(VHOST_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	scene_boot(scene.vcpu2, 0, VCPU_CPU);
	EXPECT_EQ(m_vm_account(&scene.mm2), scene.vm);
	p->iif = 0;
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_receive(OTHER_CPU, p, VETH, M_VIRTUAL);
	to_nic(OTHER_CPU, p);
	m_softirq_done(OTHER_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 0);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_TX_SENT), 1);
	scene_end();
}

static void no_room_to_park(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_begin_sized(&one);
	scene_poll_begin();
	m_receive(NIC_CPU, &scene.skb[0], ETH1, M_NIC);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	m_receive(NIC_CPU, &scene.skb[1], ETH1, M_NIC);
	m_queue(NIC_CPU, &scene.skb[1], M_VIRTUAL);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_NOTE_PARK_FULL), 1);
	EXPECT_BALANCE();
	scene_end();
}

/* a slot says nothing of the packet that had it before */
static void slot_of_a_parked_packet(void)
{
	static const struct m_sizes one = { .skbs = 1 };
	unsigned int i;

	scene_begin_sized(&one);
	scene_poll_begin();
	m_receive(NIC_CPU, &scene.skb[0], ETH1, M_NIC);
	m_queue(NIC_CPU, &scene.skb[0], M_VIRTUAL);
	m_consume(NIC_CPU, &scene.skb[0]);
	scene_poll_end();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	/* some of these get its slot */
	for (i = 1; i < 64; i++) {
		m_queue(OTHER_CPU, &scene.skb[i], M_NIC);
		m_drop(OTHER_CPU, &scene.skb[i], 2);
	}
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 63);
	EXPECT_EQ(m_line(LW_LOCAL_FORWARDED), 0);
	scene_end();
}

/* what a guest sends is steered to another CPU before the stack has it */
static void steered_from_a_tap(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	kick();
	m_steer_from_guest(VHOST_CPU, p, TAP1, 0);
	m_at(1010);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	m_receive(OTHER_CPU, p, TAP1, 0);
	to_nic(OTHER_CPU, p);
	m_softirq_done(OTHER_CPU);
	expect_sent(1, 10);
	EXPECT_ONE(scene.vm, GUEST_EXIT, 1 * US);
	scene_end();
}

/* the guest's packet is queued, cut where it leaves the queue, and sent in pieces */
static struct m_skb *cut(unsigned int cpu, struct m_skb *p, int tap)
{
	p->gso = true;
	m_queue(cpu, p, tap);
	m_consume(cpu, p);
	return p + 1;
}

static void pieces(unsigned int cpu, struct m_skb *p, unsigned int n, int tap)
{
	for (; n--; p++) {
		p->iif = TAP1;
		m_xmit(cpu, p, tap);
		if (tap == M_NIC)
			m_nic_done(cpu, p);
		else
			m_xmit_done(cpu);
	}
}

static void segments_are_the_vms(void)
{
	struct m_skb *segment;

	begin();
	kick();
	m_receive(VHOST_CPU, &scene.skb[0], TAP1, 0);
	segment = cut(VHOST_CPU, &scene.skb[0], M_NIC);
	EXPECT_EQ(lw_skb_in_flight(LATWATCH_PATH_TX, scene.vm), 1);
	EXPECT_BALANCE();
	pieces(VHOST_CPU, segment, 3, M_NIC);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED_SEGMENT), 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 3);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_ELSEWHERE), 0);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 0);
	EXPECT_STAT(scene.vm, TX_END_TO_END, 3, 4 * US, 4 * US, 12 * US);
	EXPECT_BALANCE();
	scene_end();
}

/* the driver had no room: another context sends the rest, before anything else */
static void segments_of_another_context(void)
{
	struct m_skb *segment;

	begin();
	kick();
	m_receive(VHOST_CPU, &scene.skb[0], TAP1, 0);
	segment = cut(VHOST_CPU, &scene.skb[0], M_NIC);
	pieces(VHOST_CPU, segment, 1, M_NIC);
	m_receive(VHOST_CPU, &scene.skb[10], TAP1, 0);
	m_queue(VHOST_CPU, &scene.skb[10], M_NIC);
	m_softirq(OTHER_CPU, RUNNER_OTHER);
	pieces(OTHER_CPU, segment + 1, 1, M_NIC);
	/* then what came after it; what is not known from then on is not cut from it */
	m_xmit(OTHER_CPU, &scene.skb[10], M_NIC);
	m_nic_done(OTHER_CPU, &scene.skb[10]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 3);
	pieces(OTHER_CPU, &scene.skb[11], 1, M_NIC);
	m_softirq_done(OTHER_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED_SEGMENT), 1);
	EXPECT_EQ(m_line(LW_LOCAL_LOST_RESUMED), 1);
	EXPECT_BALANCE();
	scene_end();
}

static void no_segment_was_sent(void)
{
	begin();
	kick();
	m_receive(VHOST_CPU, &scene.skb[0], TAP1, 0);
	cut(VHOST_CPU, &scene.skb[0], M_NIC);
	m_receive(VHOST_CPU, &scene.skb[10], TAP1, 0);
	to_nic(VHOST_CPU, &scene.skb[10]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_ELSEWHERE), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 1);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* of another origin, by the same queue, past the queue's tracepoint */
static void no_segment_of_it(void)
{
	struct m_skb *segment;

	begin();
	kick();
	m_receive(VHOST_CPU, &scene.skb[0], TAP1, 0);
	segment = cut(VHOST_CPU, &scene.skb[0], M_NIC);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_xmit(OTHER_CPU, &scene.skb[10], M_NIC);
	m_nic_done(OTHER_CPU, &scene.skb[10]);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	pieces(VHOST_CPU, segment, 1, M_NIC);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 1);
	EXPECT_BALANCE();
	scene_end();
}

/* cut for a tunnel, which then adds its header to each */
static void segments_for_a_virtual_device(void)
{
	struct m_skb *segment;
	unsigned int i;

	begin();
	kick();
	m_receive(VHOST_CPU, &scene.skb[0], TAP1, 0);
	segment = cut(VHOST_CPU, &scene.skb[0], M_VIRTUAL);
	for (i = 0; i < 2; i++) {
		pieces(VHOST_CPU, segment + i, 1, M_VIRTUAL);
		segment[i].iif = 0;
		to_nic(VHOST_CPU, segment + i);
	}
	expect_sent(2, 4);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED_SEGMENT), 0);
	scene_end();
}

/* what GRO made one of is cut again: the first takes its place */
static void segments_for_a_tap(void)
{
	struct m_skb *p = &scene.skb[0];

	begin();
	m_reset();
	scene_poll_begin_at(2000);
	p->segments = 3;
	m_receive(NIC_CPU, p, TAP1, M_NIC);
	pieces(NIC_CPU, cut(NIC_CPU, p, 0), 3, 0);
	scene_poll_end();
	scene_take_deliver(1, 3);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 3);
	EXPECT_EQ(m_line(LW_OPENED_SEGMENT), 2);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 2);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 3);
	EXPECT_STAT(scene.vm, END_TO_END, 3, 3 * US, 3 * US, 9 * US);
	EXPECT_BALANCE();
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(received_by_a_bridges_own_address),
	TEST(sent_to_a_bridge),
	TEST(data_moves),
	TEST(data_moves_and_is_received_again),
	TEST(copy_is_what_it_was_made_of),
	TEST(copy_of_a_tagged_packet),
	TEST(what_the_host_makes_is_local),
	TEST(released_by_a_neighbours_answer),
	TEST(resumed_beside_another_packet),
	TEST(received_again_and_not_known),
	TEST(guest_sends_through_a_veth_pair),
	TEST(veth_pair_on_the_way_to_a_guest),
	TEST(process_sends_through_a_veth_pair),
	TEST(sent_on_by_the_next),
	TEST(process_waits_in_a_bridge),
	TEST(shaped_on_its_way_in),
	TEST(encapsulated),
	TEST(parked_and_freed),
	TEST(parked_and_forgotten),
	TEST(vm_ends_with_a_parked_packet),
	TEST(no_room_to_park),
	TEST(slot_of_a_parked_packet),
	TEST(steered_from_a_tap),
	TEST(segments_are_the_vms),
	TEST(segments_of_another_context),
	TEST(no_segment_was_sent),
	TEST(no_segment_of_it),
	TEST(segments_for_a_virtual_device),
	TEST(segments_for_a_tap),
};

KTAP_MAIN(tests)
