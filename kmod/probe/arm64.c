// SPDX-License-Identifier: GPL-2.0
/*
 * All that is known of arm64: the probes of its KVM; they give to path/guest.c
 * and path/notify.c.
 *
 * KVM's tracepoints are private to it: their prototypes cannot be compared at
 * compile time. What is used of each was read from arch/arm64/kvm/trace_arm.h
 * of 6.1 and 6.12, where it is the same, and is compared with the running
 * kernel's type information before a probe is attached.
 *
 * - None of them names a vCPU: it is current, and its thread's pid stands for
 *   its number.
 * - kvm_exit is late. Interrupts are let in first, and the one that ended the
 *   guest's time is seen before it, in the vCPU's context: a guest may be left
 *   for a while when this says so, and is never entered again before.
 * - An interrupt for a guest has no tracepoint on its usual way (GICv3, ITS),
 *   nor has its injection: two kprobes tell of the first, and the second is
 *   the entry that follows.
 */
#include <linux/kallsyms.h>
#include <linux/kvm_host.h>
#include <linux/pid.h>

#include "probe/arch.h"
#include "compat/trace_ipi.h"
#include "path/path.h"

static u32 number(const struct task_struct *t)
{
	return t->pid;
}

/* TP_PROTO(unsigned long vcpu_pc) */
LW_PROBE(kvm_entry, LW_ARGS(unsigned long pc), pc)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_guest_entry(ev, number(ev->task));
	lw_leave(ev);
}

LW_PROTOTYPE(kvm_entry, unsigned long);

/* TP_PROTO(int ret, unsigned int esr_ec, unsigned long vcpu_pc) */
LW_PROBE(kvm_exit,
	 LW_ARGS(int ret, unsigned int esr_ec, unsigned long pc),
	 ret, esr_ec, pc)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_guest_exit(ev);
	lw_leave(ev);
}

LW_PROTOTYPE(kvm_exit, int, unsigned int, unsigned long);

#ifdef CONFIG_KVM

/* an irqfd's eventfd was signalled, and KVM tries to tell the guest at once */
LW_KPROBE(kvm_arch_set_irq_inatomic)
{
	struct lw_event *ev;

	ev = lw_enter_kprobe();
	lw_announce(ev);
	lw_leave(ev);
}

LW_KPROBE_CHECK(kvm_arch_set_irq_inatomic,
		int (struct kvm_kernel_irq_routing_entry *, struct kvm *, int,
		     int, bool));

/* whom vgic_target_oracle() will name; the interrupt's lock is held */
static const struct kvm_vcpu *target(const struct vgic_irq *irq)
{
	if (irq->vcpu)
		return irq->vcpu;
	return irq->enabled ? irq->target_vcpu : NULL;
}

/*
 * An interrupt is pending and about to be queued to its vCPU: an entry that
 * follows finds it there. But while a vCPU is in the guest it must leave it
 * first, even if its entry is still to be traced.
 *
 * bool vgic_queue_irq_unlock(struct kvm *, struct vgic_irq *, unsigned long)
 */
LW_KPROBE(vgic_queue_irq_unlock)
{
	const struct kvm *kvm = (void *)regs_get_kernel_argument(regs, 0);
	const struct vgic_irq *irq = (void *)regs_get_kernel_argument(regs, 1);
	const struct kvm_vcpu *vcpu;
	struct lw_event *ev;
	struct pid *pid;

	/* timers and IPIs of the guest's are its own */
	if (irq->intid < VGIC_NR_PRIVATE_IRQS)
		return;
	vcpu = target(irq);
	pid = vcpu ? rcu_dereference_raw(vcpu->pid) : NULL;
	if (!pid)
		return;
	ev = lw_enter_kprobe();
	lw_notify(ev, kvm->mm, pid_nr(pid),
		  READ_ONCE(vcpu->mode) != OUTSIDE_GUEST_MODE);
	lw_leave(ev);
}

LW_KPROBE_PROTOTYPE(vgic_queue_irq_unlock, struct kvm *, struct vgic_irq *);
#define PROTOTYPE_OF(name)	LW_PROTOTYPE_OF(name)

#define KPROBE(name)	kprobe_##name
#else
#define KPROBE(name)	NULL
#define PROTOTYPE_OF(name)	.args = NULL
#endif

/*
 * Is this the call that kicks a running vCPU for an interrupt? The answer does
 * not change, and to find it takes a while: it is kept for the few places that
 * send IPIs on a backend's behalf.
 */
static bool is_kick(unsigned long callsite)
{
	static unsigned long kick, others[4];
	static unsigned int next;
	char name[KSYM_SYMBOL_LEN];
	unsigned int i;

	if (callsite == READ_ONCE(kick))
		return true;
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (callsite == READ_ONCE(others[i]))
			return false;
	sprint_symbol_no_offset(name, callsite);
	if (!strcmp(name, "vgic_queue_irq_unlock")) {
		WRITE_ONCE(kick, callsite);
		return true;
	}
	/* two at a time may forget one */
	i = READ_ONCE(next);
	WRITE_ONCE(next, i + 1);
	WRITE_ONCE(others[i % ARRAY_SIZE(others)], callsite);
	return false;
}

/*
 * A vCPU is kicked without a callback. What has one may come of a probe: that
 * which makes room for a VM raises an irq_work.
 */
LW_PROBE(ipi_send_cpu,
	 LW_ARGS(const unsigned int cpu, unsigned long callsite, void *callback),
	 cpu, callsite, callback)
{
	struct lw_event *ev;

	if (callback)
		return;
	ev = lw_enter();
	if (lw_notify_inferred(ev) && is_kick(callsite))
		/* that CPU may be about to switch; slots stay what they are */
		lw_notify_running(ev, data_race(per_cpu_ptr(lw_cpus, cpu)->current_slot));
	lw_leave(ev);
}

LW_IPI_SEND_CPU_CHECK;

/* what closes a delivery comes before what opens it */
const struct lw_probe lw_probes_kvm[] = {
	{ "kvm_entry", probe_kvm_entry,
	  LW_BLIND(VCPU_WAKE) | LW_BLIND_DELIVERY,
	  "vCPUs are not known", LW_PROTOTYPE_OF(kvm_entry) },
	{ "kvm_exit", probe_kvm_exit,
	  LW_BLIND(GUEST_EXIT) | LW_BLIND(KICK_WAKE) | LW_BLIND(TX_SERVICE),
	  "kicks are not known", LW_PROTOTYPE_OF(kvm_exit) },
	{ "vgic_queue_irq_unlock", KPROBE(vgic_queue_irq_unlock),
	  LW_BLIND(SIGNAL), "whom a signal is for is inferred",
	  LATWATCH_PROBE_KIND_KPROBE, PROTOTYPE_OF(vgic_queue_irq_unlock) },
	{ "kvm_arch_set_irq_inatomic", KPROBE(kvm_arch_set_irq_inatomic),
	  LW_BLIND(SIGNAL), "signals are inferred from the wakes of vCPUs",
	  LATWATCH_PROBE_KIND_KPROBE, .signals = true },
	{ "ipi_send_cpu", probe_ipi_send_cpu, 0,
	  "inferred signals are those to halted vCPUs: packets for others count as suppressed" },
	{ }
};

const bool lw_arch_tells = true;
