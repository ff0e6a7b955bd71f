# SPDX-License-Identifier: GPL-2.0-only
# Draws tables in reStructuredText from samples of `icount` and `shapes`. Stands between cells-samples.awk
# and what says which tables.

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
	x = typical(module, cell, what)
	return x ? grouped(x - base) : "-"
}

function ratio(cell, what, base,    a, b) {
	a = typical("intree", cell, what)
	b = typical("ours", cell, what)
	return a && b ? sprintf("%.3f", (b - base) / (a - base)) : "-"
}

function both(cell, what, base) {
	return figure("intree", cell, what, base) "|" figure("ours", cell, what, base)
}
