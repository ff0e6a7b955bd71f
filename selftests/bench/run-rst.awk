# SPDX-License-Identifier: GPL-2.0-only
# The table of `run` in Documentation/performance.rst, by CPU time. Behind median.awk, run-samples.awk and rst.awk.

function cost(module, kind,    x) {
	x = typical("CPU time", module, kind, 0)
	return x ? grouped(x) : "-"
}

function case_row(kind, title) {
	spread("CPU time", kind)
	row(title, cost("none", kind) "|" cost("intree", kind) "|" cost("ours", kind) "|" \
		sprintf("%.2f", typical("CPU time", "ours", kind, 0) / typical("CPU time", "intree", kind, 0)) "|" \
		sprintf("%.2f - %.2f", low, high) "|" cost("flower", kind) "|" cost("bridge", kind))
}

END {
	begin_table("case", "without|in-tree|Megaflow|ratio|of rounds|tc flower|bridge")
	case_row("one", "one flow, bursts of one packet")
	case_row("lone", "one flow, new packets")
	case_row("exact", "1,000 flows in turn")
	case_row("many", "100,000 flows in turn")
	case_row("ct", "established TCP, ct and recirc")
	case_row("nat", "TCP, address and port rewritten")
	end_table("ns packets")
}
