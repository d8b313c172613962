# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# net: the wire, what it is plugged into, and traffic on it.
#
# Takes two NICs by their MAC addresses. Gives functions to topologies and
# tests, inside the outer machine:
#
#	eth1	the NIC under test; a bridge port, or with an address of its own
#	eth2	the sender's, alone in the network namespace host2
#
#	10.9.0.1	this machine (br0 or eth1)
#	10.9.0.2	host2
#	10.9.0.9	guest1, 10.9.0.10 guest2, and so on

LAB_HOST_IP=10.9.0.1
LAB_HOST2_IP=10.9.0.2
LAB_HOST_MAC=52:54:00:0a:09:01
LAB_HOST2_MAC=52:54:00:0a:09:02

# lab_wait_for SECONDS COMMAND...: poll until COMMAND is true.
lab_wait_for() {
	local end=$((SECONDS + $1))
	shift

	until "$@" > /dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# lab_host2 COMMAND...: run it where the sender is.
lab_host2() {
	ip netns exec host2 "$@"
}

lab_nic_by_mac() {
	local file

	for file in /sys/class/net/*/address; do
		[ "$(< "$file")" = "$1" ] || continue
		file=${file%/address}
		echo "${file##*/}"
		return
	done
	return 1
}

lab_nic_has_carrier() {
	[ "$(< "/sys/class/net/$1/carrier")" = 1 ]
}

# Name the NICs, put the sender's into its namespace, with udp-peer there.
lab_wire_up() {
	modprobe e1000e InterruptThrottleRate=0,0 || return
	lab_wait_for 30 lab_nic_by_mac "$LAB_HOST2_MAC" || return

	ip link set "$(lab_nic_by_mac "$LAB_HOST_MAC")" name wire1
	ip link set "$(lab_nic_by_mac "$LAB_HOST2_MAC")" name wire2
	ip link set wire1 name eth1
	ip link set wire2 name eth2

	ip netns add host2
	ip link set eth2 netns host2
	ip -n host2 link set lo up
	ip -n host2 address add "$LAB_HOST2_IP/24" dev eth2
	ip -n host2 link set eth2 up
	ip link set eth1 up
	lab_wait_for 30 lab_nic_has_carrier eth1 || return
	lab_host2 "$LAB_UDP_PEER" > /dev/null 2>&1 &
}

lab_host_up() {
	ip address add "$LAB_HOST_IP/24" dev eth1 &&
	lab_wait_for 60 lab_ping 1 "$LAB_HOST_IP"
}

# lab_bridge_up [NAME]: a bridge with the address of this machine and eth1.
lab_bridge_up() {
	local bridge=${1:-br0}

	ip link add "$bridge" type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
	ip address add "$LAB_HOST_IP/24" dev "$bridge" &&
	ip link set "$bridge" up &&
	ip link set eth1 master "$bridge"
}

# lab_tap_add NAME [QUEUES [BRIDGE]]
lab_tap_add() {
	local mq=

	[ "${2:-1}" -gt 1 ] && mq=multi_queue
	# shellcheck disable=SC2086
	ip tuntap add dev "$1" mode tap $mq vnet_hdr &&
	ip link set "$1" master "${3:-br0}" &&
	ip link set "$1" up
}

# lab_macvtap_add NAME MAC [LOWER]
lab_macvtap_add() {
	ip link add link "${3:-eth1}" name "$1" address "$2" \
		type macvtap mode bridge &&
	ip link set "$1" up
}

# lab_ping COUNT ADDRESS [INTERVAL]: from host2.
lab_ping() {
	lab_host2 busybox ping -q -c "$1" -i "${3:-0.2}" -W 5 "$2"
}

# lab_burst COUNT ADDRESS [SIZE]: frames back to back, from host2 to the sink.
lab_burst() {
	lab_host2 mausezahn eth2 -q -c "$1" -d 0 -B "$2" -t udp "sp=4000,dp=9" \
		-p "${3:-18}" > /dev/null
}

# lab_flood_start ADDRESS [SIZE]: frames without an end, from host2.
lab_flood_start() {
	lab_host2 mausezahn eth2 -q -c 0 -d 0 -B "$1" -t udp "sp=4000,dp=9" \
		-p "${2:-18}" > /dev/null 2>&1 &
	LAB_FLOOD_PID=$!
}

lab_flood_stop() {
	[ -n "$LAB_FLOOD_PID" ] || return
	kill "$LAB_FLOOD_PID"
	wait "$LAB_FLOOD_PID" 2> /dev/null
	LAB_FLOOD_PID=
}

# lab_burst_back COUNT ADDRESS [SIZE]: have the guest at ADDRESS send a burst
# to host2.
lab_burst_back() {
	lab_host2 bash -c "echo burst $1 ${3:-18} > /dev/udp/$2/19"
}
