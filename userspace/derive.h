/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_DERIVE_H
#define LW_DERIVE_H

#include "model.h"
#include "split.h"

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

/* What is on a path that this reporter does not know is on this one. */
#define LW_OTHER_PATH LW_PATHS

/* enum latwatch_category without the notes, which are outside the sum. */
#define LW_HEADS 8

/**
 * struct lw_report_books - a ledger, added up for one path
 * @path: enum latwatch_path
 * @head: by category; not known where the module reported no entry of it
 * @gap: opened less all others; 0 when the books close
 * @unaccounted: lost and gap
 */
struct lw_report_books {
	uint32_t path;
	struct lw_value head[LW_HEADS];
	struct lw_svalue gap;
	struct lw_value unaccounted;
};

const struct lw_report_bucket *lw_stage_bucket(const struct lw_report_stage *stage,
					       lw_u128 rank);
const struct lw_report_bucket *
lw_stage_percentile_bucket(const struct lw_report_stage *stage,
			   unsigned int per_myriad);
struct lw_value lw_stage_percentile(const struct lw_report_stage *stage,
				    unsigned int per_myriad);
struct lw_real lw_stage_average(const struct lw_report_stage *stage);
struct lw_real lw_stage_deviation(const struct lw_report_stage *stage);
bool lw_stage_sumsq(const struct lw_report_stage *stage, lw_u128 *sumsq);
bool lw_stage_is_main_total(uint32_t stage_id);
bool lw_is_kprobe(const struct lw_tracepoint *point);
bool lw_has_changed(const struct lw_tracepoint *point);
bool lw_is_unchecked(const struct lw_tracepoint *point);
bool lw_stage_is_blind(const struct lw_report_stage *stage);
uint32_t lw_path_known(uint32_t path);
bool lw_ledger_has(const struct lw_report_ledger *ledger, uint32_t path, bool counted);
void lw_ledger_books(const struct lw_report_ledger *ledger, uint32_t path,
		     struct lw_report_books *books);
bool lw_vm_is_seen(const struct lw_report *report, const struct lw_report_vm *vm);
void lw_report_books(const struct lw_report *report, const struct lw_report_vm *vm,
		     uint32_t path, struct lw_report_books *books);
const struct lw_report_watermark *lw_report_worst(const struct lw_report *report,
						  const struct lw_report_vm *vm,
						  uint32_t path);
struct lw_value lw_report_realtime(const struct lw_report *report,
				   struct lw_value time_ns);

#endif
