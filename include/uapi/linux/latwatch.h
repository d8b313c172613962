/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/latwatch.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_LATWATCH_H
#define _UAPI_LINUX_LATWATCH_H

#define LATWATCH_FAMILY_NAME	"latwatch"
#define LATWATCH_FAMILY_VERSION	1

/**
 * enum latwatch_mark - A point on the way, set by one tracepoint or kprobe. A
 *   number stays what it is: new marks come last. A watermark has them in the
 *   order of the way.
 * @LATWATCH_MARK_IRQ: A device's hard irq handler was entered.
 * @LATWATCH_MARK_THREAD_WAKE: The hard irq woke its irq thread.
 * @LATWATCH_MARK_THREAD_RUN: The irq thread was switched to.
 * @LATWATCH_MARK_RAISE: NET_RX was raised, or the NAPI thread woken.
 * @LATWATCH_MARK_SOFTIRQ: NET_RX was entered, or the NAPI thread switched to.
 * @LATWATCH_MARK_STACK: The network stack received the packet.
 * @LATWATCH_MARK_QUEUE: The packet was queued to the queueing discipline of a
 *   tap or a NIC.
 * @LATWATCH_MARK_TAP: The packet was handed to the tap driver, or was
 *   redirected to the tap by XDP.
 * @LATWATCH_MARK_BACKEND_WAKE: The tap woke the backend for this packet.
 * @LATWATCH_MARK_BACKEND_RUN: The backend was switched to.
 * @LATWATCH_MARK_TAKE: The backend had copied the packet to the guest's
 *   memory.
 * @LATWATCH_MARK_SIGNAL: The guest's interrupt controller accepted the
 *   interrupt.
 * @LATWATCH_MARK_VCPU_WAKE: The signal woke the vCPU's thread.
 * @LATWATCH_MARK_VCPU_RUN: The vCPU's thread was switched to.
 * @LATWATCH_MARK_ENTRY: The vCPU entered the guest with the interrupt
 *   injected.
 * @LATWATCH_MARK_EXIT: A vCPU left the guest, and kicked a backend.
 * @LATWATCH_MARK_KICK_WAKE: The kick woke the backend.
 * @LATWATCH_MARK_KICK_RUN: The backend was switched to.
 * @LATWATCH_MARK_XMIT: The packet was handed to a NIC's driver.
 * @LATWATCH_MARK_COMPLETE: The NIC's driver freed the packet, which was sent.
 * @LATWATCH_MARK_READER_WAKE: The stack woke a task for the packet.
 * @LATWATCH_MARK_READER_RUN: That task was switched to.
 * @LATWATCH_MARK_COPY: That task had the packet copied to it.
 * @LATWATCH_MARK_STEER: The poll handed the packet to GRO, while packets are
 *   steered.
 * @LATWATCH_MARK_BOUND: The latest moment of which it is known that the packet
 *   had not arrived, where no interrupt tells; it arrived later.
 * @LATWATCH_MARK_PARK: A virtual device, or a kernel thread, got the packet;
 *   of several times, the one that lasted longest.
 * @LATWATCH_MARK_UNPARK: The packet was seen next, in the stack or at a queue.
 */
enum latwatch_mark {
	LATWATCH_MARK_IRQ,
	LATWATCH_MARK_THREAD_WAKE,
	LATWATCH_MARK_THREAD_RUN,
	LATWATCH_MARK_RAISE,
	LATWATCH_MARK_SOFTIRQ,
	LATWATCH_MARK_STACK,
	LATWATCH_MARK_QUEUE,
	LATWATCH_MARK_TAP,
	LATWATCH_MARK_BACKEND_WAKE,
	LATWATCH_MARK_BACKEND_RUN,
	LATWATCH_MARK_TAKE,
	LATWATCH_MARK_SIGNAL,
	LATWATCH_MARK_VCPU_WAKE,
	LATWATCH_MARK_VCPU_RUN,
	LATWATCH_MARK_ENTRY,
	LATWATCH_MARK_EXIT,
	LATWATCH_MARK_KICK_WAKE,
	LATWATCH_MARK_KICK_RUN,
	LATWATCH_MARK_XMIT,
	LATWATCH_MARK_COMPLETE,
	LATWATCH_MARK_READER_WAKE,
	LATWATCH_MARK_READER_RUN,
	LATWATCH_MARK_COPY,
	LATWATCH_MARK_STEER,
	LATWATCH_MARK_BOUND,
	LATWATCH_MARK_PARK,
	LATWATCH_MARK_UNPARK,

	/* private: */
	__LATWATCH_MARK_MAX,
	LATWATCH_MARK_MAX = (__LATWATCH_MARK_MAX - 1)
};

/**
 * enum latwatch_stage - The time between two marks. A number stays what it is:
 *   new stages come last. The attribute place says in which order they are
 *   shown.
 * @LATWATCH_STAGE_HARD_IRQ: irq to thread-wake, or to raise where there is no
 *   irq thread.
 * @LATWATCH_STAGE_IRQ_THREAD_WAKE: thread-wake to thread-run.
 * @LATWATCH_STAGE_IRQ_THREAD: thread-run to raise.
 * @LATWATCH_STAGE_SOFTIRQ_WAIT: raise to softirq.
 * @LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD: The part of softirq-wait that an irq
 *   thread ended.
 * @LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD: The part of softirq-wait that
 *   ksoftirqd ended.
 * @LATWATCH_STAGE_SOFTIRQ_WAIT_KTIMERS: The part of softirq-wait that ktimers
 *   ended.
 * @LATWATCH_STAGE_SOFTIRQ_WAIT_NAPI: The part of softirq-wait that a NAPI
 *   thread ended.
 * @LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER: The part of softirq-wait that any other
 *   task ended, or an interrupt on top of it.
 * @LATWATCH_STAGE_NAPI: softirq to stack.
 * @LATWATCH_STAGE_STEERING: steer to stack, on another CPU; a part of napi.
 * @LATWATCH_STAGE_STACK: stack to tap.
 * @LATWATCH_STAGE_QDISC: queue to tap, a part of stack.
 * @LATWATCH_STAGE_LOCAL_QUEUE: queue to tap, of packets that this host's stack
 *   made.
 * @LATWATCH_STAGE_SOCKET: stack to take, where the VMM reads packets from a
 *   socket.
 * @LATWATCH_STAGE_XDP: softirq to tap, of packets that XDP redirects to it
 *   without an skb.
 * @LATWATCH_STAGE_TAP_DWELL: tap to take.
 * @LATWATCH_STAGE_BACKEND_WAKE: backend-wake to backend-run, a part of
 *   tap-dwell.
 * @LATWATCH_STAGE_BACKEND_SERVICE: take of a batch's first packet to signal.
 * @LATWATCH_STAGE_SIGNAL: signal to vcpu-wake.
 * @LATWATCH_STAGE_VCPU_WAKE: vcpu-wake to vcpu-run.
 * @LATWATCH_STAGE_ENTRY: vcpu-run to entry, where the signal woke the vCPU.
 * @LATWATCH_STAGE_KICK: signal to entry, where the vCPU was awake already.
 * @LATWATCH_STAGE_END_TO_END: First mark of a packet from a NIC to entry.
 * @LATWATCH_STAGE_END_TO_END_LOCAL: First mark of a packet from this host to
 *   entry.
 * @LATWATCH_STAGE_END_TO_END_VM: First mark of a packet from another VM to
 *   entry.
 * @LATWATCH_STAGE_GUEST_EXIT: exit to kick-wake.
 * @LATWATCH_STAGE_KICK_WAKE: kick-wake to kick-run.
 * @LATWATCH_STAGE_TX_SERVICE: kick-run to stack, or to tap of a packet that
 *   XDP redirects from one VM to another.
 * @LATWATCH_STAGE_TX_STACK: stack to xmit.
 * @LATWATCH_STAGE_TX_QDISC: queue to xmit, a part of tx-stack.
 * @LATWATCH_STAGE_TX_END_TO_END: First mark of a packet from a VM to xmit.
 * @LATWATCH_STAGE_TX_DRIVER: xmit until the driver's transmit function
 *   returns.
 * @LATWATCH_STAGE_TX_COMPLETION: xmit to complete.
 * @LATWATCH_STAGE_LOCAL_QDISC: queue to xmit, of packets from this host.
 * @LATWATCH_STAGE_LOCAL_DRIVER: As tx-driver, of packets from this host.
 * @LATWATCH_STAGE_LOCAL_COMPLETION: As tx-completion, of packets from this
 *   host.
 * @LATWATCH_STAGE_READER_STACK: stack to reader-wake.
 * @LATWATCH_STAGE_READER_XDP: softirq to reader-wake, of packets that XDP
 *   gives to an AF_XDP socket without an skb.
 * @LATWATCH_STAGE_READER_WAKE: reader-wake to reader-run.
 * @LATWATCH_STAGE_READER_COPY: reader-run to copy.
 * @LATWATCH_STAGE_READER_END_TO_END: First mark of a packet from a NIC to
 *   copy.
 * @LATWATCH_STAGE_READER_END_TO_END_XDP: First mark of a packet from a NIC to
 *   reader-run, where XDP gave it to an AF_XDP socket.
 * @LATWATCH_STAGE_DEVICE_HARD_IRQ: irq to thread-wake, or to signal where
 *   there is no irq thread.
 * @LATWATCH_STAGE_DEVICE_IRQ_THREAD_WAKE: thread-wake to thread-run.
 * @LATWATCH_STAGE_DEVICE_IRQ_THREAD: thread-run to signal.
 * @LATWATCH_STAGE_DEVICE_SIGNAL: signal to vcpu-wake.
 * @LATWATCH_STAGE_DEVICE_VCPU_WAKE: vcpu-wake to vcpu-run.
 * @LATWATCH_STAGE_DEVICE_ENTRY: vcpu-run to entry, where the signal woke the
 *   vCPU.
 * @LATWATCH_STAGE_DEVICE_KICK: signal to entry, where the vCPU was awake
 *   already.
 * @LATWATCH_STAGE_DEVICE_END_TO_END: First mark, which is irq, to entry, of an
 *   interrupt of a device that is passed through.
 * @LATWATCH_STAGE_BEFORE_POLL: bound to raise; an upper bound of the wait for
 *   the poll.
 * @LATWATCH_STAGE_PARKED: park to unpark, a part of stack; with a virtual
 *   device.
 * @LATWATCH_STAGE_TX_PARKED: park to unpark, a part of tx-stack; with a
 *   virtual device.
 * @LATWATCH_STAGE_PENDING: take to entry, of what was taken while the
 *   backend's last signal had not reached the guest, and came with it.
 * @LATWATCH_STAGE_READER_END_TO_END_VM: First mark to copy, of packets that a
 *   VM sent to a process of this host.
 * @LATWATCH_STAGE_TO_PROCESS: softirq to reader-wake, or to reader-run, of
 *   what a process took and sent on.
 * @LATWATCH_STAGE_PROCESS_WAKE: reader-wake to reader-run, likewise.
 * @LATWATCH_STAGE_PROCESS: reader-run to queue, or to tap where there is none,
 *   likewise.
 * @LATWATCH_STAGE_END_TO_END_PROCESS: First mark to entry, of what a process
 *   sent; an upper bound, as it may be made of a later packet than the first
 *   that the process took.
 */
enum latwatch_stage {
	LATWATCH_STAGE_HARD_IRQ,
	LATWATCH_STAGE_IRQ_THREAD_WAKE,
	LATWATCH_STAGE_IRQ_THREAD,
	LATWATCH_STAGE_SOFTIRQ_WAIT,
	LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD,
	LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD,
	LATWATCH_STAGE_SOFTIRQ_WAIT_KTIMERS,
	LATWATCH_STAGE_SOFTIRQ_WAIT_NAPI,
	LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER,
	LATWATCH_STAGE_NAPI,
	LATWATCH_STAGE_STEERING,
	LATWATCH_STAGE_STACK,
	LATWATCH_STAGE_QDISC,
	LATWATCH_STAGE_LOCAL_QUEUE,
	LATWATCH_STAGE_SOCKET,
	LATWATCH_STAGE_XDP,
	LATWATCH_STAGE_TAP_DWELL,
	LATWATCH_STAGE_BACKEND_WAKE,
	LATWATCH_STAGE_BACKEND_SERVICE,
	LATWATCH_STAGE_SIGNAL,
	LATWATCH_STAGE_VCPU_WAKE,
	LATWATCH_STAGE_ENTRY,
	LATWATCH_STAGE_KICK,
	LATWATCH_STAGE_END_TO_END,
	LATWATCH_STAGE_END_TO_END_LOCAL,
	LATWATCH_STAGE_END_TO_END_VM,
	LATWATCH_STAGE_GUEST_EXIT,
	LATWATCH_STAGE_KICK_WAKE,
	LATWATCH_STAGE_TX_SERVICE,
	LATWATCH_STAGE_TX_STACK,
	LATWATCH_STAGE_TX_QDISC,
	LATWATCH_STAGE_TX_END_TO_END,
	LATWATCH_STAGE_TX_DRIVER,
	LATWATCH_STAGE_TX_COMPLETION,
	LATWATCH_STAGE_LOCAL_QDISC,
	LATWATCH_STAGE_LOCAL_DRIVER,
	LATWATCH_STAGE_LOCAL_COMPLETION,
	LATWATCH_STAGE_READER_STACK,
	LATWATCH_STAGE_READER_XDP,
	LATWATCH_STAGE_READER_WAKE,
	LATWATCH_STAGE_READER_COPY,
	LATWATCH_STAGE_READER_END_TO_END,
	LATWATCH_STAGE_READER_END_TO_END_XDP,
	LATWATCH_STAGE_DEVICE_HARD_IRQ,
	LATWATCH_STAGE_DEVICE_IRQ_THREAD_WAKE,
	LATWATCH_STAGE_DEVICE_IRQ_THREAD,
	LATWATCH_STAGE_DEVICE_SIGNAL,
	LATWATCH_STAGE_DEVICE_VCPU_WAKE,
	LATWATCH_STAGE_DEVICE_ENTRY,
	LATWATCH_STAGE_DEVICE_KICK,
	LATWATCH_STAGE_DEVICE_END_TO_END,
	LATWATCH_STAGE_BEFORE_POLL,
	LATWATCH_STAGE_PARKED,
	LATWATCH_STAGE_TX_PARKED,
	LATWATCH_STAGE_PENDING,
	LATWATCH_STAGE_READER_END_TO_END_VM,
	LATWATCH_STAGE_TO_PROCESS,
	LATWATCH_STAGE_PROCESS_WAKE,
	LATWATCH_STAGE_PROCESS,
	LATWATCH_STAGE_END_TO_END_PROCESS,

	/* private: */
	__LATWATCH_STAGE_MAX,
	LATWATCH_STAGE_MAX = (__LATWATCH_STAGE_MAX - 1)
};

/**
 * enum latwatch_unit - What a stage counts one of.
 */
enum latwatch_unit {
	LATWATCH_UNIT_IRQ,
	LATWATCH_UNIT_WAKE,
	LATWATCH_UNIT_RUN,
	LATWATCH_UNIT_PACKET,
	LATWATCH_UNIT_DELIVERY,
};

/**
 * enum latwatch_stage_flags
 * @LATWATCH_STAGE_FLAGS_NESTED: Lies inside another stage and is no term of
 *   the sum.
 * @LATWATCH_STAGE_FLAGS_HOST: Is counted for the host, not for a VM.
 * @LATWATCH_STAGE_FLAGS_TOTAL: Spans the whole way.
 * @LATWATCH_STAGE_FLAGS_BLIND: A tracepoint or a kprobe that it needs is not
 *   attached.
 * @LATWATCH_STAGE_FLAGS_AFTER: Comes after the end of the way.
 * @LATWATCH_STAGE_FLAGS_BY_TASK: One of several parts of a stage that have its
 *   marks. Which of them a flight passed, its marks do not say.
 */
enum latwatch_stage_flags {
	LATWATCH_STAGE_FLAGS_NESTED = 1,
	LATWATCH_STAGE_FLAGS_HOST = 2,
	LATWATCH_STAGE_FLAGS_TOTAL = 4,
	LATWATCH_STAGE_FLAGS_BLIND = 8,
	LATWATCH_STAGE_FLAGS_AFTER = 16,
	LATWATCH_STAGE_FLAGS_BY_TASK = 32,
};

/**
 * enum latwatch_path - The way that a stage or a ledger's line belongs to. rx,
 *   into a guest; tx, out of a guest; local, from a process of this host or
 *   another NIC to a NIC; reader, to a process of this host. What precedes the
 *   knowledge of where a packet goes is rx. device, the interrupts of devices
 *   that are passed through to a guest, whose data the host does not see.
 */
enum latwatch_path {
	LATWATCH_PATH_RX,
	LATWATCH_PATH_TX,
	LATWATCH_PATH_LOCAL,
	LATWATCH_PATH_READER,
	LATWATCH_PATH_DEVICE,
};

/**
 * enum latwatch_category - The heads of the ledger. For each path, opened =
 *   delivered + merged + suppressed + dropped + elsewhere + lost + in-flight;
 *   notes are outside the sum.
 */
enum latwatch_category {
	LATWATCH_CATEGORY_OPENED,
	LATWATCH_CATEGORY_DELIVERED,
	LATWATCH_CATEGORY_MERGED,
	LATWATCH_CATEGORY_SUPPRESSED,
	LATWATCH_CATEGORY_DROPPED,
	LATWATCH_CATEGORY_ELSEWHERE,
	LATWATCH_CATEGORY_LOST,
	LATWATCH_CATEGORY_IN_FLIGHT,
	LATWATCH_CATEGORY_NOTE,
};

/**
 * enum latwatch_role - What a task did on a flight's way.
 */
enum latwatch_role {
	LATWATCH_ROLE_IRQ_THREAD,
	LATWATCH_ROLE_RUNNER,
	LATWATCH_ROLE_BACKEND,
	LATWATCH_ROLE_VCPU,
	LATWATCH_ROLE_INTERRUPTED,
	LATWATCH_ROLE_READER,
};

/**
 * enum latwatch_origin - How a flight began. irq, by a device's interrupt;
 *   poll, found by a NAPI poll that no interrupt asked for; local, sent by
 *   this host; vm, sent by another VM, or by the one that the path is out of;
 *   timer, found by a NAPI poll that a timer asked for; device, an interrupt
 *   of a device that is passed through. The last three begin with the mark
 *   bound, and what is counted from there is an upper bound: after-irq, found
 *   by a poll that went on after an interrupt, which is the bound;
 *   after-empty, found after a poll that left the ring empty, whose begin is
 *   the bound; after-turn, found by a poll that goes on for longer than the
 *   ring has slots: the bound is the begin of the poll that emptied its slot
 *   before. process, sent by a process of this host that a NIC's packet woke,
 *   before it slept again.
 */
enum latwatch_origin {
	LATWATCH_ORIGIN_LOCAL,
	LATWATCH_ORIGIN_POLL,
	LATWATCH_ORIGIN_IRQ,
	LATWATCH_ORIGIN_VM,
	LATWATCH_ORIGIN_TIMER,
	LATWATCH_ORIGIN_DEVICE,
	LATWATCH_ORIGIN_AFTER_IRQ,
	LATWATCH_ORIGIN_AFTER_EMPTY,
	LATWATCH_ORIGIN_AFTER_TURN,
	LATWATCH_ORIGIN_PROCESS,
};

/**
 * enum latwatch_probe_kind - What an event is seen by.
 */
enum latwatch_probe_kind {
	LATWATCH_PROBE_KIND_TRACEPOINT,
	LATWATCH_PROBE_KIND_KPROBE,
};

/**
 * enum latwatch_signal_source - What sets the mark of the signal. A signal
 *   that is inferred is one that a backend's wake of a vCPU, or its IPI to
 *   where one runs, is taken for.
 */
enum latwatch_signal_source {
	LATWATCH_SIGNAL_SOURCE_TRACEPOINT,
	LATWATCH_SIGNAL_SOURCE_KPROBE,
	LATWATCH_SIGNAL_SOURCE_INFERRED,
};

/**
 * enum latwatch_prototype - What the running kernel's type information (BTF)
 *   says of the arguments that an event comes with. They fit; they are not
 *   what the module reads, and the probe is not attached; or the kernel has no
 *   such information, or it cannot be read, and nothing was compared.
 */
enum latwatch_prototype {
	LATWATCH_PROTOTYPE_FITS,
	LATWATCH_PROTOTYPE_CHANGED,
	LATWATCH_PROTOTYPE_UNCHECKED,
};

/**
 * enum latwatch_culprit_kind - What filled time of a stage that was not the
 *   stage's own. A number stays what it is: new kinds come last.
 * @LATWATCH_CULPRIT_KIND_THREAD: A task kept the CPU that the flight waited
 *   for, or preempted the task that carried it.
 * @LATWATCH_CULPRIT_KIND_HARD_IRQ: A device's interrupt handler ran.
 * @LATWATCH_CULPRIT_KIND_SOFTIRQ: A softirq ran.
 * @LATWATCH_CULPRIT_KIND_IDLE: The CPU was idle, and had to leave that first.
 * @LATWATCH_CULPRIT_KIND_BLOCKED: The task that carried the flight waited for
 *   a lock, a page or a disk, and then for its CPU.
 * @LATWATCH_CULPRIT_KIND_MOVED: The woken task waited for another CPU, and was
 *   moved to this one.
 * @LATWATCH_CULPRIT_KIND_OTHERS: More than there was room for, together.
 * @LATWATCH_CULPRIT_KIND_LOCK: The task that carried the flight waited for a
 *   sleeping lock of PREEMPT_RT, or a mutex, and then for its CPU. The task
 *   that is named held it.
 * @LATWATCH_CULPRIT_KIND_IPI: The CPU served an interrupt of its own: of
 *   another CPU, or of its timer.
 */
enum latwatch_culprit_kind {
	LATWATCH_CULPRIT_KIND_THREAD,
	LATWATCH_CULPRIT_KIND_HARD_IRQ,
	LATWATCH_CULPRIT_KIND_SOFTIRQ,
	LATWATCH_CULPRIT_KIND_IDLE,
	LATWATCH_CULPRIT_KIND_BLOCKED,
	LATWATCH_CULPRIT_KIND_MOVED,
	LATWATCH_CULPRIT_KIND_OTHERS,
	LATWATCH_CULPRIT_KIND_LOCK,
	LATWATCH_CULPRIT_KIND_IPI,

	/* private: */
	__LATWATCH_CULPRIT_KIND_MAX,
	LATWATCH_CULPRIT_KIND_MAX = (__LATWATCH_CULPRIT_KIND_MAX - 1)
};

enum {
	LATWATCH_A_TRACEPOINT_NAME = 1,
	LATWATCH_A_TRACEPOINT_ATTACHED,
	LATWATCH_A_TRACEPOINT_COST,
	LATWATCH_A_TRACEPOINT_KIND,
	LATWATCH_A_TRACEPOINT_MISSED,
	LATWATCH_A_TRACEPOINT_PROTOTYPE,

	__LATWATCH_A_TRACEPOINT_MAX,
	LATWATCH_A_TRACEPOINT_MAX = (__LATWATCH_A_TRACEPOINT_MAX - 1)
};

enum {
	LATWATCH_A_LIMIT_NAME = 1,
	LATWATCH_A_LIMIT_SIZE,
	LATWATCH_A_LIMIT_USED,

	__LATWATCH_A_LIMIT_MAX,
	LATWATCH_A_LIMIT_MAX = (__LATWATCH_A_LIMIT_MAX - 1)
};

enum {
	LATWATCH_A_INFO_VERSION = 1,
	LATWATCH_A_INFO_KERNEL,
	LATWATCH_A_INFO_PREEMPT_RT,
	LATWATCH_A_INFO_CLOCK,
	LATWATCH_A_INFO_EPOCH,
	LATWATCH_A_INFO_SINCE,
	LATWATCH_A_INFO_SINCE_REAL,
	LATWATCH_A_INFO_NOW,
	LATWATCH_A_INFO_MEMORY,
	LATWATCH_A_INFO_TRACEPOINT,
	LATWATCH_A_INFO_LIMIT,
	LATWATCH_A_INFO_OFF,
	LATWATCH_A_INFO_SIGNAL_SOURCE,
	LATWATCH_A_INFO_MARK,

	__LATWATCH_A_INFO_MAX,
	LATWATCH_A_INFO_MAX = (__LATWATCH_A_INFO_MAX - 1)
};

enum {
	LATWATCH_A_BUCKET_LOW = 1,
	LATWATCH_A_BUCKET_HIGH,
	LATWATCH_A_BUCKET_COUNT,

	__LATWATCH_A_BUCKET_MAX,
	LATWATCH_A_BUCKET_MAX = (__LATWATCH_A_BUCKET_MAX - 1)
};

enum {
	LATWATCH_A_STAGE_VM = 1,
	LATWATCH_A_STAGE_ID,
	LATWATCH_A_STAGE_NAME,
	LATWATCH_A_STAGE_UNIT,
	LATWATCH_A_STAGE_FLAGS,
	LATWATCH_A_STAGE_COUNT,
	LATWATCH_A_STAGE_MINIMUM,
	LATWATCH_A_STAGE_MAXIMUM,
	LATWATCH_A_STAGE_SUM,
	LATWATCH_A_STAGE_SUMSQ_LOW,
	LATWATCH_A_STAGE_SUMSQ_HIGH,
	LATWATCH_A_STAGE_BUCKET,
	LATWATCH_A_STAGE_PATH,
	LATWATCH_A_STAGE_PLACE,
	LATWATCH_A_STAGE_FROM,
	LATWATCH_A_STAGE_TO,
	LATWATCH_A_STAGE_OR_TO,
	LATWATCH_A_STAGE_WITH,
	LATWATCH_A_STAGE_WITHOUT,
	LATWATCH_A_STAGE_WITHIN,
	LATWATCH_A_STAGE_ALSO,

	__LATWATCH_A_STAGE_MAX,
	LATWATCH_A_STAGE_MAX = (__LATWATCH_A_STAGE_MAX - 1)
};

enum {
	LATWATCH_A_FLIGHT_MARK_ID = 1,
	LATWATCH_A_FLIGHT_MARK_NAME,
	LATWATCH_A_FLIGHT_MARK_TIME,
	LATWATCH_A_FLIGHT_MARK_CPU,

	__LATWATCH_A_FLIGHT_MARK_MAX,
	LATWATCH_A_FLIGHT_MARK_MAX = (__LATWATCH_A_FLIGHT_MARK_MAX - 1)
};

enum {
	LATWATCH_A_ACTOR_ROLE = 1,
	LATWATCH_A_ACTOR_PID,
	LATWATCH_A_ACTOR_COMM,
	LATWATCH_A_ACTOR_POLICY,
	LATWATCH_A_ACTOR_PRIO,

	__LATWATCH_A_ACTOR_MAX,
	LATWATCH_A_ACTOR_MAX = (__LATWATCH_A_ACTOR_MAX - 1)
};

enum {
	LATWATCH_A_CULPRIT_KIND = 1,
	LATWATCH_A_CULPRIT_TIME,
	LATWATCH_A_CULPRIT_CPU,
	LATWATCH_A_CULPRIT_ID,
	LATWATCH_A_CULPRIT_NAME,
	LATWATCH_A_CULPRIT_PID,
	LATWATCH_A_CULPRIT_POLICY,
	LATWATCH_A_CULPRIT_PRIO,
	LATWATCH_A_CULPRIT_MARK,
	LATWATCH_A_CULPRIT_FLIGHTS,
	LATWATCH_A_CULPRIT_WORST,
	LATWATCH_A_CULPRIT_FUNCTION,

	__LATWATCH_A_CULPRIT_MAX,
	LATWATCH_A_CULPRIT_MAX = (__LATWATCH_A_CULPRIT_MAX - 1)
};

enum {
	LATWATCH_A_WATERMARK_VM = 1,
	LATWATCH_A_WATERMARK_ID,
	LATWATCH_A_WATERMARK_NAME,
	LATWATCH_A_WATERMARK_VALUE,
	LATWATCH_A_WATERMARK_TIME,
	LATWATCH_A_WATERMARK_CPU,
	LATWATCH_A_WATERMARK_IRQ,
	LATWATCH_A_WATERMARK_ORIGIN,
	LATWATCH_A_WATERMARK_BATCH,
	LATWATCH_A_WATERMARK_MARK,
	LATWATCH_A_WATERMARK_ACTOR,
	LATWATCH_A_WATERMARK_LIMIT,
	LATWATCH_A_WATERMARK_COUNT,
	LATWATCH_A_WATERMARK_DROPPED,
	LATWATCH_A_WATERMARK_CULPRIT,
	LATWATCH_A_WATERMARK_UNKNOWN,

	__LATWATCH_A_WATERMARK_MAX,
	LATWATCH_A_WATERMARK_MAX = (__LATWATCH_A_WATERMARK_MAX - 1)
};

enum {
	LATWATCH_A_RANKING_VM = 1,
	LATWATCH_A_RANKING_ID,
	LATWATCH_A_RANKING_NAME,
	LATWATCH_A_RANKING_FLIGHTS,
	LATWATCH_A_RANKING_SUM,
	LATWATCH_A_RANKING_UNKNOWN,
	LATWATCH_A_RANKING_CULPRIT,

	__LATWATCH_A_RANKING_MAX,
	LATWATCH_A_RANKING_MAX = (__LATWATCH_A_RANKING_MAX - 1)
};

enum {
	LATWATCH_A_WAY_TAP = 1,
	LATWATCH_A_WAY_KIND,
	LATWATCH_A_WAY_OVER,
	LATWATCH_A_WAY_OVER_KIND,
	LATWATCH_A_WAY_SOURCE,
	LATWATCH_A_WAY_SEVERAL,

	__LATWATCH_A_WAY_MAX,
	LATWATCH_A_WAY_MAX = (__LATWATCH_A_WAY_MAX - 1)
};

enum {
	LATWATCH_A_VM_ID = 1,
	LATWATCH_A_VM_PID,
	LATWATCH_A_VM_COMM,
	LATWATCH_A_VM_SINCE,
	LATWATCH_A_VM_GONE,
	LATWATCH_A_VM_VCPUS,
	LATWATCH_A_VM_BACKENDS,
	LATWATCH_A_VM_TAP,
	LATWATCH_A_VM_WORKERS,
	LATWATCH_A_VM_WAY,

	__LATWATCH_A_VM_MAX,
	LATWATCH_A_VM_MAX = (__LATWATCH_A_VM_MAX - 1)
};

enum {
	LATWATCH_A_CPU_STAGE_ID = 1,
	LATWATCH_A_CPU_STAGE_NAME,
	LATWATCH_A_CPU_STAGE_COUNT,
	LATWATCH_A_CPU_STAGE_MAXIMUM,

	__LATWATCH_A_CPU_STAGE_MAX,
	LATWATCH_A_CPU_STAGE_MAX = (__LATWATCH_A_CPU_STAGE_MAX - 1)
};

enum {
	LATWATCH_A_CPU_ID = 1,
	LATWATCH_A_CPU_MARK,
	LATWATCH_A_CPU_MAXIMUM,

	__LATWATCH_A_CPU_MAX,
	LATWATCH_A_CPU_MAX = (__LATWATCH_A_CPU_MAX - 1)
};

enum {
	LATWATCH_A_ENTRY_CATEGORY = 1,
	LATWATCH_A_ENTRY_NAME,
	LATWATCH_A_ENTRY_COUNT,
	LATWATCH_A_ENTRY_PATH,

	__LATWATCH_A_ENTRY_MAX,
	LATWATCH_A_ENTRY_MAX = (__LATWATCH_A_ENTRY_MAX - 1)
};

enum {
	LATWATCH_A_LEDGER_VM = 1,
	LATWATCH_A_LEDGER_ENTRY,

	__LATWATCH_A_LEDGER_MAX,
	LATWATCH_A_LEDGER_MAX = (__LATWATCH_A_LEDGER_MAX - 1)
};

enum {
	LATWATCH_A_SECOND_BEGIN = 1,
	LATWATCH_A_SECOND_COUNT,
	LATWATCH_A_SECOND_MAXIMUM,

	__LATWATCH_A_SECOND_MAX,
	LATWATCH_A_SECOND_MAX = (__LATWATCH_A_SECOND_MAX - 1)
};

enum {
	LATWATCH_A_WINDOW_VM = 1,
	LATWATCH_A_WINDOW_ID,
	LATWATCH_A_WINDOW_NAME,
	LATWATCH_A_WINDOW_PATH,
	LATWATCH_A_WINDOW_SINCE,
	LATWATCH_A_WINDOW_SECOND,

	__LATWATCH_A_WINDOW_MAX,
	LATWATCH_A_WINDOW_MAX = (__LATWATCH_A_WINDOW_MAX - 1)
};

enum {
	LATWATCH_A_BOUND_VM = 1,
	LATWATCH_A_BOUND_STAGE,
	LATWATCH_A_BOUND_LIMIT,
	LATWATCH_A_BOUND_BREACHES,
	LATWATCH_A_BOUND_NAME,
	LATWATCH_A_BOUND_PATH,

	__LATWATCH_A_BOUND_MAX,
	LATWATCH_A_BOUND_MAX = (__LATWATCH_A_BOUND_MAX - 1)
};

enum {
	LATWATCH_A_BUDGET_BOUND = 1,
	LATWATCH_A_BUDGET_DROPPED,

	__LATWATCH_A_BUDGET_MAX,
	LATWATCH_A_BUDGET_MAX = (__LATWATCH_A_BUDGET_MAX - 1)
};

enum {
	LATWATCH_A_SETTING_SELF_COST = 1,
	LATWATCH_A_SETTING_MEASURE,
	LATWATCH_A_SETTING_CULPRITS,

	__LATWATCH_A_SETTING_MAX,
	LATWATCH_A_SETTING_MAX = (__LATWATCH_A_SETTING_MAX - 1)
};

enum {
	LATWATCH_A_COST_PROBE = 1,
	LATWATCH_A_COST_CPU,
	LATWATCH_A_COST_KIND,
	LATWATCH_A_COST_CALLS,
	LATWATCH_A_COST_TOTAL,
	LATWATCH_A_COST_WORST,
	LATWATCH_A_COST_SINCE,

	__LATWATCH_A_COST_MAX,
	LATWATCH_A_COST_MAX = (__LATWATCH_A_COST_MAX - 1)
};

enum {
	LATWATCH_CMD_INFO_GET = 1,
	LATWATCH_CMD_STAGE_GET,
	LATWATCH_CMD_WATERMARK_GET,
	LATWATCH_CMD_VM_GET,
	LATWATCH_CMD_CPU_GET,
	LATWATCH_CMD_LEDGER_GET,
	LATWATCH_CMD_RESET,
	LATWATCH_CMD_SETTING_GET,
	LATWATCH_CMD_SETTING_SET,
	LATWATCH_CMD_COST_GET,
	LATWATCH_CMD_WINDOW_GET,
	LATWATCH_CMD_BUDGET_GET,
	LATWATCH_CMD_BUDGET_SET,
	LATWATCH_CMD_BREACH_NTF,
	LATWATCH_CMD_RANKING_GET,

	__LATWATCH_CMD_MAX,
	LATWATCH_CMD_MAX = (__LATWATCH_CMD_MAX - 1)
};

#define LATWATCH_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_LATWATCH_H */
