# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# machine: one run of the outer machine, from power-on to the verdict.
#
# Takes a kernel, options and a command. Gives the command's output on stdout
# and its status; 123 if the emulator hung a guest, 124 if time ran out, 125 if
# the machine or its kernel failed.
# The folder of results gets
#	job		what inside.sh is to do
#	console.log	the kernel's console
#	dmesg.log	the whole kernel log, if the machine lived to write it
#	kmemleak.log	what the kernel says has leaked, if it can tell
#	output.log	what the command printed
#	ready		the machine's uptime when the command was started
#	status		the token
#	hung		which guest the emulator hung, and its registers
#	guest*.console	the nested guests' consoles

machine_usage() {
	cat << EOF
usage: lab $1 KERNEL [OPTION...]${2:+ -- $2}

KERNEL is one of $LAB_KERNELS $(build_names),
or a folder with boot/vmlinuz-* and lib/modules/*. The latter two, which watch
themselves, have other defaults than the rest (build.sh).

  --mode MODE         icount, rr, mt, kvm or auto (default auto)
  --arch NAME         one of $(arch_names) (default $LAB_NATIVE)
  --cpu MODEL         QEMU's model of processor (default: the most able)
  --smp N             CPUs of the outer machine (default: 2, or 1 where icount
                      is safe with no more)
  --mem SIZE          memory of the outer machine (default 2G)
  --topology NAME     one of $(topology_names) (default vm)
  --no-guest          the topology bridge: as vm, without the guest
  --boot SECONDS      of processor time, or four times as many of real time,
                      until the command starts; a machine that takes longer is
                      booted again, three times in all (default 150; 0 is none)
  --timeout SECONDS   of real time, for the whole run (default 300; 0 is none)
  --out DIR           where results go; \$LAB_OUT inside
  --env NAME=VALUE    environment of the command; may be repeated
  --modules WORDS     modules to load before the topology is built
  --append WORDS      more for the outer kernel's command line
  --guest-args WORDS  more arguments for each nested guest's QEMU
  --guest-append WORDS  more for the guest kernel's command line
  --qemu WORDS        more arguments for the outer QEMU
  --keep              keep the results even without --out, and say where
EOF
}

machine_parse() {
	m_mode=auto m_cpu='' m_smp='' m_mem='' m_topology=vm m_timeout=300 m_boot='' m_out='' m_keep=''
	m_modules='' m_append='' m_guest_args='' m_guest_append='' m_qemu=''
	m_env=() m_command=() m_kernel=''

	while [ $# -gt 0 ]; do
		case $1 in
		--help | -h)	machine_usage "$m_verb" "${m_shell:-COMMAND...}"; exit 0 ;;
		--no-guest)	m_topology=bridge; shift; continue ;;
		--keep)		m_keep=y; shift; continue ;;
		--)		shift; m_command=("$@"); break ;;
		--*)		[ $# -ge 2 ] || usage_error "$1 wants a value" ;;
		*)		[ -z "$m_kernel" ] || usage_error "the command goes after --, not '$1'"
				m_kernel=$1; shift; continue ;;
		esac
		case $1 in
		--mode)		m_mode=$2 ;;
		--cpu)		m_cpu=$2 ;;
		--smp)		m_smp=$2 ;;
		--mem)		m_mem=$2 ;;
		--topology)	m_topology=$2 ;;
		--boot)		m_boot=$2 ;;
		--timeout)	m_timeout=$2 ;;
		--out)		m_out=$2 ;;
		--env)		m_env+=("$2") ;;
		--modules)	m_modules+=" $2" ;;
		--append)	m_append+=" $2" ;;
		--guest-args)	m_guest_args+=" $2" ;;
		--guest-append)	m_guest_append+=" $2" ;;
		--qemu)		m_qemu+=" $2" ;;
		*)		usage_error "no option '$1'; see lab $m_verb --help" ;;
		esac
		shift 2
	done

	[ -n "$m_kernel" ] || usage_error "which kernel? one of $LAB_KERNELS"
	kernel_check_name "$m_kernel"
	topology_check_name "$m_topology"
	: "${m_mem:=$(build_field "$m_kernel" 3)}" "${m_mem:=2G}"
	: "${m_smp:=$(build_field "$m_kernel" 4)}"
	: "${m_boot:=$(build_field "$m_kernel" 5)}" "${m_boot:=150}"
	[[ $m_boot =~ ^[0-9]+$ ]] || usage_error "--boot wants a number of seconds"
	[[ $m_timeout =~ ^[0-9]+$ ]] || usage_error "--timeout wants a number of seconds"
	[[ $m_smp =~ ^([1-9][0-9]*)?$ ]] || usage_error "--smp wants a number"
	for e in "${m_env[@]}"; do
		[[ $e =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || usage_error "--env wants NAME=VALUE, not '$e'"
	done
	[ -n "$m_shell" ] || [ ${#m_command[@]} -gt 0 ] ||
		usage_error "what to run? give the command after --"
}

machine_job() {
	local e

	cat << EOF
LAB_DIR=$(printf %q "$LAB_DIR")
LAB_KERNEL=$(printf %q "$m_kernel")
LAB_KERNEL_DIR=$(printf %q "$kernel_dir")
LAB_GUEST_KERNEL_DIR=$(printf %q "$guest_kernel_dir")
LAB_GUEST_DIR=$(printf %q "$guest_dir")
LAB_GUEST_CMDLINE=$(printf %q "$guest_cmdline$m_guest_append")
LAB_GUEST_ARGS=$(printf %q "$m_guest_args")
LAB_TOOLS=$(printf %q "$(tools_dir)")
LAB_FUNCTIONS=$(printf %q "$LAB_DIR/functions.sh")
LAB_ARCH=$LAB_ARCH
LAB_MODE=$mode
LAB_ROOT=$(printf %q "$root")
LAB_TREES=$(printf %q "$LAB_CACHE $(realpath "$LAB_DIR/../..") $PWD")
LAB_TOPOLOGY=$m_topology
LAB_NICS=$(printf %q "$(topology_nics "$m_topology")")
LAB_MODULES=$(printf %q "$m_modules")
LAB_PWD=$(printf %q "$PWD")
LAB_SHELL=$m_shell
export LAB_ARCH LAB_DIR LAB_FUNCTIONS LAB_KERNEL LAB_KERNEL_DIR LAB_MODE LAB_TOPOLOGY
EOF
	for e in "${m_env[@]}"; do
		echo "export ${e%%=*}=$(printf %q "${e#*=}")"
	done
	[ ${#m_command[@]} = 0 ] || echo "LAB_COMMAND=($(printf '%q ' "${m_command[@]}"))"
}

# Does QEMU take too long to boot? It has so much processor time, which is the
# same beside any load; one that stands still takes none, and has real time.
machine_late() {
	local stat

	[ "$m_boot" -gt 0 ] && read -r stat < "/proc/$pid/stat" || return
	# after the name in parentheses comes field 3; 14 and 15 are utime and stime
	# shellcheck disable=SC2086
	set -- "$1" ${stat##*) }
	[ $(((${13} + ${14}) / 100)) -ge "$m_boot" ] ||
		[ $((SECONDS - $1)) -ge $((4 * m_boot)) ]
}

# Wait until QEMU ends; kill it when time is up. Status 124 then; 137 if it is
# the time to boot.
machine_watch() {
	local ready='' begin=$SECONDS

	while kill -0 "$pid" 2> /dev/null; do
		if [ -z "$ready" ] && [ -e "$out/ready" ]; then
			ready=$SECONDS
			note "ready after $ready s; its own clock says $(< "$out/ready") s"
		fi
		if [ -z "$ready" ] && machine_late "$begin" 2> /dev/null; then
			kill -KILL "$pid"
			wait "$pid" 2> /dev/null
			return 137
		fi
		if [ "$m_timeout" -gt 0 ] && [ "$SECONDS" -ge "$m_timeout" ]; then
			kill -KILL "$pid"
			wait "$pid" 2> /dev/null
			return 124
		fi
		sleep 0.2
	done
	wait "$pid"
}

machine_verdict() {
	local status=$1 token='' complained=''

	[ -r "$out/status" ] && token=$(< "$out/status")
	# where something leaked, the other two have a line that points to the third
	verdict_clean "$out/console.log" "$out/dmesg.log" || complained=y
	verdict_clean "$out/kmemleak.log" && [ -z "$complained" ] || return 125
	if [ "$status" = 124 ] && [ -z "$token" ]; then
		note "time ran out after $m_timeout s; the console ends with"
		tail -n 20 "$out/console.log" | tr -d '\r' >&2
		return 124
	fi
	case $token in
	exit\ *)
		return "${token#exit }"
		;;
	hung)
		note "the emulator hung a guest, which says nothing of the kernel:"
		tr -d '\r' < "$out/hung" >&2
		return 123
		;;
	topology)
		note "the topology could not be built"
		;;
	*)
		note "the machine ended without a token; its console ends with"
		tail -n 40 "$out/console.log" | tr -d '\r' >&2
		;;
	esac
	return 125
}

# Power on, and wait for the end. Dynamic scope: all variables are machine's.
machine_boot() {
	local -a console trees=()

	rm -f "$out"/{ready,status,status.new,hung,console.log,dmesg.log,output.log,kmemleak.log,guest*.console}
	[ "$root" = / ] ||
		trees=(-virtfs "local,path=/,mount_tag=trees,security_model=none,readonly=on,multidevs=remap")
	if [ -n "$m_shell" ]; then
		console=(-chardev "stdio,id=term,signal=off" -device "virtconsole,chardev=term")
	else
		console=(-chardev "file,id=output,path=$temporary/output"
			 -device "virtserialport,chardev=output,name=lab.output")
		tee "$out/output.log" < "$temporary/output" &
	fi

	# shellcheck disable=SC2046,SC2086
	setpriv --pdeathsig KILL "$ARCH_QEMU" $(accel_args "$mode" "$m_cpu") \
		$(topology_qemu "$m_topology") -smp "$cpus" -m "$m_mem" \
		-nodefaults -no-user-config -display none -no-reboot \
		-serial "file:$out/console.log" \
		-device virtio-serial-pci "${console[@]}" \
		-virtfs "local,path=$root,mount_tag=rootfs,security_model=none,readonly=on,multidevs=remap" \
		"${trees[@]}" \
		-virtfs "local,path=$out,mount_tag=out,security_model=none" \
		-kernel "$(arch_image "$kernel_dir")" -initrd "$outer_dir/initramfs" \
		-append "$cmdline" $m_qemu <&8 2> "$out/qemu.log" &
	pid=$!
	# The shell's own words on how a child died are not wanted.
	machine_watch 2> >(grep -v -e 'setpriv --pdeathsig' >&2)
	status=$?
	pid=''
	if [ -z "$m_shell" ]; then
		# tee waits for a writer if the emulator never became one
		: <> "$temporary/output"
		wait
	fi
	grep -v -e 'TCG doesn.t support requested feature' \
		-e 'hub 1 is not connected to host network' "$out/qemu.log" >&2
	return "$status"
}

# machine VERB ARGUMENT...: VERB is run or shell.
machine() {
	local root kernel_dir guest_kernel_dir guest_dir outer_dir guest_cmdline cmdline
	local release mode cpus out pid='' status temporary='' stty='' attempt

	m_verb=$1
	m_shell=''
	[ "$1" = shell ] && m_shell=y
	shift
	machine_parse "$@"
	kernel_dir=$(kernel_dir "$m_kernel") || exit
	release=$(< "$kernel_dir/release")
	mode=$(accel_choose "$(topology_mode "$m_topology" "$m_mode")") || exit
	cpus=$(accel_cpus "$mode" "$release" "$m_smp") || exit
	guest_kernel_dir=$(kernel_dir 6.1) || exit
	root=$(arch_root) || exit
	outer_dir=$(initramfs_outer "$kernel_dir") || exit
	guest_dir=$(initramfs_guest "$guest_kernel_dir") || exit

	temporary=$(mktemp -d) || exit
	# shellcheck disable=SC2317
	machine_cleanup() {
		[ -z "$pid" ] || kill -KILL "$pid" 2> /dev/null
		[ -z "$stty" ] || stty "$stty"
		rm -rf "$temporary"
	}
	trap machine_cleanup EXIT
	trap 'exit 130' INT TERM HUP
	out=$m_out
	[ -z "$out" ] && out=$temporary/out
	mkdir -p "$out" || die "cannot write to $m_out"
	out=$(realpath "$out")
	exec 6> "$out/lock"
	flock -n 6 || usage_error "another run is writing to $out"

	guest_cmdline="console=$ARCH_CONSOLE quiet panic=-1"
	guest_cmdline+=" mitigations=off nokaslr random.trust_cpu=on audit=0"
	guest_cmdline+=" ipv6.disable=1 security=none cryptomgr.notests"
	guest_cmdline+=" $(arch_guest_cmdline "$mode")"
	cmdline="console=$ARCH_CONSOLE loglevel=6 printk.devkmsg=on panic=-1 oops=panic"
	cmdline+=" mitigations=off random.trust_cpu=on audit=0"
	cmdline+=" ipv6.disable=1 security=none log_buf_len=4M cryptomgr.notests"
	cmdline+=" rcupdate.rcu_cpu_stall_timeout=60"
	cmdline+=" $(topology_cmdline "$m_topology") $(build_field "$m_kernel" 6)$m_append"
	machine_job > "$out/job"

	exec 8< /dev/null
	if [ -n "$m_shell" ]; then
		exec 8<&0
		stty=$(stty -g 2> /dev/null) && stty raw -echo
	else
		mkfifo "$temporary/output"
	fi
	note "$m_kernel ($release), $(accel_describe "$mode"), $cpus CPU(s), topology $m_topology"

	SECONDS=0
	for attempt in 1 2 3; do
		machine_boot
		status=$?
		# An emulator that dies, stands still or hangs a guest while its
		# machine boots says nothing about what is to be tested.
		[ ! -e "$out/ready" ] || break
		[ "$status" -gt 128 ] || [ -e "$out/hung" ] || break
		note "the machine did not come up (status $status) in attempt $attempt"
	done
	[ -z "$stty" ] || stty "$stty"
	stty=''

	machine_verdict "$status"
	status=$?
	[ "$status" = 0 ] || note "status $status after $SECONDS s"
	if [ -n "$m_keep" ] && [ -z "$m_out" ]; then
		out=$(mktemp -d)
		cp -r "$temporary/out/." "$out"
		note "results are in $out"
	fi
	exit "$status"
}
