# read -t 0, -N, -d, -a, -u, from slow writers; a FIFO kept open.
{ sleep 0.3; echo x; } | { read -t 0; echo $?; sleep 0.6; read -t 0; echo $?; read -r x; echo $x; }
read -t 0.2 x < <(sleep 1); [[ $? -gt 128 ]] && echo "timed out"
printf 'abcdef' | { read -N 4 x; echo $x; read -N 4 y; echo "$? $y"; }
printf 'a;b;c' | { while read -r -d ';' x; do echo $x; done; echo "rest $x"; }
read -r -a words <<<"x y z"; echo ${#words[@]}
mkfifo p
exec 3<>p
echo one >&3; echo two >&3
read -r -u 3 a; read -r -u 3 b; echo "$a $b"
read -r -t 0.1 -u 3 c || echo "empty"
exec 3>&-
(for i in 1 2 3; do echo $i; sleep 0.1; done) | while read -r x; do echo "got $x"; done
