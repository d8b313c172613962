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

struct reader {
	struct lw_maxima *maxima;
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

static int make_room(struct lw_maxima *maxima)
{
	size_t room = maxima->room ? 2 * maxima->room : 256;
	double *more;

	if (maxima->nr < maxima->room)
		return 0;
	more = realloc(maxima->max_ns, room * sizeof(*more));
	if (!more)
		return -ENOMEM;
	maxima->max_ns = more;
	more = realloc(maxima->second, room * sizeof(*more));
	if (!more)
		return -ENOMEM;
	maxima->second = more;
	maxima->room = room;
	return 0;
}

/**
 * lw_maxima_add - add a second
 * @maxima: of seconds, zeroed before the first but for a block_seconds of 1
 * @second: the second, LW_LATEST_SECOND at most; one that is not over yet is left
 *	    to who adds it later
 * @measured: it has a maximum
 * @max_ns: the maximum
 *
 * Return: 0; -EINVAL for one that is not later than all before; or -ENOMEM.
 */
int lw_maxima_add(struct lw_maxima *maxima, uint64_t second, bool measured,
		  double max_ns)
{
	if ((maxima->begun && second < maxima->next) || second > LW_LATEST_SECOND)
		return -EINVAL;
	if (maxima->begun)
		maxima->missing += (size_t)(second - maxima->next);
	maxima->begun = true;
	maxima->next = second + 1;
	if (!measured) {
		maxima->empty++;
		return 0;
	}
	if (make_room(maxima))
		return -ENOMEM;
	maxima->second[maxima->nr] = (double)second;
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
			return lw_maxima_add(reader->maxima, reader->maxima->nr,
					     true, value);
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

static int parse_window(struct reader *reader, const cJSON *window, size_t nr)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(window, "max_ns");
	lw_u128 second, count, max_ns = 0;
	bool measured = item && !cJSON_IsNull(item);
	int err;

	if (!lw_json_to_unsigned(cJSON_GetObjectItemCaseSensitive(window, "second"),
				 LW_LATEST_SECOND, &second))
		return refuse(reader, "window %zu has no second", nr);
	if (!lw_json_to_unsigned(cJSON_GetObjectItemCaseSensitive(window, "count"),
				 UINT64_MAX, &count))
		return refuse(reader, "window %zu has no count", nr);
	if (measured && !lw_json_to_unsigned(item, UINT64_MAX, &max_ns))
		return refuse(reader, "max_ns of window %zu is no number of ns", nr);
	if (count && !measured)
		return refuse(reader, "window %zu has a count and no max_ns", nr);
	err = lw_maxima_add(reader->maxima, (uint64_t)second, count,
			    (double)max_ns);
	return err == -EINVAL ? refuse(reader, "window %zu is not later than the one before",
				       nr) : err;
}

static int parse_windows(struct reader *reader, const char *text, size_t len)
{
	const cJSON *windows, *window;
	size_t line, nr = 0;
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
			err = parse_window(reader, window, ++nr);
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
