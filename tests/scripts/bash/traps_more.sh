# bash's own traps: ERR, DEBUG, RETURN, CHLD; trap in functions; exit status of signals.
trap 'echo "ERR $?"' ERR
false
(exit 5)
if false; then :; fi
trap - ERR
f() { trap 'echo returns' RETURN; echo in f; }
f
n=0
trap '((n++))' DEBUG
:
:
trap - DEBUG
echo $((n > 1))
children=0
trap '((children++))' CHLD
(exit 1) & (exit 2) & wait
for i in 1 2 3; do wait; done
trap - CHLD
echo $((children >= 1))
bash -c 'trap "echo hup" HUP; kill -HUP $$; echo goes on'
bash -c 'trap "exit 9" TERM; (sleep 0.2; kill -TERM $$) & while :; do sleep 0.05; done'
echo $?
for s in HUP INT QUIT USR1 PIPE ALRM TERM; do
	bash -c "kill -$s \$\$" 2>/dev/null
	echo "$s $?"
done
bash -c 'ulimit -c 0; kill -SEGV $$' 2>/dev/null
echo $?
trap 'echo "at the end: $?"' EXIT
kill -l TERM KILL USR1 32 9
exit 2
