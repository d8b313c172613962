# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# accel: what the outer machine's processors are made of.
#
# Takes a mode and a kernel's release. Gives QEMU's arguments for it to machine.sh.
#
#	icount	one host thread; virtual time is the number of instructions, one
#		per nanosecond. Times make sense and repeat.
#	rr	one host thread that takes the CPUs in turn; time is the host's.
#		On 6.1 no nested guest was seen to come up in it.
#	mt	a host thread for each CPU: parallel for real, but times are
#		noise, and kernels die in it of "Oops: int3" or hang when
#		tracepoints are attached and detached under load: the emulator
#		runs a breakpoint that the kernel has taken away already. Seen
#		with QEMU 7.2. Not for tests that must pass.
#	kvm	the host's own virtualisation, where it works and nests.
#	auto	kvm if that works, else icount, with one CPU. Two are possible on
#		6.12, not on 6.1, which hangs while its second CPU comes up; but
#		where CPUs take turns, the emulator stops more often, and each
#		stop is a chance for the interrupt delivered twice that guest.sh
#		tells of: nested guests were seen to hang under load.

# Does a virtual machine really run here, and may it have guests? The machine's
# firmware is one instruction that ends QEMU with a status of its own.
accel_kvm_works() {
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

# accel_choose MODE: the mode that auto stands for.
accel_choose() {
	case $1 in
	icount | rr | mt)
		echo "$1"
		;;
	kvm)
		accel_kvm_works ||
			usage_error "--mode kvm: hardware virtualisation does not work or does not nest here"
		echo kvm
		;;
	auto)
		if accel_kvm_works; then
			echo kvm
		else
			echo icount
		fi
		;;
	*)
		usage_error "no mode '$1': it is one of icount rr mt kvm auto"
		;;
	esac
}

# accel_cpus MODE RELEASE ASKED: how many CPUs.
accel_cpus() {
	case $1,$2,$3 in
	icount,*, | icount,*,1)	echo 1 ;;
	icount,6.1.*)	usage_error "--mode icount: $2 hangs there with more than one CPU" ;;
	*,*,)		echo 2 ;;
	*)		echo "$3" ;;
	esac
}

# PREEMPT_RT's KVM wants a constant TSC, which TCG has only by force. And TCG
# stops at each PAUSE, so that virtual time nearly stands still while a guest
# spins; with a filter, which it has by force too and ignores, KVM gets an exit.
accel_args() {
	case $1 in
	icount)	echo -accel tcg,thread=single -icount shift=0 ;;
	rr)	echo -accel tcg,thread=single ;;
	mt)	echo -accel tcg,thread=multi ;;
	kvm)	echo -accel kvm ;;
	esac
	case $1 in
	kvm)	echo -cpu host,+invtsc ;;
	*)	echo -cpu max,+invtsc,+pause-filter,x-force-features=on,la57=off ;;
	esac
}

accel_describe() {
	case $1 in
	icount)	echo "TCG, counting instructions" ;;
	rr)	echo "TCG, CPUs in turn" ;;
	mt)	echo "TCG, multi-threaded" ;;
	kvm)	echo "hardware virtualisation" ;;
	esac
}
