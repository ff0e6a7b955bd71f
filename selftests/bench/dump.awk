# SPDX-License-Identifier: GPL-2.0-only
# The report from samples: module dump|rest kind n ms missing twice heard longest least changes packets.

{
	key = $1 SUBSEP $3 SUBSEP $2
	n[key] += $4
	ms[key] += $4 * $5
	missing[key] += $6
	twice[key] += $7
	heard[key] += $8
	if ($9 > longest[key])
		longest[key] = $9
	if (!(key in least) || $10 < least[key])
		least[key] = $10
	changes[key] += $4 * $5 * $11
	packets[key] += $4 * $5 * $12
}

function line(module, kind, what,    key, faults) {
	key = module SUBSEP kind SUBSEP what
	faults = what == "dump" ? sprintf("%8d %6d", missing[key], twice[key]) : sprintf("%8s %6s", "-", "-")
	printf "  %-9s %-4s %5d %8.0f %s %5d %9.0f %9.0f %9.0f %9.0f\n", title[module], what, n[key], ms[key] / n[key],
		faults, heard[key], longest[key], least[key], changes[key] / ms[key], packets[key] / ms[key]
}

END {
	title["intree"] = "in-tree"; title["ours"] = "Megaflow"
	print "Dumps on one CPU, installs and deletes of other flows and packets on the other one, if any. Microseconds in"
	print "which no softirq ran on the first: the longest of all that had a heartbeat, and of the best. A rest is as long as"
	print "the dump before it, and asks nothing of the kernel: what it shows is the machine's."
	m = split("whole terse", kinds, " ")
	for (i = 1; i <= m; i++) {
		kind = kinds[i]
		printf "%-16s %5s %8s %8s %6s %5s %9s %9s %9s %9s\n", kind, "n", "ms each", "missing", "twice", "heard", "longest",
			"best", "changes/s", "packets/s"
		for (j = split("ours intree", modules, " "); j > 0; j--) {
			line(modules[j], kind, "dump")
			line(modules[j], kind, "rest")
		}
		whole = missing["ours", kind, "dump"] + twice["ours", kind, "dump"]
		done = n["ours", kind, "dump"] && !whole
		printf "  Megaflow dumps each flow that stays once: %s\n", done ? "met" : "NOT met"
		bad = bad || !done
	}
	exit bad
}
