# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Shared by the scripts of selftests/vm: where things are kept, progress, locks.
# Sourced, never run. Standard output belongs to the caller's result; progress goes to standard error.

MF_VM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
MF_SRC=$(cd "$MF_VM/../.." && pwd)
MF_CACHE=${MEGAFLOW_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/megaflow}
MF_JOBS=${MEGAFLOW_JOBS:-$(nproc)}
export MF_VM MF_SRC MF_CACHE MF_JOBS
mkdir -p "$MF_CACHE"/{locks,logs,debs}

say() { printf '%s\n' "$*" >&2; }

die() {
	say "${0##*/}: $*"
	exit 99
}

# step LOG TEXT COMMAND...: one line with the elapsed time; what the command says goes to a log.
# A failure shows the log's end, since that is where the reason is.
step() {
	local log=$MF_CACHE/logs/$1.log text=$2 begin=$EPOCHREALTIME rc=0
	shift 2
	printf '  %-58s' "$text ..." >&2
	printf '\n== %s: %s\n' "$text" "$*" >>"$log"
	"$@" >>"$log" 2>&1 </dev/null || rc=$?
	printf '%7.1f s%s\n' "$(bc <<<"$EPOCHREALTIME - $begin")" "${rc/#0/}" >&2
	if ((rc)); then
		say "  failed with status $rc; the end of $log:"
		tail -n 30 "$log" >&2
		return "$rc"
	fi
}

# lock NAME: held until this process ends, so that two callers never build the same thing twice.
lock() {
	local fd
	exec {fd}>"$MF_CACHE/locks/$1"
	flock -n "$fd" && return
	say "  waiting for another run that prepares $1 ..."
	flock "$fd"
}

# digest FILE...: names what the files say, for use in a cache key.
digest() { cat -- "$@" | sha256sum | cut -c1-12; }

# kernel_series LANE: the kernel series behind a lane.
kernel_series() {
	case $1 in
	uml | uml-debug) echo 7.3 ;;
	qemu-6.1) echo 6.1 ;;
	qemu-6.12) echo 6.12 ;;
	qemu-7.3) echo 7.3 ;;
	*) die "no lane '$1': take one of $MF_LANES" ;;
	esac
}

MF_LANES="uml uml-debug qemu-6.1 qemu-6.12 qemu-7.3"
