// SPDX-License-Identifier: GPL-2.0
/*
 * Who reads packets of this host: takes the flight of the poll that wakes the
 * reader, and the packet's; net.c finds both in the reader's slot when the data is
 * copied, xdp.c when the owner of an AF_XDP socket runs.
 */
#include "path/path.h"

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
	u64 now;

	/* the kernel's own threads read no sockets, but are woken for much */
	if (t->flags & PF_KTHREAD)
		return;
	s = s ?: lw_wake_new_reader(ev, t, awake);
	if (!s)
		return;
	now = lw_clock_ns();
	f = stack ? *x->packet.flight : *poll;
	if (stack)
		lw_flight_set(&f, LATWATCH_MARK_STACK, x->packet.ns,
			      ev->cpu->id);
	f.clean = lw_trail_cleanness(ev->cpu, &f, LATWATCH_MARK_SOFTIRQ);
	lw_mark(ev, &f, LATWATCH_MARK_READER_WAKE, now);
	lw_wake_leave(ev, s, now, kind, awake, &f,
		      stack ? x->packet.head : NULL);
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
