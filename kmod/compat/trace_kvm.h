/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What KVM's entry is traced with on x86. All of it is declared, as a kernel with
 * CONFIG_CFI_CLANG compares the types of an indirect call at run time. The last
 * argument has come to 6.1 as well, in an update; it is not read.
 *
 * To be deleted when the oldest kernel is 6.9.
 */
#ifndef LW_COMPAT_TRACE_KVM_H
#define LW_COMPAT_TRACE_KVM_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define LW_KVM_ENTRY_ARGS	struct kvm_vcpu *vcpu, bool force_immediate_exit
#define LW_KVM_ENTRY_TYPES	struct kvm_vcpu *, bool
#define LW_KVM_ENTRY_NAMES	vcpu, force_immediate_exit
#else
#define LW_KVM_ENTRY_ARGS	struct kvm_vcpu *vcpu
#define LW_KVM_ENTRY_TYPES	struct kvm_vcpu *
#define LW_KVM_ENTRY_NAMES	vcpu
#endif

#endif
