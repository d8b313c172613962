// SPDX-License-Identifier: GPL-2.0
/* libFuzzer looks for events after which the books do not close. */
#include <stdlib.h>

#include "chaos.h"
#include "ktap.h"

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t n);

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t n)
{
	chaos_run(bytes, n);
	if (ktap_failed())
		abort();
	return 0;
}
