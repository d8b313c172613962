/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_BUDGET_H
#define LW_BUDGET_H

#include <stdbool.h>
#include <stdio.h>

#include "nl.h"

int lw_budget_set(struct lw_nl *nl, const char *file, FILE *out);
int lw_monitor_run(struct lw_nl *nl, bool json, unsigned long count, FILE *out);

#endif
