# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# topology: what stands around a test, as a table.
#
# Takes a topology's name. Gives machine.sh the NICs on the wire and the machine's
# type, and inside.sh the steps that build it. A new topology is a line here; if
# no step fits it, a function in net.sh, switch.sh or guest.sh.
#
#	name	NICs	machine	steps, separated by ;
LAB_TOPOLOGIES='
	none	none	plain	:
	host	e1000e e1000e	plain	lab_wire_up; lab_host_up
	bridge	e1000e e1000e	plain	lab_wire_up; lab_switch bridge
	vm	e1000e e1000e	plain	lab_wire_up; lab_switch bridge; lab_guest_start; lab_guest_wait
	novhost	e1000e e1000e	plain	lab_wire_up; lab_switch bridge; lab_guest_start --no-vhost; lab_guest_wait
	busypoll	e1000e e1000e	plain	lab_wire_up; lab_switch bridge; lab_guest_start --poll-us 50; lab_guest_wait
	mq	e1000e e1000e	plain	lab_wire_up; lab_switch bridge; lab_guest_start --smp 2 --queues 2; lab_guest_wait
	twovms	e1000e e1000e	plain	lab_wire_up; lab_switch bridge; lab_guest_start guest1; lab_guest_start guest2; lab_guest_wait guest1; lab_guest_wait guest2
	macvtap	e1000e e1000e	plain	lab_wire_up; lab_guest_start --nic macvtap; lab_guest_wait
	user	e1000e e1000e	plain	lab_wire_up; lab_host_up; lab_guest_start --nic user; lab_guest_wait
	vfio	e1000e e1000e	iommu	lab_wire_up; lab_guest_start --nic vfio; lab_guest_wait
	napi-threaded	e1000e e1000e	plain	lab_wire_up; lab_napi_threaded eth1 1; lab_switch bridge; lab_guest_start; lab_guest_wait
	ovs	e1000e e1000e	plain	lab_wire_up; lab_switch ovs; lab_guest_start; lab_guest_wait
	afxdp	e1000e e1000e	plain	lab_wire_up; lab_switch afxdp; lab_guest_start; lab_guest_wait
	xdp-generic	e1000e e1000e	plain	lab_wire_up; lab_switch xdp-generic; lab_guest_start --no-csum; lab_guest_wait
	xdp-native	virtio-net-pci e1000e	plain	lab_wire_up; lab_switch xdp-native; lab_guest_start --no-csum; lab_guest_wait
	tsn	vmxnet3 e1000e	smp	lab_wire_up; lab_host_up
	wires	e1000e e1000e virtio-net-pci	iommu	lab_wire_up
'

topology_names() {
	awk 'NF { print $1 }' <<< "$LAB_TOPOLOGIES" | paste -sd ' '
}

# topology_field NAME NUMBER
topology_field() {
	awk -F '\t+' -v name="$1" -v n="$2" \
		'$2 == name { print $(n + 1) }' <<< "$LAB_TOPOLOGIES"
}

topology_check_name() {
	[ -n "$(topology_field "$1" 1)" ] ||
		usage_error "no topology '$1': it is one of $(topology_names)"
}

# topology_mode NAME ASKED: a NIC has several queues only where there are several
# CPUs, and these take turns.
topology_mode() {
	case $(topology_field "$1" 3),$2 in
	smp,auto)	arch_kvm_works && echo kvm || echo rr ;;
	*)		echo "$2" ;;
	esac
}

topology_nics() {
	topology_field "$1" 2 | grep -v -x none
}

# NICs of one wire: hub ports, so that both ends have real MSI-X interrupts.
topology_qemu() {
	local i=0 nic

	arch_machine "$(topology_field "$1" 3)"
	for nic in $(topology_nics "$1"); do
		i=$((i + 1))
		echo -netdev "hubport,hubid=1,id=wire$i"
		echo -device "$nic,netdev=wire$i,mac=52:54:00:0a:09:0$i,romfile="
	done
}

topology_cmdline() {
	arch_cmdline "$(topology_field "$1" 3)"
}

topology_steps() {
	topology_field "$1" 4
}
