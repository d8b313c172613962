// SPDX-License-Identifier: GPL-2.0
/* Files with reports that were saved with --json, for saved.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saved.h"
#include "text_file.h"

/**
 * lw_saved_read - read a report from a file
 * @path: the file
 * @report: is set, settled; lw_report_clear() it after use; empty after an error
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: 0, or a negative errno.
 */
int lw_saved_read(const char *path, struct lw_report *report, char *error,
		  size_t error_size)
{
	char reason[128];
	char *text;
	size_t len;
	int err = lw_text_file_read(path, &text, &len);

	*report = (struct lw_report){ 0 };
	if (err)
		snprintf(reason, sizeof(reason), "%s", strerror(-err));
	else
		err = lw_saved_parse(text, len, report, reason, sizeof(reason));
	if (err)
		snprintf(error, error_size, "%s: %s", path, reason);
	free(text);
	return err;
}
