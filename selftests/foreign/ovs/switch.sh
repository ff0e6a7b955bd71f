# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Starting and stopping the switch, and the hosts around it. Sourced by guest.

LOG=/var/log/openvswitch/ovs-vswitchd.log
RUN=/run/openvswitch

switch_files() {
	local dir
	for dir in /etc/openvswitch /var/lib/openvswitch /var/log/openvswitch $RUN; do
		mkdir -p "$dir"
		mount -t tmpfs tmpfs "$dir" || return 1
	done
	# The switch believes its count of CPUs for 10 s from the machine's start, when it is still zero.
	while (($(cut -d. -f1 /proc/uptime) < 11)); do sleep 1; done
	ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema &&
		ovsdb-server --detach --no-chdir --pidfile=$RUN/ovsdb-server.pid --log-file \
			--remote=punix:$RUN/db.sock /etc/openvswitch/conf.db 2>/dev/null &&
		ovs-vsctl --no-wait init
}

switch_start() {
	ovs-vswitchd --detach --no-chdir --pidfile=$RUN/ovs-vswitchd.pid --log-file unix:$RUN/db.sock 2>/dev/null &&
		ovs-vsctl --timeout=30 --may-exist add-br br0
}

# switch_stop [--keep]: ends ovs-vswitchd; with --keep the datapath and its flows stay.
switch_stop() {
	local pid i
	pid=$(cat $RUN/ovs-vswitchd.pid) || return 1
	if [[ ${1:-} == --keep ]]; then
		ovs-appctl -t ovs-vswitchd exit
	else
		ovs-appctl -t ovs-vswitchd exit --cleanup
	fi
	for ((i = 0; i < 100; i++)); do
		kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "ovs-vswitchd does not end"
	return 1
}

# host NAME ADDRESS: a namespace with one device, its other end in the switch.
host() {
	# A fixed address: one that comes back under another would be unreachable until ARP gives up.
	ip netns add "$1" && ip link add "$1-br" type veth peer name "$1-eth" address "02:00:00:00:00:0${1#h}" netns "$1" &&
		ip -n "$1" addr add "$2" dev "$1-eth" && ip -n "$1" link set "$1-eth" up && ip -n "$1" link set lo up &&
		ip link set "$1-br" up && ovs-vsctl --timeout=30 add-port br0 "$1-br"
}

hosts_make() {
	local i
	for i in 1 2 3; do host h$i 10.1.1.$i/24 || return 1; done
	ip link set br0 up && ip addr add 10.1.1.100/24 dev br0 &&
		ovs-ofctl del-flows br0 && ovs-ofctl add-flow br0 actions=NORMAL
}

# switch_reset: back to three hosts on plain ports of br0, however the last check left things.
switch_reset() {
	local i
	ovs-vsctl --timeout=30 --if-exists del-br br1 -- --if-exists del-br br2 -- --if-exists del-port br0 p0 \
		-- --if-exists del-port br0 near || return 1
	for i in 1 2 3; do
		ip link show h$i-br >/dev/null 2>&1 || continue
		ovs-vsctl --timeout=30 --may-exist add-port br0 h$i-br -- clear port h$i-br tag -- clear port h$i-br trunks || return 1
	done
	settle
}

# settle: after a change of the switch, until no flow from before it is left in the datapath.
settle() {
	ovs-appctl --timeout=30 revalidator/wait
}

at() { # HOST COMMAND...
	ip netns exec "$@"
}

# listens HOST PORT [t|u]: waits for a server that has just been started.
listens() {
	local i
	for ((i = 0; i < 300; i++)); do
		[[ -z $(at "$1" ss -Hln"${3:-t}" "sport = :$2") ]] || return 0
		sleep 0.2
	done
	echo "nothing listens on port $2 of $1"
	return 1
}

# reach HOST ADDRESS [COUNT]: every ping is answered.
reach() {
	local count=${3:-3}
	at "$1" ping -q -c "$count" -i 0.2 -W 3 "$2" | tee /tmp/ping | grep -q " $count received, 0% packet loss" ||
		{ echo "$1 does not reach $2: $(grep received /tmp/ping)"; return 1; }
}

# apart HOST ADDRESS: no ping is answered.
apart() {
	! at "$1" ping -q -c 2 -i 0.2 -W 1 "$2" >/tmp/ping || { echo "$1 reaches $2, and must not"; return 1; }
	grep -q ' 0 received' /tmp/ping
}

# log_complaints: prints what the log holds of warnings and errors, and fails if there is any.
# `expected` lists, one extended regular expression a line, what the switch says about any datapath.
log_complaints() {
	! grep -E '\|(WARN|ERR|EMER)\|' "$LOG" | grep -vEf <(grep -v '^#' "$HERE/expected")
}
