# SPDX-License-Identifier: GPL-2.0-only
# The report from samples: module shape masks flows what median least most note...
# Each module has a line for each of its runs; the mean of them is shown.

{
	cell = $2 " " $3 " " $4
	key = $1 SUBSEP cell SUBSEP $5
	if (!(cell in seen)) {
		seen[cell] = 1
		order[++cells] = cell
	}
	sum[key] += $6
	n[key]++
	if (!(key in least) || $7 < least[key]) least[key] = $7
	if ($8 > most[key]) most[key] = $8
	$1 = $2 = $3 = $4 = $5 = $6 = $7 = $8 = ""
	sub(/^ +/, "")
	note[key] = $0
}

function mean(module, cell, what,    key) {
	key = module SUBSEP cell SUBSEP what
	return n[key] ? sum[key] / n[key] : 0
}

function show(cell, what, base,    a, b, part) {
	a = mean("intree", cell, what)
	b = mean("ours", cell, what)
	if (!a && !b)
		return
	printf "%-22s %-13s %11s %11s %7s", cell, what, a ? sprintf("%.0f", a) : "-", sprintf("%.0f", b),
		a ? sprintf("%.3f", b / a) : "-"
	printf " %11s %11s", base && a ? sprintf("%.0f", a - base) : "-", base ? sprintf("%.0f", b - base) : "-"
	printf "   %s\n", note["ours" SUBSEP cell SUBSEP what]
}

# What the device path takes by itself, which the columns above hold: its queue and its driver's call.
function device_path(cell,    path, a, b) {
	path = mean("none", cell, "device") - mean("none", cell, "hit")
	if (path <= 0)
		return
	a = mean("intree", cell, "hit") ? mean("intree", cell, "hit") - mean("none", cell, "hit") : 0
	b = mean("ours", cell, "hit") - mean("none", cell, "hit")
	printf "%-22s device path %.0f; above it: in-tree %s, Megaflow %.0f\n", cell, path,
		a ? sprintf("%.0f", a - path) : "-", b - path
}

END {
	printf "Instructions for each packet, flow installed, flow dumped, flow deleted.\n"
	printf "%-22s %-13s %11s %11s %7s %11s %11s   %s\n", "shape masks flows", "what", "in-tree", "Megaflow", "ratio",
		"less device", "less device", "counted in Megaflow's last run"
	split("hit miss install install-last dump dump-terse flush", costs, " ")
	for (i = 1; i <= cells; i++) {
		for (w = 1; w in costs; w++)
			show(order[i], costs[w], w <= 2 ? mean("none", order[i], "hit") : 0)
		device_path(order[i])
	}
}
