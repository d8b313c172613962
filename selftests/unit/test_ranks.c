// SPDX-License-Identifier: GPL-2.0
/* Culprits in sum, and of whole ways. */
#include "culprit_scene.h"

/* what was noted of one flight is not blamed for another */
static void sums_over_flights(void)
{
	const struct lw_ranks *r;
	unsigned int i;

	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	for (i = 1; i <= 3; i++) {
		m_switch(VHOST_CPU, i == 3 ? scene.kthread : scene.other, M_SLEEPS);
		m_at(1000 * i);
		scene_rx(i, 1);
		m_at(1000 * i + 10 * i);
		m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
		scene_take_deliver(i, 1);
	}
	r = ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE);
	EXPECT_EQ(r->n, 2);
	EXPECT_EQ(r->rank[0].pid, scene.other->pid);
	EXPECT_EQ(r->rank[0].ns, 30 * US);
	EXPECT_EQ(r->rank[0].flights, 2);
	EXPECT_EQ(r->rank[0].worst_ns, 20 * US);
	EXPECT_EQ(r->rank[1].pid, scene.kthread->pid);
	EXPECT_EQ(r->rank[1].ns, 30 * US);
	EXPECT_EQ(r->rank[1].flights, 1);
	/* the worst of all is the last */
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.kthread->pid), 30 * US);
	scene_end();
}

/* the backend has a packet at @us, with interrupts of 1 us on top, and signals it */
static void interrupted_service(unsigned int n, u64 us, unsigned int irqs)
{
	m_at(us - 10);
	scene_rx(n, 1);
	m_at(us);
	scene_take(n, 1);
	while (irqs--) {
		m_after(US);
		m_irq(VHOST_CPU, 40);
		m_after(US);
		m_irq_return(VHOST_CPU, NULL);
		m_irq_done(VHOST_CPU);
	}
	m_after(US);
	scene_signal();
	scene_vhost_sleeps();
	scene_enter();
	scene_halt();
}

/* one culprit that comes several times hits a flight once */
static void several_times_in_one_flight(void)
{
	const struct lw_ranks *r;

	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	interrupted_service(1, 100, 5);
	interrupted_service(2, 200, 3);
	r = ranks(scene.vm, LATWATCH_STAGE_BACKEND_SERVICE);
	EXPECT_EQ(r->n, 1);
	EXPECT_EQ(r->rank[0].flights, 2);
	EXPECT_EQ(r->rank[0].ns, 8 * US);
	EXPECT_EQ(r->rank[0].worst_ns, 5 * US);
	EXPECT_EQ(WORST(BACKEND_SERVICE, HARD_IRQ, 40), 5 * US);
	scene_end();
}

/* one at a time in waits of their own, each for a ns more than the one before */
static void crowd(unsigned int n, u64 *sum)
{
	struct task_struct *t = m_task("crowd", NULL, 120, 0);
	unsigned int i;

	for (i = 1; i <= n; i++) {
		t->pid = 1000 + i;
		m_switch(VHOST_CPU, t, M_SLEEPS);
		m_at(1000 * i);
		scene_rx(1, 1);
		m_after(US + i);
		*sum += US + i;
		m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
		scene_take_deliver(1, 1);
	}
}

/* those that find no room are counted together; nothing of the sum is lost */
static void more_culprits_than_room(void)
{
	const struct lw_ranks *r;
	u64 sum = 0, told = 0, flights = 0;
	unsigned int i;

	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	crowd(LW_RANKS + 5, &sum);
	r = ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE);
	EXPECT_EQ(r->n, LW_RANKS);
	for (i = 0; i < r->n; i++) {
		told += r->rank[i].ns;
		flights += r->rank[i].flights;
		/* the five that took least made room */
		EXPECT(r->rank[i].pid > 1005);
	}
	EXPECT_EQ(told + r->others.ns, sum);
	EXPECT_EQ(flights + r->others.flights, LW_RANKS + 5);
	scene_end();
}

/* more culprits in one flight than are named: the longest are, though it came first */
static void more_culprits_in_one_flight(void)
{
	const struct lw_blamed *b;
	struct task_struct *t = m_task("crowd", NULL, 120, 0);
	u64 told = 0;
	unsigned int i;

	backend_is_woken(true);
	m_at(120);
	for (i = 1; i <= LW_CULPRITS + 3; i++) {
		t->pid = 1000 + i;
		m_switch(VHOST_CPU, t, M_SLEEPS);
		m_after(US);
		m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);
	}
	backend_answers(150);
	b = &ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->worst;
	EXPECT_EQ(b->n, LW_CULPRITS);
	for (i = 0; i < b->n; i++)
		told += b->by[i].ns;
	EXPECT_EQ(told + b->others_ns, 50 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 20 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, IDLE, 0), (30 - LW_CULPRITS - 3) * US);
	scene_end();
}

/* the worst way whole: each culprit with the mark that came after it */
static void the_whole_way(void)
{
	const struct lw_blamed *b;
	unsigned int i, found = 0;

	backend_is_woken(true);
	m_at(140);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 1);
	m_at(141);
	m_switch(VCPU_CPU, scene.kthread, M_SLEEPS);
	scene_signal();
	scene_vhost_sleeps();
	m_at(161);
	scene_enter();
	scene_halt();
	b = &ranks(scene.vm, LATWATCH_STAGE_END_TO_END)->worst;
	for (i = 0; i < b->n; i++) {
		if (b->by[i].pid == scene.other->pid) {
			EXPECT_EQ(b->by[i].mark, LATWATCH_MARK_BACKEND_RUN);
			EXPECT_EQ(b->by[i].ns, 40 * US);
			EXPECT_EQ(b->by[i].cpu, VHOST_CPU);
			found++;
		} else if (b->by[i].pid == scene.kthread->pid) {
			EXPECT_EQ(b->by[i].mark, LATWATCH_MARK_VCPU_RUN);
			EXPECT_EQ(b->by[i].ns, 20 * US);
			EXPECT_EQ(b->by[i].cpu, VCPU_CPU);
			found++;
		}
	}
	EXPECT_EQ(found, 2);
	EXPECT_EQ(b->n, 2);
	EXPECT_EQ(unknown(LATWATCH_STAGE_END_TO_END), 0);
	/* ways are summed up by their stages */
	EXPECT_EQ(ranks(scene.vm, LATWATCH_STAGE_END_TO_END)->n, 0);
	scene_end();
}

/* an entry ends two ways, the longer of which is the worst: with its own culprits */
static void worst_of_several_that_an_entry_ends(void)
{
	backend_is_woken(true);
	m_at(140);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	scene_take(1, 1);
	scene_signal();
	m_at(141);
	scene_rx(2, 1);
	scene_take(2, 1);
	scene_signal();
	scene_vhost_sleeps();
	m_at(150);
	scene_enter();
	scene_halt();
	EXPECT_STAT(scene.vm, END_TO_END, 2, 9 * US, 50 * US, 59 * US);
	EXPECT_EQ(WORST(END_TO_END, THREAD, scene.other->pid), 40 * US);
	scene_end();
}

/* one backend's CPU has another's worst: the culprits are those of the longest */
static void worst_of_two_cpus(void)
{
	backend_is_woken(true);
	backend_answers(140);
	m_move(scene.vhost, OTHER_CPU, false);
	m_switch(OTHER_CPU, scene.kthread, M_SLEEPS);
	m_at(200);
	scene_rx(2, 1);
	m_at(220);
	m_switch(OTHER_CPU, scene.vhost, M_PREEMPTED);
	m_consume(OTHER_CPU, &scene.skb[2]);
	m_signal(OTHER_CPU, 0, VECTOR);
	m_wake(OTHER_CPU, scene.vcpu);
	m_switch(OTHER_CPU, &m_idle[OTHER_CPU], M_SLEEPS);
	scene_enter();
	scene_halt();
	EXPECT_STAT(scene.vm, BACKEND_WAKE, 2, 20 * US, 40 * US, 60 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.other->pid), 40 * US);
	EXPECT_EQ(WORST(BACKEND_WAKE, THREAD, scene.kthread->pid), 0);
	EXPECT_EQ(ranks(scene.vm, LATWATCH_STAGE_BACKEND_WAKE)->n, 2);
	scene_end();
}

/* out of a guest: the kicked backend waits for its CPU */
static void a_kicked_backend(void)
{
	scene_begin();
	scene_deliver(0, 1);
	m_reset();
	m_switch(VHOST_CPU, scene.other, M_SLEEPS);
	scene_guest_runs();
	m_at(100);
	m_guest_exit(VCPU_CPU);
	m_at(101);
	m_wake(VCPU_CPU, scene.vhost);
	m_at(121);
	m_switch(VHOST_CPU, scene.vhost, M_PREEMPTED);
	m_at(122);
	m_stack_from(VHOST_CPU, &scene.skb[1], 0);
	m_queue(VHOST_CPU, &scene.skb[1], M_NIC);
	m_xmit(VHOST_CPU, &scene.skb[1], M_NIC);
	m_nic_done(VHOST_CPU, &scene.skb[1]);
	m_consume(NIC_CPU, &scene.skb[1]);
	scene_vhost_sleeps();
	EXPECT_ONE(scene.vm, KICK_WAKE, 20 * US);
	EXPECT_EQ(WORST(KICK_WAKE, THREAD, scene.other->pid), 20 * US);
	EXPECT_EQ(culprits(LATWATCH_STAGE_GUEST_EXIT), 0);
	EXPECT_EQ(WORST(TX_END_TO_END, THREAD, scene.other->pid), 20 * US);
	scene_end();
}

/* there is no block for culprits: counted, and nothing else is lost */
static void no_memory_for_culprits(void)
{
	struct lw_stat *held[LW_POOL_CPU + LW_POOL_SHARED + 1];
	unsigned int taken = 0;

	scene_begin();
	scene_deliver(0, 1);
	m_switch(OTHER_CPU, scene.irq_thread, M_SLEEPS);
	m_at(100);
	m_raise(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_THREAD);
	m_softirq_done(OTHER_CPU);
	m_pool_starves = true;
	while ((held[taken] = lw_pool_take(OTHER_CPU)))
		taken++;
	m_at(200);
	m_raise(OTHER_CPU);
	m_irq(OTHER_CPU, 40);
	m_at(210);
	m_irq_return(OTHER_CPU, NULL);
	m_irq_done(OTHER_CPU);
	m_softirq(OTHER_CPU, RUNNER_THREAD);
	m_softirq_done(OTHER_CPU);
	m_pool_starves = false;
	EXPECT(m_line(LW_NOTE_NO_RANKS) > 0);
	EXPECT_EQ(m_stat(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->max, 10 * US);
	/* of the worst it is said that nobody knows */
	EXPECT(m_stat(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->explained_ns !=
	       m_stat(LW_HOST, LATWATCH_STAGE_SOFTIRQ_WAIT)->worst_ns);
	while (taken)
		lw_pool_free(held[--taken]);
	scene_end();
}

/* the culprits of a VM that is forgotten are the host's */
static void a_vm_that_is_forgotten(void)
{
	const struct lw_ranks *r;

	backend_is_woken(true);
	backend_answers(140);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	m_task_exit(VHOST_CPU);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_task_exit(VCPU_CPU);
	EXPECT_EQ(m_reclaim(), 1);
	r = ranks(LW_HOST, LATWATCH_STAGE_BACKEND_WAKE);
	EXPECT_EQ(r->n, 1);
	EXPECT_EQ(r->rank[0].ns, 40 * US);
	EXPECT_EQ(r->worst.n, 1);
	EXPECT_EQ(r->worst.by[0].pid, scene.other->pid);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(sums_over_flights),
	TEST(several_times_in_one_flight),
	TEST(more_culprits_than_room),
	TEST(more_culprits_in_one_flight),
	TEST(the_whole_way),
	TEST(worst_of_several_that_an_entry_ends),
	TEST(worst_of_two_cpus),
	TEST(a_kicked_backend),
	TEST(no_memory_for_culprits),
	TEST(a_vm_that_is_forgotten),
};

KTAP_MAIN(tests)
