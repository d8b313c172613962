// SPDX-License-Identifier: GPL-2.0
/* Records of a CPU's contexts. See context.h. */
#include "books/books.h"
#include "compat/softirq.h"
#include "engine/event.h"

/* one bit for each of ctxs[] */
#define ALL	(BIT(LW_CONTEXTS) - 1)

/* how often the kernel has counted that @t was switched from */
static unsigned long nr_switches(const struct task_struct *t)
{
	return READ_ONCE(t->nvcsw) + READ_ONCE(t->nivcsw);
}

static void release(struct lw_cpu *c, struct lw_ctx *x)
{
	x->owner = NULL;
	x->holds = 0;
	if (c->ctx == x)
		c->ctx = NULL;
	if (x == &c->spare)
		return;
	c->contexts &= ~BIT(x - c->ctxs);
	if (!c->contexts)
		c->overflowed = false;
}

/*
 * A task that was preempted with bottom halves on may have run elsewhere since, or have
 * exited, and another one have its address: what it had signalled then is over.
 */
static bool is_over(const struct lw_ctx *x, const struct task_struct *t)
{
	return !(x->holds & ~LW_HOLDS_SIGNALS) &&
	       (x->pid != t->pid || x->nr_switches != nr_switches(t));
}

/**
 * lw_ctx_find() - the context of a task that runs, or is switched from
 * @c: this CPU
 * @t: the task; its context was not the last that was looked for
 *
 * Return: the context, or NULL: it has nothing in hand.
 */
struct lw_ctx *lw_ctx_find(struct lw_cpu *c, const struct task_struct *t)
{
	unsigned int left;

	for (left = c->contexts; left; left &= left - 1) {
		struct lw_ctx *x = &c->ctxs[__ffs(left)];

		if (x->owner != t)
			continue;
		if (is_over(x, t)) {
			release(c, x);
			return NULL;
		}
		c->ctx = x;
		return x;
	}
	return NULL;
}

/* free the record of a task that holds signals alone; NULL: no task does */
static struct lw_ctx *evict(struct lw_cpu *c)
{
	struct lw_ctx *x;

	for (x = c->ctxs; x < c->ctxs + LW_CONTEXTS; x++) {
		if (x->holds & ~LW_HOLDS_SIGNALS)
			continue;
		release(c, x);
		return x;
	}
	return NULL;
}

/* a free record, or one that evict() has freed, or NULL */
static struct lw_ctx *vacant(struct lw_cpu *c)
{
	unsigned int vacant = ~c->contexts & ALL;

	return likely(vacant) ? &c->ctxs[__ffs(vacant)] : evict(c);
}

/**
 * lw_ctx_claim() - give current a context
 * @ev: where; current has none
 *
 * When there is no room, which is counted, all that begin share the spare record until no
 * other is in use: it is not known any more where their packets come from, and each of
 * these is lost.
 *
 * Return: the context, with nothing in hand.
 */
struct lw_ctx *lw_ctx_claim(struct lw_event *ev)
{
	struct lw_cpu *c = ev->cpu;
	struct lw_ctx *x = c->overflowed ? NULL : vacant(c);

	if (likely(x)) {
		c->contexts |= BIT(x - c->ctxs);
	} else {
		if (!c->overflowed)
			lw_count(c->id, LW_HOST, LW_NOTE_CONTEXT_FULL, 1);
		c->overflowed = true;
		x = &c->spare;
	}
	x->owner = ev->task;
	x->holds = 0;
	x->lost = x == &c->spare;
	x->pid = ev->task->pid;
	x->nr_switches = nr_switches(ev->task);
	c->ctx = x;
	return x;
}

/**
 * lw_ctx_put() - have no context for a task that has nothing in hand
 * @c: this CPU
 * @x: the task's
 */
void lw_ctx_put(struct lw_cpu *c, struct lw_ctx *x)
{
	if (!x->holds && x != &c->hard)
		release(c, x);
}

/**
 * lw_ctx_switch() - a CPU that has contexts switches from a task
 * @c: this CPU
 * @prev: the task
 * @sleeps: it has nothing to do until it is woken
 */
void lw_ctx_switch(struct lw_cpu *c, const struct task_struct *prev, bool sleeps)
{
	struct lw_ctx *x = lw_ctx_of(c, prev);

	c->ctx = NULL;
	if (!x)
		return;
	if (sleeps)
		x->holds = 0;
	else if (!lw_bh_is_off(prev))
		x->holds &= LW_HOLDS_SIGNALS;
	x->pid = prev->pid;
	x->nr_switches = nr_switches(prev);
	lw_ctx_put(c, x);
}

/**
 * lw_ctx_forget() - a task exits
 * @c: its CPU
 * @t: the task
 */
void lw_ctx_forget(struct lw_cpu *c, const struct task_struct *t)
{
	struct lw_ctx *x = lw_ctx_of(c, t);

	if (x)
		release(c, x);
}

/**
 * lw_ctx_other_run() - was a run of NET_RX preempted on this CPU, and is not over?
 * @c: this CPU
 * @self: the context that runs NET_RX, or NULL
 *
 * Return: true if there is one besides @self, or could be where contexts have no record.
 */
bool lw_ctx_other_run(const struct lw_cpu *c, const struct lw_ctx *self)
{
	unsigned int left;

	for (left = c->contexts; left; left &= left - 1) {
		const struct lw_ctx *x = &c->ctxs[__ffs(left)];

		if (x != self && x->holds & LW_HOLDS_RUN)
			return true;
	}
	return c->spare.owner && c->overflowed;
}

/**
 * lw_ctx_older_run() - does NET_RX poll for a run that it has preempted?
 * @c: this CPU
 * @self: the context in which NET_RX begins
 * @f: its flight; takes that of the oldest such run, if that is older
 *
 * A run that was preempted before it took the CPU's list of what is to be polled has it
 * taken by this one. It is not seen when a run does that, but by its first packet:
 * between these two the begin is too old rather than too young.
 *
 * Return: true if there is such a run.
 */
bool lw_ctx_older_run(const struct lw_cpu *c, const struct lw_ctx *self,
		      struct lw_flight *f)
{
	bool found = false;
	unsigned int left;

	for (left = c->contexts; left; left &= left - 1) {
		const struct lw_ctx *x = &c->ctxs[__ffs(left)];

		if (x == self || x->settled ||
		    !(x->holds & LW_HOLDS_RUN) ||
		    x->softirq.begin_ns >= f->begin_ns)
			continue;
		lw_flight_copy(f, &x->softirq);
		found = true;
	}
	return found;
}
