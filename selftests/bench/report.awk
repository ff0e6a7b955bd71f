# SPDX-License-Identifier: GPL-2.0-only
# The report from samples: module case round ns packets tx hit missed mask_hit

function median(list, n,    i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

# The median of a module's samples in a case, of one round or (round 0) of all.
function typical(module, kind, round,    i, n, list) {
	for (i = 1; i <= rows; i++)
		if (m[i] == module && c[i] == kind && (!round || r[i] == round))
			list[++n] = ns[i]
	return n ? median(list, n) : 0
}

function best(module, kind,    i, least) {
	for (i = 1; i <= rows; i++)
		if (m[i] == module && c[i] == kind && (!least || ns[i] < least))
			least = ns[i]
	return least
}

function ratio_range(kind,    round, x, lo, hi) {
	for (round = 1; round <= rounds; round++) {
		x = typical("ours", kind, round) / typical("intree", kind, round)
		if (!lo || x < lo) lo = x
		if (x > hi) hi = x
	}
	return sprintf("%.2f-%.2f", lo, hi)
}

{
	rows++
	m[rows] = $1; c[rows] = $2; r[rows] = $3; ns[rows] = $4
	if ($3 > rounds) rounds = $3
	count[$1, $2] += $5; tx[$1, $2] += $6; hit[$1, $2] += $7; missed[$1, $2] += $8; masks[$1, $2] += $9
}

END {
	split("one exact", kinds, " ")
	split("none intree ours", modules, " ")
	title["one"] = "one flow, one output"
	title["exact"] = "1,000 exact flows, random"
	title["none"] = "no datapath"; title["intree"] = "in-tree"; title["ours"] = "Megaflow"
	for (k = 1; k <= 2; k++) {
		kind = kinds[k]
		printf "%s\n", title[kind]
		for (i = 1; i <= 3; i++) {
			mod = modules[i]
			printf "  %-12s %7.1f ns/packet (best %.1f)   packets %d, out %d", title[mod],
				typical(mod, kind, 0), best(mod, kind), count[mod, kind], tx[mod, kind]
			if (mod != "none")
				printf ", hit %d, missed %d, masks/packet %.2f", hit[mod, kind], missed[mod, kind], \
					masks[mod, kind] / count[mod, kind]
			print ""
			if (tx[mod, kind] != count[mod, kind] || missed[mod, kind] > 0) {
				print "  not every packet went out by a flow: these figures mean nothing"
				bad = 1
			}
		}
		base = typical("none", kind, 0)
		a = typical("intree", kind, 0); b = typical("ours", kind, 0)
		printf "  Megaflow / in-tree: %.2f of medians (rounds %s), %.2f of the best; %.2f without the device path\n",
			b / a, ratio_range(kind), best("ours", kind) / best("intree", kind), (b - base) / (a - base)
		if (b > a) slower = 1
	}
	print slower ? "Megaflow is SLOWER than in-tree in a case." : "Megaflow is not slower than in-tree in either case."
	exit bad || slower
}
