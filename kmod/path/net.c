// SPDX-License-Identifier: GPL-2.0
/*
 * The way through the stack: takes the flight of the packet in hand (identity.c),
 * keeps it with the packet on its way into a tap and in its ring, or out of a NIC.
 */
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/vm.h"
#include "path/path.h"
#include "path/xdp.h"

/* a packet of which it is not known yet whether a macvtap gets it */
static void open_candidate(struct lw_event *ev, struct lw_skb *p,
			   const struct lw_packet_in_hand *packet, int lower,
			   unsigned int segments)
{
	struct lw_flight *f = &p->flight;

	lw_skb_set_aside(p, lower);
	p->candidate = true;
	p->resumed = packet->resumed;
	p->source = packet->source;
	p->segments = segments;
	lw_packet_flight(ev, f, packet);
	/* into the ring without a break: no time of its own */
	lw_flight_set(f, LATWATCH_MARK_TAP,
		      f->ns[lw_flight_has(f, LATWATCH_MARK_UNPARK) ?
			    LATWATCH_MARK_UNPARK : LATWATCH_MARK_STACK], ev->cpu->id);
}

/* a candidate is freed: it is opened if a macvtap had it */
static bool settle_candidate(struct lw_event *ev, struct lw_skb *p)
{
	int tap = lw_tap_find_kind(ev->dev, LW_TAP_MACVTAP);

	if (tap < 0)
		return false;
	p->tap = tap;
	p->candidate = false;
	WRITE_ONCE(p->sent, false);
	lw_skb_count_opened(ev, p, p->flight.origin, p->segments);
	return true;
}

/* it was never seen to come to a device that is watched */
static bool is_untracked(struct lw_event *ev, struct lw_skb *p)
{
	return p->tap <= LW_STEERED ||
	       (p->candidate && !settle_candidate(ev, p));
}

/**
 * lw_candidate() - a packet comes to a macvtap, or a device that they share
 * @ev: where; lw_stack() was called for it
 * @skb: its address
 * @lower: the device's slot
 * @segments: as for lw_queue()
 *
 * If it is for one of them, it is put into that one's ring at once, and the
 * next that is seen of it is that a backend took it, or that it was dropped.
 */
void lw_candidate(struct lw_event *ev, const void *skb, int lower,
		  unsigned int segments)
{
	static const struct lw_skb nowhere = {
		.path = LATWATCH_PATH_RX, .account = LW_HOST,
	};
	struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);
	struct lw_packet_in_hand *packet;
	int slot;

	if (!x)
		return;
	packet = &x->packet;
	if (!packet->flight && !packet->from) {
		if (x->lost) {
			/* as below */
			lw_skb_count_opened(ev, &nowhere, packet->origin, segments);
			lw_count(ev->cpu->id, LW_HOST, LW_LOST_CONTEXT, 1);
		}
		return;
	}
	slot = lw_skb_open(ev, skb);
	if (slot < 0) {
		/* it may have been for none of them: count the worst case */
		lw_skb_count_opened(ev, &nowhere, packet->origin, segments);
		lw_skb_count_no_slot(ev, &nowhere, slot);
		return;
	}
	packet->candidate = skb;
	open_candidate(ev, lw_skb(slot), packet, lower, segments);
	lw_table_publish(&lw_skb_table, slot, skb);
}

/* more contexts preempted each other than are told apart: this one was not kept */
static bool is_lost(struct lw_event *ev)
{
	const struct lw_ctx *x = lw_ctx(ev);

	return x ? x->lost : ev->cpu->overflowed;
}

/* this host made it: a process that a NIC's packet woke, maybe */
static void through(struct lw_event *ev, struct lw_packet_in_hand *packet)
{
	const struct lw_flight *taken = lw_through(ev);

	if (likely(!taken))
		return;
	packet->flight = taken;
	packet->origin = LATWATCH_ORIGIN_PROCESS;
}

/**
 * lw_skb_begin() - begin a flight where it is first seen on its way to a device
 * @ev: where
 * @skb: its address
 * @head: its data
 * @tap: the tap's slot, or LW_NIC
 * @segments: as for lw_queue()
 *
 * Return: its slot, which is busy, or -1; counted in any case.
 */
int lw_skb_begin(struct lw_event *ev, const void *skb, const void *head, int tap,
		 unsigned int segments)
{
	const struct lw_packet_in_hand *packet;
	int slot = lw_skb_open(ev, skb);
	struct lw_packet_in_hand other;
	struct lw_skb *p, nowhere;
	bool parked;

	p = slot >= 0 ? lw_skb(slot) : &nowhere;
	parked = slot >= 0 && p->tap == LW_PARKED;
	packet = lw_whose(ev, skb, head, parked ? p : NULL, &other);
	if (unlikely(packet == &other) && tap != LW_NIC &&
	    other.origin == LATWATCH_ORIGIN_LOCAL && !other.resumed)
		through(ev, &other);
	p->tap = tap;
	p->candidate = false;
	p->resumed = packet->resumed;
	p->source = packet->source;
	p->txq = NULL;
	WRITE_ONCE(p->sent, false);
	WRITE_ONCE(p->account, LW_HOST);
	if (tap != LW_NIC) {
		WRITE_ONCE(p->path, LATWATCH_PATH_RX);
	} else if (packet->origin == LATWATCH_ORIGIN_VM) {
		WRITE_ONCE(p->path, LATWATCH_PATH_TX);
		WRITE_ONCE(p->account, lw_packet_account(packet));
	} else {
		WRITE_ONCE(p->path, LATWATCH_PATH_LOCAL);
	}
	lw_skb_count_opened(ev, p, packet->origin, segments);
	if (unlikely(slot < 0)) {
		lw_skb_count_no_slot(ev, p, slot);
		return -1;
	}
	if (unlikely(!packet->flight && !packet->from && is_lost(ev))) {
		lw_count(ev->cpu->id, lw_skb_account(p),
			 lw_skb_lines[p->path].context, 1);
		lw_table_free(&lw_skb_table, slot);
		return -1;
	}
	lw_packet_flight(ev, &p->flight, packet);
	if (!parked || packet != &other)
		p->parked_ns = 0;
	else if (lw_flight_has(&p->flight, LATWATCH_MARK_STACK))
		lw_unparked(ev, &p->flight, p);
	return slot;
}

/* when this host's stack queued a packet of its own first, to a bridge maybe; or now */
static u64 queued_ns(const struct lw_skb *p)
{
	return unlikely(p->parked_ns) && !lw_flight_has(&p->flight, LATWATCH_MARK_STACK) ?
		       p->parked_ns : lw_clock_ns();
}

/**
 * lw_queue() - a packet comes to a device's queueing discipline
 * @ev: where; its kin is the packet's; its txq, if the packet may be cut there, or NULL
 * @skb: its address
 * @head: its data
 * @tap: the tap's slot, or LW_NIC
 * @segments: packets of the wire that GRO made one of, at least 1
 */
void lw_queue(struct lw_event *ev, const void *skb, const void *head, int tap,
	      unsigned int segments)
{
	int slot = lw_skb_begin(ev, skb, head, tap, segments);

	if (slot < 0)
		return;
	lw_skb(slot)->kin = ev->kin;
	lw_skb(slot)->txq = ev->txq;
	lw_mark(ev, &lw_skb(slot)->flight, LATWATCH_MARK_QUEUE, queued_ns(lw_skb(slot)));
	lw_table_publish(&lw_skb_table, slot, skb);
}

/* a packet is with the NIC's driver: its balance is closed */
static void sent(struct lw_event *ev, struct lw_skb *p, unsigned int account,
		 u64 now)
{
	struct lw_flight *f = &p->flight;
	unsigned int cpu = ev->cpu->id;
	struct lw_stat **slot;

	lw_mark(ev, f, LATWATCH_MARK_XMIT, now);
	WRITE_ONCE(p->sent, true);
	lw_count(cpu, account, unlikely(p->resumed) ? lw_skb_lines[p->path].resumed :
						      lw_skb_lines[p->path].sent, 1);
	if (p->path == LATWATCH_PATH_LOCAL) {
		lw_record(ev, account, LATWATCH_STAGE_LOCAL_QDISC, f,
			  LATWATCH_MARK_QUEUE, LATWATCH_MARK_XMIT);
		return;
	}
	lw_record(ev, account, LATWATCH_STAGE_TX_SERVICE, f,
		  LATWATCH_MARK_KICK_RUN, LATWATCH_MARK_STACK);
	lw_record(ev, account, LATWATCH_STAGE_TX_STACK, f,
		  LATWATCH_MARK_STACK, LATWATCH_MARK_XMIT);
	lw_record(ev, account, LATWATCH_STAGE_TX_PARKED, f,
		  LATWATCH_MARK_PARK, LATWATCH_MARK_UNPARK);
	lw_record(ev, account, LATWATCH_STAGE_TX_QDISC, f,
		  LATWATCH_MARK_QUEUE, LATWATCH_MARK_XMIT);
	slot = &lw_account(cpu, account)->stat[LATWATCH_STAGE_TX_END_TO_END];
	lw_stat_one(slot, now - f->begin_ns, f, now, cpu);
	lw_blame_total(ev, slot, f, LATWATCH_MARK_XMIT);
}

/* a NIC's driver has a packet; what it wakes is nobody's backend */
static void xmit_nic(struct lw_event *ev, const void *skb, struct lw_skb *p,
		     u64 now)
{
	struct lw_ctx *x = lw_ctx_get(ev);
	struct lw_driver_in_hand *d = &x->driver;
	unsigned int account = lw_skb_account(p);

	/* a driver that had no room gets it again: the first time counts */
	if (!p->sent)
		sent(ev, p, account, now);
	x->holds |= LW_HOLDS_DRIVER;
	d->skb = skb;
	d->ns = now;
	d->vm = account == LW_HOST ? 0 : lw_vm_tag(&lw_vms[account - 1]);
	d->path = p->path;
}

/* a tap has a packet */
static void to_tap(struct lw_event *ev, struct lw_skb *p, u64 now)
{
	enum latwatch_mark begin = lw_flight_has(&p->flight, LATWATCH_MARK_SOFTIRQ) ?
					   LATWATCH_MARK_SOFTIRQ : LATWATCH_MARK_STACK;

	lw_tap_note_source(p->tap, p->source);
	p->flight.clean = lw_trail_cleanness(ev->cpu, &p->flight, begin);
	lw_mark(ev, &p->flight, LATWATCH_MARK_TAP, now);
}

/**
 * lw_xmit_begin() - a packet is handed to a device's driver
 * @ev: where; not always where it was queued; its kin and txq are the packet's
 * @skb: its address
 * @head: its data
 * @tap: the tap's slot, or LW_NIC
 * @segments: as for lw_queue()
 */
void lw_xmit_begin(struct lw_event *ev, const void *skb, const void *head,
		   int tap, unsigned int segments)
{
	int slot = lw_table_find(&lw_skb_table, skb);
	struct lw_skb *p;
	u64 now;

	if (tap != LW_NIC) {
		struct lw_ctx *x = lw_ctx_get(ev);

		x->holds |= LW_HOLDS_XMIT;
		x->xmit_skb = skb;
	}

	if (slot < 0 || lw_skb(slot)->tap != tap ||
	    lw_flight_has(&lw_skb(slot)->flight, LATWATCH_MARK_TAP)) {
		/* not seen at the queue: cut from a larger one, or sent past */
		slot = lw_table_may_have(&lw_skb_table, ev->txq) ?
			       lw_skb_segment(ev, skb, tap) : -1;
		if (slot < 0)
			slot = lw_skb_begin(ev, skb, head, tap, segments);
		if (slot < 0)
			return;
	} else if (!lw_table_take(&lw_skb_table, slot, skb)) {
		return; /* another CPU has it in hand, and closes its flight */
	} else if (unlikely(lw_table_may_have(&lw_skb_table, ev->txq))) {
		lw_skb_cut_end(ev, ev->txq);
	}
	p = lw_skb(slot);
	now = lw_clock_ns();
	if (tap == LW_NIC)
		xmit_nic(ev, skb, p, now);
	else
		to_tap(ev, p, now);
	/* from now on it may be taken, or freed when sent, on any CPU */
	lw_table_publish(&lw_skb_table, slot, skb);
}

/**
 * lw_xmit_end() - the device's driver has returned
 * @ev: where
 * @skb: the packet's address; it may be freed already
 * @tap: the tap's slot, or LW_NIC
 */
void lw_xmit_end(struct lw_event *ev, const void *skb, int tap)
{
	struct lw_cpu *c = ev->cpu;
	const struct lw_driver_in_hand *d;
	enum latwatch_stage stage;
	struct lw_ctx *x;
	u64 now;

	if (tap != LW_NIC) {
		lw_ctx_drop(ev, LW_HOLDS_XMIT);
		return;
	}
	x = lw_ctx_with(ev, LW_HOLDS_DRIVER);
	if (!x || x->driver.skb != skb)
		return;
	d = &x->driver;
	lw_ctx_drop(ev, LW_HOLDS_DRIVER);
	now = lw_clock_ns();
	stage = d->path == LATWATCH_PATH_TX ? LATWATCH_STAGE_TX_DRIVER :
					      LATWATCH_STAGE_LOCAL_DRIVER;
	lw_flight_open(&c->driver_flight, LATWATCH_ORIGIN_LOCAL);
	lw_flight_set(&c->driver_flight, LATWATCH_MARK_XMIT, d->ns, c->id);
	/* the VM may have ended meanwhile: the host's, then */
	lw_stat_one(&lw_account(c->id, lw_vm_account(lw_vm_tagged(d->vm)))
			     ->stat[stage],
		    now - d->ns, &c->driver_flight, now, c->id);
}

/* a NIC's driver frees what it has sent */
static void completed(struct lw_event *ev, struct lw_skb *p)
{
	unsigned int account = lw_skb_account(p);

	lw_mark(ev, &p->flight, LATWATCH_MARK_COMPLETE, lw_clock_ns());
	lw_count(ev->cpu->id, account, lw_skb_lines[p->path].completed, 1);
	lw_record(ev, account,
		  p->path == LATWATCH_PATH_TX ?
			  LATWATCH_STAGE_TX_COMPLETION :
			  LATWATCH_STAGE_LOCAL_COMPLETION,
		  &p->flight, LATWATCH_MARK_XMIT, LATWATCH_MARK_COMPLETE);
}

/* current frees a packet that it has read; a small datagram is copied unseen */
static void read_up(struct lw_event *ev, const void *skb, const void *head)
{
	struct lw_task *s = ev->cpu->current_slot;

	/* it has a packet in the stack, that of its guest: the host is given it */
	if (lw_ctx_with(ev, LW_HOLDS_PACKET))
		return;
	lw_copied(ev, skb, head);
	/* the address may come again */
	if (s && s->task == ev->task)
		s->copied = NULL;
}

/* it was queued, and no driver has got it */
static bool in_qdisc(const struct lw_skb *p)
{
	return lw_flight_has(&p->flight, LATWATCH_MARK_QUEUE) &&
	       !lw_flight_has(&p->flight, LATWATCH_MARK_TAP) &&
	       !lw_flight_has(&p->flight, LATWATCH_MARK_XMIT);
}

/* what may be cut is freed where it waits for its driver: it was */
static bool is_cut(const struct lw_skb *p)
{
	return p->tap == LW_PARKED || in_qdisc(p);
}

/**
 * lw_consumed() - an skb is freed after it served its purpose
 * @ev: where
 * @skb: its address
 * @head: its data
 *
 * If a task does that to a packet in a tap's ring, it has taken it.
 */
void lw_consumed(struct lw_event *ev, const void *skb, const void *head)
{
	int slot = lw_skb_take(skb);
	struct lw_skb *p;

	if (likely(slot < 0)) {
		if (ev->level == LW_LEVEL_TASK && ev->source)
			read_up(ev, skb, head);
		return;
	}
	p = lw_skb(slot);
	if (unlikely(p->txq && is_cut(p)) && lw_skb_cut(ev, p))
		goto out;
	if (is_untracked(ev, p))
		goto out;
	if (p->sent)
		completed(ev, p);
	else if (ev->level == LW_LEVEL_TASK && !lw_ctx_with(ev, LW_HOLDS_XMIT) &&
		 lw_flight_has(&p->flight, LATWATCH_MARK_TAP))
		lw_take(ev, skb, p, lw_clock_ns());
	else
		lw_count(ev->cpu->id, lw_skb_account(p),
			 lw_skb_lines[p->path].elsewhere, 1);
out:
	lw_table_free(&lw_skb_table, slot);
}

/**
 * lw_dropped() - an skb is freed before it served its purpose
 * @ev: where
 * @skb: its address
 * @reason: the kernel's enum skb_drop_reason
 */
void lw_dropped(struct lw_event *ev, const void *skb, unsigned int reason)
{
	int slot = lw_skb_take(skb);
	struct lw_skb *p;

	if (likely(slot < 0))
		return;
	p = lw_skb(slot);
	if (is_untracked(ev, p))
		goto out;
	if (p->sent)
		/* many drivers free what they sent like what they dropped */
		completed(ev, p);
	else if (p->path == LATWATCH_PATH_RX)
		lw_count_drop(ev->cpu->id, lw_tap_account(p->tap), p->path,
			      in_qdisc(p), reason);
	else
		lw_count_drop(ev->cpu->id, lw_skb_account(p), p->path,
			      in_qdisc(p), reason);
out:
	lw_table_free(&lw_skb_table, slot);
}

/**
 * lw_record_reader() - a reader has what it was woken for
 * @ev: where
 * @f: the packet's flight
 * @total: the stage that counts all of its way
 * @end: the mark that ends it
 */
void lw_record_reader(struct lw_event *ev, const struct lw_flight *f,
		      enum latwatch_stage total, enum latwatch_mark end)
{
	u64 now = f->ns[end];
	struct lw_stat **slot;

	lw_record(ev, LW_HOST, LATWATCH_STAGE_READER_STACK, f,
		  LATWATCH_MARK_STACK, LATWATCH_MARK_READER_WAKE);
	/* found awake, it took no wake */
	if (f->ns[LATWATCH_MARK_READER_RUN] != f->ns[LATWATCH_MARK_READER_WAKE])
		lw_record(ev, LW_HOST, LATWATCH_STAGE_READER_WAKE, f,
			  LATWATCH_MARK_READER_WAKE, LATWATCH_MARK_READER_RUN);
	slot = &lw_account(ev->cpu->id, LW_HOST)->stat[total];
	lw_stat_one(slot, now - f->begin_ns, f, now, ev->cpu->id);
	lw_blame_total(ev, slot, f, end);
}

/* a task carries the packet with the data @head, which it was woken to read */
static bool has_read(const struct lw_task *s, const void *head)
{
	return s->fresh && s->read_head == head &&
	       lw_flight_has(&s->flight, LATWATCH_MARK_READER_RUN);
}

/**
 * lw_copied() - a packet's data is copied to the current task
 * @ev: where
 * @skb: the packet's address
 * @head: its data
 *
 * Only now is it known that the stack woke it for that. A packet may be copied
 * in pieces, and freed after that. A task that was woken for another packet was not
 * woken for this one: its copy is not recorded.
 */
void lw_copied(struct lw_event *ev, const void *skb, const void *head)
{
	struct lw_task *s = ev->cpu->current_slot;
	struct lw_flight *f;
	bool vmm;

	if (!s || s->task != ev->task)
		return;
	if (!has_read(s, head)) {
		if (s->copied == skb)
			return;
		/* woken when it was at work still: there was no switch */
		if (READ_ONCE(s->wake.kind) == LW_WAKE_READER)
			lw_wake_answer_awake(s, ev, NULL);
	}
	if (!has_read(s, head)) {
		/* from a socket, where it had read before: not out of a tap */
		if (s->reads && ev->source &&
		    lw_table_find(&lw_skb_table, skb) < 0) {
			s->copied = skb;
			lw_take_copied(ev, s, NULL);
		}
		return;
	}
	s->copied = skb;
	s->fresh = false;
	vmm = lw_vm_is_vmm(s, ev->task);
	f = &s->flight;
	lw_mark(ev, f, LATWATCH_MARK_COPY, lw_clock_ns());
	lw_record(ev, LW_HOST, LATWATCH_STAGE_READER_COPY, f,
		  LATWATCH_MARK_READER_RUN, LATWATCH_MARK_COPY);
	lw_record_reader(ev, f, f->origin == LATWATCH_ORIGIN_VM ?
					LATWATCH_STAGE_READER_END_TO_END_VM :
					LATWATCH_STAGE_READER_END_TO_END,
			 LATWATCH_MARK_COPY);
	if (vmm) {
		s->reads = true;
		lw_take_copied(ev, s, f);
	}
}
