/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a mark is set: the CPU, the context level, the task.
 *
 * Takes the kernel's state from the probes and gives it to the way, which
 * asks nobody else. Probes bracket their one call with lw_enter() and
 * lw_leave(), those of the scheduler and of interrupts with lw_enter_off() and
 * lw_leave_off(): with interrupts off nothing on this CPU can come between,
 * neither a hard irq in the middle of a line of the books, nor, from Linux
 * 7.0 on, where RT runs tracepoint callbacks preemptibly, another task.
 * The raw flavours do not tell the irqsoff tracer or lockdep about it: the
 * tool would otherwise show up in what it is there to help find.
 */
#ifndef LW_EVENT_H
#define LW_EVENT_H

#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "engine/clock.h"
#include "model/flight.h"

struct lw_task;
struct lw_vm;

enum lw_level { LW_LEVEL_TASK, LW_LEVEL_SOFTIRQ, LW_LEVEL_HARDIRQ };

/**
 * struct lw_packet_in_hand - the packet that a context has in the stack now
 * @owner: the task that runs the context, NULL: no packet
 * @head: the packet's data; what a clone shares with it
 * @ns: when the stack received it
 * @flight: what it carries on, or NULL: it begins here
 * @from: the backend that brought it from its VM, or NULL
 * @origin: enum latwatch_origin
 * @candidate: its address, if a macvtap may get it without any further event
 */
struct lw_packet_in_hand {
	const struct task_struct *owner;
	const void *head;
	u64 ns;
	const struct lw_flight *flight;
	struct lw_task *from;
	const void *candidate;
	u8 origin;
};

/**
 * struct lw_xdp_in_hand - what XDP has redirected in a context
 *
 * Without an skb, packets are gathered, and given to the devices and sockets,
 * which wake whom they may, before the poll ends.
 *
 * @owner: the task that runs the context, NULL: nothing
 * @frame: the frame that is being redirected, NULL: none
 * @taps: frames for taps that are not reported to be with them
 * @sockets: packets were given to AF_XDP sockets, which are still to be told
 * @generic: a packet that the stack received is being given to one, which is
 *           told at once
 */
struct lw_xdp_in_hand {
	const struct task_struct *owner;
	const void *frame;
	unsigned int taps;
	bool sockets;
	bool generic;
};

/**
 * struct lw_driver_in_hand - the packet that a context has in a NIC's driver now
 * @owner: the task that runs the context, NULL: none
 * @skb: the packet
 * @ns: when the driver got it
 * @vm: tag of the VM that sent it, see lw_vm_tag()
 * @path: enum latwatch_path
 */
struct lw_driver_in_hand {
	const struct task_struct *owner;
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
 * @owner: the task that runs the context, NULL: none
 * @level: enum lw_level of the context
 * @vm: the VM, or NULL if that is not known
 * @vcpu_id: whose interrupt controller accepted it
 * @vector: as what
 * @guest_seq: of that vCPU then, see struct lw_task
 * @flight: the interrupt
 */
struct lw_device_in_hand {
	const struct task_struct *owner;
	u8 level;
	u8 vector;
	u32 vcpu_id;
	u32 guest_seq;
	struct lw_vm *vm;
	struct lw_flight flight;
};

/**
 * struct lw_event - the context of one event
 * @cpu: this CPU's state
 * @task: current
 * @level: what of it runs
 * @dev: the packet's device, where the event is about one that is freed or
 *       redirected; NULL outside of these, as lw_leave_about() leaves it
 * @source: ifindex of the device that received the packet, or 0, likewise
 * @flags: interrupt state to restore
 */
struct lw_event {
	struct lw_cpu *cpu;
	struct task_struct *task;
	enum lw_level level;
	const void *dev;
	int source;
	unsigned long flags;
};

/**
 * struct lw_notified - a vCPU that a context notified of an interrupt (path/notify.c)
 * @owner: the task that runs the context, NULL: none
 * @level: enum lw_level of the context
 * @vcpu: its number
 * @signal_ns: when the oldest of what it was notified of was signalled
 * @flight: and that one's flight
 */
struct lw_notified {
	const struct task_struct *owner;
	u8 level;
	u32 vcpu;
	u64 signal_ns;
	struct lw_flight flight;
};

/**
 * struct lw_cpu - what a CPU's contexts carry
 *
 * Written by this CPU alone, with interrupts off; only @last is read by
 * others.
 *
 * @carries: there is something here that a wake could hand on, whoever is
 *           woken; see lw_cpu_note()
 * @current_slot: the followed task that runs here, or NULL
 * @ev: the event that is at work here. There is never a second one, so it need
 *      not be on the stack
 * @id: this CPU
 * @in_handler: a device's handler runs; @irq is its flight
 * @expect: the irq thread that the last handler asked for and that is woken
 *          after the handler's exit, or NULL. If it was asked for before, it
 *          is not woken: the first wake or switch after the hard irq clears it
 * @irq: the flight that the last device interrupt opened
 * @raise_pending: NET_RX is raised and was not entered yet
 * @raised: the flight that raised it, the oldest if several did
 * @raising: the flight that raises it now
 * @runner: the task that runs NET_RX now, or NULL. On RT it can be
 *          preempted, and what other tasks do then is not the softirq's
 * @softirq: the flight of that run
 * @steering: the packet that was handed to GRO last, or NULL
 * @is_steered: the stack's next packet came from another CPU
 * @steered: and this is its flight
 * @driver_flight: @driver as a flight, should it be the worst
 * @packet: the packet in the stack
 * @driver: the packet in a NIC's driver
 * @device: the last interrupt for a guest that a handler signalled
 * @notified: the last vCPU that was notified of an interrupt
 * @hard_timer: a high resolution timer expires, in hard irq context
 * @soft_timer: one expires in this task, in softirq context, or NULL
 * @xdp: what XDP has redirected
 * @xmit_task: the task in a tap's transmit function, or NULL: whom it wakes
 *             is that tap's backend
 * @xmit_skb: the skb that it transmits
 * @last: when each mark was last set here, 0 for never; read by others
 */
struct lw_cpu {
	bool carries;
	struct lw_task *current_slot;
	struct lw_event ev;
	unsigned int id;
	bool in_handler;
	bool raise_pending;
	bool hard_timer;
	bool is_steered;
	const struct task_struct *expect;
	const struct task_struct *runner;
	const struct task_struct *soft_timer;
	const struct task_struct *xmit_task;
	const void *xmit_skb;
	const void *steering;
	struct lw_packet_in_hand packet;
	struct lw_driver_in_hand driver;
	struct lw_device_in_hand device;
	struct lw_notified notified;
	struct lw_xdp_in_hand xdp;
	struct lw_flight irq;
	struct lw_flight raised;
	struct lw_flight raising;
	struct lw_flight softirq;
	struct lw_flight steered;
	struct lw_flight driver_flight;
	u64 last[LW_NMARKS];
};

/*
 * Note whether anything is left that a wake could hand on: all that
 * lw_waking() looks for in a waker is one of these, or within one. They change
 * between lw_enter() and lw_leave() only.
 */
static __always_inline void lw_cpu_note(struct lw_cpu *c)
{
	c->carries = (unsigned long)c->expect | (unsigned long)c->runner |
		     (unsigned long)c->xmit_task |
		     (unsigned long)c->device.owner |
		     (unsigned long)c->notified.owner |
		     (unsigned long)c->current_slot;
}

#ifdef __KERNEL__
DECLARE_PER_CPU(struct lw_cpu *, lw_cpus);

/* a CPU that carries nothing; no probe may run on it */
static inline void lw_cpu_init(struct lw_cpu *c, unsigned int cpu)
{
	memset(c, 0, sizeof(*c));
	c->id = cpu;
	c->ev.cpu = c;
}

/* this CPU's; with interrupts off */
static __always_inline struct lw_cpu *lw_this_cpu(void)
{
	return raw_cpu_read(lw_cpus);
}

/* a probe begins, where the kernel has interrupts off */
static __always_inline struct lw_event *lw_enter_off(void)
{
	struct lw_event *ev = &lw_this_cpu()->ev;

	ev->task = current;
	ev->level = in_hardirq()	  ? LW_LEVEL_HARDIRQ :
		    in_serving_softirq() ? LW_LEVEL_SOFTIRQ :
					   LW_LEVEL_TASK;
	return ev;
}

/* and ends */
static __always_inline void lw_leave_off(struct lw_event *ev)
{
	lw_cpu_note(container_of(ev, struct lw_cpu, ev));
}

/* the same where they may be on */
static __always_inline struct lw_event *lw_enter(void)
{
	unsigned long flags;
	struct lw_event *ev;

	raw_local_irq_save(flags);
	ev = lw_enter_off();
	ev->flags = flags;
	return ev;
}

static __always_inline void lw_leave(struct lw_event *ev)
{
	unsigned long flags = ev->flags;

	lw_leave_off(ev);
	raw_local_irq_restore(flags);
}

/* the same of an event that has a device or a source */
static __always_inline void lw_leave_about(struct lw_event *ev)
{
	ev->dev = NULL;
	ev->source = 0;
	lw_leave(ev);
}

/*
 * The same for a kprobe. Those on ftrace are plain calls, but others trap, and
 * a trap counts as an NMI and as a hard irq: what the event came in is below.
 */
static __always_inline struct lw_event *lw_enter_kprobe(void)
{
	struct lw_event *ev = lw_enter();

	if (in_nmi() && hardirq_count() == HARDIRQ_OFFSET)
		ev->level = in_serving_softirq() ? LW_LEVEL_SOFTIRQ :
						   LW_LEVEL_TASK;
	return ev;
}
#endif

/* set a mark of @f here and now, and note it for this CPU */
static __always_inline void lw_mark(struct lw_event *ev, struct lw_flight *f,
				    enum latwatch_mark mark, u64 now)
{
	lw_flight_set(f, mark, now, ev->cpu->id);
	WRITE_ONCE(ev->cpu->last[mark], now);
}

#endif
