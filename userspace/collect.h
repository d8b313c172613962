/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_COLLECT_H
#define LW_COLLECT_H

#include "model.h"
#include "nl.h"

/**
 * struct lw_want - what to read
 * @vm: id or pid of the only VM that is wanted; not known: all
 * @cpus: the CPUs too, which can be many
 * @cost: what the module's probes take, too
 * @windows: the last seconds of each stage, too
 * @rankings: what came in between, in sum, too
 */
struct lw_want {
	struct lw_value vm;
	bool cpus;
	bool cost;
	bool windows;
	bool rankings;
};

/* The settings of the module. */
#define LW_SWITCHES 3
extern const struct lw_switch lw_switches[LW_SWITCHES];

int lw_collect(struct lw_nl *nl, const struct lw_want *want,
	       struct lw_report *report);
int lw_reset(struct lw_nl *nl, struct lw_value *epoch);
int lw_set(struct lw_nl *nl, const struct lw_setting *changes, size_t nr);

#endif
