# SPDX-License-Identifier: GPL-2.0-only
# Draws tables in reStructuredText, each between markers by which `document` finds its place.

function grouped(x,    s) {
	s = sprintf("%.0f", x)
	while (match(s, /[0-9][0-9][0-9][0-9]($|,)/))
		s = substr(s, 1, RSTART) "," substr(s, RSTART + 1)
	return s
}

function begin_table(first, heads,    c) {
	rows = 0
	columns = split(first "|" heads, head, "|")
	for (c = 1; c <= columns; c++)
		width[c] = length(head[c])
}

# What a row holds: its name, then figures.
function row(name, figures,    c, p) {
	split(name "|" figures, p, "|")
	rows++
	for (c = 1; c <= columns; c++) {
		value[rows, c] = p[c]
		if (length(p[c]) > width[c])
			width[c] = length(p[c])
	}
}

function ruler(    c, s, k) {
	for (c = 1; c <= columns; c++) {
		for (k = 0; k < width[c]; k++)
			s = s "="
		s = s (c < columns ? " " : "")
	}
	return s
}

function end_table(name,    c, r, line) {
	if (!rows)
		return
	printf ".. begin table %s\n\n%s\n", name, ruler()
	for (r = 0; r <= rows; r++) {
		line = ""
		for (c = 1; c <= columns; c++)
			line = line sprintf(c == 1 ? "%-*s " : "%*s ", width[c], r ? value[r, c] : head[c])
		sub(/ +$/, "", line)
		print line
		if (!r)
			print ruler()
	}
	printf "%s\n\n.. end table\n\n", ruler()
}
