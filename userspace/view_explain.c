// SPDX-License-Identifier: GPL-2.0
/*
 * What a stage or a kind of culprit is, what fills it usually, and what to do: three
 * lines.  Takes a word, prints text.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/latwatch.h>

#include "culprit.h"
#include "view.h"

const struct lw_explanation lw_kind_explanations[] = {
	[LATWATCH_CULPRIT_KIND_THREAD] = { "thread",
	  "a task had the CPU that the flight waited for, or preempted who carried it",
	  "a task of the same or a higher priority on that CPU; on a kernel with PREEMPT_LAZY any TS task until its tick",
	  "give each stage's task a higher priority than what it shares the CPU with, or a CPU of its own" },
	[LATWATCH_CULPRIT_KIND_HARD_IRQ] = { "hard irq",
	  "a device's interrupt handler ran on that CPU",
	  "interrupts of disks, other NICs or timers that share the CPU; handlers with IRQF_NO_THREAD on RT",
	  "move the interrupt elsewhere: /proc/irq/N/smp_affinity_list" },
	[LATWATCH_CULPRIT_KIND_SOFTIRQ] = { "softirq",
	  "a softirq ran on that CPU, on top of a task or in one of its own",
	  "NET_RX of other traffic, TIMER, RCU callbacks, SCHED balancing; the runner tells who raised it",
	  "steer the traffic or the timers to other CPUs: irq affinity, rcu_nocbs, isolcpus=managed_irq,domain" },
	[LATWATCH_CULPRIT_KIND_IDLE] = { "idle",
	  "the CPU was idle, and had to leave that before it could run the task",
	  "deep idle states, whose exit takes up to some hundred us; on a virtual CPU, the hypervisor",
	  "hold the CPU out of deep states: /dev/cpu_dma_latency, or idle=poll where heat does not matter" },
	[LATWATCH_CULPRIT_KIND_BLOCKED] = { "blocked",
	  "the task that carried the flight waited for a lock, a page or a disk, and then for its CPU",
	  "a sleeping lock of RT held by a task of lower priority; a page fault",
	  "lock the VMM's memory; see what it waits for (ftrace: sched_switch with a stack)" },
	[LATWATCH_CULPRIT_KIND_MOVED] = { "moved",
	  "the woken task waited for another CPU, and was moved from its run queue",
	  "the task may run on several CPUs, and the one it was woken on was taken",
	  "pin the task: taskset, or the VMM's own means" },
	[LATWATCH_CULPRIT_KIND_OTHERS] = { "others",
	  "more culprits than there is room for, together",
	  "many short-lived tasks",
	  "look at the first ones" },
	[LATWATCH_CULPRIT_KIND_LOCK] = { "lock",
	  "the task that carried the flight waited for a lock that another task held, and then for its CPU",
	  "on RT, a spinlock that a task of lower priority holds; it is boosted meanwhile, and has to run first",
	  "keep the holder's work off this path, or give it the priority to be done sooner" },
	[LATWATCH_CULPRIT_KIND_IPI] = { "ipi",
	  "the CPU served an interrupt of another CPU, or of its own timer",
	  "TLB flushes and other calls on all CPUs, RCU, wakes from other CPUs, the tick",
	  "isolate the CPU (nohz_full, isolcpus=domain), and keep who sends the calls off the host" },
	{ }
};

const struct lw_explanation lw_stage_explanations[] = {
	{ "hard irq", "from the entry of the NIC's interrupt handler until it has woken its thread or raised NET_RX",
	  "the handler itself; nothing can come in between but an NMI",
	  "a driver that does more than to ask for its poll is to blame" },
	{ "irq thread wake", "from the wake of the interrupt's thread until it runs",
	  "a task of higher priority, or one with preemption off; leaving idle",
	  "raise the irq thread's priority (chrt), or keep its CPU free" },
	{ "irq thread", "from when the irq thread runs until it raises NET_RX",
	  "the handler's thread function; who preempts it",
	  "raise the irq thread's priority" },
	{ "softirq wait", "from the raise of NET_RX until it begins",
	  "another softirq that runs, or that ksoftirqd has to get a CPU first",
	  "keep NET_RX with its irq thread; give ksoftirqd a priority if it runs it" },
	{ "napi", "from the begin of the poll until the stack has the packet",
	  "packets before it in the same poll; who preempts the poll on RT",
	  "fewer packets at once: interrupt moderation, a budget, a queue of its own" },
	{ "stack", "from the stack's reception to the tap or the NIC",
	  "bridge and filters; a queueing discipline",
	  "fewer rules on the way; see qdisc" },
	{ "tap dwell", "from the tap until the backend has copied the packet to the guest",
	  "the backend's wake; packets before it; a guest without free buffers",
	  "see backend wake" },
	{ "backend wake", "from the wake of vhost, or the VMM's thread, until it runs",
	  "a task on its CPU: on RT vhost is TS unless somebody changed it",
	  "give the vhost thread a FIFO priority below the irq thread's, and a CPU of its own" },
	{ "backend service", "from the first packet that the backend took to the guest's interrupt",
	  "packets of the same batch; who preempts the backend",
	  "as for backend wake" },
	{ "signal", "from the guest's interrupt to the wake of its vCPU",
	  "who preempts the backend just then",
	  "as for backend wake" },
	{ "vCPU wake", "from the wake of the vCPU's thread until it runs",
	  "a task on its CPU; leaving idle",
	  "give the vCPU a priority and a CPU of its own; halt polling avoids the wake" },
	{ "entry", "from when the vCPU runs until it enters the guest with the interrupt",
	  "KVM's work before the entry; who preempts it",
	  "as for vCPU wake" },
	{ "kick", "from the signal to the entry of a vCPU that was awake",
	  "the exit of the vCPU, and what it did outside of its guest",
	  "keep other work off the vCPU's CPU" },
	{ "guest exit", "from the vCPU's exit until it has woken the backend",
	  "KVM's work at the exit; who preempts the vCPU",
	  "as for vCPU wake" },
	{ "reader wake", "from the wake of the process that reads until it runs",
	  "a task on its CPU; leaving idle",
	  "give the reader a priority" },
	{ }
};

/**
 * lw_explanation_of_kind - what is to be said of a kind of culprit
 * @kind: enum latwatch_culprit_kind
 *
 * Return: it, or NULL for one that this reporter does not know.
 */
const struct lw_explanation *lw_explanation_of_kind(struct lw_value kind)
{
	if (!kind.known || kind.v > LATWATCH_CULPRIT_KIND_MAX)
		return NULL;
	return &lw_kind_explanations[kind.v];
}

/* "irq-thread-wake", and "rx/backend-wake": a path says nothing here. */
static bool is_meant(const struct lw_explanation *e, const char *typed)
{
	struct lw_report_stage stage = { .name = (char *)e->word };
	const char *slash = strchr(typed, '/');

	return lw_stage_is_meant(&stage, slash ? slash + 1 : typed);
}

static bool explain(const struct lw_explanation *list, const char *typed,
		    const char *what, FILE *out)
{
	bool any = false;

	for (; list->word; list++) {
		if (!is_meant(list, typed))
			continue;
		fprintf(out, "%s (%s): %s\n", list->word, what, list->is);
		fprintf(out, "  usually: %s\n", list->usually);
		fprintf(out, "  to do:   %s\n", list->remedy);
		any = true;
	}
	return any;
}

/**
 * lw_explain - say what a stage or a kind of culprit is
 * @typed: which
 * @out: where to
 *
 * Return: 0, or -EINVAL after one line on standard error.
 */
int lw_explain(const char *typed, FILE *out)
{
	bool stage = explain(lw_stage_explanations, typed, "stage", out);
	bool kind = explain(lw_kind_explanations, typed, "culprit", out);
	const struct lw_explanation *e;

	if (stage || kind)
		return 0;
	fprintf(stderr, "latwatch-report: nothing is known of '%s' (known are ", typed);
	for (e = lw_stage_explanations; e->word; e++)
		fprintf(stderr, "%s, ", e->word);
	for (e = lw_kind_explanations; e->word; e++)
		fprintf(stderr, "%s%s", e->word, e[1].word ? ", " : ")\n");
	return -EINVAL;
}
