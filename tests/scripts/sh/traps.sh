# trap: signals, EXIT, ignored, reset, in subshells, from a handler.
trap 'echo got USR1' USR1
kill -USR1 $$
echo after
trap 'echo got USR2; kill -USR1 $$; echo handled' USR2
kill -USR2 $$
trap '' TERM
kill -TERM $$
echo "TERM is ignored"
(kill -TERM $(sh -c 'echo $PPID'); echo "by the child, too")
trap - TERM
(trap 'echo subshell ends' EXIT; exit 3)
echo $?
sh -c 'trap "echo int; exit 5" INT; kill -INT $$; echo not reached'
echo $?
sh -c 'kill -TERM $$; echo not reached'
echo $?
sh -c 'kill -9 $$'
echo $?
trap 'echo child ended' CHLD
trap - CHLD
n=0
trap 'n=$((n + 1))' USR1
for i in 1 2 3 4 5; do kill -USR1 $$; done
echo "$n signals"
f() { trap 'echo from f' USR2; }
f
kill -USR2 $$
trap 'echo "exit with $?"' EXIT
trap
(exit 6)
exit 4
