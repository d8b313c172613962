#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# measure: switched off, the module is loaded and sees nothing; switched on again,
# it begins anew.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

figures() {
	lw_json '[j["host"], j["vms"]]' "$LW_TMP/$1"
}

on_when_loaded() {
	lw_load && lw_ping 10 && lw_shot loaded &&
	lw_true 'j["info"]["off"] is False and
		 total(j["vms"][0]["ledger"], "delivered") > 5' "$LW_TMP/loaded"
}

# nothing is attached, nothing is counted, and all that was is still told
off() {
	"$LATWATCH_REPORT" --set measure=off && lw_shot off || return
	lw_ping 10 && lw_burst 20
	lw_shot later && "$LATWATCH_REPORT" | head -n 1 | tee "$LW_TMP/head" || return
	grep -q 'measuring is off' "$LW_TMP/head" &&
	lw_true 'j["info"]["off"] is True and
		 not any(t["attached"] for t in j["info"]["tracepoints"]) and
		 total(j["vms"][0]["ledger"], "delivered") > 5' "$LW_TMP/later" &&
	[ "$(figures off)" = "$(figures later)" ]
}

# no probe is called: a tracepoint that only latwatch was at is disabled
free_of_cost() {
	"$LATWATCH_REPORT" --set self-cost=on && lw_ping 5 && lw_shot free &&
	lw_true 'j["self_cost"] is True and j["costs"] == []' "$LW_TMP/free" &&
	"$LATWATCH_REPORT" --set self-cost=off
}

# VMs are others than before: it may have seen one already
again() {
	local id

	id=$(lw_json 'j["vms"][0]["id"]' "$LW_TMP/later")
	"$LATWATCH_REPORT" --set measure=on && lw_shot on &&
	lw_true 'j["info"]["off"] is False and
		 all(v["id"] > '"$id"' for v in j["vms"]) and
		 total(host, "opened") < 5' "$LW_TMP/on" || return
	[ "$(lw_json 'j["info"]["epoch"]' "$LW_TMP/on")" -gt \
	  "$(lw_json 'j["info"]["epoch"]' "$LW_TMP/later")" ] &&
	lw_ping 20 && lw_burst 20 && lw_wait_quiet && lw_shot anew &&
	lw_true 'len(j["vms"]) == 1 and
		 total(j["vms"][0]["ledger"], "delivered") > 15' "$LW_TMP/anew" && lw_closed
}

# same TRACEPOINTS: those that were attached at first are so again
same_probes() {
	[ "$(lw_json '[t["attached"] for t in j["info"]["tracepoints"]]' "$LW_TMP/loaded")" = \
	  "$(lw_json '[t["attached"] for t in j["info"]["tracepoints"]]' "$LW_TMP/anew")" ]
}

twice() {
	"$LATWATCH_REPORT" --set measure=on && lw_shot still &&
	[ "$(lw_json 'j["info"]["epoch"]' "$LW_TMP/still")" = \
	  "$(lw_json 'j["info"]["epoch"]' "$LW_TMP/anew")" ]
}

# in the middle of everything, and unloaded while it is off
under_traffic() {
	local i

	lw_traffic_start
	for ((i = 0; i < $(lw_stress 10 200); i++)); do
		"$LATWATCH_REPORT" --set measure=off &&
		"$LATWATCH_REPORT" --set measure=on || return
	done > /dev/null
	lw_ping 10
	lw_traffic_stop
	lw_closed && "$LATWATCH_REPORT" --set measure=off && lw_unload
}

lw_dmesg_mark all
lw_begin 8
lw_test "loaded, it measures" on_when_loaded
lw_test "off, nothing is attached or counted, and figures stay" off
lw_test "off, no probe runs" free_of_cost
lw_test "on again, it begins anew and follows packets" again
lw_test "all probes are back" same_probes
lw_test "switched on twice, it goes on" twice
lw_test "switched to and fro under traffic, and unloaded while off" under_traffic
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
