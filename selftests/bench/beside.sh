# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Builds a benchmark's program and runs it in one boot on the in-tree module and on ours; sourced.
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../vm/lib.sh
. "$BENCH/../vm/lib.sh"
OUT=$MF_SRC/build/bench
LANE=()

# build_program NAME [FILE]...: NAME.cc with other files of this folder.
build_program() {
	local name=$1
	shift
	mkdir -p "$OUT"
	make -s -C "$MF_SRC/tools" ../build/tools/libmegaflow.a
	g++ -std=c++20 -O2 -Wall -Wextra -I"$MF_SRC/include/uapi" -I"$MF_SRC/include" -I"$MF_SRC/tools/libmegaflow" \
		-o "$OUT/$name" "$BENCH/$name.cc" "${@/#/$BENCH/}" "$MF_SRC/build/tools/libmegaflow.a" -lmnl -lfmt
}

# take_intree LANE: the in-tree module of that lane's kernel, as intree-LANE.ko.
take_intree() {
	local kernel found
	mkdir -p "$OUT"
	case $1 in
	uml) kernel=$("$MF_VM/kernel-uml" uml) ;;
	qemu-*) kernel=$("$MF_VM/kernel-debian" "${1#qemu-}") ;;
	esac
	found=$(find "$kernel" -name 'openvswitch.ko*' -path '*net/openvswitch*' -print -quit)
	case $found in
	*.xz) xz -dc "$found" >"$OUT/intree-$1.ko" ;;
	*.ko) cp "$found" "$OUT/intree-$1.ko" ;;
	*) die "the kernel of $1 has no openvswitch.ko" ;;
	esac
}

# new_results NAME: an empty folder for samples; sets RESULTS.
new_results() {
	RESULTS=$OUT/$1-results
	rm -rf "$RESULTS"
	mkdir -p "$RESULTS"
}

# run_beside NAME SECONDS ARGUMENT...: takes the samples of a program that was built, given that many
# seconds, and prints the report. In UML 7.3 with two CPUs, or in what LANE says, an array that may go
# on with options of vm/run.
run_beside() {
	local name=$1 seconds=$2 load
	shift 2
	((${#LANE[@]})) || LANE=(uml)
	load=$(cut -d' ' -f1 /proc/loadavg)
	take_intree "${LANE[0]}"
	new_results "$name"
	(cd "$BENCH" && "$MF_VM/run" "${LANE[@]}" --timeout "$seconds" --results "$RESULTS" -- ./beside-guest "$OUT" "$name" "$@")
	{
		awk -f "$BENCH/$name.awk" "$RESULTS/samples"
		echo "Load of the machine before: $load."
	} | tee "$OUT/$name-report"
}

# meter RUN RESULTS all|first: answers the guest that the process RUN has started.
meter() {
	local ask pid of
	while sleep 0.01; do
		for ask in "$2"/ask.*; do
			[[ -e $ask ]] || continue
			pid=$(pgrep -P "$1" -x linux)
			of=(/proc/"$pid"/task/*/schedstat)
			[[ $3 == all ]] || of=(/proc/"$pid"/task/"$pid"/schedstat)
			awk '{ sum += $1 } END { printf "%.0f\n", sum }' "${of[@]}" >"$2/cpu.part"
			mv "$2/cpu.part" "$2/cpu.${ask##*.}"
			rm "$ask"
		done
	done
}

# run_metered RESULTS all|first COMMAND...: runs a guest of user-mode Linux that asks for its CPU time by files
# in RESULTS (cpu_time): of all its threads, or of the first, which is its CPU 0.
run_metered() {
	local results=$1 threads=$2 guest
	shift 2
	"$@" &
	guest=$!
	meter "$guest" "$results" "$threads" &
	METER=$!
	trap 'kill $METER 2>/dev/null || true' EXIT
	wait "$guest"
	rm -f "$results"/cpu.*
}
