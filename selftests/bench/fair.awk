# SPDX-License-Identifier: GPL-2.0-only
# The report from samples: module mode who sent heard seconds least.

{
	share = $4 ? 100 * $5 / $4 : 0
	key = $1 SUBSEP $2 SUBSEP $3
	sent[key] += $4
	heard[key] += $5
	time[key] += $6
	if (!(key in run) || share < run[key])
		run[key] = share
	if (!(key in port) || $7 < port[key])
		port[key] = $7
	runs[key]++
}

function line(module, mode, who,    key) {
	key = module SUBSEP mode SUBSEP who
	printf "  %-9s %-6s %10.0f %8.0f %8.2f %% %8.2f %% %8.2f %%\n", title[module], who, sent[key] / time[key],
		heard[key] / time[key], 100 * heard[key] / sent[key], run[key], port[key]
}

END {
	wanted = 96
	title["intree"] = "in-tree"; title["ours"] = "Megaflow"
	print "63 ports send 10 packets a second each, all of them misses, and one port floods. What user space hears:"
	n = split("per-cpu per-port", modes, " ")
	for (i = 1; i <= n; i++) {
		mode = modes[i]
		printf "%-18s %10s %8s %10s %10s %10s\n", mode, "sent/s", "heard/s", "share", "least run", "least port"
		for (j = split("ours intree", modules, " "); j > 0; j--) {
			line(modules[j], mode, "idle")
			line(modules[j], mode, "flood")
		}
		met = runs["ours", mode, "idle"] && run["ours", mode, "idle"] >= wanted
		printf "  At least %d %% of the idle ports' packets in every run of Megaflow: %s\n", wanted,
			met ? "met" : "NOT met"
		bad = bad || !met
	}
	exit bad
}
