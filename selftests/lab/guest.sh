# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# guest: nested guests, by name: guest1, guest2, ...
#
# Takes the guest's kernel and initramfs from the job. Gives functions to
# topologies and tests, inside the outer machine. Guest N has address
# 10.9.0.(8+N) and a MAC that ends in it, tap N (or macvtapN), and in /run/lab:
# guestN.pid, guestN.console, guestN.qmp, guestN.nic.
#
# A guest behind QEMU's own network has 10.9.1.(8+N), which nobody else knows:
# udp-peer's ports 7, 9 and 19 in there are 7007, 7009 and 7019 of 10.9.0.1.

lab_guest_number() {
	echo "${1##*[!0-9]}"
}

lab_guest_ip() {
	echo "10.9.0.$((8 + $(lab_guest_number "${1:-guest1}")))"
}

lab_guest_mac() {
	printf '52:54:00:0a:0a:%02x\n' $((8 + $(lab_guest_number "${1:-guest1}")))
}

lab_guest_pid() {
	cat "/run/lab/${1:-guest1}.pid"
}

lab_guest_console() {
	cat "/run/lab/${1:-guest1}.console"
}

# lab_guest_qmp COMMAND [NAME]: tell its monitor.
lab_guest_qmp() {
	python3 -I -S - "/run/lab/${2:-guest1}.qmp" "$1" << 'EOF'
import json, socket, sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
stream = connection.makefile("rw")
for command in "qmp_capabilities", sys.argv[2]:
    stream.write(json.dumps({"execute": command}) + "\n")
    stream.flush()
    for line in stream:
        if "return" in line or "error" in line:
            break
print(line)
sys.exit("error" in line)
EOF
}

# Hardware virtualisation for guests, whichever this processor has.
lab_kvm_up() {
	[ -e /dev/kvm ] && return
	arch_kvm_up || return
	[ -e /dev/kvm ]
}

# lab_guest_start [--no-vhost] [--smp N] [--queues N] [--mem MB] [--poll-us N]
#		  [--nic tap|macvtap|vfio|user|unix] [--lower NIC] [--no-csum]
#		  [--args WORDS] [NAME]
# With unix, nobody answers, nor is to be waited for.
# --lower is the NIC of macvtap and vfio; --no-csum for XDP, which forgets what
# is still to be done to a packet.
lab_guest_start() {
	local name=guest1 vhost=on smp=1 queues=1 mem=128 nic=tap lower=eth1 poll=0
	local args='' number mac netdev='' device='' modules status csum='' ip i

	while [ $# -gt 0 ]; do
		case $1 in
		--no-vhost)	vhost=off; shift; continue ;;
		--no-csum)	csum=off; shift; continue ;;
		--smp)		smp=$2 ;;
		--queues)	queues=$2 ;;
		--mem)		mem=$2 ;;
		--nic)		nic=$2 ;;
		--lower)	lower=$2 ;;
		--poll-us)	poll=$2 ;;
		--args)		args=$2 ;;
		-*)		echo "lab_guest_start: no option $1" >&2; return 2 ;;
		*)		name=$1; shift; continue ;;
		esac
		shift 2
	done
	number=$(lab_guest_number "$name")
	mac=$(lab_guest_mac "$name")
	ip=lab.ip=$(lab_guest_ip "$name")/24
	[ -n "$number" ] || {
		echo "lab_guest_start: $name: a guest's name ends in its number" >&2
		return 2
	}

	lab_kvm_up || return
	modules="tun vhost_net"
	[ "$vhost" = off ] && modules=tun
	# shellcheck disable=SC2086
	modprobe -a $modules || return

	device=virtio-net-pci,netdev=net,mac=$mac,romfile=,disable-legacy=on
	[ "$queues" -gt 1 ] && device+=,mq=on,vectors=$((2 * queues + 2))
	[ -n "$csum" ] && device+=,csum=off,guest_csum=off
	case $nic in
	tap)
		lab_tap_add "tap$number" "$queues" || return
		netdev=tap,ifname=tap$number,script=no,downscript=no,vhost=$vhost
		[ "$queues" -gt 1 ] && netdev+=,queues=$queues
		[ "$poll" -gt 0 ] && netdev+=,poll-us=$poll
		;;
	macvtap)
		modprobe macvtap
		lab_macvtap_add "macvtap$number" "$mac" "$lower" || return
		netdev=tap,fd=7,vhost=$vhost
		exec 7<> "/dev/tap$(< "/sys/class/net/macvtap$number/ifindex")" || return
		;;
	vfio)
		device=vfio-pci,host=$(lab_vfio_take "$lower") || return
		;;
	user)
		netdev=user,net=10.9.1.0/24
		for i in 7 9 19; do
			netdev+=,hostfwd=udp:$LAB_HOST_IP:$((7000 + i))-10.9.1.$((8 + number)):$i
		done
		ip="lab.ip=10.9.1.$((8 + number))/24 lab.gw=10.9.1.2"
		;;
	unix)
		# a switch in user space, which is not there
		netdev=dgram,local.type=unix,local.path=/run/lab/$name.net
		netdev+=,remote.type=unix,remote.path=/run/lab/$name.peer
		;;
	*)
		echo "lab_guest_start: no NIC $nic" >&2
		return 2
		;;
	esac

	rm -f "/run/lab/$name.console"
	# shellcheck disable=SC2046,SC2086
	$ARCH_QEMU -name "$name,debug-threads=on" \
		-accel kvm $(arch_guest_machine) \
		-smp "$smp" -m "$mem" \
		-nodefaults -no-user-config -display none -daemonize \
		-pidfile "/run/lab/$name.pid" \
		-qmp "unix:/run/lab/$name.qmp,server=on,wait=off" \
		-serial "file:/run/lab/$name.console" \
		-kernel "$(arch_image "$LAB_GUEST_KERNEL_DIR")" \
		-initrd "$LAB_GUEST_DIR/initramfs" \
		-append "$LAB_GUEST_CMDLINE $ip" \
		${netdev:+-netdev "$netdev,id=net"} -device "$device" \
		$args $LAB_GUEST_ARGS
	status=$?
	[ "$nic" = macvtap ] && exec 7>&-
	[ "$status" = 0 ] || return "$status"
	echo "$nic" > "/run/lab/$name.nic"
	lab_guest_pin "$name"
}

# lab_guest_pin NAME: each vCPU to a processor of its own, as one does for real
# time.
lab_guest_pin() {
	local task number

	for task in /proc/"$(lab_guest_pid "$1")"/task/*; do
		[[ $(< "$task/comm") = CPU\ *[0-9]/KVM ]] || continue
		number=$(tr -dc 0-9 < "$task/comm")
		taskset -p -c $((number % $(nproc))) "${task##*/}" > /dev/null
	done
}

# Take a NIC from its driver and give it to vfio; print its address.
lab_vfio_take() {
	local device address

	device=$(readlink -f "/sys/class/net/$1/device")
	address=${device##*/}
	modprobe vfio_iommu_type1 allow_unsafe_interrupts=1 >&2 || return
	modprobe vfio-pci >&2 || return
	echo vfio-pci > "$device/driver_override"
	echo "$address" > "$device/driver/unbind"
	echo "$address" > /sys/bus/pci/drivers_probe
	[ -e "/sys/bus/pci/drivers/vfio-pci/$address" ] || return
	echo "$address"
}

# lab_guest_answers NAME: to host2.
lab_guest_answers() {
	case $(< "/run/lab/$1.nic") in
	user)	lab_echo 1 "$LAB_HOST_IP" 7007 ;;
	*)	lab_ping 1 "$(lab_guest_ip "$1")" ;;
	esac
}

# lab_guest_wait [NAME]
lab_guest_wait() {
	local name=${1:-guest1}

	lab_wait_for 300 grep -q "guest up" "/run/lab/$name.console" &&
	lab_wait_for 60 lab_guest_answers "$name" && return
	echo "lab: $name did not come up; its console:" >&2
	cat "/run/lab/$name.console" >&2
	return 1
}

lab_guest_end() {
	local signal=$1 name=$2 pid number

	number=$(lab_guest_number "$name")
	pid=$(lab_guest_pid "$name") || return
	kill "-$signal" "$pid" &&
	lab_wait_for 60 lab_process_gone "$pid" || return
	rm -f "/run/lab/$name".*
	ip link delete "tap$number" 2> /dev/null ||
		ip link delete "macvtap$number" 2> /dev/null ||
		:
}

# lab_guest_stop [NAME], lab_guest_kill [NAME]: with and without its consent.
lab_guest_stop() {
	lab_guest_end TERM "${1:-guest1}"
}

lab_guest_kill() {
	lab_guest_end KILL "${1:-guest1}"
}
