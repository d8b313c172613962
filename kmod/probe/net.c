// SPDX-License-Identifier: GPL-2.0
/* Probes of the network stack; they give to path/net.c. */
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/sock.h>
#include <trace/events/napi.h>
#include <trace/events/net.h>

#include "compat/napi.h"
#include "compat/rps.h"
#include "compat/trace_skb.h"
#include "probe/probe.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "path/path.h"
#include "path/xdp.h"

/* packets of the wire in an skb; 0 is what is not segmented */
static unsigned int segments(const struct sk_buff *skb)
{
	return max_t(unsigned int, skb_shinfo(skb)->gso_segs, 1);
}

/*
 * The way that a device is the end of: a tap's slot, LW_NIC, or NOT_WATCHED.
 * What has a parent is hardware, or looks like it; bridges, bonds and veths
 * have none, and hand a packet on to what has.
 */
#define NOT_WATCHED	(LW_NIC - 1)

static int device(const struct net_device *dev)
{
	int tap;

	if (dev->dev.parent)
		return LW_NIC;
	tap = lw_tap_find(dev);
	return tap < 0 || lw_tap(tap)->kind == LW_TAP_LOWER ? NOT_WATCHED : tap;
}

static bool is_arp(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_ARP);
}

/* of one that is received: of what will be made of it */
static u32 kin_from_here(const struct sk_buff *skb)
{
	return LW_KIN(skb->dev->ifindex, is_arp(skb)) |
	       (unlikely(skb_vlan_tagged(skb)) ? LW_KIN_TAGGED : 0);
}

/* of one that is queued or sent */
static u32 kin(const struct sk_buff *skb)
{
	return LW_KIN(skb->skb_iif, is_arp(skb));
}

static const void *txq(const struct sk_buff *skb, const struct net_device *dev)
{
	return lw_txq(dev, skb_get_queue_mapping(skb));
}

static bool is_macvtap(int tap)
{
	return tap >= 0 && lw_tap(tap)->kind == LW_TAP_MACVTAP;
}

/* each device on top of a macvlan's gets a clone of its own, from a kernel thread */
static bool is_broadcast(const struct sk_buff *skb)
{
	return skb->pkt_type == PACKET_BROADCAST || skb->pkt_type == PACKET_MULTICAST;
}

LW_PROBE(netif_receive_skb, LW_ARGS(struct sk_buff *skb), skb)
{
	int slot = lw_tap_find(skb->dev), from;
	bool shared = slot >= 0 && lw_tap(slot)->kind != LW_TAP_TUN;
	bool nic = skb->dev->dev.parent;
	struct lw_event *ev;

	from = shared || nic ? LW_NIC : slot >= 0 ? slot : NOT_WATCHED;
	ev = lw_enter();
	ev->kin = kin_from_here(skb);
	if (unlikely(lw_rps_in_use()))
		lw_steer_end(ev, skb);
	if (unlikely(skb->skb_iif || shared ||
		     (!nic && (from < 0 || lw_rps_in_use())))) {
		ev->source = skb->skb_iif;
		if (is_macvtap(slot) && is_broadcast(skb))
			lw_stack_clone(ev, skb, skb->head, from);
		else
			lw_stack_again(ev, skb, skb->head, from);
		ev->source = 0;
	} else {
		lw_stack(ev, skb, skb->head, from);
	}
	if (shared) {
		lw_candidate(ev, skb, slot, segments(skb));
		if (!is_macvtap(slot) && is_broadcast(skb))
			lw_clone(ev, skb->head);
	}
	lw_leave(ev);
}

LW_PROBE_CHECK(netif_receive_skb);

LW_PROBE(netif_receive_skb_entry, LW_ARGS(const struct sk_buff *skb), skb)
{
	struct lw_event *ev;
	int tap;

	if (!lw_rps_in_use())
		return;
	tap = lw_tap_find_kind(skb->dev, LW_TAP_TUN);
	if (tap < 0)
		return;
	ev = lw_enter();
	ev->kin = kin_from_here(skb);
	ev->txq = NULL;
	lw_steer_from_guest(ev, skb, skb->head, tap);
	lw_leave(ev);
}

LW_PROBE_CHECK(netif_receive_skb_entry);

LW_PROBE(napi_gro_receive_entry, LW_ARGS(const struct sk_buff *skb), skb)
{
	struct lw_event *ev;

	if (!lw_rps_in_use())
		return;
	ev = lw_enter();
	lw_steer_begin(ev, skb);
	lw_leave(ev);
}

LW_PROBE_CHECK(napi_gro_receive_entry);

LW_PROBE(napi_gro_receive_exit, LW_ARGS(int ret), ret)
{
	struct lw_event *ev;

	if (!lw_rps_in_use() || (ret != GRO_MERGED && ret != GRO_MERGED_FREE))
		return;
	ev = lw_enter();
	lw_steer_merged(ev);
	lw_leave(ev);
}

LW_PROBE_CHECK(napi_gro_receive_exit);

LW_PROBE(napi_poll,
	 LW_ARGS(struct napi_struct *napi, int work, int budget),
	 napi, work, budget)
{
	struct lw_poll poll = {
		.napi = napi, .dev = napi->dev, .work = work, .budget = budget,
	};
	struct lw_event *ev;

	ev = lw_enter();
	lw_xdp_poll_end(ev);
	/* not a backlog, nor what a virtual device has for one */
	if (napi->dev && napi->dev->dev.parent) {
		poll.armed = hrtimer_is_queued((struct hrtimer *)&napi->timer);
		poll.keeps_ns = lw_napi_keeps_ns(napi, work >= budget);
		poll.expires_ns = ktime_to_ns(hrtimer_get_expires(&napi->timer));
		lw_polled(ev, &poll);
	} else {
		lw_polled_virtual(ev);
	}
	lw_leave(ev);
}

LW_PROBE_CHECK(napi_poll);

/* a packet leaves its guest; next is the device below, or another one on top of that */
static void leave_by_macvtap(struct lw_event *ev, const struct sk_buff *skb, int tap)
{
	lw_stack(ev, skb, skb->head, tap);
	lw_park(ev, skb, skb->head);
	if (is_multicast_ether_addr(skb->data))
		lw_clone(ev, skb->head);
}

LW_PROBE(net_dev_queue, LW_ARGS(struct sk_buff *skb), skb)
{
	int tap = device(skb->dev);
	struct lw_event *ev;

	/* what the host sends itself does not go on to a guest, nor to a NIC */
	if (tap == NOT_WATCHED && skb->dev->flags & IFF_LOOPBACK)
		return;
	ev = lw_enter();
	ev->kin = kin(skb);
	ev->packet_socket = unlikely(skb->sk) && skb->sk->sk_family == AF_PACKET;
	ev->txq = skb_is_gso(skb) ? txq(skb, skb->dev) : NULL;
	if (tap == NOT_WATCHED)
		lw_park(ev, skb, skb->head);
	else if (is_macvtap(tap))
		leave_by_macvtap(ev, skb, tap);
	else
		lw_queue(ev, skb, skb->head, tap, segments(skb));
	ev->packet_socket = false;
	lw_leave(ev);
}

LW_PROBE_CHECK(net_dev_queue);

LW_PROBE(net_dev_start_xmit,
	 LW_ARGS(const struct sk_buff *skb, const struct net_device *dev),
	 skb, dev)
{
	const void *queue = txq(skb, dev);
	int tap = device(dev);
	struct lw_event *ev;

	if (is_macvtap(tap) ||
	    (tap == NOT_WATCHED && !lw_table_may_have(&lw_skb_table, queue)))
		return;
	ev = lw_enter();
	ev->kin = kin(skb);
	ev->txq = queue;
	if (tap == NOT_WATCHED)
		lw_park_segment(ev, skb);
	else
		lw_xmit_begin(ev, skb, skb->head, tap, segments(skb));
	lw_leave(ev);
}

LW_PROBE_CHECK(net_dev_start_xmit);

LW_PROBE(net_dev_xmit,
	 LW_ARGS(struct sk_buff *skb, int rc, struct net_device *dev,
		 unsigned int skb_len),
	 skb, rc, dev, skb_len)
{
	int tap = device(dev);
	struct lw_event *ev;

	if (tap == NOT_WATCHED || is_macvtap(tap))
		return;
	ev = lw_enter();
	lw_xmit_end(ev, skb, tap);
	lw_leave(ev);
}

LW_PROBE_CHECK(net_dev_xmit);

LW_PROBE(consume_skb, LW_ARGS(LW_CONSUME_SKB_ARGS), LW_CONSUME_SKB_NAMES)
{
	struct lw_event *ev;

	ev = lw_enter();
	ev->dev = skb->dev;
	ev->source = skb->skb_iif;
	lw_consumed(ev, skb, skb->head);
	lw_leave_about(ev);
}

LW_PROBE_CHECK(consume_skb);

LW_PROBE(kfree_skb, LW_ARGS(LW_KFREE_SKB_ARGS), LW_KFREE_SKB_NAMES)
{
	struct lw_event *ev;

	ev = lw_enter();
	ev->dev = skb->dev;
	lw_dropped(ev, skb, reason);
	lw_leave_about(ev);
}

LW_PROBE_CHECK(kfree_skb);

LW_PROBE(skb_copy_datagram_iovec,
	 LW_ARGS(const struct sk_buff *skb, int len),
	 skb, len)
{
	struct lw_event *ev;

	ev = lw_enter();
	ev->source = skb->skb_iif;
	lw_copied(ev, skb, skb->head);
	lw_leave_about(ev);
}

LW_PROBE_CHECK(skb_copy_datagram_iovec);

/* what closes a packet's flight comes before what opens it */
const struct lw_probe lw_probes_net[] = {
	{ "skb_copy_datagram_iovec", probe_skb_copy_datagram_iovec,
	  LW_BLIND(READER_STACK) | LW_BLIND(READER_WAKE) |
	  LW_BLIND(READER_COPY) | LW_BLIND(READER_END_TO_END) |
	  LW_BLIND(READER_END_TO_END_VM),
	  "what a local reader gets is not known" },
	{ "kfree_skb", probe_kfree_skb, 0,
	  "drops are counted as freed without a trace" },
	{ "consume_skb", probe_consume_skb,
	  LW_BLIND_VM | LW_BLIND(TX_COMPLETION) | LW_BLIND(LOCAL_COMPLETION),
	  "what a backend takes and what a driver sent is not known" },
	{ "net_dev_xmit", probe_net_dev_xmit,
	  LW_BLIND(TX_DRIVER) | LW_BLIND(LOCAL_DRIVER),
	  "tasks can be taken for a backend" },
	{ "net_dev_start_xmit", probe_net_dev_start_xmit,
	  LW_BLIND_VM | LW_BLIND_NIC,
	  "what goes to a tap or a NIC is not known" },
	{ "net_dev_queue", probe_net_dev_queue,
	  LW_BLIND(QDISC) | LW_BLIND(TX_QDISC) | LW_BLIND(LOCAL_QDISC),
	  "flights are lost where another CPU sends what was queued" },
	{ "netif_receive_skb", probe_netif_receive_skb,
	  LW_BLIND(NAPI) | LW_BLIND(STACK) | LW_BLIND(END_TO_END),
	  "flights begin at the tap" },
	{ "netif_receive_skb_entry", probe_netif_receive_skb_entry, 0,
	  "what is steered from taps to other CPUs is not told from NICs' packets" },
	{ "napi_gro_receive_exit", probe_napi_gro_receive_exit, 0,
	  "what GRO merged of steered packets stays in the skb table" },
	{ "napi_gro_receive_entry", probe_napi_gro_receive_entry,
	  LW_BLIND(STEERING),
	  "flights of steered packets begin on the CPU that they are steered to" },
	{ "napi_poll", probe_napi_poll, 0,
	  "what one poll found is not told from what the next one did" },
	{ }
};
