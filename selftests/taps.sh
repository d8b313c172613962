#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# taps: a broadcast goes to many taps at once: some are read, by a process that
# is no VMM, the others are open and fill up; and one is the guest's.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_lab "taps"
lw_need_tools python3 mausezahn
lw_need_guest

TAPS=64 READ=4 RING=8

names=()
for ((i = 100; i < 100 + TAPS; i++)); do
	names+=("tap$i")
done

# down before they go: a link event for each makes the bridge look at all
remove() {
	printf 'link del %s\n' "${names[@]}" | ip -force -batch -
}

add() {
	lw_at_exit remove
	{
		printf 'tuntap add dev %s mode tap vnet_hdr\n' "${names[@]}"
		printf 'link set %s txqueuelen '"$RING"' master br0 up\n' \
			"${names[@]}"
	} | ip -batch -
}

# forwarding N: to so many of the taps. The bridge hears of a carrier by a worker, some
# time after it came or went.
forwarding() {
	local name n=0

	for name in "${names[@]}"; do
		[ "$(< "/sys/class/net/$name/brport/state")" != 3 ] || n=$((n + 1))
	done
	[ "$n" = "$1" ]
}

# hold: until let_go, which leaves what was read in the file frames
hold() {
	mkfifo "$LW_TMP/input" || return
	python3 -I -S "$LW_DIR/taps.py" "$READ" "${names[@]}" \
		< "$LW_TMP/input" > "$LW_TMP/frames" &
	holder=$!
	exec 9> "$LW_TMP/input"
	rm "$LW_TMP/input"
	lw_wait 60 grep -q open "$LW_TMP/frames" || {
		echo "the taps are not open"
		return 1
	}
	lw_wait 240 forwarding "$TAPS" || {
		echo "the bridge does not forward to all taps"
		return 1
	}
}

# and the bridge knows of it, or who opens them next would take it for ready
let_go() {
	exec 9>&-
	wait "$holder"
	lw_wait 240 forwarding 0
}

# what the kernel counts for the taps and for the guest's: counted FILE
counted() {
	local name sum=0

	for name in "${names[@]}" "$LATWATCH_TAP"; do
		sum=$((sum + $(< "/sys/class/net/$name/statistics/$1")))
	done
	echo "$sum"
}

broadcast() {
	lw_sender mausezahn "$LATWATCH_SENDER_DEV" -q -c "$1" -d 0 -b bcast \
		-B 10.9.0.255 -t udp "sp=4000,dp=9" -p 18 > /dev/null
}

# nothing new in them; what lies in a full ring stays there
settled() {
	local now

	now=$(counted tx_dropped),$(counted tx_packets)
	[ "$now" = "$last" ] && return
	last=$now
	sleep 0.3
	return 1
}

# Each drop has the kernel's reason and is as many as the devices say, and each
# frame that a process read is known as such.
flood() {
	local dropped

	hold || return
	lw_mark
	dropped=$(counted tx_dropped)
	broadcast 50 && broadcast 50
	last=
	lw_wait 60 settled
	dropped=$(($(counted tx_dropped) - dropped))
	let_go
	read -r -d '' _ frames < "$LW_TMP/frames"
	echo "dropped $dropped, read $frames"
	[ "$dropped" -ge $(((TAPS - READ) * 50)) ] &&
	[ "$frames" -ge $((READ * 50)) ] &&
	lw_closed 'total(host, "opened")' $((TAPS * 50)) || return
	LW_BEFORE=$LW_TMP/mark lw_true "
		grown(lambda: line('FULL_RING')) == $dropped and
		grown(lambda: line('taken by a process without vCPU')) == $frames
		and len(vms()) == 1" "$LW_TMP/json"
}

# used PARAMETER: how many there are of what it bounds
used() {
	lw_json "next(l['used'] for l in j['info']['limits'] if l['name'] == '$1')"
}

# used_up PARAMETER=VALUE: but for what is on its way
used_up() {
	[ "$(used "${1%=*}")" -ge $((${1#*=} - READ)) ]
}

# use_up PARAMETER=VALUE: with one more; the sender's own packets take room as well
# as long as they are on their way, so not with many at once
use_up() {
	broadcast 1
	used_up "$1"
}

# again PARAMETER=VALUE EXPRESSION N: it is too small, and used up by what nobody
# takes; the books close with what did not fit, which grows by N at least.
again() {
	local status=0

	lw_unload && lw_load "$1" && hold && lw_mark || return
	lw_wait 60 use_up "$1" || {
		echo "$(used "${1%=*}") are used, not $1"
		status=1
	}
	broadcast 50
	# a slow host's NIC may have begun with it only now
	lw_wait 60 lw_grown "$2" "$3"
	last=
	lw_wait 60 settled
	let_go
	[ "$status" = 0 ] && lw_closed "$2" "$3"
}

# watches N COMMAND...: and then as many devices more are watched than at first
watches() {
	local more=$1
	shift

	"$@" || return
	[ "$(used max_taps)" = $((before + more)) ] && return
	echo "$* leaves $(($(used max_taps) - before)) more than before, not $more"
	return 1
}

# A tap that is below a macvtap for a while stays what it is; what is watched
# for the sake of a macvtap is so until that goes, wherever it goes before.
come_and_go() {
	local before

	lw_unload && lw_load && before=$(used max_taps) || return
	lw_at_exit 'ip netns del away 2> /dev/null; ip link del v0 2> /dev/null
		    ip link del t0 2> /dev/null'
	modprobe -a macvtap veth && ip netns add away &&
	watches 1 ip tuntap add dev t0 mode tap &&
	watches 2 ip link add link t0 name mv0 type macvtap &&
	watches 1 ip link del mv0 &&
	watches 1 ip link add v0 type veth peer name v1 &&
	watches 3 ip link add link v0 name mv0 type macvtap &&
	watches 4 ip link add link v0 name mv1 type macvtap &&
	watches 4 ip link set mv0 netns away &&
	watches 4 ip -n away link set mv0 netns 1 &&
	watches 3 ip link del mv0 &&
	watches 3 ip link set mv1 netns away &&
	watches 1 ip -n away link del mv1 &&
	watches 1 ip link set t0 netns away &&
	watches 0 ip -n away link del t0
}

# over NAME: the guest's tap is said to be a port of it
over() {
	lw_true "[(w['tap'], w['over']) for v in vms() for w in v['ways']] ==
		 [('$LATWATCH_TAP', '$1')]"
}

# called FROM TO: a device that is up keeps its name on older kernels
called() {
	ip link set "$1" down && ip link set "$1" name "$2" && ip link set "$2" up
}

# The bridge has another name for a while, and so has what the tap is a port of.
renamed() {
	lw_ping 1 && over br0 && lw_at_exit 'called br9 br0' &&
	called br0 br9 && over br9 && called br9 br0 && over br0 && return
	lw_json '[v["ways"] for v in vms()]'
	return 1
}

lw_dmesg_mark all
lw_begin 10
lw_test "the module loads" lw_load
lw_test "$TAPS taps join the bridge" add
lw_test "a flood: what is dropped, read and left is what the kernel says" flood
lw_test "a table of 64 packets is too small" \
	again max_skbs=64 'line("skb table full")' 1000
lw_test "16 taps are watched, the others are not" \
	again max_taps=16 'total(host, "opened")' $((16 * 50))
lw_test "each of the others is counted" \
	lw_true 'line("devices not watched, tap table full") == '$((TAPS + 1 - 16)) "$LW_TMP/json"
lw_test "devices come, move and go" come_and_go
lw_test "a bridge that is renamed" renamed
lw_test "the guest still answers" lw_wait 60 lw_ping 3
lw_test "the kernel has no complaint" lw_no_splat all
lw_end
