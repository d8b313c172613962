/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LW_STUDENT_H
#define LW_STUDENT_H

long double lw_student_tail(long double t, long double freedom);
long double lw_student_quantile(long double tail, long double freedom);

#endif
