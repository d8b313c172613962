# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# net: the wire, what it is plugged into, and traffic on it.
#
# Takes two NICs by their MAC addresses. Gives functions to topologies and
# tests, inside the outer machine:
#
#	eth1	the NIC under test; a switch's port (switch.sh), or with an address
#		of its own
#	eth2	the sender's, alone in the network namespace host2
#	eth3	another NIC under test, if the topology has one; down until used
#
#	10.9.0.1	this machine (br0 or eth1)
#	10.9.0.2	host2
#	10.9.0.9	guest1, 10.9.0.10 guest2, and so on

LAB_HOST_IP=10.9.0.1
LAB_HOST2_IP=10.9.0.2
LAB_WIRE_MAC=52:54:00:0a:09:0	# and the number of the NIC

# lab_wait_for SECONDS COMMAND...: poll until COMMAND is true.
lab_wait_for() {
	local end=$((SECONDS + $1))
	shift

	until "$@" > /dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

lab_process_gone() {
	[ ! -d "/proc/$1" ]
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

# Name the NICs, put the sender's into its namespace, with udp-peer there and here.
lab_wire_up() {
	local i nics

	read -r -a nics <<< "$LAB_NICS"
	modprobe e1000e InterruptThrottleRate=0,0 &&
	modprobe -a virtio_net vmxnet3 || return
	for i in "${!nics[@]}"; do
		i=$((i + 1))
		lab_wait_for 30 lab_nic_by_mac "$LAB_WIRE_MAC$i" || return
		ip link set "$(lab_nic_by_mac "$LAB_WIRE_MAC$i")" name "wire$i"
	done
	for i in "${!nics[@]}"; do
		i=$((i + 1))
		ip link set "wire$i" name "eth$i"
	done

	ip netns add host2
	ip link set eth2 netns host2
	ip -n host2 link set lo up
	ip -n host2 address add "$LAB_HOST2_IP/24" dev eth2
	ip -n host2 link set eth2 up
	ip link set eth1 up
	lab_wait_for 30 lab_nic_has_carrier eth1 || return
	lab_host2 "$LAB_TOOLS/udp-peer" > /dev/null 2>&1 &
	"$LAB_TOOLS/udp-peer" > /dev/null 2>&1 &
}

# No switch between this machine and the wire.
lab_host_up() {
	lab_switch none && lab_wait_for 60 lab_ping 1 "$LAB_HOST_IP"
}

# lab_arp_off NIC, lab_arp_on NIC: this machine, by NIC, and host2 know each
# other without asking; a qdisc may be in the way of questions.
lab_arp_off() {
	ip neigh replace "$LAB_HOST2_IP" dev "$1" nud permanent \
		lladdr "$(lab_host2 cat /sys/class/net/eth2/address)" &&
	ip -n host2 neigh replace "$LAB_HOST_IP" dev eth2 nud permanent \
		lladdr "$(< "/sys/class/net/$1/address")"
}

lab_arp_on() {
	ip neigh delete "$LAB_HOST2_IP" dev "$1"
	ip -n host2 neigh delete "$LAB_HOST_IP" dev eth2
}

# lab_napi_threaded NIC 0|1: its polls run in threads of their own, or not.
lab_napi_threaded() {
	echo "$2" > "/sys/class/net/$1/threaded"
}

# lab_tap_add NAME [QUEUES]
lab_tap_add() {
	local mq=

	[ "${2:-1}" -gt 1 ] && mq=multi_queue
	# shellcheck disable=SC2086
	ip tuntap add dev "$1" mode tap $mq vnet_hdr &&
	lab_plug "$1"
}

# lab_macvtap_add NAME MAC NIC
lab_macvtap_add() {
	ip link set "$3" up &&
	ip link add link "$3" name "$1" address "$2" type macvtap mode bridge &&
	ip link set "$1" up
}

# lab_ping COUNT ADDRESS [INTERVAL]: from host2.
lab_ping() {
	lab_host2 busybox ping -q -c "$1" -i "${3:-0.2}" -W 5 "$2"
}

# lab_echo COUNT ADDRESS PORT: datagrams there and back, from host2. Whoever is to
# answer has time to go to sleep between them.
lab_echo() {
	# shellcheck disable=SC2016
	lab_host2 bash -c 'exec 3<> "/dev/udp/$1/$2" || exit
		for ((i = 0; i < $0; i++)); do
			echo . >&3 && read -r -N 1 -t 5 -u 3 && sleep 0.05 ||
				exit
		done' "$1" "$2" "$3"
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

# lab_burst_between COUNT ADDRESS OTHER [SIZE]: have the guest at ADDRESS send a
# burst to OTHER, which seems to have asked.
lab_burst_between() {
	lab_host2 mausezahn eth2 -q -c 1 -A "$3" -B "$2" \
		-t udp "sp=4000,dp=19" -P "burst $1 ${4:-18}" > /dev/null
}
