# SPDX-License-Identifier: GPL-2.0-only
# The report of `run`. Behind median.awk and run-samples.awk.

function ratios(clock, kind,    base, a, b) {
	spread(clock, kind)
	base = typical(clock, "none", kind, 0)
	a = typical(clock, "intree", kind, 0)
	b = typical(clock, "ours", kind, 0)
	# Elapsed time holds whatever else the machine did meanwhile.
	if (clock == "CPU time" && b > a) slower = 1
	printf "  Megaflow / in-tree by %-12s %.2f (rounds %.2f-%.2f); without the device path %.2f\n",
		clock ":", b / a, low, high, (b - base) / (a - base)
}

function others(module, kind,    x) {
	x = typical("CPU time", module, kind, 0)
	if (x)
		printf "  Megaflow / %-8s by CPU time:     %.2f\n", title[module], typical("CPU time", "ours", kind, 0) / x
}

function line(module, kind,    more) {
	printf "  %-12s %8.1f %8.1f   %d sent, %d out", title[module], typical("CPU time", module, kind, 0),
		typical("elapsed time", module, kind, 0), count[module, kind], tx[module, kind]
	if (module == "intree" || module == "ours")
		printf ", %d hits, %d misses, %.2f masks a packet", hit[module, kind], missed[module, kind],
			masks[module, kind] / count[module, kind]
	print ""
	# A bridge has a device of its own, which reports its groups now and then.
	more = module == "bridge" ? 0 : tx[module, kind] - count[module, kind]
	if (tx[module, kind] < count[module, kind] || more > 0 || missed[module, kind] > 0) {
		print "  not every packet went out by a flow: these figures mean nothing"
		bad = 1
	}
}

END {
	title["one"] = "One flow, one output, bursts of one packet"
	title["lone"] = "One flow, one output, each packet a new one"
	title["exact"] = "1,000 exact flows in turn"
	title["many"] = "100,000 exact flows in turn"
	title["flower"] = "tc flower"; title["bridge"] = "bridge"
	title["none"] = "no datapath"; title["intree"] = "in-tree"; title["ours"] = "Megaflow"
	title["ct"] = "Established TCP, ct and recirc"
	title["nat"] = "TCP with source address and port rewritten"
	n = split("one lone exact many ct nat", kinds, " ")
	for (k = 1; k <= n; k++) {
		kind = kinds[k]
		printf "%s, ns per packet of CPU time and of elapsed time\n", title[kind]
		for (i = split("bridge flower ours intree none", modules, " "); i > 0; i--)
			if ((modules[i], kind) in count)
				line(modules[i], kind)
		ratios("CPU time", kind)
		ratios("elapsed time", kind)
		others("flower", kind)
		others("bridge", kind)
	}
	print slower ? "Megaflow is SLOWER than in-tree in a case." : "Megaflow is not slower than in-tree in any case."
	exit bad || slower || !samples
}
