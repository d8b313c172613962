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

/* a kick is answered by a packet: what it took is known only now */
static void kick_served(struct lw_event *ev, struct lw_task *s)
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
	kick_served(ev, s);
	packet->from = s;
	packet->origin = LATWATCH_ORIGIN_VM;
	packet->flight = s->kicked ? &s->kick : NULL;
}

/**
 * lw_poll_flight() - the flight of the poll that runs in this context
 * @ev: where
 *
 * Return: the flight, or NULL if no poll runs there, or its begin was not seen.
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
 * @ev: where; its kin is that of what is made of the packet
 * @skb: the packet's address
 * @head: its data
 * @tap: slot of the tap that it comes from, LW_NIC, or another negative
 * @now: when
 */
void lw_packet(struct lw_event *ev, const void *skb, const void *head, int tap,
	       u64 now)
{
	struct lw_ctx *x = lw_ctx_get(ev);
	struct lw_packet_in_hand *packet = &x->packet;
	struct lw_task *s;

	x->holds |= LW_HOLDS_PACKET;
	x->found++;
	packet->head = head;
	packet->skb = skb;
	packet->ns = now;
	packet->flight = NULL;
	packet->from = NULL;
	packet->candidate = NULL;
	packet->kin = ev->kin;
	packet->source = lw_kin_source(ev->kin);
	packet->resumed = false;

	if (tap >= 0 && ev->level == LW_LEVEL_TASK) {
		packet->origin = LATWATCH_ORIGIN_LOCAL;
		s = lw_task_self(ev) ?: lw_taker_new(ev);
		if (s && lw_serves(ev, s)) {
			from_guest(ev, s, packet);
			return;
		}
		packet->flight = lw_through(ev);
		if (unlikely(packet->flight)) {
			/* a VPN's: what it was in the stack before is not this */
			packet->origin = LATWATCH_ORIGIN_PROCESS;
			packet->ns = 0;
		}
	} else if (!from_poll(ev, x)) {
		/* a task that polls a NIC itself asks for no interrupt */
		packet->origin = tap == LW_NIC ? LATWATCH_ORIGIN_POLL :
						 LATWATCH_ORIGIN_LOCAL;
	}
}

/**
 * lw_stack() - the stack receives a packet for the first time
 * @ev: where; as for lw_packet()
 * @skb: the packet's address
 * @head: its data
 * @tap: slot of the tap that it comes from, LW_NIC, or another negative
 *
 * From here to the queue the packet is told by its data, by its address, or by its
 * kin: a bridge that does not know the destination yet, or a packet socket, sends
 * clones on; who writes into it may have to move it; and what is cut or put together
 * has neither. See in_hand().
 */
void lw_stack(struct lw_event *ev, const void *skb, const void *head, int tap)
{
	u64 now = lw_clock_ns();

	lw_xdp_generic_end(ev);
	lw_packet(ev, skb, head, tap, now);
	WRITE_ONCE(ev->cpu->last[LATWATCH_MARK_STACK], now);
}

/**
 * lw_unparked() - a packet that was parked is seen again
 * @ev: where
 * @f: its flight; the longest wait is told
 * @p: its slot
 *
 * What this host sends begins where it was parked.
 */
void lw_unparked(struct lw_event *ev, struct lw_flight *f, const struct lw_skb *p)
{
	u64 now = lw_clock_ns();

	if (!lw_flight_has(f, LATWATCH_MARK_STACK))
		lw_flight_set(f, LATWATCH_MARK_STACK, p->parked_ns, p->parked_cpu);
	if (lw_flight_has(f, LATWATCH_MARK_PARK) &&
	    f->ns[LATWATCH_MARK_UNPARK] - f->ns[LATWATCH_MARK_PARK] >=
		    now - p->parked_ns)
		return;
	lw_flight_set(f, LATWATCH_MARK_PARK, p->parked_ns, p->parked_cpu);
	lw_flight_set(f, LATWATCH_MARK_UNPARK, now, ev->cpu->id);
}

/* a packet that was parked is in this context's hand */
static void unpark(struct lw_event *ev, const void *skb, const void *head, int slot)
{
	const struct lw_skb *p = lw_skb(slot);
	struct lw_ctx *x = lw_ctx_get(ev);
	struct lw_packet_in_hand *packet = &x->packet;
	unsigned int account = lw_skb_account(p);

	lw_xdp_generic_end(ev);
	x->holds |= LW_HOLDS_PACKET;
	x->steered = p->flight;
	lw_unparked(ev, &x->steered, p);
	packet->head = head;
	packet->skb = skb;
	packet->flight = &x->steered;
	packet->ns = x->steered.ns[LATWATCH_MARK_STACK];
	packet->from = NULL;
	packet->vm = account == LW_HOST ? 0 : lw_vm_tag(&lw_vms[account - 1]);
	packet->candidate = NULL;
	packet->kin = ev->kin;
	packet->source = p->source;
	packet->origin = p->flight.origin;
	packet->resumed = p->resumed;
}

/**
 * lw_stack_again() - the stack receives a packet that it may have had before
 * @ev: where; as for lw_packet(); its source is the device that received it last, or 0
 * @skb: the packet's address
 * @head: its data
 * @tap: slot of the tap that it comes from, LW_NIC, or another negative
 *
 * By way of a bridge that has an address, a veth pair, a tunnel, a shaper. It is
 * what it was.
 */
void lw_stack_again(struct lw_event *ev, const void *skb, const void *head, int tap)
{
	int slot = lw_skb_take_from(skb, LW_PARKED);
	struct lw_ctx *x;

	if (slot >= 0) {
		unpark(ev, skb, head, slot);
		lw_table_free(&lw_skb_table, slot);
		return;
	}
	x = lw_ctx_with(ev, LW_HOLDS_PACKET);
	if (x && (x->packet.head == head || x->packet.skb == skb)) {
		lw_xdp_generic_end(ev);
		x->packet.head = head;
		x->packet.skb = skb;
		x->packet.kin = ev->kin;
		return;
	}
	lw_stack(ev, skb, head, tap);
	x = lw_ctx_get(ev);
	/* what a backend brings is its guest's, whoever had it before */
	x->packet.resumed = ev->source && !x->packet.from;
}

/**
 * lw_stack_clone() - the stack receives a packet that may be a clone of one it had
 * @ev: where; as for lw_stack_again()
 * @skb: the packet's address
 * @head: its data, which is the other one's, too
 * @tap: slot of the tap that it comes from, LW_NIC, or another negative
 */
void lw_stack_clone(struct lw_event *ev, const void *skb, const void *head, int tap)
{
	int slot = lw_skb_take_from(head, LW_CLONED);

	if (slot < 0) {
		lw_stack_again(ev, skb, head, tap);
		return;
	}
	unpark(ev, skb, head, slot);
	/* there may be more */
	lw_table_publish(&lw_skb_table, slot, head);
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

/* a packet has other data: is it the one in hand all the same, or made of that? */
static bool is_kin(const struct lw_packet_in_hand *packet, const void *skb, u32 kin)
{
	return packet->skb == skb || packet->kin == kin ||
	       (packet->kin & LW_KIN_TAGGED && !((packet->kin ^ kin) & LW_KIN_ARP));
}

/**
 * lw_whose_else() - lw_whose(), of a packet whose data is not in this context's hand
 * @ev: where; its kin is the packet's
 * @skb: its address
 * @parked: its slot, if it was parked, or NULL
 * @other: takes what is known of it
 *
 * Return: the packet in hand, if it is that or made of it, or @other.
 */
const struct lw_packet_in_hand *lw_whose_else(struct lw_event *ev, const void *skb,
					      const struct lw_skb *parked,
					      struct lw_packet_in_hand *other)
{
	const struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);

	if (x && ev->kin && is_kin(&x->packet, skb, ev->kin) &&
	    !(parked && parked->kin == ev->kin && x->packet.skb != skb))
		return &x->packet;
	other->ns = 0;
	other->flight = NULL;
	other->from = NULL;
	other->vm = 0;
	other->source = 0;
	other->resumed = false;
	if (parked) {
		unsigned int account = lw_skb_account(parked);

		if (parked->flight.marks)
			other->flight = &parked->flight;
		if (account != LW_HOST)
			other->vm = lw_vm_tag(&lw_vms[account - 1]);
		other->source = parked->source;
		other->origin = parked->flight.origin;
		other->resumed = parked->resumed;
		return other;
	}
	other->origin = LATWATCH_ORIGIN_LOCAL;
	if (ev->kin) {
		other->resumed = true;
		return other;
	}
	other->from = kicked_vmm(ev);
	if (other->from) {
		other->origin = LATWATCH_ORIGIN_VM;
		other->flight = &other->from->kick;
	}
	return other;
}

static void park(struct lw_event *ev, struct lw_skb *p,
		 const struct lw_packet_in_hand *packet, int tap)
{
	lw_skb_set_aside(p, tap);
	p->resumed = packet->resumed;
	p->source = packet->source;
	p->kin = ev->kin;
	p->txq = ev->txq;
	if (packet->origin == LATWATCH_ORIGIN_VM)
		WRITE_ONCE(p->account, lw_packet_account(packet));
	lw_packet_flight(ev, &p->flight, packet);
	if (!p->parked_ns) {
		p->parked_ns = lw_clock_ns();
		p->parked_cpu = ev->cpu->id;
	}
}

/**
 * lw_park() - a virtual device gets a packet
 * @ev: where; its kin and txq are the packet's
 * @skb: the packet's address
 * @head: its data
 *
 * It may send it on at once, or give it to the stack later, in another context, or on
 * another CPU: whoever has it next finds it in the table.
 */
void lw_park(struct lw_event *ev, const void *skb, const void *head)
{
	const struct lw_packet_in_hand *packet;
	int slot = lw_skb_open(ev, skb);
	struct lw_packet_in_hand other;
	struct lw_skb *p;
	bool parked;

	if (slot < 0) {
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_PARK_FULL, 1);
		return;
	}
	p = lw_skb(slot);
	parked = p->tap == LW_PARKED;
	packet = lw_whose(ev, skb, head, parked ? p : NULL, &other);
	/* from one virtual device to the next it has been parked all the time */
	if (!parked || packet != &other)
		p->parked_ns = 0;
	park(ev, p, packet, LW_PARKED);
	lw_table_publish(&lw_skb_table, slot, skb);
}

/*
 * Data of which clones are on their way is in the table until as many others are as
 * this has places: nothing says which clone is the last.
 */
#define CLONED	64
static const void *cloned[CLONED];
static atomic_t nr_cloned;

static void forget_cloned(const void *head, u16 place)
{
	int slot = head ? lw_skb_take_from(head, LW_CLONED) : -1;

	if (slot < 0)
		return;
	/* the same data again has a place of its own */
	if (lw_skb(slot)->segments == place)
		lw_table_free(&lw_skb_table, slot);
	else
		lw_table_publish(&lw_skb_table, slot, head);
}

/**
 * lw_clone() - a device gives clones of the packet in hand to a kernel thread
 * @ev: where; its kin is that of the packet when a clone is received
 * @head: its data
 *
 * A macvlan does that with broadcasts, for each of the devices on top of it.
 */
void lw_clone(struct lw_event *ev, const void *head)
{
	struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);
	u16 place = atomic_inc_return(&nr_cloned) % CLONED;
	int slot;

	if (!x)
		return;
	forget_cloned(xchg(&cloned[place], head), place);
	slot = lw_skb_open(ev, head);
	if (slot < 0) {
		lw_count(ev->cpu->id, LW_HOST, LW_NOTE_PARK_FULL, 1);
		return;
	}
	lw_skb(slot)->parked_ns = 0;
	park(ev, lw_skb(slot), &x->packet, LW_CLONED);
	lw_skb(slot)->segments = place;
	lw_table_publish(&lw_skb_table, slot, head);
}

/**
 * lw_packet_flight() - a packet that is queued or sent takes its flight along
 * @ev: where
 * @f: takes it
 * @packet: what lw_whose() returned
 */
void lw_packet_flight(struct lw_event *ev, struct lw_flight *f,
		      const struct lw_packet_in_hand *packet)
{
	const struct lw_flight *before = packet->flight;

	if (!before)
		lw_flight_open(f, packet->origin);
	else if (likely(before != f))
		lw_flight_copy(f, before);
	f->origin = packet->origin;
	if (likely(packet->ns)) {
		if (likely(!lw_flight_has(f, LATWATCH_MARK_STACK)))
			lw_flight_set(f, LATWATCH_MARK_STACK, packet->ns,
				      ev->cpu->id);
	} else if (packet->from) {
		/* of one that a VMM's socket sends, it is its queue */
		kick_served(ev, packet->from);
		lw_mark(ev, f, LATWATCH_MARK_STACK, lw_clock_ns());
	}
}

/**
 * lw_park_segment() - a virtual device gets a packet that may be cut from another
 * @ev: where; its kin and txq are the packet's
 * @skb: the packet's address
 */
void lw_park_segment(struct lw_event *ev, const void *skb)
{
	int slot;

	if (lw_table_find(&lw_skb_table, skb) >= 0) {
		lw_skb_cut_end(ev, ev->txq);
		return;
	}
	slot = lw_skb_segment(ev, skb, LW_PARKED);
	if (slot >= 0)
		lw_table_publish(&lw_skb_table, slot, skb);
}
