# SPDX-License-Identifier: GPL-2.0-only
# What tables of `icount` and `shapes` have in common. Stands between cells-samples.awk, rst.awk and what says
# which tables.

{
	if (match($0, / masks [0-9]+/))
		masks[cell] = substr($0, RSTART + 7, RLENGTH - 7)
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
