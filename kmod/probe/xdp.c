// SPDX-License-Identifier: GPL-2.0
/*
 * Probes of XDP; they give to path/xdp.c.
 *
 * Since Linux 5.12 the tracepoints xdp_redirect_map and xdp_redirect_map_err
 * are silent: xdp_redirect and xdp_redirect_err tell of maps as well. Of a
 * generic program's redirect by a map they tell when the packet was with the
 * tap already, and maybe taken from there.
 */
#include <linux/bpf.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/xdp.h>
#include <net/xdp_sock.h>
#include <trace/events/xdp.h>

#include "probe/probe.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "path/path.h"
#include "path/xdp.h"

static void *argument(struct pt_regs *regs, unsigned int n)
{
	return (void *)regs_get_kernel_argument(regs, n);
}

LW_KPROBE(xdp_return_frame)
{
	struct lw_event *ev;

	ev = lw_enter_kprobe();
	lw_xdp_returned(ev, argument(regs, 0));
	lw_leave(ev);
}

LW_KPROBE_CHECK(xdp_return_frame, void (struct xdp_frame *));

LW_KPROBE(xdp_return_frame_rx_napi)
{
	struct lw_event *ev;

	ev = lw_enter_kprobe();
	lw_xdp_dropped(ev, argument(regs, 0));
	lw_leave(ev);
}

LW_KPROBE_CHECK(xdp_return_frame_rx_napi, void (struct xdp_frame *));

/* the slot of a tap, LW_NIC, or what is neither */
static int source(const struct net_device *dev)
{
	int tap = lw_tap_find_kind(dev, LW_TAP_TUN);

	return tap >= 0 ? tap : dev->dev.parent ? LW_NIC : LW_NIC - 1;
}

static void enqueue(const struct net_device *to, const void *frame,
		    const struct net_device *from)
{
	int tap = lw_tap_find_kind(to, LW_TAP_TUN);
	struct lw_event *ev;

	if (tap < 0)
		return;
	ev = lw_enter_kprobe();
	ev->dev = to;
	lw_xdp_enqueue(ev, frame, tap, source(from));
	lw_leave_about(ev);
}

LW_KPROBE(dev_xdp_enqueue)
{
	enqueue(argument(regs, 0), argument(regs, 1), argument(regs, 2));
}

LW_KPROBE_CHECK(dev_xdp_enqueue, int (struct net_device *, struct xdp_frame *,
				      struct net_device *));

LW_KPROBE(dev_map_enqueue)
{
	/* the tracepoints' view of a struct bpf_dtab_netdev */
	const struct _bpf_dtab_netdev *to = argument(regs, 0);

	enqueue(to->dev, argument(regs, 1), argument(regs, 2));
}

LW_KPROBE_CHECK(dev_map_enqueue, int (struct bpf_dtab_netdev *,
				      struct xdp_frame *, struct net_device *));

LW_KPROBE(generic_xdp_tx)
{
	const struct sk_buff *skb = argument(regs, 0);
	int tap = lw_tap_find_kind(skb->dev, LW_TAP_TUN);
	struct lw_event *ev;

	/* a tap's own program runs before the stack receives the packet */
	if (tap < 0 || !skb->skb_iif)
		return;
	ev = lw_enter_kprobe();
	lw_xdp_generic_tx(ev, skb, skb->head, tap,
			  max_t(unsigned int, skb_shinfo(skb)->gso_segs, 1));
	lw_leave(ev);
}

/* newer kernels promise to leave the program as it is */
static_assert(__same_type(generic_xdp_tx,
			  void (struct sk_buff *, struct bpf_prog *)) ||
	      __same_type(generic_xdp_tx,
			  void (struct sk_buff *, const struct bpf_prog *)),
	      "generic_xdp_tx() has changed");

LW_KPROBE(xsk_generic_rcv)
{
	struct lw_event *ev;

	ev = lw_enter_kprobe();
	lw_xdp_generic_socket(ev);
	lw_leave(ev);
}

LW_KPROBE_CHECK(xsk_generic_rcv, int (struct xdp_sock *, struct xdp_buff *));

static enum lw_xdp_target target(const struct net_device *dev, const void *tgt,
				 enum bpf_map_type type)
{
	switch (type) {
	case BPF_MAP_TYPE_XSKMAP:
		return LW_XDP_SOCKET;
	case BPF_MAP_TYPE_CPUMAP:
		return LW_XDP_CPU;
	case BPF_MAP_TYPE_DEVMAP:
	case BPF_MAP_TYPE_DEVMAP_HASH:
		/* each copy of an skb passes generic_xdp_tx() */
		if (!tgt && !rcu_access_pointer(dev->xdp_prog))
			return LW_XDP_COPIES;
		return LW_XDP_DEVICE;
	default:
		return LW_XDP_DEVICE;
	}
}

LW_PROBE(xdp_redirect,
	 LW_ARGS(const struct net_device *dev, const struct bpf_prog *xdp,
		 const void *tgt, int err, enum bpf_map_type map_type,
		 u32 map_id, u32 index),
	 dev, xdp, tgt, err, map_type, map_id, index)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_xdp_redirected(ev, target(dev, tgt, map_type));
	lw_leave(ev);
}

LW_PROBE_CHECK(xdp_redirect);

LW_PROBE(xdp_redirect_err,
	 LW_ARGS(const struct net_device *dev, const struct bpf_prog *xdp,
		 const void *tgt, int err, enum bpf_map_type map_type,
		 u32 map_id, u32 index),
	 dev, xdp, tgt, err, map_type, map_id, index)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_xdp_refused(ev, target(dev, tgt, map_type));
	lw_leave(ev);
}

LW_PROBE_CHECK(xdp_redirect_err);

LW_PROBE(xdp_devmap_xmit,
	 LW_ARGS(const struct net_device *from_dev,
		 const struct net_device *to_dev, int sent, int drops,
		 int err),
	 from_dev, to_dev, sent, drops, err)
{
	struct lw_event *ev;

	if (lw_tap_find_kind(to_dev, LW_TAP_TUN) < 0)
		return;
	ev = lw_enter();
	lw_xdp_xmit(ev, sent, drops);
	lw_leave(ev);
}

LW_PROBE_CHECK(xdp_devmap_xmit);

#define KPROBE(name, blind, cost) \
	{ #name, kprobe_##name, blind, cost, LATWATCH_PROBE_KIND_KPROBE }

/* what closes a frame's flight comes before what opens it */
const struct lw_probe lw_probes_xdp[] = {
	KPROBE(xdp_return_frame, LW_BLIND(XDP),
	       "what a backend takes of what XDP redirects is not known"),
	KPROBE(xdp_return_frame_rx_napi, 0,
	       "XDP frames that a tap refuses are counted as freed without a trace"),
	{ "xdp_devmap_xmit", probe_xdp_devmap_xmit, 0,
	  "how many frames XDP puts into taps is not known" },
	{ "xdp_redirect_err", probe_xdp_redirect_err, 0,
	  "frames that XDP fails to redirect are counted as freed without a trace" },
	{ "xdp_redirect", probe_xdp_redirect,
	  LW_BLIND(READER_XDP) | LW_BLIND(READER_END_TO_END_XDP),
	  "what XDP gives to AF_XDP sockets is not known" },
	KPROBE(generic_xdp_tx, 0,
	       "what generic XDP redirects to a tap is not known"),
	KPROBE(dev_map_enqueue, LW_BLIND(XDP),
	       "what XDP redirects to a tap by a map is not known"),
	KPROBE(dev_xdp_enqueue, LW_BLIND(XDP),
	       "what XDP redirects to a tap by its index is not known"),
	KPROBE(xsk_generic_rcv, 0,
	       "readers of AF_XDP sockets are not followed for generic XDP"),
	{ }
};
