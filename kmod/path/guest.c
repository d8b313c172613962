// SPDX-License-Identifier: GPL-2.0
/*
 * The way into the guest: takes packets from the tap, gathers them in batches,
 * follows the interrupt that announces them, and closes their flights with
 * the entry.
 */
#include "engine/batch.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/vm.h"
#include "path/path.h"

/* until the stack had a packet that a backend has taken */
static __always_inline void record_received(struct lw_event *ev, unsigned int account,
					    const struct lw_flight *f)
{
	lw_record(ev, account, LATWATCH_STAGE_BEFORE_POLL, f,
		  LATWATCH_MARK_BOUND, LATWATCH_MARK_RAISE);
	lw_record(ev, account, LATWATCH_STAGE_NAPI, f,
		  LATWATCH_MARK_SOFTIRQ, LATWATCH_MARK_STACK);
	lw_record(ev, account, LATWATCH_STAGE_STEERING, f,
		  LATWATCH_MARK_STEER, LATWATCH_MARK_STACK);
}

/* a process took it, and sent it on */
static noinline void record_process(struct lw_event *ev, unsigned int account,
				    const struct lw_flight *f)
{
	if (lw_flight_has(f, LATWATCH_MARK_READER_WAKE))
		lw_record(ev, account, LATWATCH_STAGE_TO_PROCESS, f,
			  LATWATCH_MARK_SOFTIRQ, LATWATCH_MARK_READER_WAKE);
	else
		lw_record(ev, account, LATWATCH_STAGE_TO_PROCESS, f,
			  LATWATCH_MARK_SOFTIRQ, LATWATCH_MARK_READER_RUN);
	lw_record(ev, account, LATWATCH_STAGE_PROCESS_WAKE, f,
		  LATWATCH_MARK_READER_WAKE, LATWATCH_MARK_READER_RUN);
	if (lw_flight_has(f, LATWATCH_MARK_QUEUE))
		lw_record(ev, account, LATWATCH_STAGE_PROCESS, f,
			  LATWATCH_MARK_READER_RUN, LATWATCH_MARK_QUEUE);
	else
		lw_record(ev, account, LATWATCH_STAGE_PROCESS, f,
			  LATWATCH_MARK_READER_RUN, LATWATCH_MARK_TAP);
}

/* from there until it was taken out of a tap's ring; @tun: of a tun device's */
static __always_inline void record_taken(struct lw_event *ev, unsigned int account,
					 const struct lw_flight *f, bool tun)
{
	bool stack = lw_flight_has(f, LATWATCH_MARK_STACK);

	lw_record(ev, account, LATWATCH_STAGE_BACKEND_WAKE, f,
		  LATWATCH_MARK_BACKEND_WAKE, LATWATCH_MARK_BACKEND_RUN);
	if (tun || lw_flight_has(f, LATWATCH_MARK_PARK)) {
		lw_record(ev, account, LATWATCH_STAGE_STACK, f,
			  LATWATCH_MARK_STACK, LATWATCH_MARK_TAP);
		lw_record(ev, account, LATWATCH_STAGE_PARKED, f,
			  LATWATCH_MARK_PARK, LATWATCH_MARK_UNPARK);
	}
	lw_record(ev, account, stack ? LATWATCH_STAGE_QDISC :
				       LATWATCH_STAGE_LOCAL_QUEUE,
		  f, LATWATCH_MARK_QUEUE, LATWATCH_MARK_TAP);
	if (unlikely(f->origin == LATWATCH_ORIGIN_PROCESS))
		record_process(ev, account, f);
	else if (!stack)
		lw_record(ev, account, LATWATCH_STAGE_XDP, f,
			  LATWATCH_MARK_SOFTIRQ, LATWATCH_MARK_TAP);
	lw_record(ev, account, LATWATCH_STAGE_TAP_DWELL, f,
		  LATWATCH_MARK_TAP, LATWATCH_MARK_TAKE);
}

/* what a task held is its guest's; of its packets the oldest is known by stages */
static noinline void own(struct lw_event *ev, struct lw_task *s)
{
	unsigned int account = lw_vm_account(s->vm);
	struct lw_batch *b = s->batch;

	WRITE_ONCE(b->vm, s->vm);
	lw_count(ev->cpu->id, account, LW_TAKEN, b->packets);
	record_received(ev, account, &b->flight);
	record_taken(ev, account, &b->flight, b->tun);
}

/**
 * lw_serve() - is current a backend, as which it is not known yet?
 * @ev: where
 * @s: its slot
 *
 * Return: false if its process has no VM, or there is no slot for it.
 */
bool lw_serve(struct lw_event *ev, struct lw_task *s)
{
	if (!lw_vm_join(ev, s, LW_TASK_BACKEND))
		return false;
	if (s->batch && !s->batch->vm)
		own(ev, s);
	return true;
}

/* put a packet that a backend has taken into its batch */
static void gather(struct lw_event *ev, struct lw_task *s,
		   const struct lw_flight *f, u64 now)
{
	unsigned int account = lw_vm_account(s->vm);
	u8 origin = lw_batch_origin(f);
	struct lw_batch *b;

	s->signalled = false;
	lw_count(ev->cpu->id, account, LW_TAKEN, 1);
	record_received(ev, account, f);
	if (s->batch && s->batch->origin == origin && lw_batch_add(s->batch, f))
		return;
	b = lw_batch_claim(s->vm, origin, now);
	if (unlikely(!b)) {
		lw_count(ev->cpu->id, account, LW_LOST_BATCH_FULL, 1);
		return;
	}
	lw_batch_add(b, f);
	b->next = s->batch;
	s->batch = b;
}

/**
 * lw_take_copied() - a VMM has read a packet for its guest from a socket
 * @ev: where; current is the VMM
 * @s: its slot
 * @f: the packet's flight, copied just now; NULL if that is not known
 *
 * User-mode networking is such a VMM. It is not known what it reads for itself.
 */
void lw_take_copied(struct lw_event *ev, struct lw_task *s, struct lw_flight *f)
{
	unsigned int cpu = ev->cpu->id;
	u64 now;

	lw_count(cpu, LW_HOST, LW_OPENED_SOCKET, 1);
	if (!f) {
		lw_count(cpu, LW_HOST, LW_LOST_SOCKET, 1);
		return;
	}
	if (unlikely(!lw_serves(ev, s))) {
		lw_count(cpu, LW_HOST, LW_LOST_VM_FULL, 1);
		return;
	}
	now = f->ns[LATWATCH_MARK_COPY];
	lw_mark(ev, f, LATWATCH_MARK_TAKE, now);
	lw_flight_cast(f, LATWATCH_ROLE_BACKEND, ev->task);
	lw_record(ev, lw_vm_account(s->vm), LATWATCH_STAGE_SOCKET, f,
		  LATWATCH_MARK_STACK, LATWATCH_MARK_TAKE);
	gather(ev, s, f, now);
}

/**
 * lw_take() - a task has copied a packet out of a tap's ring
 * @ev: where; current is the backend
 * @skb: the packet's address
 * @p: its flight
 * @now: when
 */
void lw_take(struct lw_event *ev, const void *skb, struct lw_skb *p, u64 now)
{
	struct lw_task *s = lw_task_self(ev) ?: lw_taker_new(ev);
	struct lw_flight *f = &p->flight;
	unsigned int cpu = ev->cpu->id, account;

	if (unlikely(!s)) {
		lw_taken_unfollowed(ev);
		return;
	}
	lw_wake_answer_awake(s, ev, NULL);

	lw_mark(ev, f, LATWATCH_MARK_TAKE, now);
	lw_flight_cast(f, LATWATCH_ROLE_BACKEND, ev->task);
	/* the address may have come again since a wake for a dropped one */
	if (s->run_skb == skb && s->wake_ns >= f->ns[LATWATCH_MARK_TAP]) {
		lw_flight_set(f, LATWATCH_MARK_BACKEND_WAKE, s->wake_ns,
			      s->wake_cpu);
		lw_flight_set(f, LATWATCH_MARK_BACKEND_RUN, s->run_ns,
			      s->run_cpu);
	}
	s->run_skb = NULL;
	if (unlikely(!lw_serves(ev, s))) {
		lw_hold(ev, s, p, now);
		return;
	}
	account = lw_vm_account(s->vm);
	lw_tap_bind(p->tap, s->vm);
	record_taken(ev, account, f, lw_tap(p->tap)->kind == LW_TAP_TUN);
	if (unlikely(p->resumed)) {
		s->signalled = false;
		lw_count(cpu, account, LW_TAKEN, 1);
		lw_count(cpu, account, LW_LOST_RESUMED, 1);
		return;
	}
	gather(ev, s, f, now);
}

/* a backend's batches are kept newest first; turn them round */
static void oldest_first(struct lw_task *s)
{
	struct lw_batch *b, *next, *first = NULL;

	for (b = s->batch; b; b = next) {
		next = b->next;
		b->next = first;
		first = b;
	}
	s->batch = first;
}

/*
 * The backend's last signal is not with the guest yet: that will look at all that is in
 * the ring by then, this batch too. Not so if it has several rings: whose this was is not
 * known.
 */
static bool ride(struct lw_event *ev, struct lw_task *s, struct lw_batch *b)
{
	struct lw_vector *v = s->several ? NULL : s->waits_at;

	b->rides = true;
	WRITE_ONCE(b->state, LW_BATCH_SIGNALLED);
	/* with who passes it on, or since that has */
	for (; v; v = READ_ONCE(v->told)) {
		b->guest_seq = lw_vm_guest_seq(b->vm, lw_vector_vcpu(v));
		if (!lw_vector_follow(v, &b->node))
			continue;
		/* as lw_signal_push() does */
		if (unlikely(lw_vm_has_ended(s->vm)))
			lw_vector_drain(ev, s->vm);
		return true;
	}
	return false;
}

/**
 * lw_suppress() - a backend is done with a batch and did not signal it
 * @s: the backend
 * @ev: where
 *
 * The guest had asked not to be interrupted: it has not answered the last signal yet,
 * or it is polling the ring. Or another signals for the backend, unseen.
 */
void lw_suppress(struct lw_task *s, struct lw_event *ev)
{
	enum lw_ledger line;
	struct lw_batch *b;

	if (unlikely(!lw_serves(ev, s))) {
		lw_handed(ev, s);
		return;
	}
	if (!atomic_read(&s->vm->vcpus))
		line = LW_ELSEWHERE_NO_VM;
	else
		line = s->relayed ? LW_LOST_SIGNAL : LW_SUPPRESSED;
	oldest_first(s);
	while ((b = s->batch)) {
		s->batch = b->next;
		if (line == LW_ELSEWHERE_NO_VM || !ride(ev, s, b))
			lw_batch_close(ev, b, line);
	}
}

/**
 * lw_waits_at() - a backend has signalled packets
 * @s: the backend
 * @v: where they wait
 */
void lw_waits_at(struct lw_task *s, struct lw_vector *v)
{
	if (likely(s->waits_at == v)) {
		s->several -= !!s->several;
		return;
	}
	/* by its first, or with another ring; or the guest has moved it to another vCPU */
	s->several = s->waits_at ? LW_SEVERAL : 0;
	s->waits_at = v;
}

/**
 * lw_signal_push() - let a batch wait for the vector that announces it
 * @ev: where
 * @b: the batch; it is the vector's from now on
 * @v: the vector
 * @now: when it was signalled
 * @guest_seq: of the vCPU then, 0: not known
 */
void lw_signal_push(struct lw_event *ev, struct lw_batch *b, struct lw_vector *v,
		    u64 now, u32 guest_seq)
{
	struct lw_vm *vm = b->vm;
	unsigned int number = lw_vector_number(vm, v);

	/* lw_posted() follows if it is */
	if (unlikely(READ_ONCE(vm->posted) & BIT(number)))
		clear_bit(number, &vm->posted);
	b->signal_ns = now;
	b->signal_cpu = ev->cpu->id;
	b->guest_seq = guest_seq;
	WRITE_ONCE(b->state, LW_BATCH_SIGNALLED);
	llist_add(&b->node, &v->pending);
	/* the VM may have ended meanwhile: whoever comes last sweeps */
	if (unlikely(lw_vm_has_ended(vm)))
		lw_vector_drain(ev, vm);
}

/**
 * lw_backend_signal() - a backend announces what it has taken
 * @ev: where
 * @s: the backend, current
 * @key: where that is to wait
 * @now: when
 */
void lw_backend_signal(struct lw_event *ev, struct lw_task *s, u32 key, u64 now)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_stat **slot;
	struct lw_vector *v;
	struct lw_batch *b;

	WRITE_ONCE(c->last[LATWATCH_MARK_SIGNAL], now);
	s->signalled = true;
	s->signal_ns = now;
	oldest_first(s);
	b = s->batch;
	if (b)
		s->flight = b->flight;
	else
		lw_flight_open(&s->flight, LATWATCH_ORIGIN_VM);
	lw_flight_set(&s->flight, LATWATCH_MARK_SIGNAL, now, c->id);
	if (!b) {
		/*
		 * So ends a round of transmitting: packets of later rounds were
		 * not there yet when the kick came.
		 */
		s->kicked = false;
		return;
	}

	lw_count(c->id, lw_vm_account(s->vm), LW_NOTE_SIGNALS, 1);
	slot = &lw_account(c->id, lw_vm_account(s->vm))
			->stat[LATWATCH_STAGE_BACKEND_SERVICE];
	lw_stat_one(slot, now - b->take_ns, &s->flight, now, c->id);
	/* the oldest packet is the first that was taken, in general */
	if (s->flight.ns[LATWATCH_MARK_TAKE] == b->take_ns)
		lw_blame(ev, slot, LATWATCH_STAGE_BACKEND_SERVICE, &s->flight,
			 LATWATCH_MARK_TAKE, LATWATCH_MARK_SIGNAL);

	v = lw_vector_get(s->vm, key);
	if (likely(v) && !lw_vector_is_announced(v))
		lw_waits_at(s, v);
	while ((b = s->batch)) {
		s->batch = b->next;
		if (likely(v))
			lw_signal_push(ev, b, v, now, s->signal_guest_seq);
		else
			lw_batch_close(ev, b, LW_LOST_VECTOR_FULL);
	}
}

/**
 * lw_signal() - an interrupt controller of a guest accepts an interrupt
 * @ev: where
 * @vcpu_id: whose
 * @vector: which
 *
 * If a backend brings that about with packets in hand, it announces them.
 */
void lw_signal(struct lw_event *ev, u32 vcpu_id, u8 vector)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_task *s = c->current_slot;

	if (ev->level != LW_LEVEL_TASK || !s || s->task != ev->task ||
	    !(s->roles & LW_TASK_BACKEND || s->batch)) {
		if (ev->level == LW_LEVEL_TASK && s && s->task == ev->task && s->relays)
			lw_relay_tell(ev, s, vcpu_id, vector);
		else
			lw_device_signal(ev, NULL, vcpu_id, vector);
		return;
	}
	if (unlikely(!lw_serves(ev, s))) {
		lw_held_signal(s, lw_vector_key(vcpu_id, vector));
		return;
	}
	if (unlikely(s->relays))
		lw_relay_tell(ev, s, vcpu_id, vector);
	if (unlikely(s->relayed))
		lw_relay_own(ev, s, vcpu_id, vector);
	s->signal_guest_seq = lw_vm_guest_seq(s->vm, vcpu_id);
	lw_backend_signal(ev, s, lw_vector_key(vcpu_id, vector), lw_clock_ns());
}

/* a batch's packets are with the guest; @f is the oldest's whole flight */
static void deliver(struct lw_event *ev, struct lw_batch *b, struct lw_flight *f,
		    u64 now, enum lw_ledger line)
{
	unsigned int cpu = ev->cpu->id, i;
	static const u8 total[] = {
		[LATWATCH_ORIGIN_LOCAL] = LATWATCH_STAGE_END_TO_END_LOCAL,
		[LATWATCH_ORIGIN_IRQ]	= LATWATCH_STAGE_END_TO_END,
		[LATWATCH_ORIGIN_VM]	= LATWATCH_STAGE_END_TO_END_VM,
		[LATWATCH_ORIGIN_DEVICE] = LATWATCH_STAGE_DEVICE_END_TO_END,
		[LATWATCH_ORIGIN_PROCESS] = LATWATCH_STAGE_END_TO_END_PROCESS,
	};
	struct lw_account *a = lw_account(cpu, lw_vm_account(b->vm));
	struct lw_stat **s = &a->stat[total[b->origin]];

	for (i = 0; i < b->groups; i++)
		lw_stat_add(s, now - b->group[i].begin_ns, b->group[i].packets,
			    f, now, cpu, b->packets);
	lw_blame_total(ev, s, f, LATWATCH_MARK_ENTRY);
	lw_batch_close(ev, b, line);
}

/* the guest is entered with the interrupt of @b */
static void enter(struct lw_event *ev, struct lw_task *s, struct lw_batch *b,
		  bool first, u64 now)
{
	unsigned int account = lw_vm_account(b->vm);
	struct lw_flight *f = &b->flight;
	bool woken = s->wake_ns >= b->signal_ns;
	bool device = b->origin == LATWATCH_ORIGIN_DEVICE;

	if (unlikely(b->rides)) {
		lw_mark(ev, f, LATWATCH_MARK_ENTRY, now);
		lw_flight_cast(f, LATWATCH_ROLE_VCPU, ev->task);
		lw_record(ev, account, LATWATCH_STAGE_PENDING, f,
			  LATWATCH_MARK_TAKE, LATWATCH_MARK_ENTRY);
		deliver(ev, b, f, now, LW_DELIVERED_RODE);
		return;
	}
	lw_flight_set(f, LATWATCH_MARK_SIGNAL, b->signal_ns, b->signal_cpu);
	if (woken) {
		lw_flight_set(f, LATWATCH_MARK_VCPU_WAKE, s->wake_ns,
			      s->wake_cpu);
		lw_flight_set(f, LATWATCH_MARK_VCPU_RUN, s->run_ns, s->run_cpu);
	}
	lw_mark(ev, f, LATWATCH_MARK_ENTRY, now);
	lw_flight_cast(f, LATWATCH_ROLE_VCPU, ev->task);
	/* batches of one signal are one delivery */
	if (first && woken)
		lw_record(ev, account, device ? LATWATCH_STAGE_DEVICE_ENTRY :
						LATWATCH_STAGE_ENTRY, f,
			  LATWATCH_MARK_VCPU_RUN, LATWATCH_MARK_ENTRY);
	else if (first)
		lw_record(ev, account, device ? LATWATCH_STAGE_DEVICE_KICK :
						LATWATCH_STAGE_KICK, f,
			  LATWATCH_MARK_SIGNAL, LATWATCH_MARK_ENTRY);
	deliver(ev, b, f, now, woken ? LW_DELIVERED_ENTRY : LW_DELIVERED_KICK);
}

/* move what waits for a vector to the vCPU, due with its next entry */
static void collect(struct lw_task *s, struct lw_vector *v)
{
	struct llist_node *n = llist_del_all(&v->pending);

	/* newest first, and so onto the front: the oldest ends up first */
	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node);

		n = n->next;
		b->next = s->injected;
		s->injected = b;
	}
}

static void inject(struct lw_task *s, u8 vector)
{
	struct lw_vector *v;

	v = lw_vector_find(s->vm, lw_vector_key(s->vcpu_id, vector));
	if (v && !llist_empty(&v->pending))
		collect(s, v);
}

/**
 * lw_inject() - the current vCPU gets a vector injected
 * @ev: where
 * @vector: which
 */
void lw_inject(struct lw_event *ev, u8 vector)
{
	struct lw_task *s = lw_task_self(ev) ?: lw_task_claim(ev, ev->task);

	if (!s)
		return;
	if (likely(s->roles & LW_TASK_VCPU)) {
		inject(s, vector);
		return;
	}
	/* halted since before the module watched: its number comes later */
	__set_bit(vector, s->early);
}

/* the VM that this context has signalled just now, or NULL; and its @guest_seq */
static struct lw_vm *signaller(struct lw_event *ev, u32 *guest_seq)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_DEVICE);
	const struct lw_task *s = ev->cpu->current_slot;

	if (x) {
		*guest_seq = x->device.guest_seq;
		return x->device.vm;
	}
	if (ev->level != LW_LEVEL_TASK || !s || s->task != ev->task ||
	    !(s->roles & LW_TASK_BACKEND || s->relays))
		return NULL;
	*guest_seq = s->signal_guest_seq;
	return lw_relay_vm(s);
}

/**
 * lw_posted() - the hardware takes the delivery of a vector over
 * @ev: where; the signaller, after lw_signal()
 * @vcpu_id: whose
 * @vector: which
 *
 * No injection will be seen. A vCPU that is in the guest gets it there and
 * then, unseen from here: these packets are delivered, but have no end to end.
 * Any other gets it with its next entry. It was woken before this is told, so
 * that entry may have been already: then it is not known what came with it.
 */
void lw_posted(struct lw_event *ev, u32 vcpu_id, u8 vector)
{
	struct lw_vector *v;
	u32 before, guest_seq;
	struct lw_vm *vm;

	vm = signaller(ev, &before);
	if (!vm)
		return;
	v = lw_vector_find(vm, lw_vector_key(vcpu_id, vector));
	if (!v)
		return;
	if (!READ_ONCE(vm->posts))
		WRITE_ONCE(vm->posts, true);
	set_bit(lw_vector_number(vm, v), &vm->posted);
	smp_mb(); /* pairs with smp_mb() in lw_guest_entry() */
	guest_seq = lw_vm_guest_seq(vm, vcpu_id);
	if (!guest_seq || lw_in_guest(guest_seq) || guest_seq != before)
		lw_vector_close(ev, v, LW_DELIVERED_POSTED);
}

/* what was signalled since the last exit; the rest came with earlier entries */
static void collect_since_exit(struct lw_event *ev, struct lw_task *s,
			       struct lw_vector *v)
{
	struct llist_node *n = llist_del_all(&v->pending);

	while (n) {
		struct lw_batch *b = llist_entry(n, struct lw_batch, node);

		n = n->next;
		if (b->guest_seq + 1 == s->guest_seq) {
			b->next = s->injected;
			s->injected = b;
		} else {
			lw_batch_close(ev, b, LW_DELIVERED_POSTED);
		}
	}
}

/*
 * Vectors that the hardware delivers need no injection. One that is collected is
 * posted no more: what is signalled by it later is posted anew.
 */
static noinline void collect_posted(struct lw_event *ev, struct lw_task *s,
				    unsigned long posted)
{
	while (posted) {
		unsigned int n = lw_vector_next(&posted);
		struct lw_vector *v = &s->vm->vector[n];

		if (unlikely(!lw_vector_is_of(v, s->vcpu_id)))
			continue;
		clear_bit(n, &s->vm->posted);
		collect_since_exit(ev, s, v);
	}
}

/* current enters a guest, and was not known to be this vCPU */
static noinline struct lw_task *become_vcpu(struct lw_event *ev, u32 vcpu_id)
{
	struct lw_task *s = lw_task_self(ev) ?: lw_task_claim(ev, ev->task);
	unsigned int vector;

	if (!s)
		return NULL;
	/* a VMM may let any of its threads run any vCPU */
	if (s->roles & LW_TASK_VCPU)
		lw_vm_clear_vcpu(s->vm, s->vcpu_id, s);
	s->vcpu_id = vcpu_id;
	if (!lw_vm_join(ev, s, LW_TASK_VCPU))
		return NULL;
	lw_vm_set_vcpu(s->vm, vcpu_id, s);
	for_each_set_bit(vector, s->early, LW_NVECTORS)
		inject(s, vector);
	bitmap_zero(s->early, LW_NVECTORS);
	return s;
}

/* what was injected is delivered */
static noinline void deliver_injected(struct lw_event *ev, struct lw_task *s)
{
	u64 now = lw_clock_ns(), signal_ns = 0;
	struct lw_batch *b;

	while ((b = s->injected)) {
		bool first = b->signal_ns != signal_ns;

		if (likely(!b->rides))
			signal_ns = b->signal_ns;
		s->injected = b->next;
		enter(ev, s, b, first, now);
	}
}

/**
 * lw_guest_entry() - the current vCPU enters the guest
 * @ev: where
 * @vcpu_id: its number
 */
void lw_guest_entry(struct lw_event *ev, u32 vcpu_id)
{
	struct lw_task *s = lw_task_self(ev);

	if (unlikely(!s || !lw_vm_has_vcpu(s, vcpu_id))) {
		s = become_vcpu(ev, vcpu_id);
		if (!s)
			return;
	}
	WRITE_ONCE(s->guest_seq, (s->guest_seq + 1) | 1);
	if (READ_ONCE(s->vm->posts)) {
		unsigned long posted;

		smp_mb(); /* pairs with lw_posted(): one of both sees the other */
		posted = READ_ONCE(s->vm->posted) &
			 READ_ONCE(*lw_vector_set(s->vm, vcpu_id));
		if (posted)
			collect_posted(ev, s, posted);
	}
	if (READ_ONCE(s->vm->any_notified))
		lw_notified_collect(s);
	if (unlikely(s->injected))
		deliver_injected(ev, s);
}

/**
 * lw_guest_exit() - the current vCPU has left the guest
 * @ev: where
 */
void lw_guest_exit(struct lw_event *ev)
{
	struct lw_task *s = lw_task_self(ev);

	if (!s)
		return;
	WRITE_ONCE(s->guest_seq, (s->guest_seq + 1) & ~1U);
	if (s->notified)
		WRITE_ONCE(s->notified->exits, s->notified->exits + 1);
	s->exit_ns = lw_clock_ns();
	s->exit_cpu = ev->cpu->id;
}

/**
 * lw_wake_vcpu() - a backend wakes the vCPU that it has signalled
 * @ev: where
 * @self: the backend's slot
 * @t: the vCPU
 * @s: its slot
 * @awake: it is on a CPU
 */
void lw_wake_vcpu(struct lw_event *ev, struct lw_task *self,
		  const struct task_struct *t, struct lw_task *s,
		  bool awake)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_stat **slot;
	u64 now;

	if (READ_ONCE(s->roles) == LW_TASK_BACKEND)
		return;
	self->signalled = false;
	now = lw_clock_ns();
	WRITE_ONCE(c->last[LATWATCH_MARK_VCPU_WAKE], now);
	lw_vm_adopt(ev, s, t);
	if (!lw_wake_leave(ev, s, now, LW_WAKE_VCPU, awake, NULL, NULL))
		return;
	slot = &lw_account(c->id, lw_vm_account(self->vm))->stat[LATWATCH_STAGE_SIGNAL];
	lw_stat_one(slot, now - self->signal_ns, &self->flight, now, c->id);
	/* the flight is with the batch by now, which gets this mark with the entry */
	lw_flight_set(&self->flight, LATWATCH_MARK_VCPU_WAKE, now, c->id);
	lw_blame(ev, slot, LATWATCH_STAGE_SIGNAL, &self->flight,
		 LATWATCH_MARK_SIGNAL, LATWATCH_MARK_VCPU_WAKE);
	self->flight.marks &= ~BIT(LATWATCH_MARK_VCPU_WAKE);
}

static void vcpu_run(struct lw_task *s, struct lw_event *ev,
		     const struct lw_wake *w, enum latwatch_stage stage,
		     u64 now)
{
	struct lw_flight *f = &s->flight;

	lw_flight_open(f, LATWATCH_ORIGIN_LOCAL);
	lw_flight_set(f, LATWATCH_MARK_VCPU_WAKE, w->ns, w->cpu);
	lw_mark(ev, f, LATWATCH_MARK_VCPU_RUN, now);
	lw_flight_cast(f, LATWATCH_ROLE_VCPU, s->task);
	lw_record(ev, lw_vm_account(s->vm), stage, f,
		  LATWATCH_MARK_VCPU_WAKE, LATWATCH_MARK_VCPU_RUN);
}

void lw_vcpu_run(struct lw_task *s, struct lw_event *ev,
		 const struct lw_wake *w, u64 now)
{
	vcpu_run(s, ev, w, LATWATCH_STAGE_VCPU_WAKE, now);
}

void lw_vcpu_device_run(struct lw_task *s, struct lw_event *ev,
			const struct lw_wake *w, u64 now)
{
	vcpu_run(s, ev, w, LATWATCH_STAGE_DEVICE_VCPU_WAKE, now);
}
