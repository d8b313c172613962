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
#	auto	kvm if that works, else icount, with as many CPUs as can take turns
#		in it
#
# What processors do in each mode is arch.sh's to know.

# accel_choose MODE: the mode that auto stands for.
accel_choose() {
	case $1 in
	icount | rr | mt)
		echo "$1"
		;;
	kvm)
		arch_kvm_works ||
			usage_error "--mode kvm: hardware virtualisation does not work or does not nest here"
		echo kvm
		;;
	auto)
		if arch_kvm_works; then
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
	case $1 in
	icount)	arch_icount_cpus "$2" "$3" ;;
	*)	echo "${3:-2}" ;;
	esac
}

# accel_args MODE [CPU]
accel_args() {
	case $1 in
	icount)	echo -accel tcg,thread=single -icount "$(arch_icount)" ;;
	rr)	echo -accel tcg,thread=single ;;
	mt)	echo -accel tcg,thread=multi ;;
	kvm)	echo -accel kvm ;;
	esac
	echo -cpu "${2:-$(arch_cpu "$1")}"
}

accel_describe() {
	case $1 in
	icount)	echo "TCG, counting instructions" ;;
	rr)	echo "TCG, CPUs in turn" ;;
	mt)	echo "TCG, multi-threaded" ;;
	kvm)	echo "hardware virtualisation" ;;
	esac
}
