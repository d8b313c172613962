// SPDX-License-Identifier: GPL-2.0
/*
 * Whose packet is this? Takes the packet that the stack receives, from a poll or
 * a backend, keeps it in its context's hand, and tells net.c of a packet that is
 * queued or sent whether it is that one.
 */
#include "engine/skb.h"
#include "engine/vm.h"
#include "path/path.h"
#include "path/xdp.h"

/**
 * lw_kick_served() - a kick is answered by a packet: what it took is known only now
 * @ev: where
 * @s: the backend that was kicked
 */
void lw_kick_served(struct lw_event *ev, struct lw_task *s)
{
	unsigned int account;

	if (!s->kick_new)
		return;
	s->kick_new = false;
	account = lw_vm_account(s->vm);
	lw_record(ev, account, LATWATCH_STAGE_GUEST_EXIT, &s->kick,
		  LATWATCH_MARK_EXIT, LATWATCH_MARK_KICK_WAKE);
	if (!s->kick.awake)
		lw_record(ev, account, LATWATCH_STAGE_KICK_WAKE, &s->kick,
			  LATWATCH_MARK_KICK_WAKE, LATWATCH_MARK_KICK_RUN);
}

/* a backend brings a packet of its guest */
static void from_guest(struct lw_event *ev, struct lw_task *s,
		       struct lw_packet_in_hand *packet)
{
	if (s->batch)
		lw_suppress(s, ev); /* it has ended its receive batch */
	s->signalled = false;
	lw_wake_answer_awake(s, ev, NULL);
	lw_kick_served(ev, s);
	packet->from = s;
	packet->origin = LATWATCH_ORIGIN_VM;
	packet->flight = s->kicked ? &s->kick : NULL;
}

/**
 * lw_poll_flight() - the flight of the poll that runs in this context
 * @ev: where
 *
 * Return: the flight, or NULL if none is known of.
 */
const struct lw_flight *lw_poll_flight(struct lw_event *ev)
{
	struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_RUN);
	struct lw_task *s;

	if (x) {
		x->settled = true;
		return &x->softirq;
	}
	if (ev->level != LW_LEVEL_TASK)
		return NULL;
	s = lw_task_self(ev);
	if (!s)
		return NULL;
	if (ev->task->flags & PF_KTHREAD)
		lw_wake_answer_awake(s, ev, NULL);
	return s->polls ? &s->flight : NULL;
}

/* a poll brings a packet of a NIC, this CPU's or another's; false: none does */
static bool from_poll(struct lw_event *ev, struct lw_ctx *x)
{
	struct lw_packet_in_hand *packet = &x->packet;

	packet->flight = x->holds & LW_HOLDS_STEERED ? &x->steered :
						       lw_poll_flight(ev);
	x->holds &= ~LW_HOLDS_STEERED;
	if (!packet->flight)
		return false;
	packet->origin = packet->flight->origin;
	return true;
}

/**
 * lw_packet() - a context has a packet in hand
 * @ev: where
 * @head: the packet's data
 * @tap: slot of the tap that it comes from, LW_NIC, or another negative
 * @now: when
 */
void lw_packet(struct lw_event *ev, const void *head, int tap, u64 now)
{
	struct lw_ctx *x = lw_ctx_get(ev);
	struct lw_packet_in_hand *packet = &x->packet;
	struct lw_task *s;

	x->holds |= LW_HOLDS_PACKET;
	x->found++;
	packet->head = head;
	packet->ns = now;
	packet->flight = NULL;
	packet->from = NULL;
	packet->candidate = NULL;

	if (tap >= 0 && ev->level == LW_LEVEL_TASK) {
		packet->origin = LATWATCH_ORIGIN_LOCAL;
		s = lw_task_self(ev) ?: lw_task_claim(ev, ev->task);
		if (s && lw_vm_join(ev, s, LW_TASK_BACKEND))
			from_guest(ev, s, packet);
	} else if (!from_poll(ev, x)) {
		/* a task that polls a NIC itself asks for no interrupt */
		packet->origin = tap == LW_NIC ? LATWATCH_ORIGIN_POLL :
						 LATWATCH_ORIGIN_LOCAL;
	}
}

/**
 * lw_stack() - the stack receives a packet
 * @ev: where
 * @head: the packet's data
 * @tap: slot of the tap that it comes from, LW_NIC, or another negative
 *
 * From here to the queue the packet is told by its data, not by its address:
 * a bridge that does not know the destination yet, or a packet socket, sends
 * clones on.
 */
void lw_stack(struct lw_event *ev, const void *head, int tap)
{
	u64 now = lw_clock_ns();

	lw_xdp_generic_end(ev);
	lw_packet(ev, head, tap, now);
	WRITE_ONCE(ev->cpu->last[LATWATCH_MARK_STACK], now);
}

/*
 * A VMM that was kicked sends by a socket: so does user-mode networking. A
 * backend that serves a tap brings its guest's packets by that.
 */
static struct lw_task *kicked_vmm(struct lw_event *ev)
{
	struct lw_task *s = ev->cpu->current_slot;

	if (ev->level != LW_LEVEL_TASK || !s || s->task != ev->task || !s->vm)
		return NULL;
	/* kicked when it was at work still: there was no switch */
	if (s->reads && READ_ONCE(s->wake.kind) == LW_WAKE_KICK)
		lw_wake_answer_awake(s, ev, NULL);
	if (!s->kicked)
		return NULL;
	return s->roles & LW_TASK_BACKEND && !s->reads ? NULL : s;
}

/**
 * lw_whose() - where does a packet come from that is queued or sent?
 * @ev: where
 * @head: its data
 * @origin: takes enum latwatch_origin
 * @from: takes the task that brought it from its guest, or NULL
 * @packet: takes the packet that this context has in the stack, if it is that, or NULL
 *
 * Return: the flight that it carries on, or NULL: it begins here.
 */
const struct lw_flight *lw_whose(struct lw_event *ev, const void *head, u8 *origin,
				 struct lw_task **from,
				 const struct lw_packet_in_hand **packet)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);

	if (x && x->packet.head == head) {
		*packet = &x->packet;
		*origin = x->packet.origin;
		*from = x->packet.from;
		return x->packet.flight;
	}
	*packet = NULL;
	*from = kicked_vmm(ev);
	*origin = *from ? LATWATCH_ORIGIN_VM : LATWATCH_ORIGIN_LOCAL;
	return *from ? &(*from)->kick : NULL;
}
