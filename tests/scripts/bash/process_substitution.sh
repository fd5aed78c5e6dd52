# Process substitution in both directions, several, nested, large.
cat <(echo from a process)
paste <(seq 3) <(seq 4 6) <(printf 'a\nb\nc\n')
while read -r x; do sum=$((sum + x)); done < <(seq 100)
echo $sum
echo to a process > >(sed 's/^/got: /')
wait $!
seq 10 | tee >(wc -l >lines) >(tail -n 1 >last) >/dev/null
sleep 0.3
cat lines last
cmp <(seq 20000) <(seq 20000) && echo same
diff <(echo a) <(echo b) >/dev/null || echo different
cat <(cat <(cat <(echo nested)))
wc -c < <(head -c 200000 /dev/zero)
exec 5< <(echo line 1; echo line 2)
read -r x <&5
read -r y <&5
echo "$x, $y"
exec 5<&-
f() { cat "$1" "$2"; }
f <(echo 1) <(echo 2)
