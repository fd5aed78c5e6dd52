# set -m: every job a process group of its own, which a signal reaches whole.
set -m
sleep 30 | sleep 30 | cat &
kill -TERM -$(jobs -p | head -n 1) 2>/dev/null || kill -TERM %1
wait 2>/dev/null
echo "all gone"
(sleep 30 & sleep 30 & wait) &
group=$!
kill -0 -$group && echo "the group is there"
kill -KILL -$group
wait $group 2>/dev/null
echo $?
sleep 0.2 &
kill -STOP %+
kill -CONT %+
wait %+
echo $?
sh -c 'kill -STOP $$; echo continued' &
job=$!
sleep 0.3
kill -CONT $job
sleep 0.2
wait $job
echo $?
(exit 4) &
wait $!
echo $?
