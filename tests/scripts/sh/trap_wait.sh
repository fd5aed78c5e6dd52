# A trap interrupts wait at once, and another command when that has ended.
trap 'echo trapped' USR1
sleep 30 &
sleeper=$!
(sleep 0.2; kill -USR1 $$) &
helper=$!
wait $sleeper
[ $? -gt 128 ] && echo "wait was interrupted"
kill $sleeper
wait $sleeper
echo $?
wait $helper
(sleep 0.1; kill -USR1 $$) &
sleep 0.5
echo "after sleep"
wait
trap 'echo terminated; exit 3' TERM
(sleep 0.1; kill -TERM $$) &
while :; do sleep 0.05; done
