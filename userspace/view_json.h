/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_VIEW_JSON_H
#define LW_VIEW_JSON_H

#include "column.h"
#include "json.h"

/* Raised by a change that a reader of the old form would misread. */
#define LW_JSON_SCHEMA 1

void lw_json_cells(struct lw_json *b, cJSON *to, const struct lw_row *row,
		   unsigned int where);

int lw_json_breach(const struct lw_report *report,
		   const struct lw_report_watermark *breach, FILE *out);

#endif
