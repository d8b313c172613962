// SPDX-License-Identifier: GPL-2.0
/*
 * Events of the scheduler: whom a wake concerns, what ends when a task stops to
 * run, and what each kind of wake means. Takes wakes, switches and exits from the
 * probes, and gives each to the part of the way that it is of; engine/handover.c
 * carries it from there to the task that is woken.
 */
#include "engine/batch.h"
#include "engine/vm.h"
#include "path/path.h"
#include "path/xdp.h"

const struct lw_wake_ops lw_wakes[] = {
	[LW_WAKE_IRQ_THREAD] = {
		.on_run = lw_irq_thread_run,
		.carry = lw_irq_thread_carry,
		.found_awake = LW_NOTE_THREAD_AWAKE,
	},
	[LW_WAKE_IRQ_AGAIN] = {
		.carry = lw_irq_thread_carry,
		.announces = lw_irq_thread_announced,
		.found_awake = LW_NOTE_THREAD_AWAKE,
	},
	[LW_WAKE_BACKEND] = {
		.on_run = lw_backend_run,
		.found_awake = LW_NOTE_BACKEND_AWAKE,
	},
	[LW_WAKE_VCPU] = {
		.on_run = lw_vcpu_run,
		.found_awake = LW_NOTE_VCPU_AWAKE,
	},
	[LW_WAKE_KICK] = {
		.on_run = lw_kick_run,
		.on_awake = lw_kick_awake,
		.found_awake = LW_TX_NOTE_KICK_AWAKE,
	},
	[LW_WAKE_READER] = {
		.on_run = lw_reader_run,
		.on_awake = lw_reader_awake,
		.found_awake = LW_READER_NOTE_AWAKE,
	},
	[LW_WAKE_NAPI] = {
		.on_run = lw_napi_run,
		.on_awake = lw_napi_awake,
		.found_awake = LW_NOTE_NAPI_AWAKE,
	},
	[LW_WAKE_VCPU_DEVICE] = {
		.on_run = lw_vcpu_device_run,
		.found_awake = LW_NOTE_VCPU_AWAKE,
	},
	[LW_WAKE_RELAY] = {
		.found_awake = LW_NOTE_RELAY_AWAKE,
	},
	[LW_WAKE_XDP_READER] = {
		.on_run = lw_xdp_reader_run,
		.found_awake = LW_READER_NOTE_AWAKE,
	},
};

/* a poll runs in this context; a softirq on top of a task is not the task */
static const struct lw_flight *polls(struct lw_event *ev)
{
	const struct lw_task *self = ev->cpu->current_slot;

	if (ev->level == LW_LEVEL_SOFTIRQ) {
		const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_RUN);

		return x ? &x->softirq : NULL;
	}
	return ev->level == LW_LEVEL_TASK && self && self->polls &&
	       self->task == ev->task ? &self->flight : NULL;
}

/* a poll wakes a task: for a packet in the stack, or for what XDP redirected */
static void wake_by_poll(struct lw_event *ev, const struct task_struct *t,
			 struct lw_task *s, bool awake)
{
	const struct lw_ctx *x;

	switch (lw_xdp_wakes(ev, s)) {
	case LW_XDP_BACKEND:
		lw_wake_backend(ev, t, s, LW_XDP_FRAMES, awake);
		return;
	case LW_XDP_READER:
		lw_wake_reader(ev, t, s, LW_WAKE_XDP_READER, awake, polls(ev));
		return;
	case LW_XDP_NOBODY:
		break;
	}
	x = lw_ctx_with(ev, LW_HOLDS_PACKET);
	if (!x || !x->packet.flight)
		return;
	if (x->packet.candidate)
		/* a macvtap's backend, or else nothing will come of it */
		lw_wake_backend(ev, t, s, x->packet.candidate, awake);
	else if (!x->packet.resumed)
		lw_wake_reader(ev, t, s, LW_WAKE_READER, awake, polls(ev));
}

/* a backend or a vCPU wakes another task of its VM */
static void wake_by_task(struct lw_event *ev, const struct task_struct *t,
			 struct lw_task *s, bool awake)
{
	struct lw_task *self = ev->cpu->current_slot;
	bool kicks;

	if (likely(!self || self->task != ev->task))
		return;
	if (unlikely(self->relays) && lw_wake_told(ev, self, t, s, awake))
		return;
	if (likely(!self->roles) && !lw_held_woken(ev, self, t))
		return;
	if (lw_xdp_wakes(ev, s) == LW_XDP_BACKEND) {
		/* another VM's: a program of its own tap redirects */
		lw_wake_backend(ev, t, s, LW_XDP_FRAMES, awake);
		return;
	}
	if (unlikely(self->batch) && lw_relay(ev, self, t, s, awake))
		return;
	kicks = self->roles & LW_TASK_VCPU && !lw_in_guest(self->guest_seq) &&
		self->exit_ns;
	/*
	 * Of all whom they may wake, vCPUs and backends live in the same
	 * address space; a backend's first wake after its signal is the
	 * vCPU's.
	 */
	if ((!self->signalled && !kicks) || t->mm != ev->task->mm) {
		lw_wake_reader_of_guest(ev, self, t, s, awake);
		return;
	}
	s = s ?: lw_wake_new(ev, t, awake);
	if (!s) {
		self->signalled = false;
		return;
	}
	if (self->signalled)
		lw_wake_vcpu(ev, self, t, s, awake);
	else
		lw_wake_kicked(ev, self, t, s, awake);
}

/**
 * lw_waking() - a task is about to be woken
 * @ev: by whom
 * @t: the task
 * @s: its slot, or NULL
 * @awake: it is on a CPU at this moment
 *
 * Context: @t's pi_lock is held, or @t is current.
 */
void lw_waking(struct lw_event *ev, const struct task_struct *t,
	       struct lw_task *s, bool awake)
{
	struct lw_cpu *c = ev->cpu;
	const struct lw_ctx *x;

	if (s && (READ_ONCE(s->wake.word) & LW_WAKE_STATE) == LW_WAKE_AWAKE)
		lw_wake_settle(ev, s, t);

	if (ev->level != LW_LEVEL_HARDIRQ) {
		/* the handler's exit is past: no wake came of it */
		c->expect = NULL;
	} else if (c->expect == t) {
		c->expect = NULL;
		s = s ?: lw_wake_new(ev, t, awake);
		if (!s)
			return;
		WRITE_ONCE(s->asked_ns, 0);
		lw_wake_irq_thread(ev, s, awake, LW_WAKE_IRQ_THREAD);
		return;
	}
	if (unlikely(lw_is_napi_thread(t))) {
		lw_wake_napi(ev, t, s, awake);
		return;
	}
	if (unlikely(lw_ctx_with(ev, LW_HOLDS_DEVICE))) {
		lw_wake_vcpu_device(ev, t, s, awake);
		return;
	}
	if (READ_ONCE(lw_signal_mode) && lw_is_signal_wake(ev, t, s)) {
		lw_wake_notified(ev, t, s, awake);
		return;
	}
	if (ev->level == LW_LEVEL_HARDIRQ)
		return;
	x = lw_ctx_with(ev, LW_HOLDS_XMIT);
	if (x)
		lw_wake_backend(ev, t, s, x->xmit_skb, awake);
	else if (polls(ev))
		wake_by_poll(ev, t, s, awake);
	else if (ev->level == LW_LEVEL_TASK)
		wake_by_task(ev, t, s, awake);
}

/* a followed task stops to run; what its context holds is lw_ctx_switch()'s */
static void switch_out(struct lw_task *s, struct lw_event *ev, bool sleeps)
{
	WRITE_ONCE(s->nr_switches, s->nr_switches + 1);
	s->slept = sleeps;
	if (!sleeps)
		return;
	s->fresh = false;
	s->took = false;
	s->polls = false;
	s->kicked = false;
	s->kick_new = false;
	s->signalled = false;
	s->announced = false;
	WRITE_ONCE(s->asked_ns, 0);
	if (s->batch)
		lw_suppress(s, ev);
	if (unlikely(s->relays))
		lw_relay_over(ev, s);
	if (unlikely(s->sends))
		lw_given_until_sleep(s);
}

/**
 * lw_switch() - a CPU switches from one task to another
 * @ev: where; in @prev
 * @prev: the one
 * @next: slot of the other, or NULL
 * @sleeps: @prev has nothing to do until it is woken; it is not preempted, nor
 *          waits for a lock or a page, which is part of what it does
 */
void lw_switch(struct lw_event *ev, const struct task_struct *prev,
	       struct lw_task *next, bool sleeps)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_task *s = c->current_slot;

	/* the thread was asked for before, and is the one that comes to run */
	c->expect = NULL;
	if (s && s->task == prev)
		switch_out(s, ev, sleeps);
	if (c->contexts)
		lw_ctx_switch(c, prev, sleeps);
	c->current_slot = next;
	if (next)
		lw_wake_switch_in(next, ev);
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

	if (ev->cpu->contexts)
		lw_ctx_forget(ev->cpu, t);
	if (!s || !lw_task_take(s, t))
		return;
	while ((b = s->batch)) {
		s->batch = b->next;
		lw_batch_close(ev, b, b->vm ? LW_LOST_VM_GONE : LW_ELSEWHERE_NO_VM);
	}
	while ((b = s->injected)) {
		s->injected = b->next;
		lw_batch_close(ev, b, LW_LOST_VM_GONE);
	}
	if (s->relays)
		lw_relay_over(ev, s);
	lw_vm_leave(ev, s);
	/* there is no switch_out() of it */
	ev->cpu->current_slot = NULL;
	lw_task_free(s);
}
