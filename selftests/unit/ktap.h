/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KTAP for unit tests: a binary is a list of tests, each a function; what a
 * test expects and does not get is told in a diagnostic line, and the test
 * goes on, so that one run shows all that is wrong.
 *
 * Takes names of tests as arguments, none: all.
 */
#ifndef UNIT_KTAP_H
#define UNIT_KTAP_H

#include <linux/types.h>

struct ktap_test {
	const char *name;
	void (*run)(void);
};

#define TEST(fn)	{ #fn, fn }

int ktap_main(int argc, char **argv, const struct ktap_test *tests,
	      unsigned int n);

#define KTAP_MAIN(tests) \
	int main(int argc, char **argv) \
	{ \
		return ktap_main(argc, argv, tests, \
				 sizeof(tests) / sizeof((tests)[0])); \
	}

void ktap_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((__format__(__printf__, 3, 4)));
bool ktap_failed(void);

/* these are macros so that the line told is the test's */
#define EXPECT(cond) \
	((cond) ? true : (ktap_fail(__FILE__, __LINE__, "%s", #cond), false))

#define EXPECT_EQ(a, b) ({ \
	unsigned long long ktap_a = (a), ktap_b = (b); \
	if (ktap_a != ktap_b) \
		ktap_fail(__FILE__, __LINE__, "%s is %llu, not %s = %llu", \
			  #a, ktap_a, #b, ktap_b); \
	ktap_a == ktap_b; })

#endif
