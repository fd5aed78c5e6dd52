# coproc: talking to a process in both directions.
coproc upper { while read -r line; do echo "${line^^}"; done; }
pid=$upper_PID
echo hello >&"${upper[1]}"
read -r reply <&"${upper[0]}"
echo "$reply"
echo again >&"${upper[1]}"
read -r reply <&"${upper[0]}"
echo "$reply"
eval "exec ${upper[1]}>&-"
wait "$pid"
echo $?
coproc bc
echo '6*7' >&"${COPROC[1]}"
read -r answer <&"${COPROC[0]}"
echo "$answer"
# Its status is not told: bash may have reaped the coprocess, and forgotten it, before `wait`.
kill "$COPROC_PID"
wait "$COPROC_PID" 2>/dev/null
echo ended
