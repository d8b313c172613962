// SPDX-License-Identifier: GPL-2.0
/*
 * Out of a guest: its vCPU leaves it and kicks the backend, which brings the
 * packet to the stack, and that to a NIC or to another VM.
 */
#include "scene.h"

#define TAP	0	/* the tap that the backend reads and writes */

/* the vCPU is in its guest, the backend sleeps */
static void begin(void)
{
	scene_begin();
	scene_guest_runs();
}

/* the guest notifies: exit at @us, wake 2 us later */
static void kick(u64 us)
{
	m_at(us);
	m_guest_exit(VCPU_CPU);
	m_at(us + 2);
	m_wake(VCPU_CPU, scene.vhost);
	m_entry(VCPU_CPU, 0);
}

static void backend_runs(u64 us)
{
	m_at(us);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
}

/* the backend hands a packet to the stack, which queues it for the NIC */
static void bring(const struct m_skb *p)
{
	m_stack_from(VHOST_CPU, p, TAP);
	m_queue(VHOST_CPU, p, M_NIC);
}

static void transmit(unsigned int cpu, const struct m_skb *p)
{
	m_xmit(cpu, p, M_NIC);
	m_nic_done(cpu, p);
}

/* the NIC's driver cleans up in a softirq */
static void complete(unsigned int cpu, const struct m_skb *p)
{
	m_irq(cpu, NIC_IRQ);
	m_irq_done(cpu);
	m_current(cpu)->fake_softirq++;
	m_consume(cpu, p);
	m_current(cpu)->fake_softirq--;
}

static void send_one(u64 us, u64 scale, unsigned int n)
{
	const struct m_skb *p = &scene.skb[n];

	m_at(us);
	m_guest_exit(VCPU_CPU);
	m_at(us + scale * 2);
	m_wake(VCPU_CPU, scene.vhost);
	m_entry(VCPU_CPU, 0);
	m_at(us + scale * 10);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_at(us + scale * 13);
	m_stack_from(VHOST_CPU, p, TAP);
	m_at(us + scale * 17);
	m_queue(VHOST_CPU, p, M_NIC);
	m_at(us + scale * 18);
	m_xmit(VHOST_CPU, p, M_NIC);
	m_at(us + scale * 24);
	m_nic_done(VHOST_CPU, p);
	m_at(us + scale * 50);
	complete(NIC_CPU, p);
	scene_vhost_sleeps();
}

#define EXPECT_THREE(account, stage, us) \
	EXPECT_STAT(account, stage, 3, (us) * US, 3 * (us) * US, \
		    6 * (us) * US)

static void the_whole_way_to_the_nic(void)
{
	static const u8 marks[LW_NMARKS] = {
		[LATWATCH_MARK_KICK_WAKE] = 2, [LATWATCH_MARK_KICK_RUN] = 10,
		[LATWATCH_MARK_STACK] = 13, [LATWATCH_MARK_QUEUE] = 17,
		[LATWATCH_MARK_XMIT] = 18,
	};
	const struct lw_sum *s;
	unsigned int mark;
	u64 begin_ns;

	begin();
	send_one(1000, 1, 0);
	send_one(2000, 3, 1);
	begin_ns = shim_now_ns - 150 * US;
	send_one(3000, 2, 2);

	EXPECT_THREE(scene.vm, GUEST_EXIT, 2);
	EXPECT_THREE(scene.vm, KICK_WAKE, 8);
	EXPECT_THREE(scene.vm, TX_SERVICE, 3);
	EXPECT_THREE(scene.vm, TX_STACK, 5);
	EXPECT_THREE(scene.vm, TX_QDISC, 1);
	EXPECT_THREE(scene.vm, TX_END_TO_END, 18);
	EXPECT_THREE(scene.vm, TX_DRIVER, 6);
	EXPECT_THREE(scene.vm, TX_COMPLETION, 32);
	EXPECT_EQ(scene_terms_on(LATWATCH_PATH_TX, scene.vm), 6 * 18 * US);

	s = m_stat(scene.vm, LATWATCH_STAGE_TX_END_TO_END);
	EXPECT_EQ(s->worst.origin, LATWATCH_ORIGIN_VM);
	EXPECT_EQ(s->worst.begin_ns, begin_ns);
	EXPECT_EQ(s->worst_batch, 1);
	EXPECT_EQ(s->worst_cpu, VHOST_CPU);
	for (mark = 0; mark < LW_NMARKS; mark++) {
		if (mark == LATWATCH_MARK_EXIT) {
			EXPECT_EQ(s->worst.ns[mark], begin_ns);
			EXPECT_EQ(s->worst.cpu[mark], VCPU_CPU);
		} else if (marks[mark]) {
			EXPECT_EQ(s->worst.ns[mark],
				  begin_ns + 3 * marks[mark] * US);
			EXPECT_EQ(s->worst.cpu[mark],
				  mark == LATWATCH_MARK_KICK_WAKE ?
				  VCPU_CPU : VHOST_CPU);
		} else {
			EXPECT(!lw_flight_has(&s->worst, mark));
		}
	}
	EXPECT_EQ(lw_flight_actor(&s->worst, LATWATCH_ROLE_VCPU)->pid,
		  scene.vcpu->pid);
	EXPECT_EQ(lw_flight_actor(&s->worst, LATWATCH_ROLE_BACKEND)->pid,
		  scene.vhost->pid);
	s = m_stat(scene.vm, LATWATCH_STAGE_TX_COMPLETION);
	EXPECT_EQ(s->worst.cpu[LATWATCH_MARK_COMPLETE], NIC_CPU);

	/* nothing of it is a packet into a guest, or of this host */
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 3);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 3);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_NOTE_COMPLETED), 3);
	EXPECT_EQ(m_opened(), 3);
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_TX), 3);
	EXPECT_NONE(scene.vm, STACK);
	EXPECT_NONE(scene.vm, BACKEND_WAKE);
	EXPECT_NONE(LW_HOST, LOCAL_QDISC);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	scene_end();
}

static void several_packets_of_one_kick(void)
{
	unsigned int i;

	begin();
	kick(1000);
	backend_runs(1010);
	for (i = 0; i < 4; i++) {
		m_at(1020 + 10 * i);
		bring(&scene.skb[i]);
		m_after(US);
		transmit(VHOST_CPU, &scene.skb[i]);
	}
	/* one kick, one wake; each packet its own way from there on */
	EXPECT_ONE(scene.vm, GUEST_EXIT, 2 * US);
	EXPECT_ONE(scene.vm, KICK_WAKE, 8 * US);
	EXPECT_STAT(scene.vm, TX_SERVICE, 4, 10 * US, 40 * US, 100 * US);
	EXPECT_STAT(scene.vm, TX_STACK, 4, US, US, 4 * US);
	EXPECT_STAT(scene.vm, TX_END_TO_END, 4, 21 * US, 51 * US, 144 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 4);
	scene_end();
}

/* what woke it in a former life has nothing to do with this packet */
static void a_kick_is_over_when_the_backend_sleeps(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	scene_vhost_sleeps();
	EXPECT_NONE(scene.vm, GUEST_EXIT);
	backend_runs(9000);
	m_at(9001);
	bring(&scene.skb[0]);
	m_at(9005);
	transmit(VHOST_CPU, &scene.skb[0]);
	EXPECT_NONE(scene.vm, GUEST_EXIT);
	EXPECT_NONE(scene.vm, KICK_WAKE);
	EXPECT_NONE(scene.vm, TX_SERVICE);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 4 * US);
	scene_end();
}

static void preempted_backend_keeps_its_kick(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	m_switch(VHOST_CPU, scene.other, M_PREEMPTED);
	m_at(1020);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	m_switch(VHOST_CPU, scene.other, M_LOCK);
	m_at(1030);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	bring(&scene.skb[0]);
	transmit(VHOST_CPU, &scene.skb[0]);
	EXPECT_ONE(scene.vm, GUEST_EXIT, 2 * US);
	EXPECT_ONE(scene.vm, TX_SERVICE, 20 * US);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 30 * US);
	scene_end();
}

/* woken by a kick, it finds nothing to send: no packet, no figures */
static void kick_without_a_packet_records_nothing(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	scene_rx(5, 1);
	scene_take(5, 1);
	scene_signal();
	scene_vhost_sleeps();
	EXPECT_NONE(scene.vm, GUEST_EXIT);
	EXPECT_NONE(scene.vm, KICK_WAKE);
	EXPECT_EQ(m_line(LW_TX_NOTE_KICK_AWAKE), 0);
	scene_end();
}

/* it polls the guest's ring, and was not notified since it slept */
static void packet_without_a_kick_begins_at_the_stack(void)
{
	begin();
	scene_boot_vcpu1();
	m_at(1000);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	m_at(1003);
	transmit(VHOST_CPU, &scene.skb[0]);
	/* a kick finds it awake: counted with the packet that answers it */
	kick(1010);
	EXPECT_EQ(m_line(LW_TX_NOTE_KICK_AWAKE), 0);
	m_at(1020);
	bring(&scene.skb[1]);
	EXPECT_EQ(m_line(LW_TX_NOTE_KICK_AWAKE), 1);
	m_at(1025);
	transmit(VHOST_CPU, &scene.skb[1]);
	/* its packet begins with its exit, but nobody was woken */
	EXPECT_ONE(scene.vm, GUEST_EXIT, 2 * US);
	EXPECT_NONE(scene.vm, KICK_WAKE);
	EXPECT_ONE(scene.vm, TX_SERVICE, 8 * US);
	EXPECT_STAT(scene.vm, TX_STACK, 2, 3 * US, 5 * US, 8 * US);
	EXPECT_STAT(scene.vm, TX_END_TO_END, 2, 3 * US, 15 * US, 18 * US);
	EXPECT_EQ(scene_terms_on(LATWATCH_PATH_TX, scene.vm), 18 * US);
	/* and that wake answers nothing later */
	scene_vhost_sleeps();
	m_at(900000);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[2]);
	transmit(VHOST_CPU, &scene.skb[2]);
	EXPECT_NONE(scene.vm, KICK_WAKE);
	EXPECT_EQ(m_line(LW_TX_NOTE_KICK_AWAKE), 1);
	scene_end();
}

/* one that is about to sleep, past the point of return */
static void kick_racing_with_the_switch_out(void)
{
	begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	transmit(VHOST_CPU, &scene.skb[0]);
	m_reset();
	kick(1000);
	scene_vhost_sleeps();
	backend_runs(1010);
	bring(&scene.skb[1]);
	transmit(VHOST_CPU, &scene.skb[1]);
	EXPECT_ONE(scene.vm, GUEST_EXIT, 2 * US);
	EXPECT_ONE(scene.vm, KICK_WAKE, 8 * US);
	EXPECT_EQ(m_line(LW_TX_NOTE_KICK_AWAKE), 0);
	scene_end();
}

static void ipi_between_vcpus_is_no_kick(void)
{
	struct task_struct *vcpu1;

	begin();
	vcpu1 = scene_boot_vcpu1();
	m_at(1000);
	m_guest_exit(VCPU_CPU);
	m_wake(VCPU_CPU, vcpu1);
	m_entry(VCPU_CPU, 0);
	m_at(1010);
	m_switch(OTHER_CPU, vcpu1, M_SLEEPS);
	EXPECT(!lw_task_find(vcpu1)->kicked);
	/* nor is it the wake of a signal */
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	EXPECT_NONE(scene.vm, SIGNAL);
	scene_end();
}

/* on top of a vCPU that is in its guest only interrupts run */
static void wake_by_who_did_not_leave_a_guest_is_no_kick(void)
{
	begin();
	/* a thread of the VMM */
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_at(1000);
	m_wake(OTHER_CPU, scene.vhost);
	/* the vCPU, still in the guest as far as one knows */
	m_wake(VCPU_CPU, scene.vhost);
	/* an interrupt and a softirq on top of it, out of the guest */
	m_guest_exit(VCPU_CPU);
	m_ipi(VCPU_CPU);
	m_wake(VCPU_CPU, scene.vhost);
	m_ipi_done(VCPU_CPU);
	scene.vcpu->fake_softirq++;
	m_wake(VCPU_CPU, scene.vhost);
	scene.vcpu->fake_softirq--;
	/* and a backend of another VM */
	m_wake(VCPU_CPU, scene.vhost2);
	EXPECT(!lw_task_find(scene.vhost2));
	backend_runs(1010);
	bring(&scene.skb[0]);
	transmit(VHOST_CPU, &scene.skb[0]);
	EXPECT_NONE(scene.vm, GUEST_EXIT);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 0);
	scene_end();
}

/* the driver frees it within its transmit function: it sent at once */
static void completed_before_the_driver_returns(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	bring(&scene.skb[0]);
	m_xmit(VHOST_CPU, &scene.skb[0], M_NIC);
	m_at(1013);
	m_consume(VHOST_CPU, &scene.skb[0]);
	m_at(1015);
	m_nic_done(VHOST_CPU, &scene.skb[0]);
	EXPECT_ONE(scene.vm, TX_COMPLETION, 3 * US);
	EXPECT_ONE(scene.vm, TX_DRIVER, 5 * US);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 10 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_NOTE_COMPLETED), 1);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	scene_end();
}

/* the same on another CPU, where the address even comes again meanwhile */
static void completed_elsewhere_before_the_driver_returns(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	bring(&scene.skb[0]);
	m_xmit(VHOST_CPU, &scene.skb[0], M_NIC);
	m_at(1012);
	complete(NIC_CPU, &scene.skb[0]);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	m_at(1016);
	m_nic_done(VHOST_CPU, &scene.skb[0]);
	EXPECT_ONE(scene.vm, TX_COMPLETION, 2 * US);
	EXPECT_ONE(scene.vm, TX_DRIVER, 6 * US);
	EXPECT_EQ(m_in_flight_on(LATWATCH_PATH_TX, LW_HOST), 0);
	EXPECT_EQ(m_in_flight_on(LATWATCH_PATH_LOCAL, LW_HOST), 1);
	EXPECT_EQ(m_line(LW_TX_LOST_REUSED), 0);
	/* that one's driver is another's */
	m_at(1020);
	m_xmit(OTHER_CPU, &scene.skb[0], M_NIC);
	m_nic_done(VHOST_CPU, &scene.skb[0]);
	EXPECT_NONE(LW_HOST, LOCAL_DRIVER);
	m_at(1021);
	m_nic_done(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, LOCAL_DRIVER, US);
	scene_end();
}

/* many drivers free what they sent like what they dropped */
static void kfree_skb_as_completion(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	bring(&scene.skb[0]);
	transmit(VHOST_CPU, &scene.skb[0]);
	m_at(1030);
	m_drop(NIC_CPU, &scene.skb[0], 2);
	EXPECT_ONE(scene.vm, TX_COMPLETION, 20 * US);
	EXPECT_EQ(m_line(LW_TX_DROPPED), 0);
	EXPECT_EQ(lw_drop_sum(lw_books, LATWATCH_PATH_TX, false, 2), 0);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_NOTE_COMPLETED), 1);
	scene_end();
}

/* what was sent is in nobody's balance, whenever it is freed, or never */
static void sent_is_not_in_flight(void)
{
	begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	EXPECT_EQ(m_in_flight_on(LATWATCH_PATH_TX, scene.vm), 1);
	EXPECT_EQ(lw_skb_in_flight(LATWATCH_PATH_TX, scene.vm), 1);
	EXPECT_EQ(lw_skb_in_flight(LATWATCH_PATH_TX, scene.vm + 1), 0);
	EXPECT_EQ(lw_skb_in_flight(LATWATCH_PATH_LOCAL, LW_HOST), 0);
	EXPECT_BALANCE();
	transmit(VHOST_CPU, &scene.skb[0]);
	EXPECT_EQ(lw_skb_in_flight(LATWATCH_PATH_TX, scene.vm), 0);
	EXPECT_BALANCE();
	/* its driver frees it without a trace, and the address comes again */
	bring(&scene.skb[0]);
	EXPECT_EQ(m_line(LW_TX_LOST_REUSED), 0);
	/* but freed without a trace before it was sent is lost */
	bring(&scene.skb[0]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_LOST_REUSED), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 3);
	scene_end();
}

static void dropped_in_the_qdisc(void)
{
	begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	m_drop(VHOST_CPU, &scene.skb[0], 68);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_DROPPED), 1);
	EXPECT_EQ(lw_drop_sum(lw_books, LATWATCH_PATH_TX, true, 68), 1);
	EXPECT_EQ(lw_drop_sum(lw_books, LATWATCH_PATH_RX, false, 68), 0);
	EXPECT_EQ(m_line(LW_DROPPED), 0);
	EXPECT_NONE(scene.vm, TX_END_TO_END);
	EXPECT_NONE(scene.vm, TX_COMPLETION);
	/* or consumed there: a tunnel took its contents */
	bring(&scene.skb[1]);
	m_consume(VHOST_CPU, &scene.skb[1]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_ELSEWHERE), 1);
	EXPECT_EQ(m_line(LW_ELSEWHERE_CONSUMED), 0);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static void requeued_after_busy_counts_once(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	bring(&scene.skb[0]);
	m_at(1011);
	m_xmit(VHOST_CPU, &scene.skb[0], M_NIC);
	m_at(1013);
	m_nic_done(VHOST_CPU, &scene.skb[0]);
	/* NETDEV_TX_BUSY: a softirq gives it to the driver again */
	m_at(1500);
	m_xmit(NIC_CPU, &scene.skb[0], M_NIC);
	m_at(1504);
	m_nic_done(NIC_CPU, &scene.skb[0]);
	m_at(1511);
	complete(NIC_CPU, &scene.skb[0]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 1);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 11 * US);
	EXPECT_ONE(scene.vm, TX_QDISC, US);
	EXPECT_ONE(scene.vm, TX_COMPLETION, 500 * US);
	/* each call of the driver's function is one */
	EXPECT_STAT(scene.vm, TX_DRIVER, 2, 2 * US, 4 * US, 6 * US);
	scene_end();
}

/* a queueing discipline holds it, and another CPU sends it */
static void queued_here_sent_there(void)
{
	begin();
	kick(1000);
	backend_runs(1010);
	bring(&scene.skb[0]);
	m_at(1060);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	transmit(OTHER_CPU, &scene.skb[0]);
	EXPECT_ONE(scene.vm, TX_QDISC, 50 * US);
	EXPECT_ONE(scene.vm, TX_STACK, 50 * US);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 60 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 1);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 0);
	scene_end();
}

/* whom a NIC's driver wakes is nobody's backend */
static void nics_driver_wakes_no_backend(void)
{
	begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	m_xmit(VHOST_CPU, &scene.skb[0], M_NIC);
	m_wake(VHOST_CPU, scene.other);
	m_nic_done(VHOST_CPU, &scene.skb[0]);
	EXPECT(!lw_task_find(scene.other));
	scene_end();
}

/* a backend that has only sent is one, and its VM has it */
static void sender_is_a_backend(void)
{
	begin();
	EXPECT_EQ(atomic_read(&lw_vms[scene.vm - 1].backends), 0);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	EXPECT_EQ(atomic_read(&lw_vms[scene.vm - 1].backends), 1);
	/* what it signals is that the guest's packets are sent */
	m_at(1000);
	m_signal(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(m_line(LW_NOTE_SIGNALS), 0);
	/* what a softirq on top of it receives from a tap is not its own */
	scene_poll_begin();
	m_switch(NIC_CPU, scene.other, M_SLEEPS);
	scene.other->fake_softirq++;
	m_stack_from(NIC_CPU, &scene.skb[1], TAP);
	scene.other->fake_softirq--;
	EXPECT(!lw_task_find(scene.other));
	scene_end();
}

static void full_skb_table_is_the_vms_loss(void)
{
	static const struct m_sizes one = { .skbs = 1 };

	scene_begin_sized(&one);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	bring(&scene.skb[1]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_LOST_FULL), 1);
	EXPECT_EQ(m_line(LW_LOST_SKB_FULL), 0);
	EXPECT_BALANCE();
	scene_end();
}

static void reset_brings_forward_what_is_queued(void)
{
	begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	bring(&scene.skb[1]);
	bring(&scene.skb[2]);
	transmit(VHOST_CPU, &scene.skb[2]);
	m_reset();
	EXPECT_EQ(lw_books->brought[LW_HOST][LATWATCH_PATH_TX], 2);
	EXPECT_EQ(lw_books->brought[scene.vm][LATWATCH_PATH_TX], 2);
	EXPECT_EQ(lw_books->brought[scene.vm][LATWATCH_PATH_RX], 0);
	EXPECT_EQ(lw_books->brought[LW_HOST][LATWATCH_PATH_LOCAL], 0);
	transmit(VHOST_CPU, &scene.skb[0]);
	m_drop(VHOST_CPU, &scene.skb[1], 2);
	EXPECT_BALANCE();
	m_reset();
	EXPECT_EQ(lw_books->brought[LW_HOST][LATWATCH_PATH_TX], 0);
	scene_end();
}

/* its queue outlives a VM; another one in its slot has no part in it */
static void vm_ends_with_a_packet_in_the_queue(void)
{
	begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	bring(&scene.skb[1]);
	m_task_exit(VHOST_CPU);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	EXPECT_BALANCE();
	scene_boot(scene.vcpu2, 0, VCPU_CPU);
	EXPECT_EQ(m_vm_account(&scene.mm2), scene.vm);
	transmit(NIC_CPU, &scene.skb[0]);
	m_drop(NIC_CPU, &scene.skb[1], 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_SENT), 0);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_DROPPED), 0);
	EXPECT_EQ(m_line(LW_TX_SENT), 1);
	scene_end();
}

/* and so does its driver, that was preempted with a packet in hand */
static void vm_ends_with_a_packet_in_the_driver(void)
{
	begin();
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	bring(&scene.skb[0]);
	m_xmit(NIC_CPU, &scene.skb[0], M_NIC);
	m_task_exit(VHOST_CPU);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	scene_boot(scene.vcpu2, 0, VCPU_CPU);
	EXPECT_EQ(m_vm_account(&scene.mm2), scene.vm);
	m_nic_done(NIC_CPU, &scene.skb[0]);
	EXPECT_NONE(scene.vm, TX_DRIVER);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_TX_DRIVER)->count, 1);
	scene_end();
}

/* over one bridge into another VM: that one's packet, from this one's exit */
static void from_vm_to_vm(void)
{
	const struct lw_sum *s;
	unsigned int vm2;

	begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	vm2 = m_vm_account(&scene.mm2);
	kick(1000);
	backend_runs(1010);
	m_at(1013);
	m_stack_from(VHOST_CPU, &scene.skb[0], TAP);
	m_at(1014);
	m_queue(VHOST_CPU, &scene.skb[0], 1);
	m_at(1016);
	m_xmit(VHOST_CPU, &scene.skb[0], 1);
	m_wake(VHOST_CPU, scene.vhost2);
	m_xmit_done(VHOST_CPU);
	m_at(1020);
	m_switch(NIC_CPU, scene.vhost2, M_SLEEPS);
	m_at(1025);
	m_consume(NIC_CPU, &scene.skb[0]);
	m_at(1030);
	m_signal(NIC_CPU, 0, VECTOR);
	m_wake(NIC_CPU, scene.vcpu2);
	m_at(1036);
	m_switch(OTHER_CPU, scene.vcpu2, M_SLEEPS);
	m_inject(OTHER_CPU, VECTOR);
	m_at(1040);
	m_entry(OTHER_CPU, 0);

	EXPECT_ONE(scene.vm, GUEST_EXIT, 2 * US);
	EXPECT_ONE(scene.vm, KICK_WAKE, 8 * US);
	EXPECT_NONE(scene.vm, TX_END_TO_END);
	EXPECT_ONE(vm2, STACK, 3 * US);
	EXPECT_ONE(vm2, QDISC, 2 * US);
	EXPECT_ONE(vm2, TAP_DWELL, 9 * US);
	EXPECT_ONE(vm2, BACKEND_WAKE, 4 * US);
	EXPECT_ONE(vm2, BACKEND_SERVICE, 5 * US);
	EXPECT_ONE(vm2, VCPU_WAKE, 6 * US);
	EXPECT_ONE(vm2, ENTRY, 4 * US);
	EXPECT_ONE(vm2, END_TO_END_VM, 40 * US);
	EXPECT_NONE(vm2, END_TO_END);
	EXPECT_NONE(vm2, END_TO_END_LOCAL);
	EXPECT_NONE(vm2, NAPI);
	/* from exit to stack is the sender's: 13 us */
	EXPECT_EQ(scene_terms(vm2), 27 * US);
	s = m_stat(vm2, LATWATCH_STAGE_END_TO_END_VM);
	EXPECT_EQ(s->worst.origin, LATWATCH_ORIGIN_VM);
	EXPECT_EQ(s->worst.ns[LATWATCH_MARK_EXIT] % SECOND, 1000 * US);

	EXPECT_EQ(m_line(LW_OPENED_VM), 1);
	EXPECT_EQ(m_opened(), 1);
	EXPECT_EQ(m_line(LW_OPENED_LOCAL), 0);
	EXPECT_EQ(m_vm_line(vm2, LW_TAKEN), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 0);
	scene_end();
}

/* packets of a NIC, of this host and of a VM in one signal */
static void three_origins_of_one_signal(void)
{
	begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	m_at(1000);
	scene_rx(0, 1);
	m_at(1005);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_xmit(OTHER_CPU, &scene.skb[1], 0);
	m_xmit_done(OTHER_CPU);
	m_at(1007);
	m_switch(OTHER_CPU, scene.vhost2, M_SLEEPS);
	m_stack_from(OTHER_CPU, &scene.skb[2], 1);
	m_xmit(OTHER_CPU, &scene.skb[2], 0);
	m_xmit_done(OTHER_CPU);
	scene_take(0, 3);
	scene_signal();
	m_at(1020);
	m_guest_exit(VCPU_CPU);
	scene_enter();
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_ONE(scene.vm, END_TO_END_LOCAL, 15 * US);
	EXPECT_ONE(scene.vm, END_TO_END_VM, 13 * US);
	/* one signal, one delivery */
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_KICK)->count, 1);
	EXPECT_EQ(m_line(LW_DELIVERED_KICK), 3);
	scene_end();
}

/* the data tells the packet: a clone that goes to the NIC is the VM's, too */
static void flooded_to_the_nic_and_to_a_tap(void)
{
	struct m_skb clone;

	begin();
	m_skb_init(&clone);
	clone.head = scene.skb[0].head;
	kick(1000);
	backend_runs(1010);
	m_stack_from(VHOST_CPU, &scene.skb[0], TAP);
	scene_send(VHOST_CPU, &clone, 1, NULL);
	m_queue(VHOST_CPU, &scene.skb[0], M_NIC);
	transmit(VHOST_CPU, &scene.skb[0]);
	EXPECT_EQ(m_line(LW_OPENED_VM), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 1);
	/* what it sends of itself is not its guest's */
	m_queue(VHOST_CPU, &scene.skb[1], M_NIC);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	EXPECT_EQ(m_line(LW_TX_OPENED), 1);
	/* nor is what it receives from elsewhere */
	m_stack_from(VHOST_CPU, &scene.skb[2], M_VIRTUAL);
	m_queue(VHOST_CPU, &scene.skb[2], M_NIC);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 2);
	EXPECT_EQ(m_line(LW_TX_OPENED), 1);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(the_whole_way_to_the_nic),
	TEST(several_packets_of_one_kick),
	TEST(a_kick_is_over_when_the_backend_sleeps),
	TEST(preempted_backend_keeps_its_kick),
	TEST(kick_without_a_packet_records_nothing),
	TEST(packet_without_a_kick_begins_at_the_stack),
	TEST(kick_racing_with_the_switch_out),
	TEST(ipi_between_vcpus_is_no_kick),
	TEST(wake_by_who_did_not_leave_a_guest_is_no_kick),
	TEST(completed_before_the_driver_returns),
	TEST(completed_elsewhere_before_the_driver_returns),
	TEST(kfree_skb_as_completion),
	TEST(sent_is_not_in_flight),
	TEST(dropped_in_the_qdisc),
	TEST(requeued_after_busy_counts_once),
	TEST(queued_here_sent_there),
	TEST(nics_driver_wakes_no_backend),
	TEST(sender_is_a_backend),
	TEST(full_skb_table_is_the_vms_loss),
	TEST(reset_brings_forward_what_is_queued),
	TEST(vm_ends_with_a_packet_in_the_queue),
	TEST(vm_ends_with_a_packet_in_the_driver),
	TEST(from_vm_to_vm),
	TEST(three_origins_of_one_signal),
	TEST(flooded_to_the_nic_and_to_a_tap),
};

KTAP_MAIN(tests)
