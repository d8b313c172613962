/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The taps: tun, tap and macvtap devices that exist, and which VM reads each;
 * and the devices below macvtaps.
 *
 * A netdevice notifier keeps the table (tap.c), so that a probe asks
 * only whether a device is in it.
 */
#ifndef LW_TAP_H
#define LW_TAP_H

#include <linux/types.h>

#include "engine/table.h"
#include "books/books.h"
#include "engine/vm.h"

struct mutex;

#define LW_TAP_NAME	16	/* IFNAMSIZ */

enum lw_tap_kind {
	LW_TAP_TUN,	/* packets come by its transmit function */
	LW_TAP_MACVTAP,	/* packets come from the device below it, unseen */
	LW_TAP_LOWER,	/* a device below macvtaps, down to the NIC */
};

/**
 * struct lw_tap - a tun, tap or macvtap device, or one below a macvtap
 *
 * Names and @foreign are the notifier's, under @lw_tap_lock.
 *
 * @kind: which
 * @vm: tag of the VM whose backend took from it last, see lw_vm_tag(); a hint
 *      for drops, those included that its device frees as it goes
 * @source: ifindex of the first device that packets came from, 0: none yet
 * @several: they came from others, too
 * @foreign: it is in another network namespace than the first
 * @name: the device's name
 * @kind_name: its kind
 * @over: the bridge or switch that it is a port of, or the device below it
 * @over_kind: that one's kind, "" for hardware
 */
struct lw_tap {
	u8 kind;
	u64 vm;
	bool several;
	bool foreign;
	int source;
	char name[LW_TAP_NAME];
	char kind_name[LW_TAP_NAME];
	char over[LW_TAP_NAME];
	char over_kind[LW_TAP_NAME];
};

extern struct lw_table lw_tap_table;
/* for who reads names; taken within the RTNL and lw_books_lock */
extern struct mutex lw_tap_lock;

int lw_tap_init(unsigned int size);
void lw_tap_exit(void);

static inline struct lw_tap *lw_tap(int slot)
{
	return (struct lw_tap *)lw_tap_table.entries + slot;
}

/* a slot has a device; without, what is in it is that of the last one */
static inline bool lw_tap_is_there(int slot)
{
	return READ_ONCE(*lw_table_key(&lw_tap_table, slot));
}

/* the slot of a device, or -1 if it is no tap */
static inline int lw_tap_find(const void *dev)
{
	return lw_table_find(&lw_tap_table, dev);
}

/* the slot of a device if it is of a kind, or -1 */
static inline int lw_tap_find_kind(const void *dev, enum lw_tap_kind kind)
{
	int slot = lw_tap_find(dev);

	return slot >= 0 && lw_tap(slot)->kind == kind ? slot : -1;
}

static inline void lw_tap_bind(int tap, const struct lw_vm *vm)
{
	struct lw_tap *t = lw_tap(tap);

	if (unlikely(READ_ONCE(t->vm) != lw_vm_tag(vm)))
		WRITE_ONCE(t->vm, lw_vm_tag(vm));
}

/* a packet came to a tap from a device, 0: from this host */
static inline void lw_tap_note_source(int tap, int ifindex)
{
	struct lw_tap *t = lw_tap(tap);
	int first = READ_ONCE(t->source);

	if (likely(first == ifindex) || !ifindex)
		return;
	if (!first)
		WRITE_ONCE(t->source, ifindex);
	else if (!READ_ONCE(t->several))
		WRITE_ONCE(t->several, true);
}

static inline unsigned int lw_tap_account(int tap)
{
	const struct lw_vm *vm = lw_vm_tagged(READ_ONCE(lw_tap(tap)->vm));

	return vm && READ_ONCE(vm->state) == LW_VM_LIVE ? lw_vm_account(vm) :
							  LW_HOST;
}

#endif
