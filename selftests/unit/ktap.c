// SPDX-License-Identifier: GPL-2.0
/* See ktap.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ktap.h"

/* more of them would not tell more, and a fuzzer can make millions */
#define MAX_TOLD	10

static unsigned int failures;

void ktap_fail(const char *file, int line, const char *fmt, ...)
{
	const char *base = strrchr(file, '/');
	va_list ap;

	if (failures++ >= MAX_TOLD)
		return;
	printf("# %s:%d: ", base ? base + 1 : file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

bool ktap_failed(void)
{
	return failures;
}

static bool chosen(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc < 2;
}

int ktap_main(int argc, char **argv, const struct ktap_test *tests,
	      unsigned int n)
{
	unsigned int i, number = 0, count = 0;
	bool bad = false;

	for (i = 0; i < n; i++)
		count += chosen(tests[i].name, argc, argv);
	/* what was told must be seen, even if a sanitizer ends the process */
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", count);
	for (i = 0; i < n; i++) {
		if (!chosen(tests[i].name, argc, argv))
			continue;
		failures = 0;
		tests[i].run();
		printf("%s %u %s\n", failures ? "not ok" : "ok", ++number,
		       tests[i].name);
		bad |= failures;
	}
	return bad || !count;
}
