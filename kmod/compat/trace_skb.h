/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arguments of skb:consume_skb and skb:kfree_skb, which grew, and their
 * names.
 *
 * To be deleted when the oldest kernel is 6.11.
 */
#ifndef LW_COMPAT_TRACE_SKB_H
#define LW_COMPAT_TRACE_SKB_H

#include <linux/version.h>
#include <trace/events/skb.h>

#include "compat/trace_type.h"

/* since 6.3: where it was called from */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define LW_CONSUME_SKB_ARGS	struct sk_buff *skb
#define LW_CONSUME_SKB_NAMES	skb
#else
#define LW_CONSUME_SKB_ARGS	struct sk_buff *skb, void *location
#define LW_CONSUME_SKB_NAMES	skb, location
#endif

/* since 6.11: the receiving socket, which newer kernels promise to leave as it is */
#define LW_RX_SOCK \
	LW_TRACE_TYPE(kfree_skb, const struct sock *, struct sock *, \
		      struct sk_buff *, void *, enum skb_drop_reason, \
		      const struct sock *)

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define LW_KFREE_SKB_ARGS	struct sk_buff *skb, void *location, \
				enum skb_drop_reason reason
#define LW_KFREE_SKB_NAMES	skb, location, reason
#else
#define LW_KFREE_SKB_ARGS	struct sk_buff *skb, void *location, \
				enum skb_drop_reason reason, \
				LW_RX_SOCK rx_sk
#define LW_KFREE_SKB_NAMES	skb, location, reason, rx_sk
#endif

#endif
