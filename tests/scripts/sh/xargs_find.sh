# xargs, also in parallel, find -exec in both forms.
seq 20 | xargs -n 6 echo
seq 8 | xargs -P4 -n 1 sh -c 'echo $0 >x.$0'
cat x.?
seq 12 | xargs -P 3 -n 2 | sort
echo a b c | xargs -I{} echo "<{}>"
printf 'one\0two words\0' | xargs -0 -n 1 echo
seq 5 | xargs sh -c 'exit 3'
echo $?
mkdir -p t/a/b t/c
for f in t/1 t/a/2 t/a/b/3 t/c/4; do echo "in $f" >$f; done
find t -type f -exec cat {} \; | sort
find t -type f -exec sh -c 'echo $# files' x {} +
find t -name '[12]' -exec grep -q 'a/2' {} \; -print
find t -type d | sort | xargs ls
find t -depth -exec rm -r {} \; 2>/dev/null
ls -d t 2>/dev/null || echo gone
