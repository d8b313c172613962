/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An argument of a tracepoint whose type has changed, asked of the kernel's own check
 * of callbacks: no version to know, and none to get wrong.
 */
#ifndef LW_COMPAT_TRACE_TYPE_H
#define LW_COMPAT_TRACE_TYPE_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

/**
 * LW_TRACE_TYPE() - one of two types of a tracepoint's argument
 * @name: the tracepoint
 * @type: what the argument is if callbacks of the tracepoint are
 *        void (void *data, @...)
 * @other: what it is if they are not
 */
#define LW_TRACE_TYPE(name, type, other, ...) \
	typeof(*__builtin_choose_expr( \
		__same_type(check_trace_callback_type_##name, \
			    void (void (*)(void *, __VA_ARGS__))), \
		(typeof(type) *)NULL, (typeof(other) *)NULL))

#endif
