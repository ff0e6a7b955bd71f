# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash

fragments_rules() {
	local ip
	for ip in ip ipv6; do
		cat <<-EOT
			priority=100,$ip,actions=ct(table=1,zone=1)
			table=1,priority=90,$ip,ct_state=+trk+new,in_port=h1-br,actions=ct(commit,zone=1),output:h2-br
			table=1,priority=90,$ip,ct_state=+trk+est,in_port=h1-br,actions=output:h2-br
			table=1,priority=90,$ip,ct_state=+trk+est,in_port=h2-br,actions=output:h1-br
		EOT
	done
	cat <<-EOT
		priority=1000,icmp6,icmp_type=135,actions=NORMAL
		priority=1000,icmp6,icmp_type=136,actions=NORMAL
		table=1,priority=10,actions=drop
	EOT
}

fragments_check() {
	local host target
	for host in h1 h2; do
		ip netns exec $host sysctl -qw net.ipv6.conf.all.disable_ipv6=0
		ip -n $host addr add fd00::${host#h}/64 dev $host-eth nodad
	done
	for target in 10.1.1.2 fd00::2; do
		at h1 ping -q -s 8000 -c 10 -i 0.2 -W 3 $target | tee /tmp/ping | grep -q " 10 received" ||
			{ echo "$target: $(grep received /tmp/ping)"; return 1; }
	done
	echo "10 pings of 8,000 bytes each way, IPv4 and IPv6"
}
