// SPDX-License-Identifier: GPL-2.0
/* The slots of NICs' rings, and the notifier that asks for them. See nic.h. */
#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "engine/nic.h"

struct lw_table lw_nic_table;

/* of all rings that a packet may come by, the most slots that there can be; or 0 */
static u32 slots_of(struct net_device *dev)
{
	struct ethtool_ringparam ring = { .cmd = ETHTOOL_GRINGPARAM };
	struct kernel_ethtool_ringparam kernel_ring = { };

	if (!dev->ethtool_ops || !dev->ethtool_ops->get_ringparam)
		return 0;
	dev->ethtool_ops->get_ringparam(dev, &ring, &kernel_ring, NULL);
	return ring.rx_max_pending + ring.rx_mini_max_pending +
	       ring.rx_jumbo_max_pending;
}

static void come_up(struct net_device *dev)
{
	int slot = lw_table_find(&lw_nic_table, dev);
	u32 slots = slots_of(dev);
	bool is_new = slot < 0;

	if (!slots)
		slots = LW_RING_SLOTS;
	if (is_new)
		slot = lw_table_claim(&lw_nic_table, dev);
	if (slot < 0)
		return;
	WRITE_ONCE(((u32 *)lw_nic_table.entries)[slot], slots);
	if (is_new)
		lw_table_publish(&lw_nic_table, slot, dev);
}

static void go(const struct net_device *dev)
{
	int slot = lw_table_find(&lw_nic_table, dev);

	if (slot >= 0 && lw_table_take(&lw_nic_table, slot, dev))
		lw_table_free(&lw_nic_table, slot);
}

static int notify(struct notifier_block *nb, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (!dev->dev.parent)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
		come_up(dev);
		break;
	case NETDEV_UNREGISTER:
		go(dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/**
 * lw_nic_init() - make the table and fill it with the devices that are up
 *
 * Context: process; takes the RTNL.
 * Return: 0 or a negative error.
 */
int lw_nic_init(void)
{
	int err = lw_table_init(&lw_nic_table, LW_NICS, sizeof(u32));

	if (err)
		return err;
	err = register_netdevice_notifier(&notifier);
	if (err)
		lw_table_exit(&lw_nic_table);
	return err;
}

/** lw_nic_exit() - forget the devices; no probe may run any more */
void lw_nic_exit(void)
{
	unregister_netdevice_notifier(&notifier);
	lw_table_exit(&lw_nic_table);
}
