// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of characters, each with a look.  Panes draw on them; screen.c shows them on
 * a terminal, lw_canvas_print() as text.
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "color.h"
#include "watch/canvas.h"

/**
 * lw_canvas_init - begin with no line
 * @canvas: is set, to be cleared
 * @cols: how wide it is
 */
void lw_canvas_init(struct lw_canvas *canvas, int cols)
{
	*canvas = (struct lw_canvas){ .cols = cols > 0 ? cols : 1 };
}

/**
 * lw_canvas_clear - free what it holds
 * @canvas: the canvas
 */
void lw_canvas_clear(struct lw_canvas *canvas)
{
	free(canvas->glyphs);
	*canvas = (struct lw_canvas){ .cols = canvas->cols };
}

/* Lines up to this one are there, blank where nothing was drawn. */
static struct lw_glyph *line_of(struct lw_canvas *canvas, int row)
{
	size_t cols = (size_t)canvas->cols, need, room, i;
	struct lw_glyph *more;

	if (row < 0 || canvas->failed)
		return NULL;
	need = ((size_t)row + 1) * cols;
	if (need > canvas->nr_glyphs) {
		room = 2 * need;
		more = reallocarray(canvas->glyphs, room, sizeof(*more));
		if (!more) {
			canvas->failed = true;
			return NULL;
		}
		for (i = canvas->nr_glyphs; i < room; i++)
			more[i] = (struct lw_glyph){ L' ', LW_LOOK_PLAIN };
		canvas->glyphs = more;
		canvas->nr_glyphs = room;
	}
	if (row >= canvas->rows)
		canvas->rows = row + 1;
	return canvas->glyphs + (size_t)row * cols;
}

/**
 * lw_canvas_line - what was drawn on a line
 * @canvas: the canvas
 * @row: the line, one of those that there are
 *
 * Return: as many glyphs as the canvas is wide.
 */
const struct lw_glyph *lw_canvas_line(const struct lw_canvas *canvas, int row)
{
	return canvas->glyphs + (size_t)row * (size_t)canvas->cols;
}

/**
 * lw_canvas_char - draw one character
 * @canvas: the canvas
 * @row: its line
 * @col: its column
 * @look: how it looks
 * @c: the character, one column wide
 */
void lw_canvas_char(struct lw_canvas *canvas, int row, int col, enum lw_look look,
		    wchar_t c)
{
	struct lw_glyph *line = line_of(canvas, row);

	if (line && col >= 0 && col < canvas->cols)
		line[col] = (struct lw_glyph){ c, look };
}

/**
 * lw_canvas_text - draw text
 * @canvas: the canvas
 * @row: its line
 * @col: where it begins
 * @look: how it looks
 * @text: the text; what a terminal would not print is a question mark
 *
 * Return: the column behind it.
 */
int lw_canvas_text(struct lw_canvas *canvas, int row, int col, enum lw_look look,
		   const char *text)
{
	/* an empty text makes the line, too */
	line_of(canvas, row);
	for (; *text; text++)
		lw_canvas_char(canvas, row, col++, look,
			       *text < 0x20 || *text > 0x7e ? L'?' : *text);
	return col;
}

/**
 * lw_canvas_right - draw text that ends at a column
 * @canvas: the canvas
 * @row: its line
 * @end: the column behind it
 * @look: how it looks
 * @text: the text
 */
void lw_canvas_right(struct lw_canvas *canvas, int row, int end, enum lw_look look,
		     const char *text)
{
	lw_canvas_text(canvas, row, end - (int)strlen(text), look, text);
}

/**
 * lw_canvas_look - change how a part of a line looks
 * @canvas: the canvas
 * @row: the line
 * @from: first column
 * @to: the column behind the last
 * @look: how it is to look
 */
void lw_canvas_look(struct lw_canvas *canvas, int row, int from, int to,
		    enum lw_look look)
{
	struct lw_glyph *line = line_of(canvas, row);

	for (from = from < 0 ? 0 : from; line && from < to && from < canvas->cols;
	     from++)
		line[from].look = look;
}

/**
 * lw_canvas_copy - copy lines, as far as they are there
 * @to: where to
 * @row: the first line there
 * @from: where from, as wide or wider
 * @from_row: the first line here
 * @nr: how many
 */
void lw_canvas_copy(struct lw_canvas *to, int row, const struct lw_canvas *from,
		    int from_row, int nr)
{
	struct lw_glyph *line;

	for (; nr > 0; nr--, row++, from_row++) {
		line = line_of(to, row);
		if (line && from_row >= 0 && from_row < from->rows)
			memcpy(line, lw_canvas_line(from, from_row),
			       (size_t)(to->cols < from->cols ? to->cols :
								from->cols) *
				       sizeof(*line));
	}
	to->failed |= from->failed;
}

/**
 * lw_canvas_has - whether a line has a text in it, in capitals or not
 * @canvas: the canvas
 * @row: the line
 * @text: what is looked for
 *
 * Return: true if it is there.
 */
bool lw_canvas_has(const struct lw_canvas *canvas, int row, const char *text)
{
	const struct lw_glyph *line;
	int len = (int)strlen(text), at, i;

	if (row < 0 || row >= canvas->rows)
		return false;
	line = lw_canvas_line(canvas, row);
	for (at = 0; at + len <= canvas->cols; at++) {
		for (i = 0; i < len; i++)
			if (line[at + i].c > 0x7e ||
			    tolower((int)line[at + i].c) !=
				    tolower((unsigned char)text[i]))
				break;
		if (i == len)
			return true;
	}
	return false;
}

/* Looks that text in color has, too. */
static bool hue_of(enum lw_look look, enum lw_hue *hue)
{
	switch (look) {
	case LW_LOOK_TITLE:
	case LW_LOOK_FOCUS:
	case LW_LOOK_STRONG:
	case LW_LOOK_CHOSEN:
	case LW_LOOK_HOT:
		*hue = LW_HUE_TITLE;
		return true;
	case LW_LOOK_BAD:
		*hue = LW_HUE_BAD;
		return true;
	case LW_LOOK_GOOD:
		*hue = LW_HUE_GOOD;
		return true;
	case LW_LOOK_NOTE:
		*hue = LW_HUE_NOTE;
		return true;
	default:
		return false;
	}
}

static void print_line(const struct lw_glyph *line, int len, FILE *out)
{
	enum lw_look look = LW_LOOK_PLAIN;
	enum lw_hue hue;
	char bytes[MB_LEN_MAX + 1];
	int i;

	for (i = 0; i < len; i++) {
		mbstate_t state = { 0 };
		size_t nr;

		if (line[i].look != look && hue_of(look, &hue))
			lw_color_end(out);
		if (line[i].look != look && hue_of(line[i].look, &hue))
			lw_color_begin(hue, out);
		look = line[i].look;
		nr = wcrtomb(bytes, line[i].c, &state);
		fwrite(nr == (size_t)-1 ? "?" : bytes, 1,
		       nr == (size_t)-1 ? 1 : nr, out);
	}
	if (hue_of(look, &hue))
		lw_color_end(out);
	fputc('\n', out);
}

/**
 * lw_canvas_print - as text, without blanks at the ends of lines
 * @canvas: the canvas
 * @out: where to
 */
void lw_canvas_print(const struct lw_canvas *canvas, FILE *out)
{
	int row, len;

	for (row = 0; row < canvas->rows; row++) {
		const struct lw_glyph *line = lw_canvas_line(canvas, row);

		for (len = canvas->cols; len && line[len - 1].c == L' '; len--)
			;
		print_line(line, len, out);
	}
}
