/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_DRAW_H
#define LW_DRAW_H

#include "model.h"
#include "scale.h"
#include "watch/canvas.h"

/**
 * struct lw_place - a part of a line
 * @row: the line
 * @col: where it begins
 * @width: how wide it is
 */
struct lw_place {
	int row;
	int col;
	int width;
};

void lw_draw_distribution(struct lw_canvas *canvas, const struct lw_place *place,
			  const struct lw_scale *scale,
			  const struct lw_report_stage *stage);
void lw_draw_decades(struct lw_canvas *canvas, const struct lw_place *place,
		     const struct lw_scale *scale);
void lw_draw_span(struct lw_canvas *canvas, const struct lw_place *place,
		  double from, double to, enum lw_look look);
void lw_draw_steps(struct lw_canvas *canvas, const struct lw_place *place,
		   uint64_t span_ns);

#endif
