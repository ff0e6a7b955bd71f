# SPDX-License-Identifier: GPL-2.0-only
# The report from samples: module what operations-a-second.

{
	if (!($2 in seen)) {
		seen[$2] = 1
		order[++rows] = $2
	}
	sum[$1, $2] += $3
	n[$1, $2]++
}

function mean(module, what) { return n[module, what] ? sum[module, what] / n[module, what] : 0 }

END {
	printf "Operations a second.\n%-14s %10s %10s %7s\n", "", "in-tree", "Megaflow", "ratio"
	for (i = 1; i <= rows; i++) {
		a = mean("intree", order[i])
		b = mean("ours", order[i])
		printf "%-14s %10.0f %10.0f %7s\n", order[i], a, b, a ? sprintf("%.2f", b / a) : "-"
	}
}
