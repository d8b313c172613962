// SPDX-License-Identifier: GPL-2.0
/*
 * Signals that do not name their vCPU, and deliveries without an injection, as
 * on arm64: a vCPU is its thread, and is notified of an interrupt by whoever makes
 * it pending.
 */
#include "scene.h"

/* the vCPU's number is its thread's pid */
static void enters(struct task_struct *vcpu, unsigned int cpu)
{
	if (m_current(cpu) != vcpu)
		m_switch(cpu, vcpu, M_SLEEPS);
	m_entry(cpu, vcpu->pid);
}

static void enter(void)
{
	enters(scene.vcpu, VCPU_CPU);
}

static void halts(unsigned int cpu)
{
	m_guest_exit(cpu);
	m_switch(cpu, &m_idle[cpu], M_SLEEPS);
}

static void begin(enum lw_signal_mode tells)
{
	scene_begin();
	lw_signal_mode = tells;
	enter();
	halts(VCPU_CPU);
}

static void end(void)
{
	lw_signal_mode = LW_SIGNAL_DIRECT;
	scene_end();
}

static void notify(void)
{
	m_tell(VHOST_CPU, scene.vcpu, false);
	if (scene.vcpu->fake_cpu < 0)
		m_wake(VHOST_CPU, scene.vcpu);
}

/* -- told by kprobes */

static void halted_vcpu_is_delivered_at_its_next_entry(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	scene_rx(0, 1);
	m_at(4);
	scene_take(0, 1);
	m_at(5);
	m_announce(VHOST_CPU);
	m_at(7);
	notify();
	m_at(10);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(13);
	enter();
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 1 * US);
	EXPECT_ONE(scene.vm, SIGNAL, 2 * US);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 3 * US);
	EXPECT_ONE(scene.vm, ENTRY, 3 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 13 * US);
	EXPECT_NONE(scene.vm, KICK);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_ENTRY), 1);
	EXPECT_EQ(scene_terms(scene.vm), 13 * US);
	end();
}

/* what a vCPU was notified of once tells where such things wait; it has exited */
static void begin_notified(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	scene_rx_take(9, 1);
	m_announce(VHOST_CPU);
	notify();
	enter();
	m_guest_exit(VCPU_CPU);
	m_reset();
}

static void vcpu_between_guests_needs_no_exit(void)
{
	begin_notified();
	m_at(10);
	scene_rx(0, 2);
	scene_take(0, 2);
	m_announce(VHOST_CPU);
	m_tell(VHOST_CPU, scene.vcpu, false);
	m_at(14);
	enter();
	EXPECT_STAT(scene.vm, END_TO_END, 2, 4 * US, 4 * US, 8 * US);
	EXPECT_ONE(scene.vm, KICK, 4 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_KICK), 2);
	end();
}

/* as many vCPUs as there is room for, and another */
static void vcpu_too_many_loses_what_it_is_told_of(void)
{
	static const struct m_sizes sizes = { .batches = 1024 };
	struct task_struct *vcpu;
	unsigned int i;

	scene_begin_sized(&sizes);
	lw_signal_mode = LW_SIGNAL_KPROBE;
	vcpu = m_task("CPU 1/KVM", &scene.mm, 120, 0);
	for (i = 0; i < LW_VM_VECTORS; i++) {
		m_at(i);
		scene_rx_take(i % NSKBS, 1);
		m_announce(VHOST_CPU);
		/* one of the lists is the backend's own */
		vcpu->pid = 10000 + i;
		m_tell(VHOST_CPU, vcpu, false);
	}
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VECTOR_FULL), 1);
	EXPECT_EQ(m_in_flight(), LW_VM_VECTORS - 1);
	EXPECT_BALANCE();
	/* told by somebody else than the backend */
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_switch(OTHER_CPU, scene.other, M_SLEEPS);
	m_tell(OTHER_CPU, vcpu, false);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VECTOR_FULL), 2);
	EXPECT_EQ(m_in_flight(), LW_VM_VECTORS - 1);
	EXPECT_BALANCE();
	end();
}

static void vcpu_in_the_guest_has_to_leave_it_first(void)
{
	begin(LW_SIGNAL_KPROBE);
	enter();
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_tell(VHOST_CPU, scene.vcpu, true);
	m_at(3);
	m_guest_exit(VCPU_CPU);
	m_at(5);
	enter();
	EXPECT_ONE(scene.vm, KICK, 5 * US);
	end();
}

/* its entry is traced after the point of no return */
static void entry_that_was_begun_delivers_nothing(void)
{
	begin_notified();
	m_at(10);
	scene_rx(1, 1);
	scene_take(1, 1);
	m_announce(VHOST_CPU);
	m_tell(VHOST_CPU, scene.vcpu, true);
	m_at(11);
	enter();
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_KICK), 0);
	m_at(12);
	m_guest_exit(VCPU_CPU);
	m_at(16);
	enter();
	EXPECT_ONE(scene.vm, END_TO_END, 6 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_KICK), 1);
	end();
}

/* what ended the guest's time runs before its exit is traced */
static void late_exit_is_in_time_for_the_next_entry(void)
{
	begin(LW_SIGNAL_KPROBE);
	enter();
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_tell(VHOST_CPU, scene.vcpu, true);
	m_irq(VCPU_CPU, 40);
	m_irq_return(VCPU_CPU, NULL);
	m_irq_done(VCPU_CPU);
	EXPECT_EQ(m_in_flight(), 1);
	m_guest_exit(VCPU_CPU);
	m_at(9);
	enter();
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	end();
}

static void oldest_of_several_signals_began_the_delivery(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	notify();
	m_at(2);
	scene_rx(1, 1);
	scene_take(1, 1);
	m_announce(VHOST_CPU);
	m_tell(VHOST_CPU, scene.vcpu, false);
	m_at(10);
	enter();
	EXPECT_STAT(scene.vm, END_TO_END, 2, 8 * US, 10 * US, 18 * US);
	EXPECT_EQ(m_line(LW_NOTE_SIGNALS), 2);
	end();
}

static void only_the_vcpu_that_was_told_delivers(void)
{
	struct task_struct *vcpu1;

	begin(LW_SIGNAL_KPROBE);
	vcpu1 = m_task("CPU 1/KVM", &scene.mm, 120, 0);
	enters(vcpu1, OTHER_CPU);
	m_guest_exit(OTHER_CPU);
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	notify();
	m_at(1);
	enters(vcpu1, OTHER_CPU);
	EXPECT_EQ(m_in_flight(), 1);
	m_at(2);
	enter();
	EXPECT_ONE(scene.vm, END_TO_END, 2 * US);
	end();
}

static void wake_of_another_vcpu_is_not_this_signals(void)
{
	struct task_struct *vcpu1;

	begin(LW_SIGNAL_KPROBE);
	vcpu1 = m_task("CPU 1/KVM", &scene.mm, 120, 0);
	enters(vcpu1, OTHER_CPU);
	halts(OTHER_CPU);
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_tell(VHOST_CPU, scene.vcpu, false);
	m_wake(VHOST_CPU, vcpu1);
	m_at(1);
	m_switch(OTHER_CPU, vcpu1, M_SLEEPS);
	EXPECT_NONE(scene.vm, SIGNAL);
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	enter();
	end();
}

/* a task runs, tells the vCPU of it and wakes it, which runs 2 us later */
static void told_by(struct task_struct *t, u64 us)
{
	m_switch(OTHER_CPU, t, M_SLEEPS);
	m_at(us);
	m_tell(OTHER_CPU, scene.vcpu, false);
	m_wake(OTHER_CPU, scene.vcpu);
	m_at(us + 2);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
}

static bool carries(unsigned int cpu)
{
	lw_cpu_note(lw_cpus[cpu]);
	return lw_cpus[cpu]->carries;
}

/* the vCPU is out of its guest, but not halted: nobody has to wake it */
static void told_without_a_wake(void)
{
	begin_notified();
	m_at(10);
	scene_rx(0, 1);
	scene_take(0, 1);
	m_announce(VHOST_CPU);
	m_tell(VHOST_CPU, scene.vcpu, false);
	m_at(11);
	enter();
	EXPECT_ONE(scene.vm, END_TO_END, 1 * US);
}

static void a_tell_without_a_wake_is_over_when_the_teller_sleeps(void)
{
	told_without_a_wake();
	scene_vhost_sleeps();
	EXPECT(!carries(VHOST_CPU));
	halts(VCPU_CPU);
	/* it runs again, and wakes the vCPU for something else, a lock */
	m_at(5000);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(5001);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	EXPECT_NONE(scene.vm, SIGNAL);
	EXPECT_NONE(scene.vm, VCPU_WAKE);
	end();
}

static void a_tell_without_a_wake_is_over_when_the_teller_exits(void)
{
	told_without_a_wake();
	m_task_exit(VHOST_CPU);
	EXPECT(!carries(VHOST_CPU));
	end();
}

/* KVM cannot do it at once, and a kernel thread does it later */
/* as by an irq_work or a timer of KVM's, on top of anybody */
static void interrupt_tells_what_a_backend_announced(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_at(6);
	m_ipi(OTHER_CPU);
	m_tell(OTHER_CPU, scene.vcpu, false);
	m_wake(OTHER_CPU, scene.vcpu);
	m_ipi_done(OTHER_CPU);
	m_at(9);
	enter();
	EXPECT_ONE(scene.vm, SIGNAL, 6 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	end();
}

static void kernel_thread_tells_what_a_backend_announced(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_wake(VHOST_CPU, scene.kthread);
	scene_vhost_sleeps();
	EXPECT_EQ(m_vm_line(scene.vm, LW_SUPPRESSED), 0);
	told_by(scene.kthread, 6);
	m_at(9);
	enter();
	EXPECT_ONE(scene.vm, SIGNAL, 6 * US);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 2 * US);
	EXPECT_ONE(scene.vm, ENTRY, 1 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	EXPECT_EQ(m_line(LW_NOTE_RELAYED), 0);
	end();
}

/* without an irqfd: the VMM is woken, and interrupts its guest by an ioctl */
static void signal_through_the_vmm_is_no_loss(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	scene_rx_take(0, 1);
	m_at(1);
	m_wake(VHOST_CPU, scene.vmm);
	scene_vhost_sleeps();
	EXPECT_EQ(m_vm_line(scene.vm, LW_SUPPRESSED), 0);
	told_by(scene.vmm, 5);
	m_at(9);
	enter();
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 1 * US);
	EXPECT_ONE(scene.vm, SIGNAL, 4 * US);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 2 * US);
	EXPECT_ONE(scene.vm, ENTRY, 2 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 9 * US);
	EXPECT_EQ(m_line(LW_NOTE_RELAYED), 1);
	EXPECT_EQ(scene_terms(scene.vm), 9 * US);
	end();
}

/* a backend has its own; another's is left to whoever tells that one's vCPU */
static void backends_do_not_tell_for_each_other(void)
{
	struct task_struct *vhost2;

	begin(LW_SIGNAL_KPROBE);
	vhost2 = m_task("vhost-164", &scene.mm, 120, PF_KTHREAD);
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_switch(OTHER_CPU, vhost2, M_SLEEPS);
	m_forward(NIC_CPU, &scene.skb[1], 1);
	m_consume(OTHER_CPU, &scene.skb[1]);
	m_announce(OTHER_CPU);
	m_tell(OTHER_CPU, scene.vcpu, false);
	m_at(1);
	enter();
	m_guest_exit(VCPU_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_KICK), 1);
	EXPECT_EQ(m_in_flight(), 1);
	notify();
	m_at(3);
	enter();
	EXPECT_EQ(m_in_flight(), 0);
	end();
}

/* a VMM that is its own backend, and has no irqfd */
static void vmm_that_tells_has_signalled(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	scene_rx(0, 1);
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_consume(OTHER_CPU, &scene.skb[0]);
	m_at(2);
	m_tell(OTHER_CPU, scene.vcpu, false);
	m_wake(OTHER_CPU, scene.vcpu);
	m_at(3);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	enter();
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 2 * US);
	EXPECT_ONE(scene.vm, SIGNAL, 0);
	EXPECT_ONE(scene.vm, END_TO_END, 3 * US);
	end();
}

/* halted since before the module watched */
static void unknown_vcpu_is_known_by_its_wake(void)
{
	struct task_struct *vcpu1;

	begin(LW_SIGNAL_KPROBE);
	vcpu1 = m_task("CPU 1/KVM", &scene.mm, 120, 0);
	m_at(0);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	scene_vhost_sleeps();
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_tell(OTHER_CPU, vcpu1, false);
	m_wake(OTHER_CPU, vcpu1);
	m_at(1);
	m_switch(OTHER_CPU, vcpu1, M_SLEEPS);
	m_at(4);
	enters(vcpu1, OTHER_CPU);
	EXPECT_ONE(scene.vm, SIGNAL, 0);
	EXPECT_ONE(scene.vm, ENTRY, 3 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 4 * US);
	end();
}

static void vm_ends_before_it_is_notified(void)
{
	begin(LW_SIGNAL_KPROBE);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	m_task_exit(VHOST_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 1);
	EXPECT_EQ(m_in_flight(), 0);
	end();
}

/* reclaim sweeps the VM when a probe that had found it moves its batches */
static void told_while_the_vm_is_swept(void)
{
	struct lw_vm *vm;

	begin(LW_SIGNAL_INFERRED);
	vm = &lw_vms[scene.vm - 1];
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	vm->state = LW_VM_SWEPT;
	m_wake(VHOST_CPU, scene.vcpu);
	EXPECT_EQ(lw_batch_used(), 0);
	vm->state = LW_VM_LIVE;
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 1);
	EXPECT_EQ(m_in_flight(), 0);
	end();
}

/* a device that is passed through: its handler tells */
static void handler_tells_for_its_device(void)
{
	begin(LW_SIGNAL_KPROBE);
	m_at(0);
	m_irq(OTHER_CPU, 50);
	m_at(1);
	m_tell(OTHER_CPU, scene.vcpu, false);
	m_at(2);
	m_wake(OTHER_CPU, scene.vcpu);
	m_irq_return(OTHER_CPU, NULL);
	m_irq_done(OTHER_CPU);
	m_at(3);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(5);
	enter();
	EXPECT_ONE(scene.vm, DEVICE_HARD_IRQ, 1 * US);
	EXPECT_ONE(scene.vm, DEVICE_SIGNAL, 1 * US);
	EXPECT_ONE(scene.vm, DEVICE_VCPU_WAKE, 1 * US);
	EXPECT_ONE(scene.vm, DEVICE_ENTRY, 2 * US);
	EXPECT_ONE(scene.vm, DEVICE_END_TO_END, 5 * US);
	EXPECT_NONE(scene.vm, SIGNAL);
	end();
}

/* a round of transmitting ends with a signal, for no packet */
static void signal_without_packets(void)
{
	begin(LW_SIGNAL_KPROBE);
	scene_rx_take(0, 1);
	m_announce(VHOST_CPU);
	notify();
	enter();
	halts(VCPU_CPU);
	m_reset();
	m_at(0);
	m_announce(VHOST_CPU);
	m_at(2);
	notify();
	m_at(3);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	enter();
	EXPECT_ONE(scene.vm, SIGNAL, 2 * US);
	EXPECT_NONE(scene.vm, END_TO_END);
	EXPECT_EQ(m_line(LW_NOTE_SIGNALS), 0);
	end();
}

/* -- inferred */

static void inferred_from_the_wake_of_a_vcpu(void)
{
	begin(LW_SIGNAL_INFERRED);
	m_at(0);
	scene_rx_take(0, 1);
	m_at(3);
	m_wake(VHOST_CPU, scene.vcpu);
	m_at(5);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(6);
	enter();
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 3 * US);
	EXPECT_NONE(scene.vm, SIGNAL);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 2 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 6 * US);
	end();
}

static void inferred_from_an_ipi_to_the_vcpus_cpu(void)
{
	begin(LW_SIGNAL_INFERRED);
	enter();
	m_at(0);
	scene_rx_take(0, 1);
	m_tell_cpu(VHOST_CPU, OTHER_CPU);
	EXPECT_EQ(m_line(LW_NOTE_SIGNALS), 0);
	m_at(2);
	m_tell_cpu(VHOST_CPU, VCPU_CPU);
	m_at(3);
	m_guest_exit(VCPU_CPU);
	m_at(4);
	enter();
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 2 * US);
	EXPECT_ONE(scene.vm, KICK, 2 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 4 * US);
	end();
}

static void inferred_signal_through_the_vmm(void)
{
	begin(LW_SIGNAL_INFERRED);
	m_at(0);
	scene_rx_take(0, 1);
	m_wake(VHOST_CPU, scene.vmm);
	scene_vhost_sleeps();
	m_switch(OTHER_CPU, scene.vmm, M_SLEEPS);
	m_at(2);
	m_wake(OTHER_CPU, scene.vcpu);
	m_at(4);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	enter();
	EXPECT_ONE(scene.vm, VCPU_WAKE, 2 * US);
	EXPECT_ONE(scene.vm, END_TO_END, 4 * US);
	EXPECT_EQ(m_line(LW_NOTE_RELAYED), 1);
	end();
}

static void inferred_vcpu_that_was_not_known(void)
{
	struct task_struct *vcpu1;

	begin(LW_SIGNAL_INFERRED);
	vcpu1 = m_task("CPU 1/KVM", &scene.mm, 120, 0);
	m_at(0);
	scene_rx_take(0, 1);
	m_wake(VHOST_CPU, vcpu1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_in_flight(), 1);
	m_at(2);
	enters(vcpu1, OTHER_CPU);
	EXPECT_ONE(scene.vm, END_TO_END, 2 * US);
	end();
}

static const struct ktap_test tests[] = {
	TEST(halted_vcpu_is_delivered_at_its_next_entry),
	TEST(vcpu_between_guests_needs_no_exit),
	TEST(vcpu_too_many_loses_what_it_is_told_of),
	TEST(vcpu_in_the_guest_has_to_leave_it_first),
	TEST(entry_that_was_begun_delivers_nothing),
	TEST(late_exit_is_in_time_for_the_next_entry),
	TEST(oldest_of_several_signals_began_the_delivery),
	TEST(only_the_vcpu_that_was_told_delivers),
	TEST(wake_of_another_vcpu_is_not_this_signals),
	TEST(a_tell_without_a_wake_is_over_when_the_teller_sleeps),
	TEST(a_tell_without_a_wake_is_over_when_the_teller_exits),
	TEST(interrupt_tells_what_a_backend_announced),
	TEST(kernel_thread_tells_what_a_backend_announced),
	TEST(signal_through_the_vmm_is_no_loss),
	TEST(backends_do_not_tell_for_each_other),
	TEST(vmm_that_tells_has_signalled),
	TEST(unknown_vcpu_is_known_by_its_wake),
	TEST(vm_ends_before_it_is_notified),
	TEST(told_while_the_vm_is_swept),
	TEST(handler_tells_for_its_device),
	TEST(signal_without_packets),
	TEST(inferred_from_the_wake_of_a_vcpu),
	TEST(inferred_from_an_ipi_to_the_vcpus_cpu),
	TEST(inferred_signal_through_the_vmm),
	TEST(inferred_vcpu_that_was_not_known),
};

KTAP_MAIN(tests)
