// SPDX-License-Identifier: GPL-2.0
/*
 * The way from CPU to CPU by receive packet steering (RPS): takes the flight of
 * a poll, keeps it with each packet until the stack has it, and gives it to
 * the stack wherever that is (identity.c). What comes out of a tap is parked.
 *
 * All of it happens only while steering is in use on some device.
 */
#include "engine/skb.h"
#include "path/path.h"

/**
 * lw_steer_begin() - a packet is handed to GRO, and may then be steered
 * @ev: where
 * @skb: its address
 */
void lw_steer_begin(struct lw_event *ev, const void *skb)
{
	struct lw_cpu *c = ev->cpu;
	const struct lw_flight *poll = lw_poll_flight(ev);
	struct lw_ctx *x;
	struct lw_skb *p;
	int slot;

	lw_ctx_drop(ev, LW_HOLDS_STEERING);
	if (!poll)
		return;
	slot = lw_skb_open(ev, skb);
	if (slot < 0) {
		lw_count(c->id, LW_HOST, LW_NOTE_STEER_FULL, 1);
		return;
	}
	p = lw_skb(slot);
	lw_skb_set_aside(p, LW_STEERED);
	lw_flight_copy(&p->flight, poll);
	lw_mark(ev, &p->flight, LATWATCH_MARK_STEER, lw_clock_ns());
	lw_table_publish(&lw_skb_table, slot, skb);
	x = lw_ctx_get(ev);
	x->steering = skb;
	x->holds |= LW_HOLDS_STEERING;
}

/**
 * lw_steer_merged() - GRO has made the packet a part of another one
 * @ev: where; after lw_steer_begin()
 *
 * It may be freed without a trace.
 */
void lw_steer_merged(struct lw_event *ev)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_STEERING);
	int slot;

	if (!x)
		return;
	slot = lw_skb_take_from(x->steering, LW_STEERED);
	if (slot >= 0)
		lw_table_free(&lw_skb_table, slot);
	lw_ctx_drop(ev, LW_HOLDS_STEERING);
}

/**
 * lw_steer_end() - the stack is about to receive a packet
 * @ev: where; lw_stack() follows
 * @skb: its address
 */
void lw_steer_end(struct lw_event *ev, const void *skb)
{
	int slot = lw_skb_take_from(skb, LW_STEERED);
	const struct lw_flight *f;
	struct lw_ctx *x;

	if (slot < 0)
		return;
	f = &lw_skb(slot)->flight;
	if (f->cpu[LATWATCH_MARK_STEER] != ev->cpu->id) {
		x = lw_ctx_get(ev);
		x->steered = *f;
		x->holds |= LW_HOLDS_STEERED;
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_STEERED, 1);
	}
	lw_table_free(&lw_skb_table, slot);
}

/**
 * lw_steer_from_guest() - a backend gives a packet to the stack, which may steer it
 * @ev: where; as for lw_packet()
 * @skb: the packet's address
 * @head: its data
 * @tap: slot of the tap that it comes from
 *
 * It is received here, whoever has it next.
 */
void lw_steer_from_guest(struct lw_event *ev, const void *skb, const void *head,
			 int tap)
{
	lw_stack(ev, skb, head, tap);
	lw_park(ev, skb, head);
}
