# exec: replaces the shell, keeps pid, open files, ignored signals; not those closed on exec.
sh -c 'echo $$; exec sh -c "echo \$\$"' | uniq | wc -l
(exec 3<<END; exec cat <&3
kept over exec
END
)
(trap '' USR1; exec sh -c 'kill -USR1 $$; echo still here')
(trap 'echo no' USR1; exec sh -c 'kill -USR1 $$; echo not reached')
echo $?
(exec ./missing) 2>/dev/null
echo $?
echo '#!/bin/nowhere' >bad
chmod +x bad
(exec ./bad) 2>/dev/null
echo $?
echo 'echo script without a first line' >plain
chmod +x plain
./plain
(exec env A=1 B=2 sh -c 'echo $A$B')
X=exported exec sh -c 'echo $X; exit 9'
