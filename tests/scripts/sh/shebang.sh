# Scripts with a #! line: relative interpreter, argument, script for a script, arguments passed on.
cat >one <<END
#!bin/sh
echo "one: \$0 \$# \$*"
END
printf '#! bin/sed  -n2p  \nsecond line\n' >two
printf '#!./one with argument\n' >three
printf '#!bin/sh' >empty
printf '#!bin/cat\nno newline at the end' >four
chmod +x one two three four empty
./one a "b c"
./two
./three x
./empty
echo $?
./four
echo
chmod -x four
./four 2>/dev/null
echo $?
mkdir folder
./folder 2>/dev/null
echo $?
./one/x 2>/dev/null
echo $?
