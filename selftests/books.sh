#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# books: every packet that was opened is accounted for, whatever happens to it.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

# None that the last report speaks of was lost sight of.
whole() {
	lw_true 'whole()' "$LW_TMP/json"
}

pings() {
	lw_mark && lw_ping 20 && lw_closed 'total(host, "delivered")' 20 && whole
}

bursts() {
	lw_mark || return
	for _ in 1 2 3 4 5; do
		lw_burst 50
	done
	lw_closed 'total(host, "opened")' 250 && whole
}

# A ring that is full before the backend has woken.
full_ring() {
	lw_mark && lw_tap_ring 1 lw_burst_full 50
	lw_closed 'line("FULL_RING")' 50 && whole
}

both_ways() {
	lw_in_lab && lw_mark || return
	lab_burst_back 500 "$LATWATCH_GUEST"
	lw_burst 200
	lw_ping 5
	lw_closed 'total(host, "opened")' 205 && whole
}

# Nobody takes what is in the ring of a guest whose monitor has paused it. So its tap
# goes down with packets in there, others come meanwhile, and it comes up again.
down_and_up() {
	local status

	lw_burst 50
	lw_wait 30 lw_waiting 10 || return
	lw_burst 200 &
	ip link set "$LATWATCH_TAP" down
	lw_waiting 10
	status=$?
	wait "$!"
	ip link set "$LATWATCH_TAP" up && return "$status"
}

tap_down() {
	lw_mark && lw_paused down_and_up &&
	lw_wait 30 lw_ping 1 && lw_closed 'total(host, "opened")' 10
}

# Its ring goes with it, and its interrupts.
killed() {
	lw_in_lab || return
	id=$(lw_json 'vms()[0]["id"]')
	lw_traffic_start
	lw_mark
	lw_burst 300 &
	sleep 0.05
	lab_guest_kill
	lw_traffic_stop
	wait
	lw_closed 'total(host, "opened")' 1 || return
	lw_json '[{k: v[k] for k in ("id", "pid", "gone", "taps")}
		  for v in j["vms"]]' "$LW_TMP/json"
	lw_true "len(vms()) == 0 and [v['id'] for v in vms(gone=True)] == [$id]" \
		"$LW_TMP/json"
}

# Another guest in its place is another VM.
another() {
	lw_in_lab || return
	lab_guest_start && lab_guest_wait || return
	lw_mark && lw_ping 10 && lw_closed 'total(host, "delivered")' 10 ||
		return
	lw_json '[(v["id"], v["gone"]) for v in j["vms"]]' "$LW_TMP/json"
	lw_true "len(vms()) == 1 and vms()[0]['id'] != $id" "$LW_TMP/json"
}

# taps LIST: those that the VM is said to read
taps() {
	lw_json '[v["taps"] for v in vms()]'
	lw_true "[v['taps'] for v in vms()] == [$1]"
}

# Its tap is taken away while it runs: it has none then.
unplugged() {
	lw_in_lab || return
	taps "['$LATWATCH_TAP']" && ip link del "$LATWATCH_TAP" && taps '[]'
}

lw_dmesg_mark all
lw_begin 10
lw_test "the module loads" lw_load
lw_test "pings" pings
lw_test "bursts of 50" bursts
lw_test "a tap ring that is full: drops, with their reason" full_ring
lw_test "both ways at once" both_ways
lw_test "the tap goes down with packets in it" tap_down
lw_test "the guest is killed in the middle of traffic" killed
lw_test "another guest is another VM" another
lw_test "a tap that goes is no VM's any more" unplugged
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
