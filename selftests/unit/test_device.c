// SPDX-License-Identifier: GPL-2.0
/* Interrupts of a device that is passed through, and a VMM's own sockets. */
#include "scene.h"

#define IRQ	40

/* the handler itself signals the guest, and wakes its vCPU if it sleeps */
static void device_irq(unsigned int cpu)
{
	m_irq(cpu, IRQ);
	m_after(1 * US);
	m_signal(cpu, 0, VECTOR);
	if (scene.vcpu->fake_cpu < 0) {
		m_after(2 * US);
		m_wake(cpu, scene.vcpu);
	}
	m_irq_return(cpu, NULL);
	m_irq_done(cpu);
}

static void by_the_handler(void)
{
	const struct lw_flight *f;

	scene_begin();
	m_at(1000);
	device_irq(NIC_CPU);
	EXPECT_EQ(m_in_flight_on(LATWATCH_PATH_DEVICE, scene.vm), 1);
	EXPECT_BALANCE();
	m_at(1007);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(1009);
	scene_enter();
	EXPECT_ONE(scene.vm, DEVICE_HARD_IRQ, 1 * US);
	EXPECT_NONE(scene.vm, DEVICE_IRQ_THREAD_WAKE);
	EXPECT_ONE(scene.vm, DEVICE_SIGNAL, 2 * US);
	EXPECT_ONE(scene.vm, DEVICE_VCPU_WAKE, 4 * US);
	EXPECT_ONE(scene.vm, DEVICE_ENTRY, 2 * US);
	EXPECT_ONE(scene.vm, DEVICE_END_TO_END, 9 * US);
	EXPECT_EQ(scene_terms_on(LATWATCH_PATH_DEVICE, scene.vm), 9 * US);
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	EXPECT_NONE(scene.vm, ENTRY);
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DEVICE_OPENED), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DEVICE_ENTERED), 1);
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_RX), 0);
	f = &m_stat(scene.vm, LATWATCH_STAGE_DEVICE_END_TO_END)->worst;
	EXPECT_EQ(f->irq, IRQ);
	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_DEVICE);
	scene_end();
}

static void by_the_irq_thread(void)
{
	scene_begin();
	m_at(1000);
	scene_irq_wakes(scene.irq_thread, IRQ);
	m_at(1003);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_at(1004);
	m_signal(NIC_CPU, 0, VECTOR);
	m_at(1005);
	m_wake(NIC_CPU, scene.vcpu);
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	m_at(1010);
	scene_enter();
	EXPECT_ONE(scene.vm, DEVICE_IRQ_THREAD_WAKE, 3 * US);
	EXPECT_ONE(scene.vm, DEVICE_IRQ_THREAD, 1 * US);
	EXPECT_ONE(scene.vm, DEVICE_SIGNAL, 1 * US);
	EXPECT_ONE(scene.vm, DEVICE_VCPU_WAKE, 5 * US);
	EXPECT_ONE(scene.vm, DEVICE_END_TO_END, 10 * US);
	EXPECT_EQ(scene_terms_on(LATWATCH_PATH_DEVICE, scene.vm), 10 * US);
	/* it has handed its interrupt on */
	m_raise(NIC_CPU);
	EXPECT_NONE(LW_HOST, IRQ_THREAD);
	scene_end();
}

/* of a VM that was running before the module watched, and whose vCPU sleeps */
static void vcpu_that_is_not_followed_is_woken(void)
{
	scene_begin();
	m_irq(NIC_CPU, IRQ);
	m_signal(NIC_CPU, 0, VECTOR);
	m_wake(NIC_CPU, scene.vcpu2);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	EXPECT(lw_task_find(scene.vcpu2));
	EXPECT(m_vm_account(&scene.mm2) != LW_HOST);
	scene_end();
}

/* whom the thread wakes after that is not the vCPU */
/* one interrupt is for several vectors: the thread wakes the vCPU for the first */
static void thread_that_signals_twice(void)
{
	scene_begin();
	m_at(1000);
	scene_irq_wakes(scene.irq_thread, IRQ);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_signal(NIC_CPU, 0, VECTOR);
	m_at(1002);
	m_signal(NIC_CPU, 0, VECTOR + 1);
	m_at(1005);
	m_wake(NIC_CPU, scene.vcpu);
	EXPECT_ONE(scene.vm, DEVICE_SIGNAL, 5 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DEVICE_OPENED), 1);
	scene_end();
}

static void thread_that_slept_wakes_nobody_for_it(void)
{
	scene_begin();
	scene_guest_runs();
	scene_irq_wakes(scene.irq_thread, IRQ);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_signal(NIC_CPU, 0, VECTOR);
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);
	m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
	m_wake(NIC_CPU, scene.other);
	EXPECT(!lw_task_find(scene.other));
	EXPECT_NONE(scene.vm, DEVICE_SIGNAL);
	scene_end();
}

static void timer_after_the_interrupt_wakes_nobody_for_it(void)
{
	scene_begin();
	scene_guest_runs();
	device_irq(NIC_CPU);
	m_ipi(NIC_CPU);
	m_wake(NIC_CPU, scene.other);
	m_ipi_done(NIC_CPU);
	EXPECT(!lw_task_find(scene.other));
	scene_end();
}

static void running_vcpu_is_kicked(void)
{
	scene_begin();
	scene_guest_runs();
	m_at(1000);
	device_irq(NIC_CPU);
	m_at(1006);
	m_guest_exit(VCPU_CPU);
	scene_enter();
	EXPECT_ONE(scene.vm, DEVICE_KICK, 5 * US);
	EXPECT_ONE(scene.vm, DEVICE_END_TO_END, 6 * US);
	EXPECT_EQ(m_line(LW_DEVICE_KICKED), 1);
	EXPECT_NONE(scene.vm, KICK);
	scene_end();
}

static void posted_by_the_hardware(void)
{
	scene_begin();
	scene_guest_runs();
	m_irq(NIC_CPU, IRQ);
	m_signal(NIC_CPU, 0, VECTOR);
	m_posted(NIC_CPU, 0, VECTOR);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	EXPECT_EQ(m_line(LW_DEVICE_POSTED), 1);
	EXPECT_NONE(scene.vm, DEVICE_END_TO_END);
	scene_end();
}

/* two VMs have a vCPU 0: whose it is, is known once it woke one */
static void learned_from_a_wake(void)
{
	unsigned int vm2;

	scene_begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	vm2 = m_vm_account(&scene.mm2);
	device_irq(NIC_CPU);
	EXPECT_EQ(m_line(LW_DEVICE_LOST_VM), 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_enter();
	scene_halt();
	device_irq(NIC_CPU);
	scene_enter();
	EXPECT_EQ(m_vm_line(scene.vm, LW_DEVICE_ENTERED), 1);
	EXPECT_EQ(m_vm_line(vm2, LW_DEVICE_OPENED), 0);
	EXPECT_EQ(m_line(LW_DEVICE_LOST_VM), 1);
	scene_end();
}

static void only_vm_after_another_ended(void)
{
	scene_begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	m_switch(OTHER_CPU, scene.vcpu2, M_SLEEPS);
	m_task_exit(OTHER_CPU);
	device_irq(NIC_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DEVICE_OPENED), 1);
	EXPECT_EQ(m_line(LW_DEVICE_LOST_VM), 0);
	scene_enter();
	scene_end();
}

/* what another VM got its slot for is another's interrupt */
static void owner_that_ended_owns_nothing(void)
{
	unsigned int vm3;

	scene_begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	device_irq(NIC_CPU);
	scene_enter();
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	scene_boot(m_task("CPU 0/KVM", &scene.other_mm, 120, 0), 0, VCPU_CPU);
	vm3 = m_vm_account(&scene.other_mm);
	EXPECT_EQ(vm3, scene.vm);
	m_irq(NIC_CPU, IRQ);
	m_signal(NIC_CPU, 0, VECTOR);
	m_irq_return(NIC_CPU, NULL);
	m_irq_done(NIC_CPU);
	EXPECT_EQ(m_vm_line(vm3, LW_DEVICE_OPENED), 0);
	EXPECT_EQ(m_line(LW_DEVICE_LOST_VM), 2);
	scene_end();
}

/* another device's interrupt, and no device's */
static void what_is_no_device_of_a_guest(void)
{
	scene_begin();
	/* a timer of KVM's */
	m_ipi(NIC_CPU);
	m_signal(NIC_CPU, 0, VECTOR);
	m_wake(NIC_CPU, scene.vcpu);
	m_ipi_done(NIC_CPU);
	/* a task that is no backend, the VMM itself */
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_signal(OTHER_CPU, 0, VECTOR);
	scene_enter();
	EXPECT_EQ(m_opened(), 0);
	EXPECT_NONE(scene.vm, DEVICE_VCPU_WAKE);
	scene_end();
}

/* the wake that found it awake is answered by something else */
static void ipi_of_a_vcpu_answers_no_wake(void)
{
	scene_begin();
	scene_rx(0, 1);
	scene_guest_runs();
	m_guest_exit(VCPU_CPU);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[0]);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_wake(VHOST_CPU, scene.vcpu);
	m_signal(VCPU_CPU, 1, VECTOR);
	EXPECT_EQ(m_line(LW_NOTE_VCPU_AWAKE), 0);
	scene_enter();
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_DEVICE), 0);
	scene_end();
}

static void vm_ends_before_the_entry(void)
{
	scene_begin();
	device_irq(NIC_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_line(LW_DEVICE_LOST_VM_GONE), 1);
	EXPECT_EQ(m_line(LW_LOST_VM_GONE), 0);
	scene_end();
}

static void reset_brings_forward_what_was_signalled(void)
{
	scene_begin();
	device_irq(NIC_CPU);
	m_reset();
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_DEVICE), 1);
	EXPECT_BALANCE();
	scene_enter();
	scene_end();
}

static void full_batch_table_is_counted(void)
{
	static const struct m_sizes one = { .batches = 1 };

	scene_begin_sized(&one);
	device_irq(NIC_CPU);
	device_irq(NIC_CPU);
	EXPECT_EQ(m_line(LW_DEVICE_OPENED), 2);
	EXPECT_EQ(m_line(LW_DEVICE_LOST_BATCH_FULL), 1);
	scene_end();
}

/* the stack wakes a VMM's thread for a packet in a socket, which runs */
static void poll_wakes_vmm(const struct m_skb *p)
{
	scene_poll_begin();
	m_stack(NIC_CPU, p);
	m_wake(NIC_CPU, scene.vmm);
	scene_poll_end();
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
}

/* likewise, each step at its own time, and it reads */
static void slirp_wakes(const struct m_skb *p)
{
	m_at(1000);
	scene_poll_begin();
	m_at(1001);
	m_stack(NIC_CPU, p);
	m_at(1002);
	m_wake(NIC_CPU, scene.vmm);
	scene_poll_end();
	m_at(1005);
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	m_at(1006);
	m_copied(VHOST_CPU, p);
}

static void vmm_reads_for_its_guest(void)
{
	scene_begin();
	slirp_wakes(&scene.skb[0]);
	m_at(1008);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(1009);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(1011);
	scene_enter();
	EXPECT_EQ(m_line(LW_OPENED_SOCKET), 1);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 1);
	EXPECT_ONE(scene.vm, NAPI, 1 * US);
	EXPECT_ONE(scene.vm, SOCKET, 5 * US);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 2 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 11 * US);
	EXPECT_EQ(scene_terms(scene.vm), 11 * US);
	/* it is a reader as well */
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 6 * US);
	scene_end();
}

/* a datagram is copied unseen: that it is freed tells */
static void a_small_datagram_is_freed_only(void)
{
	scene_begin();
	poll_wakes_vmm(&scene.skb[0]);
	m_consume(VHOST_CPU, &scene.skb[0]);
	m_signal(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(m_line(LW_OPENED_SOCKET), 1);
	/* a larger one is copied in pieces, and then freed: still one */
	m_copied(VHOST_CPU, &scene.skb[1]);
	m_copied(VHOST_CPU, &scene.skb[1]);
	m_consume(VHOST_CPU, &scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_SOCKET), 2);
	EXPECT_EQ(m_line(LW_LOST_SOCKET), 1);
	scene_enter();
	scene_end();
}

/* one datagram after the other, each at the address of the one before */
static void found_awake_it_reads_on(void)
{
	int i;

	scene_begin();
	slirp_wakes(&scene.skb[0]);
	m_consume(VHOST_CPU, &scene.skb[0]);
	for (i = 0; i < 3; i++) {
		m_after(10 * US);
		scene_poll_begin();
		m_stack(NIC_CPU, &scene.skb[0]);
		m_wake(NIC_CPU, scene.vmm);
		scene_poll_end();
		m_after(3 * US);
		m_consume(VHOST_CPU, &scene.skb[0]);
	}
	/* one that nobody was woken for */
	m_consume(VHOST_CPU, &scene.skb[0]);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_enter();
	EXPECT_EQ(m_line(LW_OPENED_SOCKET), 5);
	EXPECT_EQ(m_line(LW_LOST_SOCKET), 1);
	EXPECT_EQ(m_line(LW_READER_NOTE_AWAKE), 3);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_READER_END_TO_END)->count, 4);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_READER_WAKE)->count, 1);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_SOCKET)->min, 3 * US);
	scene_end();
}

static void what_it_reads_besides_is_counted(void)
{
	scene_begin();
	slirp_wakes(&scene.skb[0]);
	/* the next packet of the socket: nobody knows when it came */
	m_copied(VHOST_CPU, &scene.skb[1]);
	EXPECT_EQ(m_line(LW_OPENED_SOCKET), 2);
	EXPECT_EQ(m_line(LW_LOST_SOCKET), 1);
	/* no signal: it was for the VMM itself, or the guest polls */
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	EXPECT_EQ(m_line(LW_SUPPRESSED), 1);
	EXPECT_EQ(scene.vmm->fake_cpu, -1);
	scene_end();
}

/* a reader without vCPUs is a reader, and that is that */
static void another_reader_reads_for_no_guest(void)
{
	scene_begin();
	scene_poll_begin();
	m_stack(NIC_CPU, &scene.skb[0]);
	m_wake(NIC_CPU, scene.other);
	scene_poll_end();
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_copied(OTHER_CPU, &scene.skb[0]);
	m_copied(OTHER_CPU, &scene.skb[1]);
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_RX), 0);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 0);
	scene_end();
}

/* it is told from others when its first vCPU runs, not when it was seen first */
static void reader_becomes_a_vmm(void)
{
	struct task_struct *vmm2;
	unsigned int i;

	scene_begin();
	vmm2 = m_task("qemu", &scene.mm2, 120, 0);
	for (i = 0; i < 2; i++) {
		scene_poll_begin();
		m_stack(NIC_CPU, &scene.skb[i]);
		m_wake(NIC_CPU, vmm2);
		scene_poll_end();
		m_switch(VHOST_CPU, vmm2, M_SLEEPS);
		m_copied(VHOST_CPU, &scene.skb[i]);
		EXPECT_EQ(m_line(LW_OPENED_SOCKET), i);
		scene_vhost_sleeps();
		scene_boot(scene.vcpu2, 0, OTHER_CPU);
	}
	scene_end();
}

/* a VMM that serves a tap hands the host a packet, which frees it at once */
static void what_a_guest_sends_the_host_is_not_read(void)
{
	u64 opened;

	scene_begin();
	/* it is known to read */
	poll_wakes_vmm(&scene.skb[0]);
	m_consume(VHOST_CPU, &scene.skb[0]);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 0);
	opened = m_opened_on(LATWATCH_PATH_RX);
	m_stack_from(VHOST_CPU, &scene.skb[1], 0);
	m_stack_from(VHOST_CPU, &scene.skb[1], M_VIRTUAL);
	m_consume(VHOST_CPU, &scene.skb[1]);
	EXPECT_EQ(m_opened_on(LATWATCH_PATH_RX), opened);
	EXPECT_ONE(LW_HOST, READER_END_TO_END, 0);
	/* when it comes back it has nothing there */
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	poll_wakes_vmm(&scene.skb[0]);
	m_consume(VHOST_CPU, &scene.skb[0]);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_READER_END_TO_END)->count, 2);
	scene_end();
}

/* what a VMM frees says nothing of a kick that found it awake */
static void a_kick_is_not_answered_by_reading(void)
{
	scene_begin();
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_entry(VCPU_CPU, 0);
	m_guest_exit(VCPU_CPU);
	m_wake(VCPU_CPU, scene.vmm);
	/* it was new then; the next kick finds it followed, and awake */
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	m_wake(VCPU_CPU, scene.vmm);
	m_consume(VHOST_CPU, &scene.skb[0]);
	EXPECT_EQ(m_line(LW_TX_NOTE_KICK_AWAKE), 0);
	m_queue(VHOST_CPU, &scene.skb[0], M_NIC);
	EXPECT_EQ(m_line(LW_TX_OPENED), 0);
	scene_end();
}

/* user-mode networking goes on from a packet to its answer */
static void a_kick_finds_the_vmm_awake(void)
{
	scene_begin();
	slirp_wakes(&scene.skb[0]);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_guest_runs();
	m_at(2000);
	m_guest_exit(VCPU_CPU);
	m_wake(VCPU_CPU, scene.vmm);
	m_at(2003);
	m_queue(VHOST_CPU, &scene.skb[1], M_NIC);
	m_xmit(VHOST_CPU, &scene.skb[1], M_NIC);
	EXPECT_EQ(m_line(LW_TX_NOTE_KICK_AWAKE), 1);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 1);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 3 * US);
	scene_enter();
	scene_end();
}

/* the guest's answer: a kick, and a socket that sends */
static void kicked_vmm_sends_for_its_guest(void)
{
	scene_begin();
	scene_guest_runs();
	m_at(1000);
	m_guest_exit(VCPU_CPU);
	m_at(1001);
	m_wake(VCPU_CPU, scene.vmm);
	m_at(1004);
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	m_at(1006);
	m_queue(VHOST_CPU, &scene.skb[0], M_NIC);
	m_at(1009);
	m_xmit(VHOST_CPU, &scene.skb[0], M_NIC);
	m_nic_done(VHOST_CPU, &scene.skb[0]);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TX_OPENED), 1);
	EXPECT_ONE(scene.vm, GUEST_EXIT, 1 * US);
	EXPECT_ONE(scene.vm, KICK_WAKE, 3 * US);
	EXPECT_ONE(scene.vm, TX_SERVICE, 2 * US);
	EXPECT_ONE(scene.vm, TX_STACK, 3 * US);
	EXPECT_ONE(scene.vm, TX_END_TO_END, 9 * US);
	EXPECT_EQ(scene_terms_on(LATWATCH_PATH_TX, scene.vm), 9 * US);
	/* what it sends of itself later is its own */
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	m_switch(VHOST_CPU, scene.vmm, M_SLEEPS);
	m_queue(VHOST_CPU, &scene.skb[1], M_NIC);
	EXPECT_EQ(m_line(LW_LOCAL_OPENED), 1);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(by_the_handler),
	TEST(by_the_irq_thread),
	TEST(vcpu_that_is_not_followed_is_woken),
	TEST(thread_that_signals_twice),
	TEST(thread_that_slept_wakes_nobody_for_it),
	TEST(timer_after_the_interrupt_wakes_nobody_for_it),
	TEST(running_vcpu_is_kicked),
	TEST(posted_by_the_hardware),
	TEST(learned_from_a_wake),
	TEST(only_vm_after_another_ended),
	TEST(owner_that_ended_owns_nothing),
	TEST(what_is_no_device_of_a_guest),
	TEST(ipi_of_a_vcpu_answers_no_wake),
	TEST(vm_ends_before_the_entry),
	TEST(reset_brings_forward_what_was_signalled),
	TEST(full_batch_table_is_counted),
	TEST(vmm_reads_for_its_guest),
	TEST(a_small_datagram_is_freed_only),
	TEST(found_awake_it_reads_on),
	TEST(what_it_reads_besides_is_counted),
	TEST(another_reader_reads_for_no_guest),
	TEST(reader_becomes_a_vmm),
	TEST(what_a_guest_sends_the_host_is_not_read),
	TEST(a_kick_is_not_answered_by_reading),
	TEST(a_kick_finds_the_vmm_awake),
	TEST(kicked_vmm_sends_for_its_guest),
};

KTAP_MAIN(tests)
