#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# backends: all that can be between a NIC or a tap and a guest, one by one and
# three at once.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"
# shellcheck source=path.sh
. "$(dirname "$0")/path.sh"

lw_need_module
lw_need_report
lw_need_lab "backends"
lw_need_tools python3

# guest NAME OPTION...
guest() {
	lab_guest_start "${@:2}" "$1" && lab_guest_wait "$1"
}

# among GUEST OTHER: what one sends is the other's; but for ARP none is the wire's.
among() {
	local one other

	one=$(lab_guest_ip "$1")
	other=$(lab_guest_ip "$2")
	lab_burst_between 10 "$one" "$other" &&
	lab_burst_between 10 "$other" "$one"
}

# together GUEST...: all at once, both ways, and a reader of this host beside.
together() {
	local guest pid pids=()

	for guest; do
		path_traffic "$guest" &
		pids+=($!)
	done
	lab_echo 10 "$LAB_HOST_IP" 7 &
	pids+=($!)
	for pid in "${pids[@]}"; do
		wait "$pid" || return
	done
}

# Of each VM, of each of its ways; and the reader's.
each_closes="whole() and shows('reader', 'copy', 'end to end') and
	stage('end to end', 'reader')['count'] >= 10 and len(vms()) == 3 and
	all(v['ledger']['paths']['rx']['opened'] >= 25 and
	    v['ledger']['paths']['tx']['opened'] >= 15 and
	    v['ledger']['paths'][p]['gap'] == 0 and
	    v['ledger']['paths'][p]['in_flight'] == 0
	    for v in vms() for p in ('rx', 'tx'))"

no_guests() {
	local guest

	for guest; do
		lab_guest_kill "$guest" || return
	done
}

# What each of a guest's vhost workers has slept through until now.
sleeps_of_workers() {
	local comm name

	name=vhost-$(lab_guest_pid "$1")
	for comm in /proc/[0-9]*/task/*/comm; do
		[ "$(< "$comm")" = "$name" ] &&
			grep -H ^voluntary_ctxt "${comm%comm}status"
	done 2> /dev/null
}

# Flows that differ in their ports are spread over the queues, by a hash; that of
# 16 none comes to one of two is not to be expected in a lifetime.
flows() {
	path_traffic "$1" || return
	sleeps_of_workers "$1" > "$LW_TMP/workers"
	lab_host2 mausezahn eth2 -q -c 1 -d 0 -B "$(lab_guest_ip "$1")" \
		-t udp "sp=4001-4016,dp=9" -p 18 > /dev/null
}

# Two workers have had something to do.
queues() {
	path_of guest4 "$is_tapped and $is_several" flows guest4 || return
	[ "$(sleeps_of_workers guest4 | diff "$LW_TMP/workers" - |
		grep -c '^>')" -ge 2 ]
}

is_tapped="$PATH_IN and $PATH_OUT and $PATH_COUNTS and
	hides('rx', 'end to end local', 'end to end from VM', 'VMM\'s socket')"
is_socket="shows('rx', $PATH_IRQ, 'softirq wait', 'napi', 'VMM\'s socket',
		 $PATH_SIGNAL, 'end to end') and shows('tx', 'end to end') and
	hides('rx', 'stack', 'tap dwell', 'end to end local') and
	line('from a NIC by a socket of the VMM') >= 10"
is_device="shows('device', $PATH_IRQ, 'signal', 'vCPU wake', 'entry', 'end to end') and
	hides('rx', 'napi', 'end to end') and hides('tx', 'end to end') and
	line('interrupts for a guest') >= 5"
# a question of ARP comes by way of a kernel thread; all else has no stack stage
only_broadcasts_wait="shows('rx', 'stack', 'parked') and
	counted('rx')['stack'] == counted('rx')['parked'] < 5"
is_several="[v for v in vms() if v['backends'] >= 2 and v['vcpus'] == 2]"

lw_dmesg_mark all
lw_begin 18
lw_test "the module loads" lw_load
lab_switch bridge
lw_test "a guest without vhost comes up" guest guest1 --no-vhost
lw_test "bridge, tap, the VMM's own thread" \
	path_of guest1 "$is_tapped and shows('rx', 'stack')" path_traffic guest1
lw_test "a guest with a busy polling vhost comes up" guest guest2 --poll-us 50
lw_test "bridge, tap, busy polling vhost" \
	path_of guest2 "$is_tapped and shows('rx', 'stack')" path_traffic guest2
lw_test "from VM to VM over the bridge" \
	path_of guest1 "whole() and shows('rx', 'end to end from VM') and line('from a VM to a NIC') < 10 and
		line('from another VM') >= 20" among guest1 guest2
lw_test "a guest behind macvtap comes up" \
	guest guest3 --nic macvtap --lower eth3
lw_test "macvtap and vhost" \
	path_of guest3 "$is_tapped and $only_broadcasts_wait" path_traffic guest3
lw_test "three ways at once, and a reader" \
	path_of - "$each_closes" together guest1 guest2 guest3
lw_test "they go" no_guests guest1 guest2 guest3
lw_test "a guest with two queues and two vCPUs comes up" \
	guest guest4 --smp 2 --queues 2
lw_test "two queues, two vhost workers, two vCPUs" queues
no_guests guest4
lab_switch_down
lw_test "this machine answers" lab_host_up
lw_test "a guest behind QEMU's own network comes up" guest guest5 --nic user
lw_test "QEMU's own network" path_of guest5 "$is_socket" \
	lab_echo 10 "$LAB_HOST_IP" 7007
no_guests guest5
lab_switch_down
lw_test "a guest with a NIC of its own comes up" guest guest6 --nic vfio
lw_test "VFIO" path_of guest6 "$is_device" path_traffic guest6
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
