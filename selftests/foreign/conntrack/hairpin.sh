# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# h1 serves 10.1.1.50, and asks there itself. It must not see that it speaks to itself: its requests
# come from 10.1.1.60.

hairpin_rules() {
	cat <<-EOT
		priority=100,tcp,in_port=h1-br,nw_dst=10.1.1.50,actions=ct(commit,table=1,zone=1,nat(dst=10.1.1.1))
		table=1,priority=100,tcp,nw_src=10.1.1.1,nw_dst=10.1.1.1,actions=ct(commit,table=2,zone=2,nat(src=10.1.1.60))
		table=2,priority=100,tcp,nw_src=10.1.1.60,actions=mod_dl_src:02:00:00:00:00:60,mod_dl_dst:$(mac h1),IN_PORT
		priority=100,tcp,in_port=h1-br,nw_dst=10.1.1.60,actions=ct(table=3,zone=2,nat)
		table=3,priority=100,tcp,ct_state=+trk+est,actions=ct(table=4,zone=1,nat)
		table=4,priority=100,tcp,ct_state=+trk+est,nw_src=10.1.1.50,actions=mod_dl_src:02:00:00:00:00:50,mod_dl_dst:$(mac h1),IN_PORT
	EOT
}

hairpin_check() {
	local i
	known h1 10.1.1.50 02:00:00:00:00:50
	known h1 10.1.1.60 02:00:00:00:00:60
	# shellcheck disable=SC2016 # for ncat's shell
	names_itself h1 80 'echo $NCAT_REMOTE_ADDR'
	for ((i = 0; i < 3; i++)); do
		[[ $(ask h1 10.1.1.50 80) == 10.1.1.60 ]] || { echo "no answer from itself"; return 1; }
	done
	echo "h1 was served by h1, and heard 10.1.1.60"
}
