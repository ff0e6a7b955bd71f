# SPDX-License-Identifier: GPL-2.0-only
# bash completion for dpctl

_dpctl_datapaths() {
	dpctl dump-dps 2>/dev/null | sed 's/^system@//'
}

# The ports of a datapath; of all of them if none is named.
_dpctl_ports() {
	dpctl show ${1:+"$1"} 2>/dev/null | sed -n 's/^  port [0-9]*: \([^ ]*\).*/\1/p'
}

_dpctl_devices() {
	local device

	for device in /sys/class/net/*; do
		echo "${device##*/}"
	done
}

_dpctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} verb="" first="" i words=""
	local verbs="add-dp del-dp dump-dps show add-if del-if set-if dump-flows get-flow
		add-flow mod-flow del-flow add-flows mod-flows del-flows meter-features
		dump-meters get-meter set-meter del-meter dump-conntrack flush-conntrack
		ct-stats-show ct-set-limits ct-get-limits ct-del-limits execute monitor doctor
		cache-get-size cache-set-size parse-actions parse-flow describe"
	local options="--json --more --statistics --names --no-names --force --timeout --help
		--version"

	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* ]] && continue
		if [[ -z $verb ]]; then
			verb=${COMP_WORDS[i]}
		elif [[ -z $first ]]; then
			first=${COMP_WORDS[i]}
		fi
	done

	case $verb in
	add-dp) options+=" --features --cache-size --upcall-pid --ifindex" ;;
	mod-flow | mod-flows) options+=" --clear --may-create" ;;
	execute) options+=" --key --mru --hash --upcall-pid" ;;
	monitor) options+=" --upcalls --count" ;;
	esac

	if [[ $cur == -* ]]; then
		words=$options
	elif [[ -z $verb ]]; then
		words=$verbs
	else
		case $verb:${first:+more} in
		add-dp: | doctor:* | dump-dps:* | parse-*) ;;
		add-dp:more | add-if:more) words=$(_dpctl_devices) ;;
		del-if:more | set-if:more) words=$(_dpctl_ports "$first") ;;
		describe:) words="keys actions" ;;
		cache-set-size:more) words=masks-cache ;;
		show:* | *:) words=$(_dpctl_datapaths) ;;
		add-flows:more | mod-flows:more | del-flows:more)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

complete -F _dpctl dpctl
