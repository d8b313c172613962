// SPDX-License-Identifier: GPL-2.0
/*
 * Signals that do not name their vCPU, and deliveries without an injection.
 * Takes what a backend announces (its batches wait as announced by it), moves
 * it to the vCPU that is notified of it, and gives it to guest.c with that vCPU's
 * next entry.
 *
 *	backend		signal ......... tell ............. entry
 *	another way	signal > VMM or kernel thread > tell > entry
 *
 * Mostly the backend itself brings about both, one inside the other. But KVM
 * leaves to a thread of the kernel what it cannot do at once, and without an
 * irqfd the signal goes to the VMM, which then interrupts its guest by an
 * ioctl: then whoever tells a vCPU next tells it all that the VM's backends
 * have announced.
 *
 * Where nothing can be hooked that tells, a backend's wake of a vCPU, or its
 * IPI to where one runs, is taken for signal and telling in one.
 */
#include "engine/batch.h"
#include "compat/user_worker.h"
#include "engine/vm.h"
#include "path/path.h"

/* what nobody was notified of yet is below the backend's pid, the rest the vCPU's */
#define TOLD		LW_VECTOR_TOLD
#define ANNOUNCED	LW_VECTOR_ANNOUNCED

enum lw_signal_mode lw_signal_mode;

/*
 * From a list that others push to, to another. A vCPU in the guest must have
 * left it before an entry delivers these. @notified takes the oldest of them.
 */
static void move(struct lw_vector *from, struct lw_vector *to, bool in_guest,
		 struct lw_notified *notified)
{
	struct llist_node *n = llist_del_all(&from->pending);
	u32 exits = READ_ONCE(to->exits) - !in_guest;

	n = llist_reverse_order(n);
	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node);

		n = n->next;
		if (notified && !notified->signal_ns) {
			notified->signal_ns = b->signal_ns;
			notified->flight = b->flight;
			lw_flight_set(&notified->flight, LATWATCH_MARK_SIGNAL,
				      b->signal_ns, b->signal_cpu);
		}
		b->exits = exits;
		llist_add(&b->node, &to->pending);
	}
}

/* the next list that has what nobody was notified of yet; @set: of those not looked at */
static struct lw_vector *next_announced(struct lw_vm *vm, unsigned long *set)
{
	while (*set) {
		struct lw_vector *v = &vm->vector[lw_vector_next(set)];

		if (!llist_empty(&v->pending) && lw_vector_is_announced(v))
			return v;
	}
	return NULL;
}

static void move_all(struct lw_vm *vm, struct lw_vector *to, bool in_guest,
		     struct lw_notified *notified)
{
	unsigned long set = READ_ONCE(vm->announced);
	struct lw_vector *from;

	while ((from = next_announced(vm, &set)))
		move(from, to, in_guest, notified);
}

/* the vCPU is told, and there is no room to remember by which entry it was */
static void lose(struct lw_event *ev, struct lw_task *self, struct lw_vm *vm)
{
	unsigned long set = READ_ONCE(vm->announced);
	struct lw_vector *v;

	while ((v = next_announced(vm, &set)))
		if (!self || READ_ONCE(v->key) ==
			     lw_vector_key(ev->task->pid, ANNOUNCED))
			lw_vector_close(ev, v, LW_LOST_VECTOR_FULL);
}

static struct lw_task *backend(const struct lw_event *ev)
{
	struct lw_task *s = ev->cpu->current_slot;

	return ev->level == LW_LEVEL_TASK && s && s->task == ev->task &&
	       s->roles & LW_TASK_BACKEND ? s : NULL;
}

static void announce(struct lw_event *ev, struct lw_task *s)
{
	WRITE_ONCE(s->vm->any_notified, true);
	lw_backend_signal(ev, s, lw_vector_key(ev->task->pid, ANNOUNCED), lw_clock_ns());
	s->signalled = false;
	s->announced = true;
}

/**
 * lw_announce() - an interrupt is signalled, not known to which vCPU
 * @ev: where
 */
void lw_announce(struct lw_event *ev)
{
	struct lw_task *s = backend(ev);

	if (s)
		announce(ev, s);
}

/* what waits goes to the vCPU; outside of the guest it may need a wake */
static void notify(struct lw_event *ev, struct lw_task *self, struct lw_vm *vm,
		   u32 vcpu, bool in_guest)
{
	struct lw_notified *notified = NULL;
	struct lw_vector *to, *from;
	struct lw_ctx *x;

	lw_ctx_drop(ev, LW_HOLDS_NOTIFIED);
	to = lw_vector_get(vm, lw_vector_key(vcpu, TOLD));
	if (unlikely(!to)) {
		lose(ev, self, vm);
		return;
	}
	WRITE_ONCE(vm->any_notified, true);
	x = lw_ctx_get(ev);
	/* the wake by a device's handler is device.c's */
	if (!(x->holds & LW_HOLDS_DEVICE)) {
		notified = &x->notified;
		notified->signal_ns = 0;
	}
	if (self) {
		from = lw_vector_find(vm, lw_vector_key(ev->task->pid,
							ANNOUNCED));
		if (from && !llist_empty(&from->pending)) {
			move(from, to, in_guest, notified);
			lw_waits_at(self, to);
		}
		if (notified && !notified->signal_ns) {
			/* a round of transmitting has no packets */
			notified->signal_ns = self->signal_ns;
			notified->flight = self->flight;
		}
		self->announced = false;
	} else {
		move_all(vm, to, in_guest, notified);
	}
	if (notified && notified->signal_ns && !in_guest) {
		notified->vcpu = vcpu;
		x->holds |= LW_HOLDS_NOTIFIED;
	}
	lw_ctx_put(ev->cpu, x);
	/* as lw_signal_push() does */
	if (unlikely(lw_vm_has_ended(vm)))
		lw_vector_drain(ev, vm);
}

/* current holds packets of a guest of its own process that was not seen to run yet */
static struct lw_vm *held_by(struct lw_event *ev, const struct mm_struct *mm)
{
	struct lw_task *s = ev->cpu->current_slot;

	if (ev->level != LW_LEVEL_TASK || !s || s->task != ev->task || !s->batch ||
	    ev->task->mm != mm || !lw_vm_adopt(ev, s, ev->task) || !lw_serve(ev, s))
		return NULL;
	return s->vm;
}

/**
 * lw_notify() - an interrupt gets pending for a vCPU
 * @ev: where
 * @mm: the VM's address space
 * @vcpu: the vCPU
 * @in_guest: it is there, and has to leave for this
 */
void lw_notify(struct lw_event *ev, const struct mm_struct *mm, u32 vcpu,
	       bool in_guest)
{
	struct lw_vm *vm = lw_vm_find(mm) ?: held_by(ev, mm);
	struct lw_task *self = backend(ev);

	if (!vm)
		return;
	if (self && self->vm == vm) {
		/* a VMM that interrupts its guest by an ioctl */
		if (self->batch || !self->announced)
			announce(ev, self);
	} else {
		self = NULL;
		lw_device_signal(ev, vm, vcpu, ANNOUNCED);
	}
	notify(ev, self, vm, vcpu, in_guest);
}

/**
 * lw_notify_inferred() - is a signal to be inferred from what a context does?
 * @ev: the context
 *
 * Return: true if it is a backend with packets in hand.
 */
bool lw_notify_inferred(const struct lw_event *ev)
{
	const struct lw_task *s = backend(ev);

	return READ_ONCE(lw_signal_mode) == LW_SIGNAL_INFERRED && s && s->batch;
}

/**
 * lw_notify_running() - a backend interrupts a CPU for the sake of its guest
 * @ev: where
 * @vcpu: who runs on that CPU, or NULL
 */
void lw_notify_running(struct lw_event *ev, const struct lw_task *vcpu)
{
	struct lw_task *self = backend(ev);

	if (!vcpu || READ_ONCE(vcpu->vm) != self->vm ||
	    !(READ_ONCE(vcpu->roles) & LW_TASK_VCPU))
		return;
	announce(ev, self);
	notify(ev, self, self->vm, READ_ONCE(vcpu->vcpu_id), true);
}

/* the VMM gets a signal, to pass it on to the guest */
static void relay(struct lw_event *ev, struct lw_task *self,
		  const struct task_struct *t, struct lw_task *s)
{
	lw_count(ev->cpu->id, lw_vm_account(self->vm), LW_NOTE_RELAYED, 1);
	announce(ev, self);
	self->announced = false;
	if (READ_ONCE(lw_signal_mode) != LW_SIGNAL_INFERRED)
		return;
	s = s ?: lw_task_claim(ev, t);
	if (s && lw_vm_adopt(ev, s, t))
		s->relays = true;
}

/**
 * lw_is_signal_wake() - does this wake come of a signal?
 * @ev: where
 * @t: the task that is woken
 * @s: its slot, or NULL
 *
 * Return: true if @t is the vCPU that the context has notified of an interrupt.
 */
bool lw_is_signal_wake(struct lw_event *ev, const struct task_struct *t,
		       struct lw_task *s)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_NOTIFIED);
	struct lw_task *self = ev->cpu->current_slot;

	if (x && x->notified.vcpu == t->pid)
		return true;
	if (ev->level != LW_LEVEL_TASK || !self || self->task != ev->task ||
	    !self->vm || t->mm != ev->task->mm)
		return false;
	if (!s || !(s->roles & LW_TASK_VCPU)) {
		if (self->roles & LW_TASK_BACKEND && self->batch &&
		    lw_is_worker(ev->task))
			relay(ev, self, t, s);
		return false;
	}
	if (READ_ONCE(lw_signal_mode) != LW_SIGNAL_INFERRED)
		return false;
	if (self->roles & LW_TASK_BACKEND)
		announce(ev, self);
	else if (!self->relays)
		return false;
	notify(ev, backend(ev), self->vm, s->vcpu_id, false);
	return lw_ctx_with(ev, LW_HOLDS_NOTIFIED);
}

static void give(struct lw_batch **from, struct lw_batch **to)
{
	while (unlikely(*from)) {
		struct lw_batch *b = *from;

		*from = b->next;
		b->next = *to;
		*to = b;
	}
}

/**
 * lw_notified_collect() - the current vCPU enters the guest
 * @s: its slot
 *
 * What it was notified of is due, unless it was in the guest already when it was
 * told, and has not left it since: then KVM is about to interrupt it.
 */
void lw_notified_collect(struct lw_task *s)
{
	struct lw_batch *later = NULL, *riders = NULL;
	struct lw_vector *v = s->notified;
	struct llist_node *n;

	if (unlikely(!v)) {
		v = lw_vector_find(s->vm, lw_vector_key(s->vcpu_id, TOLD));
		if (!v && READ_ONCE(lw_signal_mode) == LW_SIGNAL_INFERRED) {
			/* it was not known for a vCPU when it was woken */
			v = lw_vector_get(s->vm,
					  lw_vector_key(s->vcpu_id, TOLD));
			if (v)
				move_all(s->vm, v, false, NULL);
		}
		if (!v)
			return;
		/* it was not in the guest when it came here */
		WRITE_ONCE(v->exits, v->exits + 1);
		s->notified = v;
	}
	if (llist_empty(&v->pending))
		return;
	/* newest first, and so onto the front: the oldest ends up first */
	n = llist_del_all(&v->pending);
	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node), **to;

		n = n->next;
		/* what rides is before what it rides on, and shares its fate */
		if (unlikely(b->rides)) {
			b->next = riders;
			riders = b;
			continue;
		}
		to = b->exits == v->exits ? &later : &s->injected;
		give(&riders, to);
		b->next = *to;
		*to = b;
	}
	/* what they rode on went before them: it is due, too */
	give(&riders, &s->injected);
	while (later) {
		struct lw_batch *b = later;

		later = b->next;
		llist_add(&b->node, &v->pending);
	}
}

/* what led to the wake of the vCPU that was told, for once; NULL: not seen */
static const struct lw_notified *signal_wake(struct lw_event *ev)
{
	struct lw_ctx *x = lw_ctx(ev);

	lw_ctx_drop(ev, LW_HOLDS_NOTIFIED);
	return READ_ONCE(lw_signal_mode) == LW_SIGNAL_KPROBE ? &x->notified :
							       NULL;
}

/**
 * lw_wake_notified() - a vCPU is woken by the context that notified it
 * @ev: where
 * @t: the vCPU
 * @s: its slot, or NULL
 * @awake: it is on a CPU
 */
void lw_wake_notified(struct lw_event *ev, const struct task_struct *t,
		      struct lw_task *s, bool awake)
{
	const struct lw_notified *notified = signal_wake(ev);
	struct lw_cpu *c = ev->cpu;
	u64 now;

	s = s ?: lw_wake_new(ev, t, awake);
	if (!s || !lw_vm_adopt(ev, s, t))
		return;
	now = lw_clock_ns();
	WRITE_ONCE(c->last[LATWATCH_MARK_VCPU_WAKE], now);
	if (lw_wake_leave(ev, s, now, LW_WAKE_VCPU, awake, NULL, NULL) && notified)
		lw_stat_one(&lw_account(c->id, lw_vm_account(s->vm))
				     ->stat[LATWATCH_STAGE_SIGNAL],
			    now - notified->signal_ns, &notified->flight, now, c->id);
}
