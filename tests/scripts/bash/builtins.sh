# enable, type, command, hash, getopts, select, let, declare, local -n, readonly, shopt.
type -t echo cat if f none
f() { :; }
type -t f
command -v sort | sed 's/.*\///'
hash -r
while getopts 'ab:c' o -a -b value -c rest; do echo "$o ${OPTARG-}"; done
select x in one two; do echo "$x $REPLY"; break; done <<<2 2>/dev/null
let 'y = 3 * 4' && echo $y
declare -i n=5; n+=3; echo $n
declare -r const=1
(const=2) 2>/dev/null || echo "readonly"
swap() { local -n ref=$1; ref=by-name; }
swap target; echo $target
cat <<<"here string"
echo "${BASH_SUBSHELL}" "$(echo $BASH_SUBSHELL)" "$( (echo $BASH_SUBSHELL) )"
[[ $BASHPID -ne $(echo $BASHPID) ]] && echo "another pid"
pushd / >/dev/null; popd >/dev/null; dirs | wc -l
umask 027; umask -S; umask 022
set -o | grep -c on
IFS=, read -ra parts <<<"a,b,c"; echo "${parts[2]}"
printf '%q\n' 'a b$c'
exec {fd}<<<"own descriptor"; cat <&$fd; exec {fd}<&-
test -t 0 || echo "no terminal"
