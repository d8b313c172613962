// SPDX-License-Identifier: GPL-2.0
/*
 * Who wakes a backend, and for what: a tap, for the packet that it got, or a vCPU
 * that has left its guest, to have sent what that has put into the ring. Takes the
 * packet's address from net.c and xdp.c, the time of the exit from guest.c; net.c
 * and guest.c find both in the backend's slot.
 */
#include "engine/vm.h"
#include "path/path.h"

/**
 * lw_wake_backend() - a tap wakes its backend for a packet
 * @ev: where
 * @t: the backend
 * @s: its slot, or NULL
 * @skb: the packet
 * @awake: the backend is on a CPU
 */
void lw_wake_backend(struct lw_event *ev, const struct task_struct *t,
		     struct lw_task *s, const void *skb, bool awake)
{
	u64 now;

	s = s ?: lw_taker_wake(ev, t, awake);
	if (!s)
		return;
	now = lw_clock_ns();
	WRITE_ONCE(ev->cpu->last[LATWATCH_MARK_BACKEND_WAKE], now);
	lw_wake_leave(ev, s, now, LW_WAKE_BACKEND, awake, NULL, skb);
}

/* by a tap */
void lw_backend_run(struct lw_task *s, struct lw_event *ev,
		    const struct lw_wake *w, u64 now)
{
	struct lw_flight *f = &s->flight;

	s->run_skb = w->skb;
	s->tapped = true;
	lw_flight_open(f, LATWATCH_ORIGIN_LOCAL);
	lw_flight_set(f, LATWATCH_MARK_BACKEND_WAKE, w->ns, w->cpu);
	lw_mark(ev, f, LATWATCH_MARK_BACKEND_RUN, now);
	lw_flight_cast(f, LATWATCH_ROLE_BACKEND, s->task);
}

/**
 * lw_wake_kicked() - a vCPU that left the guest wakes a task that may be its backend
 * @ev: where
 * @self: the vCPU's slot
 * @t: the task
 * @s: its slot
 * @awake: it is on a CPU
 */
void lw_wake_kicked(struct lw_event *ev, struct lw_task *self,
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
	f.clean = lw_trail_cleanness(ev->cpu, &f, LATWATCH_MARK_EXIT);
	lw_mark(ev, &f, LATWATCH_MARK_KICK_WAKE, now);
	lw_flight_cast(&f, LATWATCH_ROLE_VCPU, ev->task);
	lw_vm_adopt(ev, s, t);
	lw_wake_leave(ev, s, now, LW_WAKE_KICK, awake, &f, NULL);
}

void lw_kick_run(struct lw_task *s, struct lw_event *ev,
		 const struct lw_wake *w, u64 now)
{
	s->kick = w->flight;
	lw_mark(ev, &s->kick, LATWATCH_MARK_KICK_RUN, now);
	lw_flight_cast(&s->kick, LATWATCH_ROLE_BACKEND, s->task);
	s->kicked = true;
	s->kick_new = true;
}

/* it is at work; what it brings from now on is this kick's */
void lw_kick_awake(struct lw_task *s, struct lw_event *ev,
		   const struct lw_wake *w)
{
	s->kick = w->flight;
	lw_flight_set(&s->kick, LATWATCH_MARK_KICK_RUN, w->ns, ev->cpu->id);
	s->kick.awake = true;
	s->kicked = true;
	s->kick_new = true;
}
