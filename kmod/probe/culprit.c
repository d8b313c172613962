// SPDX-License-Identifier: GPL-2.0
/*
 * Probes that tell nothing of packets, but of who comes in between; they give to
 * culprit/trail.c. Without them their time is somebody else's, or not explained.
 */
#include <trace/events/power.h>

#include <linux/smp.h>

#include "compat/trace_ipi.h"
#include "compat/trace_lock.h"
#include "probe/probe.h"
#include "path/path.h"

LW_PROBE(cpu_idle, LW_ARGS(unsigned int state, unsigned int cpu_id), state, cpu_id)
{
	struct lw_event *ev;

	if (!lw_trail_is_on())
		return;
	ev = lw_enter();
	if (state == (unsigned int)PWR_EVENT_EXIT)
		lw_trail_idle_exit(ev);
	else
		ev->cpu->trail.idle_state = state + 1;
	lw_leave(ev);
}

LW_PROBE_CHECK(cpu_idle);

LW_PROBE(contention_begin, LW_ARGS(void *lock, unsigned int flags), lock, flags)
{
	struct lw_event *ev;

	/* a holder can be told of those only; who spins has the CPU itself */
	if (!lw_trail_is_on() || !(flags & (LCB_F_RT | LCB_F_MUTEX)) ||
	    likely(!READ_ONCE(lw_this_cpu()->current_slot)))
		return;
	ev = lw_enter();
	lw_trail_lock(ev, lw_lock_holder(lock, flags));
	lw_leave(ev);
}

LW_PROBE_CHECK(contention_begin);

LW_PROBE(contention_end, LW_ARGS(void *lock, int ret), lock, ret)
{
	struct lw_event *ev;

	if (!lw_trail_is_on() || likely(!READ_ONCE(lw_this_cpu()->current_slot)))
		return;
	ev = lw_enter();
	lw_trail_lock_end(ev);
	lw_leave(ev);
}

LW_PROBE_CHECK(contention_end);

/* in an IPI, or in whom it left that to; the kernel's text is in the upper 2 GB */
LW_PROBE(csd_function_entry, LW_ARGS(smp_call_func_t func, call_single_data_t *csd),
	 func, csd)
{
	struct lw_cpu *c = lw_this_cpu();

	if (lw_trail_is_on() && lw_trail_watched(c))
		c->trail.function = (unsigned long)func;
}

LW_CSD_FUNCTION_CHECK;

const struct lw_probe lw_probes_culprit[] = {
	{ "csd_function_entry", probe_csd_function_entry, 0,
	  "what other CPUs ask for is not told" },
	{ "contention_end", probe_contention_end, 0,
	  "who held a lock is told for longer than he did" },
	{ "contention_begin", probe_contention_begin, 0,
	  "who holds a lock that is waited for is not told" },
	{ "cpu_idle", probe_cpu_idle, 0,
	  "which idle state was left is not told" },
	{ }
};
