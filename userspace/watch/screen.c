// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal.  Takes a canvas from watch.c and gives it keys; the only file that
 * knows ncurses.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "watch/screen.h"

static SCREEN *screen;

/* A signal that ends the program gives the terminal back first, as 'q' does. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static struct sigaction before[SIGNALS];
static sigset_t while_waiting;
static volatile sig_atomic_t stopped;

/* So does a fault, as far as it still can; then it is what it would have been. */
static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* The program is lost; its user is not to lose the terminal with it. */
static void fall(int signal)
{
	endwin();
	raise(signal);
}

/* They come while a key is waited for, and then only: none comes unseen before that. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = stop };
	struct sigaction last = {
		.sa_handler = fall, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER),
	};
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], &action, &before[i]);
		/* one that is ignored, as under nohup, stays so */
		if (before[i].sa_handler == SIG_IGN)
			sigaction(signals[i], &before[i], NULL);
		sigaddset(&set, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &set, &while_waiting);
	for (i = 0; i < FAULTS; i++)
		sigaction(faults[i], &last, NULL);
}

static void release_signals(void)
{
	size_t i;

	for (i = 0; i < FAULTS; i++)
		signal(faults[i], SIG_DFL);
	for (i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	sigprocmask(SIG_SETMASK, &while_waiting, NULL);
}

/* Colors that both light and dark terminals show, on what is behind the text there. */
static attr_t looks[LW_LOOKS];

static void choose_looks(bool color)
{
	static const struct {
		attr_t attributes;
		short color;
	} wanted[LW_LOOKS] = {
		[LW_LOOK_TITLE] = { A_NORMAL, -1 },
		[LW_LOOK_FOCUS] = { A_BOLD, -1 },
		[LW_LOOK_CHOSEN] = { A_REVERSE, -1 },
		[LW_LOOK_STRONG] = { A_BOLD, -1 },
		[LW_LOOK_BAD] = { A_BOLD, COLOR_RED },
		[LW_LOOK_GOOD] = { A_NORMAL, COLOR_GREEN },
		[LW_LOOK_NOTE] = { A_NORMAL, COLOR_MAGENTA },
		[LW_LOOK_BAR] = { A_NORMAL, COLOR_CYAN },
		[LW_LOOK_PART] = { A_NORMAL, COLOR_CYAN },
		[LW_LOOK_HOT] = { A_BOLD, COLOR_MAGENTA },
	};
	short pair = 1;
	int i;

	color = color && has_colors() && start_color() == OK &&
		use_default_colors() == OK;
	for (i = 0; i < LW_LOOKS; i++) {
		looks[i] = wanted[i].attributes;
		if (!color || wanted[i].color <= 0)
			continue;
		init_pair(pair, wanted[i].color, -1);
		looks[i] |= COLOR_PAIR(pair);
		pair++;
	}
}

/*
 * Arrows of a terminal that does not do as its description says: its escape and what
 * follows must not be taken for keys of their own.
 */
static void define_arrows(void)
{
	static const struct {
		const char *sent;
		int code;
	} arrows[] = {
		{ "\033[A", KEY_UP },	  { "\033OA", KEY_UP },
		{ "\033[B", KEY_DOWN },	  { "\033OB", KEY_DOWN },
		{ "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT },
		{ "\033[D", KEY_LEFT },	  { "\033OD", KEY_LEFT },
		{ "\033[H", KEY_HOME },	  { "\033[F", KEY_END },
		{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE },
		{ "\033[Z", KEY_BTAB },
	};
	size_t i;

	for (i = 0; i < sizeof(arrows) / sizeof(arrows[0]); i++)
		define_key(arrows[i].sent, arrows[i].code);
}

/* A terminal like paper is no screen. */
static bool can_move(void)
{
	static char name[] = "cup";
	const char *move = tigetstr(name);

	return move && move != (char *)-1;
}

/**
 * lw_screen_open - take the terminal over
 * @color: with color, if the terminal has any
 *
 * Return: false where there is none, or none that can be drawn on.
 */
bool lw_screen_open(bool color)
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
	if (!can_move()) {
		lw_screen_close();
		return false;
	}
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	/* not a second's wait for what may follow an escape */
	set_escdelay(25);
	choose_looks(color);
	define_arrows();
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

/**
 * lw_screen_size - how large it is now
 * @cols: is set
 * @rows: is set
 */
void lw_screen_size(int *cols, int *rows)
{
	*cols = COLS > 0 ? COLS : 1;
	*rows = LINES > 0 ? LINES : 1;
}

static void draw_glyph(int row, int col, const struct lw_glyph *glyph)
{
	wchar_t text[] = { glyph->c, L'\0' };
	cchar_t c;

	/* The last place of all scrolls some terminals: ncurses knows which. */
	if (setcchar(&c, text, looks[glyph->look] & ~A_COLOR,
		     PAIR_NUMBER(looks[glyph->look]), NULL) == OK)
		mvadd_wch(row, col, &c);
}

/**
 * lw_screen_draw - replace what is shown
 * @canvas: as large as lw_screen_size() said
 *
 * Only what differs from what is shown goes to the terminal.
 */
void lw_screen_draw(const struct lw_canvas *canvas)
{
	int row, col;

	erase();
	for (row = 0; row < LINES && row < canvas->rows; row++)
		for (col = 0; col < COLS && col < canvas->cols; col++)
			draw_glyph(row, col, &lw_canvas_line(canvas, row)[col]);
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

static const struct {
	int code;
	enum lw_key key;
} keys[] = {
	{ '\t', LW_KEY_TAB },
	{ KEY_BTAB, LW_KEY_BACKTAB },
	{ '\n', LW_KEY_ENTER },
	{ '\r', LW_KEY_ENTER },
	{ KEY_ENTER, LW_KEY_ENTER },
	{ 27, LW_KEY_ESCAPE },
	{ KEY_UP, LW_KEY_UP },
	{ KEY_DOWN, LW_KEY_DOWN },
	{ KEY_LEFT, LW_KEY_LEFT },
	{ KEY_RIGHT, LW_KEY_RIGHT },
	{ KEY_PPAGE, LW_KEY_PAGE_UP },
	{ KEY_NPAGE, LW_KEY_PAGE_DOWN },
	{ KEY_HOME, LW_KEY_HOME },
	{ KEY_END, LW_KEY_END },
	{ KEY_BACKSPACE, LW_KEY_RUBOUT },
	{ 127, LW_KEY_RUBOUT },
	{ '\b', LW_KEY_RUBOUT },
	{ KEY_RESIZE, LW_KEY_REDRAW },
	{ 'L' & 31, LW_KEY_REDRAW },
};

/**
 * lw_screen_key - wait for a key
 * @timeout_ms: how long at most
 *
 * Return: enum lw_key.
 */
int lw_screen_key(int timeout_ms)
{
	int key = wait_for_key(timeout_ms);
	size_t i;

	if (stopped || (key == ERR && is_dead()))
		return LW_KEY_QUIT;
	if (key == ('L' & 31))
		clearok(curscr, TRUE);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].code == key)
			return keys[i].key;
	return key >= ' ' && key <= '~' ? key : LW_KEY_NONE;
}
