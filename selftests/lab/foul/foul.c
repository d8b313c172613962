// SPDX-License-Identifier: GPL-2.0
/*
 * What a kernel that watches itself must complain about, one foul at a time:
 * insmod foul.ko what=NAME. It never stays loaded.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

static char *what = "";
module_param(what, charp, 0);

static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_SPINLOCK(sleeping);
static DEFINE_MUTEX(one);
static DEFINE_MUTEX(other);

static void use_after_free(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(p[50], 1);
}

static void beyond_vmalloc(void)
{
	char *p = vmalloc(100);

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(p[100], 1);
	vfree(p);
}

static void leak(void)
{
	char *p = kmalloc(12345, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static void sleep_in_atomic(void)
{
	raw_spin_lock(&raw);
	might_sleep();
	raw_spin_unlock(&raw);
}

static void nest(void)
{
	raw_spin_lock(&raw);
	spin_lock(&sleeping);
	spin_unlock(&sleeping);
	raw_spin_unlock(&raw);
}

static void order(void)
{
	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);
	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
}

static void ask_cpu(void)
{
	pr_info("on CPU %u, maybe\n", smp_processor_id());
}

static void underflow(void)
{
	refcount_t r = REFCOUNT_INIT(0);

	refcount_dec(&r);
}

static unsigned long shared;

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		shared++;
		barrier();
		cond_resched();
	}
	return 0;
}

static void race(void)
{
	struct task_struct *t[2];
	int i;

	for (i = 0; i < 2; i++) {
		t[i] = kthread_create(racer, NULL, "racer");
		kthread_bind(t[i], i);
		wake_up_process(t[i]);
	}
	msleep(200);
	for (i = 0; i < 2; i++)
		kthread_stop(t[i]);
}

static const struct {
	const char *name;
	void (*commit)(void);
} fouls[] = {
	{ "use_after_free", use_after_free },
	{ "beyond_vmalloc", beyond_vmalloc },
	{ "leak", leak },
	{ "sleep_in_atomic", sleep_in_atomic },
	{ "nest", nest },
	{ "order", order },
	{ "preemptible", ask_cpu },
	{ "underflow", underflow },
	{ "race", race },
};

static int __init foul_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fouls); i++)
		if (!strcmp(what, fouls[i].name)) {
			fouls[i].commit();
			return -EAGAIN;
		}
	return -EINVAL;
}
module_init(foul_init);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Fouls that the lab's kernels must see");
