/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_CLOCKSOURCE_H
#define LW_CLOCKSOURCE_H

char *lw_clocksource_read(void);

#endif
