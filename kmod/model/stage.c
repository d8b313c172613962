// SPDX-License-Identifier: GPL-2.0
/* The table of stages, and the marks. See stage.h. */
#include <linux/build_bug.h>
#include <linux/types.h>

#include "model/stage.h"

/* a stage or a mark that has two rows does not compile */
enum {
#define X(id, ...)	PLACE_##id,
	LW_STAGES(X)
#undef X
	NPLACES
};

enum {
#define X(id, ...)	MARK_PLACE_##id,
	LW_MARKS(X)
#undef X
	NMARK_PLACES
};

static_assert(NPLACES == LW_NSTAGES, "a stage of the UAPI has no row");
static_assert(NMARK_PLACES == LATWATCH_MARK_MAX + 1, "a mark of the UAPI has no row");
static_assert(LATWATCH_MARK_MAX < 32, "more marks than a set has bits");

const struct lw_stage lw_stages[LW_NSTAGES] = {
#define X(id, label, of, on, kind, ...) \
	[LATWATCH_STAGE_##id] = { .name = (label), .unit = LATWATCH_UNIT_##of, \
				  .path = LATWATCH_PATH_##on, .place = PLACE_##id, \
				  LW_STAGE_##kind, __VA_ARGS__ },
	LW_STAGES(X)
#undef X
};

const char *const lw_mark_names[] = {
#define X(id, label)	[LATWATCH_MARK_##id] = (label),
	LW_MARKS(X)
#undef X
};

const u8 lw_mark_order[] = {
#define X(id, label)	LATWATCH_MARK_##id,
	LW_MARKS(X)
#undef X
};

const u8 lw_mark_place[] = {
#define X(id, label)	[LATWATCH_MARK_##id] = MARK_PLACE_##id,
	LW_MARKS(X)
#undef X
};
