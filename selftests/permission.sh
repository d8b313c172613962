#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# permission: when packets come to other people's guests is not for everybody.

# shellcheck source=lib.sh disable=SC2119
. "$(dirname "$0")/lib.sh"

lw_need_module
lw_need_report
lw_need_tools setpriv unshare
lw_need_program netlink

# somewhere that everybody may execute
cp "$LATWATCH_PROGRAMS/netlink" "$LW_TMP/netlink"
chmod 755 "$LW_TMP" "$LW_TMP/netlink"
probe="$LW_TMP/netlink probe"

commands=14

# every_op WORD COMMAND...: each operation ends with that word, without a reply.
every_op() {
	local word=$1
	shift

	"$@" > "$LW_TMP/ops" || return
	cat "$LW_TMP/ops"
	[ "$(grep -c -E " $word 0\$" "$LW_TMP/ops")" = "$commands" ] &&
	[ "$(wc -l < "$LW_TMP/ops")" = "$commands" ]
}

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all --bounding-set=-all "$@"
}

# shellcheck disable=SC2086
administrator() {
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin \
		$probe > "$LW_TMP/ops" || return
	cat "$LW_TMP/ops"
	# answers, not just an absence of refusals: the host has stages
	[ "$(grep -c ' done ' "$LW_TMP/ops")" = "$commands" ] &&
	grep -q -E '^stage-get done [1-9]' "$LW_TMP/ops" &&
	grep -q -E '^info-get done 1$' "$LW_TMP/ops"
}

absent() {
	"$@" > "$LW_TMP/ops" || return
	cat "$LW_TMP/ops"
	[ "$(cat "$LW_TMP/ops")" = "family absent 0" ]
}

namespace() {
	unshare -U true 2> /dev/null || {
		echo "user namespaces are off"
		return "$KSFT_SKIP"
	}
	"$@"
}

# refusals change nothing: the epoch that a reset would have begun
epoch() {
	lw_true "j['info']['epoch'] == $1"
}

reporter() {
	cp "$LATWATCH_REPORT" "$LW_TMP/report" || return
	chmod 755 "$LW_TMP/report"
	nobody "$LW_TMP/report" > "$LW_TMP/said" 2> "$LW_TMP/why"
	status=$?
	cat "$LW_TMP/why"
	[ "$status" = 1 ] && [ ! -s "$LW_TMP/said" ] && [ -s "$LW_TMP/why" ]
}

lw_begin 8
lw_test "the module loads" lw_load
before=$(lw_json 'j["info"]["epoch"]')
# shellcheck disable=SC2086
{
	lw_test "a user gets nothing" every_op EPERM nobody $probe
	lw_test "an administrator of a user namespace gets nothing" \
		namespace every_op EPERM unshare -U -r $probe
	lw_test "the family is not there in another network namespace" \
		absent unshare -n $probe
	lw_test "nor with a user namespace around it" \
		namespace absent unshare -U -r -n $probe
}
lw_test "latwatch-report tells a user why" reporter
lw_test "who was refused has begun no epoch" epoch "$before"
lw_test "CAP_NET_ADMIN is enough" administrator
lw_end
