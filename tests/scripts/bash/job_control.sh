# set -m in bash: jobs stopped and continued, fg, job numbers.
set -m
sleep 30 &
jobs %1 | sed 's/[0-9]* *sleep/sleep/'
kill -STOP %1
sleep 0.2
jobs %1 | tr -s ' '
bg %1 >/dev/null
jobs -r | wc -l
kill %1
wait %1 2>/dev/null
echo $?
sleep 0.1 &
fg %+ >/dev/null
echo $?
(sleep 0.1; exit 3) &
fg >/dev/null 2>&1
echo $?
bash -c 'kill -STOP $$; exit 6' &
pid=$!
while [[ $(jobs -s | wc -l) -eq 0 ]]; do sleep 0.05; done
fg %bash >/dev/null
echo $?
sleep 30 | cat &
[[ $(jobs -p) -ne $! ]] && echo "leader is the first"
kill -- -"$(jobs -p)"
wait 2>/dev/null
echo end
set +m
sleep 0.1 &
wait
echo $?
