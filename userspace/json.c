// SPDX-License-Identifier: GPL-2.0
/*
 * Values of the model as JSON.  Takes from view_json.c what it has to say, gives
 * to cJSON.
 *
 * Integers are written as they are, with all their digits: cJSON's own numbers
 * are doubles, which hold no nanoseconds since 1970.  null was not measured.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "utf8.h"

cJSON *lw_json_add(struct lw_json *b, cJSON *to, const char *key, cJSON *item)
{
	bool ok = item && to;

	if (ok)
		ok = key ? cJSON_AddItemToObject(to, key, item) :
			   cJSON_AddItemToArray(to, item);
	if (ok)
		return item;
	cJSON_Delete(item);
	b->failed = true;
	return NULL;
}

cJSON *lw_json_object(struct lw_json *b, cJSON *to, const char *key)
{
	return lw_json_add(b, to, key, cJSON_CreateObject());
}

cJSON *lw_json_array(struct lw_json *b, cJSON *to, const char *key)
{
	return lw_json_add(b, to, key, cJSON_CreateArray());
}

void lw_json_bool(struct lw_json *b, cJSON *to, const char *key, bool flag)
{
	lw_json_add(b, to, key, cJSON_CreateBool(flag));
}

void lw_json_text(struct lw_json *b, cJSON *to, const char *key,
		  const char *received)
{
	char *text;

	if (!received) {
		lw_json_add(b, to, key, cJSON_CreateNull());
		return;
	}
	text = lw_utf8_clean(received);
	lw_json_add(b, to, key, text ? cJSON_CreateString(text) : NULL);
	free(text);
}

void lw_json_number(struct lw_json *b, cJSON *to, const char *key,
		    uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	lw_json_add(b, to, key, cJSON_CreateRaw(text));
}

void lw_json_value(struct lw_json *b, cJSON *to, const char *key,
		   struct lw_value value)
{
	if (value.known)
		lw_json_number(b, to, key, value.v);
	else
		lw_json_add(b, to, key, cJSON_CreateNull());
}

void lw_json_svalue(struct lw_json *b, cJSON *to, const char *key,
		    struct lw_svalue value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, value.v);
	lw_json_add(b, to, key, value.known ? cJSON_CreateRaw(text) :
					      cJSON_CreateNull());
}

void lw_json_real(struct lw_json *b, cJSON *to, const char *key, double real)
{
	lw_json_add(b, to, key, isfinite(real) ? cJSON_CreateNumber(real) :
						 cJSON_CreateNull());
}
