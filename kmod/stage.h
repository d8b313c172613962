/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stages: data, not code.
 *
 * One line is a stage's id (the UAPI's), its name, what it counts one of,
 * its flags and the tracepoints without which it is blind. Where a stage
 * begins and ends is said at the enum in the UAPI's specification, and
 * done where it is recorded: way_*.c.
 */
#ifndef LW_STAGE_H
#define LW_STAGE_H

#include <uapi/linux/latwatch.h>

#define LW_NSTAGES	(LATWATCH_STAGE_MAX + 1)

#define LW_STAGES(X) \
	X(HARD_IRQ,		"hard irq",		IRQ,	  HOST) \
	X(IRQ_THREAD_WAKE,	"irq thread wake",	WAKE,	  HOST) \
	X(IRQ_THREAD,		"irq thread",		WAKE,	  HOST) \
	X(SOFTIRQ_WAIT,		"softirq wait",		RUN,	  HOST) \
	X(SOFTIRQ_WAIT_THREAD,	"by irq thread",	RUN,	  HOST_PART) \
	X(SOFTIRQ_WAIT_KSOFTIRQD, "by ksoftirqd",	RUN,	  HOST_PART) \
	X(SOFTIRQ_WAIT_KTIMERS,	"by ktimers",		RUN,	  HOST_PART) \
	X(SOFTIRQ_WAIT_OTHER,	"by other task",	RUN,	  HOST_PART) \
	X(NAPI,			"napi",			PACKET,	  VM) \
	X(STACK,		"stack",		PACKET,	  VM) \
	X(QDISC,		"qdisc",		PACKET,	  VM_PART) \
	X(TAP_DWELL,		"tap dwell",		PACKET,	  VM) \
	X(BACKEND_WAKE,		"backend wake",		WAKE,	  VM_PART) \
	X(BACKEND_SERVICE,	"backend service",	DELIVERY, VM) \
	X(SIGNAL,		"signal",		WAKE,	  VM) \
	X(VCPU_WAKE,		"vCPU wake",		WAKE,	  VM) \
	X(ENTRY,		"entry",		DELIVERY, VM) \
	X(KICK,			"kick",			DELIVERY, VM) \
	X(END_TO_END,		"end to end",		PACKET,	  VM_TOTAL) \
	X(END_TO_END_LOCAL,	"end to end local",	PACKET,	  VM_TOTAL)

#define LW_STAGE_HOST		LATWATCH_STAGE_FLAGS_HOST
#define LW_STAGE_HOST_PART	(LATWATCH_STAGE_FLAGS_HOST | \
				 LATWATCH_STAGE_FLAGS_NESTED)
#define LW_STAGE_VM		0
#define LW_STAGE_VM_PART	LATWATCH_STAGE_FLAGS_NESTED
#define LW_STAGE_VM_TOTAL	LATWATCH_STAGE_FLAGS_TOTAL

/**
 * struct lw_stage - a row of the table
 * @name: what users read
 * @unit: enum latwatch_unit
 * @flags: enum latwatch_stage_flags
 */
struct lw_stage {
	const char *name;
	u8 unit;
	u8 flags;
};

extern const struct lw_stage lw_stages[LW_NSTAGES];
extern const char *const lw_mark_names[LATWATCH_MARK_MAX + 1];

#endif
