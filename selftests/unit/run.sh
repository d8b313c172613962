#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# run.sh DIRECTORY FUZZ_SECONDS TEST...: run test binaries, tell in KTAP what
# came of them. A binary that ends early has failed: its own plan says how many
# results there should be.

dir=$1
fuzz_seconds=$2
shift 2

here=$(dirname "$0")
export TSAN_OPTIONS="suppressions=$here/tsan.supp halt_on_error=1"
export UBSAN_OPTIONS=print_stacktrace=1

n=0
failed=0

result() {
	n=$((n + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $n $2"
}

echo "KTAP version 1"
echo "1..$(($# + 2))"
# a rule that its mutation does not find any more is not tested
log=$dir/mutants.log
if "$here/mutants.sh" --rules > "$log" 2>&1; then
	result ok mutants_have_rules
else
	sed 's/^/    # /' "$log"
	result "not ok" mutants_have_rules
fi
for t in "$@"; do
	log=$dir/$t.log
	"$dir/$t" > "$log" 2>&1
	status=$?
	sed 's/^/    /' "$log"
	plan=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$log")
	ok=$(grep -c '^ok ' "$log")
	if [ "$status" = 0 ] && [ "$plan" = "$ok" ]; then
		result ok "$t"
	else
		result "not ok" "$t"
	fi
done

if [ -x "$dir/fuzz_path" ]; then
	log=$dir/fuzz_path.log
	if "$dir/fuzz_path" -max_total_time="$fuzz_seconds" -timeout=10 \
		-artifact_prefix="$dir/" -print_final_stats=1 \
		"$dir/corpus" > "$log" 2>&1; then
		result ok fuzz_path
	else
		tail -n 40 "$log" | sed 's/^/    # /'
		result "not ok" fuzz_path
	fi
else
	result ok "fuzz_path # SKIP needs clang with libFuzzer"
fi

[ "$failed" = 0 ]
