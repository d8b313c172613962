// SPDX-License-Identifier: GPL-2.0
/*
 * Who takes packets from a tap, and runs no vCPU that was seen: a VPN, a container's
 * network, a process that serves the tap for another one's guest; or a backend whose
 * guest has not run since the module watches. Takes packets from guest.c, and holds them
 * in a batch without a VM until it turns out which; then gives them back, or closes them
 * as handed to a process.
 */
#include "compat/user_worker.h"
#include "engine/batch.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/vm.h"
#include "path/path.h"

/* it may be a guest's backend: the kernel's, or of a process that runs vCPUs */
static bool may_serve(const struct task_struct *t)
{
	return lw_is_worker(t) || (t->mm && lw_vm_find(t->mm));
}

/**
 * lw_taker_new() - begin to follow current, which takes packets from a tap, or sends by it
 * @ev: where; current has no slot
 *
 * Any process may: those get slots as readers do, so that there is room for backends.
 *
 * Return: the slot, or NULL.
 */
struct lw_task *lw_taker_new(struct lw_event *ev)
{
	return may_serve(ev->task) ? lw_task_claim(ev, ev->task) :
				     lw_task_claim_reader(ev, ev->task);
}

/**
 * lw_taker_wake() - the same of a task that a tap wakes
 * @ev: where the waker is
 * @t: the task
 * @awake: it is on a CPU
 *
 * Return: the slot that the wake is left in, or NULL.
 */
struct lw_task *lw_taker_wake(struct lw_event *ev, const struct task_struct *t,
			      bool awake)
{
	return may_serve(t) ? lw_wake_new(ev, t, awake) :
			      lw_wake_new_reader(ev, t, awake);
}

/**
 * lw_taken_unfollowed() - a task without a slot has taken a packet
 * @ev: where; current is the task
 */
void lw_taken_unfollowed(struct lw_event *ev)
{
	enum lw_ledger line = LW_ELSEWHERE_NO_VM;

	if (ev->task->flags & PF_EXITING)
		line = LW_LOST_VM_GONE;
	else if (may_serve(ev->task))
		line = LW_LOST_TASK_FULL;
	lw_count(ev->cpu->id, LW_HOST, line, 1);
}

/* it is known that no guest of its own process gets this, or that there is no room for it */
static enum lw_ledger handed_line(const struct lw_event *ev, const struct lw_task *s)
{
	return (s->serves || lw_is_worker(ev->task)) && ev->task->mm && lw_vm_full() ?
		       LW_LOST_VM_FULL : LW_ELSEWHERE_NO_VM;
}

/**
 * lw_handed() - what a task holds was for its process
 * @ev: where; current is the task
 * @s: its slot
 */
void lw_handed(struct lw_event *ev, struct lw_task *s)
{
	struct lw_batch *b;

	while ((b = s->batch)) {
		s->batch = b->next;
		lw_batch_close(ev, b, handed_line(ev, s));
	}
}

/**
 * lw_hold() - a task whose process has no VM has taken a packet
 * @ev: where; current is the task
 * @s: its slot
 * @p: the packet
 * @now: when
 *
 * One batch: a process that takes packets and never sleeps holds no more.
 */
void lw_hold(struct lw_event *ev, struct lw_task *s, const struct lw_skb *p, u64 now)
{
	u8 origin = lw_batch_origin(&p->flight);
	struct lw_batch *b = s->batch;

	s->signalled = false;
	if (!p->resumed && b && b->origin == origin && lw_batch_add(b, &p->flight))
		return;
	lw_handed(ev, s);
	b = p->resumed || !ev->task->mm ? NULL : lw_batch_claim(NULL, origin, now);
	if (!b) {
		lw_count(ev->cpu->id, LW_HOST, handed_line(ev, s), 1);
		return;
	}
	b->tun = lw_tap(p->tap)->kind == LW_TAP_TUN;
	lw_batch_add(b, &p->flight);
	s->batch = b;
}

/**
 * lw_held_signal() - a task that holds packets signals a guest
 * @s: its slot
 * @key: where that would wait, if the guest is its own process's
 *
 * A vCPU that has halted is woken next, and that tells. Another process's guest gets no
 * batches: they would wait for a vector that is not injected in this process.
 */
void lw_held_signal(struct lw_task *s, u32 key)
{
	s->signalled = true;
	s->serves = true;
	s->signal_ns = lw_clock_ns();
	s->signal_key = key;
}

/**
 * lw_held_woken() - a task that holds packets, and has signalled, wakes another
 * @ev: where; current is the task
 * @s: its slot
 * @t: whom it wakes
 *
 * After a signal a vhost worker wakes nobody but the vCPU, if that has to be woken.
 *
 * Return: true if @t is a vCPU of its own process, which has a VM now.
 */
bool lw_held_woken(struct lw_event *ev, struct lw_task *s, const struct task_struct *t)
{
	if (!s->batch || !s->signalled)
		return false;
	s->signalled = false;
	if (!lw_is_worker(ev->task) || t->mm != ev->task->mm ||
	    !lw_vm_adopt(ev, s, t) || !lw_serves(ev, s))
		return false;
	s->signal_guest_seq = 0;
	lw_backend_signal(ev, s, s->signal_key, s->signal_ns);
	return true;
}
