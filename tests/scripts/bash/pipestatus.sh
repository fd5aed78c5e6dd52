# PIPESTATUS, pipefail, lastpipe, |&.
true | false | (exit 3)
echo "${PIPESTATUS[@]}"
echo "${PIPESTATUS[@]}"
set -o pipefail
false | true
echo $?
(exit 2) | (exit 3) | true
echo $? 
set +o pipefail
yes | head -n 1
echo "${PIPESTATUS[@]}"
shopt -s lastpipe
seq 5 | while read -r x; do last=$x; done
echo "last $last"
{ echo out; echo err >&2; } |& sort
set -e -o pipefail
(false | true; echo no) || echo "one failed"
f() { false | true; echo in f; }
if f; then echo tolerated; fi
false | true
echo never
