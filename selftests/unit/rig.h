/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fake machine of any size, to measure the engine on: as many CPUs, VMs,
 * followed tasks and packets as are asked for, and a few ways that packets go,
 * event by event.
 *
 * machine.h is for tests of what is right: small, and it checks. This one does
 * what a probe does around an event, and nothing else.
 */
#ifndef UNIT_RIG_H
#define UNIT_RIG_H

#include <linux/types.h>

/**
 * struct rig_size - how large
 * @cpus: possible CPUs, 1 to 64
 * @vms: VMs that run, each with a tap, a backend and a vCPU
 * @tasks: tasks that are followed, those of the VMs among them; max_tasks, too
 * @skbs: max_skbs
 * @kept: of these, packets that wait in some ring meanwhile
 */
struct rig_size {
	unsigned int cpus;
	unsigned int vms;
	unsigned int tasks;
	unsigned int skbs;
	unsigned int kept;
};

#define RIG_USUAL	((struct rig_size){ 4, 1, 16, 4096, 0 })

/**
 * struct rig_event - an event of a way
 * @name: what it is, for people
 * @run: as its probe does it, interrupts aside
 */
struct rig_event {
	const char *name;
	void (*run)(void);
};

/**
 * struct rig_way - events that follow each other, and end as they began
 * @name: what it is, for people
 * @events: an entry without a name ends them
 * @begin: what has to be before them, which is not measured; or NULL
 */
struct rig_way {
	const char *name;
	const struct rig_event *events;
	void (*begin)(void);
};

/* whom nobody follows: a wake and a switch */
extern const struct rig_way rig_strangers;
/* from the NIC's interrupt to the guest's entry, a packet at a time */
extern const struct rig_way rig_rx;
/* from the guest's kick to the NIC */
extern const struct rig_way rig_tx;
/* what the host does for itself: a packet to a reader, one freed unread */
extern const struct rig_way rig_host;
/* the interrupt of a device that is a guest's own */
extern const struct rig_way rig_device;

/* an entry without a name ends them */
extern const struct rig_way *const rig_ways[];

/* packets whose interrupts the hardware delivers, as Intel's does and as AMD's */
extern const struct rig_way rig_apicv;
extern const struct rig_way rig_avic;
/* a packet to a VM all of whose vectors are in use, and posted to other vCPUs */
extern const struct rig_way rig_vectors;
/* a VM comes and goes, and takes the last slot; another one finds none */
extern const struct rig_way rig_newcomer;
/* what no way above has: an entry without a name ends them */
extern const struct rig_way *const rig_guests[];

/* whether culprits are looked for from the next rig_init() on; true at first */
extern bool rig_culprits;

void rig_init(const struct rig_size *size);
void rig_exit(void);
/* the next turn of a way is another VM's, and another stranger's */
void rig_turn(const struct rig_way *way);
unsigned int rig_events(const struct rig_way *way);
/* all events of a way, and on to the next turn */
void rig_run(const struct rig_way *way);
/* nothing was lost since, no table was full: what was measured is what it says */
bool rig_is_sound(void);

/* rig_count.c */
bool rig_count(const struct rig_way *way, unsigned int guest_seq, double *each);

#endif
