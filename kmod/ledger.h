/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ledger's lines: what becomes of packets, counted by cause.
 *
 * One line here is an id, a category of the balance and a name that users
 * read. opened = delivered + merged + suppressed + dropped + elsewhere +
 * lost + in flight, where in flight is not a difference but counted, by
 * walking the tables (netlink.c).
 *
 * TAKEN is the opening line of a VM's own books: which VM a packet is for
 * is known when its backend takes it.
 */
#ifndef LW_LEDGER_H
#define LW_LEDGER_H

#include <uapi/linux/latwatch.h>

#define LW_LEDGER(X) \
	X(OPENED_IRQ,	      OPENED,	  "from a NIC's interrupt") \
	X(OPENED_POLL,	      OPENED,	  "from a NIC's poll without interrupt") \
	X(OPENED_LOCAL,	      OPENED,	  "from this host or another VM") \
	X(BROUGHT,	      OPENED,	  "brought forward at the reset") \
	X(DELIVERED_ENTRY,    DELIVERED,  "entry after a wake") \
	X(DELIVERED_KICK,     DELIVERED,  "entry of a vCPU that was awake") \
	X(DELIVERED_POSTED,   DELIVERED,  "posted to a running vCPU") \
	X(MERGED_GRO,	      MERGED,	  "merged by GRO") \
	X(SUPPRESSED,	      SUPPRESSED, "taken without a signal") \
	X(DROPPED,	      DROPPED,	  "freed by the kernel") \
	X(ELSEWHERE_NO_VM,    ELSEWHERE,  "taken by a process without vCPU") \
	X(ELSEWHERE_CONSUMED, ELSEWHERE,  "consumed before the tap's ring") \
	X(LOST_SKB_FULL,      LOST,	  "skb table full") \
	X(LOST_SKB_REUSED,    LOST,	  "freed without a trace") \
	X(LOST_SKB_RACE,      LOST,	  "skb in use by two CPUs") \
	X(LOST_TASK_FULL,     LOST,	  "task table full") \
	X(LOST_VM_FULL,	      LOST,	  "VM table full") \
	X(LOST_BATCH_FULL,    LOST,	  "batch table full") \
	X(LOST_VECTOR_FULL,   LOST,	  "vector table full") \
	X(LOST_VM_GONE,	      LOST,	  "VM gone before delivery") \
	X(TAKEN,	      NOTE,	  "taken by a backend") \
	X(NOTE_RAISES,	      NOTE,	  "NET_RX raised while pending") \
	X(NOTE_POLLS,	      NOTE,	  "NET_RX runs without interrupt") \
	X(NOTE_THREAD_AWAKE,  NOTE,	  "irq threads found awake") \
	X(NOTE_BACKEND_AWAKE, NOTE,	  "backends found awake") \
	X(NOTE_VCPU_AWAKE,    NOTE,	  "vCPUs found awake") \
	X(NOTE_SIGNALS,	      NOTE,	  "signals for packets") \
	X(NOTE_TASK_FULL,     NOTE,	  "tasks not followed, table full")

enum lw_ledger {
#define X(id, category, name) LW_##id,
	LW_LEDGER(X)
#undef X
	LW_NLEDGER
};

#endif
