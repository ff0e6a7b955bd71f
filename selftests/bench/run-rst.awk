# SPDX-License-Identifier: GPL-2.0-only
# The table of `run` from its samples: module case round ns cpu-ns packets tx hit missed mask_hit
# Behind rst.awk.

{
	key = $1 SUBSEP $2
	cpu[key, ++n[key]] = $5
	of[key, n[key]] = $3
	if ($3 > rounds)
		rounds = $3
}

# The median of a module's runs in a case, of one round or (0) of all.
function typical(module, kind, round,    key, i, j, t, m, list) {
	key = module SUBSEP kind
	for (i = 1; i <= n[key]; i++) {
		if (round && of[key, i] != round)
			continue
		list[++m] = cpu[key, i]
		for (j = m; j > 1 && list[j - 1] > list[j]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
	}
	if (!m)
		return 0
	return m % 2 ? list[(m + 1) / 2] : (list[m / 2] + list[m / 2 + 1]) / 2
}

function ratio(kind, round) {
	return typical("ours", kind, round) / typical("intree", kind, round)
}

function case_row(kind, title,    round, x, low, high, other) {
	for (round = 1; round <= rounds; round++) {
		x = ratio(kind, round)
		if (round == 1 || x < low)
			low = x
		if (round == 1 || x > high)
			high = x
	}
	other = typical("flower", kind, 0)
	row(title, grouped(typical("none", kind, 0)) "|" grouped(typical("intree", kind, 0)) "|" \
		grouped(typical("ours", kind, 0)) "|" sprintf("%.2f", ratio(kind, 0)) "|" sprintf("%.2f - %.2f", low, high) "|" \
		(other ? grouped(other) : "-") "|" (other ? grouped(typical("bridge", kind, 0)) : "-"))
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
