// SPDX-License-Identifier: GPL-2.0
/*
 * What a process took that polls its AF_XDP sockets, and is woken by none of them: a
 * switch in user space. Takes the polls that gave packets to such sockets, and gives
 * reader.c the oldest that a task may have answered which sends by packet sockets.
 *
 * Such a task looks at its sockets at least once before it sleeps: what it sends is not
 * made of a packet that was there before it slept the last time but one.
 */
#include "path/path.h"

#define POLLS	64

/**
 * struct lw_given_poll - a poll that gave packets to AF_XDP sockets
 * @begin_ns: its flight's; 0: being written, or none
 * @last: number of the last of these packets
 * @ns: when the first was given
 * @cpu: where
 * @flight: the poll's
 */
struct lw_given_poll {
	u64 begin_ns;
	u32 last;
	u16 cpu;
	u64 ns;
	struct lw_flight flight;
};

/* the newest is at @polls, and they follow each other round */
static struct lw_given_poll given[POLLS];
static atomic_t polls, packets;

/**
 * lw_given() - a packet is given to an AF_XDP socket
 * @ev: where; a poll
 */
void lw_given(struct lw_event *ev)
{
	const struct lw_flight *f = lw_poll_flight(ev);
	u32 number = atomic_inc_return(&packets);
	struct lw_given_poll *p = &given[(u32)atomic_read(&polls) % POLLS];

	if (!f || !lw_flight_has(f, LATWATCH_MARK_SOFTIRQ))
		return;
	if (READ_ONCE(p->begin_ns) == f->begin_ns) {
		WRITE_ONCE(p->last, number);
		return;
	}
	p = &given[(u32)atomic_inc_return(&polls) % POLLS];
	WRITE_ONCE(p->begin_ns, 0);
	smp_wmb(); /* pairs with the second smp_rmb() in read_poll() */
	p->ns = lw_clock_ns();
	p->cpu = ev->cpu->id;
	p->flight = *f;
	WRITE_ONCE(p->last, number);
	smp_wmb(); /* pairs with the first smp_rmb() in read_poll() */
	WRITE_ONCE(p->begin_ns, f->begin_ns);
}

/**
 * lw_given_until_sleep() - a task that sends by packet sockets goes to sleep
 * @s: its slot
 */
void lw_given_until_sleep(struct lw_task *s)
{
	s->given[1] = s->given[0];
	s->given[0] = atomic_read(&packets);
	if (s->sends < 3)
		s->sends++;
}

/* a copy of a poll that gave a packet after number @since; false: it did not */
static bool read_poll(const struct lw_given_poll *p, u32 since, struct lw_given_poll *to)
{
	u64 begin_ns = READ_ONCE(p->begin_ns);

	if (!begin_ns || (s32)(READ_ONCE(p->last) - since) <= 0)
		return false;
	smp_rmb(); /* pairs with the second smp_wmb() in lw_given() */
	/* data_race(): another CPU may need the place; the begin tells */
	data_race(*to = *p);
	smp_rmb(); /* pairs with the first smp_wmb() in lw_given() */
	return READ_ONCE(p->begin_ns) == begin_ns;
}

/**
 * lw_given_oldest() - a task sends by a packet socket: what may it have answered?
 * @ev: where; current is the task
 * @s: its slot; its @taken takes the flight
 *
 * Return: false if that is not known: no socket was given anything, too many were, or the
 * task has not slept often enough since it is followed.
 */
bool lw_given_oldest(struct lw_event *ev, struct lw_task *s)
{
	u32 newest = atomic_read(&polls), i;
	struct lw_given_poll p;

	if (!s->sends) {
		s->sends = 1;
		return false;
	}
	if (s->sends < 3 || s->vm)
		return false;
	for (i = 1; i <= POLLS; i++) {
		if (!read_poll(&given[(newest + i) % POLLS], s->given[1], &p))
			continue;
		/* older ones are forgotten */
		if (i == 1)
			return false;
		s->taken = p.flight;
		lw_flight_set(&s->taken, LATWATCH_MARK_READER_RUN, p.ns, p.cpu);
		lw_flight_cast(&s->taken, LATWATCH_ROLE_READER, ev->task);
		return true;
	}
	return false;
}
