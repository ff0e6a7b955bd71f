# SPDX-License-Identifier: GPL-2.0-only
# Reads the samples of `icount` and `shapes`: module name masks flows what median least most note...
# Keeps a module's runs of a cell by what was measured, and the order of the cells. Behind median.awk, before
# what prints them. With -v least=1 a run is what it least took.

{
	cell = $2 " " $3 " " $4
	key = $1 SUBSEP cell SUBSEP $5
	if (!(cell in seen)) {
		seen[cell] = 1
		order[++cells] = cell
	}
	run[key, ++n[key]] = least ? $7 : $6
}

# The median of a module's runs; of two, that is the mean. 0 if there is none.
function typical(module, cell, what,    key, i, list) {
	key = module SUBSEP cell SUBSEP what
	for (i = 1; i <= n[key]; i++)
		list[i] = run[key, i]
	return n[key] ? median(list, n[key]) : 0
}
