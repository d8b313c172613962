/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of characters, each with a look: what is drawn on, before it is known whether
 * it becomes a screen or text.
 */
#ifndef LW_CANVAS_H
#define LW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

enum lw_look {
	LW_LOOK_PLAIN,
	LW_LOOK_TITLE,		/* of a pane */
	LW_LOOK_FOCUS,		/* of the pane that has the keys */
	LW_LOOK_CHOSEN,		/* the line that the keys move */
	LW_LOOK_STRONG,
	LW_LOOK_BAD,
	LW_LOOK_GOOD,
	LW_LOOK_NOTE,
	LW_LOOK_BAR,
	LW_LOOK_PART,		/* a bar within another */
	LW_LOOK_HOT,		/* the longest, the largest */
	LW_LOOKS
};

struct lw_glyph {
	wchar_t c;
	enum lw_look look;
};

/**
 * struct lw_canvas - lines that can be drawn on
 * @cols: how wide it is; what is beyond is cut off
 * @rows: how many lines it has: as many as were drawn on
 * @glyphs: line by line
 * @nr_glyphs: of how many lines there is room for, times @cols
 * @failed: memory ran out; noted here and looked at once, in the end
 */
struct lw_canvas {
	int cols;
	int rows;
	struct lw_glyph *glyphs;
	size_t nr_glyphs;
	bool failed;
};

void lw_canvas_init(struct lw_canvas *canvas, int cols);
void lw_canvas_clear(struct lw_canvas *canvas);
const struct lw_glyph *lw_canvas_line(const struct lw_canvas *canvas, int row);
void lw_canvas_char(struct lw_canvas *canvas, int row, int col, enum lw_look look,
		    wchar_t c);
int lw_canvas_text(struct lw_canvas *canvas, int row, int col, enum lw_look look,
		   const char *text);
void lw_canvas_right(struct lw_canvas *canvas, int row, int end, enum lw_look look,
		     const char *text);
void lw_canvas_look(struct lw_canvas *canvas, int row, int from, int to,
		    enum lw_look look);
void lw_canvas_copy(struct lw_canvas *to, int row, const struct lw_canvas *from,
		    int from_row, int nr);
bool lw_canvas_has(const struct lw_canvas *canvas, int row, const char *text);
void lw_canvas_print(const struct lw_canvas *canvas, FILE *out);

#endif
