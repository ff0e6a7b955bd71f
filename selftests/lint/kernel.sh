# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Checks with the kernel's own tools. KSRC names a kernel source; without it Debian's 7.3 is taken.

kernel_source() {
	echo "${KSRC:-$(selftests/vm/source 7.3)}"
}

module_sources() {
	sources 'datapath/*.[ch]' 'kunit/*.[ch]' 'compat/*.[ch]' 'include/*.h'
}

# What checkpatch is told to leave: it takes the row of a table for a macro that lacks something, and
# asks for a comment beside a lock where kernel-doc describes the member above. Lines may be 100
# columns long, as checkpatch itself says.
CHECKPATCH_IGNORE=MACRO_ARG_UNUSED,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,TRAILING_SEMICOLON,COMPLEX_MACRO
CHECKPATCH_IGNORE+=,MULTISTATEMENT_MACRO_USE_DO_WHILE,BRACKET_SPACE,UNCOMMENTED_DEFINITION,FILE_PATH_CHANGES

# A file is looked at again when it or the rules have changed: checkpatch takes seconds for each.
check_checkpatch() {
	local source files file left=$OUT/checkpatch.left
	source=$(kernel_source) || { echo "not run: no kernel source"; return 1; }
	need perl || return 1
	mapfile -t files < <(module_sources | grep -v '^compat/probe/')
	((${#files[@]})) || { nothing "no C yet"; return; }
	mkdir -p "$OUT/checkpatch.said"
	CHECKPATCH=$source/scripts/checkpatch.pl SAID=$OUT/checkpatch.said
	export CHECKPATCH CHECKPATCH_IGNORE SAID
	export -f checkpatch_one checkpatch_key
	printf '%s\n' "${files[@]}" | xargs -P 2 -n 1 bash -c 'checkpatch_one "$1"' checkpatch
	for file in "${files[@]}"; do
		checkpatch_one "$file"	# nothing, unless it has changed since
		cat "$SAID/$(checkpatch_key "$file")"
	done | allowed checkpatch >"$left"
	cat "$left"
	[[ ! -s $left ]]
}

checkpatch_key() {
	{ cat "$1"; echo "$1 $CHECKPATCH $CHECKPATCH_IGNORE"; } | sha1sum | cut -c1-40
}

# checkpatch_one FILE: keeps what is said of it. --strict are the netdev rules. A checkpatch that
# stumbles says something that is no finding, which is kept as one.
checkpatch_one() {
	local said
	said=$SAID/$(checkpatch_key "$1")
	[[ -e $said ]] && return
	"$CHECKPATCH" --no-tree --strict --terse --no-summary --show-types --ignore "$CHECKPATCH_IGNORE" -f "$1" \
		>"$said.part" 2>&1
	grep -v '^$' "$said.part" >"$said.new"
	rm "$said.part"
	mv "$said.new" "$said"
}

check_kernel_doc() {
	local source doc files
	source=$(kernel_source) || { echo "not run: no kernel source"; return 1; }
	doc=$source/tools/docs/kernel-doc
	[[ -e $doc ]] || doc=$source/scripts/kernel-doc
	need python3 || return 1
	mapfile -t files < <(module_sources | grep -vE '^compat/probe/|^include/uapi/')
	((${#files[@]})) || { nothing "no C yet"; return; }
	"$doc" -none -Wall "${files[@]}" >"$OUT/kernel-doc.raw" 2>&1 || { tail -n 5 "$OUT/kernel-doc.raw"; return 1; }
	grep -vE "no structured comments found" "$OUT/kernel-doc.raw" | grep -E '[Ww]arning|[Ee]rror' |
		allowed kernel-doc | grep . && return 1
	undocumented
}

# undocumented: functions that leave their file without a kernel-doc that has Context, and Return if they
# return something.
undocumented() {
	local found
	found=$(sources 'datapath/*.c' | xargs -r awk '
		FNR == 1 { doc = ""; open = 0 }
		/^\/\*\*$/ { doc = "open"; open = 1; next }
		open && /^ \* Context:/ { doc = doc " context" }
		open && /^ \* Return:/ { doc = doc " return" }
		open && /^ \*\// { open = 0; line = FNR; next }
		/^[a-z].*[ *]mf_[a-z0-9_]+\(/ && !/;$/ && !/^static / && !/^(return|if|else)/ {
			name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name)
			if (doc !~ /open/) print FILENAME ":" FNR ": " name "() has no kernel-doc"
			else if (doc !~ /context/) print FILENAME ":" FNR ": " name "() says no Context:"
			else if (doc !~ /return/ && !/^void /) print FILENAME ":" FNR ": " name "() says no Return:"
		}
		/^[^ \/]/ && !/^[a-z_]+[ *a-z_0-9]*$/ { doc = "" }
	' | allowed kernel-doc)
	[[ -z $found ]] || { echo "$found"; return 1; }
}

# Sparse 0.6.4 does not read the headers of 7.3 and then says so and succeeds; 6.12's it reads. So it
# is counted how many files it was given, and how many it has read to the end.
check_sparse() {
	local dir=$OUT/sparse.src objects seen
	need sparse rsync || return 1
	mkdir -p "$dir"
	rm -f "$OUT/sparse.seen"
	rsync -a --delete --exclude='*.o' --exclude='.*' Kbuild compat include datapath "$dir/" || return 1
	cat >"$OUT/sparse.sh" <<-'END'
	#!/bin/bash
	# SPDX-License-Identifier: GPL-2.0-only
	for arg; do source=$arg; done
	case $source in *.c) echo "$source" >>"${0%.sh}.seen" ;; esac
	exec sparse -Wsparse-error "$@"
	END
	chmod +x "$OUT/sparse.sh"
	rm -f "$dir"/datapath/*.o "$dir"/datapath/*/*.o
	if ! selftests/vm/kmake qemu-6.12 M="$dir" -j2 -k C=2 CHECK="$OUT/sparse.sh" CF=-fms-extensions \
			modules >"$OUT/sparse.raw" 2>&1; then
		grep -qE ': (warning|error):' "$OUT/sparse.raw" || { tail -n 5 "$OUT/sparse.raw"; return 1; }
	fi
	grep -E '(datapath|compat|include)/[^ ]*: (warning|error):' "$OUT/sparse.raw" | sed "s#$dir/##" |
		sort -u | allowed sparse >"$OUT/sparse.left"
	cat "$OUT/sparse.left"
	objects=$(grep -cE '^openvswitch-y \+= ' Kbuild)
	seen=$(grep -c "/datapath/" "$OUT/sparse.seen" 2>/dev/null || true)
	[[ ${seen:-0} -ge $objects ]] || { echo "not run: sparse saw ${seen:-0} of $objects files"; return 1; }
	if grep -iE 'sparse.*(too old|not up to date|not available)' "$OUT/sparse.raw"; then
		return 1
	fi
	[[ ! -s $OUT/sparse.left ]]
}
