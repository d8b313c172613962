/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_SAVED_H
#define LW_SAVED_H

#include "model.h"

int lw_saved_parse(const char *text, size_t len, struct lw_report *report,
		   char *error, size_t error_size);
int lw_saved_read(const char *path, struct lw_report *report, char *error,
		  size_t error_size);

#endif
