/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_JSON_H
#define LW_JSON_H

#include <cjson/cJSON.h>

#include "model.h"

/**
 * struct lw_json - a document that is being built
 * @failed: memory ran out; noted here and looked at once, in the end
 */
struct lw_json {
	bool failed;
};

/* Each adds to an object under a key, or to an array where @key is NULL. */
cJSON *lw_json_add(struct lw_json *b, cJSON *to, const char *key, cJSON *item);
cJSON *lw_json_object(struct lw_json *b, cJSON *to, const char *key);
cJSON *lw_json_array(struct lw_json *b, cJSON *to, const char *key);
void lw_json_bool(struct lw_json *b, cJSON *to, const char *key, bool flag);
void lw_json_text(struct lw_json *b, cJSON *to, const char *key,
		  const char *received);
void lw_json_number(struct lw_json *b, cJSON *to, const char *key,
		    uint64_t number);
void lw_json_value(struct lw_json *b, cJSON *to, const char *key,
		   struct lw_value value);
void lw_json_svalue(struct lw_json *b, cJSON *to, const char *key,
		    struct lw_svalue value);
void lw_json_real(struct lw_json *b, cJSON *to, const char *key, double real);

#endif
