# wait -n, -p, -f; jobs; disown.
(sleep 0.5; exit 3) &
(sleep 0.1; exit 2) &
(sleep 0.9; exit 4) &
wait -n; echo $?
wait -n; echo $?
wait -n; echo $?
wait -n 2>/dev/null; echo $?
(sleep 0.2; exit 7) & a=$!
wait -n -p which $a
echo $? $((which == a))
sleep 0.1 & sleep 0.1 & sleep 0.1 &
jobs -p | wc -l
wait
running=0 done=0
for i in {1..12}; do
	((running == 3)) && { wait -n; ((running--, done++)); }
	(exit 0) & ((running++))
done
while ((running)); do wait -n; ((running--, done++)); done
echo $done
sleep 30 & disown
kill $!
echo gone
wait
