# Redirections: files, descriptors, append, noclobber, both directions, closing.
echo one >f
echo two >>f
cat <f
exec 3>g 4<f
echo to three >&3
read -r line <&4
echo "$line"
read -r line <&4
echo "$line"
exec 3>&- 4<&-
cat g
{ echo out; echo err >&2; } >both 2>&1
cat both
{ echo out; echo err >&2; } 2>&1 >/dev/null | sed 's/^/piped: /'
set -C
(echo x >f) 2>/dev/null || echo "not overwritten"
echo forced >|f
set +C
cat f
exec 5<>f
read -r line <&5
echo more >&5
exec 5>&-
cat f
(echo closed >&7) 2>/dev/null || echo "7 is closed"
: >empty
[ -s empty ] || echo "it is empty"
ls missing 2>/dev/null || echo "status not 0"
echo a >&2 2>/dev/null
exec 6>&1
exec >h
echo into h
exec >&6 6>&-
cat h
cat </dev/null
echo text | cat - f >i
cat i
