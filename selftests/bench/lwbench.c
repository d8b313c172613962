// SPDX-License-Identifier: GPL-2.0
/*
 * lwbench: probes that do nothing, or that count what lies between them.
 *
 * As a floor (measure=0), one empty probe on each tracepoint: what any tool that
 * hooks these pays. As a ruler (measure=1), a probe before all others of a
 * tracepoint and one behind them; the time between is what the others take, and
 * where the clock counts instructions, their number. Between the two, interrupts
 * are off, so that nothing else is counted. The figures are per tracepoint and per
 * task: for sched_waking who is woken, for sched_switch who is switched to, else
 * current. /sys/kernel/debug/lwbench has them; a write there forgets them.
 *
 * For measuring only: the ruler is slow, and wants one CPU.
 */
#include <linux/debugfs.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/timex.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#define MAX_SPOTS	48
#define MAX_TALLIES	512
#define MAX_TICKS	2048

static char *tracepoints[MAX_SPOTS];
static unsigned int nspots;
module_param_array(tracepoints, charp, &nspots, 0444);
static bool measure;
module_param(measure, bool, 0444);

/*
 * A tracepoint; which of its arguments is a task, 0 for none; and whether both
 * of the ruler's probes are there.
 */
struct spot {
	const char *name;
	struct tracepoint *tp;
	unsigned int task_arg;
	bool ready;
};

struct tally {
	const struct spot *spot;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	u64 count;
	u64 sum;
	u64 min;
	u64 max;
	/* how often it took so long; the last is for all that took longer */
	u32 ticks[MAX_TICKS];
};

static struct spot spots[MAX_SPOTS];
static struct tally *tallies;
static unsigned int ntallies;
static u64 untallied;
static unsigned long begin_flags;
static bool begun;
static u64 begin;
static struct dentry *file;

static void nothing(void *data)
{
}

static void before(void *data)
{
	const struct spot *s = data;
	unsigned long flags;

	if (!s->ready)
		return;
	raw_local_irq_save(flags);
	begin_flags = flags;
	begun = true;
	begin = get_cycles();
}

static struct tally *tally_of(const struct spot *s, const struct task_struct *t)
{
	struct tally *y;

	for (y = tallies; y < tallies + ntallies; y++)
		if (y->spot == s && y->pid == t->pid &&
		    !strncmp(y->comm, t->comm, sizeof(y->comm)))
			return y;
	if (ntallies == MAX_TALLIES)
		return NULL;
	ntallies++;
	y->spot = s;
	y->pid = t->pid;
	strscpy(y->comm, t->comm, sizeof(y->comm));
	y->min = U64_MAX;
	return y;
}

static void behind(void *data, struct task_struct *arg1, void *arg2,
		   struct task_struct *arg3)
{
	u64 took = get_cycles() - begin;
	const struct spot *s = data;
	struct tally *y;

	if (!begun)
		return;
	begun = false;
	y = tally_of(s, s->task_arg == 1 ? arg1 :
			s->task_arg == 3 ? arg3 : current);
	if (y) {
		y->count++;
		y->sum += took;
		y->min = min(y->min, took);
		y->max = max(y->max, took);
		y->ticks[min_t(u64, took, MAX_TICKS - 1)]++;
	} else {
		untallied++;
	}
	raw_local_irq_restore(begin_flags);
}

static int spot_attach(struct spot *s, struct tracepoint *tp)
{
	int err;

	if (!measure) {
		err = tracepoint_probe_register(tp, nothing, s);
		s->tp = err ? NULL : tp;
		return err;
	}
	err = tracepoint_probe_register_prio(tp, before, s, INT_MAX);
	if (err)
		return err;
	err = tracepoint_probe_register_prio(tp, behind, s, INT_MIN);
	if (err) {
		tracepoint_probe_unregister(tp, before, s);
		return err;
	}
	s->tp = tp;
	/* on one CPU, no event is between the two now */
	s->ready = true;
	return 0;
}

static void spot_detach(struct spot *s)
{
	if (!s->tp)
		return;
	s->ready = false;
	if (measure) {
		tracepoint_probe_unregister(s->tp, behind, s);
		tracepoint_probe_unregister(s->tp, before, s);
	} else {
		tracepoint_probe_unregister(s->tp, nothing, s);
	}
	s->tp = NULL;
}

static void spot_try(struct tracepoint *tp)
{
	unsigned int i;

	for (i = 0; i < nspots; i++)
		if (!spots[i].tp && !strcmp(tp->name, spots[i].name))
			if (spot_attach(&spots[i], tp))
				pr_err("lwbench: cannot attach to %s\n",
				       tp->name);
}

static void builtin(struct tracepoint *tp, void *priv)
{
	spot_try(tp);
}

static int module_notify(struct notifier_block *nb, unsigned long event,
			 void *info)
{
	struct module *mod = ((struct tp_module *)info)->mod;
	unsigned int i, j;

	for (i = 0; i < mod->num_tracepoints; i++) {
		struct tracepoint *tp =
			tracepoint_ptr_deref(&mod->tracepoints_ptrs[i]);

		if (event == MODULE_STATE_COMING)
			spot_try(tp);
		for (j = 0; event == MODULE_STATE_GOING && j < nspots; j++)
			if (spots[j].tp == tp)
				spot_detach(&spots[j]);
	}
	return NOTIFY_OK;
}

static struct notifier_block module_notifier = {
	.notifier_call = module_notify,
};

/* tracepoint, pid, count, sum, min, max, then how often which number; comm last */
static int show(struct seq_file *m, void *unused)
{
	const struct tally *y;
	unsigned int i;

	for (y = tallies; y < tallies + ntallies; y++) {
		if (!y->count)
			continue;
		seq_printf(m, "%s\t%d\t%llu\t%llu\t%llu\t%llu\t", y->spot->name,
			   y->pid, y->count, y->sum, y->min, y->max);
		for (i = 0; i < MAX_TICKS; i++)
			if (y->ticks[i])
				seq_printf(m, "%u:%u ", i, y->ticks[i]);
		seq_printf(m, "\t%s\n", y->comm);
	}
	if (untallied)
		seq_printf(m, "untallied\t0\t%llu\t0\t0\t0\t\t\n", untallied);
	return 0;
}

static int open(struct inode *inode, struct file *f)
{
	return single_open_size(f, show, NULL, 1 << 20);
}

static ssize_t forget(struct file *f, const char __user *text, size_t size,
		      loff_t *at)
{
	unsigned long flags;

	raw_local_irq_save(flags);
	memset(tallies, 0, MAX_TALLIES * sizeof(*tallies));
	ntallies = 0;
	untallied = 0;
	raw_local_irq_restore(flags);
	return size;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = open,
	.read = seq_read,
	.llseek = seq_lseek,
	.write = forget,
	.release = single_release,
};

static int __init lwbench_init(void)
{
	unsigned int i;
	int err;

	if (measure && num_online_cpus() > 1)
		return -EOPNOTSUPP;
	tallies = vzalloc(MAX_TALLIES * sizeof(*tallies));
	if (!tallies)
		return -ENOMEM;
	for (i = 0; i < nspots; i++) {
		spots[i].name = tracepoints[i];
		spots[i].task_arg = !strcmp(tracepoints[i], "sched_waking") ? 1 :
				    !strcmp(tracepoints[i], "sched_switch") ? 3 :
									      0;
	}
	for_each_kernel_tracepoint(builtin, NULL);
	err = register_tracepoint_module_notifier(&module_notifier);
	if (err)
		goto out;
	for (i = 0; i < nspots; i++)
		if (!spots[i].tp)
			pr_info("lwbench: no tracepoint %s\n", spots[i].name);
	file = debugfs_create_file("lwbench", 0600, NULL, NULL, &fops);
	return 0;
out:
	for (i = 0; i < nspots; i++)
		spot_detach(&spots[i]);
	tracepoint_synchronize_unregister();
	vfree(tallies);
	return err;
}

static void __exit lwbench_exit(void)
{
	unsigned int i;

	debugfs_remove(file);
	for (i = 0; i < nspots; i++)
		spot_detach(&spots[i]);
	/* tells that every module leaves */
	unregister_tracepoint_module_notifier(&module_notifier);
	tracepoint_synchronize_unregister();
	vfree(tallies);
}

module_init(lwbench_init);
module_exit(lwbench_exit);
MODULE_DESCRIPTION("Empty probes, and a ruler for those of others");
MODULE_LICENSE("GPL");
