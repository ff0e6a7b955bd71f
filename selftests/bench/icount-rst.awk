# SPDX-License-Identifier: GPL-2.0-only
# The tables of Documentation/performance.rst, each between the markers that it has there, from samples of
# `icount`: module name masks flows what median least most note...
# Behind cells-samples.awk, rst.awk and cells-rst.awk.

function hits(    i, cell, base) {
	begin_table("shape, masks, flows", "in-tree|Megaflow|ratio|in-tree, fresh|Megaflow, fresh|in-tree, no cache|Megaflow, no cache")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		base = typical("none", cell, "hit")
		if (cell !~ /:/ && typical("ours", cell, "hit"))
			row(title(cell), both(cell, "hit", base) "|" ratio(cell, "hit", base) "|" both(cell, "hit-fresh", base) "|" \
				both(cell, "hit-nocache", base))
	}
	end_table("hits")
	begin_table("shape, masks, flows", "in-tree|Megaflow|in-tree, Zipf|Megaflow, Zipf")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		base = typical("none", cell, "hit")
		if (typical("ours", cell, "hit-zipf"))
			row(title(cell), both(cell, "hit", base) "|" both(cell, "hit-zipf", base))
	}
	end_table("zipf")
}

function misses(    i, cell) {
	begin_table("shape, masks, flows", "in-tree|Megaflow|ratio|in-tree, upcall|Megaflow, upcall|ratio")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (typical("ours", cell, "miss"))
			row(title(cell), both(cell, "miss", 0) "|" ratio(cell, "miss", 0) "|" both(cell, "upcall", 0) "|" \
				ratio(cell, "upcall", 0))
	}
	end_table("misses")
}

function control(    i, cell) {
	begin_table("shape, masks there", "in-tree, known|Megaflow, known|in-tree, new|Megaflow, new|later, known|later, new")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (cell ~ /^grow:/) {
			split(cell, p, " ")
			row(substr(p[1], 6) ", " grouped(p[2]), both(cell, "install-known", 0) "|" both(cell, "install-new", 0) "|" \
				figure("ours", cell, "later-known", 0) "|" figure("ours", cell, "later-new", 0))
		}
	}
	end_table("installs")
	begin_table("shape, masks, flows", "in-tree, installed|Megaflow, installed|in-tree, dumped|Megaflow, dumped|in-tree, terse|Megaflow, terse" \
		"|in-tree, terse, counted|Megaflow, terse, counted")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (typical("ours", cell, "dump"))
			row(title(cell), both(cell, "install", 0) "|" both(cell, "dump", 0) "|" both(cell, "dump-terse", 0) "|" \
				(cell ~ /^[a-z]+ 1 / && cell !~ /^cuts/ ? both(cell, "dump-terse-used", 0) : "-|-"))
	}
	end_table("dumps")
}

function others(    i, cell, base) {
	begin_table("attack", "in-tree, before|Megaflow, before|in-tree, after|Megaflow, after|in-tree, late|Megaflow, late")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		base = typical("none", cell, "hit")
		if (cell ~ /^victim:/)
			row(title(cell), both(cell, "victim-before", base) "|" both(cell, "victim-after", base) "|" \
				both(cell, "victim-late", base))
	}
	end_table("victim")
	begin_table("shape, masks, flows", "in-tree|Megaflow|in-tree, record and index|Megaflow, record and index")
	for (i = 1; i <= cells; i++) {
		cell = order[i]
		if (cell ~ /^memory:/)
			row(title(cell), both(cell, "memory", 0) "|" both(cell, "memory-record", 0))
	}
	end_table("memory")
}

END {
	hits()
	misses()
	control()
	others()
}
