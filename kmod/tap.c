// SPDX-License-Identifier: GPL-2.0
/* The table of taps, and the notifier that keeps it. See tap.h. */
#include <linux/netdevice.h>
#include <net/rtnetlink.h>

#include "tap.h"

struct lw_table lw_tap_table;

static bool is_tap(const struct net_device *dev)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "tun");
}

static void add(const struct net_device *dev)
{
	int slot = lw_table_claim(&lw_tap_table, dev);

	if (slot < 0) {
		pr_warn_ratelimited("%s is not watched: max_taps=%u are in use\n",
				    dev->name, lw_tap_table.size);
		return;
	}
	memset(lw_tap(slot), 0, sizeof(struct lw_tap));
	strscpy(lw_tap(slot)->name, dev->name, LW_TAP_NAME);
	lw_table_publish(&lw_tap_table, slot, dev);
}

static int notify(struct notifier_block *nb, unsigned long event, void *info)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(info);
	int slot;

	if (!is_tap(dev))
		return NOTIFY_DONE;
	slot = lw_tap_find(dev);
	switch (event) {
	case NETDEV_REGISTER:
		/* a device that changes its namespace registers once more */
		if (slot < 0)
			add(dev);
		break;
	case NETDEV_CHANGENAME:
		if (slot >= 0)
			strscpy(lw_tap(slot)->name, dev->name, LW_TAP_NAME);
		break;
	case NETDEV_UNREGISTER:
		if (slot >= 0 && lw_table_take(&lw_tap_table, slot, dev))
			lw_table_free(&lw_tap_table, slot);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/**
 * lw_tap_init() - make the table and fill it with the taps that exist
 * @size: how many taps can be told
 *
 * Context: process; takes the RTNL.
 * Return: 0 or a negative error.
 */
int lw_tap_init(unsigned int size)
{
	int err = lw_table_init(&lw_tap_table, size, sizeof(struct lw_tap));

	if (err)
		return err;
	err = register_netdevice_notifier(&notifier);
	if (err)
		lw_table_exit(&lw_tap_table);
	return err;
}

/** lw_tap_exit() - forget the taps; no probe may run any more */
void lw_tap_exit(void)
{
	unregister_netdevice_notifier(&notifier);
	lw_table_exit(&lw_tap_table);
}
