# Background jobs, wait with and without a pid, statuses, kill, many at once.
sleep 0.1 &
wait $!
echo $?
(exit 5) &
a=$!
(exit 6) &
b=$!
wait $b
echo $?
wait $a
echo $?
wait 999999 2>/dev/null
echo $?
sleep 30 &
kill $!
wait $!
echo $?
sleep 30 &
kill -KILL $!
wait $!
echo $?
for i in 1 2 3 4 5 6 7 8; do (echo $i >out.$i; exit $i) & pids="$pids $!"; done
for pid in $pids; do wait $pid; echo $?; done
cat out.*
kill -0 $$ && echo alive
(sleep 0.1; echo late) &
echo early
wait
echo last
: &
wait
{ echo a; sleep 0.1; echo b; } | cat &
wait
kill -l 15 2>&1
