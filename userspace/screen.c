// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal.  Takes text from watch.c and gives it keys; the only file that
 * knows ncurses.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>

#include "screen.h"

static SCREEN *screen;

/**
 * lw_screen_open - take the terminal over
 *
 * Return: false where there is none, or none that can be drawn on.
 */
bool lw_screen_open(void)
{
	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO) || !getenv("TERM"))
		return false;
	/* Not initscr(), which ends the program where it fails. */
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return false;
	set_term(screen);
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	return true;
}

/**
 * lw_screen_close - give the terminal back
 */
void lw_screen_close(void)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
	screen = NULL;
}

/**
 * lw_screen_draw - replace what is shown
 * @text: lines
 * @scroll: lines to leave out at the top
 * @status: the last line
 *
 * Return: how far the text may be scrolled at most.
 */
int lw_screen_draw(const char *text, int scroll, const char *status)
{
	int rows = LINES > 1 ? LINES - 1 : 1;
	int line = 0, most;
	const char *end;

	erase();
	for (; *text; text = *end ? end + 1 : end, line++) {
		end = strchrnul(text, '\n');
		if (line >= scroll && line - scroll < rows)
			mvaddnstr(line - scroll, 0, text,
				  end - text < COLS ? (int)(end - text) : COLS);
	}
	attron(A_REVERSE);
	mvaddnstr(LINES - 1, 0, status, COLS - 1);
	attroff(A_REVERSE);
	refresh();
	most = line - rows;
	return most > 0 ? most : 0;
}

/**
 * lw_screen_key - wait for a key
 * @timeout_ms: how long at most
 *
 * Return: enum lw_key.
 */
int lw_screen_key(int timeout_ms)
{
	int key;

	timeout(timeout_ms);
	key = getch();
	if (key >= '0' && key <= '9')
		return LW_KEY_DIGIT_FIRST + key - '0';
	switch (key) {
	case 'q':
	case 'Q':
		return LW_KEY_QUIT;
	case 'r':
		return LW_KEY_RESET;
	case 'v':
	case KEY_DOWN:
	case KEY_RIGHT:
		return LW_KEY_NEXT;
	case KEY_UP:
	case KEY_LEFT:
		return LW_KEY_PREVIOUS;
	case KEY_NPAGE:
	case ' ':
		return LW_KEY_PAGE_DOWN;
	case KEY_PPAGE:
		return LW_KEY_PAGE_UP;
	case KEY_RESIZE:
		return LW_KEY_REDRAW;
	}
	return LW_KEY_NONE;
}
