/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_TESTS_BOUNDS_H
#define LW_TESTS_BOUNDS_H

#include <stdint.h>

#include "model.h"

struct nlmsghdr;

void bounds_put(struct nlmsghdr *nlh, uint32_t id);
uint32_t bounds_flags(uint32_t id);
void bounds_put_marks(struct nlmsghdr *nlh);
const struct lw_report *bounds_report(void);

#endif
