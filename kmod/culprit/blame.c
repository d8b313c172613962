// SPDX-License-Identifier: GPL-2.0
/*
 * What filled the time of a stage: reads the trail of the CPU that the flight waited
 * for, or was carried on, and gives what came in between to the books (books/rank.c):
 * to the sums of the stage, and of the worst flight whole.
 *
 * A flight is looked at from mark to mark, a part each:
 *
 *	wait	it ends when a woken task runs, or a raised softirq begins. Whatever
 *		that CPU did meanwhile is in the way.
 *	work	it ends with what the carrier itself did. What its CPU did meanwhile
 *		for anybody else came in between; the rest is the stage's own.
 *	neither	what no CPU tells: a queue, hardware, work that began on another CPU.
 */
#include <linux/minmax.h>

#include "books/rank.h"
#include "culprit/blame.h"

/* nobody's */
#define NO_PID	(-1)

/* marks that a context with a packet in the stack sets, softirqs of its task included */
#define POLLED_MARKS \
	((LW_EARLY_MARKS & ~BIT(LATWATCH_MARK_KICK_WAKE)) | BIT(LATWATCH_MARK_XMIT))

/**
 * struct view - a part, and who looks at it
 * @slot: where its culprits are summed up, or NULL: they go into @into
 * @into: takes them with their names
 * @waits: it is a wait
 * @softirq: softirqs of the carrier are a part of it
 * @pid: whose own time it is, or NO_PID
 * @here: this CPU
 * @cpu: whose trail
 * @mark: that ends it
 * @to: when that was set
 */
struct view {
	struct lw_stat **slot;
	struct lw_blamed *into;
	bool waits;
	bool softirq;
	s32 pid;
	u16 here;
	u16 cpu;
	u8 mark;
	u64 to;
};

/* who carries a flight to a mark */
static s32 carrier(const struct lw_event *ev, const struct lw_flight *f,
		   enum latwatch_mark to)
{
	/* if nobody else, who sets the mark */
	static const u8 roles[LW_NMARKS] = {
		[LATWATCH_MARK_RAISE]	  = LATWATCH_ROLE_IRQ_THREAD,
		[LATWATCH_MARK_SOFTIRQ]	  = LATWATCH_ROLE_RUNNER,
		[LATWATCH_MARK_KICK_WAKE] = LATWATCH_ROLE_VCPU,
		[LATWATCH_MARK_COPY]	  = LATWATCH_ROLE_READER,
		[LATWATCH_MARK_TAKE]	  = LATWATCH_ROLE_BACKEND,
		[LATWATCH_MARK_SIGNAL]	  = LATWATCH_ROLE_BACKEND,
		[LATWATCH_MARK_VCPU_WAKE] = LATWATCH_ROLE_BACKEND,
		[LATWATCH_MARK_ENTRY]	  = LATWATCH_ROLE_VCPU,
	};
	enum latwatch_role role = roles[to];

	/* out of a guest, the backend carries it until it is queued */
	if (BIT(to) & POLLED_MARKS)
		role = lw_flight_has(f, LATWATCH_MARK_SOFTIRQ) ? LATWATCH_ROLE_RUNNER :
								 LATWATCH_ROLE_BACKEND;
	return f->actors & BIT(role) ? lw_flight_actor(f, role)->pid : ev->task->pid;
}

static bool is_own(const struct view *v, const struct lw_span *s)
{
	return s->pid == v->pid && (s->kind == LATWATCH_CULPRIT_KIND_THREAD ||
				    s->kind == LATWATCH_CULPRIT_KIND_IDLE ||
				    (s->kind == LATWATCH_CULPRIT_KIND_SOFTIRQ &&
				     v->softirq));
}

static noinline void name(const struct view *v, const struct lw_span *s, u64 ns)
{
	struct lw_blamed *b = v->into;
	struct lw_culprit *c;
	unsigned int i;

	for (i = 0; i < b->n; i++) {
		c = &b->by[i];
		if (c->mark == v->mark &&
		    lw_culprit_is(c->kind, c->id, c->pid, s->kind, s->id, s->pid)) {
			c->ns += ns;
			return;
		}
	}
	if (likely(b->n < LW_CULPRITS)) {
		c = &b->by[b->n++];
	} else {
		/* what comes first here was last: the longest is named, wherever it was */
		for (c = b->by, i = 1; i < LW_CULPRITS; i++)
			if (b->by[i].ns < c->ns)
				c = &b->by[i];
		if (ns <= c->ns) {
			b->others_ns += ns;
			return;
		}
		b->others_ns += c->ns;
	}
	c->ns = ns;
	c->id = s->id;
	c->pid = s->pid;
	c->cpu = s->kind == LATWATCH_CULPRIT_KIND_MOVED ? s->id : v->cpu;
	c->prio = s->prio;
	c->policy = s->policy;
	c->kind = s->kind;
	c->mark = v->mark;
	memcpy(c->name, s->name, sizeof(c->name));
}

static void charge(const struct view *v, const struct lw_span *s, u64 ns)
{
	if (is_own(v, s))
		return;
	if (v->slot)
		lw_rank_one(v->slot, s, ns, v->to, v->here);
	else
		name(v, s, ns);
}

static noinline void not_known(const struct view *v, u64 ns)
{
	if (v->slot)
		lw_rank_unknown(*v->slot, ns);
	else
		v->into->unknown_ns += ns;
}

/* the first span from @oldest on that ends at @ns or later, or @head; ends rise */
static noinline unsigned long first_at(const struct lw_trail *t, unsigned long oldest,
				       unsigned long head, u64 ns)
{
	while (oldest < head) {
		unsigned long middle = oldest + (head - oldest) / 2;

		if (READ_ONCE(t->span[middle % LW_TRAIL].end_ns) < ns)
			oldest = middle + 1;
		else
			head = middle;
	}
	return head;
}

/*
 * A span, or a copy of one that its CPU may be writing over; NULL: it has. It writes at
 * its head, and what is LW_TRAIL before that is void.
 */
static noinline const struct lw_span *read_span(const struct lw_trail *t, unsigned long n,
						struct lw_span *copy)
{
	/* data_race(): a torn copy is thrown away */
	data_race(*copy = t->span[n % LW_TRAIL]);
	smp_rmb(); /* pairs with the release in done(), culprit/trail.c */
	return READ_ONCE(t->head) - n < LW_TRAIL ? copy : NULL;
}

static __always_inline const struct lw_span *span_of(const struct view *v,
						     const struct lw_trail *t,
						     unsigned long n,
						     struct lw_span *copy)
{
	return likely(v->cpu == v->here) ? &t->span[n % LW_TRAIL] :
					   read_span(t, n, copy);
}

/*
 * A wait ended with span @n, and what follows that at the same time is about the task
 * that was waited for: it may have waited for another CPU first. Until when?
 */
static noinline u64 elsewhere(const struct view *v, const struct lw_trail *t,
			      unsigned long n, unsigned long head, u64 from)
{
	const struct lw_span *s;
	struct lw_span copy;
	unsigned int i;

	for (i = 1; i <= 3 && n + i < head; i++) {
		s = span_of(v, t, n + i, &copy);
		if (!s || s->end_ns != v->to)
			break;
		if (s->kind != LATWATCH_CULPRIT_KIND_MOVED || s->begin_ns <= from)
			continue;
		charge(v, s, s->begin_ns - from);
		return s->begin_ns;
	}
	return from;
}

/**
 * walk() - what a CPU did between two times
 * @v: who looks, with the second
 * @from: the first
 *
 * Backwards: what is not accounted for yet is what lies before @left. What is about the
 * carrier alone takes the place of what others did meanwhile.
 */
static void walk(const struct view *v, u64 from)
{
	const struct lw_trail *t = &lw_cpu_of(v->cpu)->trail;
	/* pairs with the release in done(), culprit/trail.c */
	unsigned long head = smp_load_acquire(&t->head);
	/* of a full ring the last but one: the last may be overwritten now */
	unsigned long oldest = head < LW_TRAIL ? 0 : head - LW_TRAIL + 1;
	/* a wait's span ends with it; work's end lies in one, which may not be noted yet */
	u64 at = v->waits ? v->to : v->to + 1, left = v->to;
	unsigned long n = head, first;
	const struct lw_span *s;
	struct lw_span copy;

	/* nearly always it is one of the last */
	if (n > oldest && READ_ONCE(t->span[(n - 1) % LW_TRAIL].end_ns) >= at)
		n--;
	if (n > oldest && READ_ONCE(t->span[(n - 1) % LW_TRAIL].end_ns) >= at)
		n = first_at(t, oldest, n - 1, at);
	first = n;
	if (v->waits) {
		s = n < head ? span_of(v, t, n, &copy) : NULL;
		if (!s || s->end_ns != v->to) {
			/* nobody noted its end: this CPU was not watched */
			not_known(v, v->to - from);
			return;
		}
		if (unlikely(n + 1 < head))
			from = elsewhere(v, t, n, head, from);
	}
	for (; left > from; n--) {
		u64 begin = from;

		if (likely(n > oldest)) {
			begin = READ_ONCE(t->span[(n - 1) % LW_TRAIL].end_ns);
			if (begin < from)
				begin = from;
		} else if (oldest) {
			/* what came before is overwritten */
			not_known(v, left - from);
			return;
		}
		if (n == first && !v->waits) {
			/* the carrier: it set the mark */
			left = begin;
			continue;
		}
		s = span_of(v, t, n, &copy);
		if (!s) {
			not_known(v, left - from);
			return;
		}
		if (unlikely(lw_span_is_of_one(s))) {
			if (v->waits || s->pid != v->pid)
				continue;
			if (s->kind != LATWATCH_CULPRIT_KIND_BLOCKED &&
			    s->kind != LATWATCH_CULPRIT_KIND_LOCK) {
				/* where it was before is not followed */
				not_known(v, left - from);
				return;
			}
			begin = max(s->begin_ns, from);
		}
		if (begin >= left)
			continue;
		charge(v, s, left - begin);
		left = begin;
	}
}

static void look(struct view *v, struct lw_event *ev, const struct lw_flight *f,
		 enum latwatch_mark from, enum latwatch_mark to)
{
	const struct lw_trail *t = &lw_cpu_of(f->cpu[to])->trail;
	u64 ns = f->ns[to] - f->ns[from];
	unsigned long newest;

	if ((s64)ns <= 0 || BIT(from) & LW_NOBODYS_MARKS ||
	    (BIT(to) & LW_EARLY_MARKS && f->clean & lw_blame_clean(from)))
		return;
	v->cpu = f->cpu[to];
	v->mark = to;
	v->to = f->ns[to];
	v->waits = BIT(to) & LW_WAIT_MARKS;
	v->pid = NO_PID;
	if (unlikely(f->ns[from] < READ_ONCE(lw_trail_since_ns))) {
		not_known(v, ns);
		return;
	}
	if (!v->waits) {
		/* a kick's signal comes from another CPU */
		if (f->cpu[from] != v->cpu && to != LATWATCH_MARK_ENTRY) {
			/* or the backend was at work on what came before */
			if (from != LATWATCH_MARK_TAP)
				not_known(v, ns);
			return;
		}
		/* has nothing ended on that CPU since? as walk() reads it */
		newest = smp_load_acquire(&t->head) - 1;
		if (READ_ONCE(t->span[newest % LW_TRAIL].end_ns) <= f->ns[from])
			return;
		v->softirq = BIT(to) & POLLED_MARKS;
		v->pid = carrier(ev, f, to);
	} else if (to == LATWATCH_MARK_SOFTIRQ) {
		/* who raised it may run it, and does what comes before it */
		v->softirq = false;
		v->pid = carrier(ev, f, to);
	}
	walk(v, f->ns[from]);
}

/* from mark to mark of the flight, between two of them */
static void look_at_all(struct view *v, struct lw_event *ev, const struct lw_flight *f,
			enum latwatch_mark from, enum latwatch_mark to)
{
	unsigned int last = from, i;

	for (i = lw_mark_place[from] + 1; i < LW_NMARKS; i++) {
		enum latwatch_mark mark = lw_mark_order[i];

		if (!lw_flight_has(f, mark))
			continue;
		/* of a longer way: it was set before, or comes later */
		if (mark != to && (f->ns[mark] < f->ns[last] || f->ns[mark] > f->ns[to]))
			continue;
		look(v, ev, f, last, mark);
		if (mark == to)
			return;
		last = mark;
	}
}

/**
 * lw_blame_look() - something may have filled time of a stage that is not the worst
 * @ev: where
 * @slot: the stage's place in an account of this CPU's book; it has statistics
 * @f: the flight
 * @from: the mark that the stage began with
 * @to: the mark that it ended with
 *
 * Of a dwell in a tap only what comes after the backend's wake is summed up here: the
 * wake is a stage of its own.
 */
noinline void lw_blame_look(struct lw_event *ev, struct lw_stat **slot,
			    const struct lw_flight *f, enum latwatch_mark from,
			    enum latwatch_mark to)
{
	struct view v = { .slot = slot, .here = ev->cpu->id };

	if (from == LATWATCH_MARK_TAP && lw_flight_has(f, LATWATCH_MARK_BACKEND_RUN))
		from = LATWATCH_MARK_BACKEND_RUN;
	if (from == LATWATCH_MARK_STACK)
		look_at_all(&v, ev, f, from, to);
	else
		look(&v, ev, f, from, to);
}

/**
 * lw_blame_wait() - a wait has ended that is not the worst
 * @ev: where
 * @slot: the stage's place in an account of this CPU's book; it has statistics
 * @f: the flight
 * @from: the mark that the wait began with
 * @to: the mark that it ended with
 *
 * Nearly always it was for this CPU, and has ended just now. What was never noted ended
 * at 0, before anything else.
 */
noinline void lw_blame_wait(struct lw_event *ev, struct lw_stat **slot,
			    const struct lw_flight *f, enum latwatch_mark from,
			    enum latwatch_mark to)
{
	const struct lw_trail *t = &ev->cpu->trail;
	u64 begin = f->ns[from], end = f->ns[to], left = end;
	unsigned int cpu = ev->cpu->id, most = LW_TRAIL - 2;
	unsigned long n = t->head - 1;
	const struct lw_span *s = &t->span[n % LW_TRAIL];
	s32 pid = NO_PID;

	if (s->end_ns != end || lw_span_is_of_one(s) ||
	    f->cpu[to] != cpu || begin < READ_ONCE(lw_trail_since_ns)) {
		lw_blame_look(ev, slot, f, from, to);
		return;
	}
	/* who raised it may run it, and does what comes before it */
	if (to == LATWATCH_MARK_SOFTIRQ)
		pid = lw_flight_actor(f, LATWATCH_ROLE_RUNNER)->pid;
	while (left > begin) {
		u64 since;

		if (unlikely(!most--)) {
			lw_rank_unknown(*slot, left - begin);
			return;
		}
		s = &t->span[n-- % LW_TRAIL];
		since = t->span[n % LW_TRAIL].end_ns;
		if (since < begin)
			since = begin;
		if (since >= left)
			continue;
		if (s->pid != pid || (s->kind != LATWATCH_CULPRIT_KIND_THREAD &&
				      s->kind != LATWATCH_CULPRIT_KIND_IDLE))
			lw_rank_one(slot, s, left - since, end, cpu);
		left = since;
	}
}

/**
 * lw_blame_worst() - a stage has a new worst flight
 * @ev: where
 * @slot: the stage's place in an account of this CPU's book; it has statistics
 * @f: the flight
 * @from: the mark that the stage began with
 * @to: the mark that it ended with
 * @sums: it is summed up as well, as lw_blame_look() does it
 */
noinline void lw_blame_worst(struct lw_event *ev, struct lw_stat **slot,
			     const struct lw_flight *f, enum latwatch_mark from,
			     enum latwatch_mark to, bool sums)
{
	struct lw_blamed *b = &ev->cpu->blamed;
	struct view v = { .into = b, .here = ev->cpu->id };

	b->n = 0;
	b->unknown_ns = 0;
	b->others_ns = 0;
	look_at_all(&v, ev, f, from, to);
	lw_rank_worst(slot, b, f->ns[to], ev->cpu->id,
		      !sums ? 0 :
		      from == LATWATCH_MARK_TAP &&
		      lw_flight_has(f, LATWATCH_MARK_BACKEND_RUN) ?
			      BIT(LATWATCH_MARK_TAKE) : ~0U);
}

/**
 * lw_blame_whole() - a whole way has a new worst flight
 * @ev: where
 * @slot: its place in an account of this CPU's book; it has statistics
 * @f: the flight
 * @to: the mark that it ended with
 */
noinline void lw_blame_whole(struct lw_event *ev, struct lw_stat **slot,
			     const struct lw_flight *f, enum latwatch_mark to)
{
	unsigned int i;

	for (i = 0; i < LW_NMARKS; i++)
		if (lw_flight_has(f, lw_mark_order[i]))
			break;
	lw_blame_worst(ev, slot, f, lw_mark_order[i], to, false);
}
