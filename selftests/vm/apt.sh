# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# An apt of our own: its sources, lists and downloads live in the cache. The host's apt is read
# once, to learn which mirror this machine uses, and is never changed.

APT_DIR=$MF_CACHE/apt
APT_SUITES="bookworm bookworm-security bookworm-backports trixie trixie-security trixie-backports"

# Every archive that the host's apt reads, as lines of place and release.
# shellcheck disable=SC2016 # apt's own variables
host_archives() { env -u APT_CONFIG apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Identifier: Packages'; }

# mirror_of RELEASE: where the host gets that release from. A machine of another release has no such
# line: then the place of its own, of the same kind (security or main).
mirror_of() {
	local security=0
	[[ $1 != *-security ]] || security=1
	host_archives | awk -v want="$1" -v security=$security '
		$2 == want { exact = $1 }
		($2 ~ /-security$/) == security && $2 !~ /-updates$/ && !like { like = $1 }
		END { place = exact ? exact : like; if (place) print place; exit !place }'
}

# sources_for RELEASE...: sources.list lines, also used for the roots that mmdebstrap makes.
sources_for() {
	local suite base keys=/usr/share/keyrings/debian-archive-keyring.gpg
	for suite; do
		base=bookworm
		[[ $suite == *-security ]] && base=bookworm-security
		printf 'deb [signed-by=%s] %s %s main\n' "$keys" "$(mirror_of "$base")" "$suite"
	done
}

# Package lists are fetched once and the versions chosen from them are kept, so that a new upload
# does not rebuild kernels behind one's back. Removing the folder apt/ of the cache asks anew.
apt_setup() {
	[[ -e $APT_DIR/ready ]] || (
		lock apt
		[[ -e $APT_DIR/ready ]] && exit
		mkdir -p "$APT_DIR"/{etc/{apt.conf.d,preferences.d,trusted.gpg.d},state/lists/partial,cache/archives/partial,pins}
		: >"$APT_DIR/state/status"
		mirror_of bookworm >/dev/null || die "the host's apt knows no mirror: run apt-get update first"
		# shellcheck disable=SC2086 # a list of words
		sources_for $APT_SUITES >"$APT_DIR/etc/sources.list"
		cat >"$APT_DIR/apt.conf" <<-EOF
			Dir "$APT_DIR";
			Dir::Etc "$APT_DIR/etc";
			Dir::State "$APT_DIR/state";
			Dir::State::status "$APT_DIR/state/status";
			Dir::Cache "$APT_DIR/cache";
			APT::Architecture "amd64";
			APT::Sandbox::User "root";
			Acquire::Languages "none";
			Acquire::Check-Date "false";
			Acquire::Check-Valid-Until "false";
		EOF
		step apt "package lists" env APT_CONFIG="$APT_DIR/apt.conf" apt-get update -q
		touch "$APT_DIR/ready"
	)
}

apt_own() { (cd "$MF_CACHE/debs" && APT_CONFIG=$APT_DIR/apt.conf "$@"); }

# pinned NAME COMMAND...: the command's one-line answer, asked once and then remembered.
pinned() {
	local pin=$APT_DIR/pins/$1 answer
	shift
	apt_setup
	if [[ ! -s $pin ]]; then
		answer=$("$@")
		[[ $answer ]] || return 1
		printf '%s\n' "$answer" >"$pin.$BASHPID"
		mv "$pin.$BASHPID" "$pin"
	fi
	cat "$pin"
}

# package_exists NAME: is there a version of it to fetch? A name that others depend on need not have one.
package_exists() { [[ $(apt_own apt-cache madison "$1") ]]; }

# package_version NAME: the newest version of a package in any of the suites.
package_version() { pinned "version_$1" newest_version "$1" || die "no package $1"; }
newest_version() { apt_own apt-cache madison "$1" | awk '{ print $3 }' | sort -V | tail -n 1; }

# unpack_package DIR NAME[=VERSION]...: fetch and unpack, without installing.
unpack_package() {
	local dir=$1 spec deb name version
	shift
	mkdir -p "$dir"
	for spec; do
		name=${spec%%=*} version=${spec#*=}
		[[ $spec == *=* ]] || version=$(package_version "$name")
		deb=$MF_CACHE/debs/${name}_${version//:/%3a}
		compgen -G "${deb}_*.deb" >/dev/null ||
			step fetch "fetch $name $version" apt_own apt-get download -q "$name=$version"
		deb=$(compgen -G "${deb}_*.deb")
		step fetch "unpack $name" dpkg-deb -x "$deb" "$dir"
	done
}
