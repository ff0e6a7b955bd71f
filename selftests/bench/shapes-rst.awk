# SPDX-License-Identifier: GPL-2.0-only
# The tables of `shapes`, each between the markers that it has in Documentation/performance.rst.
# Behind cells-samples.awk, rst.awk and cells-rst.awk.

# A module's mean in a round, which has it twice.
function in_round(module, cell, what, round,    key) {
	key = module SUBSEP cell SUBSEP what
	return (run[key, 2 * round - 1] + run[key, 2 * round]) / 2
}

# The least and the greatest of the rounds' ratios.
function spread(cell, what,    round, rounds, x, low, high) {
	rounds = int(n["intree" SUBSEP cell SUBSEP what] / 2)
	if (!rounds)
		return "-"
	for (round = 1; round <= rounds; round++) {
		x = in_round("ours", cell, what, round) / in_round("intree", cell, what, round)
		if (round == 1 || x < low)
			low = x
		if (round == 1 || x > high)
			high = x
	}
	return sprintf("%.3f - %.3f", low, high)
}

function compared(cell, what) {
	return both(cell, what, 0) "|" ratio(cell, what, 0) "|" spread(cell, what)
}

function is_row(cell, what) {
	return cell ~ /^time:/ && typical("ours", cell, what)
}

function all_of(what, name,    i) {
	begin_table("shape, masks, flows", "without|in-tree|Megaflow|ratio|of rounds")
	for (i = 1; i <= cells; i++)
		if (is_row(order[i], what))
			row(title(order[i]), figure("none", order[i], "hit", 0) "|" compared(order[i], what))
	end_table(name)
}

function victims(    i, cell) {
	begin_table("attack", "in-tree, before|Megaflow, before|in-tree, after|Megaflow, after|in-tree, late|Megaflow, late")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (cell ~ /^victim:/)
			row(title(cell), both(cell, "victim-before", 0) "|" both(cell, "victim-after", 0) "|" \
				both(cell, "victim-late", 0))
	}
	end_table("ns victim")
}

END {
	all_of("hit", "ns hits")
	all_of("hit-fresh", "ns fresh hits")
	all_of("hit-nocache", "ns hits without cache")
	all_of("hit-zipf", "ns zipf")
	all_of("miss", "ns misses")
	victims()
}
