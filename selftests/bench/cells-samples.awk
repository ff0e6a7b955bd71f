# SPDX-License-Identifier: GPL-2.0-only
# Reads the samples of `icount`: module name masks flows what median least most note...
# Sums a module's runs of a cell by what was measured, and keeps the order of the cells. Stands before
# icount.awk and icount-rst.awk, which print them.

{
	cell = $2 " " $3 " " $4
	key = $1 SUBSEP cell SUBSEP $5
	if (!(cell in seen)) {
		seen[cell] = 1
		order[++cells] = cell
	}
	sum[key] += $6
	n[key]++
}

function mean(module, cell, what,    key) {
	key = module SUBSEP cell SUBSEP what
	return n[key] ? sum[key] / n[key] : 0
}
