/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way: what each event means for the flights.
 *
 * Takes events from the probes, hands flights from context to context, and
 * writes the books. A flight follows causality: whoever is woken, raised or
 * handed a packet by a context that carries a flight carries it on; and only
 * what moves packets hands a flight on.
 *
 *	wake.c		wakes and switches: which of the files below each is for
 *	irq.c		hard irq > irq thread > NET_RX or NAPI thread
 *	bound.c		poll > poll, without an interrupt
 *	steer.c		poll > stack on another CPU
 *	identity.c	poll, backend > stack: whose packet a context has in hand
 *	skb.c		the table of packets on their way
 *	net.c		stack > tap > take; stack > NIC > completion; copy
 *	backend.c	tap > backend; vCPU > backend
 *	reader.c	poll > reader
 *	given.c		poll > AF_XDP socket > who polls it
 *	device.c	hard irq > irq thread > signal, of a guest's device
 *	serve.c		take, by whom no vCPU was seen of
 *	guest.c		take > signal > entry; signal > entry, of a guest's device
 *	relay.c		signal > VMM or kernel worker > signal
 *	notify.c	signal > the vCPU's next entry, where KVM traces no injection
 *	xdp.c		NAPI > tap > take, without the stack: xdp.h
 *
 * All functions: any context with interrupts off, on the CPU of @ev.
 */
#ifndef LW_PATH_H
#define LW_PATH_H

#include "culprit/blame.h"
#include "engine/event.h"
#include "books/books.h"
#include "engine/handover.h"
#include "engine/task.h"
#include "engine/vm.h"

struct mm_struct;
struct lw_skb;

/**
 * struct lw_poll - what came of a poll of a NIC's NAPI
 * @napi: which
 * @dev: its device
 * @work: packets that it found
 * @budget: as many as it might; it goes on if it used that up
 * @armed: it has armed its timer, which asks for the next poll
 * @keeps_ns: GRO keeps packets of it beyond the next, for that long at most; or 0
 * @expires_ns: when the timer expires
 */
struct lw_poll {
	const void *napi;
	const void *dev;
	int work;
	int budget;
	bool armed;
	u64 keeps_ns;
	u64 expires_ns;
};

/* irq.c */
#define LW_IRQS		1024	/* interrupt numbers that are told apart */

void lw_irq_clear(void);
bool lw_irq_carried(struct lw_event *ev, struct lw_flight *f);
void lw_record_irq(struct lw_event *ev, unsigned int account,
		   const enum latwatch_stage stages[3],
		   const struct lw_flight *f, enum latwatch_mark end);
void lw_poll_raise(struct lw_event *ev, struct lw_flight *f,
		   const struct lw_ring *thread, u64 now);
void lw_poll_begin(struct lw_event *ev, struct lw_flight *f,
		   enum latwatch_stage runner, const struct task_struct *task,
		   u64 now);
void lw_polled(struct lw_event *ev, const struct lw_poll *poll);
void lw_polled_virtual(struct lw_event *ev);
void lw_timer_entry(struct lw_event *ev);
void lw_timer_exit(struct lw_event *ev);
void lw_irq_entry(struct lw_event *ev, int irq);
void lw_irq_exit(struct lw_event *ev, const struct task_struct *expect,
		 bool asleep);
void lw_net_rx_raise(struct lw_event *ev);
void lw_net_rx_entry(struct lw_event *ev, enum latwatch_stage runner);
void lw_net_rx_exit(struct lw_event *ev);
void lw_wake_irq_thread(struct lw_event *ev, struct lw_task *s, bool awake,
			enum lw_wake_kind kind);
void lw_irq_thread_run(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w, u64 now);
void lw_irq_thread_carry(struct lw_task *s, struct lw_event *ev,
			 const struct lw_wake *w, struct lw_flight *f);
bool lw_irq_thread_announced(const struct lw_event *ev,
			     const struct task_struct *t, u64 begin_ns);
void lw_wake_napi(struct lw_event *ev, const struct task_struct *t,
		  struct lw_task *s, bool awake);
void lw_napi_run(struct lw_task *s, struct lw_event *ev,
		 const struct lw_wake *w, u64 now);
void lw_napi_awake(struct lw_task *s, struct lw_event *ev,
		   const struct lw_wake *w);

/* bound.c */
void lw_bound_raise(struct lw_event *ev, struct lw_flight *f,
		    const struct lw_ring *thread, u64 now);
void lw_bound_raised(struct lw_event *ev, u64 begin_ns);
void lw_bound_run(struct lw_event *ev, struct lw_flight *f);
void lw_bound_run_over(struct lw_cpu *c);
void lw_bound_polled(struct lw_event *ev, struct lw_ctx *x,
		     const struct lw_poll *poll, u32 found);
bool lw_bound_thread_polled(struct lw_event *ev, struct lw_task *s,
			    const struct lw_poll *poll, u32 found, u64 now);
void lw_bound_thread_run(struct lw_event *ev, struct lw_task *s);

/* wake.c */
void lw_waking(struct lw_event *ev, const struct task_struct *t,
	       struct lw_task *s, bool awake);
void lw_switch(struct lw_event *ev, const struct task_struct *prev,
	       struct lw_task *next, bool sleeps);
void lw_task_gone(struct lw_event *ev, const struct task_struct *t);

/* steer.c */
void lw_steer_begin(struct lw_event *ev, const void *skb);
void lw_steer_merged(struct lw_event *ev);
void lw_steer_end(struct lw_event *ev, const void *skb);
void lw_steer_from_guest(struct lw_event *ev, const void *skb, const void *head,
			 int tap);

/* identity.c */
const struct lw_flight *lw_poll_flight(struct lw_event *ev);
void lw_packet(struct lw_event *ev, const void *skb, const void *head, int tap,
	       u64 now);
void lw_stack(struct lw_event *ev, const void *skb, const void *head, int tap);
void lw_stack_again(struct lw_event *ev, const void *skb, const void *head, int tap);
void lw_stack_clone(struct lw_event *ev, const void *skb, const void *head, int tap);
const struct lw_packet_in_hand *lw_whose_else(struct lw_event *ev, const void *skb,
					      const struct lw_skb *parked,
					      struct lw_packet_in_hand *other);
void lw_packet_flight(struct lw_event *ev, struct lw_flight *f,
		      const struct lw_packet_in_hand *packet);
void lw_park(struct lw_event *ev, const void *skb, const void *head);
void lw_clone(struct lw_event *ev, const void *head);
void lw_unparked(struct lw_event *ev, struct lw_flight *f, const struct lw_skb *p);
void lw_park_segment(struct lw_event *ev, const void *skb);

/* net.c */
void lw_candidate(struct lw_event *ev, const void *skb, int lower,
		  unsigned int segments);
void lw_queue(struct lw_event *ev, const void *skb, const void *head, int tap,
	      unsigned int segments);
void lw_xmit_begin(struct lw_event *ev, const void *skb, const void *head,
		   int tap, unsigned int segments);
void lw_xmit_end(struct lw_event *ev, const void *skb, int tap);
void lw_consumed(struct lw_event *ev, const void *skb, const void *head);
void lw_dropped(struct lw_event *ev, const void *skb, unsigned int reason);
void lw_record_reader(struct lw_event *ev, const struct lw_flight *f,
		      enum latwatch_stage total, enum latwatch_mark end);
void lw_copied(struct lw_event *ev, const void *skb, const void *head);

/* backend.c */
void lw_wake_backend(struct lw_event *ev, const struct task_struct *t,
		     struct lw_task *s, const void *skb, bool awake);
void lw_backend_run(struct lw_task *s, struct lw_event *ev,
		    const struct lw_wake *w, u64 now);
void lw_wake_kicked(struct lw_event *ev, struct lw_task *self,
		    const struct task_struct *t, struct lw_task *s,
		    bool awake);
void lw_kick_run(struct lw_task *s, struct lw_event *ev,
		 const struct lw_wake *w, u64 now);
void lw_kick_awake(struct lw_task *s, struct lw_event *ev,
		   const struct lw_wake *w);

/* reader.c */
void lw_wake_reader(struct lw_event *ev, const struct task_struct *t,
		    struct lw_task *s, enum lw_wake_kind kind, bool awake,
		    const struct lw_flight *poll);
void lw_wake_reader_of_guest(struct lw_event *ev, const struct lw_task *self,
			     const struct task_struct *t, struct lw_task *s, bool awake);
const struct lw_flight *lw_through(struct lw_event *ev);

/* given.c */
void lw_given(struct lw_event *ev);
void lw_given_until_sleep(struct lw_task *s);
bool lw_given_oldest(struct lw_event *ev, struct lw_task *s);

/* reader.c */
void lw_reader_run(struct lw_task *s, struct lw_event *ev,
		   const struct lw_wake *w, u64 now);
void lw_reader_awake(struct lw_task *s, struct lw_event *ev,
		     const struct lw_wake *w);

/* serve.c */
struct lw_task *lw_taker_new(struct lw_event *ev);
struct lw_task *lw_taker_wake(struct lw_event *ev, const struct task_struct *t,
			      bool awake);
void lw_taken_unfollowed(struct lw_event *ev);
void lw_hold(struct lw_event *ev, struct lw_task *s, const struct lw_skb *p, u64 now);
void lw_handed(struct lw_event *ev, struct lw_task *s);
void lw_held_signal(struct lw_task *s, u32 key);
bool lw_held_woken(struct lw_event *ev, struct lw_task *s, const struct task_struct *t);

/* relay.c */
bool lw_relay(struct lw_event *ev, struct lw_task *self, const struct task_struct *t,
	      struct lw_task *s, bool awake);
struct lw_vm *lw_relay_vm(const struct lw_task *s);
void lw_relay_tell(struct lw_event *ev, struct lw_task *s, u32 vcpu_id, u8 vector);
void lw_relay_own(struct lw_event *ev, struct lw_task *s, u32 vcpu_id, u8 vector);
bool lw_wake_told(struct lw_event *ev, struct lw_task *self, const struct task_struct *t,
		  struct lw_task *s, bool awake);
void lw_relay_over(struct lw_event *ev, struct lw_task *s);

/* device.c */
void lw_device_signal(struct lw_event *ev, struct lw_vm *vm, u32 vcpu_id,
		      u8 vector);
void lw_wake_vcpu_device(struct lw_event *ev, const struct task_struct *t,
			 struct lw_task *s, bool awake);

/* notify.c */
enum lw_signal_mode {
	LW_SIGNAL_DIRECT,	/* signals name their vCPU */
	LW_SIGNAL_KPROBE,	/* lw_announce() and lw_notify() are called */
	LW_SIGNAL_INFERRED,	/* they are not */
};

/* known when all are attached; probes may run before */
extern enum lw_signal_mode lw_signal_mode;

void lw_announce(struct lw_event *ev);
void lw_notify(struct lw_event *ev, const struct mm_struct *mm, u32 vcpu,
	       bool in_guest);
bool lw_notify_inferred(const struct lw_event *ev);
void lw_notify_running(struct lw_event *ev, const struct lw_task *vcpu);
bool lw_is_signal_wake(struct lw_event *ev, const struct task_struct *t,
		       struct lw_task *s);
void lw_wake_notified(struct lw_event *ev, const struct task_struct *t,
		      struct lw_task *s, bool awake);
void lw_notified_collect(struct lw_task *s);

/* guest.c */
void lw_take_copied(struct lw_event *ev, struct lw_task *s, struct lw_flight *f);
void lw_signal_push(struct lw_event *ev, struct lw_batch *b, struct lw_vector *v,
		    u64 now, u32 guest_seq);
void lw_waits_at(struct lw_task *s, struct lw_vector *v);
void lw_take(struct lw_event *ev, const void *skb, struct lw_skb *p, u64 now);
void lw_suppress(struct lw_task *s, struct lw_event *ev);
void lw_backend_signal(struct lw_event *ev, struct lw_task *s, u32 key, u64 now);
bool lw_serve(struct lw_event *ev, struct lw_task *s);
void lw_signal(struct lw_event *ev, u32 vcpu_id, u8 vector);
void lw_posted(struct lw_event *ev, u32 vcpu_id, u8 vector);
void lw_inject(struct lw_event *ev, u8 vector);
void lw_guest_entry(struct lw_event *ev, u32 vcpu_id);
void lw_guest_exit(struct lw_event *ev);
void lw_wake_vcpu(struct lw_event *ev, struct lw_task *self,
		  const struct task_struct *t, struct lw_task *s, bool awake);
void lw_vcpu_run(struct lw_task *s, struct lw_event *ev,
		 const struct lw_wake *w, u64 now);
void lw_vcpu_device_run(struct lw_task *s, struct lw_event *ev,
			const struct lw_wake *w, u64 now);

/* current is a backend, or turns out to be one */
static inline bool lw_serves(struct lw_event *ev, struct lw_task *s)
{
	return likely(s->roles & LW_TASK_BACKEND) || lw_serve(ev, s);
}

/*
 * A user can give any name to a thread of his, but not to a kernel thread.
 */
static __always_inline bool lw_is_napi_thread(const struct task_struct *t)
{
	return t->flags & PF_KTHREAD && !memcmp(t->comm, "napi", 4) &&
	       t->comm[4] == '/';
}

/**
 * lw_waking_matters() - does a wake concern a followed task?
 * @c: the waker's CPU
 * @t: the task that is woken
 *
 * Return: false if lw_waking() would find nothing to do: this CPU carries nothing, and
 * the task is not followed, nor a NAPI thread, which is to be.
 */
static __always_inline bool lw_waking_matters(const struct lw_cpu *c,
					      const struct task_struct *t)
{
	return c->carries || lw_table_may_have(&lw_task_table, t) ||
	       lw_is_napi_thread(t);
}

/**
 * lw_waking_is_plain() - does a wake hand nothing over, nor answer another?
 * @c: the waker's CPU
 * @t: the task that is woken
 * @s: its slot, or NULL
 * @hardirq: by a hard irq: what the task below carries is not the irq's
 *
 * Return: true if lw_waking() would find nothing to do.
 */
static __always_inline bool lw_waking_is_plain(const struct lw_cpu *c,
					       const struct task_struct *t,
					       const struct lw_task *s,
					       bool hardirq)
{
	if (c->carries && (!hardirq || c->expect ||
			   c->hard.holds & LW_HOLDS_SIGNALS))
		return false;
	return !lw_is_napi_thread(t) &&
	       !(s && (READ_ONCE(s->wake.word) & LW_WAKE_STATE) ==
			      LW_WAKE_AWAKE);
}

/**
 * lw_switch_matters() - does a switch concern a followed task?
 * @c: the CPU that switches
 * @next: the task that it switches to
 *
 * Return: false if neither the task before, if it is known to be, nor this one
 * is followed, nor any task here has anything in hand: lw_switch() would find nothing
 * to do.
 */
static __always_inline bool lw_switch_matters(const struct lw_cpu *c,
					      const struct task_struct *next)
{
	return c->current_slot || c->contexts ||
	       lw_table_may_have(&lw_task_table, next);
}

/**
 * lw_switch_plain() - note a switch that hands nothing over
 * @c: the CPU that switches
 * @prev: the task that it switches from
 * @next: slot of the task that it switches to, or NULL
 * @sleeps: as of lw_switch()
 *
 * A task that waits for a lock, or is preempted, goes on with what it did.
 *
 * Return: false, with nothing noted, if the switch is one for lw_switch().
 */
static __always_inline bool lw_switch_plain(struct lw_cpu *c,
					    const struct task_struct *prev,
					    struct lw_task *next, bool sleeps)
{
	struct lw_task *s = c->current_slot;
	bool from = s && s->task == prev;

	if ((from && sleeps) ||
	    (next && READ_ONCE(next->wake.word) & LW_WAKE_STATE))
		return false;
	if (from) {
		WRITE_ONCE(s->nr_switches, s->nr_switches + 1);
		s->slept = false;
	}
	if (unlikely(c->contexts))
		lw_ctx_switch(c, prev, sleeps);
	c->expect = NULL;
	c->current_slot = next;
	lw_cpu_note(c);
	return true;
}

/**
 * lw_whose() - where does a packet come from that is queued or sent?
 * @ev: where; its kin is the packet's
 * @skb: its address
 * @head: its data
 * @parked: its slot, if it was parked, or NULL
 * @other: takes what is known of it, if it is not the one in hand
 *
 * Is it the packet that this context has in the stack, or made of that? What the host
 * makes itself may get memory that the packet had, but no device has received it. A
 * packet that waited for the address of a neighbour is released by its answer, and is
 * not made of it.
 *
 * Return: the packet in hand, if it is that or made of it, or @other. Of that, @ns is 0,
 * and @from the VMM that sends it by a socket for its guest, or NULL.
 */
static __always_inline const struct lw_packet_in_hand *
lw_whose(struct lw_event *ev, const void *skb, const void *head,
	 const struct lw_skb *parked, struct lw_packet_in_hand *other)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);

	if (likely(x && x->packet.head == head && (ev->kin || !x->packet.kin)))
		return &x->packet;
	return lw_whose_else(ev, skb, parked, other);
}

/* the account of the VM that sent a packet; the host's, if it has ended */
static inline unsigned int lw_packet_account(const struct lw_packet_in_hand *packet)
{
	return lw_vm_account(packet->from ? packet->from->vm :
					    lw_vm_tagged(packet->vm));
}

/* record the time between two marks of a flight that has both, and what filled it */
static __always_inline void lw_record_as(struct lw_event *ev, unsigned int account,
					 enum latwatch_stage stage,
					 const struct lw_flight *f,
					 enum latwatch_mark from,
					 enum latwatch_mark to)
{
	unsigned int cpu = ev->cpu->id;
	struct lw_stat **slot = &lw_account(cpu, account)->stat[stage];

	lw_stat_one(slot, f->ns[to] - f->ns[from], f, f->ns[to], cpu);
	lw_blame(ev, slot, stage, f, from, to);
}

/*
 * Record the time between two marks of a flight; absent marks, no record. The
 * marks are constants nearly everywhere: it is a test and a difference here. They are
 * those of the stage's row, or it does not compile.
 */
static __always_inline void lw_record(struct lw_event *ev, unsigned int account,
				      enum latwatch_stage stage,
				      const struct lw_flight *f,
				      enum latwatch_mark from,
				      enum latwatch_mark to)
{
	const u32 both = BIT(from) | BIT(to);

	compiletime_assert(!__builtin_constant_p(stage) || !__builtin_constant_p(from) ||
			   !__builtin_constant_p(to) || lw_stage_spans(stage, from, to),
			   "the stage's row has other marks");
	if ((f->marks & both) == both)
		lw_record_as(ev, account, stage, f, from, to);
}

#endif
