# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# topology: what stands around a test, as a table.
#
# Takes a topology's name. Gives machine.sh the number of NICs on the wire and
# the machine's type, and inside.sh the steps that build it. A new topology is
# a line here; if no step fits it, a function in net.sh or guest.sh.
#
#	name	NICs	machine	steps, separated by ;
LAB_TOPOLOGIES='
	none	0	plain	:
	host	2	plain	lab_wire_up; lab_host_up
	bridge	2	plain	lab_wire_up; lab_bridge_up
	vm	2	plain	lab_wire_up; lab_bridge_up; lab_guest_start; lab_guest_wait
	novhost	2	plain	lab_wire_up; lab_bridge_up; lab_guest_start --no-vhost; lab_guest_wait
	macvtap	2	plain	lab_wire_up; lab_guest_start --nic macvtap; lab_guest_wait
	twovms	2	plain	lab_wire_up; lab_bridge_up; lab_guest_start guest1; lab_guest_start guest2; lab_guest_wait guest1; lab_guest_wait guest2
	mq	2	plain	lab_wire_up; lab_bridge_up; lab_guest_start --smp 2 --queues 2; lab_guest_wait
	vfio	2	iommu	lab_wire_up; lab_guest_start --nic vfio; lab_guest_wait
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

# NICs of one wire: hub ports, so that both ends have real MSI-X interrupts.
topology_qemu() {
	local i

	case $(topology_field "$1" 3) in
	plain)	echo -machine q35,vmport=off,smm=off,sata=off,usb=off,hpet=off,graphics=off ;;
	iommu)	echo -machine q35,vmport=off,smm=off,sata=off,usb=off,hpet=off,graphics=off,kernel-irqchip=split
		echo -device intel-iommu,caching-mode=on ;;
	esac
	for i in $(seq "$(topology_field "$1" 2)"); do
		echo -netdev "hubport,hubid=1,id=wire$i"
		echo -device "e1000e,netdev=wire$i,mac=52:54:00:0a:09:0$i,romfile="
	done
}

topology_cmdline() {
	case $(topology_field "$1" 3) in
	iommu)	echo intel_iommu=on iommu=nopt ;;
	esac
}

topology_steps() {
	topology_field "$1" 4
}
