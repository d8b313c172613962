/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The VMs, and the interrupts that wait to be delivered to them.
 *
 * A VM is told by its address space: its vCPUs run in it, its vhost workers
 * borrow it (up to Linux 6.3) or share it (from 6.4 on), and so does a VMM
 * that serves the tap itself. Names prove nothing. Two VMs in one process
 * would count as one. A process that takes packets from a tap, and of which no vCPU
 * was seen, has no VM: it may be a VPN.
 */
#ifndef LW_VM_H
#define LW_VM_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "engine/event.h"
#include "books/books.h"
#include "engine/task.h"
#include "engine/vector.h"

struct lw_batch;
struct mm_struct;

/* in books/reclaim.c: there is a need for slots; any context but NMI */
void lw_reclaim_kick(void);

#define LW_VM_MOST	1024	/* VMs */
#define LW_VM_VCPUS	288	/* vCPUs whose state a signaller can see */
#define LW_VM_IRQS	1024	/* interrupts that can be told to be a VM's */

enum lw_vm_state {
	LW_VM_FREE,
	LW_VM_CLAIMED,	/* being filled by a probe */
	LW_VM_LIVE,
	LW_VM_GONE,	/* its last task has exited; its account stays */
	LW_VM_SWEPT,	/* being emptied by books/reclaim.c */
};

/**
 * struct lw_vm - a process that runs vCPUs
 * @state: enum lw_vm_state; the first: lw_vm_free() wipes what is after it
 * @mm: its address space; only compared, never followed
 * @id: what users call it; never used twice
 * @pid: thread group
 * @comm: name of its thread group's leader when it was first seen
 * @since_ns: when it was first seen
 * @tasks: followed tasks that work for it; the last to exit ends it: it is
 *         found by nobody any more, and no other task joins it
 * @vcpus: of them, those that entered the guest
 * @backends: of them, those that took packets
 * @workers: of those, the kernel's
 * @posts: some vector was posted: vCPUs that enter look at @posted
 * @any_notified: some vector is one that vCPUs are notified of
 * @used: vectors that were claimed; a bit each
 * @announced: of them, those of what nobody was notified of yet, and others; see
 *             lw_vector_is_announced()
 * @posted: of them, those that the hardware delivers, without an injection, and that
 *          no entry has collected since
 * @of_vcpus: of them, those of some vCPUs, and others; see lw_vector_set()
 * @vcpu: slots of the vCPUs' threads by vCPU id, NULL where not seen
 * @index: numbers of vectors, plus 1, by a hash of their keys; 0: none. Filled once by
 *         compare-and-exchange
 * @vector: kept as long as the VM
 */
struct lw_vm {
	int state;
	const struct mm_struct *mm;
	u32 id;
	s32 pid;
	char comm[TASK_COMM_LEN];
	u64 since_ns;
	atomic_t tasks;
	atomic_t vcpus;
	atomic_t backends;
	atomic_t workers;
	bool posts;
	bool any_notified;
	unsigned long used;
	unsigned long announced;
	unsigned long posted;
	unsigned long of_vcpus[LW_VECTOR_SETS];
	struct lw_task *vcpu[LW_VM_VCPUS];
	u8 index[LW_VECTOR_INDEX];
	struct lw_vector vector[LW_VM_VECTORS];
};

extern struct lw_vm *lw_vms;
extern struct lw_table lw_vm_table;
extern unsigned int lw_vm_slots;
extern atomic_t lw_vm_generation;

size_t lw_vm_bytes(unsigned int size);
int lw_vm_init(unsigned int size);
void lw_vm_clear(void);
void lw_vm_exit(void);
struct lw_vm *lw_vm_find(const struct mm_struct *mm);
bool lw_vm_adopt(struct lw_event *ev, struct lw_task *s,
		 const struct task_struct *t);
bool lw_vm_join(struct lw_event *ev, struct lw_task *s, u8 role);
void lw_vm_leave(struct lw_event *ev, struct lw_task *s);
void lw_vm_free(struct lw_vm *vm);
void lw_vm_set_vcpu(struct lw_vm *vm, u32 vcpu_id, struct lw_task *s);
void lw_vm_clear_vcpu(struct lw_vm *vm, u32 vcpu_id, struct lw_task *s);
struct lw_vm *lw_vm_only_with(u32 vcpu_id);
bool lw_vm_is_vmm(struct lw_task *s, const struct task_struct *t);
bool lw_vm_full(void);
unsigned int lw_vm_used(void);

/* which of its VM's a vector is */
static inline unsigned int lw_vector_number(const struct lw_vm *vm,
					    const struct lw_vector *v)
{
	return v - vm->vector;
}

/*
 * The vectors among which those of a vCPU are: of VMs with up to LW_VECTOR_SETS vCPUs no
 * others, but for one that was about to be claimed by two at once.
 */
static inline unsigned long *lw_vector_set(struct lw_vm *vm, u32 vcpu_id)
{
	return &vm->of_vcpus[vcpu_id % LW_VECTOR_SETS];
}

/* a VM's account in the books; LW_HOST without one */
static inline unsigned int lw_vm_account(const struct lw_vm *vm)
{
	return vm ? vm - lw_vms + 1 : LW_HOST;
}

/* this task, current, is known to be its VM's vCPU of that number */
static inline bool lw_vm_has_vcpu(const struct lw_task *s, u32 vcpu_id)
{
	if (!(s->roles & LW_TASK_VCPU) || s->vcpu_id != vcpu_id)
		return false;
	return vcpu_id >= LW_VM_VCPUS ||
	       READ_ONCE(s->vm->vcpu[vcpu_id]) == s;
}

/* lw_task.guest_seq of a vCPU, or 0 if it was not seen */
static inline u32 lw_vm_guest_seq(const struct lw_vm *vm, u32 vcpu_id)
{
	const struct lw_task *s = vcpu_id < LW_VM_VCPUS ?
					  READ_ONCE(vm->vcpu[vcpu_id]) : NULL;

	return s ? READ_ONCE(s->guest_seq) : 0;
}

/* there is a VM in this slot, gone or not; what describes it can be read then */
static inline bool lw_vm_is_known(const struct lw_vm *vm)
{
	/* acquire: pairs with the release in claim(), vm.c */
	int state = smp_load_acquire(&vm->state);

	return state == LW_VM_LIVE || state == LW_VM_GONE;
}

/*
 * Ask whether a VM that was found has ended since. Who pushes a batch
 * to it asks after that: nobody else closes the batch if it has, be the VM
 * gone or already being swept.
 */
static inline bool lw_vm_has_ended(const struct lw_vm *vm)
{
	return READ_ONCE(vm->state) >= LW_VM_GONE;
}

/*
 * A VM's name for what remembers it from one event to another, while it may end:
 * its slot and its id, which no other VM has after it. 0: none.
 */
static inline u64 lw_vm_tag(const struct lw_vm *vm)
{
	return (u64)vm->id << 32 | (vm - lw_vms);
}

/* the VM, gone or not, or NULL if its slot is not its own any more */
static inline struct lw_vm *lw_vm_tagged(u64 tag)
{
	struct lw_vm *vm = &lw_vms[(u32)tag];

	return tag && lw_vm_is_known(vm) && lw_vm_tag(vm) == tag ? vm : NULL;
}

#endif
