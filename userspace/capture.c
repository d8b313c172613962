// SPDX-License-Identifier: GPL-2.0
/*
 * Words that the text views have, for those that draw.
 */
#include <errno.h>
#include <stdlib.h>

#include "capture.h"

/**
 * lw_capture_begin - print to memory
 * @capture: is set
 *
 * Return: false without memory; lw_capture_end() is called all the same.
 */
bool lw_capture_begin(struct lw_capture *capture)
{
	capture->text = NULL;
	capture->size = 0;
	capture->out = open_memstream(&capture->text, &capture->size);
	return capture->out;
}

/**
 * lw_capture_end - what was printed
 * @capture: of lw_capture_begin()
 *
 * Return: 0 if its text is there, which is to be freed; or -ENOMEM.
 */
int lw_capture_end(struct lw_capture *capture)
{
	if (capture->out && !fclose(capture->out))
		return 0;
	free(capture->text);
	capture->text = NULL;
	return -ENOMEM;
}
