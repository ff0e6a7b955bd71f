# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Checks with Debian's tools.

check_shellcheck() {
	local files
	need shellcheck || return 1
	mapfile -t files < <(scripts)
	# SC1091: some of what is read exists in a guest only. SC2016: awk programs hold dollars.
	shellcheck --external-sources --exclude SC1091,SC2016 --format gcc "${files[@]}"
}

# scripts: every file that begins with #! and a shell, and those that are read by one.
scripts() {
	sources '*' | xargs -r awk 'FNR == 1 && (/^#!.*(bash|\/sh)/ || /shellcheck shell=/) { print FILENAME }
		FNR > 1 { nextfile }'
}

check_codespell() {
	need codespell || return 1
	sources '*' | grep -v '^COPYING$' |
		xargs -r codespell --ignore-words "$LINT/allow/codespell" --quiet-level 3
}

check_clang_format() {
	local files
	need clang-format || return 1
	mapfile -t files < <(sources 'tools/*.cc' 'tools/*.h')
	((${#files[@]})) || { nothing "no C++ yet"; return; }
	clang-format --dry-run --Werror "${files[@]}" 2>&1 | grep -E 'error:' | cut -d: -f1 | uniq -c |
		awk '{ print $2 ": " $1 " places are formatted otherwise (make format mends them)"; bad = 1 } END { exit bad }'
}

# tools/Makefile says how each file is compiled. A file that had no findings is looked at again when it,
# any header or the list of checks has changed: a look costs seconds.
check_clang_tidy() {
	local files stale=() file key db=$OUT/tidy
	need clang-tidy make || return 1
	mapfile -t files < <(sources 'tools/*.cc')
	((${#files[@]})) || { nothing "no C++ yet"; return; }
	mkdir -p "$db/clean"
	make -C tools -nB BUILD="$db/build" all 2>/dev/null | compile_commands >"$db/compile_commands.json"
	if [[ $(grep -c '"file"' "$db/compile_commands.json") -lt ${#files[@]} ]]; then
		echo "not run: tools/Makefile does not compile all of ${#files[@]} files"
		return 1
	fi
	key=$(sources 'tools/*.h' 'include/*' tools/.clang-tidy | xargs cat | sha1sum)
	for file in "${files[@]}"; do
		[[ -e $db/clean/$(tidy_key "$file" "$key") ]] || stale+=("$file")
	done
	: >"$OUT/clang-tidy.left"
	export -f tidy_key tidy_one
	DB=$db KEY=$key
	export DB KEY
	printf '%s\n' "${stale[@]}" | xargs -r -P 2 -n 1 bash -c 'tidy_one "$1"' tidy | sed "s#$SRC/##" |
		sort -u >"$OUT/clang-tidy.left"
	cat "$OUT/clang-tidy.left"
	[[ ! -s $OUT/clang-tidy.left ]]
}

tidy_key() {
	{ cat "$1"; echo "$1 $2"; } | sha1sum | cut -c1-40
}

tidy_one() {
	local said
	if said=$(clang-tidy --quiet -p "$DB" "$1" 2>&1); then
		touch "$DB/clean/$(tidy_key "$1" "$KEY")"
	else
		grep -E "(warning|error):|^Error" <<<"$said" || echo "$1: clang-tidy failed: ${said: -200}"
	fi
}

# compile_commands: a compilation database from what make -n would run in tools/.
compile_commands() {
	awk -v dir="$SRC/tools" '
		/ -c / && /\.cc$/ {
			gsub(/[\\"]/, "\\\\&")
			printf "%s{\"directory\": \"%s\", \"file\": \"%s\", \"command\": \"%s\"}", sep, dir, $NF, $0
			sep = ",\n"
		}
		BEGIN { print "[" }
		END { print "\n]" }'
}
