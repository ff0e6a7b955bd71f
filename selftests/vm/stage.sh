# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The modules folder that a guest sees: the kernel's own, with its openvswitch.ko replaced by ours,
# left as it is, or taken out. The folder's name says what is in it, and it never changes once made,
# so that a build does not pull a module from under a running guest.

# stage_modules LANE KIND MODROOT: prints the folder that holds lib/modules; KIND is ours|intree|none.
stage_modules() {
	local lane=$1 kind=$2 modroot=$3 release at ours=() key dir
	release=$(basename "$modroot"/lib/modules/*)
	[[ $kind != ours ]] || ours=("$MF_SRC/build/$lane"/*.ko)
	key=$({ echo "$modroot" && { ((!${#ours[@]})) || sha256sum "${ours[@]}"; }; } | sha256sum | cut -c1-12)
	dir=$MF_CACHE/stage/$lane-$kind-$key
	if [[ -e $dir/.ready ]]; then
		touch "$dir"
	else
		(
			lock "stage-$lane"
			[[ -e $dir/.ready ]] && exit
			rm -rf "$dir"
			mkdir -p "$dir"
			cp -al "$modroot/lib" "$dir/"
			at=$dir/lib/modules/$release
			if [[ $kind != intree ]]; then
				rm -f "$at"/kernel/net/openvswitch/openvswitch.ko
			fi
			if ((${#ours[@]})); then
				mkdir -p "$at/updates"
				cp "${ours[@]}" "$at/updates/"
				mkdir -p "$at/kernel/net/openvswitch"
				mv "$at/updates/openvswitch.ko" "$at/kernel/net/openvswitch/"
			fi
			# depmod writes in place: cut the links to the kernel's own lists first.
			rm -f "$at"/modules.{dep,alias,symbols,softdep,devname,weakdep}{,.bin}
			step stage "module list for $lane ($kind)" depmod -b "$dir" "$release"
			touch "$dir/.ready"
			prune_stages "$lane-$kind"
		)
	fi
	echo "$dir"
}

# A guest may still be using an old one: remove what was last used more than six hours ago.
prune_stages() {
	find "$MF_CACHE/stage" -mindepth 1 -maxdepth 1 -name "$1-*" -mmin +360 -exec rm -rf {} +
}
