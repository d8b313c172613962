// SPDX-License-Identifier: GPL-2.0
/* VMs and their pending interrupts. See vm.h. */
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/processor.h>
#include <linux/string.h>

#include "alloc.h"
#include "compat/user_worker.h"
#include "engine/vm.h"

struct lw_vm *lw_vms;
unsigned int lw_vm_slots;
/* counts arrivals and departures: a dump that sees it change says so */
atomic_t lw_vm_generation;

static atomic_t last_id;
/* VMs that have a vCPU of each number */
static atomic_t with_vcpu[LW_VM_VCPUS];

/**
 * lw_vm_init() - make room for VMs
 * @size: how many
 *
 * Return: 0 or -ENOMEM.
 */
int lw_vm_init(unsigned int size)
{
	lw_vms = kvcalloc(size, sizeof(*lw_vms), LW_GFP);
	lw_vm_slots = size;
	memset(with_vcpu, 0, sizeof(with_vcpu));
	return lw_vms ? 0 : -ENOMEM;
}

/** lw_vm_clear() - forget all VMs; no probe may run */
void lw_vm_clear(void)
{
	memset(lw_vms, 0, array_size(lw_vm_slots, sizeof(*lw_vms)));
	memset(with_vcpu, 0, sizeof(with_vcpu));
	atomic_inc(&lw_vm_generation);
}

/** lw_vm_exit() - free them; no probe may run any more */
void lw_vm_exit(void)
{
	kvfree(lw_vms);
	lw_vms = NULL;
}

/**
 * lw_vm_find() - the VM of an address space
 * @mm: the address space
 *
 * Return: the VM, or NULL if nothing was seen of it.
 */
struct lw_vm *lw_vm_find(const struct mm_struct *mm)
{
	struct lw_vm *vm;

	for (vm = lw_vms; vm < lw_vms + lw_vm_slots; vm++)
		/* acquire: pairs with the exchange in settle() */
		if (smp_load_acquire(&vm->state) == LW_VM_LIVE &&
		    READ_ONCE(vm->mm) == mm)
			return vm;
	return NULL;
}

static void describe(struct lw_vm *vm, const struct task_struct *t)
{
	/* the leader outlives the probe: its group has a running task */
	const struct task_struct *leader = t->group_leader;

	WRITE_ONCE(vm->pid, t->tgid);
	/* data_race(): see lw_flight_cast() */
	data_race(memcpy(vm->comm, leader->comm, sizeof(vm->comm)));
}

/* the first other slot of an address space, claimed or live */
static struct lw_vm *find_duplicate(const struct lw_vm *mine,
				    const struct mm_struct *mm)
{
	struct lw_vm *vm;

	smp_mb(); /* as in find_duplicate(), table.c */
	for (vm = lw_vms; vm < lw_vms + lw_vm_slots; vm++) {
		int state = READ_ONCE(vm->state);

		if (vm != mine &&
		    (state == LW_VM_CLAIMED || state == LW_VM_LIVE) &&
		    READ_ONCE(vm->mm) == mm)
			return vm;
	}
	return NULL;
}

/* an empty slot for an address space; when the last is taken, make room */
static struct lw_vm *claim_slot(const struct mm_struct *mm)
{
	struct lw_vm *vm, *mine = NULL;
	bool room = false;

	for (vm = lw_vms; vm < lw_vms + lw_vm_slots; vm++) {
		if (READ_ONCE(vm->state) != LW_VM_FREE)
			continue;
		if (mine)
			room = true;
		else if (cmpxchg(&vm->state, LW_VM_FREE, LW_VM_CLAIMED) ==
			 LW_VM_FREE)
			mine = vm;
	}
	if (!room)
		lw_reclaim_kick();
	if (mine)
		WRITE_ONCE(mine->mm, mm);
	return mine;
}

/* as lw_table_settle(), of a VM */
static bool settle(struct lw_vm *vm, const struct task_struct *t,
		   const struct mm_struct *mm)
{
	unsigned int try_nr;

	for (try_nr = 0; try_nr <= LW_DUPLICATE_TRIES; try_nr++) {
		struct lw_vm *duplicate = find_duplicate(vm, mm);

		if (likely(!duplicate)) {
			vm->since_ns = lw_clock_ns();
			describe(vm, t);
			vm->id = atomic_inc_return(&last_id);
			/* pairs with lw_vm_find() */
			return cmpxchg(&vm->state, LW_VM_CLAIMED,
				       LW_VM_LIVE) == LW_VM_CLAIMED;
		}
		if (READ_ONCE(duplicate->state) == LW_VM_LIVE)
			return false;
		if (vm < duplicate || try_nr + 1 == LW_DUPLICATE_TRIES)
			cmpxchg(&duplicate->state, LW_VM_CLAIMED, LW_VM_VOID);
		else
			cpu_relax();
	}
	return false;
}

static struct lw_vm *claim(const struct task_struct *t,
			   const struct mm_struct *mm)
{
	struct lw_vm *vm;
	unsigned int try_nr;

	for (try_nr = 0; try_nr < LW_CLAIM_TRIES; try_nr++) {
		vm = claim_slot(mm);
		if (!vm)
			return NULL;
		if (likely(settle(vm, t, mm))) {
			/* after that; pairs with lw_vm_is_vmm() */
			atomic_inc_return(&lw_vm_generation);
			return vm;
		}
		WRITE_ONCE(vm->mm, NULL);
		/* pairs with the cmpxchg() in claim_slot() */
		smp_store_release(&vm->state, LW_VM_FREE);
		vm = lw_vm_find(mm);
		if (vm)
			return vm;
	}
	return NULL;
}

/**
 * lw_vm_adopt() - note that a task belongs to the VM of its address space
 * @s: its slot
 * @t: the task; current, or one that is about to be woken
 *
 * Return: false if it has no address space or there is no slot for the VM.
 */
bool lw_vm_adopt(struct lw_task *s, const struct task_struct *t)
{
	u32 generation = atomic_read(&lw_vm_generation) + 1;
	const struct mm_struct *mm = t->mm;
	struct lw_vm *vm;

	if (likely(READ_ONCE(s->vm)))
		return true;
	if (!mm || READ_ONCE(s->no_slot) == generation)
		return false;
	vm = lw_vm_find(mm) ?: claim(t, mm);
	if (!vm) {
		WRITE_ONCE(s->no_slot, generation);
		return false;
	}
	/* the task itself and who wakes it may both come here: it counts once */
	atomic_inc(&vm->tasks);
	if (cmpxchg(&s->vm, NULL, vm))
		atomic_dec(&vm->tasks);
	lw_task_no_reader(s);
	return true;
}

/**
 * lw_vm_join() - note that current works for the VM of its address space
 * @ev: where
 * @s: current's slot
 * @role: as what, LW_TASK_*
 *
 * Return: false if there is no slot for the VM.
 */
bool lw_vm_join(struct lw_event *ev, struct lw_task *s, u8 role)
{
	if (likely(s->roles & role))
		return true;
	if (!lw_vm_adopt(s, ev->task))
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
	atomic_inc(&lw_vm_generation);
	return true;
}

/**
 * lw_vm_leave() - note that a task works for its VM no more
 * @s: its slot
 *
 * Return: true if that was the VM's last task: it is gone, and what waits
 * for it is the caller's to account for.
 */
bool lw_vm_leave(struct lw_task *s)
{
	struct lw_vm *vm = READ_ONCE(s->vm);

	if (!vm)
		return false;
	WRITE_ONCE(s->vm, NULL);
	if (s->roles & LW_TASK_BACKEND) {
		atomic_dec(&vm->backends);
		if (lw_is_worker(s->task))
			atomic_dec(&vm->workers);
	}
	if (s->roles & LW_TASK_VCPU)
		atomic_dec(&vm->vcpus);
	WRITE_ONCE(s->roles, 0);
	atomic_inc(&lw_vm_generation);
	if (!atomic_dec_and_test(&vm->tasks))
		return false;
	WRITE_ONCE(vm->state, LW_VM_GONE);
	return true;
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
		atomic_inc(&with_vcpu[vcpu_id]);
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
		atomic_dec(&with_vcpu[vcpu_id]);
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

	if (vcpu_id >= LW_VM_VCPUS || atomic_read(&with_vcpu[vcpu_id]) != 1)
		return NULL;
	for (vm = lw_vms; vm < lw_vms + lw_vm_slots; vm++)
		/* acquire: pairs with the exchange in settle() */
		if (smp_load_acquire(&vm->state) == LW_VM_LIVE &&
		    READ_ONCE(vm->vcpu[vcpu_id]))
			return vm;
	return NULL;
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
	u32 generation = atomic_read(&lw_vm_generation);

	if (likely(vm))
		return atomic_read(&vm->vcpus);
	if (s->no_vm == generation || !t->mm)
		return false;
	smp_rmb(); /* pairs with the order of state and count in claim() */
	vm = lw_vm_find(t->mm);
	if (!vm)
		s->no_vm = generation;
	return vm && atomic_read(&vm->vcpus);
}

/**
 * lw_vector_find() - where batches wait for a vector
 * @vm: the VM
 * @key: lw_vector_key()
 *
 * Return: the vector, or NULL if it never carried a packet.
 */
struct lw_vector *lw_vector_find(struct lw_vm *vm, u32 key)
{
	unsigned int i = hash_32(key, 6), n;

	BUILD_BUG_ON(LW_VM_VECTORS != 1 << 6);
	BUILD_BUG_ON(LW_VM_VECTORS > BITS_PER_LONG);
	for (n = 0; n < LW_VM_VECTORS; n++) {
		struct lw_vector *v = &vm->vector[i];
		u32 k = READ_ONCE(v->key);

		if (k == key)
			return v;
		if (!k)
			return NULL;
		i = (i + 1) % LW_VM_VECTORS;
	}
	return NULL;
}

/**
 * lw_vector_get() - the same, claimed if it was not there
 * @vm: the VM
 * @key: lw_vector_key()
 *
 * Return: the vector, or NULL when there are LW_VM_VECTORS others.
 */
struct lw_vector *lw_vector_get(struct lw_vm *vm, u32 key)
{
	unsigned int i = hash_32(key, 6), n;

	for (n = 0; n < LW_VM_VECTORS; n++) {
		struct lw_vector *v = &vm->vector[i];
		u32 k = READ_ONCE(v->key);

		if (!k)
			k = cmpxchg(&v->key, 0, key) ?: key;
		if (k == key)
			return v;
		i = (i + 1) % LW_VM_VECTORS;
	}
	return NULL;
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
