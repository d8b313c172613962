/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_DERIVE_H
#define LW_DERIVE_H

#include "model.h"

__extension__ typedef unsigned __int128 lw_u128;

/**
 * struct lw_real - a computed number that may not be known
 * @v: the number, if @known
 * @known: all that it is made of was measured
 */
struct lw_real {
	long double v;
	bool known;
};

/* As many as the module could ever have; those beyond are not split. */
#define LW_SPLIT_STAGES 64
#define LW_NO_STAGE UINT32_MAX

/**
 * struct lw_split - where the time of one flight went
 * @part_ns: by stage id, where the flight has both of the stage's marks
 * @largest: id of the longest part; LW_NO_STAGE if there is none
 * @sum_ns: of the parts that do not lie in another one
 * @residual_ns: what the sum leaves of the whole
 */
struct lw_split {
	struct lw_value part_ns[LW_SPLIT_STAGES];
	uint32_t largest;
	struct lw_value sum_ns;
	struct lw_svalue residual_ns;
};

/* enum latwatch_category without the notes, which are outside the sum. */
#define LW_HEADS 8

/**
 * struct lw_books - a ledger, added up
 * @head: by category; not known where the module reported no entry of it
 * @gap: opened less all others; 0 when the books close
 * @unaccounted: lost and gap
 */
struct lw_books {
	struct lw_value head[LW_HEADS];
	struct lw_svalue gap;
	struct lw_value unaccounted;
};

struct lw_value lw_stage_percentile(const struct lw_stage *stage,
				    unsigned int per_myriad);
struct lw_real lw_stage_average(const struct lw_stage *stage);
struct lw_real lw_stage_deviation(const struct lw_stage *stage);
bool lw_stage_sumsq(const struct lw_stage *stage, lw_u128 *sumsq);
void lw_watermark_split(const struct lw_watermark *worst,
			struct lw_split *split);
const struct lw_mark *lw_watermark_find_mark(const struct lw_watermark *worst,
					     uint32_t mark_id);
void lw_ledger_books(const struct lw_ledger *ledger, struct lw_books *books);
struct lw_value lw_report_realtime(const struct lw_report *report,
				   struct lw_value time_ns);

#endif
