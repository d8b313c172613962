// SPDX-License-Identifier: GPL-2.0
/*
 * The table of packets on their way: opens, finds and closes their slots, and
 * counts what is opened and what has no slot. See engine/skb.h.
 */
#include "engine/skb.h"
#include "books/books.h"

struct lw_table lw_skb_table;

const struct lw_skb_lines lw_skb_lines[] = {
	[LATWATCH_PATH_RX] = {
		LW_ELSEWHERE_CONSUMED, LW_LOST_SKB_FULL, LW_LOST_SKB_REUSED,
		LW_LOST_SKB_RACE, LW_LOST_CONTEXT, LW_LOST_RESUMED,
		LW_OPENED_SEGMENT,
	},
	[LATWATCH_PATH_TX] = {
		LW_TX_ELSEWHERE, LW_TX_LOST_FULL, LW_TX_LOST_REUSED,
		LW_TX_LOST_RACE, 0 /* a backend's are known */, 0 /* likewise */,
		LW_TX_OPENED_SEGMENT, LW_TX_SENT, LW_TX_NOTE_COMPLETED,
	},
	[LATWATCH_PATH_LOCAL] = {
		LW_LOCAL_ELSEWHERE, LW_LOCAL_LOST_FULL, LW_LOCAL_LOST_REUSED,
		LW_LOCAL_LOST_RACE, LW_LOCAL_LOST_CONTEXT, LW_LOCAL_LOST_RESUMED,
		LW_LOCAL_OPENED_SEGMENT, LW_LOCAL_SENT, LW_LOCAL_NOTE_COMPLETED,
	},
};

/**
 * lw_skb_count_opened() - count that a packet's flight is opened
 * @ev: where
 * @p: the packet, with its path and account, and whether it is resumed
 * @origin: enum latwatch_origin
 * @segments: as for lw_queue()
 */
void lw_skb_count_opened(struct lw_event *ev, const struct lw_skb *p, u8 origin,
			 unsigned int segments)
{
	static const u8 opened[] = {
		[LATWATCH_ORIGIN_LOCAL] = LW_OPENED_LOCAL,
		[LATWATCH_ORIGIN_POLL]	= LW_OPENED_POLL,
		[LATWATCH_ORIGIN_IRQ]	= LW_OPENED_IRQ,
		[LATWATCH_ORIGIN_VM]	= LW_OPENED_VM,
		[LATWATCH_ORIGIN_TIMER]	= LW_OPENED_TIMER,
		[LATWATCH_ORIGIN_AFTER_IRQ]   = LW_OPENED_AFTER_IRQ,
		[LATWATCH_ORIGIN_AFTER_EMPTY] = LW_OPENED_AFTER_EMPTY,
		[LATWATCH_ORIGIN_AFTER_TURN]  = LW_OPENED_AFTER_TURN,
		[LATWATCH_ORIGIN_PROCESS]     = LW_OPENED_PROCESS,
	};
	bool nic = lw_origin_is_nics(origin);
	unsigned int cpu = ev->cpu->id;

	if (unlikely(p->resumed)) {
		lw_count(cpu, LW_HOST, p->path == LATWATCH_PATH_RX ?
			 LW_OPENED_RESUMED : LW_LOCAL_OPENED_RESUMED, 1);
		return;
	}
	switch (p->path) {
	case LATWATCH_PATH_RX:
		/* what GRO made one of was several on the wire */
		if (!nic)
			segments = 1;
		lw_count(cpu, LW_HOST, opened[origin], segments);
		if (segments > 1)
			lw_count(cpu, LW_HOST, LW_MERGED_GRO, segments - 1);
		break;
	case LATWATCH_PATH_TX:
		lw_count(cpu, lw_skb_account(p), LW_TX_OPENED, 1);
		break;
	default:
		lw_count(cpu, lw_skb_account(p),
			 nic ? LW_LOCAL_FORWARDED : LW_LOCAL_OPENED, 1);
	}
}

#define NO_ROOM		-1
#define IN_USE		-2

/**
 * lw_skb_open() - begin to keep a packet's flight
 * @ev: where
 * @skb: its address
 *
 * Return: a busy slot, NO_ROOM, or IN_USE by another CPU. If the packet was parked,
 * the slot's @tap says so still.
 */
int lw_skb_open(struct lw_event *ev, const void *skb)
{
	int slot = lw_table_find(&lw_skb_table, skb);
	struct lw_skb *p;

	if (likely(slot < 0)) {
		slot = lw_table_claim(&lw_skb_table, skb);
		if (slot < 0)
			return NO_ROOM;
		lw_skb(slot)->dev = NULL;
		lw_skb(slot)->tap = LW_NIC;
		return slot;
	}
	/* an address comes again: the packet that was there is freed */
	if (!lw_table_take(&lw_skb_table, slot, skb))
		return IN_USE;
	p = lw_skb(slot);
	if (!p->sent && !p->candidate)
		lw_count(ev->cpu->id, lw_skb_account(p),
			 lw_skb_lines[p->path].reused, 1);
	p->dev = NULL;
	return slot;
}

/**
 * lw_skb_count_no_slot() - a packet that was opened has no slot: count why
 * @ev: where
 * @p: the packet, with its path and account
 * @why: what lw_skb_open() returned
 */
void lw_skb_count_no_slot(struct lw_event *ev, const struct lw_skb *p, int why)
{
	lw_count(ev->cpu->id, lw_skb_account(p), why == NO_ROOM ?
		 lw_skb_lines[p->path].full : lw_skb_lines[p->path].race, 1);
}

/**
 * lw_skb_take() - take a packet out of the table's sight
 * @skb: its address
 *
 * Return: its slot, which is busy, or -1.
 */
int lw_skb_take(const void *skb)
{
	int slot = lw_table_find(&lw_skb_table, skb);

	if (likely(slot < 0))
		return -1;
	/* else another CPU has it in hand, and closes its flight */
	return lw_table_take(&lw_skb_table, slot, skb) ? slot : -1;
}

/**
 * lw_skb_take_from() - the same, if it goes to @tap
 * @skb: its address
 * @tap: as of struct lw_skb
 *
 * Return: its slot, which is busy, or -1.
 */
int lw_skb_take_from(const void *skb, int tap)
{
	int slot = lw_table_find(&lw_skb_table, skb);

	return slot >= 0 && lw_skb(slot)->tap == tap &&
	       lw_table_take(&lw_skb_table, slot, skb) ? slot : -1;
}

/* what a packet and its segments have in common */
static void hand_down(struct lw_skb *to, const struct lw_skb *from)
{
	lw_flight_copy(&to->flight, &from->flight);
	to->tap = from->tap;
	to->candidate = false;
	to->resumed = from->resumed;
	to->segments = 1;
	to->source = from->source;
	to->kin = from->kin;
	to->parked_cpu = from->parked_cpu;
	to->parked_ns = from->parked_ns;
	WRITE_ONCE(to->account, lw_skb_account(from));
	WRITE_ONCE(to->path, from->path);
}

/**
 * lw_skb_cut() - a packet that waits in a queue is freed: it was cut into segments
 * @ev: where
 * @p: its slot, busy, to be freed
 *
 * The queue keeps its flight, and its place in the balance, until the first segment is
 * sent. What the driver has no room for goes back into the queue, and comes before
 * anything else.
 *
 * Return: false if there is no room for that.
 */
bool lw_skb_cut(struct lw_event *ev, struct lw_skb *p)
{
	int slot = lw_skb_open(ev, p->txq);
	struct lw_skb *whole;

	if (slot < 0)
		return false;
	whole = lw_skb(slot);
	hand_down(whole, p);
	WRITE_ONCE(whole->sent, p->sent);
	lw_table_publish(&lw_skb_table, slot, p->txq);
	return true;
}

/**
 * lw_skb_cut_end() - a queue has nothing of a packet that was cut any more
 * @ev: where
 * @txq: the queue
 */
void lw_skb_cut_end(struct lw_event *ev, const void *txq)
{
	int slot = txq ? lw_skb_take(txq) : -1;
	struct lw_skb *whole;

	if (slot < 0)
		return;
	whole = lw_skb(slot);
	if (!whole->sent)
		lw_count(ev->cpu->id, lw_skb_account(whole),
			 lw_skb_lines[whole->path].elsewhere, 1);
	lw_table_free(&lw_skb_table, slot);
}

/**
 * lw_skb_segment() - a device gets a packet that was not queued: is it a segment?
 * @ev: where; its kin and txq are the packet's
 * @skb: its address
 * @tap: the tap's slot, or LW_NIC or LW_PARKED
 *
 * Return: its slot, which is busy and opened, or -1.
 */
int lw_skb_segment(struct lw_event *ev, const void *skb, int tap)
{
	int from = ev->txq ? lw_skb_take(ev->txq) : -1, slot = -1;
	struct lw_skb *whole, *p;

	if (likely(from < 0))
		return -1;
	whole = lw_skb(from);
	if (whole->tap == tap && whole->kin == ev->kin)
		slot = lw_skb_open(ev, skb);
	if (slot >= 0) {
		p = lw_skb(slot);
		hand_down(p, whole);
		p->txq = NULL;
		/* the first takes the place of the packet that it was cut from */
		if (whole->sent && tap != LW_PARKED)
			lw_count(ev->cpu->id, lw_skb_account(p),
				 lw_skb_lines[p->path].segment, 1);
		WRITE_ONCE(whole->sent, true);
		WRITE_ONCE(p->sent, tap == LW_PARKED);
	}
	lw_table_publish(&lw_skb_table, from, ev->txq);
	return slot < 0 ? -1 : slot;
}

/**
 * lw_skb_in_flight() - count packets that are on their way
 * @path: on which path
 * @account: whose; LW_HOST: anybody's
 *
 * Return: packets. Exact when nothing moves.
 */
u64 lw_skb_in_flight(u8 path, unsigned int account)
{
	unsigned int i;
	u64 n = 0;

	for (i = 0; i < lw_table_slots(&lw_skb_table); i++) {
		const struct lw_skb *p = lw_skb(i);

		n += READ_ONCE(*lw_table_key(&lw_skb_table, i)) &&
		     READ_ONCE(p->path) == path && !READ_ONCE(p->sent) &&
		     (account == LW_HOST || lw_skb_account(p) == account);
	}
	return n;
}

/**
 * lw_skb_disown() - make packets of a VM that is gone the host's
 * @account: the VM's
 *
 * What it sent may still be in a queue, or with a driver, when another VM gets
 * its account. The sum over all accounts stays balanced.
 *
 * Context: process; no probe sends for the VM any more, but others may fill
 * slots for other VMs meanwhile.
 */
void lw_skb_disown(unsigned int account)
{
	unsigned int i;

	for (i = 0; i < lw_table_slots(&lw_skb_table); i++)
		cmpxchg(&lw_skb(i)->account, account, LW_HOST);
}
