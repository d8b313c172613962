/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_SPLIT_H
#define LW_SPLIT_H

#include "model.h"

/* As many as the module could ever have; those beyond are not split. */
#define LW_SPLIT_STAGES 64
#define LW_NO_STAGE UINT32_MAX

/**
 * struct lw_split - where the time of one flight went
 * @part_ns: by stage id, where the flight has both of the stage's marks
 * @largest: id of the longest part; LW_NO_STAGE if there is none
 * @sum_ns: of the parts that neither lie in another one nor come after the end
 * @residual_ns: what the sum leaves of the whole
 */
struct lw_split {
	struct lw_value part_ns[LW_SPLIT_STAGES];
	uint32_t largest;
	struct lw_value sum_ns;
	struct lw_svalue residual_ns;
};

bool lw_watermark_is_bound(const struct lw_report_watermark *worst);
void lw_watermark_split(const struct lw_report *report,
			const struct lw_report_watermark *worst, uint32_t path,
			struct lw_split *split);
bool lw_watermark_bounds(const struct lw_report_watermark *worst,
			 const struct lw_report_stage *stage,
			 const struct lw_mark **from, const struct lw_mark **to);
bool lw_stage_may_be_passed(const struct lw_report_stage *stage, uint32_t path);
const struct lw_mark *lw_watermark_find_mark(const struct lw_report_watermark *worst,
					     uint32_t mark_id);

#endif
