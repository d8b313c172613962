#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# identity: what a host does to packets on their way, and they are told for what they
# are all the same: set-ups with a device more, or a packet less, than a bridge.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"
# shellcheck source=path.sh
. "$(dirname "$0")/path.sh"

lw_need_module
lw_need_report
lw_need_lab "identity"
lw_need_tools python3 clang ethtool tc

# its gateway, where the bridge is one
guest() {
	LAB_GUEST_CMDLINE+=" lab.gw=$LAB_HOST_IP"
	lab_switch bridge && lab_guest_start && lab_guest_wait
}

reached() {
	lab_wait_for 30 lab_ping 1 "$(lab_guest_ip guest1)" > /dev/null
}

# through EXPRESSION COMMAND ARGUMENT...: set up by COMMAND up, undone by COMMAND down
through() {
	local expression=$1 status
	shift

	"$@" up && reached && path_of guest1 "$expression" path_traffic guest1
	status=$?
	"$@" down
	return $status
}

# A program that lets all pass, in the stack: packets get new data, or are copied.
xdp_that_passes() {
	[ "$1" = up ] || { ip link set eth1 xdpgeneric off; return; }
	cat > "$LW_TMP/pass.c" <<- 'X'
		__attribute__((section("xdp"), used)) int pass(void *c) { return 2; }
		char l[] __attribute__((section("license"), used)) = "GPL";
	X
	clang -O2 -target bpf -c "$LW_TMP/pass.c" -o "$LW_TMP/pass.o" &&
		ip link set eth1 xdpgeneric obj "$LW_TMP/pass.o" sec xdp
}

# tap - bridge - veth - bridge - NIC, as firewall bridges and pods have it
veth_pair() {
	[ "$1" = up ] || {
		ip link set tap1 master br0
		ip link delete fwln1
		ip link delete fwbr1
		return
	}
	ip link add fwbr1 type bridge forward_delay 0 mcast_snooping 0 &&
	ip link add fwln1 type veth peer name fwpr1 &&
	ip link set fwpr1 master br0 && ip link set fwln1 master fwbr1 &&
	ip link set tap1 master fwbr1 && ip link set fwbr1 up &&
	ip link set fwln1 up && ip link set fwpr1 up
}

# What the NIC receives waits 5 ms in a qdisc of its own.
shaper() {
	[ "$1" = up ] || { tc qdisc delete dev eth1 ingress; ip link delete ifb0; return; }
	modprobe ifb numifbs=0
	ip link add ifb0 type ifb && ip link set ifb0 up &&
	tc qdisc add dev ifb0 root netem delay 5ms &&
	tc qdisc add dev eth1 ingress &&
	tc filter add dev eth1 parent ffff: matchall \
		action mirred egress redirect dev ifb0
}

rps() {
	case $1 in
	up)	echo 1 ;;
	*)	echo 0 ;;
	esac > /sys/class/net/tap1/queues/rx-0/rps_cpus
}

# The guest sends TCP in large segments, and the host has to cut them.
segments() {
	local address got

	address=$(lab_guest_ip guest1)
	ethtool -K eth1 tso off gso off > /dev/null &&
	got=$(lab_host2 bash -c "sleep 3 | timeout 30 busybox nc $address 5002 | wc -c")
	[ "$got" -gt 500000 ] || {
		echo "the guest sent $got bytes"
		return 1
	}
}

cut() {
	local status

	path_of guest1 "$1" segments
	status=$?
	ethtool -K eth1 tso on gso on > /dev/null
	return $status
}

# after COMMAND EXPRESSION TRAFFIC: what COMMAND has set up stays
after() {
	"$1" && path_of guest1 "$2" "$3"
}

# The bridge is the guest's gateway: the stack receives each packet twice.
gateway() {
	ip link set eth1 nomaster
	ip address add 10.8.0.1/24 dev eth1 &&
	ip -n host2 address flush dev eth2 &&
	ip -n host2 address add 10.8.0.2/24 dev eth2 &&
	ip -n host2 route add 10.9.0.0/24 via 10.8.0.1 &&
	sysctl -q -w net.ipv4.ip_forward=1 && reached
}

routed() {
	lab_ping 10 "$(lab_guest_ip guest1)" 0.05 &&
		lab_burst_back 10 "$(lab_guest_ip guest1)"
}

vlan() {
	lab_guest_kill && lab_switch_down || return
	ip -n host2 address flush dev eth2
	ip address flush dev eth1
	ip link add link eth1 name eth1.5 type vlan id 5 && ip link set eth1.5 up &&
	ip -n host2 link add link eth2 name eth2.5 type vlan id 5 &&
	ip -n host2 link set eth2.5 up &&
	ip -n host2 address add "$LAB_HOST2_IP/24" dev eth2.5 &&
	lab_guest_start --nic macvtap --lower eth1.5 guest1 &&
	lab_guest_wait guest1 && reached
}

tagged() {
	local address

	address=$(lab_guest_ip guest1)
	lab_ping 10 "$address" 0.05 &&
	lab_host2 mausezahn eth2.5 -q -c 20 -d 0 -B "$address" -t udp "sp=4000,dp=9" \
		-p 18 > /dev/null
}

# Tests that come after this one find the wire as it was.
undo() {
	lab_guest_kill
	ip link delete eth1.5
	ip -n host2 link delete eth2.5
	sysctl -q -w net.ipv4.ip_forward=0
	ip -n host2 address flush dev eth2
	ip -n host2 address add "$LAB_HOST2_IP/24" dev eth2
	ip address flush dev eth1
	lab_host_up
}

polled="line('from a NIC\'s interrupt') + line('from a NIC\'s poll without interrupt')"
no_strangers="line('from one NIC to another') == 0 and
	line('resumed, origin not known') == 0"
is_the_guests="$PATH_IN and $PATH_OUT and $PATH_COUNTS and $no_strangers"
named="any('eth1' in str(w) for v in vms() for w in v['ways'])"
is_shaped="$is_the_guests and stage('end to end')['min_ns'] >= 5000000"
is_cut="whole() and $no_strangers and line('segments of a larger one') > 100 and
	counted('tx')['end to end'] > 100 and
	line('from this host to a NIC') - counted('rx')['end to end'] < 50"
is_routed="$PATH_IN and $PATH_OUT and whole() and $polled >= 11 and
	line('from a VM to a NIC') >= 20 and $no_strangers"
is_tagged="$PATH_OUT and whole() and $polled >= 30 and $no_strangers and
	shows('rx', 'napi', 'end to end') and hides('rx', \"VMM's socket\")"

lw_dmesg_mark all
lw_begin 11
lw_test "the module loads" lw_load
lw_test "a guest comes up" guest
lw_test "XDP in the stack that passes" through "$is_the_guests" xdp_that_passes
lw_test "a veth pair between two bridges" through "$is_the_guests and $named" veth_pair
lw_test "a shaper for what the NIC receives" through "$is_shaped" shaper
lw_test "packets of the tap are steered" through "$is_the_guests" rps
lw_test "segments are cut by the host" cut "$is_cut"
lw_test "the bridge is the gateway" after gateway "$is_routed" routed
lw_test "a macvtap on a VLAN" after vlan "$is_tagged" tagged
lw_test "this machine answers" undo
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
