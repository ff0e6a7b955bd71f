# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules of our own: each is one sentence in CONTRIBUTING.rst.

FILE_MAX=600
FUNCTION_SCREEN=60
FUNCTION_MAX=100
CANNOT_MAX=10

# fail_if_any: prints what comes in, and fails when something does.
fail_if_any() {
	! grep .
}

check_spdx() {
	sources '*' | grep -vE '^COPYING$|\.(pcap|pkt|bin)$|/allow/|^compat/expect/' | xargs awk '
		function close_file() {
			if (file && !ok) print file ": the first three lines hold no SPDX-License-Identifier"
		}
		FNR == 1 { close_file(); file = FILENAME; ok = 0 }
		FNR <= 3 && /SPDX-License-Identifier: .*GPL-2.0/ { ok = 1 }
		FNR > 3 { nextfile }
		END { close_file() }' | fail_if_any
}

# Paths of the machine that wrote it have no place in a file that others read.
check_paths() {
	sources '*' | grep -v '^selftests/lint/' |
		xargs -r grep -nE '(^|[^a-z0-9_.$}])/(work|root)(/|[^a-z0-9_-]|$)' -- | allowed paths | fail_if_any
}

# Scripts fetch from where the host's apt does, and name no place themselves.
check_urls() {
	{
		scripts
		sources 'Makefile' '*/Makefile' '*.mk' 'Kbuild' '*/Kbuild' '.ci/*'
	} | sort -u | xargs -r grep -nE 'https?:/''/' -- | allowed urls | fail_if_any
}

check_versions() {
	sources 'datapath/*' 'kunit/*' 'include/*' 'Kbuild' 'kunit/Kbuild' |
		xargs -r grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION|RHEL_(RELEASE|MAJOR)|\bHAVE_[A-Z]|<linux/version\.h>' -- |
		fail_if_any
}

check_compat() {
	local cannot rc=0 file
	sources 'compat/*' | xargs -r grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(|<linux/version\.h>' -- |
		grep -v '^compat/README.rst' | fail_if_any || rc=1
	mapfile -t cannot < <(grep -rhoE '^#define MF_COMPAT_CANNOT_[A-Z0-9_]+' compat/include | sed 's/.* //' | sort -u)
	((${#cannot[@]} <= CANNOT_MAX)) || { echo "${#cannot[@]} MF_COMPAT_CANNOT_ tokens, $CANNOT_MAX are allowed"; rc=1; }
	for file in "${cannot[@]}"; do
		grep -qF "$file" compat/README.rst || { echo "$file is not in compat/README.rst"; rc=1; }
	done
	for file in compat/probe/*.c; do
		(($(wc -l <"$file") <= 15)) || { echo "$file: more than 15 lines"; rc=1; }
	done
	for file in compat/include/*/*.h; do
		[[ $(basename "$(dirname "$file")") == include ]] || grep -q 'megaflow_have.h' "$file" ||
			{ echo "$file: an overlay that asks nothing"; rc=1; }
	done
	compat/unused || rc=1
	return $rc
}

check_sizes() {
	sources '*.c' '*.h' '*.cc' '*.hh' '*.sh' '*.def' 'Kbuild' 'Makefile' '*/Makefile' 'selftests/*' |
		xargs -r wc -l | awk -v max=$FILE_MAX '$2 != "total" && $1 > max { print $2 ": " $1 " lines" }' |
		allowed sizes | fail_if_any
}

# Over a screen is worth a word; over the maximum fails.
check_functions() {
	need ctags || return 1
	sources '*.c' '*.h' '*.cc' >"$OUT/functions.files"
	[[ -s $OUT/functions.files ]] || { nothing "no C yet"; return; }
	ctags --languages=C,C++ --map-C=+.def --kinds-C=f --kinds-C++=f --fields=+ne -o - -L "$OUT/functions.files" |
		awk -F'\t' -v screen=$FUNCTION_SCREEN '{
			line = end = 0
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^line:/) line = substr($i, 6)
				if ($i ~ /^end:/) end = substr($i, 5)
			}
			if (end - line + 1 > screen) print $2 ":" line ": " $1 "() has " end - line + 1 " lines"
		}' >"$OUT/functions.long"
	allowed functions <"$OUT/functions.long" | awk -v max=$FUNCTION_MAX '
		{ hard = $(NF - 1) > max; print (hard ? "error: " : "note: ") $0; bad = bad || hard }
		END { exit bad }'
}

# skb_tx_error() tells the sender that it may reuse a buffer; nobody here knows that (hazard 88).
check_warnings() {
	sources 'datapath/*.[ch]' | xargs -r grep -nE '\b(BUG|BUG_ON|WARN|WARN_ON|panic|skb_tx_error)\(|\bVM_BUG_ON' -- |
		allowed warnings | fail_if_any
}

# Every refusal of a request tells why. A return of an error needs a text within the ten lines above
# it, inside its function. No memory and no room in a message are not refusals.
check_extack() {
	sources 'datapath/netlink/*.c' 'datapath/key/parse*.c' 'datapath/key/check*.c' 'datapath/action/compile*.c' |
		xargs -r awk '
		FNR == 1 || /^}/ { said = -100 }
		/^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
		/ERR_MSG|BAD_ATTR|REQ_ATTR_CHECK|refuse|explain/ { said = FNR }
		/return -E[A-Z]+;/ && !/-E(NOMEM|MSGSIZE|NOBUFS);/ && FNR - said > 10 {
			code = $0; sub(/^[ \t]+/, "", code)
			print FILENAME ": " name "(): " code " (line " FNR ")"
		}' | allowed extack | fail_if_any
}

# The walk through the ABI names every attribute, command and action that the header has.
check_abi() {
	local walk=Documentation/abi-walk.rst header=include/uapi/linux/openvswitch.h
	[[ -e $header ]] || { nothing "no ABI header yet"; return; }
	[[ -e $walk ]] || { echo "$walk is missing"; return 1; }
	grep -oE '\bOVS_[A-Z0-9_]+\b' "$header" |
		grep -E '_(ATTR|CMD)_' | grep -vE '_(MAX|UNSPEC|PAD|)$|__' | sort -u |
		while read -r name; do
			grep -qw "$name" "$walk" || echo "$name is not in $walk"
		done | fail_if_any || return 1
	stale_tests "$walk"
}

# Every difference that is allowed from the in-tree module has its reason in writing.
check_differential() {
	local table=selftests/differential/allowed reasons=Documentation/divergences.rst
	awk -F " [|] " '!/^(#|$)/ && NF != 6 { print FILENAME ":" FNR ": " NF " columns, six are needed" }' $table | fail_if_any || return 1
	awk -F " [|] " '!/^(#|$)/ { print $6 }' $table | sort -u |
		while read -r reason; do
			grep -qE "(\\*\\*|\`\`)${reason//./\\.}" $reasons || echo "$table: no entry of $reasons starts with \"$reason\""
		done | fail_if_any
}

# stale_tests WALK: tests that the walk names and nobody has.
stale_tests() {
	local test
	grep -oE '``[a-z_0-9]+/[A-Za-z0-9_./-]+``' "$1" | tr -d '`' | sort -u | while read -r test; do
		[[ -e $test || -e selftests/$test ]] || echo "$1 names $test, which is not there"
	done | fail_if_any || return 1
	sed -nE 's/^([0-9]+|\\) .*``([^`]+)`` +([A-Za-z0-9_]+)$/\2 \3/p' "$1" | while read -r test name; do
		grep -qsw -- "$name" "$test" "selftests/$test" || echo "$1: $test has no $name"
	done | fail_if_any
}

# What the documentation points at is there: files in ``double quotes`` that look like paths of the
# project, and pages named by :doc:. A page nobody reaches from the index is lost.
check_docs() {
	local pages
	mapfile -t pages < <(sources 'Documentation/*.rst' 'compat/README.rst' README.md CONTRIBUTING.rst)
	((${#pages[@]})) || { nothing "no documentation yet"; return; }
	{
		grep -oHE '`(datapath|include|compat|kunit|tools|selftests|Documentation)/[A-Za-z0-9_./-]+`' "${pages[@]}" |
			tr -d '`' | grep -v /foo | sort -u | while IFS=: read -r page path; do
				[[ -e ${path%.} ]] || echo "$page names $path, which is not there"
			done
		grep -oHE ':doc:`[a-z-]+`' "${pages[@]}" | sort -u | while IFS='`' read -r page name; do
			[[ -e Documentation/$name.rst ]] || echo "${page%%:*} points at $name.rst, which is not there"
		done
		sources 'Documentation/*.rst' | while read -r page; do
			page=$(basename "$page" .rst)
			[[ $page == index ]] || grep -qE "^ +$page\$" Documentation/index.rst ||
				echo "Documentation/$page.rst is not in the index"
		done
	} | fail_if_any
}
