// SPDX-License-Identifier: GPL-2.0
/*
 * Student's t distribution.  Takes numbers, gives them to noise.c.
 *
 * The formulas are those of Abramowitz and Stegun, Handbook of Mathematical
 * Functions: 26.7.1 for the tail, 26.5.8 for the incomplete beta function that
 * it is made of.
 */
#include <math.h>

#include "student.h"

#define MOST_TERMS 500
#define CLOSE 1e-15L

static long double at_least(long double x)
{
	return fabsl(x) < 1e-300L ? 1e-300L : x;
}

/* 26.5.8, by Lentz's method; quick for x < (a + 1) / (a + b + 2). */
static long double fraction(long double x, long double a, long double b)
{
	long double c = 1, d = 1 / at_least(1 - (a + b) * x / (a + 1));
	long double value = d, term, step;
	int m;

	for (m = 1; m < MOST_TERMS; m++) {
		term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / at_least(1 + term * d);
		c = at_least(1 + term / c);
		value *= d * c;
		term = -(a + m) * (a + b + m) * x /
		       ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / at_least(1 + term * d);
		c = at_least(1 + term / c);
		step = d * c;
		value *= step;
		if (fabsl(step - 1) < CLOSE)
			break;
	}
	return value;
}

static long double incomplete_beta(long double x, long double a, long double b)
{
	long double front;

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	front = expl(lgammal(a + b) - lgammal(a) - lgammal(b) + a * logl(x) +
		     b * log1pl(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(x, a, b) / a;
	return 1 - front * fraction(1 - x, b, a) / b;
}

/**
 * lw_student_tail - how likely a value above @t is
 * @t: 0 or more
 * @freedom: degrees of freedom, more than 0; INFINITY for the normal one
 *
 * Return: the probability.
 */
long double lw_student_tail(long double t, long double freedom)
{
	/* Beyond this the fraction is slow, and the two are the same. */
	if (freedom > 1e7L)
		return erfcl(t / sqrtl(2)) / 2;
	return incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5L) /
	       2;
}

/**
 * lw_student_quantile - the value that is exceeded with a probability
 * @tail: the probability, above 0 and up to a half
 * @freedom: degrees of freedom, more than 0; INFINITY for the normal one
 *
 * Return: the value.
 */
long double lw_student_quantile(long double tail, long double freedom)
{
	long double low = 0, high = 1;
	int i;

	while (lw_student_tail(high, freedom) > tail && high < 1e300L) {
		low = high;
		high *= 2;
	}
	for (i = 0; i < 200 && high - low > high * CLOSE; i++) {
		long double middle = low + (high - low) / 2;

		if (lw_student_tail(middle, freedom) > tail)
			low = middle;
		else
			high = middle;
	}
	return high;
}
