# SPDX-License-Identifier: GPL-2.0
# bash completion of latwatch-report, which knows itself what each word can become.

_latwatch_report() {
	local word typed
	local -a words=()

	# bash takes --vm=1 for three words
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		if [[ ${#words[@]} -gt 0 && ($word == = || (-n $word &&
		      ${words[-1]} == *= && $COMP_LINE == *"${words[-1]}$word"*)) ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	mapfile -t COMPREPLY < <("$1" --complete "${words[@]}" 2>/dev/null)
	if [[ ${COMPREPLY[0]} == :files ]]; then
		COMPREPLY=()
		compopt -o default
		return
	fi
	# and completes what stands behind the =
	typed=${words[-1]}
	if [[ $typed == *=* && $COMP_WORDBREAKS == *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]#"${typed%=*}="}")
	fi
}
complete -F _latwatch_report latwatch-report
