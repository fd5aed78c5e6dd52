# tar, gzip, bzip2 and xz as filters of each other.
mkdir -p from/sub to to2
seq 3000 >from/numbers
echo hello >from/sub/hello
ln -s numbers from/link
chmod 750 from/sub
tar -cf - from | gzip -c | gzip -dc | tar -xf - -C to
find to | sort
cmp from/numbers to/from/numbers && echo same
readlink to/from/link
tar -czf all.tgz from
tar -tzf all.tgz | sort
(cd from && tar -cf - .) | (cd to2 && tar -xf -)
ls -R to2
seq 5000 | bzip2 | bunzip2 | md5sum
seq 5000 | gzip -9 | zcat | tail -n 1
tar -cf - from | tar -xOf - from/sub/hello
tar -cf - from/sub | cpio -t 2>/dev/null | wc -l
(cd from && find . | sort | cpio -o -H newc 2>/dev/null) | cpio -t 2>/dev/null | sort
