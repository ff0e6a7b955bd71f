# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # sourced by run, whose variables it reads and sets
# How `run` starts a QEMU guest: one of Debian's kernels, emulated (a /dev/kvm that is there need not
# work), with the cached image as its root and the host's folders by 9p.

# Emulation is slow on a busy machine, and booting is not the command's fault.
guest_grace=120

guest_prepare() {
	qemu=$("$MF_VM/qemu")
	kernel=$("$MF_VM/kernel-debian" "$(kernel_series "$lane")")
	initrd=$("$MF_VM/initrd" "$kernel")
	root=$("$MF_VM/root-guest" --image)
	modroot=$kernel/modroot
	output='/dev/vport*p1'
}

guest_start() {
	local tag locked path share machine=() shares=()
	for share in "job off $job" "src on $MF_SRC" "results off $results" "modules on $modules/lib/modules"; do
		read -r tag locked path <<<"$share"
		shares+=(-fsdev "local,id=$tag,path=${path//,/,,},security_model=none,multidevs=remap,readonly=$locked"
			-device "virtio-9p-pci,fsdev=$tag,mount_tag=$tag")
	done
	if ((icount)); then
		machine=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -smp 1)
	else
		machine=(-accel "tcg,thread=multi" -smp "$cpus")
	fi
	# QEMU stops passing output on when its input ends: give it one that never does.
	mkfifo "$job/stdin"
	# maxcpus=1: while the kernel sets up its PCI devices one CPU runs, because QEMU 10 can lose a race
	# with itself there ("iotlb_to_section: Assertion failed"); `init` starts the others.
	# glibc's AVX string functions cost more than they save when they are emulated.
	LD_LIBRARY_PATH=$qemu/usr/lib/x86_64-linux-gnu QEMU_MODULE_DIR=$qemu/usr/lib/x86_64-linux-gnu/qemu \
		exec "$qemu/usr/bin/qemu-system-x86_64" -L "$qemu/usr/share/qemu" -L "$qemu/usr/share/seabios" \
		"${machine[@]}" -cpu max,-avx,-avx2,-fma,-f16c -m "$mem" -no-reboot -nodefaults -display none -nic none \
		-kernel "$kernel/vmlinuz" -initrd "$initrd" \
		-append "maxcpus=1 console=ttyS0 loglevel=8 oops=panic panic=-1 mitigations=off" \
		-serial "file:$log" \
		-drive "file=$root,format=raw,if=virtio,readonly=on" \
		"${shares[@]}" \
		-device virtio-serial -chardev stdio,id=output,signal=off -device virtserialport,chardev=output,name=output \
		-device virtio-rng-pci \
		<>"$job/stdin"
}
