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
lw_need_tools python3 ovs-vswitchd bpftool

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

# In the stack there is no queue on the way, in the driver not even a packet.
from_nic="line('from a NIC\'s interrupt') +
	line('from a NIC\'s poll without interrupt')"
is_redirected="shows('rx', $PATH_IRQ, 'softirq wait', 'tap dwell', 'backend wake',
		     $PATH_SIGNAL, 'end to end') and
	hides('rx', 'qdisc', 'end to end local') and $from_nic >= 25 and whole()"
is_generic="$is_redirected and shows('rx', 'napi', 'stack') and hides('rx', 'xdp')"
is_native="$is_redirected and shows('rx', 'xdp') and hides('rx', 'napi', 'stack') and
	line('put into taps\' rings by XDP, without an skb') == $from_nic"
# Nothing ties what the process sends to what its socket was given, but that it is not
# older than the first packet that its socket was given since the process last slept
# but once.
is_afxdp="shows('rx', $PATH_IRQ, 'softirq wait', 'to process', 'in process',
		'local queue', 'tap dwell', 'backend wake', $PATH_SIGNAL,
		'end to end process') and
	hides('rx', 'napi', 'stack', 'xdp', 'end to end') and
	line('given to AF_XDP sockets') >= 25 and
	line('from a NIC through a process') >= 20 and
	line('from a NIC through a process') + line('from this host') >= 25 and
	whole()"

lw_dmesg_mark all
lw_begin 13
lw_test "the module loads" lw_load
lw_test "a guest comes up" guest
lw_test "bridge, tap and vhost" \
	path_of guest1 "$is_bridged" path_traffic guest1
lw_test "NAPI in a thread" threaded "$is_bridged and shows('rx', 'by NAPI thread')"
lw_test "Open vSwitch comes in place of the bridge" switched ovs
# what it asks its process about is sent by that
lw_test "Open vSwitch, tap and vhost" \
	path_of guest1 "$is_tapped" path_traffic guest1
lw_test "XDP in the stack comes in place of it" switched xdp-generic
lw_test "XDP in the stack, tap and vhost" \
	path_of guest1 "$is_generic" path_traffic guest1
lw_test "XDP in the drivers comes in place of it" switched xdp-native eth3
lw_test "XDP in the drivers, tap and vhost" \
	path_of guest1 "$is_native" path_traffic guest1
lw_test "Open vSwitch with AF_XDP comes in place of it" switched afxdp
lw_test "AF_XDP, Open vSwitch, tap and vhost" \
	path_of guest1 "$is_afxdp" path_traffic guest1
lw_test "the kernel has no complaint" lw_no_splat all
lab_guest_kill
lab_switch_down
lw_end
