// SPDX-License-Identifier: GPL-2.0
/*
 * What is done to the books and slots in process context: the reset, making the
 * slots of VMs that are gone free for others, and refilling the pool.
 *
 * Probes find a full table of VMs, or a pool that runs low, with locks of the
 * scheduler held, so they may wake nobody: an irq_work does that for them. It is
 * not marked HARD, so on RT it runs in a thread of its own. It runs only when a
 * VM was started that took the last free slot, or when stages are recorded for
 * the first time.
 */
#include <linux/irq_work.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "probe/attach.h"
#include "books/books.h"
#include "books/budget.h"
#include "books/pool.h"
#include "books/reclaim.h"
#include "engine/skb.h"
#include "engine/vm.h"

/* see reclaim.h */
DEFINE_MUTEX(lw_books_lock);

static void reclaim(struct work_struct *work)
{
	unsigned int i, n = 0;

	mutex_lock(&lw_books_lock);
	for (i = 0; i < lw_vm_slots; i++) {
		struct lw_vm *vm = &lw_vms[i];

		if (READ_ONCE(vm->state) == LW_VM_GONE &&
		    !atomic_read(&vm->tasks)) {
			WRITE_ONCE(vm->state, LW_VM_SWEPT);
			lw_skb_disown(lw_vm_account(vm));
			n++;
		}
	}
	if (!n)
		goto out;
	/* wait for probes that found one of them before it was gone */
	lw_probes_wait();
	for (i = 0; i < lw_vm_slots; i++) {
		struct lw_vm *vm = &lw_vms[i];

		if (READ_ONCE(vm->state) != LW_VM_SWEPT)
			continue;
		/* such a probe has brought it another task, or there is no memory */
		if (atomic_read(&vm->tasks) ||
		    lw_books_retire(lw_books, lw_vm_account(vm))) {
			WRITE_ONCE(vm->state, LW_VM_GONE);
			continue;
		}
		lw_budget_retire(lw_vm_account(vm), vm->id);
		lw_vm_free(vm);
	}
	atomic_inc(&lw_vm_generation);
out:
	mutex_unlock(&lw_books_lock);
}

static DECLARE_WORK(reclaim_work, reclaim);

static void kick(struct irq_work *work)
{
	schedule_work(&reclaim_work);
}

static DEFINE_IRQ_WORK(reclaim_irq_work, kick);

void lw_reclaim_kick(void)
{
	irq_work_queue(&reclaim_irq_work);
}

static void refill(struct work_struct *work)
{
	/* without memory, the next record that finds no block asks again */
	lw_pool_refill();
}

static DECLARE_WORK(refill_work, refill);

static void kick_refill(struct irq_work *work)
{
	schedule_work(&refill_work);
}

static DEFINE_IRQ_WORK(refill_irq_work, kick_refill);

void lw_pool_low(void)
{
	irq_work_queue(&refill_irq_work);
}

/**
 * lw_reclaim_exit() - wait until nothing is reclaimed or refilled any more
 *
 * Context: process; no probe may run any more.
 */
void lw_reclaim_exit(void)
{
	irq_work_sync(&reclaim_irq_work);
	cancel_work_sync(&reclaim_work);
	irq_work_sync(&refill_irq_work);
	cancel_work_sync(&refill_work);
}

static int renew(bool carry)
{
	struct lw_books *old = lw_books, *new;

	new = lw_books_alloc(lw_vm_slots, old);
	if (!new)
		return -ENOMEM;
	new->epoch = old ? old->epoch + 1 : 0;
	new->since_ns = lw_clock_ns();
	new->since_real_ns = ktime_get_real_ns();
	/* pairs with the address dependency in lw_account() */
	smp_store_release(&lw_books, new);
	if (old) {
		/* a probe that runs now may still write the old books */
		lw_probes_wait();
		if (carry)
			lw_books_close(old, new);
		lw_books_free(old);
	}
	return 0;
}

/**
 * lw_begin() - begin an epoch with nothing in flight
 *
 * Context: process, may sleep; no probe runs, and nobody reads: the module is
 * being loaded, or the caller holds @lw_books_lock.
 * Return: 0, or -ENOMEM and the books are those of before.
 */
int lw_begin(void)
{
	return renew(false);
}

/**
 * lw_reset() - begin a new epoch with what is in flight
 *
 * Context: process, may sleep; holds @lw_books_lock.
 * Return: 0, or -ENOMEM and the old epoch goes on.
 */
int lw_reset(void)
{
	return renew(true);
}
