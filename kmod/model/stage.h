/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stages: data, not code.
 *
 * One line is a stage's id (the UAPI's), its name, what it counts one of, the
 * path it belongs to, and its flags. The order of the lines is that in which
 * the stages are shown; ids have none. Where a stage begins and ends is said at
 * the enum in the UAPI's specification, and done in the file of path/ that
 * records it.
 */
#ifndef LW_STAGE_H
#define LW_STAGE_H

#include <linux/types.h>

#include <uapi/linux/latwatch.h>

#define LW_NSTAGES	(LATWATCH_STAGE_MAX + 1)

#define LW_STAGES(X) \
	X(HARD_IRQ,		"hard irq",		IRQ,	  RX, HOST) \
	X(IRQ_THREAD_WAKE,	"irq thread wake",	WAKE,	  RX, HOST) \
	X(IRQ_THREAD,		"irq thread",		WAKE,	  RX, HOST) \
	X(SOFTIRQ_WAIT,		"softirq wait",		RUN,	  RX, HOST) \
	X(SOFTIRQ_WAIT_THREAD,	"by irq thread",	RUN,	  RX, HOST_PART) \
	X(SOFTIRQ_WAIT_KSOFTIRQD, "by ksoftirqd",	RUN,	  RX, HOST_PART) \
	X(SOFTIRQ_WAIT_KTIMERS,	"by ktimers",		RUN,	  RX, HOST_PART) \
	X(SOFTIRQ_WAIT_NAPI,	"by NAPI thread",	RUN,	  RX, HOST_PART) \
	X(SOFTIRQ_WAIT_OTHER,	"by other task",	RUN,	  RX, HOST_PART) \
	X(NAPI,			"napi",			PACKET,	  RX, VM) \
	X(STEERING,		"steering",		PACKET,	  RX, VM_PART) \
	X(STACK,		"stack",		PACKET,	  RX, VM) \
	X(QDISC,		"qdisc",		PACKET,	  RX, VM_PART) \
	X(LOCAL_QUEUE,		"local queue",		PACKET,	  RX, VM) \
	X(SOCKET,		"VMM's socket",		PACKET,	  RX, VM) \
	X(XDP,			"xdp",			PACKET,	  RX, VM) \
	X(TAP_DWELL,		"tap dwell",		PACKET,	  RX, VM) \
	X(BACKEND_WAKE,		"backend wake",		WAKE,	  RX, VM_PART) \
	X(BACKEND_SERVICE,	"backend service",	DELIVERY, RX, VM) \
	X(SIGNAL,		"signal",		WAKE,	  RX, VM) \
	X(VCPU_WAKE,		"vCPU wake",		WAKE,	  RX, VM) \
	X(ENTRY,		"entry",		DELIVERY, RX, VM) \
	X(KICK,			"kick",			DELIVERY, RX, VM) \
	X(END_TO_END,		"end to end",		PACKET,	  RX, VM_TOTAL) \
	X(END_TO_END_LOCAL,	"end to end local",	PACKET,	  RX, VM_TOTAL) \
	X(END_TO_END_VM,	"end to end from VM",	PACKET,	  RX, VM_TOTAL) \
	X(GUEST_EXIT,		"guest exit",		WAKE,	  TX, VM) \
	X(KICK_WAKE,		"backend wake",		WAKE,	  TX, VM) \
	X(TX_SERVICE,		"backend service",	PACKET,	  TX, VM) \
	X(TX_STACK,		"stack",		PACKET,	  TX, VM) \
	X(TX_QDISC,		"qdisc",		PACKET,	  TX, VM_PART) \
	X(TX_END_TO_END,	"end to end",		PACKET,	  TX, VM_TOTAL) \
	X(TX_DRIVER,		"driver",		PACKET,	  TX, VM_AFTER) \
	X(TX_COMPLETION,	"completion",		PACKET,	  TX, VM_AFTER) \
	X(LOCAL_QDISC,		"qdisc",		PACKET,	  LOCAL, HOST) \
	X(LOCAL_DRIVER,		"driver",		PACKET,	  LOCAL, HOST_AFTER) \
	X(LOCAL_COMPLETION,	"completion",		PACKET,	  LOCAL, HOST_AFTER) \
	X(READER_STACK,		"stack",		WAKE,	  READER, HOST) \
	X(READER_XDP,		"xdp",			WAKE,	  READER, HOST) \
	X(READER_WAKE,		"reader wake",		WAKE,	  READER, HOST) \
	X(READER_COPY,		"copy",			WAKE,	  READER, HOST) \
	X(READER_END_TO_END,	"end to end",		WAKE,	  READER, HOST_TOTAL) \
	X(READER_END_TO_END_XDP, "end to end AF_XDP",	WAKE,	  READER, HOST_TOTAL) \
	X(DEVICE_HARD_IRQ,	"hard irq",		IRQ,	  DEVICE, VM) \
	X(DEVICE_IRQ_THREAD_WAKE, "irq thread wake",	WAKE,	  DEVICE, VM) \
	X(DEVICE_IRQ_THREAD,	"irq thread",		WAKE,	  DEVICE, VM) \
	X(DEVICE_SIGNAL,	"signal",		WAKE,	  DEVICE, VM) \
	X(DEVICE_VCPU_WAKE,	"vCPU wake",		WAKE,	  DEVICE, VM) \
	X(DEVICE_ENTRY,		"entry",		DELIVERY, DEVICE, VM) \
	X(DEVICE_KICK,		"kick",			DELIVERY, DEVICE, VM) \
	X(DEVICE_END_TO_END,	"end to end",		IRQ,	  DEVICE, VM_TOTAL)

#define LW_STAGE_HOST		LATWATCH_STAGE_FLAGS_HOST
#define LW_STAGE_HOST_PART	(LATWATCH_STAGE_FLAGS_HOST | \
				 LATWATCH_STAGE_FLAGS_NESTED)
#define LW_STAGE_HOST_AFTER	(LATWATCH_STAGE_FLAGS_HOST | \
				 LATWATCH_STAGE_FLAGS_AFTER)
#define LW_STAGE_HOST_TOTAL	(LATWATCH_STAGE_FLAGS_HOST | \
				 LATWATCH_STAGE_FLAGS_TOTAL)
#define LW_STAGE_VM		0
#define LW_STAGE_VM_AFTER	LATWATCH_STAGE_FLAGS_AFTER
#define LW_STAGE_VM_PART	LATWATCH_STAGE_FLAGS_NESTED
#define LW_STAGE_VM_TOTAL	LATWATCH_STAGE_FLAGS_TOTAL

/**
 * struct lw_stage - a row of the table
 * @name: what users read
 * @unit: enum latwatch_unit
 * @path: enum latwatch_path
 * @flags: enum latwatch_stage_flags
 * @place: its line in LW_STAGES, from 0
 */
struct lw_stage {
	const char *name;
	u8 unit;
	u8 path;
	u8 flags;
	u8 place;
};

extern const struct lw_stage lw_stages[LW_NSTAGES];
extern const char *const lw_mark_names[LATWATCH_MARK_MAX + 1];

#endif
