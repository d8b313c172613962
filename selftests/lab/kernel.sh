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

LAB_KERNELS="6.1 6.1-rt 6.12 6.12-rt"

# kernel_meta NAME: what follows linux-image- and linux-headers- in the names
# of the packages that always depend on the newest kernel of that kind.
kernel_meta() {
	case $1 in
	6.1)		echo "$LAB_ARCH" ;;
	6.1-rt)		echo "rt-$LAB_ARCH" ;;
	6.12)		echo "6.12-$LAB_ARCH" ;;
	6.12-rt)	echo "6.12-rt-$LAB_ARCH" ;;
	*)		return 1 ;;
	esac
}

kernel_check_name() {
	kernel_meta "$1" > /dev/null && return
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

# The packages of kernel NAME, one per line.
kernel_packages() {
	local meta image headers

	meta=$(kernel_meta "$1")
	image=$(kernel_depends "linux-image-$meta" '^linux-image-[0-9]' | head -n 1)
	headers=$(kernel_depends "linux-headers-$meta" '^linux-headers-[0-9]' | head -n 1)
	if [ -z "$image" ] || [ -z "$headers" ]; then
		note "apt knows no linux-image-$meta or linux-headers-$meta; try apt-get update"
		return 1
	fi
	if kernel_have "$image-unsigned"; then
		image=$image-unsigned
	fi
	echo "$image"
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
		grep -q '^include /usr/src/' "$file" || continue
		# shellcheck disable=SC2016
		sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' "$file" ||
			return
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
	rm -rf usr/share || return
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
	if kernel_meta "$1" > /dev/null; then
		cache_make "$(arch_cache "kernel/$1")" kernel_fill "$1"
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
