# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash

limits_rules() {
	cat <<-EOT
		priority=100,udp,in_port=h1-br,actions=ct(commit,zone=1),output:h2-br
		priority=90,ip,actions=NORMAL
	EOT
}

# Set by the switch's own command, which speaks to the datapath through the switch.
limits_check() {
	local i count
	ovs-appctl dpctl/ct-set-limits default=100 zone=1,limit=5 || return 1
	at h2 timeout 60 tcpdump -l -n -i h2-eth 'udp and dst port 9' >/tmp/heard 2>/dev/null &
	sleep 2
	for ((i = 0; i < 20; i++)); do
		at h1 bash -c "exec 3<>/dev/udp/10.1.1.2/9; echo $i >&3" 2>/dev/null
	done
	sleep 1
	ovs-appctl dpctl/ct-get-limits zone=1,2 >/tmp/limits || return 1
	diff /tmp/limits - <<-EOT || return 1
		default limit=100
		zone=1,limit=5,count=5
		zone=2,limit=100,count=0
	EOT
	count=$(wc -l </tmp/heard)
	((count == 5)) || { echo "h2 heard $count packets of 20"; return 1; }
	ovs-appctl dpctl/ct-del-limits zone=1 || return 1
	ovs-appctl dpctl/ct-get-limits zone=1 | grep -qx 'zone=1,limit=100,count=5' || return 1
	ovs-appctl dpctl/ct-set-limits default=0
	echo "5 of 20 connections were let through"
}
