/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a mark is set: the CPU, the context level, the task.
 *
 * Takes the kernel's state from the probes and gives it to the way, which
 * asks nobody else. Probes bracket their one call with lw_enter() and
 * lw_leave(), those of the scheduler and of interrupts with lw_enter_off() and
 * lw_leave_off(): with interrupts off nothing on this CPU can come between,
 * neither a hard irq in the middle of a line of the books, nor, from Linux
 * 7.0 on, where RT runs tracepoint callbacks preemptibly, another task.
 * The raw flavours do not tell the irqsoff tracer or lockdep about it: the
 * tool would otherwise show up in what it is there to help find.
 */
#ifndef LW_EVENT_H
#define LW_EVENT_H

#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "culprit/trail.h"
#include "engine/clock.h"
#include "engine/context.h"
#include "engine/ring.h"
#include "model/culprit.h"
#include "model/flight.h"

struct lw_task;

enum lw_level { LW_LEVEL_TASK, LW_LEVEL_SOFTIRQ, LW_LEVEL_HARDIRQ };

/**
 * struct lw_event - the context of one event
 * @cpu: this CPU's state
 * @task: current
 * @level: what of it runs
 * @dev: the packet's device, where the event is about one that is freed or
 *       redirected; NULL outside of these, as lw_leave_about() leaves it
 * @source: ifindex of the device that received the packet, or 0, likewise
 * @kin: what is known of the packet that others made of it have in common with it, see
 *       LW_KIN(); set by whoever is about a packet that is received, queued or sent
 * @packet_socket: it is one that a packet socket sends
 * @txq: the queue of a device that it is queued or sent by, see lw_txq(); likewise
 * @flags: interrupt state to restore
 */
struct lw_event {
	struct lw_cpu *cpu;
	struct task_struct *task;
	enum lw_level level;
	const void *dev;
	int source;
	u32 kin;
	bool packet_socket;
	const void *txq;
	unsigned long flags;
};

/*
 * A packet's kin: the device that received it last, which its copies and fragments keep,
 * and whether it is of the address resolution, whose answers release other packets.
 * 0: no device has received it, the host makes it.
 */
#define LW_KIN(ifindex, arp)	((ifindex) ? (u32)(ifindex) << 2 | (arp) : 0)
#define LW_KIN_ARP		BIT(0)
/* of a packet in hand: it has a VLAN's tag, and what is made of it that one's device */
#define LW_KIN_TAGGED		BIT(1)

static inline int lw_kin_source(u32 kin)
{
	return kin >> 2;
}

/**
 * struct lw_cpu - what a CPU's contexts carry
 *
 * Written by this CPU alone, with interrupts off; only @last is read by
 * others.
 *
 * @carries: there is something here that a wake could hand on, whoever is
 *           woken; see lw_cpu_note()
 * @current_slot: the followed task that runs here, or NULL
 * @ev: the event that is at work here. There is never a second one, so it need
 *      not be on the stack
 * @id: this CPU
 * @in_handler: a device's handler runs; @irq is its flight
 * @expect: the irq thread that the last handler asked for and that is woken
 *          after the handler's exit, or NULL. If it was asked for before, it
 *          is not woken: the first wake or switch after the hard irq clears it
 * @irq: the flight that the last device interrupt opened
 * @raise_pending: NET_RX is raised and was not entered yet
 * @raised: the flight that raised it, the oldest if several did
 * @raising: the flight that raises it now
 * @driver_flight: what a context has in a NIC's driver, should it be the worst
 * @rings: of NAPIs that go on polling here, or have armed their timer (path/bound.c)
 * @nrings: how many of @rings are in use
 * @rings_full: there were more that go on
 * @scheduled_ns: NAPIs that were scheduled here before have been polled since, 0: not
 *                known
 * @ctx: the last context that was looked for, or NULL
 * @contexts: which of @ctxs have an owner, a bit each
 * @overflowed: there were more; see lw_ctx_claim()
 * @ctxs: of tasks
 * @spare: of the task that runs, where @ctxs had no room for it
 * @hard: the hard irq's
 * @noted_ns: when this event's span of the trail ended, 0: it has none; see lw_now()
 * @last: when each mark was last set here, 0 for never; read by others
 * @blamed: what filled the time that is being recorded
 * @trail: who had this CPU; read by others
 */
struct lw_cpu {
	bool carries;
	struct lw_task *current_slot;
	struct lw_event ev;
	unsigned int id;
	bool in_handler;
	bool raise_pending;
	bool overflowed;
	bool rings_full;
	unsigned int nrings;
	unsigned int contexts;
	struct lw_ctx *ctx;
	const struct task_struct *expect;
	struct lw_flight irq;
	struct lw_flight raised;
	struct lw_flight raising;
	struct lw_flight driver_flight;
	struct lw_ctx hard;
	struct lw_ctx ctxs[LW_CONTEXTS];
	struct lw_ctx spare;
	u64 scheduled_ns;
	struct lw_ring rings[LW_RINGS];
	u64 noted_ns;
	u64 last[LW_NMARKS];
	struct lw_blamed blamed;
	struct lw_trail trail;
};

/*
 * Note whether anything is left that a wake could hand on: all that
 * lw_waking() looks for in a waker is one of these, or within one. They change
 * between lw_enter() and lw_leave() only.
 */
static __always_inline void lw_cpu_note(struct lw_cpu *c)
{
	c->carries = (unsigned long)c->expect | (unsigned long)c->current_slot |
		     c->contexts | (c->hard.holds & LW_HOLDS_SIGNALS);
}

/*
 * Does something followed run on this CPU, or wait for it? Then it notes who has it.
 * What a CPU carries has its own time filled by others, too.
 */
static __always_inline bool lw_trail_watched(const struct lw_cpu *c)
{
	return atomic_read(&c->trail.watchers) || c->carries || c->raise_pending;
}

/* the same at a switch: a task that goes to sleep is not interested in what follows */
static __always_inline bool lw_trail_watched_at_switch(const struct lw_cpu *c,
						       enum lw_off off)
{
	return atomic_read(&c->trail.watchers) || c->contexts || c->raise_pending ||
	       (c->current_slot && off != LW_OFF_SLEEPS);
}

/* has nothing come in between on this CPU since @ns, as far as it is known? */
static __always_inline bool lw_trail_is_clean(const struct lw_cpu *c, u64 ns)
{
	const struct lw_trail *t = &c->trail;

	return lw_trail_is_on() && ns >= READ_ONCE(lw_trail_since_ns) &&
	       t->span[(t->head - 1) % LW_TRAIL].end_ns <= ns;
}

/* the same since a mark of a flight, which was set here */
static __always_inline bool lw_trail_is_clean_since(const struct lw_cpu *c,
						    const struct lw_flight *f,
						    enum latwatch_mark mark)
{
	return f->cpu[mark] == c->id && lw_trail_is_clean(c, f->ns[mark]);
}

/* LW_CLEAN_* of a flight that leaves its poll now, or its vCPU: since which mark? */
static __always_inline u8 lw_trail_cleanness(const struct lw_cpu *c,
					     const struct lw_flight *f,
					     enum latwatch_mark begin)
{
	if (lw_trail_is_clean_since(c, f, begin))
		return LW_CLEAN_POLL | LW_CLEAN_STACK;
	return lw_flight_has(f, LATWATCH_MARK_STACK) &&
	       lw_trail_is_clean_since(c, f, LATWATCH_MARK_STACK) ? LW_CLEAN_STACK : 0;
}

/* the time of this event, which is that of the span that it has ended, if it has */
static __always_inline u64 lw_now(struct lw_cpu *c)
{
	u64 now = c->noted_ns;

	if (!lw_trail_is_on() || !now)
		return lw_clock_ns();
	c->noted_ns = 0;
	return now;
}

/* a task's context on the CPU that it runs on, or NULL: it has nothing in hand */
static __always_inline struct lw_ctx *lw_ctx_of(struct lw_cpu *c,
						const struct task_struct *t)
{
	struct lw_ctx *x = c->ctx;

	if (x && likely(x->owner == t))
		return x;
	return unlikely(c->contexts) ? lw_ctx_find(c, t) : NULL;
}

/* the context of an event, or NULL: it has nothing in hand */
static __always_inline struct lw_ctx *lw_ctx(struct lw_event *ev)
{
	return ev->level == LW_LEVEL_HARDIRQ ? &ev->cpu->hard :
					       lw_ctx_of(ev->cpu, ev->task);
}

/* the context of an event; lw_ctx_put() it if nothing comes into its hand */
static __always_inline struct lw_ctx *lw_ctx_get(struct lw_event *ev)
{
	return lw_ctx(ev) ?: lw_ctx_claim(ev);
}

/* the context of an event, if it holds @what, or NULL */
static __always_inline struct lw_ctx *lw_ctx_with(struct lw_event *ev, u16 what)
{
	struct lw_ctx *x = lw_ctx(ev);

	return x && x->holds & what ? x : NULL;
}

/* a context holds @what no more */
static __always_inline void lw_ctx_drop(struct lw_event *ev, u16 what)
{
	struct lw_ctx *x = lw_ctx_with(ev, what);

	if (!x)
		return;
	x->holds &= ~what;
	lw_ctx_put(ev->cpu, x);
}

#ifndef __KERNEL__
struct lw_cpu *lw_cpu_of(unsigned int cpu);
#else
extern struct lw_cpu __percpu *lw_cpus;

static __always_inline struct lw_cpu *lw_cpu_of(unsigned int cpu)
{
	return per_cpu_ptr(lw_cpus, cpu);
}

/* a CPU that carries nothing; no probe may run on it */
static inline void lw_cpu_init(struct lw_cpu *c, unsigned int cpu)
{
	memset(c, 0, sizeof(*c));
	c->id = cpu;
	c->ev.cpu = c;
}

/* this CPU's; with interrupts off */
static __always_inline struct lw_cpu *lw_this_cpu(void)
{
	return raw_cpu_ptr(lw_cpus);
}

/* a probe begins, where the kernel has interrupts off */
static __always_inline struct lw_event *lw_enter_off(void)
{
	struct lw_event *ev = &lw_this_cpu()->ev;

	ev->task = current;
	ev->level = in_hardirq()	  ? LW_LEVEL_HARDIRQ :
		    in_serving_softirq() ? LW_LEVEL_SOFTIRQ :
					   LW_LEVEL_TASK;
	return ev;
}

/* and ends */
static __always_inline void lw_leave_off(struct lw_event *ev)
{
	lw_cpu_note(container_of(ev, struct lw_cpu, ev));
}

/* the same where they may be on */
static __always_inline struct lw_event *lw_enter(void)
{
	unsigned long flags;
	struct lw_event *ev;

	raw_local_irq_save(flags);
	ev = lw_enter_off();
	ev->flags = flags;
	return ev;
}

static __always_inline void lw_leave(struct lw_event *ev)
{
	unsigned long flags = ev->flags;

	lw_leave_off(ev);
	raw_local_irq_restore(flags);
}

/* the same of an event that has a device or a source */
static __always_inline void lw_leave_about(struct lw_event *ev)
{
	ev->dev = NULL;
	ev->source = 0;
	lw_leave(ev);
}

/*
 * The same for a kprobe. Those on ftrace are plain calls, but others trap, and
 * a trap counts as an NMI and as a hard irq: what the event came in is below.
 */
static __always_inline struct lw_event *lw_enter_kprobe(void)
{
	struct lw_event *ev = lw_enter();

	if (in_nmi() && hardirq_count() == HARDIRQ_OFFSET)
		ev->level = in_serving_softirq() ? LW_LEVEL_SOFTIRQ :
						   LW_LEVEL_TASK;
	return ev;
}
#endif

/* set a mark of @f here and now, and note it for this CPU */
static __always_inline void lw_mark(struct lw_event *ev, struct lw_flight *f,
				    enum latwatch_mark mark, u64 now)
{
	lw_flight_set(f, mark, now, ev->cpu->id);
	WRITE_ONCE(ev->cpu->last[mark], now);
}

#endif
