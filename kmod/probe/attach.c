// SPDX-License-Identifier: GPL-2.0
/* Attaching probes to tracepoints, and letting go. See attach.h. */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/tracepoint.h>

#include "probe/arch.h"
#include "probe/attach.h"
#include "probe/prototype.h"
#include "path/path.h"

/*
 * In the order of attaching, which is against the way: what closes a flight is
 * there before what opens one.
 */
static const struct lw_probe *const groups[] = {
	lw_probes_kvm, lw_probes_net, lw_probes_xdp, lw_probes_sched,
	lw_probes_irq, lw_probes_culprit,
};

/**
 * struct attachment - a row of a table of probes, and its tracepoint
 * @probe: the row
 * @group: its table
 * @tp: the tracepoint it is attached to, NULL: none
 * @found: the kernel's own tracepoint of that name, NULL: none
 * @kprobe: where the row is one
 * @planted: it is in place
 * @checked: @prototype is known; of a module's tracepoint, while it is there
 * @prototype: what its arguments were found to be
 */
static struct attachment {
	const struct lw_probe *probe;
	const struct lw_probe *group;
	struct tracepoint *tp;
	struct tracepoint *found;
	struct kprobe kprobe;
	bool planted;
	bool checked;
	enum latwatch_prototype prototype;
} attachments[LW_MAX_PROBES];
static unsigned int nattachments;
/* what was blind when all was let go; valid while @away */
static u64 blind_before;
static bool away;
/* guards attachments[] against modules that come and go */
static DEFINE_MUTEX(lock);

/* what a probe knows itself by */
static void *index_of(const struct attachment *a)
{
	return (void *)(a - attachments);
}

unsigned long lw_kprobe_index(const struct kprobe *k)
{
	return container_of(k, struct attachment, kprobe) - attachments;
}

/*
 * Is it called with what it takes, as far as this kernel lets that be known? A
 * function of the kernel proper stays what it is.
 */
static bool may_attach(struct attachment *a, const struct module *mod)
{
	if (!a->probe->args)
		return true;
	if (!a->checked || mod)
		a->prototype = lw_prototype_check(a->probe, mod);
	a->checked = true;
	return a->prototype != LATWATCH_PROTOTYPE_CHANGED;
}

static int attach_one(struct attachment *a, struct tracepoint *tp,
		      const struct module *mod)
{
	int err;

	if (!may_attach(a, mod))
		return 0;
	err = tracepoint_probe_register(tp, a->probe->function, index_of(a));
	if (err) {
		pr_err("tracepoint %s: cannot attach, error %d\n", tp->name,
		       err);
		return err;
	}
	a->tp = tp;
	return 0;
}

static void detach_one(struct attachment *a)
{
	tracepoint_probe_unregister(a->tp, a->probe->function, index_of(a));
	a->tp = NULL;
}

/*
 * A kprobe is optional: a kernel may have none, or refuse this one. Without it,
 * those that follow in its table are of no use: they would open what it is
 * there to close.
 */
static bool plant(struct attachment *a)
{
	int err;

	if (!may_attach(a, NULL))
		return false;
	memset(&a->kprobe, 0, sizeof(a->kprobe));
	a->kprobe.symbol_name = a->probe->tracepoint;
	a->kprobe.pre_handler = a->probe->function;
	err = register_kprobe(&a->kprobe);
	if (err)
		pr_info("kprobe %s: not attached, error %d\n",
			a->probe->tracepoint, err);
	a->planted = !err;
	return a->planted;
}

/* @refused: the table that had one refused, or NULL; the same is returned */
static const struct lw_probe *plant_in(struct attachment *a,
				       const struct lw_probe *refused)
{
	if (a->group == refused || plant(a))
		return refused;
	return a->group;
}

static bool is_kprobe(const struct attachment *a)
{
	return a->probe->kind == LATWATCH_PROBE_KIND_KPROBE;
}

static bool is_attached(const struct attachment *a)
{
	return a->tp || a->planted;
}

static struct attachment *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nattachments; i++)
		if (!is_kprobe(&attachments[i]) &&
		    !strcmp(attachments[i].probe->tracepoint, name))
			return &attachments[i];
	return NULL;
}

static void note_builtin(struct tracepoint *tp, void *priv)
{
	struct attachment *a = find(tp->name);

	if (a)
		a->found = tp;
}

/* a module comes or goes; called for those that are there already, too */
static int module_notify(struct notifier_block *nb, unsigned long event,
			 void *info)
{
	struct module *mod = ((struct tp_module *)info)->mod;
	unsigned int i;

	mutex_lock(&lock);
	for (i = 0; i < mod->num_tracepoints; i++) {
		struct tracepoint *tp =
			tracepoint_ptr_deref(&mod->tracepoints_ptrs[i]);
		struct attachment *a = find(tp->name);

		if (!a)
			continue;
		if (event == MODULE_STATE_COMING && !a->tp)
			attach_one(a, tp, mod);
		else if (event == MODULE_STATE_GOING && a->tp == tp)
			detach_one(a);
		if (event == MODULE_STATE_GOING && !a->found)
			a->checked = false;
	}
	lw_prototype_drop();
	mutex_unlock(&lock);
	return NOTIFY_OK;
}

static struct notifier_block module_notifier = {
	.notifier_call = module_notify,
};

/* what sets the mark of the signal; whoever calls holds the lock */
static bool signal_source(enum latwatch_signal_source *source)
{
	unsigned int i;

	for (i = 0; i < nattachments; i++) {
		const struct attachment *a = &attachments[i];

		if (!a->probe->signals || !is_attached(a))
			continue;
		*source = is_kprobe(a) ? LATWATCH_SIGNAL_SOURCE_KPROBE :
					 LATWATCH_SIGNAL_SOURCE_TRACEPOINT;
		return true;
	}
	*source = LATWATCH_SIGNAL_SOURCE_INFERRED;
	return lw_arch_tells && find("kvm_entry")->tp;
}

/* whoever calls holds the lock */
static u64 blind_now(void)
{
	unsigned int i;
	u64 blind = 0;

	for (i = 0; i < nattachments; i++)
		if (!is_attached(&attachments[i]))
			blind |= attachments[i].probe->blind;
	return blind;
}

static int list_probes(void)
{
	const struct lw_probe *p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		for (p = groups[i]; p->tracepoint; p++) {
			if (WARN_ON(nattachments == LW_MAX_PROBES))
				return -E2BIG;
			attachments[nattachments].group = groups[i];
			attachments[nattachments++].probe = p;
		}
	for_each_kernel_tracepoint(note_builtin, NULL);
	return 0;
}

/**
 * lw_attach() - attach all probes whose tracepoints are there
 * @kprobes: and those that are kprobes
 *
 * What is missing is no error: lw_attached_get() tells. It can be done again
 * after lw_detach().
 *
 * Context: process, may sleep.
 * Return: 0 or a negative error, with nothing attached.
 */
int lw_attach(bool kprobes)
{
	const struct lw_probe *refused = NULL;
	enum latwatch_signal_source source;
	unsigned int i;
	int err;

	if (!nattachments) {
		err = list_probes();
		if (err)
			return err;
	}

	/* modules first, for the same reason as above */
	err = register_tracepoint_module_notifier(&module_notifier);
	if (err)
		return err;

	mutex_lock(&lock);
	for (i = 0; i < nattachments && !err; i++) {
		if (attachments[i].found)
			err = attach_one(&attachments[i], attachments[i].found, NULL);
		else if (kprobes && is_kprobe(&attachments[i]))
			refused = plant_in(&attachments[i], refused);
	}
	lw_prototype_drop();
	away = false;
	if (lw_arch_tells)
		WRITE_ONCE(lw_signal_mode,
			   signal_source(&source) &&
			   source == LATWATCH_SIGNAL_SOURCE_KPROBE ?
				   LW_SIGNAL_KPROBE : LW_SIGNAL_INFERRED);
	mutex_unlock(&lock);
	if (err)
		lw_detach();
	return err;
}

/**
 * lw_detach() - let go of all tracepoints and functions
 *
 * No probe runs any more when it returns.
 *
 * Context: process, may sleep.
 */
void lw_detach(void)
{
	unsigned int i;

	mutex_lock(&lock);
	blind_before = blind_now();
	away = true;
	/* against the order of attaching: first what opens flights */
	for (i = nattachments; i; i--) {
		struct attachment *a = &attachments[i - 1];

		if (a->tp && a->found)
			detach_one(a);
		else if (a->planted)
			unregister_kprobe(&a->kprobe);
		a->planted = false;
	}
	mutex_unlock(&lock);
	/* tells the notifier that every module leaves */
	unregister_tracepoint_module_notifier(&module_notifier);
	tracepoint_synchronize_unregister();
}

/**
 * lw_probes_wait() - wait for whatever probe runs now
 *
 * Also for the count that the notifier of devices makes, with interrupts off.
 *
 * Context: process, may sleep.
 */
void lw_probes_wait(void)
{
	/* from Linux 7.0 on these two are apart */
	tracepoint_synchronize_unregister();
	synchronize_rcu();
}

/**
 * lw_attached_get() - the state of a probe
 * @index: from 0
 * @a: takes the state
 *
 * Return: false if there are no more.
 */
bool lw_attached_get(unsigned int index, struct lw_attached *a)
{
	if (index >= nattachments)
		return false;
	mutex_lock(&lock);
	a->tracepoint = attachments[index].probe->tracepoint;
	a->cost = attachments[index].probe->cost;
	a->kind = attachments[index].probe->kind;
	a->attached = is_attached(&attachments[index]);
	a->checked = attachments[index].checked;
	a->prototype = attachments[index].prototype;
	a->missed = attachments[index].kprobe.nmissed;
	mutex_unlock(&lock);
	return true;
}

/**
 * lw_attached_signal() - what sets the mark of the signal now
 * @source: takes it
 *
 * Return: false if nothing does.
 */
bool lw_attached_signal(enum latwatch_signal_source *source)
{
	bool known;

	mutex_lock(&lock);
	known = signal_source(source);
	mutex_unlock(&lock);
	return known;
}

/**
 * lw_attached_blind() - what cannot be measured now, or could not when all
 * was let go
 *
 * Return: a bit for each stage that is blind.
 */
u64 lw_attached_blind(void)
{
	u64 blind;

	mutex_lock(&lock);
	blind = away ? blind_before : blind_now();
	mutex_unlock(&lock);
	return blind;
}
