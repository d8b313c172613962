/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_UTF8_H
#define LW_UTF8_H

char *lw_utf8_clean(const char *received);

#endif
