# SPDX-License-Identifier: GPL-2.0-only
# Reads the samples of `run`: module case round ns cpu-ns packets tx hit missed mask_hit
# Behind median.awk, before what prints them.

{
	samples++
	m[samples] = $1; c[samples] = $2; r[samples] = $3; ns["elapsed time", samples] = $4; ns["CPU time", samples] = $5
	if ($3 > rounds) rounds = $3
	count[$1, $2] += $6; tx[$1, $2] += $7; hit[$1, $2] += $8; missed[$1, $2] += $9; masks[$1, $2] += $10
}

# The median of a module's samples in a case by a clock, of one round or (round 0) of all.
function typical(clock, module, kind, round,    i, n, list) {
	for (i = 1; i <= samples; i++)
		if (m[i] == module && c[i] == kind && (!round || r[i] == round))
			list[++n] = ns[clock, i]
	return n ? median(list, n) : 0
}

# Sets low and high to the least and greatest of the rounds' ratios to in-tree.
function spread(clock, kind,    round, x) {
	for (round = 1; round <= rounds; round++) {
		x = typical(clock, "ours", kind, round) / typical(clock, "intree", kind, round)
		if (round == 1 || x < low)
			low = x
		if (round == 1 || x > high)
			high = x
	}
}
