#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# hotplug: a CPU comes and goes under traffic and under readers.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_lab "hotplug"
lw_need_tools python3 taskset

CPU=1
online=/sys/devices/system/cpu/cpu$CPU/online
[ -w "$online" ] || lw_skip_all "there is no CPU that can go"
[ "$(cat "$online")" = 1 ] || lw_lack "CPU $CPU is offline already"

# It warns, module or not, of what RPS does to an idle CPU
# (do_softirq_post_smp_call_flush) and of an irq thread that is moved while a CPU
# goes (affine_move_task).
! lw_rt || [[ $(uname -r) != 6.1.* ]] ||
	lw_skip_all "Linux 6.1 with PREEMPT_RT warns of itself when a CPU goes"

# who takes the NIC's interrupts, and whom packets are steered to
mapfile -t affinities < <(sed -n \
	's|^ *\([0-9]*\):.* eth1.*|/proc/irq/\1/smp_affinity_list|p' /proc/interrupts)
mapfile -t steering < <(ls -d \
	/sys/class/net/{eth1,"$LATWATCH_TAP"}/queues/rx-*/rps_cpus 2> /dev/null)
lw_keep "${affinities[@]}" "${steering[@]}"
lw_at_exit "echo 1 > $online"

# Whatever there is: a guest, or the host's own answers.
if lw_ping 1 > /dev/null 2>&1; then
	traffic() { lw_ping 3 0.02; lw_burst 30; }
else
	traffic() {
		lw_sender ping -q -c 3 -i 0.02 -W 5 "$LAB_HOST_IP"
		lab_echo 2 "$LAB_HOST_IP" 7
		LATWATCH_GUEST=$LAB_HOST_IP lw_burst 30
	}
fi

always() {
	while :; do
		"$@"
	done > /dev/null 2>&1
}

start() {
	always traffic &
	sending=$!
	always "$LATWATCH_REPORT" --json &
	reading=$!
	# and one that reads there, as long as it may
	taskset -c $CPU bash -c 'while :; do "$0" --cpus; done' \
		"$LATWATCH_REPORT" > /dev/null 2>&1 &
	there=$!
	lw_at_exit stop
}

stop() {
	kill "$sending" "$reading" "$there"
	wait "$sending" "$reading" "$there"
} 2> /dev/null

# It gets the NIC's interrupts.
interrupt() {
	local file

	[ "${#affinities[@]}" -gt 0 ] || return
	for file in "${affinities[@]}"; do
		echo $CPU > "$file" || return
	done
}

# Packets are steered to it, so that it has some when it goes.
steer() {
	local file

	for file in "${steering[@]}"; do
		echo 2 > "$file"
	done
}

figures() {
	lw_json "next((c for c in j['cpus'] if c['id'] == $CPU), None)" "$@"
}

works() {
	interrupt || return
	steer
	for _ in 1 2 3 4 5; do
		taskset -c $CPU "$LATWATCH_REPORT" > /dev/null
		traffic
	done
	lw_true "any(c['id'] == $CPU and c['maxima'] for c in j['cpus'])"
}

# Not while one is counted; the others may count at any time.
sums_agree() {
	"$LATWATCH_REPORT" --json > "$LW_TMP/json" &&
	lw_true "sum(s['count'] for c in j['cpus'] for s in c['maxima']
		     if s['stage'] == 'softirq wait') ==
		 stage('softirq wait')['count']" "$LW_TMP/json"
}

# What it did is still there, to the last digit, and a part of the whole.
kept() {
	lw_wait_quiet && echo 0 > "$online" || return
	"$LATWATCH_REPORT" --json > "$LW_TMP/off" &&
	lw_wait 30 sums_agree || return
	figures "$LW_TMP/off" | tee "$LW_TMP/figures"
	[ "$(cat "$LW_TMP/figures")" != None ] &&
	[ "$(figures "$LW_TMP/json")" = "$(cat "$LW_TMP/figures")" ] || return
	traffic > /dev/null 2>&1
	echo 1 > "$online"
}

come_and_go() {
	local i

	start
	for ((i = 0; i < $(lw_stress 3 100); i++)); do
		sleep "0.$((RANDOM % 4))"
		echo 0 > "$online" || break
		"$LATWATCH_REPORT" > /dev/null || break
		sleep "0.$((RANDOM % 4))"
		echo 1 > "$online" || break
		steer
	done
	stop
	[ "$i" = "$(lw_stress 3 100)" ] && lw_closed
}

unload_without() {
	echo 0 > "$online" && lw_unload && lw_load && echo 1 > "$online" &&
	traffic > /dev/null 2>&1
	lw_closed && lw_unload
}

lw_dmesg_mark all
lw_begin 6
lw_test "the module loads" lw_load
lw_test "CPU $CPU has figures" works
lw_test "it keeps them when it is offline" kept
lw_test "comes and goes under traffic and readers: the books close" come_and_go
lw_test "the module goes and comes without it" unload_without
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
