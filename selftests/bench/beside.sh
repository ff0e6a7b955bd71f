# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds a benchmark's program and runs it in one boot of UML 7.3 with two CPUs, on the in-tree module
# and on ours; sourced.
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../vm/lib.sh
. "$BENCH/../vm/lib.sh"
OUT=$MF_SRC/build/bench

# build_program NAME [FILE]...: NAME.cc with other files of this folder.
build_program() {
	local name=$1
	shift
	mkdir -p "$OUT"
	make -s -C "$MF_SRC/tools" ../build/tools/libmegaflow.a
	g++ -std=c++20 -O2 -Wall -Wextra -I"$MF_SRC/include/uapi" -I"$MF_SRC/include" -I"$MF_SRC/tools/libmegaflow" \
		-o "$OUT/$name" "$BENCH/$name.cc" "${@/#/$BENCH/}" "$MF_SRC/build/tools/libmegaflow.a" -lmnl -lfmt
}

# take_intree: the in-tree module of that kernel, as intree.ko.
take_intree() {
	local kernel
	kernel=$("$MF_VM/kernel-uml" uml)
	cp "$kernel"/modroot/lib/modules/*/kernel/net/openvswitch/openvswitch.ko "$OUT/intree.ko"
}

# new_results NAME: an empty folder for samples; sets RESULTS.
new_results() {
	RESULTS=$OUT/$1-results
	rm -rf "$RESULTS"
	mkdir -p "$RESULTS"
}

# run_beside NAME SECONDS ARGUMENT...: takes the samples of a program that was built, given that many
# seconds, and prints the report.
run_beside() {
	local name=$1 seconds=$2 load
	shift 2
	load=$(cut -d' ' -f1 /proc/loadavg)
	take_intree
	new_results "$name"
	(cd "$BENCH" && "$MF_VM/run" uml --timeout "$seconds" --results "$RESULTS" -- ./beside-guest "$OUT" "$name" "$@")
	{
		awk -f "$BENCH/$name.awk" "$RESULTS/samples"
		echo "Load of the machine before: $load."
	} | tee "$OUT/$name-report"
}
