// SPDX-License-Identifier: GPL-2.0
/*
 * The way of what XDP redirects: takes the flight of the poll that it happens
 * in, gives it to the backend or the reader. See xdp.h.
 */
#include "compat/user_worker.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/vm.h"
#include "path/path.h"
#include "path/xdp.h"

const char lw_xdp_frames;

/* what this context has redirected; nothing, if that was another's */
static struct lw_xdp_in_hand *redirects(struct lw_event *ev)
{
	struct lw_ctx *x = lw_ctx_get(ev);

	if (!(x->holds & LW_HOLDS_XDP))
		x->xdp = (struct lw_xdp_in_hand){ };
	x->holds |= LW_HOLDS_XDP;
	return &x->xdp;
}

/**
 * lw_xdp_enqueue() - a frame is redirected to a tap
 * @ev: where; its dev is the tap
 * @frame: its address
 * @tap: the tap's slot
 * @from: slot of the tap that it comes from, LW_NIC, or another negative
 *
 * It is handed to the tap with others, when sixteen are gathered or the poll
 * is at its end. No event comes before that: the time until then is part of
 * the tap's.
 */
void lw_xdp_enqueue(struct lw_event *ev, const void *frame, int tap, int from)
{
	struct lw_xdp_in_hand *x = redirects(ev);
	u64 now = lw_clock_ns();
	struct lw_skb *p;
	int slot;

	lw_xdp_generic_end(ev);
	ev->kin = 0;
	lw_packet(ev, frame, frame, from, now);
	slot = lw_skb_begin(ev, frame, frame, tap, 1);
	lw_ctx_drop(ev, LW_HOLDS_PACKET);
	x->taps++;
	x->frame = slot < 0 ? NULL : frame;
	if (slot < 0)
		return;
	p = lw_skb(slot);
	p->dev = ev->dev;
	/* it does not pass the stack */
	p->flight.marks &= ~BIT(LATWATCH_MARK_STACK);
	lw_mark(ev, &p->flight, LATWATCH_MARK_TAP, now);
	lw_table_publish(&lw_skb_table, slot, frame);
}

/* as lw_skb_take(); an skb that was freed unseen may have been there before */
static int take_frame(const void *frame)
{
	int slot = lw_skb_take(frame);

	if (likely(slot < 0) || lw_skb(slot)->dev)
		return slot;
	lw_table_publish(&lw_skb_table, slot, frame);
	return -1;
}

static void drop(struct lw_event *ev, const void *frame, enum lw_ledger line)
{
	int slot = take_frame(frame);

	if (likely(slot < 0))
		return;
	lw_count(ev->cpu->id, lw_tap_account(lw_skb(slot)->tap), line, 1);
	lw_table_free(&lw_skb_table, slot);
}

/**
 * lw_xdp_redirected() - a redirect succeeded
 * @ev: where
 * @target: where to
 */
void lw_xdp_redirected(struct lw_event *ev, enum lw_xdp_target target)
{
	struct lw_xdp_in_hand *x = redirects(ev);
	unsigned int cpu = ev->cpu->id;

	lw_xdp_generic_end(ev);
	x->frame = NULL;
	if (target == LW_XDP_COPIES)
		lw_count(cpu, LW_HOST, LW_NOTE_XDP_COPIES, 1);
	if (target != LW_XDP_SOCKET)
		return;
	lw_count(cpu, LW_HOST, LW_READER_NOTE_XDP, 1);
	lw_given(ev);
	if (x->generic) {
		x->generic = false;
		return;
	}
	x->sockets = true;
	/* whatever the stack had before, it is done with */
	lw_ctx_drop(ev, LW_HOLDS_PACKET);
}

/**
 * lw_xdp_refused() - a redirect failed, and the packet will be freed
 * @ev: where
 * @target: where to
 */
void lw_xdp_refused(struct lw_event *ev, enum lw_xdp_target target)
{
	struct lw_xdp_in_hand *x = redirects(ev);

	if (x->frame) {
		drop(ev, x->frame, LW_DROPPED_XDP_REDIRECT);
		x->frame = NULL;
		x->taps--;
	}
	if (target == LW_XDP_SOCKET)
		lw_count(ev->cpu->id, LW_HOST, LW_READER_NOTE_XDP_REFUSED, 1);
	x->generic = false;
}

/**
 * lw_xdp_xmit() - a tap got the frames that were gathered for it
 * @ev: where
 * @sent: how many are in its ring, or were taken out of it already
 * @drops: how many it had no room for
 */
void lw_xdp_xmit(struct lw_event *ev, unsigned int sent, unsigned int drops)
{
	struct lw_xdp_in_hand *x = redirects(ev);

	lw_count(ev->cpu->id, LW_HOST, LW_NOTE_XDP_SENT, sent);
	x->taps -= min(x->taps, sent + drops);
}

/*
 * Is what current gives back a frame that it has taken? A ring is emptied, too,
 * when it is closed, by whoever does that: by then the tap may be gone, and
 * mostly he is nobody who was ever woken by one. A vhost worker, a kernel's
 * thread in a VMM's address space, closes nothing: it needs no such evidence,
 * which there is none of while it is busy.
 */
static bool has_taken(struct lw_event *ev, const struct lw_skb *p)
{
	struct lw_task *s;

	if (ev->level != LW_LEVEL_TASK ||
	    READ_ONCE(*lw_table_key(&lw_tap_table, p->tap)) !=
		    (unsigned long)p->dev)
		return false;
	if (lw_is_worker(ev->task) && ev->task->mm)
		return true;
	s = lw_task_self(ev);
	return s && (s->roles & LW_TASK_BACKEND || s->tapped ||
		     ((READ_ONCE(s->wake.word) & LW_WAKE_STATE) ==
			      LW_WAKE_AWAKE &&
		      READ_ONCE(s->wake.kind) == LW_WAKE_BACKEND));
}

/**
 * lw_xdp_returned() - a frame has served its purpose
 * @ev: where
 * @frame: its address
 */
void lw_xdp_returned(struct lw_event *ev, const void *frame)
{
	int slot = take_frame(frame);
	struct lw_skb *p;

	if (likely(slot < 0))
		return;
	p = lw_skb(slot);
	if (has_taken(ev, p))
		lw_take(ev, LW_XDP_FRAMES, p, lw_clock_ns());
	else
		lw_count(ev->cpu->id, LW_HOST, LW_LOST_XDP_PURGED, 1);
	lw_table_free(&lw_skb_table, slot);
}

/**
 * lw_xdp_dropped() - a frame is given back within a poll
 * @ev: where
 * @frame: its address
 *
 * The tap had no room, or a program of the map's own wanted it so.
 */
void lw_xdp_dropped(struct lw_event *ev, const void *frame)
{
	drop(ev, frame, LW_DROPPED_XDP_XMIT);
}

/**
 * lw_xdp_generic_tx() - generic XDP hands a packet to a tap
 * @ev: where
 * @skb: its address
 * @head: its data
 * @tap: the tap's slot
 * @segments: as for lw_queue()
 */
void lw_xdp_generic_tx(struct lw_event *ev, const void *skb, const void *head,
		       int tap, unsigned int segments)
{
	struct lw_ctx *x = lw_ctx_with(ev, LW_HOLDS_PACKET);
	bool polled = x && x->packet.flight &&
		      x->packet.origin != LATWATCH_ORIGIN_VM;

	/*
	 * It is what the stack received last, under another address maybe: a
	 * program is given a copy where it needs to write.
	 */
	if (polled)
		x->packet.head = head;
	ev->kin = x ? x->packet.kin : 0;
	ev->txq = NULL;
	lw_xmit_begin(ev, skb, head, tap, segments);
	/* but for a poll too much may be woken until the next event */
	if (!polled)
		lw_xdp_generic_end(ev);
}

/**
 * lw_xdp_generic_socket() - generic XDP gives a packet to an AF_XDP socket
 * @ev: where
 */
void lw_xdp_generic_socket(struct lw_event *ev)
{
	redirects(ev)->generic = true;
}

/**
 * lw_xdp_wakes() - whom does a poll wake, or a backend?
 * @ev: where; that runs
 * @s: the task that is woken, or NULL if it is not followed
 *
 * A tap's backend comes before the owner of a socket, in the order that the
 * kernel tells them in. What the program let pass is in the stack in the same
 * poll: whom that wakes has a packet there.
 *
 * Return: what the task is, by what was redirected.
 */
enum lw_xdp_woken lw_xdp_wakes(struct lw_event *ev, const struct lw_task *s)
{
	const struct lw_ctx *ctx = lw_ctx_with(ev, LW_HOLDS_XDP);
	const struct lw_xdp_in_hand *x;
	bool stack;

	if (likely(!ctx))
		return LW_XDP_NOBODY;
	x = &ctx->xdp;
	stack = ctx->holds & LW_HOLDS_PACKET;
	if (x->generic)
		return LW_XDP_READER;
	if (x->taps && (!stack || (s && s->roles & LW_TASK_BACKEND)))
		return LW_XDP_BACKEND;
	return x->sockets && !x->taps && !stack ? LW_XDP_READER : LW_XDP_NOBODY;
}

/*
 * The owner of an AF_XDP socket runs, woken by it. What it reads then, it reads
 * unseen: its way ends here.
 */
void lw_xdp_reader_run(struct lw_task *s, struct lw_event *ev,
		       const struct lw_wake *w, u64 now)
{
	struct lw_flight *f = &s->flight;

	lw_reader_run(s, ev, w, now);
	s->fresh = false;
	if (!lw_flight_has(f, LATWATCH_MARK_STACK))
		lw_record(ev, LW_HOST, LATWATCH_STAGE_READER_XDP, f,
			  LATWATCH_MARK_SOFTIRQ, LATWATCH_MARK_READER_WAKE);
	lw_record_reader(ev, f, LATWATCH_STAGE_READER_END_TO_END_XDP,
			 LATWATCH_MARK_READER_RUN);
}

/**
 * lw_xdp_poll_end() - a poll is over, and all that it redirected is handed on
 * @ev: where
 */
void lw_xdp_poll_end(struct lw_event *ev)
{
	lw_ctx_drop(ev, LW_HOLDS_XMIT | LW_HOLDS_XDP);
}
