# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# kernel: Debian's kernels with their modules and headers, taken out of their
# packages into the cache and never installed; and those of build.sh.
#
# Takes a kernel's short name. Gives its folder to machine.sh and initramfs.sh,
# and its build folder (KDIR) to whoever builds modules. The folder looks like
# a root file system, lib/modules without what a lab never loads (sound,
# graphics and the like), its modules unpacked because an emulator is slow at
# that; and there are
#   release	the kernel's release, as uname -r says it
#   vmlinux	the kernel unpacked, which saves the guest the work
#
# Instead of a short name, a folder with boot/vmlinuz-* and lib/modules/* (made
# by `make install modules_install`) is a kernel too.

# A kernel's name says what it is, on each release of Debian that the lab runs on:
# the suite that has it, and what follows linux-image- and linux-headers- in the names
# of the packages that always depend on the newest kernel of that kind.
#
#	name		suite			packages
KERNEL_TABLE='
	6.1		bookworm		ARCH
	6.1-rt		bookworm		rt-ARCH
	6.12		bookworm		6.12-ARCH
	6.12-rt		bookworm		6.12-rt-ARCH
	newest		trixie-backports	ARCH
	newest-rt	trixie-backports	rt-ARCH
'
LAB_KERNELS=$(awk 'NF { print $1 }' <<< "$KERNEL_TABLE" | paste -sd ' ')

# kernel_field NAME NUMBER: print a field of KERNEL_TABLE; status 1 for another name.
kernel_field() {
	awk -v name="$1" -v n="$2" '$1 == name { print $n; found = 1 } END { exit !found }' \
		<<< "$KERNEL_TABLE"
}

# kernel_meta NAME: what follows linux-image- and linux-headers-.
kernel_meta() {
	local meta

	meta=$(kernel_field "$1" 3) || return
	echo "${meta/ARCH/$LAB_ARCH}"
}

# kernel_suite NAME: the suite whose lists the lab has to have of its own, or nothing.
kernel_suite() {
	local suite

	suite=$(kernel_field "$1" 2) || return 0
	suite_is_own "$suite" || echo "$suite"
}

kernel_check_name() {
	kernel_field "$1" 1 > /dev/null && return
	build_known "$1" && return
	[ -n "$(compgen -G "$1/lib/modules/*")" ] && return
	usage_error "no kernel '$1': it is one of $LAB_KERNELS $(build_names), or a folder with boot/vmlinuz-* and lib/modules/*"
}

# The packages that PACKAGE depends on and whose names match the pattern.
kernel_depends() {
	arch_apt depends --important "$1" 2> /dev/null |
		sed -n 's/^ *|\{0,1\}Depends: *//p' | grep -E "$2" | sort -u
}

kernel_have() {
	arch_apt show "$1" > /dev/null 2>&1
}

# The packages of kernel NAME, one per line. From 7.x on an image is in parts.
kernel_packages() {
	local meta image headers

	meta=$(kernel_meta "$1")
	image=$(kernel_depends "linux-image-$meta" '^linux-image-[0-9]' | head -n 1)
	headers=$(kernel_depends "linux-headers-$meta" '^linux-headers-[0-9].*-'"$LAB_ARCH"'$' |
		head -n 1)
	if [ -z "$image" ] || [ -z "$headers" ]; then
		note "apt knows no linux-image-$meta or linux-headers-$meta; try apt-get update"
		return 1
	fi
	if kernel_have "$image-unsigned"; then
		echo "$image-unsigned"
	else
		echo "$image"
	fi
	kernel_depends "$image" '^linux-(binary|modules|base)-[0-9]'
	echo "$headers"
	kernel_depends "$headers" '^linux-headers-.*-common'
	arch_foreign || kernel_depends "$headers" '^linux-kbuild-'
}

# The programs that build modules are this machine's, whoever they build for.
kernel_builders() {
	local headers

	arch_foreign || return 0
	headers=$(kernel_depends "linux-headers-$(kernel_meta "$1")" '^linux-headers-[0-9]' | head -n 1)
	kernel_depends "$headers" '^linux-kbuild-'
}

kernel_download() {
	arch_apt download "$@"
}

# Make KDIR work where it lies: the packages name each other by absolute path.
kernel_mend_headers() {
	local file

	for file in usr/src/linux-headers-*/Makefile; do
		# shellcheck disable=SC2016
		sed -i -e 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' \
			-e '/^KBUILD_OUTPUT=/s|=.*|:=$(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))|' \
			"$file" || return
	done
}

# What is in boot/ of other kernels is in lib/modules of those that are in parts.
kernel_mend_split() {
	local file

	mkdir -p boot || return
	for file in vmlinuz System.map config; do
		[ -e "boot/$file-$2" ] || [ ! -e "$1/$file" ] ||
			cp "$1/$file" "boot/$file-$2" || return
	done
}

kernel_fill() {
	local name=$1 packages package release modules gone

	packages=$(kernel_packages "$name") || return
	# shellcheck disable=SC2086
	note "fetching $name:" $packages
	# shellcheck disable=SC2086
	kernel_download $packages || {
		note "that failed; refreshing apt's lists"
		arch_apt update &&
		packages=$(kernel_packages "$name") &&
		kernel_download $packages
	} || return
	packages=$(kernel_builders "$name")
	# shellcheck disable=SC2086
	[ -z "$packages" ] || LAB_ARCH=$LAB_NATIVE arch_apt download $packages || return
	for package in ./*.deb; do
		dpkg-deb -x "$package" . && rm "$package" || return
	done

	modules=$(compgen -G "lib/modules/*/kernel") ||
		modules=$(compgen -G "usr/lib/modules/*/kernel") || return
	modules=${modules%/kernel}
	release=${modules##*/}
	if [ ! -d lib/modules ]; then
		mkdir -p lib &&
		ln -s ../usr/lib/modules lib/modules || return
	fi
	rm -f "${modules:?}/build" "$modules/source" &&
	rm -rf usr/share &&
	kernel_mend_split "$modules" "$release" || return
	for gone in sound drivers/gpu drivers/media drivers/infiniband \
		    drivers/staging drivers/scsi drivers/iio drivers/usb \
		    drivers/hwmon drivers/mtd drivers/nvme drivers/input \
		    drivers/net/wireless drivers/platform drivers/ata \
		    fs/xfs fs/btrfs fs/ocfs2 fs/gfs2 fs/smb; do
		rm -rf "${modules:?}/kernel/$gone" || return
	done
	find "$modules/kernel" -name '*.ko.xz' -print0 | xargs -0 -r -n 64 -P 2 xz -d &&
	depmod -b . "$release" 2> /dev/null &&
	kernel_mend_headers &&
	arch_unpack "boot/vmlinuz-$release" > vmlinux &&
	echo "$release" > release
}

kernel_fill_folder() {
	local modules release

	modules=$(compgen -G "$1/lib/modules/*" | head -n 1)
	release=${modules##*/}
	mkdir -p lib/modules boot &&
	cp -r "$modules" lib/modules/ &&
	rm -f "lib/modules/${release:?}/build" "lib/modules/$release/source" &&
	find lib/modules -name '*.ko.xz' -print0 | xargs -0 -r -n 64 -P 2 xz -d &&
	depmod -b . "$release" &&
	arch_unpack "$1/boot/vmlinuz-$release" > vmlinux &&
	echo "$release" > release
}

# Print the folder of kernel NAME, fetched if need be.
kernel_dir() {
	local key

	kernel_check_name "$1"
	if kernel_field "$1" 1 > /dev/null; then
		LAB_SUITE=$(kernel_suite "$1") cache_make "$(arch_cache "kernel/$1")" kernel_fill "$1"
	elif build_known "$1"; then
		build_dir "$1"
	else
		key=$(cd "$1" && find boot lib/modules -type f -printf '%p %s %T@\n' | sort | sha256sum)
		cache_make "$(arch_cache "kernel/own-${key:0:16}")" kernel_fill_folder "$(realpath "$1")"
	fi
}

# Can kernel NAME have guests?
kernel_hosts() {
	local dir config

	dir=$(kernel_dir "$1") || exit
	config=$(compgen -G "$dir/boot/config-*") || return 0
	grep -q '^CONFIG_KVM=' "$config"
}

kernel_kdir() {
	local dir

	dir=$(kernel_dir "$1") || exit
	echo "$dir/usr/src/linux-headers-$(cat "$dir/release")"
}

# kernel_make NAME ARGUMENT...: make in its KDIR, with the compiler that it wants.
kernel_make() {
	local kdir cc name=$1
	local -a words
	shift

	kdir=$(kernel_kdir "$name") || exit
	words=(make -C "$kdir" "$@")
	! arch_foreign || words+=("ARCH=$ARCH_KERNEL" "CROSS_COMPILE=$ARCH_TRIPLET-")
	cc=$(grep -o -s -m 1 'gcc-1[4-9]' "$kdir/.kernelvariables")
	! arch_foreign || cc=${cc:+$ARCH_TRIPLET-$cc}
	if [ -n "$cc" ] && ! command -v "$cc" > /dev/null; then
		LAB_SUITE=$(kernel_field "$name" 2) suite_run "${words[@]}"
	else
		"${words[@]}"
	fi
}
