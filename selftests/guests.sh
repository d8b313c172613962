#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guests: they are frozen, paused, moved from CPU to CPU, killed and replaced,
# under traffic.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_lab "guests"
lw_need_tools python3 taskset pgrep
lw_need_guest

HALF=500000000

# What waited for a guest that stood still waited for as long, and is delivered
# when it goes on, or was dropped.
waited() {
	lw_closed 'total(host, "opened")' 20 &&
	lw_true "stage('end to end')['max_ns'] > $HALF" "$LW_TMP/json" &&
	lw_ping 3
}

burst_and_wait() {
	"$@"
	sleep 1
}

frozen() {
	kill -STOP "$vmm" && "$@"
	kill -CONT "$vmm"
}

# still FROZEN: while it is, a command comes behind, for a second
still() {
	"$LATWATCH_REPORT" --reset && lw_mark &&
	"$1" burst_and_wait lw_burst 20 && waited
}

# Longer than its tap's ring is, called with a short one: a slow host's NIC would
# not fill another.
overrun() {
	"$LATWATCH_REPORT" --reset && lw_mark &&
	lw_paused burst_and_wait lw_burst_full 100 && waited && lw_grown 'line("FULL_RING")' 100 "$LW_TMP/json"
}

in_turn() {
	local i

	lw_full || return
	lw_traffic_start
	lw_mark
	for ((i = 0; i < 100; i++)); do
		kill -STOP "$vmm"
		sleep "0.$((RANDOM % 3))"
		kill -CONT "$vmm"
		sleep "0.$((RANDOM % 3))"
	done
	lw_traffic_stop
	lw_closed 'total(host, "delivered")' 1 && lw_ping 3
}

# The tasks of its process, and vhost's worker where that is a kernel thread.
tasks() {
	ls "/proc/$vmm/task"
	pgrep -x "vhost-$vmm"
}

moved() {
	local i task cpus

	cpus=$(nproc)
	[ "$cpus" -gt 1 ] || {
		echo "one CPU"
		return "$KSFT_SKIP"
	}
	lw_traffic_start
	lw_mark
	for ((i = 0; i < $(lw_stress 20 1000); i++)); do
		for task in $(tasks); do
			taskset -p -c $((RANDOM % cpus)) "$task" > /dev/null 2>&1
		done
		sleep 0.05
	done
	lw_traffic_stop
	lw_closed 'total(host, "delivered")' 1 && lw_ping 3
}

# More of them, one after the other, than there are slots: each but the last is
# gone, and the books close over them all.
replaced() {
	local i

	lw_full || return
	lw_unload && lw_load max_vms=2 && lw_mark || return
	for i in 1 2 3 4 5; do
		lw_ping 5 || return
		lw_traffic_start
		sleep 0.3
		lab_guest_kill
		lw_traffic_stop
		lab_guest_start && lab_guest_wait || return
	done
	lw_ping 5 && lw_closed 'total(host, "delivered")' 30 &&
	lw_true 'len(vms()) == 1 and len(j["vms"]) <= 2' "$LW_TMP/json"
}

vmm=$(lab_guest_pid)
lw_dmesg_mark all
lw_begin 8
lw_test "the module loads" lw_load
lw_test "frozen for a second" still frozen
lw_test "paused for a second by its monitor" still lw_paused
lw_test "paused until its tap is full" lw_tap_ring 50 overrun
lw_test "frozen again and again under traffic" in_turn
lw_test "moved from CPU to CPU under traffic" moved
lw_test "killed and replaced, more often than there are slots" replaced
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
