// SPDX-License-Identifier: GPL-2.0
/* VMs that end, that are too many, and what is theirs alone. */
#include "scene.h"

/* a packet in each state when the VM's tasks end, one after the other */
static void vm_ends_with_packets_in_every_state(void)
{
	scene_begin();
	/* injected, but not entered */
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR);
	/* signalled, twice */
	scene_rx_take(1, 2);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_rx_take(3, 3);
	m_signal(VHOST_CPU, 0, VECTOR + 1);
	/* taken */
	scene_rx_take(6, 4);
	EXPECT_EQ(m_in_flight(), 10);
	EXPECT_EQ(m_line(LW_LOST_VM_GONE), 0);

	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 1);
	EXPECT_BALANCE();
	m_task_exit(VHOST_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 10);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_EQ(lw_batch_used(), 0);
	EXPECT_EQ(lw_vms[scene.vm - 1].state, LW_VM_GONE);
	scene_end();
}

static void backend_ends_first(void)
{
	scene_begin();
	scene_rx_take(0, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_rx_take(1, 1);
	m_task_exit(VHOST_CPU);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 1);
	/* what it has signalled is delivered nevertheless */
	scene_enter();
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_KICK), 1);
	EXPECT_EQ(atomic_read(&lw_vms[scene.vm - 1].backends), 0);
	EXPECT_EQ(atomic_read(&lw_vms[scene.vm - 1].vcpus), 1);
	scene_end();
}

/* another CPU has claimed its address space, and does not get on */
static void process_that_is_seen_by_two_at_once_is_one_vm(void)
{
	int stalled;

	scene_cast(NULL);
	stalled = lw_table_claim(&lw_vm_table, &scene.mm);
	EXPECT(stalled >= 0);
	EXPECT(!lw_vm_find(&scene.mm));
	scene_boot(scene.vcpu, 0, VCPU_CPU);
	EXPECT_EQ(m_vm_account(&scene.mm), 1);
	EXPECT(lw_vm_find(&scene.mm) == &lw_vms[0]);
	EXPECT(*lw_table_key(&lw_vm_table, stalled) & LW_TABLE_VOID);
	/* and then gets on */
	EXPECT(!lw_table_settle(&lw_vm_table, stalled, &scene.mm));
	lw_table_free(&lw_vm_table, stalled);
	EXPECT(lw_vm_find(&scene.mm) == &lw_vms[0]);
	EXPECT_EQ(lw_vm_used(), 1);
	EXPECT_EQ(atomic_read(&lw_vm_table.used), 1);
	scene_end();
}

static void new_vm_in_the_same_slot(void)
{
	u32 id;

	scene_begin();
	m_at(0);
	scene_deliver(0, 3);
	scene_rx_take(3, 1);
	id = lw_vms[scene.vm - 1].id;
	m_task_exit(VHOST_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	EXPECT_EQ(lw_vm_used(), 0);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_END_TO_END)->count, 3);
	EXPECT_BALANCE();

	scene_boot(scene.vcpu2, 0, VCPU_CPU);
	EXPECT_EQ(m_vm_account(&scene.mm2), scene.vm);
	EXPECT(lw_vms[scene.vm - 1].id > id);
	scene_rx(5, 2);
	m_switch(VHOST_CPU, scene.vhost2, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[5]);
	m_consume(VHOST_CPU, &scene.skb[6]);
	m_signal(VHOST_CPU, 0, VECTOR);
	m_at(5);
	scene_enter_as(scene.vcpu2, 0, VCPU_CPU);
	EXPECT_STAT(scene.vm, END_TO_END, 2, 5 * US, 5 * US, 10 * US);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 0);
	EXPECT_EQ(m_line(LW_TAKEN), 6);
	EXPECT_EQ(m_line(LW_LOST_VM_GONE), 1);
	scene_end();
}

/* the process goes on, and runs a VM again: another one */
static void same_process_after_its_last_task_was_gone(void)
{
	scene_begin();
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_vm_account(&scene.mm), LW_HOST);
	EXPECT(!lw_vm_find(&scene.mm));
	EXPECT_EQ(atomic_read(&lw_vm_table.used), 0);
	scene_boot(m_task("CPU 0/KVM", &scene.mm, 120, 0), 0, VCPU_CPU);
	EXPECT(m_vm_account(&scene.mm) != LW_HOST);
	EXPECT(m_vm_account(&scene.mm) != scene.vm);
	scene_end();
}

/* another task of the process comes when the last one that was known is leaving */
static void vm_that_ends_is_not_joined(void)
{
	struct lw_vm *vm;

	scene_begin();
	vm = &lw_vms[scene.vm - 1];
	EXPECT_EQ(atomic_read(&vm->tasks), 1);
	atomic_set(&vm->tasks, 0);
	scene_rx_take(0, 1);
	EXPECT_EQ(atomic_read(&vm->tasks), 0);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_EQ(lw_vm_used(), 1);
	scene_vhost_sleeps();
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_EQ(m_line(LW_ELSEWHERE_NO_VM), 1);
	atomic_set(&vm->tasks, 1);
	scene_end();
}

/* what a task was told in vain is asked again when a VM comes or goes, not a task */
static void generation_counts_vms_not_their_tasks(void)
{
	int generation;

	scene_begin();
	generation = atomic_read(&lw_vm_generation);
	scene_rx_take(0, 1);
	scene_boot_vcpu1();
	m_task_exit(VHOST_CPU);
	EXPECT_EQ(atomic_read(&lw_vm_generation), generation);
	scene_boot(scene.vcpu2, 0, VCPU_CPU);
	EXPECT_EQ(atomic_read(&lw_vm_generation), generation + 1);
	m_switch(VCPU_CPU, scene.vcpu2, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(atomic_read(&lw_vm_generation), generation + 2);
	EXPECT_EQ(m_reclaim(), 1);
	EXPECT_EQ(atomic_read(&lw_vm_generation), generation + 3);
	scene_end();
}

static void only_vm_with_a_vcpu_is_found(void)
{
	scene_begin();
	EXPECT(lw_vm_only_with(0) == &lw_vms[scene.vm - 1]);
	scene_boot(scene.vcpu2, 1, OTHER_CPU);
	EXPECT(lw_vm_only_with(0) == &lw_vms[scene.vm - 1]);
	EXPECT(lw_vm_only_with(1) == lw_vm_find(&scene.mm2));
	EXPECT(!lw_vm_only_with(2));
	scene_boot(m_task("CPU 1/KVM", &scene.mm, 120, 0), 1, OTHER_CPU);
	EXPECT(!lw_vm_only_with(1));
	m_switch(OTHER_CPU, scene.vcpu2, M_SLEEPS);
	m_task_exit(OTHER_CPU);
	EXPECT(lw_vm_only_with(1) == &lw_vms[scene.vm - 1]);
	scene_end();
}

#define MANY	130

/* more than a word of them */
static void every_slot_has_one_vm(void)
{
	static const struct m_sizes sizes = { .vms = MANY };
	static struct mm_struct mms[MANY + 1];
	static struct task_struct tasks[MANY + 1];
	static struct lw_task slots[MANY + 1];
	struct lw_event *ev;
	unsigned int i;

	memset(slots, 0, sizeof(slots));
	scene_cast(&sizes);
	ev = &lw_cpus[OTHER_CPU]->ev;
	ev->cpu = lw_cpus[OTHER_CPU];
	for (i = 0; i <= MANY; i++) {
		tasks[i].mm = &mms[i];
		tasks[i].group_leader = &tasks[i];
		slots[i].task = &tasks[i];
		EXPECT_EQ(m_reclaim_kicks > 0, i >= MANY);
		EXPECT_EQ(lw_vm_adopt(ev, &slots[i], &tasks[i]), i < MANY);
		EXPECT_EQ(lw_vm_used(), i < MANY ? i + 1 : MANY);
	}
	for (i = 0; i < MANY; i++)
		EXPECT(lw_vm_find(&mms[i]) == slots[i].vm && slots[i].vm == &lw_vms[i]);
	lw_vm_leave(ev, &slots[67]);
	EXPECT_EQ(m_reclaim(), 1);
	EXPECT(lw_vm_adopt(ev, &slots[MANY], &tasks[MANY]));
	EXPECT(slots[MANY].vm == &lw_vms[67]);
	scene_end();
}

static void full_vm_table_is_counted(void)
{
	static const struct m_sizes one = { .vms = 1 };

	scene_begin_sized(&one);
	/* it took the last slot: there is a need to look for others */
	EXPECT_EQ(m_reclaim_kicks, 1);
	scene_poll_begin();
	scene_to_tap(&scene.skb[0], 0, NULL);
	scene_to_tap(&scene.skb[1], 0, NULL);
	scene_poll_end();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	EXPECT(m_reclaim_kicks > 1);
	m_switch(VHOST_CPU, scene.vhost2, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[0]);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	EXPECT_EQ(m_line(LW_LOST_VM_FULL), 1);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	/* there is room: the backend is followed from now on */
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	m_switch(VHOST_CPU, scene.vhost2, M_SLEEPS);
	m_consume(VHOST_CPU, &scene.skb[1]);
	EXPECT_EQ(m_line(LW_TAKEN), 1);
	/* vCPUs that do not fit do no harm either */
	scene_boot(m_task("CPU 0/KVM", &scene.other_mm, 120, 0), 0, VCPU_CPU);
	scene_end();
}

/* not at each entry, but again when a VM has come or gone */
static void full_vm_table_is_asked_once(void)
{
	static const struct m_sizes one = { .vms = 1 };
	unsigned int kicks;

	scene_begin_sized(&one);
	m_switch(OTHER_CPU, scene.vcpu2, M_SLEEPS);
	m_entry(OTHER_CPU, 0);
	m_guest_exit(OTHER_CPU);
	kicks = m_reclaim_kicks;
	m_entry(OTHER_CPU, 0);
	m_guest_exit(OTHER_CPU);
	EXPECT_EQ(m_reclaim_kicks, kicks);
	EXPECT_EQ(m_vm_account(&scene.mm2), LW_HOST);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	m_entry(OTHER_CPU, 0);
	EXPECT(m_vm_account(&scene.mm2) != LW_HOST);
	scene_end();
}

static void reset_brings_forward_what_is_in_flight(void)
{
	scene_begin();
	scene_deliver(0, 2);
	/* in the ring, taken, signalled */
	scene_rx_take(2, 1);
	m_signal(VHOST_CPU, 0, VECTOR);
	scene_rx_take(3, 2);
	scene_rx(5, 3);
	m_reset();
	EXPECT_EQ(lw_books->brought[LW_HOST][LATWATCH_PATH_RX], 6);
	EXPECT_EQ(lw_books->brought[scene.vm][LATWATCH_PATH_RX], 3);
	EXPECT_EQ(m_line(LW_TAKEN), 0);
	EXPECT_BALANCE();
	scene_take(5, 3);
	scene_signal();
	scene_enter();
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY) + m_line(LW_DELIVERED_KICK), 6);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_BALANCE();
	/* and once more, with nothing in flight */
	m_reset();
	EXPECT_EQ(lw_books->brought[LW_HOST][LATWATCH_PATH_RX], 0);
	EXPECT_EQ(lw_books->epoch, 2);
	scene_end();
}

/* two VMs on one bridge: each has its own figures and its own ledger */
static void two_vms_do_not_mix(void)
{
	unsigned int vm2;

	scene_begin();
	scene_boot(scene.vcpu2, 0, OTHER_CPU);
	vm2 = m_vm_account(&scene.mm2);
	m_at(0);
	scene_poll_begin();
	scene_to_tap(&scene.skb[0], 0, scene.vhost);
	scene_to_tap(&scene.skb[1], 1, scene.vhost2);
	scene_to_tap(&scene.skb[2], 1, scene.vhost2);
	scene_poll_end();
	m_at(10);
	scene_take(0, 1);
	scene_signal();
	m_at(12);
	m_switch(NIC_CPU, scene.vhost2, M_SLEEPS);
	m_consume(NIC_CPU, &scene.skb[1]);
	m_consume(NIC_CPU, &scene.skb[2]);
	m_signal(NIC_CPU, 0, VECTOR);
	m_wake(NIC_CPU, scene.vcpu2);
	m_at(20);
	scene_enter();
	m_at(30);
	scene_enter_as(scene.vcpu2, 0, OTHER_CPU);
	EXPECT_ONE(scene.vm, END_TO_END, 20 * US);
	EXPECT_STAT(vm2, END_TO_END, 2, 30 * US, 30 * US, 60 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 10 * US);
	EXPECT_ONE(vm2, BACKEND_WAKE, 12 * US);
	EXPECT_ONE(vm2, VCPU_WAKE, 18 * US);
	EXPECT_EQ(m_vm_line(vm2, LW_TAKEN), 2);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 1);
	scene_end();
}

/* reclaim sweeps the VM when a probe that had found it pushes a batch */
static void signalled_while_the_vm_is_swept(void)
{
	struct lw_vm *vm;

	scene_begin();
	vm = &lw_vms[scene.vm - 1];
	scene_rx_take(0, 1);
	vm->state = LW_VM_SWEPT;
	m_signal(VHOST_CPU, 0, VECTOR);
	EXPECT_EQ(lw_batch_used(), 0);
	vm->state = LW_VM_LIVE;
	EXPECT_EQ(m_vm_line(scene.vm, LW_LOST_VM_GONE), 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(vm_ends_with_packets_in_every_state),
	TEST(backend_ends_first),
	TEST(process_that_is_seen_by_two_at_once_is_one_vm),
	TEST(new_vm_in_the_same_slot),
	TEST(same_process_after_its_last_task_was_gone),
	TEST(vm_that_ends_is_not_joined),
	TEST(generation_counts_vms_not_their_tasks),
	TEST(only_vm_with_a_vcpu_is_found),
	TEST(every_slot_has_one_vm),
	TEST(full_vm_table_is_counted),
	TEST(full_vm_table_is_asked_once),
	TEST(reset_brings_forward_what_is_in_flight),
	TEST(two_vms_do_not_mix),
	TEST(signalled_while_the_vm_is_swept),
};

KTAP_MAIN(tests)
