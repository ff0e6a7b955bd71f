# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# pktgen by its files; sourced.
PG=/proc/net/pktgen

pg() { # FILE COMMAND
	echo "$2" >$PG/"$1" || { echo "pktgen refuses '$2' for $1: $(tail -n 1 $PG/"$1")"; return 1; }
}

# nap: a short sleep that starts no process, since that would be measured too.
mkfifo /tmp/nothing
exec {nothing}<>/tmp/nothing
nap() { read -r -t 0.02 -u $nothing || true; }

# pg_run DEVICE COUNT: one run; sets RESULT to what pktgen says of it. Its `start` waits until its thread
# no longer runs, and on a busy machine that may be because it does not run yet.
pg_run() {
	pg "$1" "count $2"
	echo start >$PG/pgctrl
	RESULT=''
	until [[ $RESULT =~ OK:\ ([0-9]+)\([^\)]*\)\ usec,\ ([0-9]+)\  ]]; do
		nap
		RESULT=$(<$PG/"$1")
	done
}

# cpu_time: sets CPU to the nanoseconds that the real machine has run this one so far, or what part of it
# run_metered says. Who started it knows, and answers a file by a file. Elapsed time holds what others did
# meanwhile; this does not.
asked=0
cpu_time() {
	asked=$((asked + 1))
	: >"$MF_RESULTS/ask.$asked"
	until [[ -e $MF_RESULTS/cpu.$asked ]]; do nap; done
	# shellcheck disable=SC2034 # for who calls it
	CPU=$(<"$MF_RESULTS/cpu.$asked")
}
