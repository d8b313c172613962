// SPDX-License-Identifier: GPL-2.0
/*
 * Where stages begin and end: the module's own table, kmod/model/stage.h, as it sends
 * it, and as a report has it then.
 */
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "bounds.h"
#include "../../kmod/model/stage.c"

static void put_bound(struct nlmsghdr *nlh, uint16_t attr, uint32_t mark)
{
	if (mark)
		mnl_attr_put_u32(nlh, attr, (uint32_t)__builtin_ctz(mark));
}

static void put_set(struct nlmsghdr *nlh, uint16_t attr, uint32_t set)
{
	if (set)
		mnl_attr_put_u32(nlh, attr, set);
}

void bounds_put(struct nlmsghdr *nlh, uint32_t id)
{
	const struct lw_stage *row;

	if (id >= LW_NSTAGES)
		return;
	row = &lw_stages[id];
	put_bound(nlh, LATWATCH_A_STAGE_FROM, row->from);
	put_bound(nlh, LATWATCH_A_STAGE_TO, row->to);
	put_bound(nlh, LATWATCH_A_STAGE_OR_TO, row->or_to);
	put_set(nlh, LATWATCH_A_STAGE_WITH, row->with);
	put_set(nlh, LATWATCH_A_STAGE_WITHOUT, row->without);
	put_set(nlh, LATWATCH_A_STAGE_ALSO, row->also);
	if (row->flags & LATWATCH_STAGE_FLAGS_NESTED)
		mnl_attr_put_u32(nlh, LATWATCH_A_STAGE_WITHIN, row->within);
}

uint32_t bounds_flags(uint32_t id)
{
	return id < LW_NSTAGES ? lw_stages[id].flags & LATWATCH_STAGE_FLAGS_BY_TASK : 0;
}

void bounds_put_marks(struct nlmsghdr *nlh)
{
	size_t i;

	for (i = 0; i < sizeof(lw_mark_order); i++) {
		struct nlattr *nest = mnl_attr_nest_start(nlh, LATWATCH_A_INFO_MARK);

		mnl_attr_put_u32(nlh, LATWATCH_A_FLIGHT_MARK_ID, lw_mark_order[i]);
		mnl_attr_put_strz(nlh, LATWATCH_A_FLIGHT_MARK_NAME,
				  lw_mark_names[lw_mark_order[i]]);
		mnl_attr_nest_end(nlh, nest);
	}
}

static struct lw_value bound(uint32_t mark)
{
	struct lw_value value = { 0 };

	if (mark) {
		value.v = (uint64_t)__builtin_ctz(mark);
		value.known = true;
	}
	return value;
}

/* The stages alone, of which nothing was counted. */
const struct lw_report *bounds_report(void)
{
	static struct lw_report_stage stages[LW_NSTAGES];
	static struct lw_report report = { .stages = stages, .nr_stages = LW_NSTAGES };
	uint32_t id;

	for (id = 0; id < LW_NSTAGES; id++) {
		const struct lw_stage *row = &lw_stages[id];

		stages[id] = (struct lw_report_stage){
			.id = id, .flags = row->flags, .path = row->path,
			.place = { row->place, true },
			.from = bound(row->from), .to = bound(row->to),
			.or_to = bound(row->or_to), .with = row->with,
			.without = row->without, .also = row->also,
		};
	}
	return &report;
}
