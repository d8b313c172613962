/* SPDX-License-Identifier: GPL-2.0 */
/* That of the host. */
#include <linux/btf.h>
