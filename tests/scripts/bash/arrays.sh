# Arrays, [[, ((, brace expansion, printf -v, mapfile, string operations.
a=(one "two words" three)
echo ${#a[@]} "${a[1]}" "${a[@]:1}"
a+=(four)
for i in "${!a[@]}"; do echo "$i=${a[i]}"; done
declare -A m=([x]=1 [y]=2)
for k in x y z; do echo "$k ${m[$k]-none}"; done
[[ abc123 =~ ^([a-z]+)([0-9]+)$ ]] && echo "${BASH_REMATCH[2]} ${BASH_REMATCH[1]}"
[[ file.c == *.c && -n x ]] && echo match
for ((i = 0; i < 3; i++)); do ((i == 1)) && continue; echo $i; done
echo {a,b}{1..3} {01..10..3}
printf -v out '%05d|%-5s|%x' 42 ab 255
echo "$out"
mapfile -t lines < <(seq 2000)
echo ${#lines[@]} ${lines[1999]}
s=hello
echo ${s^^} ${s^} ${s/l/L} ${s//l/L} ${s:1:3} ${s: -2} ${s@Q}
x=5
((x <<= 2, x |= 1))
echo $x $((x ** 2)) $((16#ff)) $((x > 20 ? 1 : 0))
shopt -s extglob nullglob
echo !(bin|script) none*
case $s in +([a-z])) echo letters ;; esac
