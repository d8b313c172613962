// SPDX-License-Identifier: GPL-2.0
/*
 * The way with real threads for CPUs, for ThreadSanitizer: two NICs, two
 * backends of one VM, its vCPU. They hand packets, wakes and batches to each
 * other as fast as they can, with the locks that a kernel holds meanwhile and
 * no others. Afterwards the books close exactly. Once with signals that name
 * their vCPU, and injections; once with neither, and with a kernel thread that
 * tells a vCPU of some.
 */
#include <pthread.h>
#include <sched.h>

#include "machine.h"
#include "random.h"

#define PACKETS		30000
#define RING		16
#define VECTOR		39

enum { NIC_CPU, VHOST_CPU0, VHOST_CPU1, VCPU_CPU };

/*
 * A thread that sleeps and is woken, by the rules of try_to_wake_up() and
 * schedule(): the waker holds pi_lock from before the tracepoint; the
 * run queue's lock is held over the switch.
 */
struct sleeper {
	struct task_struct *task;
	unsigned int cpu;
	pthread_mutex_t pi_lock, rq_lock;
	pthread_cond_t queued;
	int sleeping;
	int on_cpu;
	bool on_rq;
	int work;	/* what it looks for before it sleeps */
	int stop;
};

static struct sleeper vhost[2], vcpu;
static struct mm_struct mm;
static struct m_skb skb[2][2 * RING];
/* runs softirqs, too, each with a packet of its own, which is dropped */
static struct task_struct *thread;
static struct m_skb own;
static unsigned int preemptions;

/* a tap's ring: one puts in, one takes out */
static struct ring {
	const struct m_skb *slot[RING];
	unsigned int in, out;
} ring[2];

/* an address may be used again once the packet is freed */
static int in_use[2][2 * RING];
/* vectors that a signal has set, a bit each */
static unsigned int irr;
/* signals do not name their vCPU; one is left to a kernel thread to tell */
static bool tells;
static int left;
/* the vCPU is in the guest, or past the point of no return */
static int in_guest;

#define LOAD(x)		__atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define STORE(x, v)	__atomic_store_n(&(x), v, __ATOMIC_SEQ_CST)

static void sleeper_init(struct sleeper *s, unsigned int cpu,
			 struct task_struct *t)
{
	*s = (struct sleeper){ .task = t, .cpu = cpu };
	pthread_mutex_init(&s->pi_lock, NULL);
	pthread_mutex_init(&s->rq_lock, NULL);
	pthread_cond_init(&s->queued, NULL);
}

static void wake(unsigned int cpu, struct sleeper *s)
{
	pthread_mutex_lock(&s->pi_lock);
	if (LOAD(s->sleeping)) {
		m_wake_seen(cpu, s->task, LOAD(s->on_cpu));
		pthread_mutex_lock(&s->rq_lock);
		STORE(s->sleeping, 0);
		s->on_rq = true;
		pthread_cond_signal(&s->queued);
		pthread_mutex_unlock(&s->rq_lock);
	}
	pthread_mutex_unlock(&s->pi_lock);
}

/* schedule(), with the CPU idle until the task is woken */
static void schedule(struct sleeper *s)
{
	pthread_mutex_lock(&s->rq_lock);
	if (LOAD(s->sleeping)) {
		s->on_rq = false;
		m_switch(s->cpu, &m_idle[s->cpu], M_SLEEPS);
		STORE(s->on_cpu, 0);
		while (!s->on_rq)
			pthread_cond_wait(&s->queued, &s->rq_lock);
		STORE(s->on_cpu, 1);
		m_switch(s->cpu, s->task, M_SLEEPS);
	}
	pthread_mutex_unlock(&s->rq_lock);
}

/* wait until there is work; false: it is to end */
static bool wait_for_work(struct sleeper *s)
{
	for (;;) {
		STORE(s->sleeping, 1);
		if (__atomic_exchange_n(&s->work, 0, __ATOMIC_SEQ_CST)) {
			STORE(s->sleeping, 0);
			return true;
		}
		if (LOAD(s->stop)) {
			STORE(s->sleeping, 0);
			return false;
		}
		schedule(s);
	}
}

static void start(struct sleeper *s)
{
	m_switch(s->cpu, s->task, M_PREEMPTED);
	s->on_rq = true;
	STORE(s->on_cpu, 1);
}

static void notify(unsigned int cpu)
{
	m_tell(cpu, vcpu.task, LOAD(in_guest));
	__atomic_or_fetch(&irr, 1, __ATOMIC_SEQ_CST);
	STORE(vcpu.work, 1);
	wake(cpu, &vcpu);
}

/* a thread's softirq preempts this CPU's, which goes on afterwards */
static void preempt(void)
{
	struct task_struct *preempted = m_current(NIC_CPU);

	m_switch(NIC_CPU, thread, M_PREEMPTED);
	m_raise(NIC_CPU);
	m_softirq(NIC_CPU, LATWATCH_STAGE_SOFTIRQ_WAIT_THREAD);
	m_stack(NIC_CPU, &own);
	m_queue(NIC_CPU, &own, 0);
	m_drop(NIC_CPU, &own, 75);
	m_softirq_done(NIC_CPU);
	m_switch(NIC_CPU, preempted, M_SLEEPS);
	preemptions++;
}

static void *nic(void *unused)
{
	u64 seed = 7;
	unsigned int i, poll;

	(void)unused;
	for (i = 0; i < PACKETS;) {
		m_irq(NIC_CPU, 31);
		m_raise(NIC_CPU);
		m_irq_return(NIC_CPU, NULL);
		m_irq_done(NIC_CPU);
		m_softirq(NIC_CPU, LATWATCH_STAGE_SOFTIRQ_WAIT_OTHER);
		poll = 1 + random_below(&seed, 8);
		while (poll-- && i < PACKETS) {
			unsigned int to = random_below(&seed, 2);
			struct ring *r = &ring[to];
			unsigned int n = random_below(&seed, 2 * RING);
			const struct m_skb *p = &skb[to][n];

			if (__atomic_exchange_n(&in_use[to][n], 1,
						__ATOMIC_SEQ_CST))
				continue;
			i++;
			m_stack(NIC_CPU, p);
			if (n % 4 == 0)
				preempt();
			m_queue(NIC_CPU, p, to);
			m_xmit(NIC_CPU, p, to);
			if (r->in - LOAD(r->out) == RING) {
				m_drop(NIC_CPU, p, 75);
				STORE(in_use[to][n], 0);
			} else {
				r->slot[r->in % RING] = p;
				STORE(r->in, r->in + 1);
				STORE(vhost[to].work, 1);
				wake(NIC_CPU, &vhost[to]);
			}
			m_xmit_done(NIC_CPU);
		}
		m_softirq_done(NIC_CPU);
		if (__atomic_exchange_n(&left, 0, __ATOMIC_SEQ_CST))
			notify(NIC_CPU);
		sched_yield();
	}
	return NULL;
}

static void *backend(void *arg)
{
	unsigned long n = (unsigned long)arg;
	struct sleeper *s = &vhost[n];
	struct ring *r = &ring[n];

	start(s);
	while (wait_for_work(s)) {
		unsigned int took = 0;

		while (r->out != LOAD(r->in)) {
			const struct m_skb *p = r->slot[r->out % RING];

			m_consume(s->cpu, p);
			STORE(in_use[n][p - skb[n]], 0);
			STORE(r->out, r->out + 1);
			took++;
		}
		/* now and then the guest asks not to be interrupted */
		if (!took || took % 7 == 3)
			continue;
		if (tells) {
			m_announce(s->cpu);
			if (took % 5 == 1)
				STORE(left, 1);
			else
				notify(s->cpu);
			continue;
		}
		m_signal(s->cpu, 0, VECTOR + n);
		__atomic_or_fetch(&irr, 1 << n, __ATOMIC_SEQ_CST);
		STORE(vcpu.work, 1);
		wake(s->cpu, &vcpu);
	}
	m_task_exit(s->cpu);
	return NULL;
}

/* kvm_arch_vcpu_ioctl_run() of arm64 */
static void enter_notified(void)
{
	do {
		STORE(in_guest, 0);
		__atomic_exchange_n(&irr, 0, __ATOMIC_SEQ_CST);
		STORE(in_guest, 1);
	} while (LOAD(irr));
	m_entry(VCPU_CPU, vcpu.task->pid);
	STORE(in_guest, 0);
	m_guest_exit(VCPU_CPU);
}

static void *guest(void *unused)
{
	(void)unused;
	start(&vcpu);
	while (wait_for_work(&vcpu)) {
		if (tells) {
			enter_notified();
			continue;
		}
		unsigned int n, set = __atomic_exchange_n(&irr, 0,
							  __ATOMIC_SEQ_CST);

		for (n = 0; n < 2; n++)
			if (set & 1 << n) {
				m_inject(VCPU_CPU, VECTOR + n);
			}
		m_entry(VCPU_CPU, 0);
		m_guest_exit(VCPU_CPU);
	}
	m_task_exit(VCPU_CPU);
	return NULL;
}

static void stop(struct sleeper *s, pthread_t thread)
{
	STORE(s->work, 1);
	STORE(s->stop, 1);
	wake(NIC_CPU, s);
	pthread_join(thread, NULL);
}

static void race(void)
{
	static const struct m_sizes sizes = { .batches = 256 };
	pthread_t t[4];
	u64 delivered, taken, held, dwells;
	unsigned int account, i, j;

	m_init(&sizes);
	memset(ring, 0, sizeof(ring));
	memset(in_use, 0, sizeof(in_use));
	shim_clock_runs = true;
	for (i = 0; i < 2; i++)
		for (j = 0; j < 2 * RING; j++)
			m_skb_init(&skb[i][j]);
	m_skb_init(&own);
	thread = m_task("irq/32-eth2", NULL, 49, PF_KTHREAD);
	preemptions = 0;
	sleeper_init(&vcpu, VCPU_CPU, m_task("CPU 0/KVM", &mm, 120, 0));
	for (i = 0; i < 2; i++)
		sleeper_init(&vhost[i], VHOST_CPU0 + i,
			     m_task("vhost-164", &mm, 120, PF_KTHREAD));
	pthread_create(&t[3], NULL, guest, NULL);
	pthread_create(&t[1], NULL, backend, (void *)0);
	pthread_create(&t[2], NULL, backend, (void *)1);
	pthread_create(&t[0], NULL, nic, NULL);
	pthread_join(t[0], NULL);
	/* the second, if a backend that was the first to claim one stood still */
	account = m_vm_account(&mm);
	stop(&vhost[0], t[1]);
	stop(&vhost[1], t[2]);
	stop(&vcpu, t[3]);
	shim_clock_runs = false;

	EXPECT_EQ(m_line(LW_OPENED_IRQ), PACKETS);
	taken = m_line(LW_TAKEN);
	EXPECT_EQ(m_line(LW_OPENED_POLL), preemptions);
	/* the vCPU was not in its guest yet when the first packets came */
	held = m_vm_line(LW_HOST, LW_ELSEWHERE_NO_VM);
	EXPECT_EQ(taken + m_line(LW_DROPPED) + held, PACKETS + preemptions);
	delivered = m_line(LW_DELIVERED_ENTRY) + m_line(LW_DELIVERED_KICK) +
		    m_line(LW_DELIVERED_RODE);
	EXPECT(delivered > PACKETS / 100);
	EXPECT_EQ(delivered + m_line(LW_SUPPRESSED) + m_line(LW_LOST_VM_GONE) +
		  m_line(LW_ELSEWHERE_NO_VM) - held + m_line(LW_LOST_BATCH_FULL),
		  taken);
	EXPECT_EQ(m_line(LW_LOST_SKB_RACE), 0);
	EXPECT_EQ(m_line(LW_LOST_SKB_REUSED), 0);
	EXPECT_EQ(m_stat(account, LATWATCH_STAGE_END_TO_END)->count, delivered);
	/* of what was held until the vCPU was seen one of each batch is known by stages */
	dwells = m_stat(account, LATWATCH_STAGE_TAP_DWELL)->count;
	EXPECT(dwells <= taken && dwells + 4 * RING > taken);
	EXPECT_EQ(m_in_flight(), 0);
	EXPECT_EQ(atomic_read(&lw_task_table.used), 0);
	EXPECT_EQ(lw_batch_used(), 0);
	m_exit();
}

static void books_close_after_a_race(void)
{
	race();
}

static void books_close_where_vcpus_are_notified(void)
{
	tells = true;
	lw_signal_mode = LW_SIGNAL_KPROBE;
	race();
	lw_signal_mode = LW_SIGNAL_DIRECT;
}

static const struct ktap_test tests[] = {
	TEST(books_close_after_a_race),
	TEST(books_close_where_vcpus_are_notified),
};

KTAP_MAIN(tests)
