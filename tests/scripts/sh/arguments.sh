# Many and long arguments; the limit of one; the environment.
long=$(seq 5000 | tr '\n' x)
env echo "$long" | wc -c
env echo $(seq 20000) | wc -w
big=$(head -c 131071 /dev/zero | tr '\0' x)
env echo "$big" | wc -c
env echo "x$big" 2>/dev/null
echo $?
export LONG=$long
env | grep '^LONG=' | wc -c
env -i A=1 env
A=only-here sh -c 'echo $A'
echo "${A-not here}"
set --
env printf '<%s>' "" a '' "b
c" '*'
echo
