# Here-documents, quoted and not, with tabs, large, two at once, in loops and functions.
x=value
cat <<END
x is $x, sum $((1 + 2)), command $(echo nested)
	tab \$x \\ \`
END
cat <<'END'
x is $x, sum $((1 + 2))
END
cat <<-END
	one tab less
		two
	END
cat <<ONE; cat <<TWO
first
ONE
second
TWO
count() { wc -l; }
count <<END
$(seq 3000)
END
while read -r a b; do echo "$b $a"; done <<END
1 one
2 two
3 three
END
{ cat; cat <&3; } <<A 3<<B
from 0
A
from 3
B
big=$(seq 20000)
cat <<END | tail -n 2
$big
END
