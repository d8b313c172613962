# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034
#
# amd64: all that the lab knows of x86-64. arch.sh says what each is for.

ARCH_KERNEL=x86_64
ARCH_TRIPLET=x86_64-linux-gnu
ARCH_QEMU=qemu-system-x86_64
ARCH_CONSOLE=ttyS0
# The emulator may hang a guest, and watch.sh finds it out.
ARCH_WATCH=y

arch_image() {
	echo "$1/vmlinux"
}

# Print the uncompressed kernel that is inside the image FILE.
arch_unpack() {
	python3 - "$1" << 'EOF'
import re, subprocess, sys

data = open(sys.argv[1], "rb").read()
packers = ((b"\xfd7zXZ\0", ["xz", "-dc"]),
	   (b"\x28\xb5\x2f\xfd", ["zstd", "-dc"]),
	   (b"\x1f\x8b\x08", ["gzip", "-dc"]))
for magic, unpack in packers:
	for at in (m.start() for m in re.finditer(re.escape(magic), data)):
		out = subprocess.run(unpack, input=data[at:], capture_output=True).stdout
		if out[:4] == b"\x7fELF":
			sys.stdout.buffer.write(out)
			sys.exit(0)
sys.exit("no compressed kernel found in " + sys.argv[1])
EOF
}

# Does a virtual machine really run here, and may it have guests? The machine's
# firmware is one instruction that ends QEMU with a status of its own.
arch_kvm_works() {
	local dir status

	grep -q -s -E '^(1|Y)' /sys/module/kvm_*/parameters/nested || return
	[ -w /dev/kvm ] || return
	dir=$(mktemp -d)
	# at the reset vector: mov al, 0x2a; out 0xf4, al; hlt
	{
		head -c 65520 /dev/zero
		printf '\260\052\346\364\364'
		head -c 11 /dev/zero
	} > "$dir/bios"
	timeout 10 qemu-system-x86_64 -accel kvm -machine pc -cpu host \
		-nodefaults -display none -bios "$dir/bios" \
		-device isa-debug-exit,iobase=0xf4,iosize=1 > /dev/null 2>&1
	status=$?
	rm -rf "$dir"
	[ "$status" = $((0x2a * 2 + 1)) ]
}

# 6.1 hangs while its second CPU comes up; and where CPUs take turns, the
# emulator stops more often, and each stop is a chance for the interrupt
# delivered twice that arch_guest_machine() tells of: nested guests were seen to
# hang under load.
arch_icount_cpus() {
	case $1,$2 in
	6.1.*, | 6.1.*,1)	echo 1 ;;
	6.1.*)		usage_error "--mode icount: $1 hangs there with more than one CPU" ;;
	*)		echo "${2:-1}" ;;
	esac
}

arch_icount() {
	echo shift=0
}

# PREEMPT_RT's KVM wants a constant TSC, which TCG has only by force. And TCG
# stops at each PAUSE, so that virtual time nearly stands still while a guest
# spins; with a filter, which it has by force too and ignores, KVM gets an exit.
arch_cpu() {
	case $1 in
	kvm)	echo host,+invtsc ;;
	*)	echo max,+invtsc,+pause-filter,x-force-features=on,la57=off ;;
	esac
}

arch_machine() {
	local machine=q35,vmport=off,smm=off,sata=off,usb=off,hpet=off,graphics=off

	case $1 in
	iommu)	echo -machine $machine,kernel-irqchip=split
		echo -device intel-iommu,caching-mode=on ;;
	*)	echo -machine $machine ;;
	esac
}

arch_cmdline() {
	echo tsc=reliable no_timer_check
	case $1 in
	iommu)	echo intel_iommu=on iommu=nopt ;;
	esac
}

# pci=noearly: a guest that finds itself on an AMD looks for an AGP bridge in each
# place of each bus there may be, with interrupts off. In a slow host that takes as
# long as what watch.sh takes for a hung guest.
#
# A breakpoint, behind the call to ftrace, that each interrupt runs into before
# it takes a lock: after an exception the emulator forgets what it would deliver
# twice (see below). A jump instead would not do.
arch_guest_cmdline() {
	echo tsc=reliable no_timer_check pci=noearly
	[ "$1" = kvm ] || echo kprobe_event=p,irq_enter_rcu+5 \
		sysctl.debug.kprobes-optimization=0
}

# kvm-pv-eoi=off: QEMU 7.2's TCG delivers an injected interrupt a second
# time, with interrupts off, if it stops after the entry and before the
# next exit or exception of the guest. Most boots hang of that unless one
# follows soon: the write to the EOI register is one, but handle_edge_irq()
# holds a lock when it comes to that, and waited for it in the second
# interrupt. arch_guest_cmdline() has an exception come first.
arch_guest_machine() {
	echo -cpu host,kvm-pv-eoi=off -machine pc,hpet=off,vmport=off,usb=off
}

arch_kvm_up() {
	modprobe kvm halt_poll_ns=0 || return
	if grep -q -w svm /proc/cpuinfo; then
		modprobe kvm_amd
	else
		modprobe kvm_intel
	fi
}
