# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# arch: whose processors the machines have, and how its packages are got.
#
# Takes LAB_ARCH, Debian's name of an architecture; without it, that of this
# machine. Gives what arch/NAME.sh knows, and nothing else asks for a name:
#
#	ARCH_KERNEL		the kernel's name for it
#	ARCH_TRIPLET		the compiler's
#	ARCH_QEMU		the emulator, inside and outside
#	ARCH_CONSOLE		its serial port
#	ARCH_WATCH		y: watch.sh is of use
#	arch_image FOLDER	the kernel in there that QEMU boots
#	arch_unpack FILE	what is inside a packed kernel, if that is needed
#	arch_kvm_works		hardware virtualisation does, and nests
#	arch_icount		how instructions are counted
#	arch_icount_cpus RELEASE ASKED	how many CPUs may take turns then
#	arch_cpu MODE		the processor (accel.sh)
#	arch_machine TYPE	QEMU's arguments for a machine (topology.sh)
#	arch_cmdline TYPE	words for its kernel's command line
#	arch_guest_machine	the same for nested guests
#	arch_guest_cmdline MODE
#	arch_kvm_up		have KVM's modules, inside
#
# Of another architecture than this machine's, packages are resolved by an apt
# that knows of no other and of nothing installed, and unpacked into the cache:
# this machine's dpkg hears nothing of it.

LAB_NATIVE=$(dpkg --print-architecture 2> /dev/null || echo amd64)
: "${LAB_ARCH:=$LAB_NATIVE}"

# arch_set NAME: the one of all machines and kernels from here on.
arch_set() {
	[ -r "$LAB_DIR/arch/$1.sh" ] ||
		usage_error "no architecture '$1': it is one of $(arch_names)"
	LAB_ARCH=$1
	# shellcheck source=/dev/null
	. "$LAB_DIR/arch/$1.sh"
}

arch_names() {
	(cd "$LAB_DIR/arch" && printf '%s\n' *.sh) | sed 's/\.sh$//' | paste -sd ' '
}

arch_foreign() {
	[ "$LAB_ARCH" != "$LAB_NATIVE" ]
}

# arch_cache NAME: its name in the cache.
arch_cache() {
	if arch_foreign; then
		echo "$LAB_ARCH/$1"
	else
		echo "$1"
	fi
}

arch_compiler() {
	arch_foreign && echo -n "$ARCH_TRIPLET-"
	echo gcc
}

arch_cc() {
	local root

	root=$(arch_root) || return
	echo "$(arch_compiler)$(arch_foreign && echo " --sysroot=$root")"
}

arch_apt_fill() {
	mkdir -p lists/partial archives/partial &&
	: > status &&
	{ [ -z "$LAB_SUITE" ] || suite_sources "$LAB_SUITE" > sources.list; } &&
	arch_apt_update "$PWD"
}

arch_apt_update() {
	arch_apt_get "$1" update
}

# arch_apt FOLDER PROGRAM ARGUMENT...
arch_apt_get() {
	local dir=$1 program=apt-get
	local -a suite=()
	shift

	case $1 in
	show | depends)	program=apt-cache ;;
	esac
	if [ -z "$dir" ]; then
		$program -q=2 -o APT::Sandbox::User=root "$@"
		return
	fi
	[ -z "$LAB_SUITE" ] || suite=(-o Dir::Etc::SourceList="$dir/sources.list"
		-o Dir::Etc::SourceParts=/dev/null -o APT::Default-Release="$LAB_SUITE")
	# read before any file of its configuration, whose words it overrules
	$program -q=2 -o APT::Sandbox::User=root \
		-o APT::Architecture="$LAB_ARCH" -o APT::Architectures="$LAB_ARCH" \
		-o Dir::State="$dir" -o Dir::State::lists="$dir/lists" \
		-o Dir::State::status="$dir/status" -o Dir::Cache="$dir" \
		-o Debug::NoLocking=true -o APT::Get::List-Cleanup=false "${suite[@]}" "$@"
}

# apt ARGUMENT...: apt-get or apt-cache, for LAB_ARCH, of LAB_SUITE.
arch_apt() {
	local dir=

	if [ -n "$LAB_SUITE" ] || arch_foreign; then
		dir=$(cache_make "$(arch_cache "apt${LAB_SUITE:+-$LAB_SUITE}")" arch_apt_fill) ||
			return
	fi
	arch_apt_get "$dir" "$@"
}

# arch_root_fill LIST...: all that their packages need, as a root file system. No script
# of theirs has run.
arch_root_fill() {
	local packages package

	packages=$(grep -h -v -e '^#' -e '^$' "$@")
	# shellcheck disable=SC2086
	packages=$(arch_apt install --no-install-recommends -s $packages |
		awk '$1 == "Inst" { print $2 }')
	[ -n "$packages" ] || return
	note "fetching $(wc -l <<< "$packages") packages for $LAB_ARCH"
	# shellcheck disable=SC2086
	arch_apt download $packages &&
	mkdir root || return
	# as in every release after Debian 12, whichever package is unpacked first
	if [ -n "$LAB_SUITE" ]; then
		mkdir -p root/usr/{bin,sbin,lib} && ln -s usr/{bin,sbin,lib} root/ || return
	fi
	for package in ./*.deb; do
		dpkg-deb -x "$package" root && rm "$package" || return
	done
	# what scripts would have made
	ln -sf gawk root/usr/bin/awk &&
	{ [ -e root/bin/sh ] || ln -s dash root/bin/sh; } &&
	mkdir -p root/{proc,sys,dev,run,tmp,root,lab} &&
	printf '%s\n' root:x:0:0:root:/root:/bin/bash > root/etc/passwd &&
	printf '%s\n' root:x:0: kvm:x:1: > root/etc/group &&
	: > root/etc/ld.so.conf &&
	rm -rf root/usr/share/{doc,man,locale,info} root/var/cache
}

# The root of the emulated host: this machine's own, if it can run it.
arch_root() {
	local key dir

	if ! arch_foreign; then
		echo /
		return
	fi
	key=$(cat "$LAB_DIR/root.txt" "$LAB_DIR/arch.sh" | sha256sum)
	dir=$(cache_make "$LAB_ARCH/root-${key:0:16}" arch_root_fill "$LAB_DIR/root.txt") || return
	echo "$dir/root"
}
