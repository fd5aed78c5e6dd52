# A background process outlives its parent, and its output is still read to the end.
sh -c '(sleep 0.2; echo orphan speaks) & echo parent leaves' | cat
x=$(sh -c 'sleep 0.2 >/dev/null & echo not waited for')
echo "$x"
sh -c 'sleep 0.1 & exec sleep 0.3'
echo $?
(: & : & : &)
sh -c 'for i in 1 2 3 4 5; do (exit $i) & done; wait; echo all'
