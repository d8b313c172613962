#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Host tests of the reporter, as KTAP.
#
#	run.sh REPORTER FOLDER		REPORTER: as it is installed; FOLDER: where
#					the test programs were built
#	run.sh --golden FOLDER		writes the golden files anew

# shellcheck disable=SC2317	# some functions are called by name

set -u
export LC_ALL=C TZ=UTC
unset LW_FAKE LW_FAKE_LOG
here=$(dirname "$0")
golden=$here/golden
reporter=$1
built=$2
fake=$built/latwatch-report
out=$built/out
rm -rf "$out"
mkdir -p "$out"

# What each golden file is made from: its name, the machine, the arguments.
goldens='
page-normal.txt		normal
page-empty.txt		empty
page-missing.txt	missing
page-two-vms.txt	two-vms
page-one-of-two.txt	two-vms		--vm 2
page-by-pid.txt		two-vms		--vm 217
page-non-rt.txt		non-rt
page-forgotten.txt	forgotten
page-interrupted.txt	interrupted
page-vm-goes.txt	vm-goes
page-paths.txt		paths
page-paths-2.txt	paths		--vm 2
page-paths-blind.txt	paths-blind
page-paths-forgotten.txt paths-forgotten
page-watch.txt		normal		--watch=0.1 --count 2
json-normal.json	normal		--json
json-empty.json		empty		--json
json-missing.json	missing		--json
json-two-vms.json	two-vms		--json
json-paths.json		paths		--json
json-watch.json		empty		--json --watch=0.1 --count 2
csv-normal.csv		normal		--csv
csv-empty.csv		empty		--csv
csv-missing.csv		missing		--csv
csv-two-vms.csv		two-vms		--csv
csv-paths.csv		paths		--csv
csv-watch.csv		empty		--csv --watch=0.1 --count 2
vms.txt			two-vms		--vms
vms-empty.txt		empty		--vms
cpus.txt		normal		--cpus
cpus-paths.txt		paths		--cpus
ledger.txt		two-vms		--ledger
ledger-paths.txt	paths		--ledger
histogram-paths.txt	paths		--histogram TX/stack
histogram-reader.txt	paths		--histogram reader/end_to_end
histogram.txt		two-vms		--histogram tap-dwell
reset.txt		normal		--reset
help.txt		normal		--help
'

each_golden() {
	echo "$goldens" | while read -r file machine arguments; do
		[ -n "$file" ] || continue
		"$1" "$file" "$machine" "$arguments" || echo "$file"
	done
}

# Arguments are split at blanks on purpose.
# shellcheck disable=SC2086
render() {
	LW_FAKE=$2 "$fake" $3 >"$4/$1" 2>"$out/$1.err" </dev/null
	status=$?
	if [ $status -ne 0 ] || [ -s "$out/$1.err" ]; then
		echo "# $1: exit status $status" >&2
		sed 's/^/# /' "$out/$1.err" >&2
		return 1
	fi
}

write_golden() {
	render "$1" "$2" "$3" "$golden"
}

if [ "$1" = --golden ]; then
	mkdir -p "$golden"
	[ -z "$(each_golden write_golden)" ]
	exit
fi

nr=0
bad=0
echo "KTAP version 1"

ok() { # STATUS NAME
	nr=$((nr + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $nr $2"
	else
		echo "not ok $nr $2"
		bad=1
	fi
}

skip() { # NAME WHY
	nr=$((nr + 1))
	echo "ok $nr $1 # SKIP $2"
}

program() { # NAME: a program that speaks KTAP itself
	"$built/$1" >"$out/$1.ktap" 2>"$out/$1.err"
	status=$?
	sed 's/^/  /' "$out/$1.ktap"
	sed 's/^/# /' "$out/$1.err"
	ok $status "$1"
}

exits() { # STATUS ERROR ARGUMENTS...: ERROR is a part of the only line there
	want=$1
	error=$2
	shift 2
	"$program" "$@" >"$out/stdout" 2>"$out/stderr" </dev/null
	got=$?
	result=0
	[ $got -eq "$want" ] || result=1
	if [ -n "$error" ]; then
		[ "$(wc -l <"$out/stderr")" -eq 1 ] || result=1
		grep -qF -- "$error" "$out/stderr" || result=1
	elif [ -s "$out/stderr" ]; then
		result=1
	fi
	if [ $result -ne 0 ]; then
		echo "# exit status $got, not $want, or not the error '$error':"
		sed 's/^/# /' "$out/stderr"
	fi
	ok $result "${LW_FAKE:-installed}: $* exits $want"
}

program test_decode
program test_model

each_pair() {
	render "$1" "$2" "$3" "$out" &&
		diff -u "$golden/$1" "$out/$1" >"$out/$1.diff" 2>&1
}

failed=$(each_golden each_pair)
for file in $(echo "$goldens" | awk 'NF { print $1 }'); do
	case " $(echo "$failed" | tr '\n' ' ') " in
	*" $file "*)
		sed 's/^/# /' "$out/$file.diff" 2>/dev/null
		ok 1 "golden $file"
		;;
	*)
		ok 0 "golden $file"
		;;
	esac
done

# The comparison above must be able to fail.
sed '$s/[0-9]/x/' "$golden/page-normal.txt" >"$out/changed"
diff -q "$out/changed" "$out/page-normal.txt" >/dev/null
[ $? -eq 1 ]
ok $? "a changed golden file is noticed"

result=0
for file in "$out"/page-*.txt "$out"/cpus*.txt "$out"/vms.txt \
	    "$out"/*.csv "$out"/ledger*.txt "$out"/histogram*.txt; do
	if LC_ALL=C grep -q '[^ -~]' "$file"; then
		echo "# $file has bytes that are not printable"
		result=1
	fi
done
ok $result "nothing but printable ASCII reaches a terminal"

if command -v python3 >/dev/null; then
	python3 "$here/check_json.py" "$out"/json-normal.json \
		"$out"/json-empty.json "$out"/json-missing.json \
		"$out"/json-two-vms.json "$out"/json-paths.json >"$out/json.err" 2>&1
	status=$?
	sed 's/^/# /' "$out/json.err"
	ok $status "JSON is valid and its keys have units"
else
	skip "JSON is valid and its keys have units" "no python3"
fi

program=$fake
export LW_FAKE
LW_FAKE=normal
exits 0 ""
exits 0 "" --version
exits 0 "" -h
exits 0 "" --vm 1 --cpus
exits 0 "" -w0.1 --count 1
exits 2 "unrecognized option '--nonsense'" --nonsense
exits 2 "requires an argument" --vm
exits 2 "'x' is no argument for --vm" --vm x
exits 2 "'-1' is no argument for --vm" --vm=-1
exits 2 "'4294967296' is no argument for --vm" --vm 4294967296
exits 2 "'0' is no argument for --watch" --watch=0
exits 2 "'nan' is no argument for --watch" --watch=nan
exits 2 "'1x' is no argument for --watch" --watch=1x
exits 2 "'2' is not an option" --watch 2
exits 2 "--count needs --watch" --count 2
exits 2 "'0' is no argument for --count" --watch --count 0
exits 2 "--json and --csv cannot be had together" --json --csv
exits 2 "--reset takes neither" --reset --vm 1
exits 1 "no VM has the id or the pid 99" --vm 99
exits 1 "no stage is named 'nonsense'" --histogram nonsense
LW_FAKE=paths
exits 2 "say which: rx/stack, tx/stack, reader/stack" --histogram stack
exits 2 "say which: rx/backend_wake, tx/backend_wake" --histogram backend_wake
exits 2 "say which: tx/driver, local/driver" --histogram driver -w --count 1
exits 0 "" --histogram local/driver
exits 0 "" --histogram tap-dwell
exits 1 "no stage is named 'tx/tap-dwell'" --histogram tx/tap-dwell
exits 1 "no stage is named 'up/stack'" --histogram up/stack
exits 1 "no stage is named 'stack/'" --histogram stack/
LW_FAKE=absent
exits 1 "is not loaded: run 'insmod latwatch.ko' or 'modprobe latwatch'"
exits 1 "is not loaded" --reset
exits 0 "" --help
LW_FAKE=version
exits 1 "speaks version 2"
LW_FAKE=eperm
exits 1 "needs CAP_NET_ADMIN in the initial user namespace"
LW_FAKE=extack
exits 1 "watermark-get: Invalid argument: attribute is not to its liking"
LW_FAKE=garbled
exits 1 "answer to stage-get is malformed"
LW_FAKE=no-socket
exits 1 "netlink socket"

# Changed under us once: it is read again, and nothing is said of it.
LW_FAKE=interrupted-once LW_FAKE_LOG=$out/log "$fake" >"$out/once"
diff -u "$golden/page-normal.txt" "$out/once" >"$out/once.diff" &&
	[ "$(grep -c '^4 ' "$out/log")" -eq 2 ]
ok $? "a dump that was interrupted is read again"

if [ -w /dev/full ]; then
	LW_FAKE=normal "$fake" >/dev/full 2>"$out/stderr"
	[ $? -eq 1 ] && grep -q "cannot write" "$out/stderr"
	ok $? "a full disk is a failure"
else
	skip "a full disk is a failure" "no /dev/full"
fi

program=$reporter
unset LW_FAKE
exits 2 "unrecognized option" --nonsense
if [ -d /sys/module/latwatch ]; then
	skip "installed: exits 1 without the module" "the module is loaded"
else
	exits 1 "is not loaded: run 'insmod latwatch.ko'"
fi

# Keys, on a terminal of script(1): r resets, v chooses a VM, q quits.
if command -v script >/dev/null; then
	export LW_FAKE=two-vms LW_FAKE_LOG="$out/keys"
	for key in r v q; do
		sleep 0.7
		printf %s "$key"
	done | TERM=vt100 timeout 20 script -qec \
		"stty cols 200 rows 60; $fake --watch=30" /dev/null \
		>"$out/screen" 2>&1
	status=$?
	unset LW_FAKE LW_FAKE_LOG
	[ $status -eq 0 ]
	ok $? "watch: q quits with status 0"
	grep -q '^7 ' "$out/keys"
	ok $? "watch: r resets"
	grep -q '^2 1$' "$out/keys"
	ok $? "watch: v chooses a VM"
	grep -q 'q quit' "$out/screen" && grep -q 'end to end' "$out/screen"
	ok $? "watch: draws the page and its keys"
else
	skip "watch: keys" "no script(1)"
fi

if [ -x "$built/fuzz_decode" ]; then
	mkdir -p "$out/corpus"
	"$built/seeds" "$out/corpus" &&
		"$built/fuzz_decode" -runs=20000 -max_len=16384 -seed=1 -timeout=20 \
			-max_total_time=120 \
			-artifact_prefix="$out/" "$out/corpus" \
			>"$out/fuzz.log" 2>&1
	status=$?
	[ $status -eq 0 ] || tail -n 40 "$out/fuzz.log" | sed 's/^/# /'
	ok $status "fuzz"
else
	skip "fuzz" "no clang"
fi

echo "1..$nr"
exit $bad
