/* SPDX-License-Identifier: GPL-2.0 */
/* Memory, from the C library's heap so that the sanitizers watch it. */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/cache.h>
#include <linux/kernel.h>
#include <linux/types.h>
#include <stdlib.h>

#define GFP_KERNEL	0
#define GFP_ATOMIC	0
#define __GFP_RETRY_MAYFAIL 0
#define __GFP_NOWARN	0
#define __GFP_ZERO	0

/* which allocation from now on fails; 0: none does */
extern unsigned int shim_alloc_fails;

#define array_size(n, size)	((size_t)(n) * (size))
#define struct_size(p, member, n) \
	(sizeof(*(p)) + sizeof(*(p)->member) * (size_t)(n))

static inline void *shim_zalloc(size_t size)
{
	void *p;

	if (shim_alloc_fails && !--shim_alloc_fails)
		return NULL;
	/* what is cache line aligned in the kernel is here, too */
	if (posix_memalign(&p, SMP_CACHE_BYTES, size))
		return NULL;
	return __builtin_memset(p, 0, size);
}

#define kzalloc(size, gfp)		((void)(gfp), shim_zalloc(size))
#define kvzalloc(size, gfp)		((void)(gfp), shim_zalloc(size))
#define kcalloc(n, size, gfp)		((void)(gfp), \
					 shim_zalloc(array_size(n, size)))
#define kvcalloc(n, size, gfp)		kcalloc(n, size, gfp)
#define kzalloc_node(size, gfp, node)	((void)(gfp), (void)(node), \
					 shim_zalloc(size))
#define kvzalloc_node(size, gfp, node)	kzalloc_node(size, gfp, node)
#define kfree(p)			free((void *)(p))
#define kvfree(p)			free((void *)(p))

/* a cache is its objects' size; they are zeroed, asked for or not */
struct kmem_cache {
	size_t size;
};

static inline struct kmem_cache *shim_cache(size_t size)
{
	struct kmem_cache *c = shim_zalloc(sizeof(*c));

	if (c)
		c->size = size;
	return c;
}

#define kmem_cache_create(name, size, align, flags, ctor)	shim_cache(size)
#define kmem_cache_destroy(c)		free(c)
#define kmem_cache_size(c)		((unsigned int)(c)->size)
#define kmem_cache_alloc_node(c, gfp, node)	((void)(gfp), (void)(node), \
						 shim_zalloc((c)->size))
#define kmem_cache_free(c, p)		((void)(c), free(p))

#endif
