/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A batch: packets that a backend took and that one interrupt will deliver.
 *
 * A backend opens it with its first take, gives it to the VM's vector with
 * the signal (vm.h), and the vCPU takes it from there when it injects that
 * vector. At each time one task owns it; the hand-over is the llist's.
 *
 * End to end is exact for every packet without keeping each: packets of
 * one poll share their origin, so a batch holds groups {origin, how many}.
 * A packet whose origin does not fit any more opens another batch.
 */
#ifndef LW_BATCH_H
#define LW_BATCH_H

#include <linux/atomic.h>
#include <linux/llist.h>
#include <linux/types.h>

#include "engine/event.h"
#include "model/ledger.h"

struct lw_vm;

#define LW_BATCH_GROUPS	16
#define LW_BATCH_TRIES	32

enum lw_batch_state {
	LW_BATCH_FREE,
	LW_BATCH_OPEN,		/* taken, not signalled */
	LW_BATCH_SIGNALLED,	/* not yet entered */
};

/**
 * struct lw_batch - see above
 * @state: enum lw_batch_state, claimed by compare-and-exchange
 * @origin: enum latwatch_origin of all its packets, poll counting as irq: says
 *          which end to end they have
 * @rides: it was not signalled: the guest had not answered the signal that it waits with
 * @groups: groups in use
 * @packets: how many in all; read by others to count what is in flight
 * @take_ns: when the first packet was taken
 * @signal_ns: when it was signalled
 * @signal_cpu: where
 * @exits: lw_vector.exits that its delivery does not come with
 * @guest_seq: lw_task.guest_seq of its vCPU when it was signalled, 0: not known
 * @tun: the first was in the ring of a tun device; known while there is no VM
 * @vm: the VM, or NULL: no vCPU of the process that took them was seen yet
 * @next: the backend's batch before this one, or the one that is to be
 *        delivered after it
 * @node: in the vector's list
 * @flight: the packet with the oldest origin: the one whose end to end is
 *          the longest, whenever the entry will be
 * @group: packets by origin
 */
struct lw_batch {
	int state;
	u8 origin;
	bool tun;
	bool rides;
	u16 groups;
	u32 packets;
	u16 signal_cpu;
	u32 exits;
	u32 guest_seq;
	u64 take_ns;
	u64 signal_ns;
	struct lw_vm *vm;
	struct lw_batch *next;
	struct llist_node node;
	struct lw_flight flight;
	struct {
		u64 begin_ns;
		u32 packets;
	} group[LW_BATCH_GROUPS];
};

/* the origin of a batch that a packet fits in */
static inline u8 lw_batch_origin(const struct lw_flight *f)
{
	return lw_origin_is_nics(f->origin) ? LATWATCH_ORIGIN_IRQ : f->origin;
}

int lw_batch_init(unsigned int size);
void lw_batch_clear(void);
void lw_batch_exit(void);
struct lw_batch *lw_batch_claim(struct lw_vm *vm, u8 origin, u64 now);
bool lw_batch_add(struct lw_batch *b, const struct lw_flight *f);
void lw_batch_free(struct lw_batch *b);
void lw_batch_close(struct lw_event *ev, struct lw_batch *b, enum lw_ledger line);
u64 lw_batch_packets(const struct lw_vm *vm, enum lw_batch_state state,
		     bool device);
unsigned int lw_batch_size(void);
unsigned int lw_batch_used(void);
size_t lw_batch_bytes(void);

#endif
