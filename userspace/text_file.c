// SPDX-License-Identifier: GPL-2.0
/*
 * A file as one text, for saved.c and extreme/maxima.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "text_file.h"

/* The largest host's report is a tenth of this. */
#define LARGEST (64u << 20)

static int read_all(FILE *file, char **text, size_t *len)
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
 * lw_text_file_read - read a file whole
 * @path: the file
 * @text: is set to what is in it, for free(), after an error too; it may have
 *	  zeros in it, and ends with none
 * @len: is set to its length
 *
 * Return: 0; -EFBIG for a file of 64 MB or more; or another negative errno.
 */
int lw_text_file_read(const char *path, char **text, size_t *len)
{
	FILE *file = fopen(path, "re");
	int err;

	*text = NULL;
	*len = 0;
	if (!file)
		return -errno;
	err = read_all(file, text, len);
	fclose(file);
	return err;
}
