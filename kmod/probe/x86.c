// SPDX-License-Identifier: GPL-2.0
/*
 * All that is known of x86: the probes of its KVM; they give to path/guest.c.
 *
 * KVM's tracepoints are private to it: their prototypes cannot be compared at
 * compile time. What is used of each was read from arch/x86/kvm/trace.h of
 * 6.1 and 6.12, is said beside each probe, and is compared with the running
 * kernel's type information before a probe is attached.
 */
#include <linux/kvm_host.h>
#include <asm/trace/irq_vectors.h>

#include "probe/arch.h"
#include "compat/trace_kvm.h"
#include "path/path.h"

/* TP_PROTO(struct kvm_vcpu *vcpu), with more since 6.9 */
LW_PROBE(kvm_entry, LW_ARGS(LW_KVM_ENTRY_ARGS), LW_KVM_ENTRY_NAMES)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_guest_entry(ev, vcpu->vcpu_id);
	lw_leave(ev);
}

LW_PROTOTYPE(kvm_entry, LW_KVM_ENTRY_TYPES);

/* TP_PROTO(struct kvm_vcpu *vcpu, u32 isa) */
LW_PROBE(kvm_exit, LW_ARGS(struct kvm_vcpu *vcpu, u32 isa), vcpu, isa)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_guest_exit(ev);
	lw_leave(ev);
}

LW_PROTOTYPE(kvm_exit, struct kvm_vcpu *, u32);

/* TP_PROTO(unsigned int vector, bool soft, bool reinjected) */
LW_PROBE(kvm_inj_virq,
	 LW_ARGS(unsigned int vector, bool soft, bool reinjected),
	 vector, soft, reinjected)
{
	struct lw_event *ev;

	/* its delivery was broken off: what it announces was seen already */
	if (reinjected)
		return;
	ev = lw_enter();
	lw_inject(ev, vector);
	lw_leave(ev);
}

LW_PROTOTYPE(kvm_inj_virq, unsigned int, bool, bool);

/* TP_PROTO(__u32 apicid, __u16 dm, __u16 tm, __u8 vec); apicid: vCPU id */
LW_PROBE(kvm_apic_accept_irq,
	 LW_ARGS(u32 vcpu_id, u16 dm, u16 tm, u8 vector),
	 vcpu_id, dm, tm, vector)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_signal(ev, vcpu_id, vector);
	lw_leave(ev);
}

LW_PROTOTYPE(kvm_apic_accept_irq, u32, u16, u16, u8);

/* TP_PROTO(__u32 apicid, __u16 dm, __u16 tm, __u8 vec); apicid: vCPU id */
LW_PROBE(kvm_apicv_accept_irq,
	 LW_ARGS(u32 vcpu_id, u16 dm, u16 tm, u8 vector),
	 vcpu_id, dm, tm, vector)
{
	struct lw_event *ev;

	ev = lw_enter();
	lw_posted(ev, vcpu_id, vector);
	lw_leave(ev);
}

LW_PROTOTYPE(kvm_apicv_accept_irq, u32, u16, u16, u8);

/* what closes a delivery comes before what opens it */
/* interrupts of a CPU's own, with interrupts off */
static __always_inline void own_entry(void)
{
	if (lw_trail_is_on() && lw_trail_watched(lw_this_cpu()))
		lw_trail_ipi_entry(lw_enter_off());
}

static __always_inline void own_exit(enum lw_ipi ipi)
{
	if (lw_trail_is_on() && lw_trail_watched(lw_this_cpu()))
		lw_trail_ipi_exit(lw_enter_off(), ipi);
}

LW_PROBE(reschedule_entry, LW_ARGS(int vector), vector)
{
	own_entry();
}

LW_PROBE_CHECK(reschedule_entry);

LW_PROBE(reschedule_exit, LW_ARGS(int vector), vector)
{
	own_exit(LW_IPI_RESCHEDULE);
}

LW_PROBE_CHECK(reschedule_exit);

LW_PROBE(call_function_entry, LW_ARGS(int vector), vector)
{
	own_entry();
}

LW_PROBE_CHECK(call_function_entry);

LW_PROBE(call_function_exit, LW_ARGS(int vector), vector)
{
	own_exit(LW_IPI_CALL);
}

LW_PROBE_CHECK(call_function_exit);

LW_PROBE(call_function_single_entry, LW_ARGS(int vector), vector)
{
	own_entry();
}

LW_PROBE_CHECK(call_function_single_entry);

LW_PROBE(call_function_single_exit, LW_ARGS(int vector), vector)
{
	own_exit(LW_IPI_CALL_SINGLE);
}

LW_PROBE_CHECK(call_function_single_exit);

LW_PROBE(irq_work_entry, LW_ARGS(int vector), vector)
{
	own_entry();
}

LW_PROBE_CHECK(irq_work_entry);

LW_PROBE(irq_work_exit, LW_ARGS(int vector), vector)
{
	own_exit(LW_IPI_IRQ_WORK);
}

LW_PROBE_CHECK(irq_work_exit);

LW_PROBE(local_timer_entry, LW_ARGS(int vector), vector)
{
	own_entry();
}

LW_PROBE_CHECK(local_timer_entry);

LW_PROBE(local_timer_exit, LW_ARGS(int vector), vector)
{
	own_exit(LW_IPI_TIMER);
}

LW_PROBE_CHECK(local_timer_exit);

#define IPI(name) \
	{ #name "_exit", probe_##name##_exit, 0, \
	  "an interrupt of the CPU's own is told as whom it came upon" }, \
	{ #name "_entry", probe_##name##_entry, 0, \
	  "an interrupt of the CPU's own is told as longer than it was" }

const struct lw_probe lw_probes_kvm[] = {
	IPI(reschedule), IPI(call_function), IPI(call_function_single), IPI(irq_work),
	IPI(local_timer),
	{ "kvm_entry", probe_kvm_entry,
	  LW_BLIND(VCPU_WAKE) | LW_BLIND_DELIVERY,
	  "vCPUs are not known", LW_PROTOTYPE_OF(kvm_entry) },
	{ "kvm_exit", probe_kvm_exit,
	  LW_BLIND(GUEST_EXIT) | LW_BLIND(KICK_WAKE) | LW_BLIND(TX_SERVICE),
	  "kicks are not known", LW_PROTOTYPE_OF(kvm_exit) },
	{ "kvm_inj_virq", probe_kvm_inj_virq, LW_BLIND_DELIVERY,
	  "deliveries are not seen", LW_PROTOTYPE_OF(kvm_inj_virq) },
	{ "kvm_apicv_accept_irq", probe_kvm_apicv_accept_irq, 0,
	  "posted interrupts are not told from others",
	  LW_PROTOTYPE_OF(kvm_apicv_accept_irq) },
	{ "kvm_apic_accept_irq", probe_kvm_apic_accept_irq,
	  LW_BLIND(BACKEND_SERVICE) | LW_BLIND(SIGNAL) | LW_BLIND_DELIVERY,
	  "signals are not seen: all packets count as suppressed",
	  .signals = true, LW_PROTOTYPE_OF(kvm_apic_accept_irq) },
	{ }
};

/* a vCPU's number is among the arguments of what is signalled */
const bool lw_arch_tells;
