# A tree of subshells, a pipeline of many, a loop of many.
tree() {
	local depth=$1
	((depth == 0)) && { echo leaf; return; }
	tree $((depth - 1)) &
	tree $((depth - 1)) &
	wait
}
tree 4 | sort | uniq -c
cmd=cat
for i in {1..25}; do cmd+=' | cat'; done
echo through many | eval "$cmd"
for i in {1..60}; do (exit $((i % 3))) || ((bad++)); done
echo $bad
for i in {1..40}; do x=$(echo $i); ((total += x)); done
echo $total
