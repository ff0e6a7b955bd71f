# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What in a kernel log means that the kernel was hurt. One row a kind; a new kind is a new row.

SPLATS=(
	'\bBUG: '
	'\bWARNING: '
	'\bOops\b'
	'Kernel panic'
	'general protection fault'
	'[Uu]nable to handle kernel'
	'\bKASAN: '
	'\bUBSAN: '
	'\bKCSAN: '
	'\bODEBUG: '
	'refcount_t: '
	'list_(add|del) corruption'
	'possible (circular|recursive|irq lock) '
	'inconsistent lock state'
	'invalid wait context'
	'suspicious RCU usage'
	'RCU used illegally'
	'rcu_?[a-z]*: INFO: .*(stall|detected)'
	'self-detected stall'
	'task .* blocked for more than'
	'unregister_netdevice: waiting'
	'unreferenced object'
	'ref_tracker: .*(leaked|has [0-9]+/[0-9]+ users|reference)'
	'Segfault with no mm'
)

# splats LOG: prints the lines that tell of damage, from the start of the job on. UML's own start has
# a flaw (a call_rcu() on a CPU not yet online, from kmemleak) that says nothing about us; a kernel
# that never got as far as the job is searched whole.
splats() {
	local pattern
	printf -v pattern '%s|' "${SPLATS[@]}"
	tac "$1" | sed '/megaflow: the job starts/q' | tac |
		grep -aE -- "${pattern%|}" | tr -d '\r'
}
