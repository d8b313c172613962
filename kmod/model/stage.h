/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stages: data, not code.
 *
 * A row is a stage's id (the UAPI's), its name, what it counts one of, the path it
 * belongs to, whose it is, and the marks that bound it. The order of the rows is that
 * in which the stages are shown; ids have none.
 *
 * Nobody else says where a stage begins and ends. lw_record() compares each call with
 * the row, the module sends the row with the stage's figures (netlink/stats.c), from
 * which the reporter splits the worst flight, and selftests/spec compares
 * Documentation/stages.rst with it.
 */
#ifndef LW_STAGE_H
#define LW_STAGE_H

#include <linux/bits.h>
#include <linux/types.h>

#include <uapi/linux/latwatch.h>

#define LW_NSTAGES	(LATWATCH_STAGE_MAX + 1)

/* the marks in the order of the way; out of a guest, it begins with an exit */
#define LW_MARKS(X) \
	X(BOUND, "bound") \
	X(IRQ, "irq") \
	X(THREAD_WAKE, "thread wake") \
	X(THREAD_RUN, "thread run") \
	X(RAISE, "raise") \
	X(SOFTIRQ, "softirq") \
	X(STEER, "steer") \
	X(EXIT, "exit") \
	X(KICK_WAKE, "kick wake") \
	X(KICK_RUN, "kick run") \
	X(STACK, "stack") \
	X(PARK, "park") \
	X(UNPARK, "unpark") \
	X(READER_WAKE, "reader wake") \
	X(READER_RUN, "reader run") \
	X(COPY, "copy") \
	X(QUEUE, "queue") \
	X(TAP, "tap") \
	X(BACKEND_WAKE, "backend wake") \
	X(BACKEND_RUN, "backend run") \
	X(TAKE, "take") \
	X(SIGNAL, "signal") \
	X(VCPU_WAKE, "vcpu wake") \
	X(VCPU_RUN, "vcpu run") \
	X(ENTRY, "entry") \
	X(XMIT, "xmit") \
	X(COMPLETE, "complete")

/*
 * What bounds a stage. A flight passes it if it has the marks FROM and TO, or OR_TO
 * where it lacks TO, all of WITH and none of WITHOUT. Without a FROM it begins with
 * the first mark of the flight; without a TO its end is no mark, and only who records
 * it knows its time.
 *
 * A flight passes stages of other paths than the one that it ends on, which these name
 * by ALSO: up to the stack, a packet for a reader cannot be told from one for a guest,
 * and one that another guest sent was its backend's before.
 */
#define LW_FROM(mark)		.from = BIT(LATWATCH_MARK_##mark)
#define LW_TO(mark)		.to = BIT(LATWATCH_MARK_##mark)
#define LW_OR_TO(mark)		.or_to = BIT(LATWATCH_MARK_##mark)
#define LW_WITH(mark)		.with = BIT(LATWATCH_MARK_##mark)
#define LW_WITHOUT(mark)	.without = BIT(LATWATCH_MARK_##mark)
#define LW_NOR(mark)		.nor = BIT(LATWATCH_MARK_##mark)
#define LW_ALSO(path)		.also = BIT(LATWATCH_PATH_##path)
/* of what a guest sends: to another one, too */
#define LW_ALSO_VM(path)	.also = BIT(LATWATCH_PATH_RX) | BIT(LATWATCH_PATH_##path)

/*
 * Whose a stage is, and what of the way: HOST or VM is the account that it is recorded
 * in. A PART lies within another stage; BY_TASK is one of several parts that have the
 * same marks, as the task that ended it tells them apart. AFTER comes behind the end,
 * TOTAL is the whole way. All others follow each other, and their sum is the total.
 */
#define LW_STAGE_HOST		.flags = LATWATCH_STAGE_FLAGS_HOST
#define LW_STAGE_HOST_BY_TASK(of) \
	.flags = LATWATCH_STAGE_FLAGS_HOST | LATWATCH_STAGE_FLAGS_NESTED | \
		 LATWATCH_STAGE_FLAGS_BY_TASK, \
	.within = LATWATCH_STAGE_##of
#define LW_STAGE_HOST_AFTER \
	.flags = LATWATCH_STAGE_FLAGS_HOST | LATWATCH_STAGE_FLAGS_AFTER
#define LW_STAGE_HOST_TOTAL \
	.flags = LATWATCH_STAGE_FLAGS_HOST | LATWATCH_STAGE_FLAGS_TOTAL
#define LW_STAGE_VM		.flags = 0
#define LW_STAGE_VM_PART(of) \
	.flags = LATWATCH_STAGE_FLAGS_NESTED, .within = LATWATCH_STAGE_##of
#define LW_STAGE_VM_AFTER	.flags = LATWATCH_STAGE_FLAGS_AFTER
#define LW_STAGE_VM_TOTAL	.flags = LATWATCH_STAGE_FLAGS_TOTAL

#define LW_STAGES(X) \
	X(HARD_IRQ, "hard irq", IRQ, RX, HOST, \
	  LW_FROM(IRQ), LW_TO(THREAD_WAKE), LW_OR_TO(RAISE), LW_ALSO(READER)) \
	X(IRQ_THREAD_WAKE, "irq thread wake", WAKE, RX, HOST, \
	  LW_FROM(THREAD_WAKE), LW_TO(THREAD_RUN), LW_ALSO(READER)) \
	X(IRQ_THREAD, "irq thread", WAKE, RX, HOST, \
	  LW_FROM(THREAD_RUN), LW_TO(RAISE), LW_ALSO(READER)) \
	X(BEFORE_POLL, "before poll", PACKET, RX, VM, \
	  LW_FROM(BOUND), LW_TO(RAISE), LW_ALSO(READER)) \
	X(SOFTIRQ_WAIT, "softirq wait", RUN, RX, HOST, \
	  LW_FROM(RAISE), LW_TO(SOFTIRQ), LW_ALSO(READER)) \
	X(SOFTIRQ_WAIT_THREAD, "by irq thread", RUN, RX, HOST_BY_TASK(SOFTIRQ_WAIT), \
	  LW_FROM(RAISE), LW_TO(SOFTIRQ)) \
	X(SOFTIRQ_WAIT_KSOFTIRQD, "by ksoftirqd", RUN, RX, HOST_BY_TASK(SOFTIRQ_WAIT), \
	  LW_FROM(RAISE), LW_TO(SOFTIRQ)) \
	X(SOFTIRQ_WAIT_KTIMERS, "by ktimers", RUN, RX, HOST_BY_TASK(SOFTIRQ_WAIT), \
	  LW_FROM(RAISE), LW_TO(SOFTIRQ)) \
	X(SOFTIRQ_WAIT_NAPI, "by NAPI thread", RUN, RX, HOST_BY_TASK(SOFTIRQ_WAIT), \
	  LW_FROM(RAISE), LW_TO(SOFTIRQ)) \
	X(SOFTIRQ_WAIT_OTHER, "by other task", RUN, RX, HOST_BY_TASK(SOFTIRQ_WAIT), \
	  LW_FROM(RAISE), LW_TO(SOFTIRQ)) \
	X(NAPI, "napi", PACKET, RX, VM, \
	  LW_FROM(SOFTIRQ), LW_TO(STACK), LW_ALSO(READER)) \
	X(STEERING, "steering", PACKET, RX, VM_PART(NAPI), \
	  LW_FROM(STEER), LW_TO(STACK), LW_ALSO(READER)) \
	X(STACK, "stack", PACKET, RX, VM, \
	  LW_FROM(STACK), LW_TO(TAP)) \
	X(PARKED, "parked", PACKET, RX, VM_PART(STACK), \
	  LW_FROM(PARK), LW_TO(UNPARK)) \
	X(QDISC, "qdisc", PACKET, RX, VM_PART(STACK), \
	  LW_FROM(QUEUE), LW_TO(TAP), LW_WITH(STACK)) \
	X(TO_PROCESS, "to process", PACKET, RX, VM, \
	  LW_FROM(SOFTIRQ), LW_TO(READER_WAKE), LW_OR_TO(READER_RUN), LW_WITHOUT(STACK)) \
	X(PROCESS_WAKE, "process wake", PACKET, RX, VM, \
	  LW_FROM(READER_WAKE), LW_TO(READER_RUN), LW_WITHOUT(STACK)) \
	X(PROCESS, "in process", PACKET, RX, VM, \
	  LW_FROM(READER_RUN), LW_TO(QUEUE), LW_OR_TO(TAP), LW_WITHOUT(STACK)) \
	X(LOCAL_QUEUE, "local queue", PACKET, RX, VM, \
	  LW_FROM(QUEUE), LW_TO(TAP), LW_WITHOUT(STACK)) \
	X(SOCKET, "VMM's socket", PACKET, RX, VM, \
	  LW_FROM(STACK), LW_TO(TAKE), LW_WITH(COPY)) \
	X(XDP, "xdp", PACKET, RX, VM, \
	  LW_FROM(SOFTIRQ), LW_TO(TAP), LW_WITHOUT(STACK), LW_NOR(READER_RUN)) \
	X(TAP_DWELL, "tap dwell", PACKET, RX, VM, \
	  LW_FROM(TAP), LW_TO(TAKE)) \
	X(BACKEND_WAKE, "backend wake", WAKE, RX, VM_PART(TAP_DWELL), \
	  LW_FROM(BACKEND_WAKE), LW_TO(BACKEND_RUN)) \
	X(BACKEND_SERVICE, "backend service", DELIVERY, RX, VM, \
	  LW_FROM(TAKE), LW_TO(SIGNAL)) \
	X(PENDING, "pending signal", DELIVERY, RX, VM, \
	  LW_FROM(TAKE), LW_TO(ENTRY), LW_WITHOUT(SIGNAL)) \
	X(SIGNAL, "signal", WAKE, RX, VM, \
	  LW_FROM(SIGNAL), LW_TO(VCPU_WAKE)) \
	X(VCPU_WAKE, "vCPU wake", WAKE, RX, VM, \
	  LW_FROM(VCPU_WAKE), LW_TO(VCPU_RUN)) \
	X(ENTRY, "entry", DELIVERY, RX, VM, \
	  LW_FROM(VCPU_RUN), LW_TO(ENTRY)) \
	X(KICK, "kick", DELIVERY, RX, VM, \
	  LW_FROM(SIGNAL), LW_TO(ENTRY), LW_WITHOUT(VCPU_WAKE)) \
	X(END_TO_END, "end to end", PACKET, RX, VM_TOTAL, \
	  LW_TO(ENTRY)) \
	X(END_TO_END_LOCAL, "end to end local", PACKET, RX, VM_TOTAL, \
	  LW_TO(ENTRY)) \
	X(END_TO_END_VM, "end to end from VM", PACKET, RX, VM_TOTAL, \
	  LW_TO(ENTRY)) \
	X(END_TO_END_PROCESS, "end to end process", PACKET, RX, VM_TOTAL, \
	  LW_TO(ENTRY)) \
	X(GUEST_EXIT, "guest exit", WAKE, TX, VM, \
	  LW_FROM(EXIT), LW_TO(KICK_WAKE), LW_ALSO_VM(READER)) \
	X(KICK_WAKE, "backend wake", WAKE, TX, VM, \
	  LW_FROM(KICK_WAKE), LW_TO(KICK_RUN), LW_ALSO_VM(READER)) \
	X(TX_SERVICE, "backend service", PACKET, TX, VM, \
	  LW_FROM(KICK_RUN), LW_TO(STACK), LW_OR_TO(TAP), LW_ALSO_VM(READER)) \
	X(TX_STACK, "stack", PACKET, TX, VM, \
	  LW_FROM(STACK), LW_TO(XMIT)) \
	X(TX_PARKED, "parked", PACKET, TX, VM_PART(TX_STACK), \
	  LW_FROM(PARK), LW_TO(UNPARK)) \
	X(TX_QDISC, "qdisc", PACKET, TX, VM_PART(TX_STACK), \
	  LW_FROM(QUEUE), LW_TO(XMIT)) \
	X(TX_END_TO_END, "end to end", PACKET, TX, VM_TOTAL, \
	  LW_TO(XMIT)) \
	X(TX_DRIVER, "driver", PACKET, TX, VM_AFTER, \
	  LW_FROM(XMIT)) \
	X(TX_COMPLETION, "completion", PACKET, TX, VM_AFTER, \
	  LW_FROM(XMIT), LW_TO(COMPLETE)) \
	X(LOCAL_QDISC, "qdisc", PACKET, LOCAL, HOST, \
	  LW_FROM(QUEUE), LW_TO(XMIT)) \
	X(LOCAL_DRIVER, "driver", PACKET, LOCAL, HOST_AFTER, \
	  LW_FROM(XMIT)) \
	X(LOCAL_COMPLETION, "completion", PACKET, LOCAL, HOST_AFTER, \
	  LW_FROM(XMIT), LW_TO(COMPLETE)) \
	X(READER_STACK, "stack", WAKE, READER, HOST, \
	  LW_FROM(STACK), LW_TO(READER_WAKE)) \
	X(READER_XDP, "xdp", WAKE, READER, HOST, \
	  LW_FROM(SOFTIRQ), LW_TO(READER_WAKE), LW_WITHOUT(STACK)) \
	X(READER_WAKE, "reader wake", WAKE, READER, HOST, \
	  LW_FROM(READER_WAKE), LW_TO(READER_RUN)) \
	X(READER_COPY, "copy", WAKE, READER, HOST, \
	  LW_FROM(READER_RUN), LW_TO(COPY)) \
	X(READER_END_TO_END, "end to end", WAKE, READER, HOST_TOTAL, \
	  LW_TO(COPY)) \
	X(READER_END_TO_END_VM, "end to end from VM", WAKE, READER, HOST_TOTAL, \
	  LW_TO(COPY)) \
	X(READER_END_TO_END_XDP, "end to end AF_XDP", WAKE, READER, HOST_TOTAL, \
	  LW_TO(READER_RUN)) \
	X(DEVICE_HARD_IRQ, "hard irq", IRQ, DEVICE, VM, \
	  LW_FROM(IRQ), LW_TO(THREAD_WAKE), LW_OR_TO(SIGNAL)) \
	X(DEVICE_IRQ_THREAD_WAKE, "irq thread wake", WAKE, DEVICE, VM, \
	  LW_FROM(THREAD_WAKE), LW_TO(THREAD_RUN)) \
	X(DEVICE_IRQ_THREAD, "irq thread", WAKE, DEVICE, VM, \
	  LW_FROM(THREAD_RUN), LW_TO(SIGNAL)) \
	X(DEVICE_SIGNAL, "signal", WAKE, DEVICE, VM, \
	  LW_FROM(SIGNAL), LW_TO(VCPU_WAKE)) \
	X(DEVICE_VCPU_WAKE, "vCPU wake", WAKE, DEVICE, VM, \
	  LW_FROM(VCPU_WAKE), LW_TO(VCPU_RUN)) \
	X(DEVICE_ENTRY, "entry", DELIVERY, DEVICE, VM, \
	  LW_FROM(VCPU_RUN), LW_TO(ENTRY)) \
	X(DEVICE_KICK, "kick", DELIVERY, DEVICE, VM, \
	  LW_FROM(SIGNAL), LW_TO(ENTRY), LW_WITHOUT(VCPU_WAKE)) \
	X(DEVICE_END_TO_END, "end to end", IRQ, DEVICE, VM_TOTAL, \
	  LW_TO(ENTRY))

/**
 * struct lw_stage - a row of the table
 * @name: what users read
 * @unit: enum latwatch_unit
 * @path: enum latwatch_path
 * @flags: enum latwatch_stage_flags
 * @place: its row in LW_STAGES, from 0
 * @within: the stage that it is a part of, if it is nested
 * @also: other paths whose flights may pass it, a bit each
 * @from: the mark that it begins with, as a bit; 0: the flight's first
 * @to: the mark that it ends with, as a bit; 0: none
 * @or_to: the mark that it ends with where @to is not set, as a bit; 0: none
 * @with: marks that are set where it is passed, a bit each
 * @without: a mark that is not, as a bit
 * @nor: another one, likewise
 */
struct lw_stage {
	const char *name;
	u8 unit;
	u8 path;
	u8 flags;
	u8 place;
	u8 within;
	u8 also;
	u32 from;
	u32 to;
	u32 or_to;
	u32 with;
	u32 without;
	u32 nor;
};

extern const struct lw_stage lw_stages[LW_NSTAGES];
extern const char *const lw_mark_names[LATWATCH_MARK_MAX + 1];
extern const u8 lw_mark_order[LATWATCH_MARK_MAX + 1];
extern const u8 lw_mark_place[LATWATCH_MARK_MAX + 1];

/* do these marks bound a stage? no code where all three are constants */
static __always_inline bool lw_stage_spans(enum latwatch_stage stage, enum latwatch_mark from,
					   enum latwatch_mark to)
{
	static const struct lw_stage rows[] = {
#define X(id, label, of, on, kind, ...) \
		[LATWATCH_STAGE_##id] = { LW_STAGE_##kind, __VA_ARGS__ },
		LW_STAGES(X)
#undef X
	};

	return rows[stage].from == BIT(from) &&
	       (rows[stage].to == BIT(to) || rows[stage].or_to == BIT(to));
}

#endif
