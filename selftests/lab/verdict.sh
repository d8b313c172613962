# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# verdict: did the kernel complain?
#
# Takes kernel logs. Gives the complaints with some context, and a status.

VERDICT_BAD='WARNING: |BUG: |\bBUG at |Oops|Kernel panic|Call Trace:'
VERDICT_BAD+='|possible recursive locking|possible circular locking|inconsistent lock state'
VERDICT_BAD+='|bad unlock balance|held lock freed|Invalid wait context|suspicious RCU usage'
VERDICT_BAD+='|INFO: rcu|rcu: INFO|RCU stall|INFO: task .* blocked|blocked for more than'
VERDICT_BAD+='|scheduling while atomic|sleeping function called'
VERDICT_BAD+='|KASAN|KCSAN|KFENCE: [a-z]|UBSAN|kmemleak: [0-9]+ new|refcount_t:'
VERDICT_BAD+='|general protection|unable to handle|double fault|stack guard page'
VERDICT_BAD+='|soft lockup|hard LOCKUP|list_(add|del) corruption|unreferenced object'
# who would complain has given up
VERDICT_BAD+='|trying to register non-static key|locking correctness validator'
VERDICT_BAD+='|lockdep is turned off|Disabling lock debugging|ODEBUG disabled'
VERDICT_BAD+='|kmemleak: (Cannot|Memory pool empty|.* disabled|.*unknown object|.*by alias)'

# verdict_clean FILE...: fail, and show why, if a log has a complaint.
verdict_clean() {
	local file bad status=0 allow

	allow=$(grep -v -e '^#' -e '^$' "$LAB_DIR/console-allow.txt" | paste -sd '|')
	for file; do
		[ -s "$file" ] || continue
		bad=$(grep -a -v -E "${allow:-^\$}" "$file" |
			grep -a -E -B 3 -A 30 "$VERDICT_BAD" | head -n 120)
		[ -z "$bad" ] && continue
		note "the kernel complained (${file##*/}):"
		tr -d '\r' <<< "$bad" >&2
		status=1
		break
	done
	return $status
}
