/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a context carries: a hard irq, or a task with the softirqs that it runs.
 *
 * With PREEMPT_RT a task that runs a softirq can be preempted, by one that runs
 * softirqs of its own if the kernel takes no lock for them (from 6.18 on, without
 * PREEMPT_RT_NEEDS_BH_LOCK). So what it has in hand is its own: each CPU keeps a
 * record for each such task, found by the task. As long as bottom halves are off the
 * task cannot leave the CPU, and neither need its record. A task that is switched
 * from with bottom halves on has no packet in hand, but may have signalled a guest.
 *
 * Takes what the rules of path/ put into it, and gives it back to whatever runs
 * in the same context.
 */
#ifndef LW_CONTEXT_H
#define LW_CONTEXT_H

#include <linux/bits.h>
#include <linux/types.h>

#include "model/flight.h"

struct lw_cpu;
struct lw_event;
struct lw_task;
struct lw_vm;

/* contexts of a CPU that are told apart: preempted ones, and the one that runs */
#define LW_CONTEXTS	4

/* what a context has in hand */
#define LW_HOLDS_RUN		BIT(0)	/* NET_RX: @softirq */
#define LW_HOLDS_PACKET		BIT(1)	/* a packet in the stack: @packet */
#define LW_HOLDS_STEERING	BIT(2)	/* one that was handed to GRO: @steering */
#define LW_HOLDS_STEERED	BIT(3)	/* the next one's flight: @steered */
#define LW_HOLDS_DRIVER		BIT(4)	/* one in a NIC's driver: @driver */
#define LW_HOLDS_XMIT		BIT(5)	/* one in a tap's transmit function: @xmit_skb */
#define LW_HOLDS_XDP		BIT(6)	/* what XDP has redirected: @xdp */
#define LW_HOLDS_TIMER		BIT(7)	/* a high resolution timer expires */
#define LW_HOLDS_DEVICE		BIT(8)	/* an interrupt for a guest: @device */
#define LW_HOLDS_NOTIFIED	BIT(9)	/* a vCPU that was notified: @notified */
/* what a task keeps that is preempted with bottom halves on */
#define LW_HOLDS_SIGNALS	(LW_HOLDS_DEVICE | LW_HOLDS_NOTIFIED)

/**
 * struct lw_packet_in_hand - the packet that a context has in the stack now
 * @head: the packet's data; what a clone shares with it
 * @skb: its address; what it keeps when its data moves
 * @ns: when the stack received it first
 * @flight: what it carries on, or NULL: it begins here
 * @from: the backend that brings it from its VM in this context, or NULL
 * @vm: tag of the VM that sent it, see lw_vm_tag(); where @origin is vm, without @from
 * @candidate: its address, if a macvtap may get it without any further event
 * @kin: what packets that are made of it have in common with it: LW_KIN(), LW_KIN_TAGGED;
 *       0: they are told by @head alone
 * @source: ifindex of the device that received it first, or 0
 * @origin: enum latwatch_origin
 * @resumed: it was received before, and is not known: neither is its origin
 */
struct lw_packet_in_hand {
	const void *head;
	const void *skb;
	u64 ns;
	const struct lw_flight *flight;
	struct lw_task *from;
	u64 vm;
	const void *candidate;
	u32 kin;
	int source;
	u8 origin;
	bool resumed;
};

/**
 * struct lw_xdp_in_hand - what XDP has redirected in a context
 *
 * Without an skb, packets are gathered, and given to the devices and sockets,
 * which wake whom they may, before the poll ends.
 *
 * @frame: the frame that is being redirected, NULL: none
 * @taps: frames for taps that are not reported to be with them
 * @sockets: packets were given to AF_XDP sockets, which are still to be told
 * @generic: a packet that the stack received is being given to one, which is
 *           told at once
 */
struct lw_xdp_in_hand {
	const void *frame;
	unsigned int taps;
	bool sockets;
	bool generic;
};

/**
 * struct lw_driver_in_hand - the packet that a context has in a NIC's driver now
 * @skb: the packet
 * @ns: when the driver got it
 * @vm: tag of the VM that sent it, see lw_vm_tag()
 * @path: enum latwatch_path
 */
struct lw_driver_in_hand {
	const void *skb;
	u64 ns;
	u64 vm;
	u8 path;
};

/**
 * struct lw_device_in_hand - an interrupt that a context handed to a guest
 *
 * Of a device that is passed through: its handler signals the guest itself.
 *
 * @vm: the VM, or NULL if that is not known
 * @vcpu_id: whose interrupt controller accepted it
 * @vector: as what
 * @guest_seq: of that vCPU then, see struct lw_task
 * @flight: the interrupt
 */
struct lw_device_in_hand {
	u8 vector;
	u32 vcpu_id;
	u32 guest_seq;
	struct lw_vm *vm;
	struct lw_flight flight;
};

/**
 * struct lw_notified - a vCPU that a context notified of an interrupt (path/notify.c)
 * @vcpu: its number
 * @signal_ns: when the oldest of what it was notified of was signalled
 * @flight: and that one's flight
 */
struct lw_notified {
	u32 vcpu;
	u64 signal_ns;
	struct lw_flight flight;
};

/**
 * struct lw_ctx - what a context carries
 *
 * Written by its CPU alone, with interrupts off.
 *
 * @owner: the task that runs it, NULL: free; in a hard irq's always NULL
 * @holds: LW_HOLDS_*: which of the rest is of this moment
 * @lost: more contexts preempted each other than there are records for: where the
 *        packets of this one come from is not known
 * @settled: NET_RX has taken its CPU's list of what is to be polled
 * @pid: the owner's, while it is not running
 * @nr_switches: how often the kernel counts it was switched from, likewise
 * @found: packets that were received since the last poll of a NAPI
 * @poll_ns: when NET_RX began its last poll, or before
 * @softirq: the flight of the run of NET_RX
 * @steering: the packet that was handed to GRO last
 * @steered: the flight of the stack's next packet, which came from another CPU; or of
 *           the one in hand, which was parked
 * @packet: the packet in the stack
 * @driver: the packet in a NIC's driver
 * @xmit_skb: the packet in a tap's transmit function: whom that wakes is the tap's
 *            backend
 * @xdp: what XDP has redirected
 * @device: the last interrupt for a guest that this context signalled
 * @notified: or the last vCPU that it notified of an interrupt
 */
struct lw_ctx {
	const struct task_struct *owner;
	u16 holds;
	bool lost;
	bool settled;
	int pid;
	u32 found;
	unsigned long nr_switches;
	u64 poll_ns;
	const void *xmit_skb;
	const void *steering;
	struct lw_packet_in_hand packet;
	struct lw_driver_in_hand driver;
	struct lw_xdp_in_hand xdp;
	struct lw_flight softirq;
	struct lw_flight steered;
	union {
		struct lw_device_in_hand device;
		struct lw_notified notified;
	};
};

struct lw_ctx *lw_ctx_find(struct lw_cpu *c, const struct task_struct *t);
struct lw_ctx *lw_ctx_claim(struct lw_event *ev);
void lw_ctx_put(struct lw_cpu *c, struct lw_ctx *x);
void lw_ctx_switch(struct lw_cpu *c, const struct task_struct *prev, bool sleeps);
void lw_ctx_forget(struct lw_cpu *c, const struct task_struct *t);
bool lw_ctx_other_run(const struct lw_cpu *c, const struct lw_ctx *self);
bool lw_ctx_older_run(const struct lw_cpu *c, const struct lw_ctx *self,
		      struct lw_flight *f);

#endif
