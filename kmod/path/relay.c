// SPDX-License-Identifier: GPL-2.0
/*
 * Signals by a third, where KVM's event names the vCPU: an interrupt that KVM cannot
 * raise where the backend signals (a level, one of the I/O APIC) is raised by the VMM, or
 * by a worker of the kernel's, whom the backend wakes instead. Takes what the backend
 * has in hand (guest.c), lets it wait as announced to whom it woke, and moves it to the
 * vector that this one signals next. It is the signal of whoever caused it.
 */
#include "engine/batch.h"
#include "compat/user_worker.h"
#include "engine/vm.h"
#include "path/path.h"

static u32 announced_by(const struct task_struct *t)
{
	return lw_vector_key(t->pid, LW_VECTOR_ANNOUNCED);
}

/* a task that a vhost worker wakes may pass a signal on to the guest */
static bool may_tell(const struct lw_event *ev, const struct task_struct *t,
		     const struct lw_task *s)
{
	if (t->flags & PF_WQ_WORKER)
		return true;
	return t->mm == ev->task->mm && !lw_is_worker(t) &&
	       !(s && READ_ONCE(s->roles) & LW_TASK_VCPU);
}

/**
 * lw_relay() - a backend with packets in hand wakes a task
 * @ev: where
 * @self: the backend's slot
 * @t: the task
 * @s: its slot, or NULL
 * @awake: it is on a CPU
 *
 * A vhost worker that has packets in hand wakes nobody but for a signal: its guest's
 * vCPU, if it could signal itself. What @t will tell must be seen, and be of one VM.
 *
 * Return: true if that was a signal, for @t to pass on.
 */
bool lw_relay(struct lw_event *ev, struct lw_task *self, const struct task_struct *t,
	      struct lw_task *s, bool awake)
{
	struct lw_vector *v;
	bool busy = false;
	u64 now, tag;

	if (READ_ONCE(lw_signal_mode) != LW_SIGNAL_DIRECT || self->signalled ||
	    !(self->roles & LW_TASK_BACKEND) || !lw_is_worker(ev->task) ||
	    !may_tell(ev, t, s))
		return false;
	lw_count(ev->cpu->id, lw_vm_account(self->vm), t->mm ?
		 LW_NOTE_RELAYED : LW_NOTE_RELAYED_WORK, 1);
	self->relayed = true;
	tag = lw_vm_tag(self->vm);
	if (s && !t->mm && READ_ONCE(s->relays_for) && READ_ONCE(s->relays_for) != tag)
		busy = true;
	if (!s) {
		s = lw_task_claim(ev, t);
		/* its CPU does not know that it is followed */
		busy = !s || awake;
	}
	if (unlikely(busy)) {
		lw_suppress(self, ev);
		return true;
	}
	v = lw_vector_get(self->vm, announced_by(ev->task));
	if (v)
		WRITE_ONCE(v->teller, t);
	if (t->mm)
		lw_vm_adopt(ev, s, t);
	else
		WRITE_ONCE(s->relays_for, tag);
	WRITE_ONCE(s->relays, true);
	now = lw_clock_ns();
	lw_backend_signal(ev, self, announced_by(ev->task), now);
	self->signalled = false;
	if (v)
		self->waits_at = v;
	lw_wake_leave(ev, s, now, LW_WAKE_RELAY, awake, NULL, NULL);
	return true;
}

/**
 * lw_relay_vm() - for which VM does a task signal?
 * @s: its slot
 *
 * Return: the VM that it works for, or, of a kernel worker, passes signals on to; or NULL.
 */
struct lw_vm *lw_relay_vm(const struct lw_task *s)
{
	struct lw_vm *vm = READ_ONCE(s->vm);

	return vm || !s->relays ? vm : lw_vm_tagged(READ_ONCE(s->relays_for));
}

/* what was announced waits for a vector now; @s: who tells */
static void move(struct lw_task *s, struct lw_vector *from, struct lw_vector *to)
{
	struct llist_node *n = llist_reverse_order(llist_del_all(&from->pending));

	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node);

		n = n->next;
		if (!s->signalled && !b->rides) {
			s->signalled = true;
			s->signal_ns = b->signal_ns;
			s->flight = b->flight;
			lw_flight_set(&s->flight, LATWATCH_MARK_SIGNAL, b->signal_ns,
				      b->signal_cpu);
		}
		b->guest_seq = s->signal_guest_seq;
		llist_add(&b->node, &to->pending);
	}
	WRITE_ONCE(from->told, to);
}

static void tell(struct lw_event *ev, struct lw_vm *vm, struct lw_task *s,
		 struct lw_vector *from, u32 key)
{
	struct lw_vector *to = lw_vector_get(vm, key);
	unsigned int number;

	if (unlikely(!to)) {
		lw_vector_close(ev, from, LW_LOST_VECTOR_FULL);
		return;
	}
	number = lw_vector_number(vm, to);
	/* lw_posted() follows if it is */
	if (unlikely(READ_ONCE(vm->posted) & BIT(number)))
		clear_bit(number, &vm->posted);
	move(s, from, to);
	/* as lw_signal_push() does */
	if (unlikely(lw_vm_has_ended(vm)))
		lw_vector_drain(ev, vm);
}

/* the next of a VM's vectors that has something that was announced to current */
static struct lw_vector *next_told(struct lw_event *ev, struct lw_vm *vm,
				   unsigned long *set)
{
	while (*set) {
		struct lw_vector *v = &vm->vector[lw_vector_next(set)];

		if (!llist_empty(&v->pending) && lw_vector_is_announced(v) &&
		    READ_ONCE(v->teller) == ev->task)
			return v;
	}
	return NULL;
}

/**
 * lw_relay_tell() - who passes signals on signals the guest
 * @ev: where; current is the VMM, or a kernel worker
 * @s: its slot
 * @vcpu_id: which of the guest's vCPUs'
 * @vector: which
 *
 * All that was announced to it waits for that: which of the guest's devices it is for
 * is not known.
 */
void lw_relay_tell(struct lw_event *ev, struct lw_task *s, u32 vcpu_id, u8 vector)
{
	struct lw_vm *vm = lw_relay_vm(s);
	struct lw_vector *from;
	unsigned long set;

	if (!vm || READ_ONCE(lw_signal_mode) != LW_SIGNAL_DIRECT)
		return;
	s->signalled = false;
	s->signal_guest_seq = lw_vm_guest_seq(vm, vcpu_id);
	set = READ_ONCE(vm->announced);
	while ((from = next_told(ev, vm, &set)))
		tell(ev, vm, s, from, lw_vector_key(vcpu_id, vector));
}

/**
 * lw_relay_own() - a backend whose signals another passed on signals by itself
 * @ev: where; current is the backend
 * @s: its slot
 * @vcpu_id: which of the guest's vCPUs'
 * @vector: which
 */
void lw_relay_own(struct lw_event *ev, struct lw_task *s, u32 vcpu_id, u8 vector)
{
	struct lw_vector *from = lw_vector_find(s->vm, announced_by(ev->task));

	s->relayed = false;
	s->signal_guest_seq = lw_vm_guest_seq(s->vm, vcpu_id);
	if (from && !llist_empty(&from->pending))
		tell(ev, s->vm, s, from, lw_vector_key(vcpu_id, vector));
}

/**
 * lw_wake_told() - who has passed a signal on wakes a task
 * @ev: where
 * @self: its slot
 * @t: the task
 * @s: that one's slot, or NULL
 * @awake: it is on a CPU
 *
 * Return: true if @t is the guest's vCPU.
 */
bool lw_wake_told(struct lw_event *ev, struct lw_task *self, const struct task_struct *t,
		  struct lw_task *s, bool awake)
{
	struct lw_vm *vm = lw_relay_vm(self);
	struct lw_cpu *c = ev->cpu;
	u64 now;

	if (!self->signalled || !vm || t->mm != vm->mm || self->roles & LW_TASK_BACKEND)
		return false;
	self->signalled = false;
	s = s ?: lw_wake_new(ev, t, awake);
	if (!s || !lw_vm_adopt(ev, s, t))
		return true;
	now = lw_clock_ns();
	WRITE_ONCE(c->last[LATWATCH_MARK_VCPU_WAKE], now);
	if (lw_wake_leave(ev, s, now, LW_WAKE_VCPU, awake, NULL, NULL))
		lw_stat_one(&lw_account(c->id, lw_vm_account(vm))
				     ->stat[LATWATCH_STAGE_SIGNAL],
			    now - self->signal_ns, &self->flight, now, c->id);
	return true;
}

/**
 * lw_relay_over() - who passes signals on has nothing to do any more, or ends
 * @ev: where; current is that
 * @s: its slot
 *
 * What it told nobody of waits with what it told last, if that waits still: a level that
 * is up is not raised again. Otherwise it is not known how the guest learned of it.
 */
void lw_relay_over(struct lw_event *ev, struct lw_task *s)
{
	struct lw_vm *vm = lw_relay_vm(s);
	struct lw_vector *from;
	unsigned long set;

	/* what it was woken for meanwhile it will do */
	if (!vm || READ_ONCE(lw_signal_mode) != LW_SIGNAL_DIRECT ||
	    (READ_ONCE(s->wake.word) & LW_WAKE_STATE) == LW_WAKE_ASLEEP)
		return;
	set = READ_ONCE(vm->announced);
	while ((from = next_told(ev, vm, &set))) {
		struct llist_node *n = llist_reverse_order(llist_del_all(&from->pending));
		struct lw_vector *told = READ_ONCE(from->told);

		while (n) {
			struct lw_batch *b = llist_entry(n, struct lw_batch, node);

			n = n->next;
			if (!told || !lw_vector_follow(told, &b->node))
				lw_batch_close(ev, b, LW_LOST_SIGNAL);
		}
	}
	WRITE_ONCE(s->relays_for, 0);
}
