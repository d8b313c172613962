// SPDX-License-Identifier: GPL-2.0
/* Who takes is not always who runs the vCPUs: processes that serve taps. */
#include "scene.h"

/* a process reads a tap's packet and waits for the next */
static void reads(struct task_struct *t, const struct m_skb *p)
{
	m_switch(OTHER_CPU, t, M_SLEEPS);
	m_consume(OTHER_CPU, p);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
}

#define VPNS	4

static void readers_of_tuns_are_no_vms(void)
{
	static const struct m_sizes one = { .vms = 1 };
	static struct mm_struct mms[VPNS];
	unsigned int i;

	scene_cast(&one);
	scene_poll_begin();
	for (i = 0; i < VPNS; i++)
		scene_to_tap(&scene.skb[i], 1, NULL);
	scene_poll_end();
	for (i = 0; i < VPNS; i++)
		reads(m_task("vpn", &mms[i], 120, 0), &scene.skb[i]);
	EXPECT_EQ(lw_vm_used(), 0);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_ELSEWHERE_NO_VM), VPNS);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_EQ(m_line(LW_LOST_VM_FULL), 0);
	EXPECT_EQ(m_in_flight(), 0);
	/* the guest that comes then has a place */
	scene_boot(scene.vcpu, 0, VCPU_CPU);
	scene.vm = m_vm_account(&scene.mm);
	EXPECT(scene.vm != LW_HOST);
	scene_deliver(VPNS, 2);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 2);
	/* and that the table is full now does not make a VPN's packets lost */
	scene_rx(10, 1);
	reads(scene.other, &scene.skb[10]);
	EXPECT_EQ(m_line(LW_LOST_VM_FULL), 0);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), VPNS + 1);
	EXPECT_BALANCE();
	scene_end();
}

/* the guest has halted since before the module watched: its first packet is measured */
static void worker_of_a_guest_that_has_halted(void)
{
	scene_cast(NULL);
	scene_poll_begin_at(1000);
	m_at(1005);
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	scene_poll_end();
	m_at(1010);
	scene_take(0, 1);
	EXPECT_EQ(lw_vm_used(), 0);
	EXPECT_EQ(m_in_flight(), 1);
	m_at(1012);
	m_signal(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	m_at(1013);
	m_wake(VHOST_CPU, scene.vcpu);
	scene.vm = m_vm_account(&scene.mm);
	EXPECT(scene.vm != LW_HOST);
	scene_vhost_sleeps();
	m_at(1016);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR);
	m_at(1020);
	m_entry(VCPU_CPU, 0);
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_ONE(scene.vm, NAPI, 2 * US);
	EXPECT_ONE(scene.vm, TAP_DWELL, 5 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 5 * US);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 2 * US);
	EXPECT_ONE(scene.vm, SIGNAL, US);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 3 * US);
	EXPECT_ONE(scene.vm, ENTRY, 4 * US);
	EXPECT_EQ(scene_terms(scene.vm), 20 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 1);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* its vCPU is seen between two packets: both are the guest's */
static void vcpu_is_seen_between_two_packets(void)
{
	scene_cast(NULL);
	scene_rx_take(0, 1);
	scene_boot(scene.vcpu, 0, VCPU_CPU);
	scene.vm = m_vm_account(&scene.mm);
	scene_rx_take(1, 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 2);
	scene_signal();
	scene_enter();
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 2);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_TAP_DWELL)->count, 2);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* a device process takes, interrupts another process's guest, and wakes its vCPU */
static void process_serves_another_ones_guest(void)
{
	scene_begin();
	scene_rx(0, 2);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[0]);
	m_consume(OTHER_CPU, &scene.skb[1]);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	scene_enter();
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	EXPECT_EQ(m_vm_line(LW_HOST, LW_ELSEWHERE_NO_VM), 2);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_EQ(lw_batch_used(), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* the same, and what it wakes next is a thread of its own */
static void process_that_signals_wakes_its_own_thread(void)
{
	struct task_struct *thread;

	scene_begin();
	thread = m_task("worker", &scene.other_mm, 120, 0);
	scene_rx(0, 1);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[0]);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, thread);
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 1);
	scene_end();
}

/* the kernel's worker of such a process */
static void worker_of_a_process_without_vcpus(void)
{
	struct task_struct *vhost;

	scene_begin();
	vhost = m_task("vhost-900", &scene.other_mm, 120, PF_KTHREAD);
	scene_rx(0, 1);
	m_switch(OTHER_CPU, vhost, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[0]);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/* the guest has ended, its backend not yet: nobody can have been told */
static void worker_whose_vcpus_are_gone(void)
{
	scene_begin();
	scene_deliver(0, 1);
	scene_rx_take(1, 1);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	scene_vhost_sleeps();
	EXPECT_EQ(m_vm_line(scene.vm, LW_ELSEWHERE_NO_VM), 1);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* one that takes and never waits */
static void busy_process_holds_one_batch(void)
{
	unsigned int i;

	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	for (i = 0; i < 3 * LW_BATCH_GROUPS; i++) {
		m_at(100 * i);
		scene_rx(0, 1);
		m_consume(OTHER_CPU, &scene.skb[0]);
		EXPECT(lw_batch_used() <= 1);
	}
	m_task_exit(OTHER_CPU);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 3 * LW_BATCH_GROUPS);
	EXPECT_EQ(m_line(LW_LOST_VM_GONE), 0);
	EXPECT_BALANCE();
	scene_end();
}

/* what a VPN gives to the stack is this host's */
static void process_sends_by_its_tun(void)
{
	scene_begin();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_stack_from(OTHER_CPU, &scene.skb[0], 1);
	m_queue(OTHER_CPU, &scene.skb[0], M_NIC);
	m_xmit(OTHER_CPU, &scene.skb[0], M_NIC);
	m_xmit_done(OTHER_CPU);
	EXPECT_EQ(m_vm_account(&scene.other_mm), LW_HOST);
	EXPECT_EQ(m_line(LW_TX_OPENED), 0);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	scene_end();
}

#define SLOTS	16

/* as readers of sockets do */
static void processes_leave_room_for_a_guest(void)
{
	static const struct m_sizes sizes = { .tasks = SLOTS };
	static struct mm_struct mms[SLOTS];
	struct task_struct *t;
	unsigned int i;

	scene_cast(&sizes);
	for (i = 0; i < SLOTS; i++) {
		t = m_task("vpn", &mms[i], 120, 0);
		/* every second is woken by its tap */
		scene_poll_begin();
		scene_to_tap(&scene.skb[i], 1, i % 2 ? t : NULL);
		scene_poll_end();
		reads(t, &scene.skb[i]);
	}
	EXPECT_EQ(atomic_read(&lw_task_table.used), SLOTS / 4);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), SLOTS);
	EXPECT_EQ(m_line(LW_LOST_TASK_FULL), 0);
	scene_boot(scene.vcpu, 0, VCPU_CPU);
	scene_deliver(SLOTS, 1);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_BALANCE();
	scene_end();
}

/* arm64: who is told names its guest's address space */
static void vmm_of_a_guest_that_has_halted_is_told(void)
{
	scene_cast(NULL);
	lw_signal_mode = LW_SIGNAL_KPROBE;
	scene_rx(0, 1);
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[0]);
	m_tell(VHOST_CPU, scene.vcpu, false);
	m_wake(VHOST_CPU, scene.vcpu);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	scene.vm = m_vm_account(&scene.mm);
	EXPECT(scene.vm != LW_HOST);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_entry(VCPU_CPU, scene.vcpu->pid);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->count, 1);
	EXPECT_BALANCE();
	lw_signal_mode = LW_SIGNAL_DIRECT;
	scene_end();
}

/* nobody knows where it comes from, and it is handed to a process all the same */
static void process_takes_a_packet_that_was_resumed(void)
{
	struct m_skb *p = &scene.skb[0];

	scene_begin();
	p->iif = 7;
	m_queue(NIC_CPU, p, 1);
	m_xmit(NIC_CPU, p, 1);
	m_xmit_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_OPENED_RESUMED), 1);
	reads(scene.other, p);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 1);
	/* and if it is one that serves a guest, that one has no end to end of it */
	m_queue(NIC_CPU, p, 1);
	m_xmit(NIC_CPU, p, 1);
	m_xmit_done(NIC_CPU);
	m_switch(OTHER_CPU, scene.vhost2, M_SLEEPS);
	m_consume(OTHER_CPU, p);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu2);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 2);
	EXPECT_BALANCE();
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(readers_of_tuns_are_no_vms),
	TEST(worker_of_a_guest_that_has_halted),
	TEST(vcpu_is_seen_between_two_packets),
	TEST(process_serves_another_ones_guest),
	TEST(process_that_signals_wakes_its_own_thread),
	TEST(worker_of_a_process_without_vcpus),
	TEST(worker_whose_vcpus_are_gone),
	TEST(busy_process_holds_one_batch),
	TEST(process_sends_by_its_tun),
	TEST(processes_leave_room_for_a_guest),
	TEST(vmm_of_a_guest_that_has_halted_is_told),
	TEST(process_takes_a_packet_that_was_resumed),
};

KTAP_MAIN(tests)
