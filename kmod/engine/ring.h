/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of a NIC's receive ring that is polled without an interrupt of its
 * own: since when its packets may wait there.
 *
 * Takes the polls of its NAPI; gives a bound: the latest moment of which it is known
 * that what the next poll finds had not arrived. path/bound.c keeps one for each NAPI
 * that goes on polling on a CPU, or has armed its timer there, and one for each NAPI
 * thread.
 */
#ifndef LW_RING_H
#define LW_RING_H

#include <linux/limits.h>
#include <linux/types.h>

/* checkpoints of a turn of the ring */
#define LW_RING_TURNS	4
/* NAPIs of a CPU that are told apart while they go on, or wait for their timer */
#define LW_RINGS	8
/* slots of a ring whose driver does not tell */
#define LW_RING_SLOTS	16384

/* in place of an interrupt's number */
#define LW_NO_IRQ	U32_MAX

/* it is polled again, without being asked */
#define LW_RING_GOES_ON	BIT(0)
/* its timer is armed, which asks for the next poll */
#define LW_RING_ARMED	BIT(1)
/* GRO has packets of the polls before */
#define LW_RING_HELD	BIT(2)

/**
 * struct lw_ring - a ring, and what is known of it
 * @napi: whose it is, NULL: free
 * @known_ns: what is found next had not arrived then; read by who wakes its thread
 * @origin: how that is known: enum latwatch_origin
 * @state: LW_RING_*
 * @irq: the interrupt that @known_ns is the time of, or LW_NO_IRQ
 * @size: packets that a turn of the ring takes at least
 * @found: packets since it goes on
 * @since_ns: NAPIs that were scheduled on this CPU before have been polled when this one
 *            is polled next
 * @expires_ns: when its timer asks for a poll
 * @first: the oldest checkpoint
 * @turns: how many checkpoints there are
 * @turn: of each, when a poll began, and @found then
 */
struct lw_ring {
	const void *napi;
	u64 known_ns;
	u8 origin;
	u8 state;
	u8 first;
	u8 turns;
	u32 irq;
	u32 size;
	u32 found;
	u64 since_ns;
	u64 expires_ns;
	struct {
		u64 ns;
		u32 found;
	} turn[LW_RING_TURNS];
};

void lw_ring_go_on(struct lw_ring *r, u64 known_ns, u8 origin, u32 irq, u32 size);
void lw_ring_found(struct lw_ring *r, u64 begin_ns, u32 found, u64 until_ns);

#endif
