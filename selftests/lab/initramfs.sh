# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# initramfs: the two small root file systems that machines start from.
#
# Takes a kernel's folder, an init script and a list of modules. Gives the path
# of an archive in the cache, named after all that went into it. Not compressed:
# an emulated machine is slow at unpacking.

# The modules and what they need, as files, in the order to load them.
initramfs_modules() {
	local dir=$1 release name lines
	shift

	release=$(cat "$dir/release") &&
	lines=$(for name; do
		modprobe -d "$dir" -S "$release" --show-depends --ignore-install \
			"$name" || exit
	done) || return
	awk '$1 == "insmod" && !seen[$2]++ { print $2 }' <<< "$lines"
}

initramfs_busybox() {
	if arch_foreign; then
		echo "$(arch_root)/bin/busybox"
	else
		command -v busybox
	fi
}

initramfs_fill() {
	local init=$1 file modules
	shift

	mkdir -p root/bin root/modules root/proc root/sys root/dev &&
	cp "$(initramfs_busybox)" root/bin/busybox &&
	cp "$init" root/init &&
	chmod +x root/init &&
	modules=$(initramfs_modules "$@") || return
	for file in $modules; do
		cp "$file" root/modules/ && basename "$file" || return
	done > root/modules.list || return
	if [ "${init##*/}" = guest-init ]; then
		cp "$(tools_dir)/udp-peer" root/udp-peer || return
	fi
	(cd root && find . | cpio --quiet -o -H newc -R 0:0) > initramfs &&
	rm -rf root
}

# initramfs_dir INIT KERNEL-FOLDER MODULE...: print the folder that has it.
initramfs_dir() {
	local key

	key=$(cat "$1" "$LAB_DIR/initramfs.sh" "$2/release" \
		"$(initramfs_busybox)" <(echo "$*" "$(tools_dir)") | sha256sum)
	cache_make "$(arch_cache initramfs)/${1##*/}-${key:0:16}" initramfs_fill "$@"
}

initramfs_outer() {
	initramfs_dir "$LAB_DIR/outer-init" "$1" virtio_pci virtio_console \
		9pnet_virtio 9p overlay
}

# The guest's modules include e1000e's: the NIC that VFIO hands through.
initramfs_guest() {
	initramfs_dir "$LAB_DIR/guest-init" "$1" virtio_pci virtio_net e1000e
}
