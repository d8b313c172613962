# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# switch: what joins the NIC under test with the guests' taps.
#
# Takes a kind and a NIC. Gives functions to topologies and tests, inside the
# outer machine, which also change a live machine from one kind to another: the
# taps that there are, and guests on them, stay.
#
#	bridge		a Linux bridge
#	ovs		Open vSwitch, the kernel's datapath
#	xdp-generic	none: NIC and tap hand each other all they receive, by
#	xdp-native	XDP programs in the stack, or in the drivers
#	afxdp		Open vSwitch, a datapath in the process: an AF_XDP socket
#			on the NIC, packet sockets on the taps
#	none		nothing; the NIC has the address of this machine
#
# Bridges of all kinds are br0, with the address of this machine. With XDP it
# has none: all that arrives is the guest's.

LAB_XDP_FS=/sys/fs/bpf/lab

# lab_switch KIND [NIC]
lab_switch() {
	local kind=$1 nic=${2:-eth1} tap

	lab_switch_down &&
	echo "$kind $nic" > /run/lab/switch &&
	ip link set "$nic" up &&
	lab_wait_for 30 lab_nic_has_carrier "$nic" || return
	case $kind in
	bridge)		lab_bridge_up ;;
	ovs)		lab_ovs_up system ;;
	afxdp)		lab_ovs_up netdev ;;
	xdp-*)		lab_xdp_up ;;
	none)		;;
	*)		echo "lab_switch: no kind $kind" >&2; return 2 ;;
	esac || return
	case $kind in
	afxdp)	lab_plug "$nic" -- set interface "$nic" type=afxdp \
			options:xdp-mode=generic ;;
	none)	ip address add "$LAB_HOST_IP/24" dev "$nic" ;;
	*)	lab_plug "$nic" ;;
	esac || return
	for tap in /sys/class/net/tap*; do
		[ ! -e "$tap" ] || lab_plug "${tap##*/}" || return
	done
}

# lab_plug DEVICE [WORDS for ovs-vsctl...]: into the switch that there is.
lab_plug() {
	local device=$1 kind nic
	shift

	read -r kind nic < /run/lab/switch || return
	ip link set "$device" up || return
	case $kind in
	bridge)		ip link set "$device" master br0 ;;
	ovs | afxdp)	ovs-vsctl --timeout=60 add-port br0 "$device" "$@" ;;
	xdp-*)		lab_xdp_plug "$device" "$nic" "$kind" ;;
	none)		;;
	esac
}

lab_switch_down() {
	local kind nic

	[ -e /run/lab/switch ] || return 0
	read -r kind nic < /run/lab/switch
	case $kind in
	bridge)		ip link delete br0 ;;
	ovs | afxdp)	lab_ovs_down ;;
	xdp-*)		lab_xdp_down ;;
	none)		;;
	esac || return
	rm /run/lab/switch
	[ ! -e "/sys/class/net/$nic" ] || ip address flush dev "$nic"
}

lab_bridge_up() {
	ip link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
	ip address add "$LAB_HOST_IP/24" dev br0 &&
	ip link set br0 up
}

# -- Open vSwitch

# Open vSwitch 3.1 counts processors at most once in 10 s of the machine's own time,
# from 0 on: before that it finds none, and with several has no handlers for them.
lab_ovs_counts() {
	[ "$(cut -d . -f 1 /proc/uptime)" -ge 11 ]
}

# lab_ovs_up DATAPATH: its two daemons, and a bridge. The thread that polls
# AF_XDP sockets sleeps when there is nothing: it would not leave the only CPU
# to anybody.
lab_ovs_up() {
	local run=/run/openvswitch

	mkdir -p $run
	[ "$1" = netdev ] && modprobe tun
	lab_wait_for 30 lab_ovs_counts &&
	modprobe openvswitch &&
	ovsdb-tool create $run/conf.db /usr/share/openvswitch/vswitch.ovsschema &&
	ovsdb-server $run/conf.db --remote=punix:$run/db.sock --no-chdir \
		--pidfile --detach --log-file=$run/ovsdb-server.log -vconsole:off &&
	ovs-vsctl --no-wait init -- set Open_vSwitch . \
		other_config:pmd-maxsleep=500 other_config:pmd-cpu-mask=1 &&
	ovs-vswitchd --no-chdir --pidfile --detach \
		--log-file=$run/ovs-vswitchd.log -vconsole:off &&
	ovs-vsctl --timeout=60 add-br br0 -- \
		set bridge br0 "datapath_type=$1" &&
	ip address add "$LAB_HOST_IP/24" dev br0 &&
	ip link set br0 up
}

lab_ovs_down() {
	local pid

	ovs-vsctl --timeout=60 del-br br0 || return
	for pid in ovs-vswitchd ovsdb-server; do
		pid=$(< "/run/openvswitch/$pid.pid")
		kill "$pid" && lab_wait_for 30 lab_process_gone "$pid" || return
	done
	rm -r /run/openvswitch
}

# -- XDP

# One program, which hands what a device receives to the device that the map
# peers names for it.
lab_xdp_up() {
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf
	mkdir $LAB_XDP_FS &&
	bpftool prog load "$LAB_TOOLS/redirect.o" $LAB_XDP_FS/redirect \
		type xdp pinmaps $LAB_XDP_FS
}

lab_ifindex_bytes() {
	printf '%08x' "$(< "/sys/class/net/$1/ifindex")" |
		sed -E 's/(..)(..)(..)(..)/0x\4 0x\3 0x\2 0x\1/'
}

# lab_xdp_plug DEVICE NIC KIND: the NIC, or the one tap that is its peer.
lab_xdp_plug() {
	local mode=xdpgeneric device nic

	[ "$3" = xdp-native ] && mode=xdpdrv
	device=$(lab_ifindex_bytes "$1")
	nic=$(lab_ifindex_bytes "$2")
	ip link set "$1" promisc on
	bpftool net attach $mode pinned $LAB_XDP_FS/redirect dev "$1" || return
	[ "$1" = "$2" ] && return
	# shellcheck disable=SC2086
	bpftool map update pinned $LAB_XDP_FS/peers key $device value $nic &&
	bpftool map update pinned $LAB_XDP_FS/peers key $nic value $device
}

lab_xdp_down() {
	local device

	for device in /sys/class/net/*; do
		device=${device##*/}
		ip link show "$device" | grep -q -w 'prog/xdp' || continue
		ip link set "$device" xdp off
		ip link set "$device" xdpgeneric off
		ip link set "$device" promisc off
	done
	rm -r $LAB_XDP_FS
}
