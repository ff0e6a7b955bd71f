# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# 10.1.1.50 port 80 is nobody's: h2 and h3 share it, each on port 8080.

dnat_rules() {
	ovs-ofctl -O OpenFlow13 add-group br0 "group_id=1,type=select,\
bucket=ct(commit,table=2,zone=1,nat(dst=10.1.1.2:8080)),\
bucket=ct(commit,table=2,zone=1,nat(dst=10.1.1.3:8080))"
	cat <<-EOT
		priority=100,tcp,in_port=h1-br,nw_dst=10.1.1.50,actions=ct(table=1,zone=1)
		table=1,priority=100,tcp,ct_state=+trk+new,actions=group:1
		table=1,priority=90,tcp,ct_state=+trk+est,actions=ct(table=2,zone=1,nat)
		table=2,priority=100,tcp,nw_dst=10.1.1.2,tp_dst=8080,actions=mod_dl_dst:$(mac h2),output:h2-br
		table=2,priority=100,tcp,nw_dst=10.1.1.3,tp_dst=8080,actions=mod_dl_dst:$(mac h3),output:h3-br
		priority=100,tcp,in_port=h2-br,actions=ct(table=3,zone=1,nat)
		priority=100,tcp,in_port=h3-br,actions=ct(table=3,zone=1,nat)
		table=3,priority=100,tcp,ct_state=+trk+est,nw_src=10.1.1.50,tp_src=80,actions=output:h1-br
		table=3,priority=10,actions=drop
	EOT
}

dnat_check() {
	local i
	known h1 10.1.1.50 02:00:00:00:00:50
	names_itself h2 8080
	names_itself h3 8080
	for ((i = 0; i < 24; i++)); do
		ask h1 10.1.1.50 80 || { echo "connection $i was not served"; return 1; }
	done | sort | uniq -c >/tmp/served
	awk '{ n += $1; hosts++ } END { exit n != 24 || hosts != 2 }' /tmp/served || { cat /tmp/served; return 1; }
	# From behind the service's address only: what h2 begins does not get through.
	! ask h2 10.1.1.1 80 -w 2 || return 1
	echo "24 connections: $(awk '{ print $2 " served " $1 }' /tmp/served | paste -sd,)"
}
