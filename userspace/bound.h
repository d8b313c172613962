/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_BOUND_WORD_H
#define LW_BOUND_WORD_H

#include <stdbool.h>
#include <stdio.h>

#include "collect.h"
#include "extreme/run.h"
#include "nl.h"

int lw_bound_of_windows(struct lw_nl *nl, const struct lw_want *want,
			const struct lw_bound_request *request, FILE *out, bool *bounded);

#endif
