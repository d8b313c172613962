/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tasks, as far as the engine looks into them; the last fields are the fake
 * machine's own.
 */
#ifndef SHIM_LINUX_SCHED_H
#define SHIM_LINUX_SCHED_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/types.h>

/* what is kept in a task there is in none elsewhere */
#define CONFIG_PREEMPT_RT	1

#define TASK_COMM_LEN	16
#define PF_EXITING	0x00000004
#define PF_WQ_WORKER	0x00000020
#define PF_KTHREAD	0x00200000

#ifndef SCHED_NORMAL
#define SCHED_NORMAL	0
#endif
#ifndef SCHED_FIFO
#define SCHED_FIFO	1
#endif

struct mm_struct {
	int dummy;
};

/**
 * struct task_struct - a task of the fake machine
 * @nvcsw: how often it was switched from, of its own will
 * @nivcsw: and preempted
 * @softirq_disable_cnt: how often it has bottom halves off
 * @fake_cpu: where it runs, or -1
 * @fake_home: whose run queue it is on, or was on last
 * @fake_asleep: it sleeps, and nobody has woken it
 * @fake_softirq: softirqs that run in it
 * @fake_exited: it did
 */
struct task_struct {
	int pid;
	int tgid;
	int prio;
	unsigned int policy;
	unsigned int flags;
	char comm[TASK_COMM_LEN];
	struct mm_struct *mm;
	struct mm_struct *active_mm;
	struct task_struct *group_leader;
	unsigned long nvcsw;
	unsigned long nivcsw;
	int softirq_disable_cnt;
	int fake_cpu;
	unsigned int fake_home;
	bool fake_asleep;
	unsigned int fake_softirq;
	bool fake_exited;
};

static inline unsigned int task_cpu(const struct task_struct *t)
{
	return READ_ONCE(t->fake_home);
}

#define cond_resched()	do { } while (0)

#endif
