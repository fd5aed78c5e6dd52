# Subshells: their own variables, folder, traps, options, descriptors; nested.
x=1
(x=2; echo "in $x"; (x=3; echo "deeper $x"); echo "in $x")
echo "out $x"
mkdir -p d/e
(cd d/e && echo "${PWD##*/}")
[ -d d/e ] && echo back
(exit 7)
echo $?
(set -e; false; echo never)
echo $?
(umask 077; umask)
(trap 'echo bye' EXIT; echo hello)
echo "$( (echo a; echo b) | (read -r x; read -r y; echo $y$x) )"
(((1 + 1 == 2))) 2>/dev/null
( ( ( (echo four deep) ) ) )
(exec echo replaced; echo never)
(kill -TERM $(sh -c 'echo $PPID') 2>/dev/null; sleep 5)
echo $?
unset y
(: ${y:?is not set}) 2>/dev/null
[ $? -ne 0 ] && echo "unset is an error"
