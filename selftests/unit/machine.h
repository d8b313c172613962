/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fake machine: CPUs, tasks, packets and a clock, on which a test plays what
 * a kernel would do.
 *
 * Takes a scenario, one call for each event, and gives it to the engine as the
 * probes do: with the CPU, the task and the context level of that event.
 * What a probe works out itself (probe_*.c need a kernel) is worked out here
 * in the same words.
 *
 * Tests set a clock that stands still in between, so that each duration that
 * they expect is one that they wrote.
 */
#ifndef UNIT_MACHINE_H
#define UNIT_MACHINE_H

#include "engine/batch.h"
#include "engine/nic.h"
#include "books/books.h"
#include "ktap.h"
#include "books/pool.h"
#include "engine/skb.h"
#include "engine/tap.h"
#include "engine/task.h"
#include "engine/vm.h"
#include "path/path.h"
#include "path/xdp.h"

#define M_CPUS		4
/* the kernel's numbers */
#define TIMER_SOFTIRQ	1
#define NET_RX_SOFTIRQ	3
#define M_TAPS		2
#define M_NAPIS		16
#define M_NIC		LW_NIC	/* where a tap can be named */
#define M_VIRTUAL	(LW_NIC - 1)	/* likewise: neither */
#define M_LOWER		0	/* after m_macvtap(): the device below ... */
#define M_MACVTAP	1	/* ... this one */

#define US		1000ULL
#define MS		1000000ULL
#define SECOND		1000000000ULL

/* sizes of the tables; 0: room for everything */
struct m_sizes {
	unsigned int tasks, skbs, batches, vms;
};

/* why a task stops to run */
enum m_why {
	M_PREEMPTED,	/* somebody with higher priority */
	M_SLEEPS,	/* it has nothing to do */
	M_LOCK,		/* it waits for a sleeping lock, a page, a disk */
};

struct m_skb {
	_Alignas(64) char skb[64];	/* its address is what counts */
	const void *head;
	const void *dev;	/* the tap that it is freed as one of, or NULL */
	unsigned int segments;
	int iif;	/* ifindex of the device that received it last */
	bool arp;
	bool gso;	/* it may be cut into segments where it is queued */
	bool broadcast;	/* each macvtap gets a clone */
	bool packet_socket;	/* it is one that a packet socket sends */
};

extern unsigned int m_reclaim_kicks;
/* nobody refills the pool */
extern bool m_pool_starves;
extern struct task_struct m_idle[M_CPUS];
extern struct lw_cpu **lw_cpus;
/* the scenario's */
extern u64 m_began_ns;

void m_init(const struct m_sizes *sizes);
void m_exit(void);

/* time */
void m_at(u64 us);
void m_after(u64 ns);

/* tasks */
struct task_struct *m_task(const char *comm, struct mm_struct *mm, int prio,
			   unsigned int flags);
struct task_struct *m_current(unsigned int cpu);
void m_wake(unsigned int cpu, struct task_struct *t);
void m_wake_seen(unsigned int cpu, struct task_struct *t, bool awake);
void m_switch(unsigned int cpu, struct task_struct *next, enum m_why why);
/* a task that does not run is given another CPU; it was on a run queue, or just wakes */
void m_move(struct task_struct *t, unsigned int cpu, bool waited);
void m_task_exit(unsigned int cpu);

/* interrupts */
void m_irq(unsigned int cpu, int irq);
void m_irq_return(unsigned int cpu, struct task_struct *expect);
void m_irq_done(unsigned int cpu);
void m_ipi(unsigned int cpu);
void m_ipi_done(unsigned int cpu);
/* a high resolution timer's function runs in this context */
void m_timer(unsigned int cpu);
void m_timer_done(unsigned int cpu);
void m_raise(unsigned int cpu);
void m_softirq(unsigned int cpu, enum latwatch_stage runner);
void m_softirq_done(unsigned int cpu);
/* any other than NET_RX */
void m_softirq_of(unsigned int cpu, u8 vector);
void m_softirq_of_done(unsigned int cpu, u8 vector);
/* an interrupt of the CPU's own, which its probes see */
void m_ipi_of(unsigned int cpu);
void m_ipi_of_done(unsigned int cpu, enum lw_ipi ipi);
/* the idle CPU goes into a state, and leaves it */
void m_idles(unsigned int cpu, unsigned int state);
void m_idles_no_more(unsigned int cpu);
/* current waits for a lock; has it */
void m_lock(unsigned int cpu, const struct task_struct *holder);
void m_lock_done(unsigned int cpu);
/* current has bottom halves off: on RT it can be preempted, but stays on this CPU */
void m_bh_off(unsigned int cpu);
void m_bh_on(unsigned int cpu);

/* packets */
void m_skb_init(struct m_skb *p);
/* while RPS is in use: to GRO, which merges it or not; then to the stack */
void m_gro(unsigned int cpu, const struct m_skb *p, bool merged);
void m_stack_steered(unsigned int cpu, const struct m_skb *p);
/* received from a NIC; from a tap's reader; on its way to a tap, M_NIC or M_VIRTUAL */
void m_stack(unsigned int cpu, const struct m_skb *p);
void m_stack_from(unsigned int cpu, const struct m_skb *p, int tap);
/* as the kernel has it: by @dev, for the first time or again; then it has its iif */
void m_receive(unsigned int cpu, struct m_skb *p, int dev, int from);
/* one with a VLAN's tag, from a NIC */
void m_receive_tagged(unsigned int cpu, struct m_skb *p, int dev);
/* while RPS is in use: a backend gives it to the stack; m_receive() wherever that is */
void m_steer_from_guest(unsigned int cpu, const struct m_skb *p, int dev, int tap);
void m_queue(unsigned int cpu, const struct m_skb *p, int tap);
void m_xmit(unsigned int cpu, const struct m_skb *p, int tap);
void m_xmit_done(unsigned int cpu);
void m_nic_done(unsigned int cpu, const struct m_skb *p);
void m_consume(unsigned int cpu, const struct m_skb *p);
void m_drop(unsigned int cpu, const struct m_skb *p, unsigned int reason);
/* no queue of a device has anything of a packet that was cut */
void m_queues_end(void);
/* a NIC's NAPI was polled */
void m_polled(unsigned int cpu, int work, int budget);
/* the same of any of M_NAPIS */
void m_poll(unsigned int cpu, const struct lw_poll *poll);
void m_polled_virtual(unsigned int cpu);
const void *m_napi(unsigned int n);
/* how many slots the rings of the NIC have */
void m_ring(u32 slots);
/* out of a socket of current */
void m_copied(unsigned int cpu, const struct m_skb *p);
/* from now on one tap is a macvtap on top of the other, a NIC */
void m_macvtap(void);
/* ifindex of the device that packets came to a tap from first */
int m_tap_source(int tap);
/* received by that NIC; then it turns out to be for the macvtap */
void m_stack_lower(unsigned int cpu, const struct m_skb *p);
/* that has given it to the macvtap, or a clone, by way of a backlog */
void m_stack_macvtap(unsigned int cpu, const struct m_skb *p);
void m_for_macvtap(struct m_skb *p);
/* a packet received from a NIC is sent to a tap: stack, queue, xmit */
void m_forward(unsigned int cpu, const struct m_skb *p, int tap);

/* XDP: frames redirected to a tap, from M_NIC or a tap */
void m_xdp_enqueue(unsigned int cpu, const struct m_skb *p, int tap, int from);
void m_xdp_redirected(unsigned int cpu, enum lw_xdp_target target);
void m_xdp_refused(unsigned int cpu, enum lw_xdp_target target);
void m_xdp_xmit(unsigned int cpu, unsigned int sent, unsigned int drops);
void m_xdp_return(unsigned int cpu, const struct m_skb *p);
void m_xdp_drop(unsigned int cpu, const struct m_skb *p);
void m_xdp_generic_tx(unsigned int cpu, const struct m_skb *p, int tap);
void m_xdp_generic_socket(unsigned int cpu);
void m_poll_end(unsigned int cpu);
void m_tap_gone(int tap);

/* the guest */
void m_signal(unsigned int cpu, u32 vcpu, u8 vector);
void m_posted(unsigned int cpu, u32 vcpu, u8 vector);
/* where signals do not name their vCPU */
void m_announce(unsigned int cpu);
void m_tell(unsigned int cpu, const struct task_struct *vcpu, bool in_guest);
void m_tell_cpu(unsigned int cpu, unsigned int to);
void m_inject(unsigned int cpu, u8 vector);
void m_entry(unsigned int cpu, u32 vcpu);
void m_guest_exit(unsigned int cpu);

/* in process context */
void m_reset(void);
unsigned int m_reclaim(void);

#include "outcome.h"

#endif
