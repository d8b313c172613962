// SPDX-License-Identifier: GPL-2.0
/*
 * lwspin: come in between, once, for a known time.
 *
 * Waits for an event (@at) of a task whose name begins with @comm, or for the begin of any
 * poll, and then has the CPU
 * of that event for @ns: in a hard irq, in a softirq, or in a task of the highest
 * priority (@what). A write to @armed arms it; it reads 0 when it has struck, and @spent
 * is how long it took by CLOCK_MONOTONIC, first to last reading.
 *
 * The strike is an irq_work in hard irq context, which comes as soon as the CPU that had
 * the event has interrupts on. The interrupt is one of the module's own, without
 * hardware, so that the kernel traces its handler as any other's.
 *
 * For tests: it holds a CPU.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>
#include <uapi/linux/sched/types.h>

static char what[16] = "hard irq";
module_param_string(what, what, sizeof(what), 0644);
static char at[16] = "wake";
module_param_string(at, at, sizeof(at), 0644);
static char comm[TASK_COMM_LEN] = "vhost";
module_param_string(comm, comm, sizeof(comm), 0644);
static ulong ns = 1000000;
module_param(ns, ulong, 0644);
static int armed;
module_param(armed, int, 0644);
static ulong spent;
module_param(spent, ulong, 0444);
static int irq;
module_param(irq, int, 0444);

static void strike(struct irq_work *w);
static struct irq_work work = IRQ_WORK_INIT_HARD(strike);
static struct task_struct *thread;
static struct tasklet_struct tasklet;
static int due;

static void spin(void)
{
	u64 begin = ktime_get_mono_fast_ns(), now;

	do {
		cpu_relax();
		now = ktime_get_mono_fast_ns();
	} while (now - begin < READ_ONCE(ns));
	WRITE_ONCE(spent, now - begin);
}

static irqreturn_t handler(int number, void *data)
{
	spin();
	return IRQ_HANDLED;
}

static void softirq(struct tasklet_struct *t)
{
	spin();
}

static int run(void *data)
{
	sched_set_fifo(current);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		if (!xchg(&due, 0)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		spin();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* in hard irq context, on the CPU of the event */
static void strike(struct irq_work *w)
{
	if (!strcmp(what, "softirq")) {
		tasklet_hi_schedule(&tasklet);
	} else if (!strcmp(what, "thread")) {
		WRITE_ONCE(due, 1);
		wake_up_process(thread);
	} else {
		generic_handle_irq(irq);
	}
}

static void event(const char *name, const struct task_struct *t)
{
	if (likely(!READ_ONCE(armed)) || strcmp(at, name) ||
	    (t && strncmp(t->comm, comm, strlen(comm))) || !xchg(&armed, 0))
		return;
	irq_work_queue(&work);
}

static void on_waking(void *data, struct task_struct *p)
{
	event("wake", p);
}

static void on_consume(void *data, const void *skb, const void *location)
{
	event("take", current);
}

static void on_softirq(void *data, unsigned int vector)
{
	if (vector == NET_RX_SOFTIRQ)
		event("poll", NULL);
}

static struct {
	const char *name;
	void *probe;
	struct tracepoint *tp;
} points[] = {
	{ "sched_waking", on_waking },
	{ "consume_skb", on_consume },
	{ "softirq_entry", on_softirq },
};

static void find(struct tracepoint *tp, void *data)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(points); i++)
		if (!strcmp(tp->name, points[i].name))
			points[i].tp = tp;
}

static void let_go(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(points); i++)
		if (points[i].tp)
			tracepoint_probe_unregister(points[i].tp, points[i].probe, NULL);
	tracepoint_synchronize_unregister();
	irq_work_sync(&work);
}

static int __init lwspin_init(void)
{
	int i, err;

	tasklet_setup(&tasklet, softirq);
	irq = irq_alloc_desc(NUMA_NO_NODE);
	if (irq < 0)
		return irq;
	irq_set_chip_and_handler_name(irq, &dummy_irq_chip, handle_simple_irq, "lwspin");
	err = request_irq(irq, handler, IRQF_NO_THREAD, "lwspin", &work);
	if (err)
		goto no_irq;
	thread = kthread_run(run, NULL, "lwspin");
	if (IS_ERR(thread)) {
		err = PTR_ERR(thread);
		goto no_thread;
	}
	for_each_kernel_tracepoint(find, NULL);
	for (i = 0; i < ARRAY_SIZE(points); i++) {
		err = points[i].tp ? tracepoint_probe_register(points[i].tp,
							       points[i].probe, NULL) :
				     -ENOENT;
		if (err) {
			points[i].tp = NULL;
			goto no_point;
		}
	}
	return 0;

no_point:
	let_go();
	kthread_stop(thread);
no_thread:
	free_irq(irq, &work);
no_irq:
	irq_free_desc(irq);
	return err;
}

static void __exit lwspin_exit(void)
{
	let_go();
	kthread_stop(thread);
	tasklet_kill(&tasklet);
	free_irq(irq, &work);
	irq_free_desc(irq);
}

module_init(lwspin_init);
module_exit(lwspin_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Comes in between, once, for a known time");
