// SPDX-License-Identifier: GPL-2.0
/* VMs: how they are found, and how they come and go. See vm.h. */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "alloc.h"
#include "compat/user_worker.h"
#include "engine/vm.h"

struct lw_vm *lw_vms;
unsigned int lw_vm_slots;
/* address spaces of VMs that run, each with the number of its VM's slot, a u16 */
struct lw_table lw_vm_table;
/*
 * Counts VMs that came, that went, and slots that became free: a dump that sees it
 * change says so.
 */
atomic_t lw_vm_generation;

static atomic_t last_id;
/* slots of @lw_vms that are not free */
static DECLARE_BITMAP(taken, LW_VM_MOST);
/*
 * Which VMs have a vCPU of each number: how many, from bit 32 on, and the sum of their
 * slots' numbers, which is the VM if there is one.
 */
static atomic64_t with_vcpu[LW_VM_VCPUS];

#define LW_WITH_ONE	BIT_ULL(32)

/**
 * lw_vm_bytes() - what VMs take
 * @size: how many there can be
 *
 * Return: bytes.
 */
size_t lw_vm_bytes(unsigned int size)
{
	return size * sizeof(struct lw_vm) + lw_table_bytes(size, sizeof(u16));
}

static void forget(void)
{
	bitmap_zero(taken, LW_VM_MOST);
	memset(with_vcpu, 0, sizeof(with_vcpu));
}

/**
 * lw_vm_init() - make room for VMs
 * @size: how many, LW_VM_MOST at most
 *
 * Return: 0 or -ENOMEM.
 */
int lw_vm_init(unsigned int size)
{
	int err;

	forget();
	memset(&lw_vm_table, 0, sizeof(lw_vm_table));
	err = lw_table_init(&lw_vm_table, size, sizeof(u16));
	if (err)
		return err;
	lw_vm_slots = size;
	lw_vms = kvcalloc(size, sizeof(*lw_vms), LW_GFP);
	if (lw_vms)
		return 0;
	lw_table_exit(&lw_vm_table);
	return -ENOMEM;
}

/** lw_vm_clear() - forget all VMs; no probe may run */
void lw_vm_clear(void)
{
	memset(lw_vms, 0, array_size(lw_vm_slots, sizeof(*lw_vms)));
	lw_table_clear(&lw_vm_table, sizeof(u16));
	forget();
	atomic_inc(&lw_vm_generation);
}

/** lw_vm_exit() - free them; no probe may run any more */
void lw_vm_exit(void)
{
	kvfree(lw_vms);
	lw_vms = NULL;
	lw_table_exit(&lw_vm_table);
}

static u16 *number_in(int slot)
{
	return (u16 *)lw_vm_table.entries + slot;
}

/**
 * lw_vm_find() - the VM of an address space
 * @mm: the address space
 *
 * Return: the VM, which may be ending, or NULL if nothing was seen of it.
 */
struct lw_vm *lw_vm_find(const struct mm_struct *mm)
{
	int slot = lw_table_find(&lw_vm_table, mm);
	unsigned int number;

	if (slot < 0)
		return NULL;
	number = READ_ONCE(*number_in(slot));
	/* pairs with the claim of this slot for another, who then writes the number */
	smp_rmb();
	return READ_ONCE(*lw_table_key(&lw_vm_table, slot)) ==
	       (unsigned long)mm ? &lw_vms[number] : NULL;
}

/* the same, to work for it; NULL also if its last task is leaving it */
static struct lw_vm *find_to_join(const struct mm_struct *mm)
{
	struct lw_vm *vm = lw_vm_find(mm);

	return vm && atomic_inc_not_zero(&vm->tasks) ? vm : NULL;
}

static void describe(struct lw_vm *vm, const struct task_struct *t)
{
	/* the leader outlives the probe: its group has a running task */
	const struct task_struct *leader = t->group_leader;

	WRITE_ONCE(vm->pid, t->tgid);
	/* data_race(): see lw_flight_cast() */
	data_race(memcpy(vm->comm, leader->comm, sizeof(vm->comm)));
}

/* an empty slot; when the last is taken, make room. NULL: there is none */
static struct lw_vm *take_slot(void)
{
	unsigned int try_nr, n;

	for (try_nr = 0; try_nr < LW_CLAIM_TRIES; try_nr++) {
		n = find_first_zero_bit(taken, lw_vm_slots);
		if (n == lw_vm_slots)
			break;
		if (test_and_set_bit_lock(n, taken))
			continue;
		if (find_next_zero_bit(taken, lw_vm_slots, n) == lw_vm_slots)
			lw_reclaim_kick();
		return &lw_vms[n];
	}
	lw_reclaim_kick();
	return NULL;
}

/**
 * lw_vm_full() - ask whether another VM would find no slot
 *
 * Return: true if so.
 */
bool lw_vm_full(void)
{
	return find_first_zero_bit(taken, lw_vm_slots) == lw_vm_slots;
}

/**
 * lw_vm_free() - make a VM's slot free for another
 * @vm: a VM that no probe can have found
 */
void lw_vm_free(struct lw_vm *vm)
{
	memset_after(vm, 0, state);
	WRITE_ONCE(vm->state, LW_VM_FREE);
	clear_bit_unlock(vm - lw_vms, taken);
}

/* a task of an address space that no VM has; it counts as the VM's first */
static struct lw_vm *claim(const struct task_struct *t,
			   const struct mm_struct *mm)
{
	struct lw_vm *vm = take_slot(), *other = NULL;
	unsigned int try_nr;
	int slot;

	if (!vm)
		return NULL;
	WRITE_ONCE(vm->state, LW_VM_CLAIMED);
	vm->mm = mm;
	vm->since_ns = lw_clock_ns();
	describe(vm, t);
	vm->id = atomic_inc_return(&last_id);
	atomic_set(&vm->tasks, 1);
	for (try_nr = 0; try_nr < LW_CLAIM_TRIES && !other; try_nr++) {
		slot = lw_table_claim(&lw_vm_table, mm);
		if (slot < 0)
			break;
		WRITE_ONCE(*number_in(slot), vm - lw_vms);
		if (likely(lw_table_settle(&lw_vm_table, slot, mm))) {
			/* pairs with lw_vm_is_known() */
			smp_store_release(&vm->state, LW_VM_LIVE);
			atomic_inc(&lw_vm_generation);
			return vm;
		}
		lw_table_free(&lw_vm_table, slot);
		other = find_to_join(mm);
	}
	lw_vm_free(vm);
	return other;
}

/* a task works for a VM no more: the last ends it, and closes what waits for it */
static void leave(struct lw_event *ev, struct lw_vm *vm)
{
	int slot;

	if (!atomic_dec_and_test(&vm->tasks))
		return;
	slot = lw_table_find(&lw_vm_table, vm->mm);
	if (slot >= 0 && lw_table_take(&lw_vm_table, slot, vm->mm))
		lw_table_free(&lw_vm_table, slot);
	WRITE_ONCE(vm->state, LW_VM_GONE);
	atomic_inc(&lw_vm_generation);
	lw_vector_drain(ev, vm);
}

/* @vcpus: the address space is one that vCPUs run in; if not, it may have no VM */
static bool adopt(struct lw_event *ev, struct lw_task *s,
		  const struct task_struct *t, bool vcpus)
{
	u32 generation = atomic_read(&lw_vm_generation) + 1;
	u32 *none = vcpus ? &s->no_slot : &s->no_vm;
	const struct mm_struct *mm = t->mm;
	struct lw_vm *vm;

	if (likely(READ_ONCE(s->vm)))
		return true;
	if (!mm || READ_ONCE(*none) == generation)
		return false;
	vm = find_to_join(mm);
	if (!vm && vcpus)
		vm = claim(t, mm);
	if (!vm) {
		WRITE_ONCE(*none, generation);
		return false;
	}
	/* the task itself and who wakes it may both come here: it counts once */
	if (cmpxchg(&s->vm, NULL, vm))
		leave(ev, vm);
	lw_task_no_reader(s);
	return true;
}

/**
 * lw_vm_adopt() - note that a task belongs to the VM of its address space
 * @ev: where
 * @s: its slot
 * @t: the task; current, or one that is about to be woken: a vCPU, or one whose
 *     address space vCPUs run in
 *
 * Return: false if it has no address space or there is no slot for the VM.
 */
bool lw_vm_adopt(struct lw_event *ev, struct lw_task *s,
		 const struct task_struct *t)
{
	return adopt(ev, s, t, true);
}

/**
 * lw_vm_join() - note that current works for the VM of its address space
 * @ev: where
 * @s: current's slot
 * @role: as what, LW_TASK_*
 *
 * Return: false if there is no slot for the VM; of a backend, if there is no VM: no
 * vCPU of its process was seen, or there was no slot.
 */
bool lw_vm_join(struct lw_event *ev, struct lw_task *s, u8 role)
{
	if (likely(s->roles & role))
		return true;
	if (!adopt(ev, s, ev->task, role == LW_TASK_VCPU))
		return false;
	WRITE_ONCE(s->roles, s->roles | role);
	if (role == LW_TASK_BACKEND) {
		atomic_inc(&s->vm->backends);
		if (lw_is_worker(ev->task))
			atomic_inc(&s->vm->workers);
	} else if (atomic_inc_return(&s->vm->vcpus) == 1) {
		/* until now it may have been known by a kernel thread's name */
		describe(s->vm, ev->task);
	}
	return true;
}

/**
 * lw_vm_leave() - note that a task works for its VM no more
 * @ev: where
 * @s: its slot
 *
 * The VM is gone with its last task, and what waits for it is closed.
 */
void lw_vm_leave(struct lw_event *ev, struct lw_task *s)
{
	struct lw_vm *vm = READ_ONCE(s->vm);

	if (!vm)
		return;
	lw_vm_clear_vcpu(vm, s->vcpu_id, s);
	WRITE_ONCE(s->vm, NULL);
	if (s->roles & LW_TASK_BACKEND) {
		atomic_dec(&vm->backends);
		if (lw_is_worker(s->task))
			atomic_dec(&vm->workers);
	}
	if (s->roles & LW_TASK_VCPU)
		atomic_dec(&vm->vcpus);
	WRITE_ONCE(s->roles, 0);
	leave(ev, vm);
}

/**
 * lw_vm_set_vcpu() - note which task a vCPU is
 * @vm: its VM
 * @vcpu_id: its number, any
 * @s: its slot
 */
void lw_vm_set_vcpu(struct lw_vm *vm, u32 vcpu_id, struct lw_task *s)
{
	if (unlikely(vcpu_id >= LW_VM_VCPUS) ||
	    likely(READ_ONCE(vm->vcpu[vcpu_id]) == s))
		return;
	if (!xchg(&vm->vcpu[vcpu_id], s))
		atomic64_add(LW_WITH_ONE + (vm - lw_vms), &with_vcpu[vcpu_id]);
}

/**
 * lw_vm_clear_vcpu() - note that a task was a vCPU
 * @vm: its VM
 * @vcpu_id: its number, any
 * @s: its slot
 */
void lw_vm_clear_vcpu(struct lw_vm *vm, u32 vcpu_id, struct lw_task *s)
{
	if (vcpu_id < LW_VM_VCPUS &&
	    cmpxchg(&vm->vcpu[vcpu_id], s, NULL) == s)
		atomic64_sub(LW_WITH_ONE + (vm - lw_vms), &with_vcpu[vcpu_id]);
}

/**
 * lw_vm_only_with() - the VM that has a vCPU of a number
 * @vcpu_id: the number, any
 *
 * Return: the VM, or NULL if there is none or more than one.
 */
struct lw_vm *lw_vm_only_with(u32 vcpu_id)
{
	struct lw_vm *vm;
	s64 with;

	if (vcpu_id >= LW_VM_VCPUS)
		return NULL;
	with = atomic64_read(&with_vcpu[vcpu_id]);
	if (with >> 32 != 1 || (u32)with >= lw_vm_slots)
		return NULL;
	vm = &lw_vms[(u32)with];
	/* acquire: pairs with the release in claim() */
	return smp_load_acquire(&vm->state) == LW_VM_LIVE &&
	       READ_ONCE(vm->vcpu[vcpu_id]) ? vm : NULL;
}

/**
 * lw_vm_is_vmm() - ask whether a task is of a process that runs vCPUs
 * @s: its slot
 * @t: the task, current
 *
 * Return: true if a vCPU of its process was seen.
 */
bool lw_vm_is_vmm(struct lw_task *s, const struct task_struct *t)
{
	const struct lw_vm *vm = READ_ONCE(s->vm);

	if (!vm && t->mm)
		vm = lw_vm_find(t->mm);
	return vm && atomic_read(&vm->vcpus);
}

/**
 * lw_vm_used() - count slots in use
 *
 * Return: how many.
 */
unsigned int lw_vm_used(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < lw_vm_slots; i++)
		n += READ_ONCE(lw_vms[i].state) != LW_VM_FREE;
	return n;
}
