// SPDX-License-Identifier: GPL-2.0
/* Files with reports that were saved with --json, for saved.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saved.h"

/* The largest host's report is a tenth of this. */
#define LARGEST (64u << 20)

static int read_file(FILE *file, char **text, size_t *len)
{
	size_t room = 0, got;
	char *more;

	do {
		room = room ? 2 * room : 1u << 16;
		if (room > LARGEST)
			return -EFBIG;
		more = realloc(*text, room);
		if (!more)
			return -ENOMEM;
		*text = more;
		got = fread(*text + *len, 1, room - *len, file);
		*len += got;
	} while (*len == room);
	return ferror(file) ? -errno : 0;
}

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
	FILE *file = fopen(path, "re");
	char reason[128];
	char *text = NULL;
	size_t len = 0;
	int err = file ? read_file(file, &text, &len) : -errno;

	*report = (struct lw_report){ 0 };
	if (file)
		fclose(file);
	if (err)
		snprintf(reason, sizeof(reason), "%s", strerror(-err));
	else
		err = lw_saved_parse(text, len, report, reason, sizeof(reason));
	if (err)
		snprintf(error, error_size, "%s: %s", path, reason);
	free(text);
	return err;
}
