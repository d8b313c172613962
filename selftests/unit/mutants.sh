#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mutants.sh DIRECTORY [NAME...]: take each rule of mutants.txt out of a copy
# of the engine, and see that the test that it names fails then. A mutation
# that changes nothing has lost its rule, and has failed, too.
#
# mutants.sh --rules: see only that no mutation has lost its rule, and that each
# names a test; takes seconds. Prints those that do not.

here=$(cd "$(dirname "$0")" && pwd)
kmod=${KMOD:-$here/../../kmod}

# trim TEXT: leaves it in $trimmed; a subshell for each would take its time
trim() {
	local s=$1

	s=${s#"${s%%[![:space:]]*}"}
	s=${s%"${s##*[![:space:]]}"}
	trimmed=$s
}

# rules FUNCTION: call it with the four fields of each
rules() {
	local line rest name file test

	while IFS= read -r line; do
		case $line in "" | "#"*) continue ;; esac
		# the expression may contain a |: the fields around it do not
		trim "${line%%|*}"
		name=$trimmed
		rest=${line#*|}
		trim "${rest%%|*}"
		file=$trimmed
		rest=${rest#*|}
		trim "${rest##*|}"
		test=$trimmed
		trim "${rest%|*}"
		"$1" "$name" "$file" "$trimmed" "$test"
	done < "$here/mutants.txt"
}

# has_rule NAME FILE EXPRESSION TEST
has_rule() {
	if sed "$3" "$kmod/$2" | cmp -s - "$kmod/$2"; then
		echo "$1: $2 has nothing to mutate"
	elif ! grep -qw "TEST(${4#*:})" "$here/${4%%:*}.c"; then
		echo "$1: there is no $4"
	else
		return
	fi
	failed=1
}

if [ "$1" = --rules ]; then
	failed=0
	rules has_rule
	exit $failed
fi

dir=$1
shift
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
rm -rf "$dir/base"
mkdir "$dir/base"
CC=${CC:-gcc}

# of kmod/, as the Makefile names them
engine=$(make -s -C "$here" print-engine) || exit
n=0
failed=0

result() {
	n=$((n + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $n $2"
}

# compile SOURCE ENGINE_DIRECTORY OBJECT
compile() {
	$CC -std=gnu11 -O0 -w -fsanitize=undefined -fno-sanitize-recover=all \
		-I "$here/shim" -I "$here" -I "$2" -I "$here/../../include" \
		-c -o "$3" "$1"
}

# build TEST ENGINE_DIRECTORY FILE: what a change of FILE does not touch is
# compiled once, of the engine as it is
build() {
	local names="$1 machine machine_net outcome ktap $engine" objects="" n source object libs=""

	[ "$1" != test_table ] || names="$1 ktap engine/table"
	if [ "$1" = test_btf ]; then
		names="$1 ktap probe/btf" libs=-lbpf
	fi
	[ "$1" != test_chaos ] || names="$names chaos"
	for n in $names; do
		source=$here/$n.c
		[ -e "$source" ] || source=$2/$n.c
		object=$2/${n//\//-}.o
		if [ "$3" = "${3%.h}" ] && [ "$3" != "$n.c" ]; then
			object=$dir/base/${n//\//-}.o
			[ -e "$here/$n.c" ] || source=$kmod/$n.c
		fi
		[ -e "$object" ] || compile "$source" "$2" "$object" || return 1
		objects="$objects $object"
	done
	# shellcheck disable=SC2086
	$CC -fsanitize=undefined -pthread -o "$2/test" $objects $libs
}

mutant() {
	local name=$1 file=$2 expression=$3 binary=${4%%:*} test=${4#*:}
	local copy=$dir/$name

	rm -rf "$copy"
	mkdir -p "$copy"
	cp -r "$kmod"/* "$copy"
	sed -i "$expression" "$copy/$file"
	if cmp -s "$copy/$file" "$kmod/$file"; then
		result "not ok" "$name: $file has nothing to mutate"
	elif ! build "$binary" "$copy" "$file" 2> "$copy/log"; then
		result "not ok" "$name: does not compile, see $copy/log"
	# an endless loop is a failure that is seen as well
	elif timeout 60 "$copy/test" "$test" > "$copy/log" 2>&1; then
		result "not ok" "$name: $4 does not notice"
	elif grep -q "^ok .* $test\$" "$copy/log" ||
	     grep -q '^1\.\.0$' "$copy/log"; then
		result "not ok" "$name: there is no $4"
	else
		result ok "$name: $4"
		rm -rf "$copy"
	fi
}

only=" $* "
count=0
count_rule() {
	count=$((count + 1))
}

mutant_if_named() {
	if [ "$only" = "  " ] || [[ $only == *" $1 "* ]]; then
		mutant "$@"
	fi
}

rules count_rule
echo "KTAP version 1"
[ $# != 0 ] || echo "1..$count"
rules mutant_if_named

[ "$failed" = 0 ]
