// SPDX-License-Identifier: GPL-2.0
/* The table of taps, and the notifier that keeps it. See tap.h. */
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <net/rtnetlink.h>

#include "engine/tap.h"

struct lw_table lw_tap_table;
/* see tap.h */
DEFINE_MUTEX(lw_tap_lock);

static bool is_kind(const struct net_device *dev, const char *kind)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, kind);
}

static void set_kind(char *into, const struct net_device *dev)
{
	strscpy(into, dev->rtnl_link_ops ? dev->rtnl_link_ops->kind : "",
		LW_TAP_NAME);
}

static void forget_source(int slot)
{
	WRITE_ONCE(lw_tap(slot)->source, 0);
	WRITE_ONCE(lw_tap(slot)->several, false);
}

/*
 * A device goes, or it is a port no more, or a new one, of the switch that taps are
 * ports of: what comes to them from now on may come from others.
 */
static void forget_sources(int ifindex, const char *over)
{
	int slot;

	for (slot = 0; slot < lw_table_slots(&lw_tap_table); slot++)
		if (lw_tap_is_there(slot) &&
		    ((over && !strcmp(lw_tap(slot)->over, over)) ||
		     READ_ONCE(lw_tap(slot)->source) == ifindex))
			forget_source(slot);
}

/* what packets come by: the switch that @dev is a port of, or what is below */
static void set_over(const struct net_device *dev, const struct net_device *over)
{
	int slot = lw_tap_find(dev);

	if (slot < 0)
		return;
	if (over) {
		strscpy(lw_tap(slot)->over, over->name, LW_TAP_NAME);
		set_kind(lw_tap(slot)->over_kind, over);
	} else {
		lw_tap(slot)->over[0] = 0;
	}
	forget_source(slot);
}

static bool is_macvtap(const struct net_device *dev)
{
	return is_kind(dev, "macvtap") || is_kind(dev, "ipvtap");
}

static enum lw_tap_kind kind_of(const struct net_device *dev)
{
	return is_kind(dev, "tun") ? LW_TAP_TUN :
	       is_macvtap(dev)	   ? LW_TAP_MACVTAP :
				     LW_TAP_LOWER;
}

static int add(const struct net_device *dev)
{
	unsigned long flags;
	int slot = lw_tap_find(dev);

	if (slot >= 0)
		return slot;
	slot = lw_table_claim(&lw_tap_table, dev);
	if (slot < 0) {
		pr_warn_ratelimited("%s is not watched: max_taps=%u are in use\n",
				    dev->name, lw_tap_table.size);
		local_irq_save(flags);
		lw_count(smp_processor_id(), LW_HOST, LW_NOTE_TAP_FULL, 1);
		local_irq_restore(flags);
		return slot;
	}
	memset(lw_tap(slot), 0, sizeof(struct lw_tap));
	lw_tap(slot)->kind = kind_of(dev);
	strscpy(lw_tap(slot)->name, dev->name, LW_TAP_NAME);
	set_kind(lw_tap(slot)->kind_name, dev);
	lw_table_publish(&lw_tap_table, slot, dev);
	return slot;
}

static void remove(const struct net_device *dev)
{
	int slot = lw_tap_find(dev);

	if (slot >= 0 && lw_table_take(&lw_tap_table, slot, dev))
		lw_table_free(&lw_tap_table, slot);
}

static int is_macvtap_above(struct net_device *upper, struct netdev_nested_priv *priv)
{
	return is_macvtap(upper);
}

/* a device has another one above it, or lost one: it is watched below macvtaps */
static int watch(struct net_device *lower, struct netdev_nested_priv *priv)
{
	int slot;
	bool below;

	rcu_read_lock();
	below = netdev_walk_all_upper_dev_rcu(lower, is_macvtap_above, priv);
	rcu_read_unlock();
	if (kind_of(lower) != LW_TAP_LOWER)
		return 0;
	slot = lw_tap_find(lower);
	if (below)
		add(lower);
	else if (slot >= 0)
		remove(lower);
	return 0;
}

/*
 * Likewise, with all that is below it: the stack receives a packet for a macvtap on a
 * VLAN or a bond from the NIC at the bottom, and is not seen to hand it up.
 */
static void watch_down(struct net_device *lower)
{
	struct netdev_nested_priv none = { };

	watch(lower, &none);
	netdev_walk_all_lower_dev(lower, watch, &none);
}

/* a new one, one from before the module, or one that changes its namespace */
static void register_device(struct net_device *dev)
{
	struct net_device *lower;
	struct list_head *iter;
	int slot;

	if (kind_of(dev) == LW_TAP_LOWER)
		return;
	slot = add(dev);
	if (slot >= 0)
		lw_tap(slot)->foreign = !net_eq(dev_net(dev), &init_net);
	if (!is_macvtap(dev)) {
		set_over(dev, netdev_master_upper_dev_get(dev));
		return;
	}
	netdev_for_each_lower_dev(dev, lower, iter) {
		watch_down(lower);
		set_over(dev, lower);
	}
}

/* a device has another name: it may be what packets come to taps by */
static void rename_device(struct net_device *dev)
{
	struct net_device *other;
	struct list_head *iter;
	int slot = lw_tap_find(dev);

	if (slot >= 0)
		strscpy(lw_tap(slot)->name, dev->name, LW_TAP_NAME);
	netdev_for_each_lower_dev(dev, other, iter) {
		slot = lw_tap_find_kind(other, LW_TAP_TUN);
		if (slot >= 0 && netdev_master_upper_dev_get(other) == dev)
			strscpy(lw_tap(slot)->over, dev->name, LW_TAP_NAME);
	}
	netdev_for_each_upper_dev_rcu(dev, other, iter) {
		slot = lw_tap_find_kind(other, LW_TAP_MACVTAP);
		if (slot >= 0)
			strscpy(lw_tap(slot)->over, dev->name, LW_TAP_NAME);
	}
}

static int notify(struct notifier_block *nb, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	const struct netdev_notifier_changeupper_info *change = info;

	mutex_lock(&lw_tap_lock);
	switch (event) {
	case NETDEV_REGISTER:
		register_device(dev);
		break;
	case NETDEV_CHANGEUPPER:
		watch_down(dev);
		if (change->master)
			forget_sources(dev->ifindex, is_kind(dev, "tun") ? NULL :
							change->upper_dev->name);
		if (is_macvtap(change->upper_dev)) {
			set_over(change->upper_dev,
				 change->linking ? dev : NULL);
		} else if (change->master && is_kind(dev, "tun")) {
			set_over(dev,
				 change->linking ? change->upper_dev : NULL);
		}
		break;
	case NETDEV_CHANGENAME:
		rename_device(dev);
		break;
	case NETDEV_UNREGISTER:
		forget_sources(dev->ifindex, NULL);
		/* one that changes its namespace stays what it is */
		if (kind_of(dev) != LW_TAP_LOWER &&
		    dev->reg_state != NETREG_REGISTERED)
			remove(dev);
		break;
	}
	mutex_unlock(&lw_tap_lock);
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
