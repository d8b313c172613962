/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_FORMAT_H
#define LW_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "derive.h"
#include "model.h"

/* Room for any text that the functions below make. */
#define LW_TEXT_SIZE 128

const char *lw_text_count(char *text, struct lw_value count);
const char *lw_text_us(char *text, struct lw_real ns);
const char *lw_text_us_exact(char *text, struct lw_value ns);
const char *lw_text_duration(char *text, uint64_t ns);
const char *lw_text_when(char *text, const struct lw_report *report,
			 struct lw_value time_ns, bool fraction);
const char *lw_text_date(char *text, const struct lw_report *report);
const char *lw_text_sched(char *text, const struct lw_report_actor *actor);
const char *lw_text_plain(char *text, const char *received);
const char *lw_text_decimal(char *text, lw_u128 number);
const char *lw_name_unit(struct lw_value unit);
const char *lw_name_signal_source(struct lw_value source);
const char *lw_name_prototype(struct lw_value prototype);
const char *lw_name_probe(struct lw_value kind);
const char *lw_name_category(uint32_t category);
const char *lw_name_path(uint32_t path);
const char *lw_name_role(struct lw_value role);
const char *lw_name_origin(struct lw_value origin);
const char *lw_name_culprit(struct lw_value kind);
const char *lw_name_softirq(struct lw_value vector);
struct lw_real lw_real_of(struct lw_value value);

#endif
