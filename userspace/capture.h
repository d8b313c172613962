/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_CAPTURE_H
#define LW_CAPTURE_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct lw_capture - what is printed for a terminal, to be shown otherwise
 * @out: where to print; NULL without memory
 * @text: what was printed, once it has ended
 * @size: its length
 */
struct lw_capture {
	FILE *out;
	char *text;
	size_t size;
};

bool lw_capture_begin(struct lw_capture *capture);
int lw_capture_end(struct lw_capture *capture);

#endif
