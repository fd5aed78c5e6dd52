# time, times, $SECONDS, EPOCHREALTIME, timeout.
TIMEFORMAT=%R
t=$({ time sleep 0.3; } 2>&1)
[[ $t =~ ^0\.[3-9] || $t =~ ^[1-9]\. ]] && echo "about right" || echo "$t"
TIMEFORMAT='%U %S'
{ time :; } 2>&1 | grep -c '^[0-9.]* [0-9.]*$'
times | wc -l
SECONDS=0
sleep 1.1
((SECONDS >= 1)) && echo "seconds pass"
a=$EPOCHREALTIME
sleep 0.05
b=$EPOCHREALTIME
[[ $a < $b ]] && echo later
timeout 0.3 sleep 10
echo $?
timeout 10 sh -c 'exit 5'
echo $?
timeout -s KILL 0.2 sleep 10
echo $?
printf '%(%Y)T\n' 86400
