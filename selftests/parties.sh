#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# parties: who else takes part in a guest's network, or does not: processes that read
# tun devices, this host itself, devices that come and go, and a guest of which nothing
# is seen.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"
# shellcheck source=path.sh
. "$(dirname "$0")/path.sh"

lw_need_module
lw_need_report
lw_need_lab "parties"
lw_need_tools python3

VPNS=4

# Processes, each with a tun device, that the host sends a few packets to.
vpns() {
	local i

	modprobe tun && mkfifo "$LW_TMP/hold" || return
	for ((i = 0; i < VPNS; i++)); do
		python3 -I -S "$(dirname "$0")/vpn.py" "vpn$i" < "$LW_TMP/hold" \
			> "$LW_TMP/vpn$i" &
	done
	exec 9> "$LW_TMP/hold"
	lw_at_exit 'exec 9>&-'
	for ((i = 0; i < VPNS; i++)); do
		lw_wait 60 grep -q open "$LW_TMP/vpn$i" &&
		ip address add "10.70.$i.1/24" dev "vpn$i" &&
		ip link set "vpn$i" up &&
		busybox ping -q -c 1 -W 1 "10.70.$i.2" > /dev/null
	done
	lw_wait 60 lw_true "line('taken by a process without vCPU') >= $VPNS"
}

# with as many slots as there are guests: none is taken
no_vms() {
	lw_closed &&
	lw_true "not j['vms'] and line('VM table full') == 0 and
		 line('taken by a process without vCPU') >= $VPNS" "$LW_TMP/json"
}

guest() {
	lab_switch bridge && lab_guest_start && lab_guest_wait
}

# ping from this host, by the bridge's own address: there and back. It does not wait for
# each answer, as that may come before it has got so far.
ping_from_here() {
	busybox ping -q -c 10 -W 5 "$(lab_guest_ip guest1)"
}

is_a_ping="whole() and shows('rx', 'local queue', 'tap dwell', 'end to end local') and
	stage('end to end local')['count'] >= 10 and
	stage('end to end from VM', 'reader')['count'] >= 1"

# what the head says that packets come from
comes_from() {
	"$LATWATCH_REPORT" --json > "$LW_TMP/json" &&
	lw_true "[(w['source'], w['several']) for v in vms() for w in v['ways']] == $1" \
		"$LW_TMP/json"
}

from_there() {
	lab_burst 5 "$(lab_guest_ip guest1)" && lw_wait 30 comes_from "[('eth1', False)]"
}

left() {
	ip link set eth1 nomaster && lw_wait 30 comes_from "[(None, False)]" &&
	ip link set eth1 master br0 && from_there
}

# A guest whose network is a socket of the VMM's to a process that is not there.
unseen() {
	lab_guest_kill && lab_guest_start --nic unix guest2 || return
	LW_VMM=$(lab_guest_pid guest2)
	export LW_VMM
	lw_wait 120 lw_true "any(v['pid'] == $LW_VMM and v['vcpus'] for v in vms())" &&
	lw_true "[(v.get('seen'), v['ledger']['unaccounted']) for v in vms()
		  if v['pid'] == $LW_VMM] == [(False, None)]" || return
	"$LATWATCH_REPORT" > "$LW_TMP/page" &&
	grep "no packet of this VM was recognised" "$LW_TMP/page"
}

lw_dmesg_mark all
lw_begin 9
lw_test "the module loads, with room for a guest" lw_load max_vms=2
lw_test "processes read tun devices" vpns
lw_test "they are no VMs" no_vms
lw_test "a guest comes up, and has its place" guest
lw_test "a ping from this host" path_of guest1 "$is_a_ping" ping_from_here
lw_test "what packets come from" from_there
lw_test "and after that left, and came again" left
lw_test "a guest of which nothing is seen" unseen
lw_test "the kernel has no complaint" lw_no_splat all
lab_guest_kill guest2
lw_end
