# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# h2 has an FTP server. It knows h1 as 10.1.1.200, which is also what h1's PORT commands have to say.

ftp_rules() {
	cat <<-EOT
		priority=100,tcp,actions=ct(table=1,zone=1,nat)
		table=1,priority=100,tcp,in_port=h1-br,ct_state=+trk+new-rel,tp_dst=21,actions=ct(commit,zone=1,alg=ftp,nat(src=10.1.1.200)),output:h2-br
		table=1,priority=100,tcp,in_port=h1-br,ct_state=+trk+new+rel,actions=ct(commit,zone=1,nat),output:h2-br
		table=1,priority=100,tcp,in_port=h2-br,ct_state=+trk+new+rel,actions=ct(commit,zone=1,nat),output:h1-br
		table=1,priority=90,tcp,in_port=h1-br,ct_state=+trk+est,actions=output:h2-br
		table=1,priority=90,tcp,in_port=h2-br,ct_state=+trk+est,actions=output:h1-br
		table=1,priority=10,actions=drop
	EOT
}

ftp_check() {
	local how got=0
	known h2 10.1.1.200
	mkdir -p /tmp/ftp /tmp/empty
	head -c 300000 /dev/urandom >/tmp/ftp/file
	chmod -R a+rX /tmp/ftp
	cat >/tmp/vsftpd.conf <<-EOT
		listen=YES
		background=NO
		anonymous_enable=YES
		anon_root=/tmp/ftp
		secure_chroot_dir=/tmp/empty
		connect_from_port_20=YES
		seccomp_sandbox=NO
		isolate=NO
		isolate_network=NO
	EOT
	at h2 /usr/sbin/vsftpd /tmp/vsftpd.conf >/tmp/vsftpd.log 2>&1 &
	listens h2 21 || return 1
	# PASV, EPSV, PORT, EPRT.
	for how in "--disable-epsv" "" "--ftp-port - --disable-eprt" "--ftp-port -"; do
		# shellcheck disable=SC2086 # options
		at h1 curl -sS -m 60 $how ftp://10.1.1.2/file -o /tmp/got || { echo "with '$how': nothing came"; return 1; }
		cmp /tmp/got /tmp/ftp/file || return 1
		rm /tmp/got
		got=$((got + 1))
	done
	ovs-appctl dpctl/dump-conntrack | grep -q 'helper=ftp' || { echo "no helper"; return 1; }
	# Nobody announced this one.
	names_itself h2 4321
	! ask h1 10.1.1.2 4321 -w 2 || return 1
	echo "$got files of 300,000 bytes: PASV, EPSV, PORT, EPRT"
}
