/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of a made-up machine know of each other.
 */
#ifndef LW_TESTS_MACHINE_H
#define LW_TESTS_MACHINE_H

#include <assert.h>
#include <stdbool.h>

#include <linux/latwatch.h>

#include "fixture.h"

#define S 1000000000ull
#define SINCE (100 * S)
#define SINCE_REAL (1767448931ull * S)	/* 2026-01-03 14:02:11 UTC */
#define NOW (SINCE + 735 * S)

/*
 * Those before SET_PATHS are of a module that knows no path but rx, and that
 * reports no places; that of SET_UNBOUND does not say where stages end, either.
 * SET_PLACES is of one of tomorrow, with a stage that came later than others and
 * stands between them. SET_UNSEEN has a VM of which nothing was recognised.
 */
enum set {
	SET_NORMAL,
	SET_EMPTY,
	SET_MISSING,
	SET_TWO,
	SET_NON_RT,
	SET_FORGOTTEN,
	SET_OFF,
	SET_UNBOUND,
	SET_PATHS,
	SET_PATHS_BLIND,
	SET_PATHS_FORGOTTEN,
	SET_PLACES,
	SET_UNSEEN,
};

/* Of tomorrow; that of SET_PLACES is passed just before the stack. */
#define BEYOND_STAGE 62
#define LATE_STAGE 63

static_assert(LATWATCH_STAGE_MAX < BEYOND_STAGE, "tomorrow is here");

struct fixture {
	const char *name;
	enum set set;
	int nr_vms;
};

static inline bool machine_has_paths(const struct fixture *fixture)
{
	return fixture->set >= SET_PATHS;
}

/* A mark, so many ns after the flight began. */
struct mark {
	uint32_t id;
	const char *name;
	uint64_t after;
	uint32_t cpu;
};

void machine_put_mark(struct nlmsghdr *nlh, uint16_t attr,
		      const struct mark *mark, uint64_t begin);

#endif
