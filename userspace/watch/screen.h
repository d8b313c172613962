/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_SCREEN_H
#define LW_SCREEN_H

#include <stdbool.h>

#include "watch/canvas.h"
#include "watch/key.h"

bool lw_screen_open(bool color);
void lw_screen_close(void);
void lw_screen_size(int *cols, int *rows);
void lw_screen_draw(const struct lw_canvas *canvas);
int lw_screen_key(int timeout_ms);

#endif
