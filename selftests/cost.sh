#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# cost: the module measures what its own probes take when it is asked to, and
# then only.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools python3
lw_need_guest

off_when_loaded() {
	lw_load && lw_ping 5 && lw_shot off &&
	lw_true 'j["self_cost"] is False and j["costs"] == []' "$LW_TMP/off" &&
	"$LATWATCH_REPORT" --cost | grep 'does not measure'
}

# calls PROBE NAME: how often that one ran
calls() {
	lw_json 'sum(c["calls"] for c in j["costs"] if c["probe"] == "'"$1"'")' \
		"$LW_TMP/$2"
}

on() {
	"$LATWATCH_REPORT" --set self-cost=on && lw_ping 20 && lw_shot on &&
	"$LATWATCH_REPORT" --cost || return
	lw_true 'j["self_cost"] is True' "$LW_TMP/on" &&
	for probe in sched_waking sched_switch irq_handler_entry softirq_entry \
		     netif_receive_skb net_dev_start_xmit consume_skb kvm_entry; do
		echo "$probe: $(calls $probe on)"
		[ "$(calls $probe on)" -ge 20 ] || return
	done
}

# Also where a hard irq came in the middle: no call takes longer than the whole
# of the measurement, and all of a CPU together do not, either.
plausible() {
	lw_true 'all(0 < c["total_ns"] <= c["calls"] * c["worst_ns"]
		     for c in j["costs"])' "$LW_TMP/on" &&
	lw_true 'all(c["since_ns"] > 0 and
		     sum(d["total_ns"] for d in j["costs"]
			 if d["cpu"] == c["cpu"])
		     < j["info"]["now_ns"] - c["since_ns"]
		     for c in j["costs"])' "$LW_TMP/on"
}

# switches that the kernel has counted
switches() {
	awk '/^ctxt/ { print $2 }' /proc/stat
}

# Each call is counted, none twice: as many as the kernel itself counts, give or
# take those while it is switched on and off.
as_often_as_the_kernel_says() {
	local t=()

	"$LATWATCH_REPORT" --set self-cost=off || return
	t+=("$(switches)")
	"$LATWATCH_REPORT" --set self-cost=on || return
	t+=("$(switches)")
	lw_ping 20 || return
	t+=("$(switches)")
	"$LATWATCH_REPORT" --set self-cost=off && lw_shot counted || return
	t+=("$(switches)")
	echo "sched_switch: $(calls sched_switch counted) calls; switches: ${t[*]}"
	[ "$(calls sched_switch counted)" -ge $((t[2] - t[1])) ] &&
	[ "$(calls sched_switch counted)" -le $((t[3] - t[0])) ] &&
	"$LATWATCH_REPORT" --set self-cost=on && lw_ping 20
}

off_again() {
	"$LATWATCH_REPORT" --set self-cost=off && lw_shot still &&
	lw_ping 10 && lw_shot after &&
	lw_true 'j["self_cost"] is False and j["costs"] != []' "$LW_TMP/after" &&
	[ "$(lw_json 'j["costs"]' "$LW_TMP/still")" = \
	  "$(lw_json 'j["costs"]' "$LW_TMP/after")" ]
}

from_nothing() {
	"$LATWATCH_REPORT" --set self-cost=on && lw_shot anew &&
	[ "$(calls kvm_entry anew)" -lt "$(calls kvm_entry still)" ]
}

# twice in a row changes nothing
twice() {
	"$LATWATCH_REPORT" --set self-cost=on && lw_shot twice &&
	[ "$(lw_json 'max(c["since_ns"] for c in j["costs"])' "$LW_TMP/anew")" = \
	  "$(lw_json 'max(c["since_ns"] for c in j["costs"])' "$LW_TMP/twice")" ]
}

# while packets come; and unloaded while it is on
under_traffic() {
	local i

	for ((i = 0; i < 10; i++)); do
		"$LATWATCH_REPORT" --set self-cost=off &&
		"$LATWATCH_REPORT" --set self-cost=on || return
	done
	lw_traffic_stop
	lw_closed && lw_unload
}

lw_dmesg_mark all
lw_begin 9
lw_test "nothing is measured that nobody asked for" off_when_loaded
lw_test "switched on, the probes that run are measured" on
lw_test "no mean is above its worst, nor the sum above the time" plausible
lw_test "a probe is counted as often as it ran" as_often_as_the_kernel_says
lw_test "switched off, it stays at what it was" off_again
lw_test "switched on again, it begins at nothing" from_nothing
lw_test "switched on twice, it goes on" twice
lw_traffic_start
lw_test "switched to and fro under traffic, and unloaded" under_traffic
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
