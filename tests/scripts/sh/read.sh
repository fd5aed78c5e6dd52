# read: fields, backslashes, end of input, a time limit, one character.
printf 'a b  c d\n' | { read -r x y; echo "<$x><$y>"; }
printf 'a:b:c\n' | { IFS=: read -r x y z; echo "$x-$y-$z"; }
printf 'one\\\ntwo\n' | { read x; echo "$x"; }
printf 'no newline' | { read -r x; echo "$? $x"; }
printf '' | { read -r x; echo "$? <$x>"; }
sleep 1 | { read -t 0.2 -r x; [ $? -ne 0 ] && echo "timed out"; }
(sleep 0.2; echo in time) | { read -t 10 -r x; echo "$? $x"; }
printf 'abc' | { read -r -n 2 x; echo "$x"; }
while IFS= read -r line; do echo "[$line]"; done <<END
  leading
trailing  
a\\b
END
n=0
seq 500 | while read -r i; do n=$((n + i)); echo $n; done | tail -n 1
