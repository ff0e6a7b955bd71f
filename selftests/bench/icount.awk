# SPDX-License-Identifier: GPL-2.0-only
# The report from samples: module name masks flows what median least most note...
# Each module has a line for each of its runs; the median of them is shown. Behind the table stand the
# marks that the project has set itself, each with what was measured.
# Behind cells-samples.awk.

{
	$1 = $2 = $3 = $4 = $5 = $6 = $7 = $8 = ""
	sub(/^ +/, "")
	note[key] = $0
}

function show(cell, what, base,    a, b) {
	a = typical("intree", cell, what)
	b = typical("ours", cell, what)
	if (!a && !b)
		return
	printf "%-26s %-13s %11s %11s %7s", cell, what, a ? sprintf("%.0f", a) : "-", b ? sprintf("%.0f", b) : "-",
		a && b && what !~ /^later/ ? sprintf("%.3f", b / a) : "-"
	printf " %11s %11s", base && a ? sprintf("%.0f", a - base) : "-", base ? sprintf("%.0f", b - base) : "-"
	printf "   %s\n", note["ours" SUBSEP cell SUBSEP what]
}

# The parts of one packet by pktgen, all that the columns above hold included.
function parts(cell,    driver, path, a, b) {
	driver = typical("none", cell, "hit")
	path = typical("none", cell, "device")
	if (!path)
		return
	a = typical("intree", cell, "hit")
	b = typical("ours", cell, "hit")
	printf "%s: pktgen and the dummy device's driver %.0f; the device's queue, as a datapath goes by it, %.0f more\n",
		cell, driver, path - driver
	printf "%s: total (less pktgen and that driver): in-tree %.0f, Megaflow %.0f\n", cell, a - driver, b - driver
	printf "%s: above the device path (less its queue, too): in-tree %.0f, Megaflow %.0f\n", cell, a - path, b - path
}

# A mark: what was measured, and what it may be at most. Without samples nothing is claimed.
function mark(what, known, value, most, form) {
	if (!known) {
		printf "  %-66s %9s  %9s  not measured\n", what, "-", sprintf("<= " form, most)
		return
	}
	printf "  %-66s %9s  %9s  %s\n", what, sprintf(form, value), sprintf("<= " form, most), value <= most ? "met" : "NOT met"
	unmet += value > most
	measured++
}

function mark_more(what, cell, one, most,    a, b) {
	a = typical("ours", cell, what)
	b = typical("ours", one, what)
	mark(cell ", " what ": more than " one, a && b, a - b, most, "%.0f")
}

# How many times fewer than in-tree, as a part of it; the device path is in both.
function mark_fewer(what, cell, least,    a, b) {
	a = typical("intree", cell, what)
	b = typical("ours", cell, what)
	mark(cell ", " what ": part of in-tree, device path in both", a && b, a ? b / a : 0, 1 / least, "%.3f")
}

function mark_times(what, cell, one, most, less,    a, b, base, base_one) {
	a = typical("ours", cell, what)
	b = typical("ours", one, what)
	if (less) {
		base = typical("none", cell, "hit")
		base_one = typical("none", one, "hit")
	}
	mark(cell ", " what ": times " one (less ? ", less device" : ""), a && b && (!less || (base && base_one)),
		b ? (a - base) / (b - base_one) : 0, most, "%.2f")
}

# The marks for one packet came with in-tree figures, 2,591 in all and 2,112 above the device path.
# What lies between has a driver's work in it that pktgen does not tell apart from its own.
function marks(    i, many, few, kinds, b) {
	b = typical("ours", "pktgen 1 1", "hit")
	print "Marks, of Megaflow:"
	mark("one packet, total, less pktgen and the driver", b, b - typical("none", "pktgen 1 1", "hit"), 1100, "%.0f")
	mark("one packet, total, with 2591 - 2112 for the device path", b, b - typical("none", "pktgen 1 1", "device") + 2591 - 2112,
		1100, "%.0f")
	mark("one packet, above the device path", b, b - typical("none", "pktgen 1 1", "device"), 600, "%.0f")
	for (i = split("hit hit-fresh hit-nocache", kinds, " "); i; i--) {
		mark_more(kinds[i], "tenants 2048 2048", "tenants 1 1", 1300)
		mark_more(kinds[i], "tse 8192 8192", "tse 1 1", 4000)
		mark_fewer(kinds[i], "random 2048 2048", 20)
		mark_fewer(kinds[i], "cuts 1 7000", 20)
	}
	split("tenants 2048 2048,tse 2048 2048,random 2048 2048,cuts 1 7000", many, ",")
	split("tenants 1 1,tse 1 1,random 1 1,cuts 1 1", few, ",")
	for (i = 1; i in many; i++) {
		mark_times("upcall", many[i], few[i], 2)
		mark_times("miss", many[i], few[i], 2)
		mark_times("miss", many[i], few[i], 2, 1)
	}
	mark_times("install-known", "grow:tenants 1000 100", "grow:tenants 1 100", 1.2)
	mark_times("install-new", "grow:tenants 1000 100", "grow:tenants 1 100", 1.2)
	mark_times("install-known", "grow:random 1000 100", "grow:random 1 100", 1.2)
	mark_times("install-new", "grow:random 1000 100", "grow:random 1 100", 1.2)
	for (i = split("1000 10000", many, " "); i; i--) {
		b = typical("ours", "exact 1 " many[i], "dump-terse")
		mark("terse dump, exact 1 " many[i], b, b, 500, "%.0f")
		b = typical("ours", "exact 1 " many[i], "dump-terse-used")
		mark("terse dump, exact 1 " many[i] ", each flow with counters", b, b, 500, "%.0f")
	}
	for (i = split("20000 100000", many, " "); i; i--) {
		b = typical("ours", "memory:exact 1 " many[i], "memory-record")
		mark("bytes of a flow's record with its index, " many[i] " flows", b, b, 400, "%.0f")
	}
	printf "%d of %d that were measured are met.\n", measured - unmet, measured
}

END {
	printf "Instructions for each packet, flow installed, flow dumped, flow deleted; bytes of memory.\n"
	printf "%-26s %-13s %11s %11s %7s %11s %11s   %s\n", "name masks flows", "what", "in-tree", "Megaflow", "ratio",
		"less device", "less device", "counted in Megaflow's last run"
	listed = "hit hit-fresh hit-nocache hit-zipf victim-before victim-after victim-late miss upcall install" \
		" install-last install-known later-known install-new later-new dump dump-terse dump-used dump-terse-used flush memory memory-record"
	split(listed, costs, " ")
	for (i = 1; i <= cells; i++)
		for (w = 1; w in costs; w++)
			show(order[i], costs[w], w <= 9 ? typical("none", order[i], "hit") : 0)
	for (i = 1; i <= cells; i++)
		parts(order[i])
	marks()
}
