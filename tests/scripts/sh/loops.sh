# for, while, until, case, break and continue over several levels, arithmetic.
for word in one "two words" three; do echo "<$word>"; done
i=0
while [ $i -lt 5 ]; do
	i=$((i + 1))
	[ $i -eq 2 ] && continue
	[ $i -eq 5 ] && break
	echo "while $i"
done
until [ $i -le 2 ]; do i=$((i - 1)); echo "until $i"; done
for a in 1 2 3; do
	for b in x y z; do
		[ $b = y ] && continue 2
		[ $a = 3 ] && break 2
		echo $a$b
	done
done
for name in a.c b.h .c c d.c.c; do
	case $name in
	*.c) echo "$name is C" ;;
	[!.]*.h | none) echo "$name is a header" ;;
	?) echo "$name is one letter" ;;
	*) echo "$name is something else" ;;
	esac
done
seq 300 | while read -r n; do echo $((n * n % 7)); done | sort | uniq -c
