# SPDX-License-Identifier: GPL-2.0-only
# Reads `objdump -dr` of an object that GCC has instrumented for KCOV, prints the address behind each
# call of __sanitizer_cov_trace_pc(): what KCOV reports when the call is reached.
#
# In the large code model a call goes through a register. The address is loaded now and then, kept in a
# register that calls preserve, or put aside on the stack; so this follows it through the function.

function scratch(reg) { return reg ~ /^%r(ax|cx|dx|si|di|8|9|10|11)$/ }

function called(	place) {
	for (place in holds)
		if (scratch(place))
			delete holds[place]
}

/^[0-9a-f]+ <.*>:$/ { delete holds; next }
/R_X86_64_/ { if ($NF ~ /^__sanitizer_cov_trace_pc/ && loaded) holds[loaded] = 1; next }
!/^ *[0-9a-f]+:\t.*\t/ { next }

{
	split($0, part, "\t")
	if (pending) {
		address = part[1]
		gsub(/[ :]/, "", address)
		printf "0x%016x\n", strtonum("0x" address)
		pending = 0
	}
	op = args = part[3]
	sub(/ .*/, "", op)
	sub(/ *[#<].*/, "", args)
	sub(/^[^ ]* */, "", args)
	loaded = ""
}

op == "call" {
	target = args
	sub(/^\*/, "", target)
	pending = target in holds
	called()
	next
}

op == "movabs" && match(args, /,[^,]*$/) {
	loaded = substr(args, RSTART + 1)
	delete holds[loaded]
	next
}

op ~ /^mov/ && match(args, /,[^,]*$/) {
	to = substr(args, RSTART + 1)
	from = substr(args, 1, RSTART - 1)
	if (from in holds && (to ~ /^%/ || to ~ /\(%r[sb]p\)$/))
		holds[to] = 1
	else if (scratch(to))
		delete holds[to]
	next
}

# Anything else that ends in a register has changed it, except for what only looks.
op !~ /^(pop|cmp|test|push|j)/ && match(args, /%r[a-z0-9]+$/) && scratch(substr(args, RSTART)) {
	delete holds[substr(args, RSTART)]
}
