#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# switches: one guest, and all that can be between its tap and the wire.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"
# shellcheck source=path.sh
. "$(dirname "$0")/path.sh"

lw_need_module
lw_need_report
lw_need_lab "switches"
lw_need_tools python3 ovs-vswitchd

guest() {
	lab_switch bridge && lab_guest_start --no-csum && lab_guest_wait
}

# switched KIND [NIC]: learn who is where before anything is counted.
switched() {
	lab_switch "$@" && lab_wait_for 30 lab_ping 1 "$(lab_guest_ip)"
}

# threaded EXPRESSION: with NAPI in a thread of its own.
threaded() {
	local status

	lab_napi_threaded eth1 1 || return
	path_of guest1 "$1" path_traffic guest1
	status=$?
	lab_napi_threaded eth1 0
	return "$status"
}

is_tapped="$PATH_IN and $PATH_OUT and $PATH_COUNTS and shows('rx', 'stack') and
	hides('rx', 'end to end from VM')"
is_bridged="$is_tapped and hides('rx', 'end to end local')"

lw_dmesg_mark all
lw_begin 7
lw_test "the module loads" lw_load
lw_test "a guest comes up" guest
lw_test "bridge, tap and vhost" \
	path_of guest1 "$is_bridged" path_traffic guest1
lw_test "NAPI in a thread" threaded "$is_bridged and shows('rx', 'by NAPI thread')"
lw_test "Open vSwitch comes in place of the bridge" switched ovs
# what it asks its process about is sent by that
lw_test "Open vSwitch, tap and vhost" \
	path_of guest1 "$is_tapped" path_traffic guest1
lw_test "the kernel has no complaint" lw_no_splat all
lab_guest_kill
lab_switch_down
lw_end
