/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The packets that are on their way into a tap or wait in its ring.
 *
 * Only those: what the host keeps for itself never enters the table, and
 * costs one look-up when it is freed.
 */
#ifndef LW_SKB_H
#define LW_SKB_H

#include <linux/types.h>

#include "at.h"
#include "table.h"

/**
 * struct lw_skb - a packet's flight, owned by whoever made its key busy
 * @flight: its flight
 * @tap: slot of the tap that it goes to
 */
struct lw_skb {
	struct lw_flight flight;
	int tap;
};

extern struct lw_table lw_skb_table;

static inline struct lw_skb *lw_skb(int slot)
{
	return (struct lw_skb *)lw_skb_table.entries + slot;
}

#endif
