/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tasks that are followed: irq threads, backends, vCPUs.
 *
 * A slot is claimed when a task is first handed a flight, or shows by what
 * it does that it is a backend or a vCPU, and freed when the task exits.
 */
#ifndef LW_TASK_H
#define LW_TASK_H

#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/types.h>

#include "engine/event.h"
#include "engine/ring.h"
#include "engine/table.h"

struct lw_batch;
struct lw_vector;
struct lw_vm;

/* roles, learned from what a task does */
#define LW_TASK_BACKEND		BIT(0)
#define LW_TASK_VCPU		BIT(1)
#define LW_TASK_NAPI		BIT(2)	/* a NAPI thread */

enum lw_wake_kind {
	LW_WAKE_IRQ_THREAD,
	LW_WAKE_IRQ_AGAIN,	/* asked for while at work: no switch answers */
	LW_WAKE_BACKEND,	/* by a tap */
	LW_WAKE_VCPU,		/* by a backend's signal */
	LW_WAKE_KICK,		/* by a vCPU */
	LW_WAKE_READER,		/* by the stack */
	LW_WAKE_NAPI,		/* a NAPI thread, by who schedules NAPI */
	LW_WAKE_VCPU_DEVICE,	/* by a passed through device's handler */
	LW_WAKE_XDP_READER,	/* by XDP, through an AF_XDP socket */
	LW_WAKE_RELAY,		/* who passes a backend's signal on, by the backend */
};

#define LW_NVECTORS		256

/* signals of one vector, after which a backend that had another one has but one */
#define LW_SEVERAL		64

/* the states of a wake; the rest of the word counts wakes */
#define LW_WAKE_NONE		0	/* answered */
#define LW_WAKE_ASLEEP		1	/* not answered, the task was not on a CPU */
#define LW_WAKE_AWAKE		2	/* found the task on a CPU; see lw_wake_switch_in() */
#define LW_WAKE_WRITING		3
#define LW_WAKE_STATE		3U
#define LW_WAKE_ONE		4U

/**
 * struct lw_wake - the oldest wake that a task has not answered
 *
 * Written by the waker, on any CPU, between taking @word to WRITING and
 * releasing it; read and answered by the CPU that runs the task.
 *
 * @word: state and count
 * @kind: what was handed over
 * @cpu: where the waker was
 * @nr_switches: the task's lw_task.nr_switches at the wake
 * @ns: when
 * @skb: the packet that the wake is for, kind backend; its data, kind reader
 * @flight: kinds irq thread, kick and readers: the flight that is handed over
 */
struct lw_wake {
	u32 word;
	u16 kind;
	u16 cpu;
	u32 nr_switches;
	u64 ns;
	const void *skb;
	struct lw_flight flight;
};

/**
 * struct lw_task - a task that is followed
 *
 * But for @wake and @reader it is written by the task itself or by the CPU that switches
 * to or from it, one at a time. The flights, which are large, come last: see wipe().
 *
 * @task: whose slot; NULL: free
 * @vm: the VM that it works for, or NULL
 * @roles: LW_TASK_*
 * @wake: see there
 * @nr_switches: how often it was switched from
 * @reader: it got the slot as a reader, and is nothing else yet. Written by any
 *          CPU, see lw_task_no_reader()
 * @slept: the last time was to sleep, not by preemption
 * @fresh: @flight was handed over by a wake and not yet passed on
 * @flight: irq thread: the interrupt that it works for; reader: the packet;
 *          NAPI thread: what it polls for
 * @polls: NAPI thread: @flight is that of what it finds now
 * @ring: NAPI thread: of its NAPI
 * @reads: VMM: it reads packets from sockets
 * @took: reader: it was woken for a NIC's packet, @taken, and has not slept since
 * @no_slot: lw_vm_generation plus 1 when there was no slot for its VM: none need be
 *           looked for again before that changes
 * @no_vm: the same when its process had no VM
 * @read_head: reader: the data of the packet that the last answered wake was for
 * @copied: reader: the packet that was copied last
 * @asked_ns: irq thread: it sleeps, and a handler whose interrupt came then has
 *            asked for it: a wake follows. 0: it came, or was not needed
 * @asked_cpu: where
 * @kicked: backend: a kick woke it, and @kick is its flight
 * @kick_new: backend: and no packet came of it yet
 * @kick: see there
 * @exit_ns: vCPU: when it left the guest last, 0: not seen yet
 * @exit_cpu: vCPU: where
 * @tapped: a tap's wake was answered: what it takes out of a ring it reads
 * @run_skb: backend: the packet that the last answered wake was for
 * @wake_ns: when that wake was, kinds backend and vCPU
 * @wake_cpu: where
 * @run_ns: when it was answered
 * @run_cpu: where
 * @batch: backend: packets taken and not yet signalled, newest batch first; a single one
 *         while its process has no VM
 * @signalled: backend: it signalled and took nothing since
 * @announced: backend: it signalled, and told no vCPU yet
 * @serves: it signalled a guest, and its process has no VM
 * @relays: VMM, or a kernel worker: it gets backends' signals, to pass them on
 * @relays_for: kernel worker: tag of the VM whose backend woke it, see lw_vm_tag()
 * @relayed: backend: its last signal was for another to pass on
 * @several: backend: signals of one vector until it is trusted to have but one
 * @waits_at: backend: where its last signal for packets waits, or NULL
 * @notified: vCPU: where what it is notified of waits, NULL: not known yet
 * @signal_ns: backend: when
 * @signal_key: where that is to wait, while its process has no VM
 * @signal_guest_seq: backend: @guest_seq of the vCPU that it signalled, 0: not known
 * @vcpu_id: vCPU: its number
 * @early: vCPU: vectors injected before its number was known
 * @taken: see @took; without what it was in the stack
 * @sends: it sends to taps by packet sockets, and has slept so often since, 3 at most
 * @given: packets that AF_XDP sockets were given until it slept last, and before that
 * @guest_seq: vCPU: how often it has entered its guest and left it: odd in there
 * @injected: vCPU: batches whose vector is injected, due with the next entry
 * @watches: one more than the CPU that it waits for, 0: it does not. Exchanged, by any
 *           CPU; see lw_watch()
 * @off_cpu: one more than the CPU that it was switched from without going to sleep,
 *           0: it was not
 * @moved_from: it was on this CPU's run queue, and was moved to another
 * @moved_ns: when, 0: it was not since it was woken
 * @blocked_ns: when it began to wait for a lock, a page or a disk, 0: it does not
 * @contends: it waits for a lock that somebody holds, or spins for it
 * @on_lock: it did when @blocked_ns was set
 * @holder: who held the lock then
 */
struct lw_task {
	const struct task_struct *task;
	struct lw_vm *vm;
	u8 roles;
	bool reader;
	bool slept;
	bool fresh;
	bool polls;
	bool reads;
	bool took;
	bool kicked;
	bool kick_new;
	bool signalled;
	bool announced;
	bool serves;
	bool relays;
	bool relayed;
	u8 several;
	u8 sends;
	u32 given[2];
	bool tapped;
	u16 wake_cpu;
	u16 run_cpu;
	u16 exit_cpu;
	u16 asked_cpu;
	u32 nr_switches;
	u32 vcpu_id;
	u32 guest_seq;
	u32 signal_guest_seq;
	u32 signal_key;
	u32 no_slot;
	u32 no_vm;
	u64 wake_ns;
	u64 run_ns;
	u64 signal_ns;
	u64 exit_ns;
	u64 asked_ns;
	u64 relays_for;
	u64 moved_ns;
	u64 blocked_ns;
	struct lw_actor holder;
	bool contends;
	bool on_lock;
	u32 watches;
	u32 off_cpu;
	u32 moved_from;
	const void *run_skb;
	const void *read_head;
	const void *copied;
	DECLARE_BITMAP(early, LW_NVECTORS);
	struct lw_batch *batch;
	struct lw_batch *injected;
	struct lw_vector *notified;
	struct lw_vector *waits_at;
	struct lw_ring ring;
	struct lw_wake wake;
	struct lw_flight flight;
	struct lw_flight kick;
	struct lw_flight taken;
};

/* lw_task.guest_seq of a vCPU that is in its guest */
static inline bool lw_in_guest(u32 guest_seq)
{
	return guest_seq & 1;
}

extern struct lw_table lw_task_table;

void lw_task_clear(void);
struct lw_task *lw_task_claim(struct lw_event *ev, const struct task_struct *t);
struct lw_task *lw_task_claim_reader(struct lw_event *ev,
				     const struct task_struct *t);
void lw_task_no_reader(struct lw_task *s);
bool lw_task_take(struct lw_task *s, const struct task_struct *t);
void lw_task_free(struct lw_task *s);

static __always_inline struct lw_task *
lw_task_find(const struct task_struct *t)
{
	int slot = lw_table_find(&lw_task_table, t);

	return slot < 0 ? NULL : (struct lw_task *)lw_task_table.entries + slot;
}

/* the slot of current, or NULL */
static inline struct lw_task *lw_task_self(struct lw_event *ev)
{
	struct lw_task *s = ev->cpu->current_slot;

	if (s && READ_ONCE(s->task) == ev->task)
		return s;
	s = lw_task_find(ev->task);
	ev->cpu->current_slot = s;
	return s;
}

#endif
