#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# books: every packet that was opened is accounted for, whatever happens to it.

. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

# closed: nothing is on its way, and opened is the sum of all else.
closed() {
	lw_wait_quiet || {
		echo "packets stay on their way"
		lw_json 'host'
		return 1
	}
	"$LATWATCH_REPORT" --json > "$LW_TMP/json" || return
	lw_json 'host' "$LW_TMP/json"
	[ "$(lw_json 'total(host, "opened") == closed()' "$LW_TMP/json")" = True ] &&
	[ "$(lw_json 'all(total(v["ledger"], "opened") == closed(v["ledger"])
			  for v in j["vms"])' "$LW_TMP/json")" = True ] &&
	[ "$(lw_json 'min(e["count"] for b in [host] +
			  [v["ledger"] for v in j["vms"]]
			  for e in b["entries"]) >= 0' "$LW_TMP/json")" = True ]
}

# more EXPRESSION N: it grew by at least N since the last mark
mark() {
	"$LATWATCH_REPORT" --json > "$LW_TMP/mark"
}

more() {
	local before now

	before=$(lw_json "$1" "$LW_TMP/mark")
	now=$(lw_json "$1" "$LW_TMP/json")
	echo "$1: $before, now $now"
	[ "$now" -ge $((before + $2)) ]
}

pings() {
	mark && lw_ping 20 && closed && more 'total(host, "delivered")' 20
}

bursts() {
	mark || return
	for _ in 1 2 3 4 5; do
		lw_burst 50
	done
	closed && more 'total(host, "opened")' 250
}

# A ring of so few packets that it is full before the backend has woken.
full_ring() {
	local length

	length=$(cat "/sys/class/net/$LATWATCH_TAP/tx_queue_len")
	ip link set "$LATWATCH_TAP" txqueuelen 4 || return
	mark && for _ in 1 2 3 4 5; do
		lw_burst 200
	done
	ip link set "$LATWATCH_TAP" txqueuelen "$length"
	closed && more 'total(host, "dropped")' 50 || return
	# on kernels that say why, with the reason
	more 'line("FULL_RING")' 50
}

both_ways() {
	[ -n "$LAB_FUNCTIONS" ] || return $KSFT_SKIP
	mark || return
	lab_burst_back 500 "$LATWATCH_GUEST"
	lw_burst 200
	lw_ping 5
	closed && more 'total(host, "opened")' 205
}

# The tap goes down with packets in its ring, and comes up again.
tap_down() {
	mark || return
	lw_burst 200 &
	sleep 0.05
	ip link set "$LATWATCH_TAP" down
	wait $!
	ip link set "$LATWATCH_TAP" up
	lw_wait 30 lw_ping 1 && closed
}

# Its ring goes with it, and its interrupts.
killed() {
	[ -n "$LAB_FUNCTIONS" ] || return $KSFT_SKIP
	id=$(lw_json 'vms()[0]["id"]')
	lab_flood_start "$LATWATCH_GUEST"
	sleep 0.2
	lab_guest_kill
	lab_flood_stop
	closed || return
	lw_json '[{k: v[k] for k in ("id", "pid", "gone", "taps")}
		  for v in j["vms"]]' "$LW_TMP/json"
	[ "$(lw_json 'len(vms()) == 0 and [v["id"] for v in vms(gone=True)]' \
		"$LW_TMP/json")" = "[$id]" ]
}

# Another guest in its place is another VM.
another() {
	[ -n "$LAB_FUNCTIONS" ] || return $KSFT_SKIP
	lab_guest_start && lab_guest_wait || return
	mark && lw_ping 10 && closed && more 'total(host, "delivered")' 10 ||
		return
	lw_json '[(v["id"], v["gone"]) for v in j["vms"]]' "$LW_TMP/json"
	[ "$(lw_json "len(vms()) == 1 and vms()[0]['id'] != $id" \
		"$LW_TMP/json")" = True ]
}

lw_dmesg_mark all
lw_begin 9
lw_test "the module loads" lw_load
lw_test "pings" pings
lw_test "bursts of 50" bursts
lw_test "a tap ring that is full: drops, with their reason" full_ring
lw_test "both ways at once" both_ways
lw_test "the tap goes down with packets in it" tap_down
lw_test "the guest is killed in the middle of a flood" killed
lw_test "another guest is another VM" another
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
