# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash

snat_rules() {
	cat <<-EOT
		priority=100,ip,in_port=h1-br,actions=ct(commit,zone=1,nat(src=10.1.1.200-10.1.1.203:5000-6000)),output:h2-br
		priority=100,ip,in_port=h2-br,actions=ct(table=1,zone=1,nat)
		table=1,priority=100,ip,ct_state=+trk+est,actions=output:h1-br
		table=1,priority=10,actions=drop
	EOT
}

snat_check() {
	local i seen port
	for i in 200 201 202 203; do known h2 10.1.1.$i; done
	for i in 11 12 13 14 15 16 17 18; do ip -n h1 addr add 10.1.1.$i/24 dev h1-eth; done
	# The service names whom it hears.
	# shellcheck disable=SC2016 # for ncat's shell
	names_itself h2 80 'echo $NCAT_REMOTE_ADDR $NCAT_REMOTE_PORT'
	for i in 1 11 12 13 14 15 16 17 18; do
		ask h1 10.1.1.2 80 -s 10.1.1.$i || { echo "no answer for 10.1.1.$i"; return 1; }
	done >/tmp/seen
	[[ $(wc -l </tmp/seen) == 9 ]] || { cat /tmp/seen; return 1; }
	while read -r seen port; do
		[[ $seen =~ ^10\.1\.1\.20[0-3]$ && $port -ge 5000 && $port -le 6000 ]] ||
			{ echo "h2 heard $seen port $port"; return 1; }
	done </tmp/seen
	(($(cut -d' ' -f1 /tmp/seen | sort -u | wc -l) > 1)) || { echo "one address for all"; cat /tmp/seen; return 1; }
	apart h2 10.1.1.200 || return 1
	echo "9 sources were heard as $(cut -d' ' -f1 /tmp/seen | sort -u | paste -sd ' ')"
}
