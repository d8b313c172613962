// SPDX-License-Identifier: GPL-2.0
/*
 * The whole way of a ping and of a burst: every stage, every mark, the ledger,
 * and that the stages add up to end to end.
 */
#include "scene.h"

/* when each mark is set, in us after the irq */
struct timetable {
	u64 mark[LW_NMARKS];
};

static const struct timetable rt = { {
	[LATWATCH_MARK_IRQ] = 0,
	[LATWATCH_MARK_THREAD_WAKE] = 2,
	[LATWATCH_MARK_THREAD_RUN] = 5,
	[LATWATCH_MARK_RAISE] = 6,
	[LATWATCH_MARK_SOFTIRQ] = 8,
	[LATWATCH_MARK_STACK] = 15,
	[LATWATCH_MARK_QUEUE] = 18,
	[LATWATCH_MARK_TAP] = 20,
	[LATWATCH_MARK_BACKEND_WAKE] = 21,
	[LATWATCH_MARK_BACKEND_RUN] = 30,
	[LATWATCH_MARK_TAKE] = 40,
	[LATWATCH_MARK_SIGNAL] = 43,
	[LATWATCH_MARK_VCPU_WAKE] = 44,
	[LATWATCH_MARK_VCPU_RUN] = 50,
	[LATWATCH_MARK_ENTRY] = 53,
} };

#define AT(name)	m_at(t0 + scale * rt.mark[LATWATCH_MARK_##name])

static void ping(bool threaded, u64 t0, u64 scale)
{
	const struct m_skb *p = &scene.skb[0];

	AT(IRQ);
	m_irq(NIC_CPU, NIC_IRQ);
	if (threaded) {
		AT(THREAD_WAKE);
		m_irq_return(NIC_CPU, scene.irq_thread);
		m_wake(NIC_CPU, scene.irq_thread);
		m_irq_done(NIC_CPU);
		AT(THREAD_RUN);
		m_switch(NIC_CPU, scene.irq_thread, M_SLEEPS);
		AT(RAISE);
		m_raise(NIC_CPU);
	} else {
		AT(RAISE);
		m_raise(NIC_CPU);
		m_irq_return(NIC_CPU, NULL);
		m_irq_done(NIC_CPU);
	}
	AT(SOFTIRQ);
	m_softirq(NIC_CPU, threaded ? RUNNER_THREAD : RUNNER_OTHER);
	AT(STACK);
	m_stack(NIC_CPU, p);
	AT(QUEUE);
	m_queue(NIC_CPU, p, 0);
	AT(TAP);
	m_xmit(NIC_CPU, p, 0);
	AT(BACKEND_WAKE);
	m_wake(NIC_CPU, scene.vhost);
	m_xmit_done(NIC_CPU);
	m_softirq_done(NIC_CPU);
	m_switch(NIC_CPU, &m_idle[NIC_CPU], M_SLEEPS);

	AT(BACKEND_RUN);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	AT(TAKE);
	m_consume(VHOST_CPU, p);
	AT(SIGNAL);
	m_signal(VHOST_CPU, 0, VECTOR);
	AT(VCPU_WAKE);
	m_wake(VHOST_CPU, scene.vcpu);
	m_switch(VHOST_CPU, &m_idle[VHOST_CPU], M_SLEEPS);

	AT(VCPU_RUN);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_inject(VCPU_CPU, VECTOR);
	AT(ENTRY);
	m_entry(VCPU_CPU, 0);
	scene_halt();
}

static void check_mark(const struct lw_flight *f, enum latwatch_mark mark,
		       u64 begin_ns, u64 scale, unsigned int cpu)
{
	EXPECT(lw_flight_has(f, mark));
	EXPECT_EQ(f->ns[mark], begin_ns + scale * US * rt.mark[mark]);
	EXPECT_EQ(f->cpu[mark], cpu);
}

static void check_actor(const struct lw_flight *f, enum latwatch_role role,
			const struct task_struct *t)
{
	EXPECT(f->actors & BIT(role));
	EXPECT_EQ(lw_flight_actor(f, role)->pid, t->pid);
	EXPECT_EQ(lw_flight_actor(f, role)->prio, t->prio);
	EXPECT_EQ(lw_flight_actor(f, role)->policy, t->policy);
	EXPECT(!strcmp(lw_flight_actor(f, role)->comm, t->comm));
}

static void check_worst(const struct lw_flight *f, bool threaded, u64 begin_ns,
			u64 scale)
{
	unsigned int mark;

	EXPECT_EQ(f->origin, LATWATCH_ORIGIN_IRQ);
	EXPECT_EQ(f->irq, NIC_IRQ);
	for (mark = 0; mark < LW_NMARKS; mark++) {
		/* those that follow are of other paths */
		if (mark > LATWATCH_MARK_ENTRY ||
		    (!threaded && (mark == LATWATCH_MARK_THREAD_WAKE ||
				   mark == LATWATCH_MARK_THREAD_RUN)))
			EXPECT(!lw_flight_has(f, mark));
		else
			check_mark(f, mark, begin_ns, scale,
				   mark >= LATWATCH_MARK_VCPU_RUN ? VCPU_CPU :
				   mark >= LATWATCH_MARK_BACKEND_RUN ?
				   VHOST_CPU : NIC_CPU);
	}
	if (threaded)
		check_actor(f, LATWATCH_ROLE_IRQ_THREAD, scene.irq_thread);
	check_actor(f, LATWATCH_ROLE_INTERRUPTED, &m_idle[NIC_CPU]);
	check_actor(f, LATWATCH_ROLE_RUNNER,
		    threaded ? scene.irq_thread : &m_idle[NIC_CPU]);
	check_actor(f, LATWATCH_ROLE_BACKEND, scene.vhost);
	check_actor(f, LATWATCH_ROLE_VCPU, scene.vcpu);
}

/* three pings, @ns scaled by 1, 3 and 2 */
#define EXPECT_THREE(account, stage, us) \
	EXPECT_STAT(account, stage, 3, (us) * US, 3 * (us) * US, \
		    6 * (us) * US)

static void three_pings(bool threaded)
{
	const struct lw_sum *s;
	u64 begin;

	scene_begin();
	ping(threaded, 1000, 1);
	ping(threaded, 2000, 3);
	begin = shim_now_ns - 3 * 53 * US;
	ping(threaded, 3000, 2);

	if (threaded) {
		EXPECT_THREE(LW_HOST, HARD_IRQ, 2);
		EXPECT_THREE(LW_HOST, IRQ_THREAD_WAKE, 3);
		EXPECT_THREE(LW_HOST, IRQ_THREAD, 1);
		EXPECT_THREE(LW_HOST, SOFTIRQ_WAIT_THREAD, 2);
		EXPECT_NONE(LW_HOST, SOFTIRQ_WAIT_OTHER);
	} else {
		EXPECT_THREE(LW_HOST, HARD_IRQ, 6);
		EXPECT_NONE(LW_HOST, IRQ_THREAD_WAKE);
		EXPECT_NONE(LW_HOST, IRQ_THREAD);
		EXPECT_NONE(LW_HOST, SOFTIRQ_WAIT_THREAD);
		EXPECT_THREE(LW_HOST, SOFTIRQ_WAIT_OTHER, 2);
	}
	EXPECT_THREE(LW_HOST, SOFTIRQ_WAIT, 2);
	EXPECT_NONE(LW_HOST, SOFTIRQ_WAIT_KSOFTIRQD);
	EXPECT_NONE(LW_HOST, SOFTIRQ_WAIT_KTIMERS);
	EXPECT_THREE(scene.vm, NAPI, 7);
	EXPECT_THREE(scene.vm, STACK, 5);
	EXPECT_THREE(scene.vm, QDISC, 2);
	EXPECT_THREE(scene.vm, TAP_DWELL, 20);
	EXPECT_THREE(scene.vm, BACKEND_WAKE, 9);
	EXPECT_THREE(scene.vm, BACKEND_SERVICE, 3);
	EXPECT_THREE(scene.vm, SIGNAL, 1);
	EXPECT_THREE(scene.vm, VCPU_WAKE, 6);
	EXPECT_THREE(scene.vm, ENTRY, 3);
	EXPECT_NONE(scene.vm, KICK);
	EXPECT_THREE(scene.vm, END_TO_END, 53);
	EXPECT_NONE(scene.vm, END_TO_END_LOCAL);
	EXPECT_EQ(scene_terms(scene.vm), 6 * 53 * US);

	s = m_stat(scene.vm, LATWATCH_STAGE_END_TO_END);
	EXPECT_EQ(s->worst_ns, begin + 3 * 53 * US);
	EXPECT_EQ(s->worst_cpu, VCPU_CPU);
	EXPECT_EQ(s->worst_batch, 1);
	check_worst(&s->worst, threaded, begin, 3);

	EXPECT_EQ(m_line(LW_OPENED_IRQ), 3);
	EXPECT_EQ(m_opened(), 3);
	EXPECT_EQ(m_vm_line(scene.vm, LW_TAKEN), 3);
	EXPECT_EQ(m_vm_line(scene.vm, LW_NOTE_SIGNALS), 3);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_ENTRY), 3);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

static void ping_rt(void)
{
	three_pings(true);
}

static void ping_not_rt(void)
{
	three_pings(false);
}

/* 41 packets of one poll, 41 takes, one signal, one entry */
static void burst_of_41(void)
{
	const unsigned int n = 41;
	const struct lw_sum *s;
	unsigned int i;

	scene_begin();
	m_at(1000);
	scene_poll_begin();
	for (i = 0; i < n; i++) {
		m_at(1010 + 2 * i);
		m_stack(NIC_CPU, &scene.skb[i]);
		m_queue(NIC_CPU, &scene.skb[i], 0);
		m_after(US);
		m_xmit(NIC_CPU, &scene.skb[i], 0);
		if (!i)
			m_wake(NIC_CPU, scene.vhost);
		m_xmit_done(NIC_CPU);
	}
	scene_poll_end();
	m_at(1100);
	m_switch(VHOST_CPU, scene.vhost, M_SLEEPS);
	for (i = 0; i < n; i++) {
		m_at(1110 + 3 * i);
		m_consume(VHOST_CPU, &scene.skb[i]);
	}
	EXPECT_EQ(lw_batch_packets(NULL, LW_BATCH_OPEN, false), n);
	EXPECT_EQ(lw_batch_used(), 1);
	m_at(1300);
	scene_signal();
	EXPECT_EQ(lw_batch_packets(NULL, LW_BATCH_SIGNALLED, false), n);
	EXPECT_BALANCE();
	m_at(1310);
	m_switch(VCPU_CPU, scene.vcpu, M_SLEEPS);
	m_at(1316);
	scene_enter();

	/* per run, per packet, per wake, per delivery: never mixed */
	EXPECT_ONE(LW_HOST, SOFTIRQ_WAIT, 0);
	EXPECT_STAT(scene.vm, NAPI, n, 10 * US, 90 * US, n * 50 * US);
	EXPECT_STAT(scene.vm, STACK, n, US, US, n * US);
	EXPECT_STAT(scene.vm, TAP_DWELL, n, 99 * US, 139 * US, n * 119 * US);
	EXPECT_ONE(scene.vm, BACKEND_WAKE, 89 * US);
	EXPECT_ONE(scene.vm, BACKEND_SERVICE, 190 * US);
	EXPECT_ONE(scene.vm, SIGNAL, 0);
	EXPECT_ONE(scene.vm, VCPU_WAKE, 10 * US);
	EXPECT_ONE(scene.vm, ENTRY, 6 * US);
	EXPECT_STAT(scene.vm, END_TO_END, n, 316 * US, 316 * US, n * 316 * US);
	s = m_stat(scene.vm, LATWATCH_STAGE_END_TO_END);
	EXPECT_EQ(s->worst_batch, n);

	/* the first packet's stages add up: the wait is the backend's */
	EXPECT_EQ(s->worst.ns[LATWATCH_MARK_TAKE] -
		  s->worst.ns[LATWATCH_MARK_IRQ], 110 * US);
	EXPECT_EQ(10 + 1 + 99 + 190 + 0 + 10 + 6, 316);

	EXPECT_EQ(m_line(LW_OPENED_IRQ), n);
	EXPECT_EQ(m_vm_line(scene.vm, LW_DELIVERED_ENTRY), n);
	EXPECT_EQ(m_vm_line(scene.vm, LW_NOTE_SIGNALS), 1);
	EXPECT_EQ(m_in_flight(), 0);
	scene_end();
}

/* packets of several polls in one signal: each has its own origin */
static void burst_of_three_polls(void)
{
	unsigned int i;

	scene_begin();
	for (i = 0; i < 3; i++) {
		m_at(1000 + 10 * i);
		scene_rx(i, 1);
	}
	m_at(1050);
	scene_take(0, 3);
	scene_signal();
	m_at(1100);
	scene_enter();
	EXPECT_STAT(scene.vm, END_TO_END, 3, 80 * US, 100 * US, 270 * US);
	EXPECT_EQ(m_stat(scene.vm, LATWATCH_STAGE_END_TO_END)->worst_batch, 3);
	EXPECT_ONE(scene.vm, ENTRY, 0);
	EXPECT_EQ(m_line(LW_DELIVERED_ENTRY), 3);
	scene_end();
}

static const struct ktap_test tests[] = {
	TEST(ping_rt),
	TEST(ping_not_rt),
	TEST(burst_of_41),
	TEST(burst_of_three_polls),
};

KTAP_MAIN(tests)
