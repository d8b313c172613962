// SPDX-License-Identifier: GPL-2.0
/*
 * Signals that do not name their vCPU, and deliveries without an injection.
 * Takes what a backend announces (its batches wait as announced by it), moves
 * it to the vCPU that is told of it, and gives it to way_vm.c with that vCPU's
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
#include "batch.h"
#include "compat/user_worker.h"
#include "vm.h"
#include "way.h"

/* what nobody was told of yet is below the backend's pid, the rest the vCPU's */
enum { TOLD, ANNOUNCED };

enum lw_tells lw_tells;

static bool is_announced(const struct lw_vector *v)
{
	return (READ_ONCE(v->key) & 0xff) == ANNOUNCED;
}

/*
 * From a list that others push to, to another. A vCPU in the guest must have
 * left it before an entry delivers these. @told takes the oldest of them.
 */
static void move(struct lw_vector *from, struct lw_vector *to, bool in_guest,
		 struct lw_told_at *told)
{
	struct llist_node *n = llist_del_all(&from->pending);
	u32 exits = READ_ONCE(to->exits) - !in_guest;

	n = llist_reverse_order(n);
	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node);

		n = n->next;
		if (told && !told->signal_ns) {
			told->signal_ns = b->signal_ns;
			told->flight = b->flight;
			lw_flight_set(&told->flight, LATWATCH_MARK_SIGNAL,
				      b->signal_ns, b->signal_cpu);
		}
		b->exits = exits;
		llist_add(&b->node, &to->pending);
	}
}

/* the next list after @v, or the first, that has what nobody was told of yet */
static struct lw_vector *next_announced(struct lw_vm *vm, struct lw_vector *v)
{
	for (v = v ? v + 1 : vm->vector; v < vm->vector + LW_VM_VECTORS; v++)
		if (is_announced(v) && !llist_empty(&v->pending))
			return v;
	return NULL;
}

static void move_all(struct lw_vm *vm, struct lw_vector *to, bool in_guest,
		     struct lw_told_at *told)
{
	struct lw_vector *from = NULL;

	while ((from = next_announced(vm, from)))
		move(from, to, in_guest, told);
}

/* the vCPU is told, and there is no room to remember by which entry it was */
static void lose(struct lw_at *at, struct lw_task *self, struct lw_vm *vm)
{
	struct lw_vector *v = NULL;

	while ((v = next_announced(vm, v)))
		if (!self || READ_ONCE(v->key) ==
			     lw_vector_key(at->task->pid, ANNOUNCED))
			lw_vector_close(at, v, LW_LOST_VECTOR_FULL);
}

static struct lw_task *backend(const struct lw_at *at)
{
	struct lw_task *s = at->cpu->current_slot;

	return at->level == LW_LEVEL_TASK && s && s->task == at->task &&
	       s->roles & LW_TASK_BACKEND ? s : NULL;
}

static void announce(struct lw_at *at, struct lw_task *s)
{
	WRITE_ONCE(s->vm->any_told, true);
	lw_backend_signal(at, s, lw_vector_key(at->task->pid, ANNOUNCED));
	s->signalled = false;
	s->announced = true;
}

/**
 * lw_announce() - an interrupt is signalled, not known to which vCPU
 * @at: where
 */
void lw_announce(struct lw_at *at)
{
	struct lw_task *s = backend(at);

	if (s)
		announce(at, s);
}

/* what waits goes to the vCPU; outside of the guest it may need a wake */
static void tell(struct lw_at *at, struct lw_task *self, struct lw_vm *vm,
		 u32 vcpu, bool in_guest)
{
	struct lw_told_at *told = &at->cpu->told;
	struct lw_vector *to, *from;

	told->owner = NULL;
	told->signal_ns = 0;
	to = lw_vector_get(vm, lw_vector_key(vcpu, TOLD));
	if (unlikely(!to)) {
		lose(at, self, vm);
		return;
	}
	WRITE_ONCE(vm->any_told, true);
	if (self) {
		from = lw_vector_find(vm, lw_vector_key(at->task->pid,
							ANNOUNCED));
		if (from)
			move(from, to, in_guest, told);
		if (!told->signal_ns) {
			/* a round of transmitting has no packets */
			told->signal_ns = self->signal_ns;
			told->flight = self->flight;
		}
		self->announced = false;
	} else {
		move_all(vm, to, in_guest, told);
	}
	if (!told->signal_ns)
		return;
	told->vcpu = vcpu;
	told->level = at->level;
	/* a device's handler knows whom it wakes */
	if (!in_guest && (at->cpu->device.owner != at->task ||
			  at->cpu->device.level != at->level))
		told->owner = at->task;
	/* as lw_signal_push() does */
	if (unlikely(lw_vm_has_ended(vm)))
		lw_vm_drain(at, vm);
}

/**
 * lw_tell() - an interrupt gets pending for a vCPU
 * @at: where
 * @mm: the VM's address space
 * @vcpu: the vCPU
 * @in_guest: it is there, and has to leave for this
 */
void lw_tell(struct lw_at *at, const struct mm_struct *mm, u32 vcpu,
	     bool in_guest)
{
	struct lw_vm *vm = lw_vm_find(mm);
	struct lw_task *self = backend(at);

	if (!vm)
		return;
	if (self && self->vm == vm) {
		/* a VMM that interrupts its guest by an ioctl */
		if (self->batch || !self->announced)
			announce(at, self);
	} else {
		self = NULL;
		lw_device_signal(at, vm, vcpu, ANNOUNCED);
	}
	tell(at, self, vm, vcpu, in_guest);
}

/**
 * lw_tell_inferred() - is a signal to be inferred from what a context does?
 * @at: the context
 *
 * Return: true if it is a backend with packets in hand.
 */
bool lw_tell_inferred(const struct lw_at *at)
{
	const struct lw_task *s = backend(at);

	return READ_ONCE(lw_tells) == LW_TELLS_INFERRED && s && s->batch;
}

/**
 * lw_tell_running() - a backend interrupts a CPU for the sake of its guest
 * @at: where
 * @vcpu: who runs on that CPU, or NULL
 */
void lw_tell_running(struct lw_at *at, const struct lw_task *vcpu)
{
	struct lw_task *self = backend(at);

	if (!vcpu || READ_ONCE(vcpu->vm) != self->vm ||
	    !(READ_ONCE(vcpu->roles) & LW_TASK_VCPU))
		return;
	announce(at, self);
	tell(at, self, self->vm, READ_ONCE(vcpu->vcpu_id), true);
}

/* the VMM gets a signal, to pass it on to the guest */
static void relay(struct lw_at *at, struct lw_task *self,
		  const struct task_struct *t, struct lw_task *s)
{
	lw_count(at->cpu->id, lw_vm_account(self->vm), LW_NOTE_RELAYED, 1);
	announce(at, self);
	self->announced = false;
	if (READ_ONCE(lw_tells) != LW_TELLS_INFERRED)
		return;
	s = s ?: lw_task_claim(at, t);
	if (s && lw_vm_adopt(s, t))
		s->relays = true;
}

/**
 * lw_told_wakes() - does this wake come of a signal?
 * @at: where
 * @t: the task that is woken
 * @s: its slot, or NULL
 *
 * Return: true if @t is the vCPU that the context has told of an interrupt.
 */
bool lw_told_wakes(struct lw_at *at, const struct task_struct *t,
		   struct lw_task *s)
{
	const struct lw_told_at *told = &at->cpu->told;
	struct lw_task *self = at->cpu->current_slot;

	if (told->owner == at->task && told->level == at->level &&
	    told->vcpu == t->pid)
		return true;
	if (at->level != LW_LEVEL_TASK || !self || self->task != at->task ||
	    !self->vm || t->mm != at->task->mm)
		return false;
	if (!s || !(s->roles & LW_TASK_VCPU)) {
		if (self->roles & LW_TASK_BACKEND && self->batch &&
		    lw_is_worker(at->task))
			relay(at, self, t, s);
		return false;
	}
	if (READ_ONCE(lw_tells) != LW_TELLS_INFERRED)
		return false;
	if (self->roles & LW_TASK_BACKEND)
		announce(at, self);
	else if (!self->relays)
		return false;
	tell(at, backend(at), self->vm, s->vcpu_id, false);
	return at->cpu->told.owner;
}

/**
 * lw_told_wake() - the vCPU that was told is woken
 * @at: where
 *
 * Return: what led to it, for once, or NULL if nobody saw the signal.
 */
const struct lw_told_at *lw_told_wake(struct lw_at *at)
{
	at->cpu->told.owner = NULL;
	return READ_ONCE(lw_tells) == LW_TELLS_KPROBE ? &at->cpu->told : NULL;
}

/**
 * lw_told_collect() - the current vCPU enters the guest
 * @s: its slot
 *
 * What it was told of is due, unless it was in the guest already when it was
 * told, and has not left it since: then KVM is about to interrupt it.
 */
void lw_told_collect(struct lw_task *s)
{
	struct lw_batch *later = NULL;
	struct lw_vector *v = s->told;
	struct llist_node *n;

	if (unlikely(!v)) {
		v = lw_vector_find(s->vm, lw_vector_key(s->vcpu_id, TOLD));
		if (!v && READ_ONCE(lw_tells) == LW_TELLS_INFERRED) {
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
		s->told = v;
	}
	if (llist_empty(&v->pending))
		return;
	/* newest first, and so onto the front: the oldest ends up first */
	n = llist_del_all(&v->pending);
	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node);
		struct lw_batch **to = b->exits == v->exits ? &later :
							      &s->injected;

		n = n->next;
		b->next = *to;
		*to = b;
	}
	while (later) {
		struct lw_batch *b = later;

		later = b->next;
		llist_add(&b->node, &v->pending);
	}
}
