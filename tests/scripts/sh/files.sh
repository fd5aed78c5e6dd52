# What scripts do with files: test, globs, links, modes, mktemp, moving.
touch -t 202001010000 old
echo x >new
[ new -nt old ] && [ old -ot new ] && echo "new is newer"
ln new hard && [ new -ef hard ] && echo "one file"
ln -s new soft && [ -L soft ] && echo "a link"
mkdir d && cp new d/copy && mv d/copy d/moved && ls d
for f in *; do case $f in bin | script) ;; *) echo "$f" ;; esac; done
echo d/* nothing/* [no]*
chmod 640 new && ls -l new | cut -c 1-10
t=$(mktemp -d ./t.XXXXXX) && [ -d "$t" ] && rmdir "$t" && echo "made and removed"
mkfifo p
cat p & echo through the FIFO >p
wait
(echo first; echo second) >p & cat p; wait
rm -rf d p hard soft
ls | grep -v '^bin$'
dd if=/dev/zero bs=1000 count=3 2>/dev/null | od -An -c | head -n 2
date -u -r old +%Y-%m-%d
[ -e "$0" ] && [ ! -x new ] && [ -r new ] && echo tested
