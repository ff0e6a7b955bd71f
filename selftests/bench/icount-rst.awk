# SPDX-License-Identifier: GPL-2.0-only
# The tables of Documentation/performance.rst, each between the markers that it has there, from samples of
# `icount`: module name masks flows what median least most note...
# Behind icount-samples.awk.

{
	if (match($0, / masks [0-9]+/))
		masks[cell] = substr($0, RSTART + 7, RLENGTH - 7)
}

function grouped(x,    s) {
	s = sprintf("%.0f", x)
	while (match(s, /[0-9][0-9][0-9][0-9]($|,)/))
		s = substr(s, 1, RSTART) "," substr(s, RSTART + 1)
	return s
}

# A cell as readers know it: the shape, its masks as the datapath counted them, its flows.
function title(cell,    p) {
	split(cell, p, " ")
	sub(/.*:/, "", p[1])
	if (cell ~ /^pktgen/)
		return "pktgen, one flow"
	if (p[1] == "cuts")
		return sprintf("cuts of %s, %s, %s", p[2] == 1 ? "1 port" : p[2] " ports", grouped(masks[cell]), grouped(p[3]))
	return p[1] ", " grouped(p[2]) ", " grouped(p[3])
}

function begin_table(first, heads) {
	rows = 0
	columns = split(first "|" heads, head, "|")
	for (c = 1; c <= columns; c++)
		width[c] = length(head[c])
}

# What a row holds: its name, then figures.
function row(name, figures,    c, p) {
	split(name "|" figures, p, "|")
	rows++
	for (c = 1; c <= columns; c++) {
		value[rows, c] = p[c]
		if (length(p[c]) > width[c])
			width[c] = length(p[c])
	}
}

function ruler(    c, s, k) {
	for (c = 1; c <= columns; c++) {
		for (k = 0; k < width[c]; k++)
			s = s "="
		s = s (c < columns ? " " : "")
	}
	return s
}

function end_table(name,    c, r, line) {
	if (!rows)
		return
	printf ".. begin table %s\n\n%s\n", name, ruler()
	for (r = 0; r <= rows; r++) {
		line = ""
		for (c = 1; c <= columns; c++)
			line = line sprintf(c == 1 ? "%-*s " : "%*s ", width[c], r ? value[r, c] : head[c])
		sub(/ +$/, "", line)
		print line
		if (!r)
			print ruler()
	}
	printf "%s\n\n.. end table\n\n", ruler()
}

function figure(module, cell, what, base,    x) {
	x = mean(module, cell, what)
	return x ? grouped(x - base) : "-"
}

function ratio(cell, what, base,    a, b) {
	a = mean("intree", cell, what)
	b = mean("ours", cell, what)
	return a && b ? sprintf("%.3f", (b - base) / (a - base)) : "-"
}

function both(cell, what, base) {
	return figure("intree", cell, what, base) "|" figure("ours", cell, what, base)
}

function hits(    i, cell, base) {
	begin_table("shape, masks, flows", "in-tree|Megaflow|ratio|in-tree, fresh|Megaflow, fresh|in-tree, no cache|Megaflow, no cache")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		base = mean("none", cell, "hit")
		if (cell !~ /:/ && mean("ours", cell, "hit"))
			row(title(cell), both(cell, "hit", base) "|" ratio(cell, "hit", base) "|" both(cell, "hit-fresh", base) "|" \
				both(cell, "hit-nocache", base))
	}
	end_table("hits")
	begin_table("shape, masks, flows", "in-tree|Megaflow|in-tree, Zipf|Megaflow, Zipf")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		base = mean("none", cell, "hit")
		if (mean("ours", cell, "hit-zipf"))
			row(title(cell), both(cell, "hit", base) "|" both(cell, "hit-zipf", base))
	}
	end_table("zipf")
}

function misses(    i, cell) {
	begin_table("shape, masks, flows", "in-tree|Megaflow|ratio|in-tree, upcall|Megaflow, upcall|ratio")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (mean("ours", cell, "miss"))
			row(title(cell), both(cell, "miss", 0) "|" ratio(cell, "miss", 0) "|" both(cell, "upcall", 0) "|" \
				ratio(cell, "upcall", 0))
	}
	end_table("misses")
}

function control(    i, cell) {
	begin_table("shape, masks there", "in-tree, known|Megaflow, known|in-tree, new|Megaflow, new|later, known|later, new")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (cell ~ /^grow:/) {
			split(cell, p, " ")
			row(substr(p[1], 6) ", " grouped(p[2]), both(cell, "install-known", 0) "|" both(cell, "install-new", 0) "|" \
				figure("ours", cell, "later-known", 0) "|" figure("ours", cell, "later-new", 0))
		}
	}
	end_table("installs")
	begin_table("shape, masks, flows", "in-tree, installed|Megaflow, installed|in-tree, dumped|Megaflow, dumped|in-tree, terse|Megaflow, terse")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (mean("ours", cell, "dump"))
			row(title(cell), both(cell, "install", 0) "|" both(cell, "dump", 0) "|" both(cell, "dump-terse", 0))
	}
	end_table("dumps")
}

function others(    i, cell, base) {
	begin_table("attack", "in-tree, before|Megaflow, before|in-tree, after|Megaflow, after|in-tree, late|Megaflow, late")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		base = mean("none", cell, "hit")
		if (cell ~ /^victim:/)
			row(title(cell), both(cell, "victim-before", base) "|" both(cell, "victim-after", base) "|" \
				both(cell, "victim-late", base))
	}
	end_table("victim")
	begin_table("shape, masks, flows", "in-tree|Megaflow|in-tree, record and index|Megaflow, record and index")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (cell ~ /^memory:/)
			row(title(cell), both(cell, "memory", 0) "|" both(cell, "memory-record", 0))
	}
	end_table("memory")
}

END {
	hits()
	misses()
	control()
	others()
}
