# ulimit: shown, lowered, inherited, in force.
(ulimit -n 20; ulimit -n; sh -c 'ulimit -n')
(ulimit -Sn 30; ulimit -Hn 40; ulimit -Sn; ulimit -Hn)
(ulimit -n 12; exec 12</dev/null) 2>/dev/null || echo "no descriptor 12"
(ulimit -c 0; ulimit -c)
(ulimit -f 16; trap '' XFSZ; head -c 100000 /dev/zero >big 2>/dev/null; wc -c <big)
(ulimit -f 2; sh -c 'head -c 100000 /dev/zero >big2' 2>/dev/null; s=$?; wc -c <big2; [ $s -gt 128 ] && echo "XFSZ: $((s - 128))")
(ulimit -s 1024; ulimit -s)
(ulimit -t 1000; ulimit -t)
(ulimit -v 4000000; ulimit -v)
(ulimit -u 5000; ulimit -u)
