# set -e, -u, -f, -x, pipefail; what they do in functions, conditions and subshells.
sh -c 'set -e; echo a; false; echo b'
echo $?
sh -c 'set -e; if false; then :; fi; false || true; ! true; echo reached; (exit 3); echo no'
echo $?
sh -c 'set -e; f() { false; echo in f; }; f || echo or; f; echo no'
echo $?
sh -c 'set -e -o pipefail; true | true; echo one; false | true; echo no'
echo $?
sh -c 'set -o pipefail; (exit 3) | (exit 4) | true; echo $?'
sh -c 'set -u; echo ${x-unset}; echo $x; echo no' 2>/dev/null
[ $? -ne 0 ] && echo "unset variable"
sh -c 'set -e; x=$(false); echo no'
echo $?
sh -c 'set -f; echo *'
sh -c 'set -x; echo traced; x=1' 2>&1
sh -c 'set -e; trap "echo exiting" EXIT; false'
echo $?
sh -n -c 'echo syntax only' 2>/dev/null
sh -c 'if' 2>/dev/null
[ $? -ne 0 ] && echo "syntax error"
