/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Just enough of KTAP for a program of host tests.
 */
#ifndef LW_TESTS_KTAP_H
#define LW_TESTS_KTAP_H

#include <stdbool.h>
#include <stdio.h>

struct ktap_test {
	const char *name;
	void (*run)(void);
};

static bool ktap_failed;

#define CHECK(condition)						\
	do {								\
		if (!(condition)) {					\
			printf("# %s:%d: not so: %s\n", __FILE__,	\
			       __LINE__, #condition);			\
			ktap_failed = true;				\
		}							\
	} while (0)

static inline int ktap_run(const struct ktap_test *tests, size_t nr)
{
	size_t i, bad = 0;

	printf("KTAP version 1\n1..%zu\n", nr);
	for (i = 0; i < nr; i++) {
		ktap_failed = false;
		tests[i].run();
		printf("%sok %zu %s\n", ktap_failed ? "not " : "", i + 1,
		       tests[i].name);
		fflush(stdout);
		bad += ktap_failed;
	}
	return !!bad;
}

#endif
