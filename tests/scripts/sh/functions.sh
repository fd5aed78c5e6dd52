# Functions: arguments, locals, recursion, status, redirection of a whole one.
add() { echo $(($1 + $2)); }
fib() {
	if [ "$1" -lt 2 ]; then echo "$1"; return; fi
	add "$(fib $(($1 - 1)))" "$(fib $(($1 - 2)))"
}
outer() {
	local x=inner
	inner() { echo "x is $x"; x=changed; }
	inner
	echo "x is $x"
}
x=global
fib 7
outer
echo "x is $x"
fails() { return 42; }
fails
echo $?
both() { echo to stdout; echo to stderr >&2; } 2>&1
both | sort
set -- a "b c" d
show() { echo $# "$1" "$*"; for each; do echo "[$each]"; done; }
show "$@"
shift 2
echo $# "$1"
unset -f add
add 1 2 2>/dev/null || echo "no add: $?"
