# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034
#
# arm64: all that the lab knows of it. arch.sh says what each is for.

ARCH_KERNEL=arm64
ARCH_TRIPLET=aarch64-linux-gnu
ARCH_QEMU=qemu-system-aarch64
ARCH_CONSOLE=ttyAMA0
ARCH_WATCH=

# Debian's image is not packed.
arch_image() {
	echo "$1/boot/vmlinuz-$(< "$1/release")"
}

arch_unpack() {
	:
}

# Processors that nest are rare, and were not at hand.
arch_kvm_works() {
	false
}

# Two take turns, and one that loses its turn in the middle of an event makes the
# event last as long.
arch_icount_cpus() {
	echo "${2:-1}"
}

# Idle time passes: where it is skipped, the machine's clock runs away from whatever
# its host is asked for, by minutes, and tests run into their limits.
arch_icount() {
	echo shift=0
}

# A kernel at EL2 with VHE; on a cortex-a72, which has none, it leaves EL2 to
# KVM. Pointer authentication as the architecture has it costs the emulator most
# of its time.
arch_cpu() {
	case $1 in
	kvm)	echo host ;;
	*)	echo max,pauth-impdef=on ;;
	esac
}

arch_machine() {
	local machine=virt,virtualization=on,gic-version=3

	case $1 in
	iommu)	echo -machine $machine,iommu=smmuv3 ;;
	*)	echo -machine $machine ;;
	esac
}

# KVM is built in.
arch_cmdline() {
	echo kvm.halt_poll_ns=0
}

arch_guest_cmdline() {
	:
}

arch_guest_machine() {
	echo -cpu host -machine virt,gic-version=3
}

arch_kvm_up() {
	[ -e /dev/kvm ]
}
