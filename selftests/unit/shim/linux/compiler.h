/* SPDX-License-Identifier: GPL-2.0 */
/* Compiler attributes, once-only accesses and barriers on GCC's builtins. */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#include <linux/types.h>

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __maybe_unused		__attribute__((__unused__))
#define fallthrough		__attribute__((__fallthrough__))
#define barrier()		__asm__ volatile("" : : : "memory")

/*
 * ThreadSanitizer does not understand fences. Under it each once-only load is
 * an acquire and each store a release, which says the same in its language: it
 * then finds plain accesses that nothing orders, but no fence that is missing.
 */
#if defined(__SANITIZE_THREAD__)
#define SHIM_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SHIM_TSAN 1
#endif
#endif

#ifdef SHIM_TSAN
#define SHIM_LOAD		__ATOMIC_ACQUIRE
#define SHIM_STORE		__ATOMIC_RELEASE
#define shim_fence(order)	barrier()
#else
#define SHIM_LOAD		__ATOMIC_RELAXED
#define SHIM_STORE		__ATOMIC_RELAXED
#define shim_fence(order)	__atomic_thread_fence(order)
#endif

#define READ_ONCE(x)		__atomic_load_n(&(x), SHIM_LOAD)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), (v), SHIM_STORE)

#define smp_mb()		shim_fence(__ATOMIC_SEQ_CST)
#define smp_store_mb(x, v)	do { WRITE_ONCE(x, v); smp_mb(); } while (0)
#define smp_rmb()		shim_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		shim_fence(__ATOMIC_RELEASE)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)

/* only where the optimizer can take what holds away */
#ifdef __OPTIMIZE__
#define shim_compiletime(cond, msg, n)					\
	do {								\
		extern void shim_fails_##n(void)			\
			__attribute__((__error__(msg)));		\
		if (!(cond))						\
			shim_fails_##n();				\
	} while (0)
#define shim_compiletime_n(cond, msg, n) shim_compiletime(cond, msg, n)
#define compiletime_assert(cond, msg) \
	shim_compiletime_n(cond, msg, __COUNTER__)
#else
#define compiletime_assert(cond, msg)	do { } while (0)
#endif

#define data_race(expr)		({ expr; })

#endif
