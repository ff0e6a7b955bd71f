# SPDX-License-Identifier: GPL-2.0-only
# The report from samples: module still|churn ns cpu-ns packets tx missed, and from rates: module installs deletes.
# Behind median.awk.

# The median of a module's samples by a column: 3 for elapsed time, 4 for CPU time.
function typical(column, module, what,    i, n, list) {
	for (i = 1; i <= rows; i++)
		if (m[i] == module && w[i] == what)
			list[++n] = value[column, i]
	return n ? median(list, n) : 0
}

NF == 3 {
	runs[$1]++
	installs[$1] += $2
	deletes[$1] += $3
	next
}

{
	m[++rows] = $1
	w[rows] = $2
	value[3, rows] = $3
	value[4, rows] = $4
	bad += $5 != $6 || $7 > 0
}

END {
	title["intree"] = "in-tree"; title["ours"] = "Megaflow"
	printf "1,000 flows, random, beside %d installs and as many deletes a second; ns per packet.\n", wanted
	printf "%-9s %21s %21s %7s %10s %10s\n", "", "CPU time: without with", "elapsed: without with", "ratio", "installs/s",
		"deletes/s"
	for (i = split("ours intree", modules, " "); i > 0; i--) {
		name = modules[i]
		if (!runs[name]) {
			bad++
			continue
		}
		printf "%-9s %14.0f %7.0f %13.0f %7.0f %7.2f %10.0f %10.0f\n", title[name], typical(4, name, "still"),
			typical(4, name, "churn"), typical(3, name, "still"), typical(3, name, "churn"),
			typical(4, name, "churn") / typical(4, name, "still"), installs[name] / runs[name], deletes[name] / runs[name]
	}
	if (bad)
		print "Not every packet went out by a flow: these figures mean nothing."
	exit bad > 0
}
