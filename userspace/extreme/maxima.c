// SPDX-License-Identifier: GPL-2.0
/*
 * The maximum of each second.  Takes a file, gives to run.c.
 *
 * Either text, a number of nanoseconds a line, each of the second behind that of
 * the line before; blank lines and those that begin with # are passed over.  Or
 * JSON: an object whose "windows" are objects with "second", "count" and
 * "max_ns", in the order of time, as stages of a report have them.  A second
 * without a maximum is none with the maximum 0, and is left out.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extreme/maxima.h"
#include "json_read.h"
#include "text_file.h"

/* Room for a number of a line. */
#define LONGEST_NUMBER 64

/* Seconds are computed with as doubles, which hold all integers up to here. */
#define LATEST ((lw_u128)1 << 53)

struct reader {
	struct lw_maxima *maxima;
	size_t room;
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 2, 3)))
static int refuse(struct reader *reader, const char *format, ...)
{
	va_list words;

	va_start(words, format);
	vsnprintf(reader->error, reader->error_size, format, words);
	va_end(words);
	return -EINVAL;
}

static int add(struct reader *reader, double second, double max_ns)
{
	struct lw_maxima *maxima = reader->maxima;
	size_t room = reader->room ? 2 * reader->room : 256;
	double *more;

	if (maxima->nr == reader->room) {
		more = realloc(maxima->max_ns, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		maxima->max_ns = more;
		more = realloc(maxima->second, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		maxima->second = more;
		reader->room = room;
	}
	maxima->second[maxima->nr] = second;
	maxima->max_ns[maxima->nr++] = max_ns;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int parse_line(struct reader *reader, const char *line, size_t len,
		      size_t nr)
{
	char number[LONGEST_NUMBER];
	double value;
	char *end;

	while (len && is_blank(line[len - 1]))
		len--;
	for (; len && is_blank(*line); len--)
		line++;
	if (!len || *line == '#')
		return 0;
	if (len < sizeof(number)) {
		memcpy(number, line, len);
		number[len] = '\0';
		/* strtod() takes names, signs and hexadecimal digits as well */
		value = strtod(number, &end);
		if (*number >= '0' && *number <= '9' && *end == '\0' &&
		    (size_t)(end - number) == len && !strpbrk(number, "xX") &&
		    isfinite(value))
			return add(reader, (double)reader->maxima->nr, value);
	}
	return refuse(reader, "line %zu is no maximum (expected a number of ns, 0 or more)",
		      nr);
}

static int parse_lines(struct reader *reader, const char *text, size_t len)
{
	const char *at = text, *end = text + len, *next;
	size_t nr;
	int err = 0;

	for (nr = 1; !err && at < end; nr++) {
		next = memchr(at, '\n', (size_t)(end - at));
		if (!next)
			next = end;
		err = parse_line(reader, at, (size_t)(next - at), nr);
		at = next + (next < end);
	}
	return err;
}

static int parse_window(struct reader *reader, const cJSON *window, size_t nr,
			double *last)
{
	struct lw_maxima *maxima = reader->maxima;
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(window, "max_ns");
	lw_u128 second, count, max_ns = 0;
	bool measured = item && !cJSON_IsNull(item);

	if (!lw_json_to_unsigned(cJSON_GetObjectItemCaseSensitive(window, "second"),
				 LATEST, &second))
		return refuse(reader, "window %zu has no second", nr);
	if (!lw_json_to_unsigned(cJSON_GetObjectItemCaseSensitive(window, "count"),
				 UINT64_MAX, &count))
		return refuse(reader, "window %zu has no count", nr);
	if (measured && !lw_json_to_unsigned(item, UINT64_MAX, &max_ns))
		return refuse(reader, "max_ns of window %zu is no number of ns", nr);
	if (nr > 1 && !((double)second > *last))
		return refuse(reader, "window %zu is not later than the one before",
			      nr);
	if (count && !measured)
		return refuse(reader, "window %zu has a count and no max_ns", nr);
	if (nr > 1)
		maxima->missing += (size_t)((double)second - *last - 1);
	*last = (double)second;
	if (!count) {
		maxima->empty++;
		return 0;
	}
	return add(reader, (double)second, (double)max_ns);
}

static int parse_windows(struct reader *reader, const char *text, size_t len)
{
	const cJSON *windows, *window;
	size_t line, nr = 0;
	double last = 0;
	cJSON *root;
	int err = 0;

	root = lw_json_parse(text, len, &line);
	if (!root)
		return line ? refuse(reader, "line %zu is not JSON", line) : -ENOMEM;
	windows = cJSON_GetObjectItemCaseSensitive(root, "windows");
	if (!cJSON_IsArray(windows))
		err = refuse(reader, "it has no array \"windows\"");
	cJSON_ArrayForEach(window, windows) {
		if (!err)
			err = parse_window(reader, window, ++nr, &last);
	}
	cJSON_Delete(root);
	return err;
}

/**
 * lw_maxima_parse - read the maxima of seconds
 * @text: them, see above
 * @len: its length
 * @maxima: is set; lw_maxima_clear() it after use; empty after an error
 * @error: takes what is wrong with the text
 * @error_size: its room
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int lw_maxima_parse(const char *text, size_t len, struct lw_maxima *maxima,
		    char *error, size_t error_size)
{
	struct reader reader = {
		.maxima = maxima, .error = error, .error_size = error_size,
	};
	size_t i;
	int err;

	*maxima = (struct lw_maxima){ .block_seconds = 1 };
	for (i = 0; i < len && (is_blank(text[i]) || text[i] == '\n'); i++)
		;
	err = i < len && text[i] == '{' ? parse_windows(&reader, text, len) :
					  parse_lines(&reader, text, len);
	if (err == -ENOMEM)
		snprintf(error, error_size, "%s", strerror(ENOMEM));
	if (err)
		lw_maxima_clear(maxima);
	return err;
}

/**
 * lw_maxima_read - read the maxima of seconds from a file
 * @path: the file
 * @maxima: is set; lw_maxima_clear() it after use; empty after an error
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: 0, or a negative errno.
 */
int lw_maxima_read(const char *path, struct lw_maxima *maxima, char *error,
		   size_t error_size)
{
	char reason[128];
	char *text;
	size_t len;
	int err = lw_text_file_read(path, &text, &len);

	*maxima = (struct lw_maxima){ 0 };
	if (err)
		snprintf(reason, sizeof(reason), "%s", strerror(-err));
	else
		err = lw_maxima_parse(text, len, maxima, reason, sizeof(reason));
	if (err)
		snprintf(error, error_size, "%s: %s", path, reason);
	free(text);
	return err;
}

/**
 * lw_maxima_group - make longer blocks of seconds
 * @maxima: of seconds; becomes those of blocks
 * @seconds: how long a block is, 1 or more
 *
 * Blocks begin with the first second.  One in which nothing was measured is left
 * out, and so is the last, unless its last second is there: its maximum could
 * have risen.
 */
void lw_maxima_group(struct lw_maxima *maxima, unsigned int seconds)
{
	double first = maxima->nr ? maxima->second[0] : 0, begin, last;
	size_t i, nr = 0;

	maxima->block_seconds = seconds;
	if (!maxima->nr)
		return;
	last = maxima->second[maxima->nr - 1];
	for (i = 0; i < maxima->nr; i++) {
		begin = maxima->second[i] -
			fmod(maxima->second[i] - first, seconds);
		if (begin + seconds - 1 > last) {
			maxima->left_out++;
		} else if (nr && maxima->second[nr - 1] == begin) {
			maxima->max_ns[nr - 1] = fmax(maxima->max_ns[nr - 1],
						      maxima->max_ns[i]);
		} else {
			maxima->second[nr] = begin;
			maxima->max_ns[nr++] = maxima->max_ns[i];
		}
	}
	maxima->nr = nr;
}

/**
 * lw_maxima_clear - free what was read
 * @maxima: becomes empty
 */
void lw_maxima_clear(struct lw_maxima *maxima)
{
	free(maxima->max_ns);
	free(maxima->second);
	*maxima = (struct lw_maxima){ 0 };
}
