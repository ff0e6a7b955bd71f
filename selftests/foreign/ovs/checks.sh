# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What is checked, one function each. The last line that one prints is shown beside its verdict.

check_ping() {
	reach h1 10.1.1.2 5 && reach h2 10.1.1.1 5 && reach h1 10.1.1.100 && reach h3 10.1.1.1 &&
		echo "three hosts and the bridge's own device, no loss"
}

check_throughput() {
	local protocol
	at h2 iperf3 -s -D -I /tmp/iperf3.pid >/dev/null
	listens h2 5201 || return 1
	at h1 iperf3 -c 10.1.1.2 -t 5 -f m >/tmp/tcp || { cat /tmp/tcp; return 1; }
	at h1 iperf3 -c 10.1.1.2 -t 3 -R -f m >/tmp/back || { cat /tmp/back; return 1; }
	at h1 iperf3 -c 10.1.1.2 -t 3 -u -b 5M -f m >/tmp/udp || { cat /tmp/udp; return 1; }
	kill "$(tr -d '\0' </tmp/iperf3.pid)"
	for protocol in tcp back udp; do
		awk '/receiver/ { for (i = 2; i <= NF; i++) if ($i == "Mbits/sec") rate = $(i - 1) }
			END { if (rate <= 0) exit 1; print rate }' /tmp/$protocol >/tmp/$protocol.rate || return 1
	done
	echo "Mbit/s: TCP $(cat /tmp/tcp.rate), back $(cat /tmp/back.rate), UDP $(cat /tmp/udp.rate) of 5 asked"
}

# The switch's own list of megaflows has the traffic in it, with counters that move.
check_flows() {
	local before after line
	reach h1 10.1.1.2 5 || return 1
	ovs-appctl dpctl/dump-flows -m >/tmp/flows || return 1
	line=$(grep -E 'in_port\(h1-br\).*eth_type\(0x0800\).*actions:h2-br' /tmp/flows | head -n 1)
	[[ $line =~ ^ufid:[0-9a-f-]{36},.*packets:([0-9]+) ]] || { cat /tmp/flows; return 1; }
	before=${BASH_REMATCH[1]}
	reach h1 10.1.1.2 10 || return 1
	line=$(ovs-appctl dpctl/dump-flows -m | grep -F "${line%%,*}")
	[[ $line =~ packets:([0-9]+) ]] || { echo "the flow is gone: $line"; return 1; }
	after=${BASH_REMATCH[1]}
	((after >= before + 10)) || { echo "the flow's counter went from $before to $after over 10 packets"; return 1; }
	echo "$(wc -l </tmp/flows) megaflows; 10 pings moved one from $before to $after packets"
}

# Each line of features/in-tree must be ours too, but for those that features/later excuses; a line
# there that no longer differs is stale, and fails too.
check_features() {
	local recorded=$HERE/features name lacking=() stale=()
	ovs-appctl dpif/show-dp-features br0 >/tmp/features || return 1
	cp /tmp/features "$MF_RESULTS/features"
	[[ $(wc -l </tmp/features) -ge 20 ]] || { cat /tmp/features; return 1; }
	if [[ $MODULE == intree ]]; then
		[[ $MF_LANE != *7.3 && $MF_LANE != uml* ]] || diff <(grep -v '^#' "$recorded/in-tree") /tmp/features || return 1
		echo "$(wc -l </tmp/features) lines, as recorded"
		return 0
	fi
	while IFS= read -r name; do
		if grep -qxF -- "${name%%:*}" <(grep -v '^#' "$recorded/later" | cut -f1); then
			! grep -qxF -- "$name" /tmp/features || stale+=("${name%%:*}")
		else
			grep -qxF -- "$name" /tmp/features || lacking+=("$name (ours:$(grep -F -- "${name%%:*}:" /tmp/features | cut -d: -f2-))")
		fi
	done < <(grep -v '^#' "$recorded/in-tree")
	((${#lacking[@]} == 0)) || printf 'the in-tree module has: %s\n' "${lacking[@]}"
	((${#stale[@]} == 0)) || printf 'no longer different, take it out of features/later: %s\n' "${stale[@]}"
	echo "as the in-tree module of 7.3, except for $(grep -vc '^#' "$recorded/later"): $(grep -v '^#' "$recorded/later" | cut -f1 | paste -sd, | sed 's/,/, /g')"
	((${#lacking[@]} + ${#stale[@]} == 0))
}

# Each round changes what the flows ought to be, so that the revalidator has work to do: a rule of
# the switch more or less, or all flows put out.
check_revalidate() {
	local round lost=0
	(exec ip netns exec h1 ping -q -i 0.2 10.1.1.2) >/tmp/steady &
	local pinger=$!
	for ((round = 0; round < 100; round++)); do
		case $((round % 4)) in
		0) ovs-ofctl add-flow br0 "priority=$((100 + round)),ip,nw_dst=10.1.1.2,tp_src=0,actions=NORMAL" ;;
		1) ovs-appctl revalidator/purge ;;
		2) ovs-ofctl --strict del-flows br0 "priority=$((98 + round)),ip,nw_dst=10.1.1.2" ;;
		3) ovs-appctl fdb/flush br0 >/dev/null ;;
		esac || { echo "round $round"; return 1; }
		ovs-appctl --timeout=30 revalidator/wait || { echo "round $round: no end"; return 1; }
	done
	kill -INT $pinger
	wait $pinger
	lost=$(sed -nE 's/^([0-9]+) packets transmitted, ([0-9]+) received.*/\1 \2/p' /tmp/steady)
	reach h1 10.1.1.2 || return 1
	log_complaints || return 1
	ovs-appctl upcall/show | grep -E 'flows|keys' | head -n 3
	awk -v p="$lost" 'BEGIN { split(p, a, " "); if (a[1] < 1 || a[1] - a[2] > a[1] / 50 + 2) exit 1 }' ||
		{ echo "pings sent and answered meanwhile: $lost"; return 1; }
	echo "100 rounds, pings sent and answered meanwhile: $lost"
}

# Access ports, then h1 as a trunk with a tagged device.
check_vlan() {
	ovs-vsctl set port h1-br tag=10 -- set port h2-br tag=10 -- set port h3-br tag=20 && settle || return 1
	reach h1 10.1.1.2 && apart h1 10.1.1.3 || return 1
	ovs-vsctl clear port h1-br tag -- set port h1-br trunks=10,20 && settle || return 1
	at h1 ip link add link h1-eth name h1-v20 type vlan id 20 &&
		ip -n h1 addr add 10.1.2.1/24 dev h1-v20 && ip -n h1 link set h1-v20 up &&
		ip -n h3 addr add 10.1.2.3/24 dev h3-eth || return 1
	reach h1 10.1.2.3 5 || return 1
	ovs-appctl dpctl/dump-flows | grep -E 'actions:.*p(ush|op)_vlan' >/tmp/vlan ||
		{ ovs-appctl dpctl/dump-flows; return 1; }
	ip -n h1 link del h1-v20
	switch_reset || return 1
	reach h1 10.1.1.3 && echo "access and trunk; $(wc -l </tmp/vlan) flows push or pop a tag"
}

# Patch ports are the switch's own affair; what the datapath sees is a direct output.
check_patch() {
	ovs-vsctl --timeout=30 add-br br1 -- add-port br0 p0 -- set interface p0 type=patch options:peer=p1 -- \
		add-port br1 p1 -- set interface p1 type=patch options:peer=p0 -- del-port br0 h3-br || return 1
	ovs-vsctl --timeout=30 add-port br1 h3-br && settle || return 1
	reach h1 10.1.1.3 5 || return 1
	switch_reset && reach h1 10.1.1.3 && echo "two bridges, one datapath"
}

# balance-tcp spreads by the HASH and RECIRC actions.
check_bond() {
	local i
	ip netns add peer
	for i in 0 1; do
		ip link add bond$i type veth peer name bond$i-eth || return 1
		ip link set bond$i up
		ip link set bond$i-eth up
	done
	ovs-vsctl --timeout=30 add-br br2 -- add-bond br2 far bond0-eth bond1-eth lacp=active &&
		ovs-vsctl --timeout=30 add-bond br0 near bond0 bond1 bond_mode=balance-tcp lacp=active || return 1
	ovs-vsctl --timeout=30 del-port br0 h3-br -- add-port br2 h3-br || return 1
	for ((i = 0; i < 30; i++)); do
		[[ $(ovs-appctl lacp/show near | grep -c 'current attached') -ge 2 ]] && break
		sleep 1
	done
	settle
	reach h1 10.1.1.3 10 || { ovs-appctl bond/show near; return 1; }
	ovs-appctl dpctl/dump-flows >/tmp/bond
	switch_reset || return 1
	ip link del bond0
	ip link del bond1
	if ! grep -q 'hash(l4(0)),recirc(' /tmp/bond || ! grep -q 'recirc_id(0x[1-9a-f].*dp_hash(' /tmp/bond; then
		cat /tmp/bond
		return 1
	fi
	reach h1 10.1.1.3 && echo "balance-tcp by hash, recirc and dp_hash"
}

# A port goes by command, and a device is pulled out from under the switch.
check_port() {
	local i
	ovs-vsctl --timeout=30 del-port br0 h2-br && settle && apart h1 10.1.1.2 &&
		ovs-vsctl --timeout=30 add-port br0 h2-br && settle && reach h1 10.1.1.2 || return 1
	ip link del h2-br
	for ((i = 0; i < 50; i++)); do
		ovs-appctl dpctl/show | grep -q h2-br || break
		sleep 0.1
	done
	! ovs-appctl dpctl/show | grep h2-br || return 1
	ip netns del h2
	ovs-vsctl --timeout=30 del-port br0 h2-br
	host h2 10.1.1.2/24 && settle && reach h1 10.1.1.2 && echo "removed and added, and unplugged"
}

# The switch ends and starts again; what it installed goes on forwarding meanwhile.
check_restart() {
	local kept
	reach h1 10.1.1.2 || return 1
	switch_stop --keep || return 1
	kept=$(ovs-dpctl dump-flows | grep -c 'eth_type(0x0800)')
	((kept >= 2)) || { echo "$kept flows are left"; return 1; }
	reach h1 10.1.1.2 5 || return 1
	switch_start && settle || return 1
	reach h1 10.1.1.2 5 && reach h2 10.1.1.3 && echo "$kept flows forwarded while there was no switch"
}

# Nothing that the module said is a complaint.
check_kernel_log() {
	# A kernel that wants signed modules says once that this one is not.
	! dmesg | grep -iE 'openvswitch|ovs' | grep -v 'module verification failed: signature' |
		grep -iE 'error|fail|warn|not be safe|mismatch' &&
		echo "$(dmesg | grep -ciE 'openvswitch') lines of openvswitch, none complains"
}
