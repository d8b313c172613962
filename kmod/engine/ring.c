// SPDX-License-Identifier: GPL-2.0
/* The turns of a NIC's receive ring. See ring.h. */
#include <linux/bits.h>
#include <linux/compiler.h>
#include <uapi/linux/latwatch.h>

#include "engine/ring.h"

/**
 * lw_ring_go_on() - a ring's poll goes on without being asked, for the first time
 * @r: the ring
 * @known_ns: nothing that its polls find from now on had arrived then
 * @origin: how that is known
 * @irq: whose time it is, or LW_NO_IRQ
 * @size: packets that a turn takes at least
 */
void lw_ring_go_on(struct lw_ring *r, u64 known_ns, u8 origin, u32 irq, u32 size)
{
	WRITE_ONCE(r->known_ns, known_ns);
	r->origin = origin;
	r->state = LW_RING_GOES_ON;
	r->irq = irq;
	r->size = size;
	r->found = 0;
	r->first = 0;
	r->turns = 0;
}

/**
 * lw_ring_found() - a poll of a ring that goes on is over
 * @r: the ring
 * @begin_ns: when the poll began
 * @found: packets that it found, or less
 * @until_ns: a bound may not be later
 *
 * A slot gets its next packet when the one before was taken out of it. So what is found
 * next came after the begin of the poll that took the packet a turn before: there is a
 * checkpoint every quarter of a turn, and the newest counts that is a turn old.
 */
void lw_ring_found(struct lw_ring *r, u64 begin_ns, u32 found, u64 until_ns)
{
	unsigned int last = (r->first + r->turns - 1) % LW_RING_TURNS;

	if (!r->turns || (r->turns < LW_RING_TURNS &&
			  r->found - r->turn[last].found >= r->size / LW_RING_TURNS)) {
		last = (r->first + r->turns++) % LW_RING_TURNS;
		r->turn[last].ns = begin_ns;
		r->turn[last].found = r->found;
	}
	r->found += found;
	while (r->turns && r->found - r->turn[r->first].found >= r->size &&
	       r->turn[r->first].ns <= until_ns) {
		if (r->turn[r->first].ns > r->known_ns) {
			WRITE_ONCE(r->known_ns, r->turn[r->first].ns);
			r->origin = LATWATCH_ORIGIN_AFTER_TURN;
			r->irq = LW_NO_IRQ;
		}
		r->first = (r->first + 1) % LW_RING_TURNS;
		r->turns--;
	}
}
