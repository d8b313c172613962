// SPDX-License-Identifier: GPL-2.0
/*
 * When a packet arrived that a poll finds without an interrupt of its own: takes the
 * polls of NAPIs that go on, or wait for their timer, and gives the raise that follows
 * the latest moment of which it is known that nothing of it had arrived. Such a begin
 * is a bound: the packet is younger than it says, never older.
 *
 * NET_RX polls its list in order. A NAPI that used up its budget goes to the list's
 * end, and NET_RX raises itself for what is on the list: for NAPIs that it has polled,
 * each known by its record in struct lw_cpu, and for others that were scheduled
 * meanwhile. These came after the begin of the run; and when a NAPI is polled for the
 * second time, all that were scheduled before its first poll have been polled, too.
 */
#include "engine/nic.h"
#include "path/path.h"

/* a timer may be read to be earlier by the kernel's clock */
#define TIMER_EARLY_NS	1000000ULL
/* and fires that late at most, or its device is gone */
#define TIMER_LATE_NS	1000000000ULL

/* what a run that begins like this hands on to the next */
static u8 after(u8 origin)
{
	return origin == LATWATCH_ORIGIN_IRQ ? LATWATCH_ORIGIN_AFTER_IRQ :
					       origin;
}

static void open_bound(struct lw_event *ev, struct lw_flight *f, u8 origin,
		       u32 irq, u64 ns)
{
	lw_flight_open(f, origin);
	f->irq = irq;
	lw_flight_set(f, LATWATCH_MARK_BOUND, ns, ev->cpu->id);
}

static void drop(struct lw_cpu *c, struct lw_ring *r)
{
	r->napi = NULL;
	if (!--c->nrings)
		c->scheduled_ns = 0;
}

static struct lw_ring *find(struct lw_cpu *c, const void *napi)
{
	unsigned int i;

	for (i = 0; c->nrings && i < LW_RINGS; i++)
		if (c->rings[i].napi == napi)
			return &c->rings[i];
	return NULL;
}

static struct lw_ring *claim(struct lw_cpu *c, const void *napi)
{
	unsigned int i;

	for (i = 0; i < LW_RINGS; i++) {
		if (c->rings[i].napi)
			continue;
		c->rings[i].napi = napi;
		c->nrings++;
		return &c->rings[i];
	}
	if (!c->rings_full)
		lw_count(c->id, LW_HOST, LW_NOTE_RING_FULL, 1);
	c->rings_full = true;
	return NULL;
}

/* NET_RX raises itself, for what is still on its list */
static void goes_on(struct lw_event *ev, const struct lw_flight *run,
		    struct lw_flight *f)
{
	u32 irq = run->irq;
	u64 ns = run->begin_ns;
	u8 origin = after(run->origin);
	struct lw_cpu *c = ev->cpu;
	unsigned int i;

	if (c->scheduled_ns > ns && !c->rings_full) {
		ns = c->scheduled_ns;
		origin = LATWATCH_ORIGIN_AFTER_IRQ;
		irq = LW_NO_IRQ;
	}
	for (i = 0; c->nrings && i < LW_RINGS; i++) {
		const struct lw_ring *r = &c->rings[i];

		if (!r->napi || !(r->state & LW_RING_GOES_ON) || r->known_ns >= ns)
			continue;
		ns = r->known_ns;
		origin = r->origin;
		irq = r->irq;
	}
	open_bound(ev, f, origin, irq, ns);
}

/* of the rings whose timer may have expired the one that is known the least of */
static const struct lw_ring *expired(struct lw_cpu *c, u64 now)
{
	const struct lw_ring *oldest = NULL;
	unsigned int i;

	for (i = 0; c->nrings && i < LW_RINGS; i++) {
		struct lw_ring *r = &c->rings[i];

		if (!r->napi || !(r->state & LW_RING_ARMED) ||
		    r->expires_ns > now + TIMER_EARLY_NS)
			continue;
		if (r->expires_ns + TIMER_LATE_NS < now)
			drop(c, r);
		else if (!oldest || r->known_ns < oldest->known_ns)
			oldest = r;
	}
	return oldest;
}

/* a NAPI thread is asked to poll its ring */
static void of_thread(struct lw_event *ev, const struct lw_ring *r, u8 origin,
		      struct lw_flight *f)
{
	u64 known_ns = READ_ONCE(r->known_ns);

	if (known_ns)
		open_bound(ev, f, LATWATCH_ORIGIN_AFTER_EMPTY, LW_NO_IRQ, known_ns);
	else
		lw_flight_open(f, origin);
}

static bool in_timer(struct lw_event *ev)
{
	return ev->level != LW_LEVEL_TASK && lw_ctx_with(ev, LW_HOLDS_TIMER);
}

/**
 * lw_bound_raise() - a poll is asked for, and not by an interrupt
 * @ev: where
 * @f: takes the flight that the poll will have, without its raise
 * @thread: the ring of the NAPI thread that is asked, NULL: NET_RX is
 * @now: when
 */
void lw_bound_raise(struct lw_event *ev, struct lw_flight *f,
		    const struct lw_ring *thread, u64 now)
{
	bool timer = in_timer(ev);
	u8 origin = timer ? LATWATCH_ORIGIN_TIMER : LATWATCH_ORIGIN_POLL;
	const struct lw_ring *r;
	const struct lw_ctx *x;

	if (thread) {
		of_thread(ev, thread, origin, f);
		return;
	}
	if (timer) {
		r = expired(ev->cpu, now);
		if (r)
			open_bound(ev, f, r->origin, LW_NO_IRQ, r->known_ns);
		else
			lw_flight_open(f, origin);
		return;
	}
	x = lw_ctx_with(ev, LW_HOLDS_RUN);
	if (x)
		goes_on(ev, &x->softirq, f);
	else
		lw_flight_open(f, origin);
}

/**
 * lw_bound_raised() - NET_RX is raised while rings are kept
 * @ev: where
 * @begin_ns: the begin of what raised it
 *
 * An interrupt may be older than the moment at which its thread schedules NAPI. What a
 * run of NET_RX raises it for is as old as the run, or is scheduled now.
 */
void lw_bound_raised(struct lw_event *ev, u64 begin_ns)
{
	struct lw_cpu *c = ev->cpu;
	unsigned int i;

	if (lw_ctx_with(ev, LW_HOLDS_RUN) && !in_timer(ev))
		return;
	c->scheduled_ns = min(c->scheduled_ns, begin_ns);
	for (i = 0; i < LW_RINGS; i++)
		c->rings[i].since_ns = min(c->rings[i].since_ns, begin_ns);
}

/* GRO has a packet that had arrived before the poll was asked for */
static void older(struct lw_event *ev, struct lw_flight *f, u64 known_ns)
{
	u64 raise_ns = f->ns[LATWATCH_MARK_RAISE];
	u16 raise_cpu = f->cpu[LATWATCH_MARK_RAISE];
	bool raised = lw_flight_has(f, LATWATCH_MARK_RAISE);

	if (f->begin_ns <= known_ns)
		return;
	open_bound(ev, f, LATWATCH_ORIGIN_AFTER_EMPTY, LW_NO_IRQ, known_ns);
	if (raised)
		lw_flight_set(f, LATWATCH_MARK_RAISE, raise_ns, raise_cpu);
}

/**
 * lw_bound_run() - NET_RX begins to run while rings are kept
 * @ev: where
 * @f: its flight, which has begun
 */
void lw_bound_run(struct lw_event *ev, struct lw_flight *f)
{
	const struct lw_cpu *c = ev->cpu;
	unsigned int i;

	for (i = 0; i < LW_RINGS; i++)
		if (c->rings[i].napi && c->rings[i].state & LW_RING_HELD)
			older(ev, f, c->rings[i].known_ns);
}

/**
 * lw_bound_run_over() - NET_RX has run while rings are kept
 * @c: this CPU
 *
 * If it did not raise itself its list is empty.
 */
void lw_bound_run_over(struct lw_cpu *c)
{
	unsigned int i;

	if (c->raise_pending || lw_ctx_other_run(c, NULL))
		return;
	c->rings_full = false;
	for (i = 0; i < LW_RINGS; i++)
		if (c->rings[i].napi && c->rings[i].state & LW_RING_GOES_ON)
			drop(c, &c->rings[i]);
}

/* a ring's poll has used up its budget */
static void used_up(struct lw_ring *r, const struct lw_flight *run,
		    const struct lw_poll *poll, u64 begin_ns, u32 found, u64 now)
{
	if (!(r->state & LW_RING_GOES_ON))
		lw_ring_go_on(r, run->begin_ns, after(run->origin),
			      run->origin == LATWATCH_ORIGIN_IRQ ||
			      run->origin == LATWATCH_ORIGIN_AFTER_IRQ ?
				      run->irq : LW_NO_IRQ,
			      lw_nic_slots(poll->dev) + poll->budget);
	/* GRO gets the rest of this poll after this */
	lw_ring_found(r, begin_ns, min_t(u32, found, poll->work),
		      now - poll->keeps_ns);
}

/*
 * A poll has left its ring empty: what comes next came after its begin, but for what GRO
 * keeps of it.
 */
static u64 left_empty(const struct lw_flight *run, const struct lw_poll *poll,
		      u64 begin_ns)
{
	return poll->keeps_ns ? max(run->begin_ns, begin_ns - poll->keeps_ns) :
				begin_ns;
}

/**
 * lw_bound_polled() - NET_RX has polled a NIC's NAPI
 * @ev: where
 * @x: the context
 * @poll: what came of it
 * @found: packets that were seen
 */
void lw_bound_polled(struct lw_event *ev, struct lw_ctx *x,
		     const struct lw_poll *poll, u32 found)
{
	bool on = poll->work >= poll->budget;
	struct lw_cpu *c = ev->cpu;
	struct lw_ring *r = find(c, poll->napi);
	u64 begin_ns = x->poll_ns, now;

	if (!on && !poll->armed) {
		if (r)
			drop(c, r);
		return;
	}
	now = lw_clock_ns();
	x->poll_ns = now;
	if (!r) {
		r = claim(c, poll->napi);
		if (!r)
			return;
		r->state = 0;
	} else if (on && r->state & LW_RING_GOES_ON &&
		   r->since_ns > c->scheduled_ns && !lw_ctx_other_run(c, x)) {
		c->scheduled_ns = r->since_ns;
	}
	r->since_ns = now;
	if (on) {
		used_up(r, &x->softirq, poll, begin_ns, found, now);
		return;
	}
	r->known_ns = left_empty(&x->softirq, poll, begin_ns);
	r->origin = LATWATCH_ORIGIN_AFTER_EMPTY;
	r->state = poll->keeps_ns ? LW_RING_ARMED | LW_RING_HELD : LW_RING_ARMED;
	r->expires_ns = poll->expires_ns;
}

/**
 * lw_bound_thread_polled() - a NAPI thread has polled
 * @ev: where
 * @s: its slot; @flight takes that of the poll that follows, if it goes on
 * @poll: what came of it
 * @found: packets that were seen
 * @now: when
 *
 * Return: true if it goes on.
 */
bool lw_bound_thread_polled(struct lw_event *ev, struct lw_task *s,
			    const struct lw_poll *poll, u32 found, u64 now)
{
	u64 begin_ns = s->flight.ns[LATWATCH_MARK_SOFTIRQ];
	struct lw_ring *r = &s->ring;

	if (poll->work < poll->budget) {
		WRITE_ONCE(r->known_ns, left_empty(&s->flight, poll, begin_ns));
		r->state = poll->keeps_ns ? LW_RING_HELD : 0;
		return false;
	}
	used_up(r, &s->flight, poll, begin_ns, found, now);
	open_bound(ev, &s->flight, r->origin, r->irq, r->known_ns);
	lw_flight_set(&s->flight, LATWATCH_MARK_RAISE, now, ev->cpu->id);
	return true;
}

/**
 * lw_bound_thread_run() - a NAPI thread begins to poll for what has asked it
 * @ev: where
 * @s: its slot, with the flight
 */
void lw_bound_thread_run(struct lw_event *ev, struct lw_task *s)
{
	if (unlikely(s->ring.state & LW_RING_HELD))
		older(ev, &s->flight, s->ring.known_ns);
}
