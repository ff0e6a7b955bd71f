# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# h2's TFTP server answers from a port of its choice, to 10.1.1.200, which is h1.

tftp_rules() {
	cat <<-EOT
		priority=100,udp,actions=ct(table=1,zone=1,nat)
		table=1,priority=100,udp,in_port=h1-br,ct_state=+trk+new-rel,tp_dst=69,actions=ct(commit,zone=1,alg=tftp,nat(src=10.1.1.200)),output:h2-br
		table=1,priority=100,udp,in_port=h2-br,ct_state=+trk+new+rel,actions=ct(commit,zone=1,nat),output:h1-br
		table=1,priority=90,udp,in_port=h1-br,ct_state=+trk+est,actions=output:h2-br
		table=1,priority=90,udp,in_port=h1-br,ct_state=+trk+rel,actions=output:h2-br
		table=1,priority=90,udp,in_port=h2-br,ct_state=+trk+est,actions=output:h1-br
		table=1,priority=10,actions=drop
	EOT
}

tftp_check() {
	known h2 10.1.1.200
	mkdir -p /tmp/tftp
	head -c 20000 /dev/urandom >/tmp/tftp/file
	chmod -R a+rX /tmp/tftp
	at h2 in.tftpd -L -4 -u root --secure /tmp/tftp >/tmp/tftpd.log 2>&1 &
	listens h2 69 u || return 1
	at h1 curl -sS -m 60 tftp://10.1.1.2/file -o /tmp/got || { cat /tmp/tftpd.log; return 1; }
	cmp /tmp/got /tmp/tftp/file || return 1
	echo "a file of 20,000 bytes from a port that TFTP chose"
}
