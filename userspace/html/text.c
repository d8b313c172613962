// SPDX-License-Identifier: GPL-2.0
/*
 * Text inside of a page.  Takes names that any program may have chosen, and text of
 * the views for terminals; gives the same without markup of their own.
 */
#include <stdlib.h>
#include <string.h>

#include "html/html.h"

static void put(char c, FILE *out)
{
	switch (c) {
	case '<':
		fputs("&lt;", out);
		break;
	case '>':
		fputs("&gt;", out);
		break;
	case '&':
		fputs("&amp;", out);
		break;
	case '"':
		fputs("&quot;", out);
		break;
	default:
		fputc(c < 0x20 || c > 0x7e ? '?' : c, out);
	}
}

/**
 * lw_html_text - print text as the content of an element or of an attribute
 * @out: where to
 * @received: the text, or NULL for what is not known
 */
void lw_html_text(FILE *out, const char *received)
{
	if (!received || !received[0])
		received = "-";
	for (; *received; received++)
		put(*received, out);
}

/**
 * lw_html_captured - put what was printed into the page
 * @capture: of lw_capture_begin()
 * @out: where to; lines stay lines, blanks before them are left out
 *
 * Return: 0, or -ENOMEM.
 */
int lw_html_captured(struct lw_capture *capture, FILE *out)
{
	int err = lw_capture_end(capture);
	const char *c = capture->text;
	bool first = true;

	while (!err && *c) {
		const char *end = strchrnul(c, '\n');

		while (c < end && *c == ' ')
			c++;
		if (c < end && !first)
			fputs("<br>\n", out);
		first &= c >= end;
		for (; c < end; c++)
			put(*c, out);
		c += *end == '\n';
	}
	free(capture->text);
	return err;
}
