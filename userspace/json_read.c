// SPDX-License-Identifier: GPL-2.0
/*
 * JSON with all digits of its numbers.  Takes text, gives cJSON's tree to
 * saved.c.
 *
 * cJSON reads numbers as doubles, which hold no nanoseconds since 1970 and no
 * sum of squares.  So each number is put in quotes before cJSON sees it, behind
 * a byte that is in no UTF-8: no text can pass for a number, nor a number for a
 * text.
 */
#include <stdlib.h>
#include <string.h>

#include "json_read.h"

#define NUMBER_MARK '\xff'

static const char *digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* The end of the number that begins at @at, or NULL if none does. */
static const char *number_end(const char *at, const char *end)
{
	const char *begin = at + (*at == '-');

	at = digits(begin, end);
	if (at == begin || (*begin == '0' && at > begin + 1))
		return NULL;
	if (at < end && *at == '.') {
		begin = at + 1;
		at = digits(begin, end);
		if (at == begin)
			return NULL;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		begin = at + 1;
		if (begin < end && (*begin == '-' || *begin == '+'))
			begin++;
		at = digits(begin, end);
		if (at == begin)
			return NULL;
	}
	return at;
}

/* The end of the text that begins at @at: behind its quote, or @end. */
static const char *text_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < end)
			at++;
	return at < end ? at + 1 : end;
}

/* Copies with numbers quoted.  Returns where it had to stop, or @end. */
static const char *quote_numbers(const char *at, const char *end, char **to)
{
	const char *next;
	bool number;

	for (; at < end; at = next) {
		number = *at == '-' || (*at >= '0' && *at <= '9');
		if (*at == NUMBER_MARK || !*at)
			return at;
		if (number)
			next = number_end(at, end);
		else
			next = *at == '"' ? text_end(at, end) : at + 1;
		if (!next || memchr(at, NUMBER_MARK, (size_t)(next - at)))
			return at;
		if (number) {
			*(*to)++ = '"';
			*(*to)++ = NUMBER_MARK;
		}
		memcpy(*to, at, (size_t)(next - at));
		*to += next - at;
		if (number)
			*(*to)++ = '"';
	}
	return at;
}

static size_t lines_before(const char *text, const char *at)
{
	size_t nr = 1;

	for (; text < at; text++)
		nr += *text == '\n';
	return nr;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at))
		at++;
	return at;
}

/**
 * lw_json_parse - read one JSON document
 * @text: the document
 * @len: its length
 * @line: is set to the line of what is wrong, or to 0 without memory
 *
 * Return: the tree, for cJSON_Delete(); NULL where the text is no JSON or goes
 * on behind it.
 */
cJSON *lw_json_parse(const char *text, size_t len, size_t *line)
{
	const char *stopped, *end;
	cJSON *root = NULL;
	char *quoted, *to;

	*line = 0;
	/* A number of one digit becomes four bytes. */
	quoted = len < SIZE_MAX / 4 ? malloc(4 * len + 1) : NULL;
	if (!quoted)
		return NULL;
	to = quoted;
	stopped = quote_numbers(text, text + len, &to);
	/* What stands before the end may be wrong already. */
	root = cJSON_ParseWithLengthOpts(quoted, (size_t)(to - quoted), &end,
					 false);
	if (root)
		end = skip_blanks(end, to);
	if (!root || end < to || stopped < text + len) {
		*line = lines_before(quoted, end);
		cJSON_Delete(root);
		root = NULL;
	}
	free(quoted);
	return root;
}

static const char *number_of(const cJSON *item)
{
	if (!cJSON_IsString(item) || item->valuestring[0] != NUMBER_MARK)
		return NULL;
	return item->valuestring + 1;
}

/**
 * lw_json_is_text - whether an item is a text
 * @item: the item
 *
 * Return: false for a number too.
 */
bool lw_json_is_text(const cJSON *item)
{
	return cJSON_IsString(item) && !number_of(item);
}

static bool parse(const char *text, lw_u128 most, lw_u128 *number)
{
	for (*number = 0; *text; text++) {
		unsigned int digit = (unsigned int)(*text - '0');

		/* Not a fraction and not a power of ten: those are computed. */
		if (digit > 9 || *number > (most - digit) / 10)
			return false;
		*number = *number * 10 + digit;
	}
	return true;
}

/**
 * lw_json_to_unsigned - read an integer that is not negative
 * @item: the item
 * @most: the largest that is allowed, 9 or more
 * @number: is set
 *
 * Return: whether the item is such an integer.
 */
bool lw_json_to_unsigned(const cJSON *item, lw_u128 most, lw_u128 *number)
{
	const char *text = number_of(item);

	return text && parse(text, most, number);
}

/**
 * lw_json_to_signed - read an integer
 * @item: the item
 * @number: is set
 *
 * Return: whether the item is an integer of 64 bits.
 */
bool lw_json_to_signed(const cJSON *item, int64_t *number)
{
	const char *text = number_of(item);
	bool negative = text && text[0] == '-';
	lw_u128 magnitude;

	if (!text || !parse(text + negative, INT64_MAX, &magnitude))
		return false;
	*number = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	return true;
}
