// SPDX-License-Identifier: GPL-2.0
/*
 * The way through the stack to the tap: takes the softirq's flight, keeps it
 * with the packet while that waits in the tap's ring.
 */
#include "skb.h"
#include "tap.h"
#include "way.h"

struct lw_table lw_skb_table;

/**
 * lw_stack() - the stack receives a packet
 * @at: where
 * @head: the packet's data
 *
 * From here to the tap the packet is told by its data, not by its address:
 * a bridge that does not know the destination yet, or a packet socket, sends
 * clones on.
 *
 * A backend that brings a packet of its guest has ended its receive batch.
 */
void lw_stack(struct lw_at *at, const void *head)
{
	struct lw_cpu *c = at->cpu;
	struct lw_task *s = c->current_slot;

	if (s && s->batch && s->task == at->task &&
	    at->level == LW_LEVEL_TASK)
		lw_suppress(s, at);

	c->packet.owner = at->task;
	c->packet.head = head;
	c->packet.ns = lw_clock_ns();
	WRITE_ONCE(c->last[LATWATCH_MARK_STACK], c->packet.ns);
}

/* begin a packet's flight where it is first seen on its way to a tap */
static int open_flight(struct lw_at *at, const void *skb, const void *head,
		       int tap, unsigned int segments)
{
	static const u8 opened[] = {
		[LATWATCH_ORIGIN_LOCAL] = LW_OPENED_LOCAL,
		[LATWATCH_ORIGIN_POLL]	= LW_OPENED_POLL,
		[LATWATCH_ORIGIN_IRQ]	= LW_OPENED_IRQ,
	};
	struct lw_cpu *c = at->cpu;
	struct lw_flight *f;
	struct lw_skb *p;
	int slot;

	slot = lw_table_find(&lw_skb_table, skb);
	if (unlikely(slot >= 0)) {
		/* an address comes again: the last packet there was freed */
		if (!lw_table_take(&lw_skb_table, slot, skb))
			goto race;
		lw_count(c->id, LW_HOST, LW_LOST_SKB_REUSED, 1);
	} else {
		slot = lw_table_claim(&lw_skb_table, skb);
	}

	if (likely(slot >= 0)) {
		p = lw_skb(slot);
		p->tap = tap;
		f = &p->flight;
	} else {
		f = NULL; /* nowhere to keep it, but counted it is */
	}

	if (c->packet.owner == at->task && c->packet.head == head) {
		bool nic = c->runner == at->task;

		if (f) {
			if (nic)
				*f = c->softirq;
			else
				lw_flight_open(f, LATWATCH_ORIGIN_LOCAL);
			lw_flight_set(f, LATWATCH_MARK_STACK, c->packet.ns,
				      c->id);
		}
		lw_count(c->id, LW_HOST,
			 opened[nic ? c->softirq.origin : LATWATCH_ORIGIN_LOCAL],
			 nic ? segments : 1);
		if (nic && segments > 1)
			lw_count(c->id, LW_HOST, LW_MERGED_GRO, segments - 1);
	} else {
		if (f)
			lw_flight_open(f, LATWATCH_ORIGIN_LOCAL);
		lw_count(c->id, LW_HOST, LW_OPENED_LOCAL, 1);
	}
	if (!f)
		lw_count(c->id, LW_HOST, LW_LOST_SKB_FULL, 1);
	return slot;
race:
	lw_count(c->id, LW_HOST, LW_OPENED_LOCAL, 1);
	lw_count(c->id, LW_HOST, LW_LOST_SKB_RACE, 1);
	return -1;
}

/**
 * lw_queue() - a packet comes to a tap's queueing discipline
 * @at: where
 * @skb: its address
 * @head: its data
 * @tap: the tap's slot
 * @segments: packets of the wire that GRO made one of, at least 1
 */
void lw_queue(struct lw_at *at, const void *skb, const void *head, int tap,
	      unsigned int segments)
{
	int slot = open_flight(at, skb, head, tap, segments);

	if (slot < 0)
		return;
	lw_mark(at, &lw_skb(slot)->flight, LATWATCH_MARK_QUEUE, lw_clock_ns());
	lw_table_publish(&lw_skb_table, slot, skb);
}

/**
 * lw_xmit_begin() - a packet is handed to a tap's driver
 * @at: where; not always where it was queued
 * @skb: its address
 * @head: its data
 * @tap: the tap's slot
 * @segments: as for lw_queue()
 */
void lw_xmit_begin(struct lw_at *at, const void *skb, const void *head,
		   int tap, unsigned int segments)
{
	int slot = lw_table_find(&lw_skb_table, skb);
	struct lw_cpu *c = at->cpu;

	c->xmit_task = at->task;
	c->xmit_skb = skb;

	if (slot < 0 || lw_skb(slot)->tap != tap ||
	    lw_flight_has(&lw_skb(slot)->flight, LATWATCH_MARK_TAP)) {
		/* not seen at the queue: cut from a larger one, or sent past */
		slot = open_flight(at, skb, head, tap, segments);
		if (slot < 0)
			return;
	} else if (!lw_table_take(&lw_skb_table, slot, skb)) {
		lw_count(c->id, LW_HOST, LW_LOST_SKB_RACE, 1);
		return;
	}
	lw_mark(at, &lw_skb(slot)->flight, LATWATCH_MARK_TAP, lw_clock_ns());
	/* from now on the backend may take it, on any CPU */
	lw_table_publish(&lw_skb_table, slot, skb);
}

/**
 * lw_xmit_end() - the tap's driver has returned
 * @at: where
 */
void lw_xmit_end(struct lw_at *at)
{
	if (at->cpu->xmit_task == at->task)
		at->cpu->xmit_task = NULL;
}

/* take a packet out of the table's sight; its slot, or -1 */
static int take(struct lw_at *at, const void *skb)
{
	int slot = lw_table_find(&lw_skb_table, skb);

	if (likely(slot < 0))
		return -1;
	if (lw_table_take(&lw_skb_table, slot, skb))
		return slot;
	lw_count(at->cpu->id, LW_HOST, LW_LOST_SKB_RACE, 1);
	return -1;
}

/**
 * lw_consumed() - an skb is freed after it served its purpose
 * @at: where
 * @skb: its address
 *
 * If a task does that to a packet in a tap's ring, it has taken it.
 */
void lw_consumed(struct lw_at *at, const void *skb)
{
	int slot = take(at, skb);
	struct lw_skb *p;

	if (likely(slot < 0))
		return;
	p = lw_skb(slot);
	if (at->level == LW_LEVEL_TASK && at->cpu->xmit_task != at->task &&
	    lw_flight_has(&p->flight, LATWATCH_MARK_TAP))
		lw_take(at, skb, p, lw_clock_ns());
	else
		lw_count(at->cpu->id, LW_HOST, LW_ELSEWHERE_CONSUMED, 1);
	lw_table_free(&lw_skb_table, slot);
}

/**
 * lw_dropped() - an skb is freed before it served its purpose
 * @at: where
 * @skb: its address
 * @reason: the kernel's enum skb_drop_reason
 */
void lw_dropped(struct lw_at *at, const void *skb, unsigned int reason)
{
	int slot = take(at, skb);

	if (likely(slot < 0))
		return;
	lw_count_drop(at->cpu->id, lw_tap_account(lw_skb(slot)->tap), reason);
	lw_table_free(&lw_skb_table, slot);
}
