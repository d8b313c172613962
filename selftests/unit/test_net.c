// SPDX-License-Identifier: GPL-2.0
/* From the stack to the tap and out of its ring: whose packet is it? */
#include "scene.h"

static void skb_reused_after_it_was_freed_without_a_trace(void)
{
	scene_begin();
	m_at(1000);
	scene_rx(0, 1);
	/* the ring was destroyed; the address comes again */
	m_at(900000);
	scene_rx(0, 1);
	m_at(900010);
	scene_take(0, 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 1);
	EXPECT_EQ(m_opened(), 2);
	EXPECT_ONE(scene.vm, TAP_DWELL, 10 * US);
	EXPECT_ONE(scene.vm, NAPI, 0);
	scene_end();
}

/* the same where it comes without passing the queue's tracepoint */
static void skb_reused_at_the_tap(void)
{
	scene_begin();
	m_at(1000);
	scene_rx(0, 1);
	m_at(900000);
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_xmit(NIC_CPU, &scene.skb[0], 0);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
	m_at(900010);
	scene_take(0, 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	EXPECT_ONE(scene.vm, TAP_DWELL, 10 * US);
	EXPECT_NONE(scene.vm, QDISC);
	scene_end();
}

/* consume and kfree end a packet: its address pairs with nothing then */
static void skb_reused_after_it_was_freed(void)
{
	scene_begin();
	scene_rx(0, 1);
	scene_take(0, 1);
	scene_rx(0, 1);
	m_drop(NIC_CPU, &scene.skb[0], 7);
	scene_rx(0, 1);
	scene_take(0, 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 0);
	EXPECT_EQ(m_opened(), 3);
	/* what is no packet of ours may come and go */
	m_consume(OTHER_CPU, &scene.skb[9]);
	m_drop(OTHER_CPU, &scene.skb[9], 2);
	scene_end();
}

/* a bridge floods clones, and the packet itself to the last port */
static void clone_is_told_by_its_data(void)
{
	struct m_skb clone;

	scene_begin();
	m_skb_init(&clone);
	clone.head = scene.skb[0].head;
	m_at(1000);
	scene_poll_begin();
	m_at(1004);
	m_stack(NIC_CPU, &scene.skb[0]);
	scene_send(NIC_CPU, &clone, 1, NULL);
	m_at(1005);
	scene_send(NIC_CPU, &scene.skb[0], 0, NULL);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 2);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 0);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_consume(VHOST_CPU, &clone);
	m_consume(VHOST_CPU, &scene.skb[0]);
	EXPECT_STAT(scene.vm, NAPI, 2, 4 * US, 4 * US, 8 * US);
	EXPECT_STAT(scene.vm, STACK, 2, 0, US, US);
	scene_end();
}

static void packet_that_the_stack_did_not_receive_is_local(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	/* an answer of the host, made in the same softirq */
	m_at(1000);
	m_queue(NIC_CPU, &scene.skb[1], 0);
	m_at(1001);
	m_xmit(NIC_CPU, &scene.skb[1], 0);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
	m_at(1010);
	scene_take(1, 1);
	scene_signal();
	scene_enter();
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 0);
	EXPECT_NONE(scene.vm, NAPI);
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_NONE(scene.vm, QDISC);
	EXPECT_ONE(scene.vm, LOCAL_QUEUE, 1 * US);
	EXPECT_ONE(scene.vm, END_TO_END_LOCAL, 10 * US);
	EXPECT_EQ(scene_terms(scene.vm), 10 * US);
	scene_end();
}

/* on RT: the softirq's task is preempted in the middle of a packet */
static void same_data_in_another_context_is_not_the_packet(void)
{
	scene_begin();
	scene_irq_wakes(scene.irq_thread, NIC_IRQ);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_raise(NIC_CPU);
	m_softirq(NIC_CPU, RUNNER_THREAD);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_switch(NIC_CPU, scene.other, M_PREEMPTED);
	scene.skb[1].head = scene.skb[0].head;
	m_xmit(NIC_CPU, &scene.skb[1], 0);
	m_xmit_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 0);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_softirq_done(NIC_CPU);
	scene_take(1, 1);
	EXPECT_NONE(scene.vm, STACK);
	scene_end();
}

/* on RT: what a task that preempted the softirq brings is not the NIC's */
static void packet_of_a_task_that_preempted_the_softirq_is_local(void)
{
	scene_begin();
	m_switch(NIC_CPU, scene.ksoftirqd, M_SLEEPS);
	scene_irq_raises(NIC_CPU, NIC_IRQ);
	m_softirq(NIC_CPU, LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD);
	m_switch(NIC_CPU, scene.other, M_PREEMPTED);
	m_stack_from(NIC_CPU, &scene.skb[1], M_VIRTUAL);
	m_xmit(NIC_CPU, &scene.skb[1], 0);
	m_xmit_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	/* the softirq goes on, and is the NIC's still */
	m_switch(NIC_CPU, scene.ksoftirqd, M_SLEEPS);
	scene_to_tap(&scene.skb[0], 0, NULL);
	m_softirq_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	scene_end();
}

/* a softirq ran on top of the task, and has ended */
static void what_a_task_brings_after_a_softirq_is_its_own(void)
{
	scene_begin();
	m_switch(NIC_CPU, scene.other, M_SLEEPS);
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	scene_poll_end();
	m_at(1000);
	/* the same memory comes again, without the stack; and another packet */
	m_xmit(NIC_CPU, &scene.skb[0], 0);
	m_xmit_done(NIC_CPU);
	m_stack_from(NIC_CPU, &scene.skb[1], M_VIRTUAL);
	m_xmit(NIC_CPU, &scene.skb[1], 0);
	m_xmit_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 2);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 0);
	scene_take(0, 2);
	EXPECT_NONE(scene.vm, NAPI);
	EXPECT_ONE(scene.vm, STACK, 0);
	scene_end();
}

static void softirq_on_top_of_a_task_does_not_see_its_packet(void)
{
	scene_begin();
	m_switch(NIC_CPU, scene.other, M_SLEEPS);
	m_stack(NIC_CPU, &scene.skb[0]);
	m_at(500);
	scene_poll_begin();
	m_xmit(NIC_CPU, &scene.skb[0], 0);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 0);
	scene_end();
}

/* from a virtual device, say */
static void packet_that_a_task_brings_is_local_from_the_stack_on(void)
{
	scene_begin();
	m_at(1000);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_stack_from(OTHER_CPU, &scene.skb[0], M_VIRTUAL);
	m_at(1002);
	scene_send(OTHER_CPU, &scene.skb[0], 0, scene.vhost);
	m_at(1010);
	scene_take(0, 1);
	scene_signal();
	m_at(1020);
	scene_enter();
	EXPECT_ONE(scene.vm, STACK, 2 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 8 * US);
	EXPECT_ONE(scene.vm, END_TO_END_LOCAL, 20 * US);
	EXPECT_EQ(scene_terms(scene.vm), 20 * US);
	scene_end();
}

/* a queueing discipline holds it, and another CPU sends it */
static void queued_here_sent_there(void)
{
	scene_begin();
	m_at(1000);
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_at(1001);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	scene_poll_end();
	EXPECT_EQ(m_in_flight(), 1);
	EXPECT_BALANCE();
	m_at(1051);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_xmit(OTHER_CPU, &scene.skb[0], 0);
	m_wake(OTHER_CPU, scene.vhost);
	m_xmit_done(OTHER_CPU);
	m_at(1060);
	scene_take(0, 1);
	EXPECT_ONE(scene.vm, QDISC, 50 * US);
	EXPECT_ONE(scene.vm, STACK, 51 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 9 * US);
	EXPECT_EQ(m_opened(), 1);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 1);
	scene_end();
}

/* the device was queued for one tap, and sent by another */
static void sent_to_another_tap_is_another_packet(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	m_xmit(NIC_CPU, &scene.skb[0], 1);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 1);
	EXPECT_EQ(m_opened(), 2);
	EXPECT_EQ(m_in_flight(), 1);
	scene_end();
}

static void gro_segments_are_opened_and_merged(void)
{
	scene_begin();
	scene.skb[0].segments = 17;
	scene_deliver(0, 2);
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 18);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 16);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 2);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 2);
	scene_end();
}

static void segments_of_a_local_sender_are_no_merge(void)
{
	scene_begin();
	scene.skb[0].segments = 17;
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	scene_send(OTHER_CPU, &scene.skb[0], 0, NULL);
	EXPECT_EQ(m_opened(), 1);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 0);
	scene_end();
}

static void dropped_at_the_queue_before_any_vm_is_known(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	m_drop(NIC_CPU, &scene.skb[0], 68);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_DROPPED), 1);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_DROPPED), 1);
	EXPECT_EQ(lw_drop_sum(lw_books, LATWATCH_PATH_RX, true, 68), 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static void dropped_in_the_ring_is_the_taps_vms(void)
{
	scene_begin();
	scene_deliver(0, 1);
	scene_rx(1, 1);
	/* the ring is full: the driver frees it within its transmit function */
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[2]);
	m_queue(NIC_CPU, &scene.skb[2], 0);
	m_xmit(NIC_CPU, &scene.skb[2], 0);
	m_drop(NIC_CPU, &scene.skb[2], 75);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
	/* and the other one is purged later by a task */
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_drop(OTHER_CPU, &scene.skb[1], 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DROPPED), 2);
	EXPECT_EQ(lw_drop_sum(lw_books, LATWATCH_PATH_RX, false, 75), 1);
	EXPECT_EQ(lw_drop_sum(lw_books, LATWATCH_PATH_RX, false, 2), 1);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_DROPPED), 0);
	/* the other tap has no VM */
	scene_poll_begin();
	scene_to_tap(&scene.skb[3], 1, NULL);
	scene_poll_end();
	m_drop(OTHER_CPU, &scene.skb[3], 2);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_DROPPED), 1);
	scene_end();
}

static void dropped_after_the_vm_has_gone_is_the_hosts(void)
{
	scene_begin();
	scene_deliver(0, 1);
	scene_rx(1, 2);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_task_exit(VHOST_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	m_drop(OTHER_CPU, &scene.skb[1], 2);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_DROPPED), 1);
	EXPECT_EQ(m_reclaim(), 1);
	/* another VM in its slot has nothing to do with it */
	scene_boot(scene.vcpu2, 0, VCPU_CPU);
	EXPECT_EQ(m_vm_account(&scene.mm2), scene.vm);
	m_drop(OTHER_CPU, &scene.skb[2], 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DROPPED), 0);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_DROPPED), 2);
	scene_end();
}

static void taken_by_a_process_without_vcpu(void)
{
	scene_begin();
	scene_rx(0, 3);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[0]);
	m_consume(OTHER_CPU, &scene.skb[1]);
	m_consume(OTHER_CPU, &scene.skb[2]);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 0);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	EXPECT_EQ(lw_vm_used(), 1);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_ELSEWHERE_NO_VM), 3);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	scene_end();
}

static void consumed_by_a_softirq_is_not_taken(void)
{
	scene_begin();
	scene_rx(0, 1);
	m_switch(NIC_CPU, scene.vhost, M_SLEEPS);
	scene_poll_begin();
	m_consume(NIC_CPU, &scene.skb[0]);
	scene_poll_end();
	EXPECT_EQ(m_line(LW_ELSEWHERE_CONSUMED), 1);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	scene_end();
}

static void consumed_within_the_transmit_function_is_not_taken(void)
{
	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_xmit(OTHER_CPU, &scene.skb[0], 0);
	m_consume(OTHER_CPU, &scene.skb[0]);
	m_xmit_done(OTHER_CPU);
	EXPECT_EQ(m_line(LW_ELSEWHERE_CONSUMED), 1);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	scene_end();
}

/* the transmit function of another task, preempted on RT, is not in the way */
static void backend_takes_while_another_task_transmits_on_its_cpu(void)
{
	scene_begin();
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	m_bh_off(VHOST_CPU);
	m_xmit(VHOST_CPU, &scene.skb[0], 0);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	m_consume(VHOST_CPU, &scene.skb[0]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 1);
	/* whom the backend wakes now is not woken by the tap */
	m_wake(VHOST_CPU, scene.kthread);
	EXPECT(!lw_task_find(scene.kthread));
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	m_xmit_done(VHOST_CPU);
	m_wake(VHOST_CPU, scene.kthread);
	EXPECT(!lw_task_find(scene.kthread));
	scene_end();
}

static void consumed_before_the_tap_is_not_taken(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	scene_poll_end();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[0]);
	EXPECT_EQ(m_line(LW_ELSEWHERE_CONSUMED), 1);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	scene_end();
}

static void full_skb_table_is_counted(void)
{
	static const struct m_sizes four = { .skbs = 4 };
	unsigned int i;

	scene_begin_sized(&four);
	scene.skb[5].segments = 3;
	scene_poll_begin();
	for (i = 0; i < 6; i++) {
		m_stack(NIC_CPU, &scene.skb[i]);
		m_xmit(NIC_CPU, &scene.skb[i], 0);
		m_xmit_done(NIC_CPU);
	}
	scene_poll_end();
	EXPECT_EQ(m_line(LW_OPENED_IRQ), 8);
	EXPECT_EQ(m_line(LW_MERGED_GRO), 2);
	EXPECT_EQ(m_line(LW_LOST_SKB_FULL), 2);
	EXPECT_EQ(m_in_flight(), 4);
	EXPECT_BALANCE();
	/* the lost ones are taken as well: unknown, and counted once only */
	scene_take(0, 6);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 4);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	scene_end();
}

/* queued when the table was full, sent when it had room: one packet, twice */
static void queued_when_full_and_sent_when_not(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_cast(&one);
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_queue(NIC_CPU, &scene.skb[0], 0);
	m_stack(NIC_CPU, &scene.skb[1]);
	m_queue(NIC_CPU, &scene.skb[1], 0);
	EXPECT_EQ(m_line(LW_LOST_SKB_FULL), 1);
	m_drop(NIC_CPU, &scene.skb[0], 2);
	m_xmit(NIC_CPU, &scene.skb[1], 0);
	m_xmit_done(NIC_CPU);
	scene_poll_end();
	EXPECT_BALANCE();
	EXPECT_EQ(m_in_flight(), 1);
	scene_end();
}

/* a kernel thread without an address space takes from a tap: no VM is full */
static void taken_by_a_task_without_address_space(void)
{
	scene_begin();
	scene_rx(0, 1);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[0]);
	EXPECT_EQ(m_line(LW_LOST_VM_FULL), 0);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/*
 * sched_process_exit comes before the files are closed: an exiting task may
 * still free packets, wake others, and be switched from.
 */
static void a_task_that_has_exited_is_not_followed_again(void)
{
	struct lw_event ev;

	scene_begin();
	scene_deliver(0, 1);
	scene_rx(1, 1);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	ev = (struct lw_event){
		.cpu = lw_cpus[VHOST_CPU], .task = scene.vhost,
		.level = LW_LEVEL_TASK,
	};
	lw_task_gone(&ev, scene.vhost);
	scene.vhost->flags |= PF_EXITING;
	scene.vhost->mm = NULL;
	m_consume(VHOST_CPU, &scene.skb[1]);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_LOCK);
	/* nobody would ever free its slot */
	EXPECT(!lw_task_find(scene.vhost));
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(skb_reused_after_it_was_freed_without_a_trace),
	TEST(skb_reused_at_the_tap),
	TEST(skb_reused_after_it_was_freed),
	TEST(clone_is_told_by_its_data),
	TEST(packet_that_the_stack_did_not_receive_is_local),
	TEST(same_data_in_another_context_is_not_the_packet),
	TEST(packet_of_a_task_that_preempted_the_softirq_is_local),
	TEST(what_a_task_brings_after_a_softirq_is_its_own),
	TEST(softirq_on_top_of_a_task_does_not_see_its_packet),
	TEST(packet_that_a_task_brings_is_local_from_the_stack_on),
	TEST(queued_here_sent_there),
	TEST(sent_to_another_tap_is_another_packet),
	TEST(gro_segments_are_opened_and_merged),
	TEST(segments_of_a_local_sender_are_no_merge),
	TEST(dropped_at_the_queue_before_any_vm_is_known),
	TEST(dropped_in_the_ring_is_the_taps_vms),
	TEST(dropped_after_the_vm_has_gone_is_the_hosts),
	TEST(taken_by_a_process_without_vcpu),
	TEST(consumed_by_a_softirq_is_not_taken),
	TEST(consumed_within_the_transmit_function_is_not_taken),
	TEST(backend_takes_while_another_task_transmits_on_its_cpu),
	TEST(consumed_before_the_tap_is_not_taken),
	TEST(full_skb_table_is_counted),
	TEST(queued_when_full_and_sent_when_not),
	TEST(taken_by_a_task_without_address_space),
	TEST(a_task_that_has_exited_is_not_followed_again),
};

KTAP_MAIN(tests)
