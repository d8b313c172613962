// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal.  Takes text from watch.c and gives it keys; the only file that
 * knows ncurses.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curses.h>

#include "watch/screen.h"

static SCREEN *screen;

/* A signal that ends the program gives the terminal back first, as 'q' does. */
static const int signals[] = { SIGINT, SIGTERM };
static struct sigaction before[2];
static sigset_t while_waiting;
static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* They come while a key is waited for, and then only: none comes unseen before that. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], &action, &before[i]);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, &while_waiting);
}

static void release_signals(void)
{
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &while_waiting, NULL);
}

/**
 * lw_screen_open - take the terminal over
 *
 * Return: false where there is none, or none that can be drawn on.
 */
bool lw_screen_open(void)
{
	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO) || !getenv("TERM"))
		return false;
	catch_signals();
	/* Not initscr(), which ends the program where it fails. */
	screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		release_signals();
		return false;
	}
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
	release_signals();
}

/* Lines of text that there is room for; the last of the screen is the status. */
static int rows(void)
{
	return LINES > 1 ? LINES - 1 : 1;
}

/**
 * lw_screen_measure - how far a text reaches beyond the screen, as it is now
 * @text: lines
 * @most: is set to how far it may be scrolled
 * @most_aside: is set to how far it may be moved to the left
 */
void lw_screen_measure(const char *text, int *most, int *most_aside)
{
	const char *end;
	int line = 0;
	long longest = 0;

	for (; *text; text = *end ? end + 1 : end, line++) {
		end = strchrnul(text, '\n');
		longest = end - text > longest ? end - text : longest;
	}
	*most = line > rows() ? line - rows() : 0;
	*most_aside = longest > COLS ? (int)(longest - COLS) : 0;
}

/**
 * lw_screen_draw - replace what is shown
 * @text: lines
 * @scroll: lines to leave out at the top
 * @aside: columns to leave out at the left
 * @status: the last line
 */
void lw_screen_draw(const char *text, int scroll, int aside, const char *status)
{
	const char *end;
	int line = -scroll;

	erase();
	for (; *text; text = *end ? end + 1 : end, line++) {
		end = strchrnul(text, '\n');
		if (line >= 0 && line < rows() && end - text > aside)
			mvaddnstr(line, 0, text + aside,
				  end - text - aside < COLS ?
					  (int)(end - text - aside) : COLS);
	}
	attron(A_REVERSE);
	mvaddnstr(LINES - 1, 0, status, COLS - 1);
	attroff(A_REVERSE);
	refresh();
}

/* Is nobody at the terminal any more? Then getch() does not wait. */
static bool is_dead(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	int key;

	if (poll(&input, 1, 0) <= 0)
		return false;
	if (input.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	/* Either a key that came just now, or an end that can be read for ever. */
	timeout(0);
	key = getch();
	if (key == ERR)
		return true;
	ungetch(key);
	return false;
}

/* A key that was typed before is not at the terminal any more, but with ncurses. */
static int wait_for_key(int timeout_ms)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec most = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};
	int key;

	timeout(0);
	key = getch();
	if (key != ERR)
		return key;
	ppoll(&input, 1, &most, &while_waiting);
	return getch();
}

/**
 * lw_screen_key - wait for a key
 * @timeout_ms: how long at most
 *
 * Return: enum lw_key.
 */
int lw_screen_key(int timeout_ms)
{
	int key = wait_for_key(timeout_ms);

	if (stopped || (key == ERR && is_dead()))
		return LW_KEY_QUIT;
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
	case '>':
		return LW_KEY_ASIDE;
	case '<':
		return LW_KEY_BACK;
	case KEY_RESIZE:
		return LW_KEY_REDRAW;
	}
	return LW_KEY_NONE;
}
