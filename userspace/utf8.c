// SPDX-License-Identifier: GPL-2.0
/*
 * Received bytes as valid UTF-8.  Takes names that any program may have chosen,
 * gives to view_json.c.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the well-formed character at @s, or 0. */
static size_t character(const unsigned char *s)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code;
	size_t len, i;

	if (s[0] < 0x80)
		return 1;
	len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc0 || s[0] > 0xf7)
		return 0;
	code = s[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < smallest[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return len;
}

/* cJSON escapes what is below a blank; these reach a terminal as they are. */
static int is_control(const unsigned char *s)
{
	return s[0] == 0x7f || (s[0] == 0xc2 && s[1] < 0xa0);
}

/**
 * lw_utf8_clean - a copy of a text in which all is printable UTF-8
 * @received: the text
 *
 * Each byte that is part of no character, and each control character that JSON
 * need not escape, becomes a replacement character.
 *
 * Return: the copy, to be freed; NULL without memory.
 */
char *lw_utf8_clean(const char *received)
{
	const unsigned char *from = (const unsigned char *)received;
	char *copy = malloc(strlen(received) * strlen(REPLACEMENT) + 1);
	char *to = copy;

	if (!copy)
		return NULL;
	while (*from) {
		size_t len = character(from);

		if (len && !is_control(from)) {
			memcpy(to, from, len);
			to += len;
		} else {
			memcpy(to, REPLACEMENT, strlen(REPLACEMENT));
			to += strlen(REPLACEMENT);
		}
		from += len ? len : 1;
	}
	*to = '\0';
	return copy;
}
