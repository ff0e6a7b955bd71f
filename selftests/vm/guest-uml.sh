# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # sourced by run, whose variables it reads and sets
# How `run` starts a UML guest: a program on this machine, with a cached folder as its root.

guest_grace=30

guest_prepare() {
	kernel=$("$MF_VM/kernel-uml" "$lane")
	root=$("$MF_VM/root-guest")
	modroot=$kernel/modroot
	cp "$MF_VM/stage1-uml" "$job/stage1"
}

# Output of the command is terminal 0; the kernel's own log is serial line 0, on standard error.
guest_start() {
	exec "$kernel/linux" umid="${job##*/}" uml_dir="$job" \
		ncpus="$cpus" seccomp=on mem="$mem" \
		hostfs=/ root=/dev/root rootfstype=hostfs rootflags="$root" ro \
		init=/mf/init mf.job="$job" \
		con=null con0=null,fd:1 ssl=null ssl0=null,fd:2 console=ttyS0 \
		loglevel=8 oops=panic panic=-1 \
		</dev/null 2>"$log"
}
