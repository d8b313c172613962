// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the running kernel calls a probe with the arguments that it takes.
 *
 * The kernel exports no way to its type information that gives back what was taken:
 * up to 6.12 none at all, and later bpf_find_btf_id() without btf_put(). What it
 * shows in sysfs is the same, and can be read by whoever loads a module. It is not
 * read by kernel_read_file(), which wants to know for what: of the purposes that
 * there are none fits, and to have none makes 6.12's IPE warn.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "alloc.h"
#include "probe/btf.h"
#include "probe/probe.h"
#include "probe/prototype.h"

/* no kernel's type information is as large */
#define MOST_BYTES	SZ_64M

/* where the kernel compares prototypes at each indirect call, one more argument counts */
#define EXACT		(IS_ENABLED(CONFIG_CFI_CLANG) || IS_ENABLED(CONFIG_CFI))

/**
 * struct info - type information while probes are being attached
 * @data: what was read
 * @btf: its index
 * @of: whose it is, NULL: of the kernel proper
 * @tried: it was read, or cannot be
 */
struct info {
	void *data;
	struct lw_btf btf;
	const struct module *of;
	bool tried;
};

/* guarded by the lock of attach.c */
static struct info kernel, module;

static void info_drop(struct info *info)
{
	lw_btf_exit(&info->btf);
	kvfree(info->data);
	memset(info, 0, sizeof(*info));
}

/* a file, NULL: it is not there, or there is no memory for it */
static void *read_all(const char *path, size_t *size)
{
	struct file *f = filp_open(path, O_RDONLY, 0);
	void *data = NULL;
	ssize_t n;
	loff_t at = 0;

	if (IS_ERR(f))
		return NULL;
	*size = i_size_read(file_inode(f));
	if (*size && *size <= MOST_BYTES)
		data = kvmalloc(*size, LW_GFP);
	while (data && at < *size) {
		n = kernel_read(f, data + at, *size - at, &at);
		if (n <= 0)
			break;
	}
	filp_close(f, NULL);
	if (data && at == *size)
		return data;
	kvfree(data);
	return NULL;
}

static bool info_get(struct info *info, const struct module *of, const struct lw_btf *base)
{
	char path[sizeof("/sys/kernel/btf/") + MODULE_NAME_LEN];
	size_t size;
	int err;

	if (info->tried && info->of == of)
		return info->data;
	info_drop(info);
	info->tried = true;
	info->of = of;
	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", of ? of->name : "vmlinux");
	info->data = read_all(path, &size);
	if (!info->data)
		return false;
	err = lw_btf_init(&info->btf, info->data, size, base);
	if (!err)
		return true;
	pr_info("%s: cannot be used, error %d\n", path, err);
	kvfree(info->data);
	info->data = NULL;
	return false;
}

/**
 * lw_prototype_check() - does this kernel call a probe with what it takes?
 * @p: the probe, with its arguments
 * @mod: the module that its tracepoint is in, NULL: the kernel proper
 *
 * What is read for it is kept until lw_prototype_drop().
 *
 * Context: process, may sleep; one at a time.
 * Return: enum latwatch_prototype.
 */
enum latwatch_prototype lw_prototype_check(const struct lw_probe *p,
					   const struct module *mod)
{
	bool kprobe = p->kind == LATWATCH_PROBE_KIND_KPROBE;
	int at = -ENOENT;

	if (info_get(&kernel, NULL, NULL) &&
	    (!mod || info_get(&module, mod, &kernel.btf)))
		at = lw_btf_compare(mod ? &module.btf : &kernel.btf,
				    kprobe ? LW_BTF_FUNCTION : LW_BTF_TRACEPOINT,
				    p->tracepoint, p->args, EXACT);
	if (at < 0)
		return LATWATCH_PROTOTYPE_UNCHECKED;
	if (!at)
		return LATWATCH_PROTOTYPE_FITS;
	pr_warn("%s %s: not attached: its argument %d is not what this module reads\n",
		kprobe ? "kprobe" : "tracepoint", p->tracepoint, at);
	return LATWATCH_PROTOTYPE_CHANGED;
}

/**
 * lw_prototype_drop() - give back what lw_prototype_check() has read
 *
 * Context: process, may sleep; not beside lw_prototype_check().
 */
void lw_prototype_drop(void)
{
	info_drop(&module);
	info_drop(&kernel);
}
