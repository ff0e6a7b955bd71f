# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The same questions to ovs-dpctl and to dpctl.

text_rules() {
	cat <<-EOT
		priority=100,icmp,actions=ct(commit,zone=7,exec(load:0x5->NXM_NX_CT_MARK[],load:0x102->NXM_NX_CT_LABEL[])),NORMAL
		priority=100,tcp,actions=ct(commit,zone=8,alg=ftp),NORMAL
		priority=100,udp,actions=ct(commit,zone=9,nat(src=10.1.1.70-10.1.1.71)),NORMAL
	EOT
}

# same COMMAND...: both print the same lines; how long a connection has left moves meanwhile.
same() {
	local options=() command
	while [[ $1 == -* ]]; do options+=("$1") && shift; done
	command=$1
	shift
	ovs-dpctl "$command" "${options[@]}" "$@" | sed -E 's/timeout=[0-9]+/timeout=N/' | sort >/tmp/theirs
	"$MF_SRC/build/tools/dpctl" "$command" "${options[@]}" "$@" | sed -E 's/timeout=[0-9]+/timeout=N/' | sort >/tmp/ours
	[[ -s /tmp/ours ]] || { echo "nothing said by: $command ${options[*]} $*"; return 1; }
	diff /tmp/theirs /tmp/ours || { echo "differ in: $command ${options[*]} $*"; return 1; }
}

text_check() {
	local dpctl=$MF_SRC/build/tools/dpctl n
	sysctl -qw net.netfilter.nf_conntrack_acct=1
	reach h1 10.1.1.2 || return 1
	names_itself h2 21
	ask h1 10.1.1.2 21 || return 1
	at h1 bash -c 'exec 3<>/dev/udp/10.1.1.2/9; echo 1 >&3' 2>/dev/null
	same dump-conntrack && same -m dump-conntrack && same -s dump-conntrack && same -m -s dump-conntrack &&
		same dump-conntrack zone=7 && same ct-stats-show && same -m ct-stats-show && same ct-stats-show zone=8 || return 1
	"$dpctl" ct-set-limits default=9 zone=3,limit=4 zone=1,limit=2 &&
		same ct-get-limits && same ct-get-limits zone=1,3,5 || return 1
	"$dpctl" ct-del-limits zone=1,3 && "$dpctl" ct-del-limits default && same ct-get-limits || return 1
	"$dpctl" -j dump-conntrack zone=7 | python3 -c '
import json, sys
c, = json.load(sys.stdin)
assert (c["proto"], c["mark"], c["labels"], c["orig"]["type"]) == ("icmp", 5, "0x102", 8), c' || return 1
	n=$("$dpctl" dump-conntrack | wc -l)
	"$dpctl" flush-conntrack zone=9 ct_nw_proto=17,ct_tp_dst=9 'ct_nw_dst=10.1.1.70' || return 1
	"$dpctl" flush-conntrack zone=9 ct_nw_proto=17,ct_tp_dst=9 'ct_nw_dst=10.1.1.71' || return 1
	(($("$dpctl" dump-conntrack | wc -l) == n - 1)) || { echo "not one of $n was forgotten"; return 1; }
	"$dpctl" flush-conntrack || return 1
	(($("$dpctl" dump-conntrack | wc -l) == 0)) || return 1
	echo "$n connections, in the same words"
}
