// SPDX-License-Identifier: GPL-2.0
/*
 * The runs of one side of a comparison.  Takes reports from saved.c, gives
 * them to compare.c.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "saved.h"
#include "side.h"

#define SUFFIX ".json"

/* Two reports of one epoch: the later one has all of the earlier in it. */
static bool same_epoch(const struct lw_report *a, const struct lw_report *b)
{
	const struct lw_info *x = &a->info, *y = &b->info;

	return x->since.known && y->since.known && x->since.v == y->since.v &&
	       x->since_real.known && y->since_real.known &&
	       x->since_real.v == y->since_real.v;
}

static const struct lw_run *run_of_epoch(const struct lw_side *side,
					 const struct lw_report *report)
{
	size_t i;

	for (i = 0; i < side->nr_runs; i++)
		if (same_epoch(&side->runs[i].report, report))
			return &side->runs[i];
	return NULL;
}

static int add_run(const char *path, struct lw_side *side, char *error,
		   size_t error_size)
{
	const struct lw_run *earlier;
	struct lw_report report;
	struct lw_run *run;
	char *copy;
	int err = lw_saved_read(path, &report, error, error_size);

	if (err)
		return err;
	earlier = run_of_epoch(side, &report);
	if (earlier) {
		lw_report_clear(&report);
		snprintf(error, error_size,
			 "%s and %s are of one epoch, so not two runs: --reset before each run",
			 earlier->path, path);
		return -EINVAL;
	}
	copy = strdup(path);
	run = copy ? lw_array_add(&side->runs, &side->nr_runs, sizeof(*run)) :
		     NULL;
	if (!run) {
		free(copy);
		lw_report_clear(&report);
		snprintf(error, error_size, "out of memory");
		return -ENOMEM;
	}
	run->path = copy;
	run->report = report;
	return 0;
}

static int is_saved(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > strlen(SUFFIX) && entry->d_name[0] != '.' &&
	       !strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX);
}

static int add_folder(const char *path, struct lw_side *side, char *error,
		      size_t error_size)
{
	struct dirent **entries;
	int nr = scandir(path, &entries, is_saved, versionsort);
	int i, err = 0;

	if (nr < 0) {
		err = -errno;
		snprintf(error, error_size, "%s: %s", path, strerror(errno));
		return err;
	}
	if (!nr) {
		snprintf(error, error_size, "%s: no file *" SUFFIX " in it",
			 path);
		err = -ENOENT;
	}
	for (i = 0; i < nr; i++) {
		char *file = NULL;

		if (!err && asprintf(&file, "%s/%s", path,
				     entries[i]->d_name) < 0) {
			snprintf(error, error_size, "out of memory");
			err = -ENOMEM;
		}
		if (!err)
			err = add_run(file, side, error, error_size);
		free(file);
		free(entries[i]);
	}
	free(entries);
	return err;
}

static int add_path(const char *path, struct lw_side *side, char *error,
		    size_t error_size)
{
	struct stat found;

	if (!stat(path, &found) && S_ISDIR(found.st_mode))
		return add_folder(path, side, error, error_size);
	return add_run(path, side, error, error_size);
}

static int add_list(const char *name, struct lw_side *side, char *error,
		    size_t error_size)
{
	char *list = strdup(name), *rest = list, *path;
	int err = 0;

	if (!list) {
		snprintf(error, error_size, "out of memory");
		return -ENOMEM;
	}
	while (!err && (path = strsep(&rest, ",")))
		err = add_path(path, side, error, error_size);
	free(list);
	return err;
}

/**
 * lw_side_read - read the runs of a setup
 * @name: a file, a folder of files, or several of these with commas between
 * @side: is set; lw_side_clear() it after use, not after an error
 * @error: takes one sentence for the user
 * @error_size: its room
 *
 * Return: 0, or a negative errno.
 */
int lw_side_read(const char *name, struct lw_side *side, char *error,
		 size_t error_size)
{
	struct stat found;
	int err;

	*side = (struct lw_side){ .name = name };
	/* A file may have a comma in its name. */
	err = stat(name, &found) ? add_list(name, side, error, error_size) :
				   add_path(name, side, error, error_size);
	if (err)
		lw_side_clear(side);
	return err;
}

/**
 * lw_side_clear - free what a side holds and zero it
 * @side: the side
 */
void lw_side_clear(struct lw_side *side)
{
	while (side->nr_runs) {
		struct lw_run *run = &side->runs[--side->nr_runs];

		lw_report_clear(&run->report);
		free(run->path);
	}
	free(side->runs);
	memset(side, 0, sizeof(*side));
}
