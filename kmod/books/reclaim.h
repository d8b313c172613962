/* SPDX-License-Identifier: GPL-2.0 */
/* See reclaim.c. */
#ifndef LW_RECLAIM_H
#define LW_RECLAIM_H

#include <linux/mutex.h>

/* held by whoever replaces or sums up the books; process context */
extern struct mutex lw_books_lock;

int lw_begin(void);
int lw_reset(void);
void lw_reclaim_exit(void);

#endif
