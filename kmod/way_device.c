// SPDX-License-Identifier: GPL-2.0
/*
 * The way of an interrupt of a device that is passed through to a guest: its
 * handler, in hard irq context or in its thread, signals the guest itself.
 * Takes the interrupt from way_irq.c, gives it to the VM's vector, from where
 * it is delivered like any other (way_vm.c).
 *
 * Of the data that it announces the host sees nothing, and of interrupts that
 * the IOMMU posts not even those.
 */
#include "batch.h"
#include "vm.h"
#include "way.h"

/* tags of the VMs whose vCPU each interrupt woke before */
static u64 owners[LW_VM_IRQS];

/*
 * Whose interrupt this is. The events name a vCPU's number, not its VM: it is
 * the VM whose vCPU the interrupt woke before, or the only one that has such a
 * vCPU.
 */
static struct lw_vm *vm_of(u32 irq, u32 vcpu_id)
{
	struct lw_vm *vm = irq < LW_VM_IRQS ?
				   lw_vm_tagged(READ_ONCE(owners[irq])) : NULL;

	return vm && READ_ONCE(vm->state) == LW_VM_LIVE ?
		       vm : lw_vm_only_with(vcpu_id);
}

/**
 * lw_device_learn() - an interrupt's handler woke a vCPU of a VM
 * @vm: the VM
 * @irq: number of the interrupt
 */
void lw_device_learn(struct lw_vm *vm, u32 irq)
{
	if (irq < LW_VM_IRQS && READ_ONCE(owners[irq]) != lw_vm_tag(vm))
		WRITE_ONCE(owners[irq], lw_vm_tag(vm));
}

/* the interrupt waits for its vector as a batch of one */
static void push(struct lw_at *at, const struct lw_device_at *d, u64 now)
{
	unsigned int cpu = at->cpu->id, account = lw_vm_account(d->vm);
	struct lw_vector *v;
	struct lw_batch *b;

	v = lw_vector_get(d->vm, lw_vector_key(d->vcpu_id, d->vector));
	if (unlikely(!v)) {
		lw_count(cpu, account, LW_DEVICE_LOST_VECTOR_FULL, 1);
		return;
	}
	b = lw_batch_claim(d->vm, LATWATCH_ORIGIN_DEVICE, now);
	if (unlikely(!b)) {
		lw_count(cpu, account, LW_DEVICE_LOST_BATCH_FULL, 1);
		return;
	}
	lw_batch_add(b, &d->flight);
	lw_signal_push(at, b, v, now, d->turns);
}

/* vCPUs interrupt each other, and VMMs their guests: for no device */
static bool may_handle(const struct lw_at *at)
{
	const struct lw_task *s = at->cpu->current_slot;

	return at->level == LW_LEVEL_HARDIRQ || !s || s->task != at->task ||
	       !(s->roles & (LW_TASK_VCPU | LW_TASK_BACKEND));
}

/**
 * lw_device_signal() - a guest's interrupt controller accepts an interrupt
 * @at: where; not in a backend
 * @vm: whose, NULL: not known
 * @vcpu_id: which of its vCPUs'
 * @vector: which
 *
 * If a device's handler brings that about, the device is the guest's.
 */
void lw_device_signal(struct lw_at *at, struct lw_vm *vm, u32 vcpu_id,
		      u8 vector)
{
	static const enum latwatch_stage stages[] = {
		LATWATCH_STAGE_DEVICE_HARD_IRQ,
		LATWATCH_STAGE_DEVICE_IRQ_THREAD_WAKE,
		LATWATCH_STAGE_DEVICE_IRQ_THREAD,
	};
	struct lw_device_at *d = &at->cpu->device;
	u64 now;

	if (!may_handle(at) || !lw_irq_carried(at, &d->flight))
		return;
	now = lw_clock_ns();
	d->flight.origin = LATWATCH_ORIGIN_DEVICE;
	lw_mark(at, &d->flight, LATWATCH_MARK_SIGNAL, now);
	d->owner = at->task;
	d->level = at->level;
	d->vcpu_id = vcpu_id;
	d->vector = vector;
	d->vm = vm ?: vm_of(d->flight.irq, vcpu_id);
	if (unlikely(!d->vm)) {
		lw_count(at->cpu->id, LW_HOST, LW_DEVICE_OPENED, 1);
		lw_count(at->cpu->id, LW_HOST, LW_DEVICE_LOST_VM, 1);
		return;
	}
	d->turns = lw_vm_turns(d->vm, vcpu_id);
	lw_count(at->cpu->id, lw_vm_account(d->vm), LW_DEVICE_OPENED, 1);
	lw_record_irq(at, lw_vm_account(d->vm), stages, &d->flight,
		      LATWATCH_MARK_SIGNAL);
	push(at, d, now);
}
