# Shells in shells, and ends that come from far away.
sh -c 'sh -c "sh -c \"echo three deep; exit 3\"; echo \$?; exit 2"; echo $?; exit 1'
echo $?
echo 'echo from stdin; exit 8' | sh
echo $?
sh -s a b <<'END'
echo "$# $2"
END
echo 'echo sourced $x' >lib
x=yes
. ./lib
eval 'for i in 1 2; do eval "echo eval $i"; done'
sh -c 'echo $0 $1' zero one
sh -c '(sh -c "exit 5") & wait $!; exit $?'
echo $?
i=0
while [ $i -lt 20 ]; do sh -c "exit $i"; [ $? -eq $i ] || echo "bad $i"; i=$((i + 1)); done
echo done
