#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# inside: first process of the outer machine, once its root is there.
#
# Takes the job from the share out. Builds the topology, runs the command, and
# gives its status, written out last, as a token: without it the run has failed.
# If the emulator hangs a guest before, that is the token. It must not end before
# the power is off.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root TERM=${TERM:-linux} LC_ALL=C.UTF-8
export LAB_OUT=/run/lab/out

# shellcheck source=/dev/null
. /run/lab/out/job
. "$LAB_DIR/functions.sh"
. "$LAB_DIR/topology.sh"
. "$LAB_DIR/watch.sh"

inside_mounts() {
	mkdir -p /dev/pts /dev/shm
	ln -s /proc/self/fd /dev/fd
	mount -t devpts devpts /dev/pts
	mount -t tmpfs tmpfs /dev/shm
	mount -t tracefs tracefs /sys/kernel/tracing
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
}

inside_port() {
	local file

	for file in /sys/class/virtio-ports/*/name; do
		[ "$(< "$file")" = "$1" ] || continue
		file=${file%/name}
		echo "/dev/${file##*/}"
		return
	done
	return 1
}

inside_topology() {
	local -a steps
	local step

	IFS=';' read -r -a steps <<< "$(topology_steps "$LAB_TOPOLOGY")"
	for step in "${steps[@]}"; do
		$step || {
			echo "lab: topology $LAB_TOPOLOGY failed at: $step" >&2
			return 1
		}
	done
}

# inside_token NAME WORDS: a small file that is there whole or not at all.
inside_token() {
	echo "$2" > "$LAB_OUT/$1.new"
	mv "$LAB_OUT/$1.new" "$LAB_OUT/$1"
}

# What a leak checker knows, if this kernel has one, then the whole log. It knows
# of nothing younger than 5 s, nor of what has changed since the scan before.
inside_logs() {
	if [ -w /sys/kernel/debug/kmemleak ]; then
		for _ in 1 2 3; do
			read -r -t 6 -u 5
			echo scan > /sys/kernel/debug/kmemleak
		done
		cat /sys/kernel/debug/kmemleak > "$LAB_OUT/kmemleak.log"
	fi
	dmesg > "$LAB_OUT/dmesg.log"
	cp /run/lab/*.console "$LAB_OUT/" 2> /dev/null
}

inside_run() {
	cd "$LAB_PWD" || return 125
	if [ -n "$LAB_SHELL" ]; then
		setsid -c -w bash --rcfile "$LAB_FUNCTIONS" -i
	elif [ ${#LAB_COMMAND[@]} = 1 ]; then
		setsid -w bash -c "${LAB_COMMAND[0]}"
	else
		setsid -w "${LAB_COMMAND[@]}"
	fi
}

# From here on nothing may be read from the host: builtins only.
inside_rest() {
	while :; do
		read -r -u 5 _
	done
}

# inside_end: whoever calls it first ends the machine.
inside_end() {
	mkdir /run/lab/end 2> /dev/null || inside_rest
}

# inside_off WORDS: the last that is known, and power off.
inside_off() {
	inside_logs
	inside_token status "$*"
	echo o > /proc/sysrq-trigger
	inside_rest
}

# No test goes on beside a hung guest, and none may see it killed.
inside_watch() {
	watch > /run/lab/hung
	inside_end
	kill -KILL -1
	cp /run/lab/hung "$LAB_OUT/hung"
	inside_off "hung"
}

inside_mounts 2> /dev/null
mkfifo /run/lab/never
exec 5<> /run/lab/never
port=$(inside_port lab.output) || port=/dev/hvc0
exec > "$port" 2>&1

# shellcheck disable=SC2086
[ -n "$LAB_MODULES" ] && modprobe -a $LAB_MODULES
ip link set lo up
[ "$LAB_MODE" = kvm ] || [ -z "$ARCH_WATCH" ] || inside_watch &
if inside_topology; then
	inside_token ready "$(cut -d ' ' -f 1 /proc/uptime)"
	if [ -n "$LAB_SHELL" ]; then
		inside_run < /dev/hvc0
	else
		inside_run < /dev/null
	fi
	token="exit $?"
else
	token=topology
fi
inside_end
inside_off "$token"
