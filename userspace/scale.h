/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_SCALE_H
#define LW_SCALE_H

#include "model.h"

/**
 * struct lw_scale - a logarithmic axis of whole decades
 * @first: its begin is 10 to the power of this, in ns
 * @decades: how many it has; 0 before anything was added
 */
struct lw_scale {
	int first;
	int decades;
};

void lw_scale_add(struct lw_scale *scale, const struct lw_report_stage *stage);
double lw_scale_place(const struct lw_scale *scale, uint64_t ns);
void lw_scale_columns(const struct lw_scale *scale,
		      const struct lw_report_stage *stage, uint64_t *columns, int nr);
double lw_scale_height(uint64_t count, uint64_t most);
const char *lw_scale_name(char *text, int power);
uint64_t lw_scale_step(uint64_t span_ns, unsigned int most);

#endif
