// SPDX-License-Identifier: GPL-2.0
/* The table of the ledger's lines. See ledger.h. */
#include <linux/types.h>

#include "model/ledger.h"

const struct lw_line lw_lines[LW_NLEDGER] = {
#define X(id, path, category, name) \
	[LW_##id] = { name, LATWATCH_PATH_##path, \
		      LATWATCH_CATEGORY_##category },
	LW_LEDGER(X)
#undef X
};
