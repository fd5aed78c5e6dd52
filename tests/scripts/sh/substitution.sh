# Command substitution, nested, with quotes, status, trailing newlines, large output; parameter expansion.
echo "$(echo "$(echo "$(echo deep)")")"
echo `echo old \`echo nested\``
x=$(printf 'a\n\n\n')
echo "<$x>"
x=$(false)
echo $?
x=$(exit 9)
echo $?
words=$(echo 'a  b   c')
echo $words
echo "$words"
big=$(seq 50000)
echo ${#big}
echo "$(cat <<END
here $(echo inside)
END
)"
file=/usr/lib/libc.so.6
echo "${file##*/} ${file%/*} ${file%%.*} ${file#*/}"
echo "${none:-default} ${none-} ${file:+set}" ${none:=given} $none ${#file}
set -- $(seq 12)
echo $# ${12} $1
for f in $(for n in 3 1 2; do echo f$n; done | sort); do printf '%s ' "$f"; done
echo
i=0
while [ $i -lt 30 ]; do x=$(echo "$x$i" | tr 0-4 5-9); i=$((i + 1)); done
echo "$x"
