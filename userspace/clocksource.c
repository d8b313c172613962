// SPDX-License-Identifier: GPL-2.0
/*
 * What the machine's clock ticks by.  Gives to collect.c.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clocksource.h"

#define CURRENT "/sys/devices/system/clocksource/clocksource0/current_clocksource"

/**
 * lw_clocksource_read - name of the clock source in use
 *
 * Return: the name, to be freed; NULL where it cannot be read.
 */
char *lw_clocksource_read(void)
{
	char name[64];
	FILE *file = fopen(CURRENT, "re");
	bool read;

	if (!file)
		return NULL;
	read = fgets(name, sizeof(name), file);
	fclose(file);
	if (!read)
		return NULL;
	name[strcspn(name, "\n")] = '\0';
	return strdup(name);
}
