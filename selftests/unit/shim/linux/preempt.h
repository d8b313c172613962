/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing: a test builds struct lw_event by hand. */
