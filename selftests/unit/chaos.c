// SPDX-License-Identifier: GPL-2.0
/*
 * Any events in any order, orders included that no kernel would give: a module
 * is loaded, loses a tracepoint, or meets a kernel that it does not know in
 * the middle of everything. Whatever comes, the books close, no duration is
 * negative, and when all tasks have exited nothing is left.
 *
 * Takes bytes: of a random generator (test_chaos.c), or of one that looks
 * for new paths (fuzz_path.c).
 */
#include "chaos.h"
#include "machine.h"

#define TASKS	10
#define SKBS	12
#define VECTORS	3

struct bytes {
	const u8 *ev, *end;
};

u64 chaos_lines[LW_NLEDGER];

static struct mm_struct mm[3];
static struct task_struct *task[TASKS];
static struct m_skb skb[SKBS];

static u8 next(struct bytes *b)
{
	return b->ev < b->end ? *b->ev++ : 0;
}

static void cast(void)
{
	static const struct m_sizes small = {
		.tasks = 12, .skbs = 8, .batches = 2, .vms = 2,
	};
	unsigned int i;

	m_init(&small);
	m_ring(4);
	for (i = 0; i < TASKS; i++)
		/* 0 to 2: kernel threads, the last a worker; 3: with a process's memory */
		task[i] = m_task(i < 2 ? "napi/eth1-1" : "task",
				 i < 3 ? NULL : &mm[i % 3],
				 100 + i, i < 4 ? PF_KTHREAD | (i == 2 ? PF_WQ_WORKER : 0) : 0);
	for (i = 0; i < SKBS; i++) {
		m_skb_init(&skb[i]);
		/* some share their data, some are of several segments */
		skb[i].head = skb[i / 2].skb;
		skb[i].segments = i % 5 ? 1 : 1 + i;
	}
}

/* whom to switch to: nobody runs on two CPUs, or after his end */
static struct task_struct *runnable(unsigned int cpu, u8 n)
{
	unsigned int i;

	for (i = 0; i < TASKS; i++) {
		struct task_struct *t = task[(n + i) % (TASKS + 1) % TASKS];

		if (t->fake_cpu < 0 && !t->fake_exited)
			return t;
	}
	return &m_idle[cpu];
}

/* the dead are not woken */
static void wake(unsigned int cpu, struct task_struct *t)
{
	if (!t->fake_exited)
		m_wake(cpu, t);
}

static void signals(unsigned int cpu, u8 n)
{
	struct task_struct *t = task[3 + (n >> 2) % (TASKS - 3)];

	if (!lw_signal_mode) {
		m_signal(cpu, n & 1, n % VECTORS);
		return;
	}
	if (lw_signal_mode == LW_SIGNAL_INFERRED) {
		m_tell_cpu(cpu, n % M_CPUS);
		return;
	}
	if (n & 1)
		m_announce(cpu);
	if (n & 2)
		m_tell(cpu, t, n & 32);
}

static void entry(unsigned int cpu, u8 n)
{
	m_entry(cpu, lw_signal_mode ? (u32)m_current(cpu)->pid : n & 1);
}

/* what a kernel does, so that deep states are reached, too */
static void receive(unsigned int cpu, u8 n)
{
	unsigned int i;

	m_irq(cpu, n);
	m_raise(cpu);
	m_irq_return(cpu, NULL);
	m_irq_done(cpu);
	m_softirq(cpu, LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER);
	for (i = 0; i < 1 + n % 4u; i++) {
		const struct m_skb *p = &skb[(n + i) % SKBS];

		m_stack(cpu, p);
		m_queue(cpu, p, i % M_TAPS);
		m_after(n);
		m_xmit(cpu, p, i % M_TAPS);
		if (!i)
			wake(cpu, task[3 + n % (TASKS - 3)]);
		m_xmit_done(cpu);
	}
	m_softirq_done(cpu);
}

static void serve(unsigned int cpu, u8 n)
{
	unsigned int i;

	m_switch(cpu, runnable(cpu, n), M_SLEEPS);
	for (i = 0; i < SKBS; i++)
		m_consume(cpu, &skb[i]);
	signals(cpu, n);
	if (n & 128)
		m_posted(cpu, n & 1, n % VECTORS);
	wake(cpu, task[3 + (n >> 2) % (TASKS - 3)]);
}

/* a backend wakes another to signal for it, which does, or not */
static void relay(unsigned int cpu, u8 n)
{
	struct task_struct *t = task[2 + (n >> 1) % (TASKS - 2)];
	unsigned int i;

	if (task[3]->fake_cpu < 0 && !task[3]->fake_exited)
		m_switch(cpu, task[3], M_SLEEPS);
	for (i = 0; i < SKBS; i++)
		m_consume(cpu, &skb[i]);
	if (!t->fake_exited)
		m_wake_seen(cpu, t, n & 1);
	if (t->fake_cpu >= 0 || t->fake_exited)
		return;
	m_switch((cpu + 1) % M_CPUS, t, M_SLEEPS);
	if (n & 64)
		signals((cpu + 1) % M_CPUS, n);
	wake((cpu + 1) % M_CPUS, task[3 + (n >> 3) % (TASKS - 3)]);
}

static void enter(unsigned int cpu, u8 n)
{
	m_switch(cpu, runnable(cpu, n), M_SLEEPS);
	m_inject(cpu, n % VECTORS);
	m_after(n);
	entry(cpu, n);
}

/* a guest sends: its vCPU kicks the backend, which brings a few packets */
static void send(unsigned int cpu, u8 n)
{
	struct task_struct *backend = task[3 + (n >> 3) % (TASKS - 3)];
	unsigned int i;

	m_guest_exit(cpu);
	wake(cpu, backend);
	if (backend->fake_cpu >= 0 || backend->fake_exited)
		return;
	cpu = (cpu + 1) % M_CPUS;
	m_switch(cpu, backend, M_SLEEPS);
	for (i = 0; i < 1 + n % 4u; i++) {
		const struct m_skb *p = &skb[(n + i) % SKBS];

		m_stack_from(cpu, p, i % M_TAPS);
		m_queue(cpu, p, n & 64 ? (int)(n & 1) : M_NIC);
		m_after(n);
		if (n & 16)
			continue;	/* it stays in the queue */
		m_xmit(cpu, p, n & 64 ? (int)(n & 1) : M_NIC);
		if (n & 32)
			m_nic_done(cpu, p);
		else
			m_xmit_done(cpu);
	}
}

/* the stack wakes a reader, which copies */
static void read_socket(unsigned int cpu, u8 n)
{
	m_irq(cpu, n);
	m_raise(cpu);
	m_irq_return(cpu, NULL);
	m_irq_done(cpu);
	m_softirq(cpu, LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER);
	m_stack(cpu, &skb[n % SKBS]);
	wake(cpu, task[n % TASKS]);
	m_softirq_done(cpu);
	m_switch(cpu, runnable(cpu, n), M_SLEEPS);
	m_copied(cpu, &skb[n % SKBS]);
	signals(cpu, n);
	wake(cpu, task[3 + (n >> 2) % (TASKS - 3)]);
}

/* a NAPI thread is woken and polls */
static void poll_thread(unsigned int cpu, u8 n)
{
	struct task_struct *thread = task[n % 2];
	unsigned int i;

	m_irq(cpu, n);
	wake(cpu, thread);
	m_irq_return(cpu, NULL);
	m_irq_done(cpu);
	if (thread->fake_cpu >= 0 || thread->fake_exited)
		return;
	m_switch(cpu, thread, M_SLEEPS);
	for (i = 0; i < 1 + n % 4u; i++)
		m_forward(cpu, &skb[(n + i) % SKBS], i % M_TAPS);
	m_polled(cpu, i, 1 + (n & 3));
}

/* a device that is passed through signals its guest */
static void device_irq(unsigned int cpu, u8 n)
{
	m_irq(cpu, n);
	signals(cpu, n);
	if (n & 64)
		m_posted(cpu, n & 1, n % VECTORS);
	if (n & 32)
		wake(cpu, task[3 + (n >> 2) % (TASKS - 3)]);
	m_irq_return(cpu, NULL);
	m_irq_done(cpu);
}

/* a poll redirects a few frames, to a tap or a socket, and its flush wakes */
static void redirect(unsigned int cpu, u8 n)
{
	struct task_struct *backend = task[3 + (n >> 2) % (TASKS - 3)];
	unsigned int i, count = 1 + n % 4u;

	m_irq(cpu, n);
	m_raise(cpu);
	m_irq_return(cpu, NULL);
	m_irq_done(cpu);
	m_softirq(cpu, LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER);
	for (i = 0; i < count; i++) {
		m_xdp_enqueue(cpu, &skb[(n + i) % SKBS], n & 1, M_NIC);
		m_after(n);
		if (n & 128 && !i)
			m_xdp_refused(cpu, LW_XDP_DEVICE);
		else
			m_xdp_redirected(cpu, n & 64 && !i ? LW_XDP_SOCKET :
							     LW_XDP_DEVICE);
	}
	wake(cpu, backend);
	if (n & 32)
		m_xdp_drop(cpu, &skb[(n + count - 1) % SKBS]);
	m_xdp_xmit(cpu, count - !!(n & 32), !!(n & 32));
	wake(cpu, task[3 + n % (TASKS - 3)]);
	m_poll_end(cpu);
	m_softirq_done(cpu);
	if (backend->fake_cpu >= 0 || backend->fake_exited)
		return;
	cpu = (cpu + 1) % M_CPUS;
	m_switch(cpu, backend, M_SLEEPS);
	for (i = 0; i < SKBS; i++)
		m_xdp_return(cpu, &skb[i]);
	signals(cpu, n);
}

/* the same with skbs, by a program in the stack */
static void redirect_generic(unsigned int cpu, u8 n)
{
	const struct m_skb *p = &skb[n % SKBS];
	struct task_struct *t = task[n % TASKS];

	m_stack(cpu, p);
	if (n & 128) {
		m_xdp_generic_socket(cpu);
		wake(cpu, t);
		m_consume(cpu, p);
		m_xdp_redirected(cpu, LW_XDP_SOCKET);
	} else {
		m_xdp_generic_tx(cpu, &skb[(n >> 1) % SKBS], n & 1);
		wake(cpu, t);
		if (n & 64)
			m_xdp_redirected(cpu, LW_XDP_DEVICE);
	}
}

/* softirqs preempt each other, each with a packet in hand, and go on */
static void preempt(unsigned int cpu, u8 n)
{
	struct task_struct *preempted[6];
	unsigned int i, depth = 1 + n % 6u;

	for (i = 0; i < depth; i++) {
		preempted[i] = m_current(cpu);
		m_raise(cpu);
		m_softirq(cpu, LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER);
		m_stack(cpu, &skb[(n + i) % SKBS]);
		m_switch(cpu, runnable(cpu, n + i), M_PREEMPTED);
	}
	m_queue(cpu, &skb[n % SKBS], n & 64 ? M_NIC : n & 1);
	while (i--) {
		m_switch(cpu, preempted[i], M_PREEMPTED);
		m_queue(cpu, &skb[(n + i) % SKBS], n & 64 ? M_NIC : n & 1);
		m_softirq_done(cpu);
	}
}

/* NAPIs that use up their budgets, in runs that raise each other */
static void go_on(unsigned int cpu, u8 n)
{
	unsigned int run, i, j;

	m_raise(cpu);
	for (run = 0; run < 2 + n % 8u; run++) {
		m_softirq(cpu, LATWATCH_STAGE_SOFTIRQ_WAIT_KSOFTIRQD);
		for (i = 0; i <= n / 16u; i++) {
			for (j = 0; j < 4; j++)
				m_forward(cpu, &skb[(n + j) % SKBS], j % M_TAPS);
			m_poll(cpu, &(struct lw_poll){ m_napi(i), .work = 4,
						       .budget = 4 });
		}
		m_raise(cpu);
		m_softirq_done(cpu);
		m_after(n);
	}
}

/*
 * By way of virtual devices, another CPU, and queues that cut; sometimes from
 * nowhere, and with a packet of the host's own in its memory.
 */
static void wander(unsigned int cpu, u8 n)
{
	int to = n & 64 ? M_NIC : n & 1;
	struct m_skb *p = &skb[n % SKBS];
	unsigned int i;

	p->gso = n & 4;
	p->iif = n & 2 ? 3 : 0;
	if (n & 128)
		m_receive(cpu, p, 2, n & 8 ? (int)(n & 1) : M_NIC);
	if (n & 16) {
		m_queue(cpu, p, M_VIRTUAL);
		p->iif = n & 1;
		cpu = (cpu + 1) % M_CPUS;
		m_receive(cpu, p, 3, M_VIRTUAL);
	}
	m_queue(cpu, p, n & 32 ? M_VIRTUAL : to);
	if (p->gso)
		m_consume(cpu, p);
	for (i = 0; i < 1 + n % 3u; i++) {
		struct m_skb *q = &skb[(n + p->gso + i) % SKBS];

		q->iif = p->iif;
		m_xmit(cpu, q, n & 32 ? M_VIRTUAL : to);
		if (to == M_NIC)
			m_nic_done(cpu, q);
		else
			m_xmit_done(cpu);
	}
	for (i = 0; i < SKBS; i++) {
		skb[i].gso = false;
		skb[i].iif = 0;
	}
}

static void count_lines(void)
{
	unsigned int line;

	for (line = 0; line < LW_NLEDGER; line++)
		chaos_lines[line] += lw_line_is_brought(line) ?
			lw_books->brought[LW_HOST][lw_lines[line].path] :
			m_line(line);
}

static void step(struct bytes *b)
{
	u8 op = next(b), where = next(b), n = next(b);
	unsigned int cpu = where % M_CPUS;
	const struct m_skb *p = &skb[n % SKBS];
	struct task_struct *t = task[n % TASKS];

	m_after(where >> 2);
	switch (op % 69) {
	case 0:
		m_irq(cpu, n);
		break;
	case 1:
		m_irq_return(cpu, n & 1 ? t : NULL);
		break;
	case 2:
		m_irq_done(cpu);
		break;
	case 3:
		m_ipi(cpu);
		break;
	case 4:
		m_raise(cpu);
		break;
	case 5:
		m_softirq(cpu, LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD + n % 5);
		break;
	case 6:
		m_softirq_done(cpu);
		break;
	case 7:
	case 8:
		wake(cpu, t);
		break;
	case 9:
		if (!t->fake_exited)
			m_wake_seen(cpu, t, where & 128);
		break;
	case 10:
	case 11:
		m_switch(cpu, runnable(cpu, n), n % 3);
		break;
	case 12:
		m_switch(cpu, &m_idle[cpu], M_SLEEPS);
		break;
	case 13:
		m_stack(cpu, p);
		break;
	case 14:
		m_queue(cpu, p, n & 1);
		break;
	case 15:
		m_xmit(cpu, p, n & 1);
		break;
	case 16:
		m_xmit_done(cpu);
		break;
	case 17:
	case 18:
		m_consume(cpu, p);
		break;
	case 19:
		m_drop(cpu, p, n);
		break;
	case 20:
		signals(cpu, n);
		break;
	case 21:
		m_posted(cpu, n & 1, n % VECTORS);
		break;
	case 22:
		m_inject(cpu, n % VECTORS);
		break;
	case 23:
		entry(cpu, n);
		break;
	case 24:
		m_guest_exit(cpu);
		break;
	case 25:
		/* rarely: they do not come back */
		if (n < 16 && m_current(cpu) != &m_idle[cpu])
			m_task_exit(cpu);
		break;
	case 26:
		if (n < 24) {
			count_lines();
			m_reset();
		} else {
			m_reclaim();
		}
		break;
	case 27:
	case 28:
		receive(cpu, n);
		break;
	case 29:
	case 30:
		serve(cpu, n);
		break;
	case 31:
		enter(cpu, n);
		break;
	case 32:
		m_stack_from(cpu, p, n >> 7);
		break;
	case 33:
		m_queue(cpu, p, M_NIC);
		break;
	case 34:
		m_xmit(cpu, p, M_NIC);
		break;
	case 35:
		m_nic_done(cpu, p);
		break;
	case 36:
		m_copied(cpu, p);
		break;
	case 37:
	case 38:
		send(cpu, n);
		break;
	case 39:
		m_timer(cpu);
		break;
	case 40:
		m_timer_done(cpu);
		break;
	case 41:
		m_poll(cpu, &(struct lw_poll){
			m_napi(where >> 4), .work = n % 5, .budget = n & 128 ? 4 : 1,
			.armed = n & 64, .keeps_ns = n & 32 ? n : 0,
			.expires_ns = shim_now_ns + n * MS });
		break;
	case 42:
	case 43:
		poll_thread(cpu, n);
		break;
	case 46:
		m_gro(cpu, p, n & 1);
		break;
	case 47:
	case 48:
		m_stack_steered(cpu, p);
		m_queue(cpu, p, where >> 7);
		break;
	case 44:
	case 45:
		device_irq(cpu, n);
		break;
	case 49:
		m_xdp_enqueue(cpu, p, n & 1, n & 128 ? M_NIC : n >> 6);
		break;
	case 50:
		m_xdp_redirected(cpu, n % 4);
		break;
	case 51:
		m_xdp_refused(cpu, n % 4);
		break;
	case 52:
		m_xdp_xmit(cpu, n % 16, n / 16);
		break;
	case 53:
		m_xdp_return(cpu, p);
		break;
	case 54:
		m_xdp_drop(cpu, p);
		break;
	case 55:
		m_poll_end(cpu);
		break;
	case 56:
		redirect_generic(cpu, n);
		break;
	case 57:
	case 58:
		redirect(cpu, n);
		break;
	case 59:
		preempt(cpu, n);
		break;
	case 63:
		go_on(cpu, n);
		break;
	case 64:
	case 65:
		wander(cpu, n);
		break;
	case 66:
	case 67:
		relay(cpu, n);
		break;
	case 60:
		m_bh_off(cpu);
		break;
	case 61:
		m_bh_on(cpu);
		break;
	default:
		read_socket(cpu, n);
	}
}

/* all interrupts return, all tasks exit, all packets are freed */
static void quiesce(void)
{
	unsigned int i, cpu;

	for (cpu = 0; cpu < M_CPUS; cpu++) {
		for (i = 0; i < 256; i++) {
			m_irq_done(cpu);
			m_current(cpu)->fake_softirq = 0;
			m_current(cpu)->softirq_disable_cnt = 0;
		}
		if (m_current(cpu) != &m_idle[cpu])
			m_task_exit(cpu);
	}
	for (i = 0; i < TASKS; i++) {
		if (task[i]->fake_exited)
			continue;
		task[i]->fake_softirq = 0;
		task[i]->softirq_disable_cnt = 0;
		m_switch(0, task[i], M_PREEMPTED);
		m_task_exit(0);
	}
	/* an idle task never exits, but may have been taken for something */
	for (cpu = 0; cpu < M_CPUS; cpu++)
		m_task_exit(cpu);
	for (i = 0; i < SKBS; i++)
		m_drop(0, &skb[i], i);
	m_queues_end();
}

/* statistics blocks of the pool, in hand so that probes find it empty */
static struct lw_stat *held[M_CPUS * LW_POOL_CPU + LW_POOL_SHARED];
static unsigned int nheld;

static void drain_pool(void)
{
	unsigned int cpu;

	m_pool_starves = true;
	for (cpu = 0; cpu < M_CPUS; cpu++)
		while ((held[nheld] = lw_pool_take(cpu)))
			if (++nheld == ARRAY_SIZE(held))
				return;
}

static void fill_pool(void)
{
	while (nheld)
		lw_pool_free(held[--nheld]);
	m_pool_starves = false;
}

void chaos_run(const u8 *bytes, size_t n)
{
	struct bytes b = { bytes, bytes + n };
	unsigned int i;

	cast();
	if (n && bytes[0] % 16 == 4)
		drain_pool();
	/* mostly as where signals name their vCPU */
	lw_signal_mode = n && bytes[0] % 4 < LW_SIGNAL_INFERRED + 1 ?
			   bytes[0] % 4 : LW_SIGNAL_DIRECT;
	for (i = 0; b.ev < b.end && !ktap_failed(); i++) {
		step(&b);
		if (!(i % 16) || b.ev == b.end)
			EXPECT_BALANCE();
	}
	quiesce();
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_EQ(lw_batch_used(), 0);
	EXPECT_EQ(atomic_read(&lw_task_table.used), 0);
	EXPECT_EQ(atomic_read(&lw_skb_table.used), 0);
	for (i = 0; i < lw_vm_slots; i++)
		EXPECT(lw_vms[i].state == LW_VM_FREE ||
		       lw_vms[i].state == LW_VM_GONE);
	count_lines();
	fill_pool();
	m_exit();
	lw_signal_mode = LW_SIGNAL_DIRECT;
}
