# Pipelines: long ones, large ones, ones that end early, their status.
seq 1000 | sed 's/$/ line/' | grep 7 | sort -r | head -n 3
seq 100000 | tail -n 1
seq 100000 | wc -c
yes | head -n 5 | tr -d '\n'; echo
cat /dev/zero | head -c 300000 | wc -c
true | false
echo $?
false | true
echo $?
! true
echo $?
! false | false
echo $?
echo through | cat | cat | cat | cat | cat | cat | cat | cat
{ echo b; echo a; } | sort | { read -r x; read -r y; echo "$x$y"; }
echo value | read -r lost; echo "lost=$lost"
seq 10 | (read -r first; echo "first $first"; sed -n '$p')
: | cat
echo status $?
