/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_TEXT_FILE_H
#define LW_TEXT_FILE_H

#include <stddef.h>

int lw_text_file_read(const char *path, char **text, size_t *len);

#endif
