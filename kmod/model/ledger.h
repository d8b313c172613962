/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ledger's lines: what becomes of packets, counted by cause.
 *
 * One line here is an id, the path whose balance it is in, its category there
 * and a name that users read. For each path, opened = delivered + merged +
 * suppressed + dropped + elsewhere + lost + in flight, where in flight is not a
 * difference but counted, by walking the tables (netlink/family.c).
 *
 * TAKEN is the opening line of a VM's own books: which VM a packet is for
 * is known when its backend takes it.
 */
#ifndef LW_LEDGER_H
#define LW_LEDGER_H

#include <linux/types.h>
#include <uapi/linux/latwatch.h>

#define LW_LEDGER(X) \
	X(OPENED_IRQ,	      RX, OPENED,    "from a NIC's interrupt") \
	X(OPENED_POLL,	      RX, OPENED,    "from a NIC's poll without interrupt") \
	X(OPENED_TIMER,	      RX, OPENED,    "from a NIC's poll by a timer") \
	X(OPENED_AFTER_IRQ,   RX, OPENED, \
	  "from a NIC's poll that went on after an interrupt") \
	X(OPENED_AFTER_EMPTY, RX, OPENED, \
	  "from a NIC's poll after one that left its ring empty") \
	X(OPENED_AFTER_TURN,  RX, OPENED, \
	  "from a NIC's poll that went on for a turn of its ring") \
	X(OPENED_SOCKET,      RX, OPENED,    "from a NIC by a socket of the VMM") \
	X(OPENED_LOCAL,	      RX, OPENED,    "from this host") \
	X(OPENED_PROCESS,     RX, OPENED,    "from a NIC through a process") \
	X(OPENED_VM,	      RX, OPENED,    "from another VM") \
	X(OPENED_RESUMED,     RX, OPENED,    "resumed, origin not known") \
	X(OPENED_SEGMENT,     RX, OPENED,    "segments of a larger one") \
	X(BROUGHT,	      RX, OPENED,    "brought forward at the reset") \
	X(DELIVERED_ENTRY,    RX, DELIVERED, "entry after a wake") \
	X(DELIVERED_KICK,     RX, DELIVERED, "entry of a vCPU that was awake") \
	X(DELIVERED_POSTED,   RX, DELIVERED, "posted to a running vCPU") \
	X(DELIVERED_RODE,     RX, DELIVERED, "rode on a pending signal") \
	X(MERGED_GRO,	      RX, MERGED,    "merged by GRO") \
	X(SUPPRESSED,	      RX, SUPPRESSED, "polled by the guest") \
	X(DROPPED,	      RX, DROPPED,   "freed by the kernel") \
	X(DROPPED_XDP_REDIRECT, RX, DROPPED, "refused by XDP's redirect") \
	X(DROPPED_XDP_XMIT,   RX, DROPPED,   "refused by the tap, redirected by XDP") \
	X(ELSEWHERE_NO_VM,    RX, ELSEWHERE, "taken by a process without vCPU") \
	X(ELSEWHERE_CONSUMED, RX, ELSEWHERE, "consumed before the tap's ring") \
	X(LOST_SKB_FULL,      RX, LOST,	     "skb table full") \
	X(LOST_SKB_REUSED,    RX, LOST,	     "freed without a trace") \
	X(LOST_SKB_RACE,      RX, LOST,	     "skb in use by two CPUs") \
	X(LOST_CONTEXT,	      RX, LOST,	     "of a context too many, origin not known") \
	X(LOST_RESUMED,	      RX, LOST,	     "resumed, origin not known") \
	X(LOST_XDP_PURGED,    RX, LOST,	     "left a tap's ring, not to a known backend") \
	X(LOST_TASK_FULL,     RX, LOST,	     "task table full") \
	X(LOST_VM_FULL,	      RX, LOST,	     "VM table full") \
	X(LOST_BATCH_FULL,    RX, LOST,	     "batch table full") \
	X(LOST_VECTOR_FULL,   RX, LOST,	     "vector table full") \
	X(LOST_VM_GONE,	      RX, LOST,	     "VM gone before delivery") \
	X(LOST_SIGNAL,	      RX, LOST,	     "signal through others not seen") \
	X(LOST_SOCKET,	      RX, LOST,	     "read by the VMM, origin not known") \
	X(TAKEN,	      RX, NOTE,	     "taken by a backend") \
	X(NOTE_RAISES,	      RX, NOTE,	     "NET_RX raised while pending") \
	X(NOTE_POLLS,	      RX, NOTE,	     "NET_RX runs without interrupt") \
	X(NOTE_TIMER_POLLS,   RX, NOTE,	     "NET_RX runs begun by a timer") \
	X(NOTE_RING_FULL,     RX, NOTE,	     "polls that went on, too many to tell apart") \
	X(NOTE_NAPI_BATCHED,  RX, NOTE,	     "packets of a NAPI poll after its first") \
	X(NOTE_NAPI_AWAKE,    RX, NOTE,	     "NAPI threads found awake") \
	X(NOTE_STEERED,	      RX, NOTE,	     "packets steered to another CPU") \
	X(NOTE_STEER_FULL,    RX, NOTE,	     "packets steered unseen, skb table full") \
	X(NOTE_PARK_FULL,     RX, NOTE,	     "not kept with a virtual device, skb table full") \
	X(NOTE_BUSY_POLLED,   RX, NOTE,	     "packets found by a busy poll") \
	X(NOTE_THREAD_AWAKE,  RX, NOTE,	     "irq threads found awake") \
	X(NOTE_BACKEND_AWAKE, RX, NOTE,	     "backends found awake") \
	X(NOTE_VCPU_AWAKE,    RX, NOTE,	     "vCPUs found awake") \
	X(NOTE_SIGNALS,	      RX, NOTE,	     "signals for packets") \
	X(NOTE_RELAYED,	      RX, NOTE,	     "signals through the VMM") \
	X(NOTE_RELAYED_WORK,  RX, NOTE,	     "signals through a kernel worker") \
	X(NOTE_RELAY_AWAKE,   RX, NOTE,	     "found awake by a signal to pass on") \
	X(NOTE_TASK_FULL,     RX, NOTE,	     "tasks not followed, table full") \
	X(NOTE_CONTEXT_FULL,  RX, NOTE,	     "contexts too many preempted each other") \
	X(NOTE_BACKWARDS,     RX, NOTE,	     "durations lost to a clock that ran backwards") \
	X(NOTE_NO_BLOCK,      RX, NOTE,	     "durations not recorded, no memory for them") \
	X(NOTE_NO_RANKS,      RX, NOTE,	     "culprits not recorded, no memory for them") \
	X(NOTE_TAP_FULL,      RX, NOTE,	     "devices not watched, tap table full") \
	X(NOTE_XDP_SENT,      RX, NOTE,	     "put into taps' rings by XDP, without an skb") \
	X(NOTE_XDP_COPIES,    RX, NOTE,	     "redirected by XDP to several, not followed") \
	X(TX_OPENED,	      TX, OPENED,    "from a VM to a NIC") \
	X(TX_OPENED_SEGMENT,  TX, OPENED,    "segments of a larger one") \
	X(TX_BROUGHT,	      TX, OPENED,    "brought forward at the reset") \
	X(TX_SENT,	      TX, DELIVERED, "handed to the NIC's driver") \
	X(TX_DROPPED,	      TX, DROPPED,   "freed by the kernel") \
	X(TX_ELSEWHERE,	      TX, ELSEWHERE, "consumed before the NIC's driver") \
	X(TX_LOST_FULL,	      TX, LOST,	     "skb table full") \
	X(TX_LOST_REUSED,     TX, LOST,	     "freed without a trace") \
	X(TX_LOST_RACE,	      TX, LOST,	     "skb in use by two CPUs") \
	X(TX_NOTE_COMPLETED,  TX, NOTE,	     "freed by the NIC's driver") \
	X(TX_NOTE_KICK_AWAKE, TX, NOTE,	     "backends found awake by a kick") \
	X(LOCAL_OPENED,	      LOCAL, OPENED, "from this host to a NIC") \
	X(LOCAL_FORWARDED,    LOCAL, OPENED, "from one NIC to another") \
	X(LOCAL_OPENED_RESUMED, LOCAL, OPENED, "resumed, origin not known") \
	X(LOCAL_OPENED_SEGMENT, LOCAL, OPENED, "segments of a larger one") \
	X(LOCAL_BROUGHT,      LOCAL, OPENED, "brought forward at the reset") \
	X(LOCAL_SENT,	      LOCAL, DELIVERED, "handed to the NIC's driver") \
	X(LOCAL_DROPPED,      LOCAL, DROPPED, "freed by the kernel") \
	X(LOCAL_ELSEWHERE,    LOCAL, ELSEWHERE, "consumed before the NIC's driver") \
	X(LOCAL_LOST_FULL,    LOCAL, LOST,   "skb table full") \
	X(LOCAL_LOST_REUSED,  LOCAL, LOST,   "freed without a trace") \
	X(LOCAL_LOST_RACE,    LOCAL, LOST,   "skb in use by two CPUs") \
	X(LOCAL_LOST_CONTEXT, LOCAL, LOST,   "of a context too many, origin not known") \
	X(LOCAL_LOST_RESUMED, LOCAL, LOST,   "resumed, origin not known") \
	X(LOCAL_NOTE_COMPLETED, LOCAL, NOTE, "freed by the NIC's driver") \
	X(READER_NOTE_AWAKE,  READER, NOTE,  "readers found awake") \
	X(READER_NOTE_XDP,    READER, NOTE,  "given to AF_XDP sockets") \
	X(READER_NOTE_XDP_REFUSED, READER, NOTE, "refused by AF_XDP sockets") \
	X(DEVICE_OPENED,      DEVICE, OPENED, "interrupts for a guest") \
	X(DEVICE_BROUGHT,     DEVICE, OPENED, "brought forward at the reset") \
	X(DEVICE_ENTERED,     DEVICE, DELIVERED, "entry after a wake") \
	X(DEVICE_KICKED,      DEVICE, DELIVERED, "entry of a vCPU that was awake") \
	X(DEVICE_POSTED,      DEVICE, DELIVERED, "posted to a running vCPU") \
	X(DEVICE_LOST_VM,     DEVICE, LOST,  "VM not known yet") \
	X(DEVICE_LOST_BATCH_FULL, DEVICE, LOST, "batch table full") \
	X(DEVICE_LOST_VECTOR_FULL, DEVICE, LOST, "vector table full") \
	X(DEVICE_LOST_VM_GONE, DEVICE, LOST, "VM gone before delivery")

enum lw_ledger {
#define X(id, path, category, name) LW_##id,
	LW_LEDGER(X)
#undef X
	LW_NLEDGER
};

#define LW_NPATHS	(LATWATCH_PATH_DEVICE + 1)

/**
 * struct lw_line - a line of the ledger
 * @name: what users read
 * @path: enum latwatch_path
 * @category: enum latwatch_category
 */
struct lw_line {
	const char *name;
	u8 path;
	u8 category;
};

extern const struct lw_line lw_lines[LW_NLEDGER];

/* what a reset brought forward is kept beside the lines; see books/books.h */
static inline bool lw_line_is_brought(enum lw_ledger line)
{
	return line == LW_BROUGHT || line == LW_TX_BROUGHT ||
	       line == LW_LOCAL_BROUGHT || line == LW_DEVICE_BROUGHT;
}

#endif
