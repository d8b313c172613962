// SPDX-License-Identifier: GPL-2.0
/*
 * The way of an interrupt of a device that is passed through to a guest: its
 * handler, in hard irq context or in its thread, signals the guest itself.
 * Takes the interrupt from irq.c, gives it to the VM's vector, from where
 * it is delivered like any other (guest.c).
 *
 * Of the data that it announces the host sees nothing, and of interrupts that
 * the IOMMU posts not even those.
 */
#include "engine/batch.h"
#include "engine/vm.h"
#include "path/path.h"

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

/* an interrupt's handler woke a vCPU of a VM */
static void learn(struct lw_vm *vm, u32 irq)
{
	if (irq < LW_VM_IRQS && READ_ONCE(owners[irq]) != lw_vm_tag(vm))
		WRITE_ONCE(owners[irq], lw_vm_tag(vm));
}

/* the interrupt waits for its vector as a batch of one */
static void push(struct lw_event *ev, const struct lw_device_in_hand *d, u64 now)
{
	unsigned int cpu = ev->cpu->id, account = lw_vm_account(d->vm);
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
	lw_signal_push(ev, b, v, now, d->guest_seq);
}

/* vCPUs interrupt each other, and VMMs their guests: for no device */
static bool may_handle(const struct lw_event *ev)
{
	const struct lw_task *s = ev->cpu->current_slot;

	return ev->level == LW_LEVEL_HARDIRQ || !s || s->task != ev->task ||
	       !(s->roles & (LW_TASK_VCPU | LW_TASK_BACKEND));
}

/**
 * lw_device_signal() - a guest's interrupt controller accepts an interrupt
 * @ev: where; not in a backend
 * @vm: whose, NULL: not known
 * @vcpu_id: which of its vCPUs'
 * @vector: which
 *
 * If a device's handler brings that about, the device is the guest's.
 */
void lw_device_signal(struct lw_event *ev, struct lw_vm *vm, u32 vcpu_id,
		      u8 vector)
{
	static const enum latwatch_stage stages[] = {
		LATWATCH_STAGE_DEVICE_HARD_IRQ,
		LATWATCH_STAGE_DEVICE_IRQ_THREAD_WAKE,
		LATWATCH_STAGE_DEVICE_IRQ_THREAD,
	};
	struct lw_device_in_hand *d;
	struct lw_ctx *x;
	u64 now;

	if (!may_handle(ev))
		return;
	x = lw_ctx_get(ev);
	d = &x->device;
	if (!lw_irq_carried(ev, &d->flight)) {
		lw_ctx_put(ev->cpu, x);
		return;
	}
	now = lw_clock_ns();
	d->flight.origin = LATWATCH_ORIGIN_DEVICE;
	lw_mark(ev, &d->flight, LATWATCH_MARK_SIGNAL, now);
	x->holds &= ~LW_HOLDS_NOTIFIED;
	x->holds |= LW_HOLDS_DEVICE;
	d->vcpu_id = vcpu_id;
	d->vector = vector;
	d->vm = vm ?: vm_of(d->flight.irq, vcpu_id);
	if (unlikely(!d->vm)) {
		lw_count(ev->cpu->id, LW_HOST, LW_DEVICE_OPENED, 1);
		lw_count(ev->cpu->id, LW_HOST, LW_DEVICE_LOST_VM, 1);
		return;
	}
	d->guest_seq = lw_vm_guest_seq(d->vm, vcpu_id);
	lw_count(ev->cpu->id, lw_vm_account(d->vm), LW_DEVICE_OPENED, 1);
	lw_record_irq(ev, lw_vm_account(d->vm), stages, &d->flight,
		      LATWATCH_MARK_SIGNAL);
	push(ev, d, now);
}

/**
 * lw_wake_vcpu_device() - a device's handler wakes the vCPU that it has signalled
 * @ev: where; its context holds that signal
 * @t: the vCPU
 * @s: its slot, or NULL
 * @awake: it is on a CPU
 */
void lw_wake_vcpu_device(struct lw_event *ev, const struct task_struct *t,
			 struct lw_task *s, bool awake)
{
	struct lw_ctx *x = lw_ctx(ev);
	struct lw_device_in_hand *d = &x->device;
	u64 now;

	if (t->flags & PF_KTHREAD)
		return;
	s = s ?: lw_wake_new(ev, t, awake);
	if (!s || !lw_vm_adopt(ev, s, t))
		return;
	x->holds &= ~LW_HOLDS_DEVICE;
	learn(s->vm, d->flight.irq);
	now = lw_clock_ns();
	WRITE_ONCE(ev->cpu->last[LATWATCH_MARK_VCPU_WAKE], now);
	lw_flight_set(&d->flight, LATWATCH_MARK_VCPU_WAKE, now, ev->cpu->id);
	if (lw_wake_leave(ev, s, now, LW_WAKE_VCPU_DEVICE, awake, NULL, NULL))
		lw_record(ev, lw_vm_account(s->vm),
			  LATWATCH_STAGE_DEVICE_SIGNAL, &d->flight,
			  LATWATCH_MARK_SIGNAL, LATWATCH_MARK_VCPU_WAKE);
	lw_ctx_put(ev->cpu, x);
}
