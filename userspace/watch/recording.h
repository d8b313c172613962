/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_RECORDING_H
#define LW_RECORDING_H

#include "watch/history.h"

int lw_recording_read(const char *path, struct lw_value vm,
		      struct lw_history *history, char *error, size_t error_size);

#endif
