// SPDX-License-Identifier: GPL-2.0
/* The table of stages and the names of marks. See stage.h. */
#include <linux/build_bug.h>
#include <linux/types.h>

#include "model/stage.h"

/* a stage that has two rows does not compile */
enum {
#define X(id, ...)	PLACE_##id,
	LW_STAGES(X)
#undef X
	NPLACES
};

static_assert(NPLACES == LW_NSTAGES, "a stage of the UAPI has no row");

const struct lw_stage lw_stages[LW_NSTAGES] = {
#define X(id, name, unit, path, kind) \
	[LATWATCH_STAGE_##id] = { name, LATWATCH_UNIT_##unit, \
				  LATWATCH_PATH_##path, LW_STAGE_##kind, \
				  PLACE_##id },
	LW_STAGES(X)
#undef X
};

const char *const lw_mark_names[] = {
	[LATWATCH_MARK_IRQ]	     = "irq",
	[LATWATCH_MARK_THREAD_WAKE]  = "thread wake",
	[LATWATCH_MARK_THREAD_RUN]   = "thread run",
	[LATWATCH_MARK_RAISE]	     = "raise",
	[LATWATCH_MARK_SOFTIRQ]	     = "softirq",
	[LATWATCH_MARK_STACK]	     = "stack",
	[LATWATCH_MARK_QUEUE]	     = "queue",
	[LATWATCH_MARK_TAP]	     = "tap",
	[LATWATCH_MARK_BACKEND_WAKE] = "backend wake",
	[LATWATCH_MARK_BACKEND_RUN]  = "backend run",
	[LATWATCH_MARK_TAKE]	     = "take",
	[LATWATCH_MARK_SIGNAL]	     = "signal",
	[LATWATCH_MARK_VCPU_WAKE]    = "vcpu wake",
	[LATWATCH_MARK_VCPU_RUN]     = "vcpu run",
	[LATWATCH_MARK_ENTRY]	     = "entry",
	[LATWATCH_MARK_EXIT]	     = "exit",
	[LATWATCH_MARK_KICK_WAKE]    = "kick wake",
	[LATWATCH_MARK_KICK_RUN]     = "kick run",
	[LATWATCH_MARK_XMIT]	     = "xmit",
	[LATWATCH_MARK_COMPLETE]     = "complete",
	[LATWATCH_MARK_READER_WAKE]  = "reader wake",
	[LATWATCH_MARK_READER_RUN]   = "reader run",
	[LATWATCH_MARK_COPY]	     = "copy",
	[LATWATCH_MARK_STEER]	     = "steer",
};
