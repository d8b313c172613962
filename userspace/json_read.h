/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_JSON_READ_H
#define LW_JSON_READ_H

#include <cjson/cJSON.h>

#include "derive.h"
#include "model.h"

cJSON *lw_json_parse(const char *text, size_t len, size_t *line);

/* What an item is; a number is no text. */
bool lw_json_is_text(const cJSON *item);
bool lw_json_to_unsigned(const cJSON *item, lw_u128 most, lw_u128 *number);
bool lw_json_to_signed(const cJSON *item, int64_t *number);

#endif
