/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The devices that receive packets, and how many slots their rings have.
 *
 * A netdevice notifier asks the driver when a device comes up (nic.c); probes look it
 * up. It is the most that ethtool could set, as that changes without a notice.
 */
#ifndef LW_NIC_RINGS_H
#define LW_NIC_RINGS_H

#include <linux/types.h>

#include "engine/ring.h"
#include "engine/table.h"

/* devices whose rings are known; those of the others count as large */
#define LW_NICS		256

extern struct lw_table lw_nic_table;

int lw_nic_init(void);
void lw_nic_exit(void);

/* slots of a receive ring of a device, or more */
static inline u32 lw_nic_slots(const void *dev)
{
	int slot = lw_table_find(&lw_nic_table, dev);

	return slot < 0 ? LW_RING_SLOTS :
			  READ_ONCE(((u32 *)lw_nic_table.entries)[slot]);
}

#endif
