/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The packets that are on their way into a tap or wait in its ring, and those
 * on their way out of a NIC until its driver frees them. Frames that XDP
 * redirects to a tap are among them: they have an address, too. So are those that
 * a virtual device has: they are parked until the stack has them again, or a tap or
 * a NIC, and are no part of any balance until then.
 *
 * Only those: what the host receives for itself never enters the table, and
 * costs one look-up when it is freed.
 */
#ifndef LW_SKB_H
#define LW_SKB_H

#include <linux/types.h>

#include "books/books.h"
#include "engine/event.h"
#include "engine/table.h"

/**
 * struct lw_skb - a packet's flight, owned by whoever made its key busy
 * @flight: its flight
 * @tap: slot of the tap that it goes to, or LW_NIC, LW_STEERED, LW_PARKED or LW_CLONED
 * @dev: of a frame without an skb: the tap, which may leave its slot before.
 *       NULL: an skb
 * @account: whose packet it is; into a VM, that is known at the take
 * @path: enum latwatch_path; with @sent, read by others to count
 * @candidate: it came to a device that macvtaps share, and may be for one; it
 *             is opened when one of them turns out to have had it
 * @segments: packets of the wire that GRO made it of
 * @parked_cpu: where it was parked
 * @sent: its balance is closed: the NIC's driver has it
 * @resumed: as in struct lw_packet_in_hand; it is lost where it would be delivered
 * @source: ifindex of the device that received it first, or 0
 * @kin: LW_KIN() of it when it was queued
 * @txq: the queue of the device that it waits in, if it may be cut into segments there
 * @parked_ns: when it was parked, or 0: it never was
 */
struct lw_skb {
	struct lw_flight flight;
	int tap;
	const void *dev;
	unsigned int account;
	u8 path;
	bool sent;
	bool candidate;
	bool resumed;
	u16 segments;
	u16 parked_cpu;
	int source;
	u32 kin;
	const void *txq;
	u64 parked_ns;
};

#define LW_NIC		-1	/* as @tap: to a NIC */
#define LW_STEERED	-3	/* on its way to the stack, perhaps on another CPU */
#define LW_PARKED	-4	/* with a virtual device */
#define LW_CLONED	-5	/* its key is its data, of which clones come back */

/*
 * A queue of a device, as a key that no packet has: these are aligned to 8. The device
 * is not looked into, as it may have gone.
 */
static inline const void *lw_txq(const void *dev, unsigned int queue)
{
	return (const char *)dev + 8 * (queue & 255) + 4;
}

extern struct lw_table lw_skb_table;

static inline struct lw_skb *lw_skb(int slot)
{
	return (struct lw_skb *)lw_skb_table.entries + slot;
}

/* whose it is; its VM may end at this moment, and then it is the host's */
static inline unsigned int lw_skb_account(const struct lw_skb *p)
{
	return READ_ONCE(p->account);
}

/* a busy slot is of a packet that is no part of any balance, or not yet */
static inline void lw_skb_set_aside(struct lw_skb *p, int tap)
{
	p->tap = tap;
	p->candidate = false;
	p->txq = NULL;
	WRITE_ONCE(p->sent, true);
	WRITE_ONCE(p->account, LW_HOST);
	WRITE_ONCE(p->path, LATWATCH_PATH_RX);
}

/* the lines of the ledger that a path has of its own */
struct lw_skb_lines {
	u8 elsewhere, full, reused, race, context, resumed, segment, sent, completed;
};

extern const struct lw_skb_lines lw_skb_lines[];

void lw_skb_count_opened(struct lw_event *ev, const struct lw_skb *p, u8 origin,
			 unsigned int segments);
void lw_skb_count_no_slot(struct lw_event *ev, const struct lw_skb *p, int why);
int lw_skb_open(struct lw_event *ev, const void *skb);
int lw_skb_begin(struct lw_event *ev, const void *skb, const void *head, int tap,
		 unsigned int segments);
int lw_skb_take(const void *skb);
int lw_skb_take_from(const void *skb, int tap);
bool lw_skb_cut(struct lw_event *ev, struct lw_skb *p);
int lw_skb_segment(struct lw_event *ev, const void *skb, int tap);
void lw_skb_cut_end(struct lw_event *ev, const void *txq);
u64 lw_skb_in_flight(u8 path, unsigned int account);
void lw_skb_disown(unsigned int account);

#endif
