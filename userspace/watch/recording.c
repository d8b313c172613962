// SPDX-License-Identifier: GPL-2.0
/*
 * A file of reports: one, as --json writes it, or a recording of many, one a line, as
 * --watch --json does.  Takes the file, gives a history to look back in.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "saved.h"
#include "watch/recording.h"

/* Those from before the VM was there are left out. */
static int take(struct lw_history *history, struct lw_report *report,
		struct lw_value vm, char *error, size_t error_size)
{
	int err = lw_report_choose(report, vm, error, error_size);

	if (err)
		lw_report_clear(report);
	else
		lw_history_add(history, report);
	return err;
}

static int read_lines(FILE *file, const char *path, struct lw_value vm,
		      struct lw_history *history, char *error, size_t error_size)
{
	char reason[128];
	char *line = NULL;
	size_t room = 0, nr = 0;
	struct lw_report report;
	int err = 0, missing = 0;
	ssize_t len;

	while (!err && (len = getline(&line, &room, file)) > 0) {
		nr++;
		err = lw_saved_parse(line, (size_t)len, &report, reason,
				     sizeof(reason));
		/* whoever wrote it was ended in the middle of a line */
		if (err == -EBADMSG && nr > 1 && line[len - 1] != '\n') {
			err = 0;
			break;
		}
		if (err)
			snprintf(error, error_size, "%s: report %zu: %s", path,
				 nr, reason);
		else
			missing = take(history, &report, vm, error, error_size);
	}
	free(line);
	if (!err && ferror(file)) {
		err = -EIO;
		snprintf(error, error_size, "%s: %s", path, strerror(EIO));
	}
	if (!err && !history->nr)
		err = missing;
	if (!err)
		*error = '\0';
	return err;
}

/* Is what it begins with a report by itself?  Then more can follow. */
static bool is_recording(FILE *file)
{
	char error[128];
	char *line = NULL;
	size_t room = 0;
	struct lw_report report;
	ssize_t len = getline(&line, &room, file);
	bool is = len > 0 && !lw_saved_parse(line, (size_t)len, &report, error,
					     sizeof(error));

	if (is)
		lw_report_clear(&report);
	free(line);
	rewind(file);
	return is;
}

/**
 * lw_recording_read - read a report, or many
 * @path: the file
 * @vm: the only VM to show; not known: all
 * @history: takes them, the last ones if there are very many
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: 0, with one report at least; or a negative errno.
 */
int lw_recording_read(const char *path, struct lw_value vm,
		      struct lw_history *history, char *error, size_t error_size)
{
	FILE *file = fopen(path, "re");
	struct lw_report report;
	int err;

	history->recording = true;
	if (file && is_recording(file)) {
		err = read_lines(file, path, vm, history, error, error_size);
		fclose(file);
		return err;
	}
	if (file)
		fclose(file);
	err = lw_saved_read(path, &report, error, error_size);
	return err ? err : take(history, &report, vm, error, error_size);
}
