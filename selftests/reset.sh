#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# reset: a new epoch begins at nothing, and loses nothing that is on its way.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

# A slow guest polls most of a burst, unseen; pings come one by one.
saw() {
	lw_load && lw_ping 30 && lw_burst 20 && lw_wait_quiet &&
	"$LATWATCH_REPORT" --json > "$LW_TMP/before" &&
	lw_true 'stage("end to end")["count"] > 20' "$LW_TMP/before"
}

# In silence: all of what concerns guests is at zero, but the guest is known.
# NET_RX of this host can run at any time, so its stages are not looked at.
from_nothing() {
	"$LATWATCH_REPORT" --reset && "$LATWATCH_REPORT" --json > "$LW_TMP/after" ||
		return
	lw_json 'sorted((s["stage"], s["count"]) for v in j["vms"]
			for s in v["stages"] if s["count"])' "$LW_TMP/after" | tee "$LW_TMP/left"
	[ "$(cat "$LW_TMP/left")" = "[]" ] || return
	lw_json '[e for e in host["entries"] if e["count"] and
		  e["category"] != "note"] +
		 [w for v in j["vms"] for w in v["watermarks"]
		  if w["value_ns"] is not None]' "$LW_TMP/after" | tee "$LW_TMP/left"
	[ "$(cat "$LW_TMP/left")" = "[]" ] || return
	[ "$(lw_json '[v["id"] for v in j["vms"]]' "$LW_TMP/before")" = \
	  "$(lw_json '[v["id"] for v in j["vms"]]' "$LW_TMP/after")" ]
}

epoch() {
	lw_json "j['info']['$1']" "$LW_TMP/$2"
}

one_later() {
	[ "$(epoch epoch after)" = $(($(epoch epoch before) + 1)) ] &&
	[ "$(epoch since_ns after)" -gt "$(epoch now_ns before)" ] &&
	[ "$(epoch since_ns after)" -le "$(epoch now_ns after)" ]
}

# What is on its way at a reset is brought forward, and closes in the new epoch. With
# one CPU a reset finds nothing of what comes by itself on its way, but what waits for
# a guest that its monitor has paused is.
reset_upon_them() {
	lw_burst 50
	lw_wait 30 lw_waiting 10 && "$LATWATCH_REPORT" --reset && lw_shot reset
}

brought_forward() {
	lw_paused reset_upon_them &&
	lw_true 'line("brought forward at the reset") >= 10' "$LW_TMP/reset" &&
	lw_closed && lw_true 'whole() and total(host, "delivered") >= 1' "$LW_TMP/json"
}

under_traffic() {
	local i

	for ((i = 0; i < 8; i++)); do
		lw_burst 50 &
		sleep 0.02
		"$LATWATCH_REPORT" --reset || return
		wait "$!"
	done
	lw_traffic_stop
	lw_closed
}

# With room for as many VMs as can be told apart, in a machine of 2 GB: a VM is
# measured, and a reset needs no second copy of what is not in use.
in_little_memory() {
	lw_unload && lw_load max_vms=1024 && lw_mark && lw_ping 5 || return
	"$LATWATCH_REPORT" --json > "$LW_TMP/json" &&
	lw_true 'len(vms()) == 1 and line("taken by a backend") >= 5 and
		 j["info"]["memory_bytes"] < 16 << 20' "$LW_TMP/json" &&
	"$LATWATCH_REPORT" --reset && lw_ping 5 &&
	"$LATWATCH_REPORT" --json > "$LW_TMP/json" &&
	lw_true 'len(vms()) == 1 and line("taken by a backend") >= 5 and
		 line("durations not recorded, no memory for them") == 0 and
		 j["info"]["memory_bytes"] < 16 << 20' "$LW_TMP/json"
}

lw_dmesg_mark all
lw_begin 7
lw_test "there is something to reset" saw
lw_test "a reset begins at nothing" from_nothing
lw_test "it is one epoch later" one_later
lw_test "what is on its way is brought forward" brought_forward
lw_traffic_start
lw_test "the books close after resets under traffic" under_traffic
lw_test "max_vms=1024 with a VM and a reset takes less than 16 MB" in_little_memory
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
