// SPDX-License-Identifier: GPL-2.0
/*
 * The keys, and what is to be known to read the screen.
 */
#include <string.h>

#include "watch/pane.h"

static const char *const lines[] = {
	"tab, shift-tab  the next pane: ways, stages, worst flight, ledger, notes",
	"up, down        choose a way or a stage, or scroll",
	"page up, down   the same by pages; home, end: to the first, the last",
	"left, right     the way before, the next way",
	"v               the next VM; 1 to 9: the VM with this id; 0: the host",
	"enter           on to the stages of a way, on to the worst flight of a stage",
	"s, S            sort the stages: order of the way, max, now, in the worst, name",
	"/               search; n: go on with it",
	"p, space        freeze and go on",
	"[ ]             back to older reports, and forward; { }: ten at once",
	"w               write the report to a file, which --read, --html and --compare take",
	"r               reset, after a question: for all who read",
	"?, h            this; q: quit",
	"",
	"max is the longest since the last reset, exact to the nanosecond.",
	"now and minute are the longest of the last report's time and of the last",
	"minute; those with a < are bounds: the end of their bucket of the histogram.",
	"worst is the stage's share in the worst flight; * is its largest.",
	"The distribution has one logarithmic axis for all stages, its height is the",
	"logarithm of the count; the last column is the one with the maximum.",
	"- was not measured.",
};

/**
 * lw_pane_wrap - draw text, broken at blanks
 * @canvas: where to
 * @row: the first line
 * @look: how it looks
 * @text: the text
 *
 * Return: how many lines it took.
 */
int lw_pane_wrap(struct lw_canvas *canvas, int row, enum lw_look look,
		 const char *text)
{
	int begin = row, col = 2, len;

	lw_canvas_text(canvas, row, 0, LW_LOOK_PLAIN, "");
	while (*text) {
		len = (int)strcspn(text + 1, " ") + 1;
		if (col > 2 && col + len > canvas->cols) {
			row++;
			col = 4;
			while (*text == ' ') {
				text++;
				len--;
			}
		}
		for (; len > 0; len--, text++)
			lw_canvas_char(canvas, row, col++, look,
				       *text < 0x20 || *text > 0x7e ? L'?' :
								      *text);
	}
	return row - begin + 1;
}

/**
 * lw_pane_help - draw it
 * @desk: what from
 * @pane: where to
 *
 * Return: 0.
 */
int lw_pane_help(const struct lw_desk *desk, struct lw_pane *pane)
{
	size_t i;

	(void)desk;
	snprintf(pane->title, sizeof(pane->title), "keys; any other goes back");
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		lw_canvas_text(&pane->canvas, (int)i, 2, LW_LOOK_PLAIN, lines[i]);
	return 0;
}
