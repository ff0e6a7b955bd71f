# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash

firewall_rules() {
	cat <<-EOT
		priority=100,ip,actions=ct(table=1,zone=1)
		table=1,priority=100,ip,ct_state=+trk+est,actions=NORMAL
		table=1,priority=100,ip,ct_state=+trk+rel,actions=NORMAL
		table=1,priority=90,ip,in_port=h1-br,ct_state=+trk+new,actions=ct(commit,zone=1),NORMAL
		table=1,priority=10,actions=drop
	EOT
}

firewall_check() {
	reach h1 10.1.1.2 || return 1
	apart h2 10.1.1.1 || return 1
	names_itself h1 81
	names_itself h2 80
	[[ $(ask h1 10.1.1.2 80) == h2 ]] || { echo "h1 is not served by h2"; return 1; }
	! ask h2 10.1.1.1 81 -w 2 || { echo "h2 is served by h1"; return 1; }
	# Nobody listens: the error belongs to the connection, so the second write hears of it.
	! at h1 bash -c 'exec 3<>/dev/udp/10.1.1.2/9; echo 1 >&3; sleep 1; echo 2 >&3' 2>/tmp/udp ||
		{ echo "the error did not come back"; return 1; }
	grep -q refused /tmp/udp || { cat /tmp/udp; return 1; }
	# What belongs to no connection stays out.
	ovs-appctl dpctl/flush-conntrack zone=1
	! ask h2 10.1.1.1 81 -w 2 || return 1
	echo "h1 begins, h2 cannot; ICMP's errors arrive"
}
