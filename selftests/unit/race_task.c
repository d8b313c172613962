// SPDX-License-Identifier: GPL-2.0
/*
 * Two contexts begin to follow the same task at the same time, while other
 * tasks of its table line come and go: they end up with the same slot, and
 * no other is left behind. Both find that it works for a VM: it does so once,
 * and its end is the VM's. The same of a VM's vectors. One that exits while another begins to follow it
 * leaves no slot.
 */
#include <pthread.h>
#include <sched.h>

#include "machine.h"
#include "path/path.h"

#define ROUNDS	2000
#define FILLERS	4

static struct lw_task *got[2];
static struct mm_struct mm;
static struct task_struct *subject, *filler[FILLERS];
static unsigned int round_nr, done, stop, differ, gave_up, left, stay;
static unsigned int agreed, housed;

static void wait_for(unsigned int *v, unsigned int n)
{
	while (__atomic_load_n(v, __ATOMIC_ACQUIRE) < n)
		sched_yield();
}

static struct lw_event at_cpu(unsigned int cpu)
{
	return (struct lw_event){
		.cpu = lw_cpus[cpu], .task = &m_idle[cpu],
		.level = LW_LEVEL_TASK,
	};
}

static void *claimer(void *arg)
{
	unsigned long n = (unsigned long)arg;
	struct lw_event ev = at_cpu(n);
	unsigned int i;

	for (i = 1; i <= ROUNDS; i++) {
		wait_for(&round_nr, i);
		got[n] = lw_task_find(subject) ?: lw_task_claim(&ev, subject);
		if (got[n])
			lw_vm_adopt(&ev, got[n], subject);
		__atomic_add_fetch(&done, 1, __ATOMIC_ACQ_REL);
	}
	return NULL;
}

static void *churn(void *unused)
{
	struct lw_event ev = at_cpu(2);
	unsigned int i = 0;

	(void)unused;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		struct lw_task *s = lw_task_claim(&ev,
						  filler[i++ % FILLERS]);

		if (s)
			lw_task_free(s);
	}
	return NULL;
}

static void two_claimers_of_one_task_agree(void)
{
	static const struct m_sizes sizes = { .tasks = 6 };
	struct lw_event ev;
	pthread_t t[3];
	unsigned int i;

	m_init(&sizes);
	ev = at_cpu(3);
	subject = m_task("subject", &mm, 120, 0);
	/* the whole table is two lines */
	for (i = 0; i < FILLERS; i++)
		filler[i] = m_task("filler", NULL, 120, 0);
	pthread_create(&t[0], NULL, claimer, (void *)0);
	pthread_create(&t[1], NULL, claimer, (void *)1);
	pthread_create(&t[2], NULL, churn, NULL);
	for (i = 1; i <= ROUNDS; i++) {
		struct lw_task *s;

		__atomic_store_n(&round_nr, i, __ATOMIC_RELEASE);
		wait_for(&done, 2 * i);
		differ += got[0] && got[1] && got[0] != got[1];
		agreed += got[0] && got[0] == got[1];
		gave_up += !got[0] + !got[1];
		s = lw_task_find(subject);
		if (s) {
			if (s->vm) {
				housed++;
				lw_vm_leave(&ev, s);
			}
			lw_task_free(s);
			/* the VM has ended, and there was no other */
			stay += lw_vm_find(&mm) || m_reclaim() != 1 || lw_vm_used();
		}
		s = lw_task_find(subject);
		left += s != NULL;
		while ((s = lw_task_find(subject)))
			lw_task_free(s);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	EXPECT_EQ(differ, 0);
	EXPECT_EQ(gave_up, 0);
	EXPECT_EQ(agreed, ROUNDS);
	EXPECT_EQ(left, 0);
	EXPECT_EQ(stay, 0);
	EXPECT_EQ(housed, ROUNDS);
	m_exit();
}

static struct lw_vector *vectors[2][LW_VM_VECTORS];

static void *signaller(void *arg)
{
	unsigned long n = (unsigned long)arg;
	unsigned int i, j;

	for (i = 1; i <= ROUNDS / 20; i++) {
		wait_for(&round_nr, i);
		for (j = 0; j < LW_VM_VECTORS; j++)
			vectors[n][j] = lw_vector_get(lw_vms, lw_vector_key(j, i));
		__atomic_add_fetch(&done, 1, __ATOMIC_ACQ_REL);
	}
	return NULL;
}

/* of vectors, too; and none is used up by that */
static void two_claimers_of_one_vector_agree(void)
{
	unsigned int i, j, disagree = 0, unused = 0;
	pthread_t t[2];

	m_init(NULL);
	round_nr = 0;
	done = 0;
	pthread_create(&t[0], NULL, signaller, (void *)0);
	pthread_create(&t[1], NULL, signaller, (void *)1);
	for (i = 1; i <= ROUNDS / 20; i++) {
		__atomic_store_n(&round_nr, i, __ATOMIC_RELEASE);
		wait_for(&done, 2 * i);
		for (j = 0; j < LW_VM_VECTORS; j++)
			/* the last find none if one is about to be given back */
			disagree += vectors[0][j] != vectors[1][j] &&
				    j < LW_VM_VECTORS - 2;
		/* and there is room for as many as before */
		for (j = 0; j < LW_VM_VECTORS; j++)
			unused += !lw_vector_get(lw_vms, lw_vector_key(j, i));
		lw_vm_clear();
	}
	for (i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	EXPECT_EQ(disagree, 0);
	EXPECT_EQ(unused, 0);
	m_exit();
}

static void *exiter(void *unused)
{
	struct lw_event ev = at_cpu(0);
	unsigned int i;

	(void)unused;
	for (i = 1; i <= ROUNDS; i++) {
		wait_for(&round_nr, i);
		/* once it comes last in any case, so that one was followed */
		if (i == 1)
			wait_for(&done, 1);
		ev.task = subject;
		WRITE_ONCE(subject->flags, PF_EXITING);
		smp_mb(); /* there is more between the two than that */
		lw_task_gone(&ev, subject);
		__atomic_add_fetch(&done, 1, __ATOMIC_ACQ_REL);
	}
	return NULL;
}

static void a_task_that_exits_while_it_is_woken_leaves_no_slot(void)
{
	unsigned int i, stays = 0, followed = 0;
	pthread_t t[2];

	m_init(NULL);
	subject = m_task("subject", NULL, 120, 0);
	round_nr = 0;
	done = 0;
	pthread_create(&t[0], NULL, exiter, NULL);
	pthread_create(&t[1], NULL, claimer, (void *)1);
	for (i = 1; i <= ROUNDS; i++) {
		struct lw_task *s;

		WRITE_ONCE(subject->flags, 0);
		__atomic_store_n(&round_nr, i, __ATOMIC_RELEASE);
		wait_for(&done, 2 * i);
		followed += !!got[1];
		s = lw_task_find(subject);
		stays += !!s;
		if (s)
			lw_task_free(s);
	}
	for (i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	EXPECT(followed > 0);
	EXPECT_EQ(stays, 0);
	EXPECT_EQ(atomic_read(&lw_task_table.used), 0);
	m_exit();
}

static const struct ktap_test tests[] = {
	TEST(two_claimers_of_one_task_agree),
	TEST(two_claimers_of_one_vector_agree),
	TEST(a_task_that_exits_while_it_is_woken_leaves_no_slot),
};

KTAP_MAIN(tests)
