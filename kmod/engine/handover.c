// SPDX-License-Identifier: GPL-2.0
/*
 * Wakes and switches: hands a flight from a waker to the task it wakes.
 *
 * The kernel orders a wake and the switch that answers it: the waker traces
 * sched_waking before it puts the task on a run queue, and the switch happens
 * under that queue's lock. What the kernel does not order is a wake of a task
 * that is still on a CPU, about to sleep: then the word of struct lw_wake,
 * which counts wakes, tells the answering side that another one came.
 */
#include "engine/batch.h"
#include "engine/vm.h"
#include "path/path.h"
#include "path/xdp.h"

/* where a wake is counted that found its task awake */
static const u8 found_awake[] = {
	[LW_WAKE_IRQ_THREAD] = LW_NOTE_THREAD_AWAKE,
	[LW_WAKE_IRQ_AGAIN]  = LW_NOTE_THREAD_AWAKE,
	[LW_WAKE_BACKEND]    = LW_NOTE_BACKEND_AWAKE,
	[LW_WAKE_VCPU]	     = LW_NOTE_VCPU_AWAKE,
	[LW_WAKE_KICK]	     = LW_TX_NOTE_KICK_AWAKE,
	[LW_WAKE_READER]     = LW_READER_NOTE_AWAKE,
	[LW_WAKE_NAPI]	     = LW_NOTE_NAPI_AWAKE,
	[LW_WAKE_VCPU_DEVICE] = LW_NOTE_VCPU_AWAKE,
	[LW_WAKE_XDP_READER] = LW_READER_NOTE_AWAKE,
};

/*
 * Leave a wake in a task's slot, unless it has an older one to answer.
 * Returns false then, and when two wakers meet: one of them is enough.
 */
static bool leave_wake(struct lw_event *ev, struct lw_task *s, u64 now,
		       enum lw_wake_kind kind, bool awake,
		       const struct lw_flight *f, const void *skb)
{
	struct lw_wake *w = &s->wake;
	u32 word = READ_ONCE(w->word);

	if ((word & LW_WAKE_STATE) != LW_WAKE_NONE ||
	    cmpxchg(&w->word, word, word | LW_WAKE_WRITING) != word)
		return false;
	WRITE_ONCE(w->kind, kind); /* these two are read before the answer */
	WRITE_ONCE(w->nr_switches, READ_ONCE(s->nr_switches));
	w->cpu = ev->cpu->id;
	w->ns = now;
	w->skb = skb;
	if (f)
		lw_flight_copy(&w->flight, f);
	/* pairs with the acquire in consume_wake() */
	smp_store_release(&w->word,
			  (word + LW_WAKE_ONE) |
			  (awake ? LW_WAKE_AWAKE : LW_WAKE_ASLEEP));
	return true;
}

/* a copy of the wake that found @s awake, which is answered by that */
static bool consume_wake(struct lw_task *s, struct lw_wake *w)
{
	/* pairs with the release in leave_wake() */
	u32 word = smp_load_acquire(&s->wake.word);

	if ((word & LW_WAKE_STATE) != LW_WAKE_AWAKE)
		return false;
	/* a waker may overwrite it meanwhile; the exchange finds out */
	data_race(*w = s->wake);
	return cmpxchg(&s->wake.word, word, word & ~LW_WAKE_STATE) == word;
}

/*
 * The slot of a task that is woken and was not followed until now. If it runs at
 * this moment, its CPU does not know that it is followed, and would not notice
 * that it is switched from: the wake is answered, and that is that.
 */
static struct lw_task *wake_new(struct lw_event *ev, const struct task_struct *t,
				bool awake)
{
	struct lw_task *s = lw_task_claim(ev, t);

	return awake && t != ev->task ? NULL : s;
}

/* the same of one that is woken to read */
static struct lw_task *wake_new_reader(struct lw_event *ev,
				       const struct task_struct *t, bool awake)
{
	struct lw_task *s = lw_task_claim_reader(ev, t);

	return awake && t != ev->task ? NULL : s;
}

/**
 * lw_wake_irq_thread() - hand this CPU's interrupt over to its thread
 * @ev: where
 * @s: the thread
 * @awake: it is on a CPU
 * @kind: LW_WAKE_IRQ_AGAIN if it is not woken, or not yet: it may be at work
 *        and look again before it sleeps
 */
void lw_wake_irq_thread(struct lw_event *ev, struct lw_task *s, bool awake,
			enum lw_wake_kind kind)
{
	struct lw_cpu *c = ev->cpu;
	u64 now = lw_clock_ns();

	lw_mark(ev, &c->irq, LATWATCH_MARK_THREAD_WAKE, now);
	leave_wake(ev, s, now, kind, awake, &c->irq, NULL);
}

/*
 * A task is woken that has a wake to answer which found it awake: it answered,
 * or it would not need to be woken again. But an irq thread may have got this
 * very interrupt at the handler's exit: then that was no wake yet.
 */
static void settle(struct lw_event *ev, struct lw_task *s,
		   const struct task_struct *t)
{
	struct lw_cpu *c = ev->cpu;
	/* as consume_wake() does it, of what is needed here */
	u32 word = smp_load_acquire(&s->wake.word);
	/* data_race(): a waker may write them, and then @word has changed */
	u16 kind = data_race(s->wake.kind);
	/* data_race(): likewise */
	u64 begin_ns = data_race(s->wake.flight.begin_ns);

	if ((word & LW_WAKE_STATE) != LW_WAKE_AWAKE ||
	    cmpxchg(&s->wake.word, word, word & ~LW_WAKE_STATE) != word)
		return;
	if (kind == LW_WAKE_IRQ_AGAIN && ev->level == LW_LEVEL_HARDIRQ &&
	    c->expect == t && begin_ns == c->irq.begin_ns)
		return;
	lw_count(c->id, LW_HOST, found_awake[kind], 1);
}

/* a tap wakes its backend for a packet */
static void wake_backend(struct lw_event *ev, const struct task_struct *t,
			 struct lw_task *s, const void *skb, bool awake)
{
	u64 now;

	s = s ?: wake_new(ev, t, awake);
	if (!s)
		return;
	now = lw_clock_ns();
	WRITE_ONCE(ev->cpu->last[LATWATCH_MARK_BACKEND_WAKE], now);
	leave_wake(ev, s, now, LW_WAKE_BACKEND, awake, NULL, skb);
}

/* NAPI is scheduled, and its thread woken instead of NET_RX raised */
static void wake_napi(struct lw_event *ev, const struct task_struct *t,
		      struct lw_task *s, bool awake)
{
	u64 now = lw_clock_ns();
	struct lw_flight f;

	lw_poll_raise(ev, &f, now);
	s = s ?: wake_new(ev, t, awake);
	if (s && !leave_wake(ev, s, now, LW_WAKE_NAPI, awake, &f, NULL))
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_RAISES, 1);
}

/* a poll runs in this context; a softirq on top of a task is not the task */
static const struct lw_flight *polls(const struct lw_event *ev)
{
	const struct lw_cpu *c = ev->cpu;
	const struct lw_task *self = c->current_slot;

	if (ev->level == LW_LEVEL_SOFTIRQ)
		return c->runner == ev->task ? &c->softirq : NULL;
	return ev->level == LW_LEVEL_TASK && self && self->polls &&
	       self->task == ev->task ? &self->flight : NULL;
}

/* a poll wakes a task that reads packets of this host */
static void hand_to_reader(struct lw_event *ev, const struct task_struct *t,
			   struct lw_task *s, enum lw_wake_kind kind,
			   bool awake)
{
	struct lw_cpu *c = ev->cpu;
	bool stack = c->packet.owner == ev->task && c->packet.flight;
	struct lw_flight f;
	u64 now;

	/* the kernel's own threads read no sockets, but are woken for much */
	if (t->flags & PF_KTHREAD)
		return;
	s = s ?: wake_new_reader(ev, t, awake);
	if (!s)
		return;
	now = lw_clock_ns();
	f = stack ? *c->packet.flight : *polls(ev);
	if (stack)
		lw_flight_set(&f, LATWATCH_MARK_STACK, c->packet.ns, c->id);
	lw_mark(ev, &f, LATWATCH_MARK_READER_WAKE, now);
	leave_wake(ev, s, now, kind, awake, &f, stack ? c->packet.head : NULL);
}

/* a poll wakes a task: for a packet in the stack, or for what XDP redirected */
static void wake_by_poll(struct lw_event *ev, const struct task_struct *t,
			 struct lw_task *s, bool awake)
{
	struct lw_cpu *c = ev->cpu;

	switch (lw_xdp_wakes(ev, s)) {
	case LW_XDP_BACKEND:
		wake_backend(ev, t, s, LW_XDP_FRAMES, awake);
		return;
	case LW_XDP_READER:
		hand_to_reader(ev, t, s, LW_WAKE_XDP_READER, awake);
		return;
	case LW_XDP_NOBODY:
		break;
	}
	if (c->packet.owner != ev->task || !c->packet.flight)
		return;
	if (c->packet.candidate)
		/* a macvtap's backend, or else nothing will come of it */
		wake_backend(ev, t, s, c->packet.candidate, awake);
	else
		hand_to_reader(ev, t, s, LW_WAKE_READER, awake);
}

/* a backend wakes the vCPU that it has signalled */
static void wake_vcpu(struct lw_event *ev, struct lw_task *self,
		      const struct task_struct *t, struct lw_task *s,
		      bool awake)
{
	struct lw_cpu *c = ev->cpu;
	u64 now;

	if (READ_ONCE(s->roles) == LW_TASK_BACKEND)
		return;
	self->signalled = false;
	now = lw_clock_ns();
	WRITE_ONCE(c->last[LATWATCH_MARK_VCPU_WAKE], now);
	lw_vm_adopt(s, t);
	if (!leave_wake(ev, s, now, LW_WAKE_VCPU, awake, NULL, NULL))
		return;
	lw_stat_one(&lw_account(c->id, lw_vm_account(self->vm))
			     ->stat[LATWATCH_STAGE_SIGNAL],
		    now - self->signal_ns, &self->flight, now, c->id);
}

/* a passed through device's handler wakes the vCPU that it has signalled */
static void wake_vcpu_device(struct lw_event *ev, const struct task_struct *t,
			     struct lw_task *s, bool awake)
{
	struct lw_device_in_hand *d = &ev->cpu->device;
	u64 now;

	if (t->flags & PF_KTHREAD)
		return;
	s = s ?: wake_new(ev, t, awake);
	if (!s || !lw_vm_adopt(s, t))
		return;
	d->owner = NULL;
	lw_device_learn(s->vm, d->flight.irq);
	now = lw_clock_ns();
	WRITE_ONCE(ev->cpu->last[LATWATCH_MARK_VCPU_WAKE], now);
	lw_flight_set(&d->flight, LATWATCH_MARK_VCPU_WAKE, now, ev->cpu->id);
	if (leave_wake(ev, s, now, LW_WAKE_VCPU_DEVICE, awake, NULL, NULL))
		lw_record(ev, lw_vm_account(s->vm),
			  LATWATCH_STAGE_DEVICE_SIGNAL, &d->flight,
			  LATWATCH_MARK_SIGNAL, LATWATCH_MARK_VCPU_WAKE);
}

/* a vCPU is woken by the context that notified it of an interrupt */
static void wake_notified(struct lw_event *ev, const struct task_struct *t,
			  struct lw_task *s, bool awake)
{
	const struct lw_notified *notified = lw_signal_wake(ev);
	struct lw_cpu *c = ev->cpu;
	u64 now;

	s = s ?: wake_new(ev, t, awake);
	if (!s || !lw_vm_adopt(s, t))
		return;
	now = lw_clock_ns();
	WRITE_ONCE(c->last[LATWATCH_MARK_VCPU_WAKE], now);
	if (leave_wake(ev, s, now, LW_WAKE_VCPU, awake, NULL, NULL) && notified)
		lw_stat_one(&lw_account(c->id, lw_vm_account(s->vm))
				     ->stat[LATWATCH_STAGE_SIGNAL],
			    now - notified->signal_ns, &notified->flight, now, c->id);
}

/* a vCPU that left the guest wakes a task that may be its backend */
static void wake_kicked(struct lw_event *ev, struct lw_task *self,
			const struct task_struct *t, struct lw_task *s,
			bool awake)
{
	struct lw_flight f;
	u64 now;

	if (READ_ONCE(s->roles) & LW_TASK_VCPU)
		return;
	now = lw_clock_ns();
	lw_flight_open(&f, LATWATCH_ORIGIN_VM);
	lw_flight_set(&f, LATWATCH_MARK_EXIT, self->exit_ns, self->exit_cpu);
	lw_mark(ev, &f, LATWATCH_MARK_KICK_WAKE, now);
	lw_flight_cast(&f, LATWATCH_ROLE_VCPU, ev->task);
	lw_vm_adopt(s, t);
	leave_wake(ev, s, now, LW_WAKE_KICK, awake, &f, NULL);
}

/* a backend or a vCPU wakes another task of its VM */
static void wake_by_task(struct lw_event *ev, const struct task_struct *t,
			 struct lw_task *s, bool awake)
{
	struct lw_task *self = ev->cpu->current_slot;
	bool kicks;

	if (likely(!self || !self->roles || self->task != ev->task))
		return;
	if (lw_xdp_wakes(ev, s) == LW_XDP_BACKEND) {
		/* another VM's: a program of its own tap redirects */
		wake_backend(ev, t, s, LW_XDP_FRAMES, awake);
		return;
	}
	kicks = self->roles & LW_TASK_VCPU && !lw_in_guest(self->guest_seq) &&
		self->exit_ns;
	/*
	 * Of all whom they may wake, vCPUs and backends live in the same
	 * address space; a backend's first wake after its signal is the
	 * vCPU's.
	 */
	if ((!self->signalled && !kicks) || t->mm != ev->task->mm)
		return;
	s = s ?: wake_new(ev, t, awake);
	if (!s) {
		self->signalled = false;
		return;
	}
	if (self->signalled)
		wake_vcpu(ev, self, t, s, awake);
	else
		wake_kicked(ev, self, t, s, awake);
}

/**
 * lw_waking() - a task is about to be woken
 * @ev: by whom
 * @t: the task
 * @awake: it is on a CPU at this moment
 *
 * Context: @t's pi_lock is held, or @t is current.
 */
void lw_waking(struct lw_event *ev, const struct task_struct *t, bool awake)
{
	struct lw_task *s = lw_task_find(t);
	struct lw_cpu *c = ev->cpu;

	if (s && (READ_ONCE(s->wake.word) & LW_WAKE_STATE) == LW_WAKE_AWAKE)
		settle(ev, s, t);

	if (ev->level != LW_LEVEL_HARDIRQ) {
		/* the handler's exit is past: no wake came of it */
		c->expect = NULL;
	} else if (c->expect == t) {
		c->expect = NULL;
		s = s ?: wake_new(ev, t, awake);
		if (!s)
			return;
		WRITE_ONCE(s->asked_ns, 0);
		lw_wake_irq_thread(ev, s, awake, LW_WAKE_IRQ_THREAD);
		return;
	}
	if (unlikely(lw_is_napi_thread(t))) {
		wake_napi(ev, t, s, awake);
		return;
	}
	if (unlikely(c->device.owner == ev->task &&
		     c->device.level == ev->level)) {
		wake_vcpu_device(ev, t, s, awake);
		return;
	}
	if (READ_ONCE(lw_signal_mode) && lw_is_signal_wake(ev, t, s)) {
		wake_notified(ev, t, s, awake);
		return;
	}
	if (ev->level == LW_LEVEL_HARDIRQ)
		return;
	if (c->xmit_task == ev->task)
		wake_backend(ev, t, s, c->xmit_skb, awake);
	else if (polls(ev))
		wake_by_poll(ev, t, s, awake);
	else if (ev->level == LW_LEVEL_TASK)
		wake_by_task(ev, t, s, awake);
}

/* a NAPI thread begins to poll for what woke it */
static void poll_begin(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w, u64 now)
{
	lw_flight_copy(&s->flight, &w->flight);
	s->polls = true;
	WRITE_ONCE(s->roles, LW_TASK_NAPI);
	lw_poll_begin(ev, &s->flight, LATWATCH_STAGE_SOFTIRQ_WAIT_NAPI,
		      s->task, now);
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

static void run(struct lw_task *s, struct lw_event *ev, const struct lw_wake *w)
{
	unsigned int cpu = ev->cpu->id;
	u64 now = lw_clock_ns();
	struct lw_flight *f = &s->flight;

	s->wake_ns = w->ns;
	s->wake_cpu = w->cpu;
	s->run_ns = now;
	s->run_cpu = cpu;

	switch (w->kind) {
	case LW_WAKE_IRQ_THREAD:
		lw_flight_copy(f, &w->flight);
		lw_mark(ev, f, LATWATCH_MARK_THREAD_RUN, now);
		lw_flight_cast(f, LATWATCH_ROLE_IRQ_THREAD, s->task);
		s->fresh = true;
		break;
	case LW_WAKE_BACKEND:
		s->run_skb = w->skb;
		s->tapped = true;
		lw_flight_open(f, LATWATCH_ORIGIN_LOCAL);
		lw_flight_set(f, LATWATCH_MARK_BACKEND_WAKE, w->ns, w->cpu);
		lw_mark(ev, f, LATWATCH_MARK_BACKEND_RUN, now);
		lw_flight_cast(f, LATWATCH_ROLE_BACKEND, s->task);
		break;
	case LW_WAKE_KICK:
		s->kick = w->flight;
		lw_mark(ev, &s->kick, LATWATCH_MARK_KICK_RUN, now);
		lw_flight_cast(&s->kick, LATWATCH_ROLE_BACKEND, s->task);
		s->kicked = true;
		s->kick_new = true;
		break;
	case LW_WAKE_READER:
		*f = w->flight;
		s->read_head = w->skb;
		lw_mark(ev, f, LATWATCH_MARK_READER_RUN, now);
		lw_flight_cast(f, LATWATCH_ROLE_READER, s->task);
		s->fresh = true;
		break;
	case LW_WAKE_XDP_READER:
		*f = w->flight;
		lw_mark(ev, f, LATWATCH_MARK_READER_RUN, now);
		lw_flight_cast(f, LATWATCH_ROLE_READER, s->task);
		s->fresh = false;
		lw_xdp_read(ev, f);
		break;
	case LW_WAKE_NAPI:
		poll_begin(s, ev, w, now);
		break;
	case LW_WAKE_VCPU:
		vcpu_run(s, ev, w, LATWATCH_STAGE_VCPU_WAKE, now);
		break;
	case LW_WAKE_VCPU_DEVICE:
		vcpu_run(s, ev, w, LATWATCH_STAGE_DEVICE_VCPU_WAKE, now);
		break;
	}
}

/* apart: the copy is large, and seldom needed */
static noinline void run_awake(struct lw_task *s, struct lw_event *ev)
{
	struct lw_wake w;

	if (consume_wake(s, &w))
		run(s, ev, &w);
}

/*
 * A followed task begins to run; @ev's is still the task before it.
 *
 * A wake that found the task on a CPU is ambiguous. Mostly the task had only
 * announced that it would sleep, takes the announcement back and runs on: then
 * the wake was answered at once and no switch belongs to it. But it may have
 * been on its way off the CPU, past the point of return: then this switch is
 * the answer. The second is so if the task was not switched from since the
 * wake (it was off the CPU already), or if the last time was to sleep and no
 * newer wake has brought it back.
 */
static void switch_in(struct lw_task *s, struct lw_event *ev)
{
	/* kind and outs are that wake's; pairs with the release in leave_wake() */
	u32 word = smp_load_acquire(&s->wake.word);

	if ((word & LW_WAKE_STATE) == LW_WAKE_ASLEEP) {
		/* nobody touches it until it is answered */
		run(s, ev, &s->wake);
		/* pairs with the cmpxchg() in leave_wake() */
		smp_store_release(&s->wake.word, word & ~LW_WAKE_STATE);
		return;
	}
	if ((word & LW_WAKE_STATE) != LW_WAKE_AWAKE ||
	    READ_ONCE(s->wake.kind) == LW_WAKE_IRQ_AGAIN ||
	    (READ_ONCE(s->wake.nr_switches) != s->nr_switches && !s->slept))
		return;
	run_awake(s, ev);
}

/* what a task had in hand, and what it was to wake for that, is over */
static void let_go(struct lw_event *ev, const struct task_struct *t)
{
	struct lw_cpu *c = ev->cpu;

	if (c->device.owner == t)
		c->device.owner = NULL;
	if (c->notified.owner == t)
		c->notified.owner = NULL;
	if (c->packet.owner == t)
		c->packet.owner = NULL;
}

/* a followed task stops to run */
static void switch_out(struct lw_task *s, struct lw_event *ev, bool sleeps)
{
	WRITE_ONCE(s->nr_switches, s->nr_switches + 1);
	s->slept = sleeps;
	if (!sleeps)
		return;
	s->fresh = false;
	s->polls = false;
	s->kicked = false;
	s->kick_new = false;
	s->signalled = false;
	s->announced = false;
	WRITE_ONCE(s->asked_ns, 0);
	let_go(ev, s->task);
	lw_xdp_poll_end(ev);
	if (s->batch)
		lw_suppress(s, ev);
}

/**
 * lw_switch() - a CPU switches from one task to another
 * @ev: where; in @prev
 * @prev: the one
 * @next: the other
 * @sleeps: @prev has nothing to do until it is woken; it is not preempted, nor
 *          waits for a lock or a page, which is part of what it does
 */
void lw_switch(struct lw_event *ev, const struct task_struct *prev,
	       const struct task_struct *next, bool sleeps)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_task *s = c->current_slot;

	/* the thread was asked for before, and is the one that comes to run */
	c->expect = NULL;
	if (s && s->task == prev)
		switch_out(s, ev, sleeps);
	s = lw_task_find(next);
	c->current_slot = s;
	if (s)
		switch_in(s, ev);
}

/* a NAPI thread polls for what found it awake: that took no wait */
static void poll_again(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w)
{
	struct lw_flight *f = &s->flight;

	*f = w->flight;
	lw_flight_set(f, LATWATCH_MARK_SOFTIRQ, w->ns, ev->cpu->id);
	lw_flight_cast(f, LATWATCH_ROLE_RUNNER, s->task);
	s->polls = true;
	WRITE_ONCE(s->roles, LW_TASK_NAPI);
}

/* a reader goes on with what found it awake */
static void read_again(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w)
{
	s->flight = w->flight;
	s->read_head = w->skb;
	lw_flight_set(&s->flight, LATWATCH_MARK_READER_RUN, w->ns, ev->cpu->id);
	lw_flight_cast(&s->flight, LATWATCH_ROLE_READER, s->task);
	s->fresh = true;
}

/* apart, as run_awake() */
static noinline bool answer_awake(struct lw_task *s, struct lw_event *ev,
				  struct lw_flight *f)
{
	struct lw_wake w;

	if (!consume_wake(s, &w))
		return false;
	lw_count(ev->cpu->id, LW_HOST, found_awake[w.kind], 1);
	if (w.kind == LW_WAKE_KICK) {
		/* it is at work; what it brings from now on is this kick's */
		s->kick = w.flight;
		lw_flight_set(&s->kick, LATWATCH_MARK_KICK_RUN, w.ns,
			      ev->cpu->id);
		s->kick.awake = true;
		s->kicked = true;
		s->kick_new = true;
	}
	if (w.kind == LW_WAKE_NAPI)
		poll_again(s, ev, &w);
	if (w.kind == LW_WAKE_READER)
		read_again(s, ev, &w);
	if (f && w.kind <= LW_WAKE_IRQ_AGAIN) {
		*f = w.flight;
		/* it ran already: the hand-over took no time */
		lw_flight_set(f, LATWATCH_MARK_THREAD_RUN, w.ns, ev->cpu->id);
		f->awake = true;
		lw_flight_cast(f, LATWATCH_ROLE_IRQ_THREAD, ev->task);
		return true;
	}
	return !f;
}

/**
 * lw_wake_answer_awake() - a task does what it was woken for, without a switch
 * @s: its slot
 * @ev: where
 * @f: takes the flight of an irq thread's wake; NULL for other kinds
 *
 * Return: true if there was a wake that had found it awake.
 */
bool lw_wake_answer_awake(struct lw_task *s, struct lw_event *ev,
			  struct lw_flight *f)
{
	return (READ_ONCE(s->wake.word) & LW_WAKE_STATE) == LW_WAKE_AWAKE &&
	       answer_awake(s, ev, f);
}

/**
 * lw_task_gone() - a task exits
 * @ev: where; it is current
 * @t: the task
 */
void lw_task_gone(struct lw_event *ev, const struct task_struct *t)
{
	struct lw_task *s = lw_task_find(t);
	struct lw_batch *b;
	struct lw_vm *vm;

	if (!s || !lw_task_take(s, t))
		return;
	vm = s->vm;
	if (vm)
		lw_vm_clear_vcpu(vm, s->vcpu_id, s);
	while ((b = s->batch)) {
		s->batch = b->next;
		lw_batch_close(ev, b, LW_LOST_VM_GONE);
	}
	while ((b = s->injected)) {
		s->injected = b->next;
		lw_batch_close(ev, b, LW_LOST_VM_GONE);
	}
	if (lw_vm_leave(s))
		lw_vm_drain(ev, vm);
	/* there is no switch_out() of it */
	let_go(ev, t);
	ev->cpu->current_slot = NULL;
	lw_task_free(s);
}
