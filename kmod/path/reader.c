// SPDX-License-Identifier: GPL-2.0
/*
 * Who reads packets of this host: takes the flight of the poll, or of the backend, that
 * wakes the reader, and the packet's; net.c finds both in the reader's slot when the data is
 * copied, xdp.c when the owner of an AF_XDP socket runs.
 */
#include "path/path.h"

static void leave(struct lw_event *ev, const struct task_struct *t, struct lw_task *s,
		  enum lw_wake_kind kind, bool awake, struct lw_flight *f,
		  const void *head)
{
	u64 now;

	s = s ?: lw_wake_new_reader(ev, t, awake);
	if (!s)
		return;
	now = lw_clock_ns();
	lw_mark(ev, f, LATWATCH_MARK_READER_WAKE, now);
	lw_wake_leave(ev, s, now, kind, awake, f, head);
}

/**
 * lw_wake_reader() - a poll wakes a task that reads packets of this host
 * @ev: where
 * @t: the task
 * @s: its slot, or NULL
 * @kind: LW_WAKE_READER or LW_WAKE_XDP_READER
 * @awake: the task is on a CPU
 * @poll: the flight of the poll
 */
void lw_wake_reader(struct lw_event *ev, const struct task_struct *t,
		    struct lw_task *s, enum lw_wake_kind kind, bool awake,
		    const struct lw_flight *poll)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);
	bool stack = x && x->packet.flight;
	struct lw_flight f;

	/* the kernel's own threads read no sockets, but are woken for much */
	if (t->flags & PF_KTHREAD)
		return;
	f = stack ? *x->packet.flight : *poll;
	if (stack)
		lw_flight_set(&f, LATWATCH_MARK_STACK, x->packet.ns,
			      ev->cpu->id);
	f.clean = lw_trail_cleanness(ev->cpu, &f, LATWATCH_MARK_SOFTIRQ);
	leave(ev, t, s, kind, awake, &f, stack ? x->packet.head : NULL);
}

/**
 * lw_wake_reader_of_guest() - a backend with a packet of its guest in the stack wakes a task
 * @ev: where
 * @self: the backend's slot
 * @t: the task
 * @s: its slot, or NULL
 * @awake: the task is on a CPU
 *
 * The guest sends to this host: a bridge's own address is in its stack at once. Its VMM
 * is woken for other things, and so is whom a NIC's driver wakes.
 */
void lw_wake_reader_of_guest(struct lw_event *ev, const struct lw_task *self,
			     const struct task_struct *t, struct lw_task *s, bool awake)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);
	struct lw_flight f;

	if (!x || x->packet.from != self || x->holds & LW_HOLDS_DRIVER ||
	    t->flags & PF_KTHREAD || t->mm == ev->task->mm)
		return;
	if (x->packet.flight)
		f = *x->packet.flight;
	else
		lw_flight_open(&f, LATWATCH_ORIGIN_VM);
	lw_flight_set(&f, LATWATCH_MARK_STACK, x->packet.ns, ev->cpu->id);
	leave(ev, t, s, LW_WAKE_READER, awake, &f, x->packet.head);
}

/*
 * What it sends before it sleeps may be made of this packet: the oldest of those that
 * it takes meanwhile.
 */
static void take(struct lw_task *s)
{
	if (s->took || !lw_origin_is_nics(s->flight.origin) ||
	    !lw_flight_has(&s->flight, LATWATCH_MARK_SOFTIRQ))
		return;
	s->taken = s->flight;
	s->taken.marks &= ~BIT(LATWATCH_MARK_STACK);
	s->took = true;
}

/**
 * lw_through() - current sends a packet that its kernel or itself has made
 * @ev: where
 *
 * A switch in user space, or a VPN, has taken it from a NIC, and sends it on.
 *
 * Return: the flight of the oldest packet that current took since it slept, or NULL.
 */
const struct lw_flight *lw_through(struct lw_event *ev)
{
	struct lw_task *s = ev->cpu->current_slot;

	if (ev->level != LW_LEVEL_TASK)
		return NULL;
	if (s && s->task == ev->task && s->took)
		return &s->taken;
	if (likely(!ev->packet_socket))
		return NULL;
	s = lw_task_self(ev) ?: lw_task_claim_reader(ev, ev->task);
	return s && lw_given_oldest(ev, s) ? &s->taken : NULL;
}

/* the packet of @w is what @s reads next, since @ns */
static void begin(struct lw_task *s, struct lw_event *ev,
		  const struct lw_wake *w, u64 ns)
{
	s->flight = w->flight;
	s->read_head = w->skb;
	lw_flight_set(&s->flight, LATWATCH_MARK_READER_RUN, ns, ev->cpu->id);
	lw_flight_cast(&s->flight, LATWATCH_ROLE_READER, s->task);
	s->fresh = true;
	take(s);
}

void lw_reader_run(struct lw_task *s, struct lw_event *ev,
		   const struct lw_wake *w, u64 now)
{
	begin(s, ev, w, now);
	WRITE_ONCE(ev->cpu->last[LATWATCH_MARK_READER_RUN], now);
}

/* it goes on with what found it awake */
void lw_reader_awake(struct lw_task *s, struct lw_event *ev,
		     const struct lw_wake *w)
{
	begin(s, ev, w, w->ns);
}
