/** splice(2), tee(2), vmsplice(2) (linux/splice.h), and pipes (linux/pipe_fs_i.h, linux/limits.h). */
export const SPLICE_F_MOVE = 1;
export const SPLICE_F_NONBLOCK = 2;
export const SPLICE_F_MORE = 4;
export const SPLICE_F_GIFT = 8;

/** A write of at most so many bytes is not mixed with others'. */
export const PIPE_BUF = 4096;
/** Pages a new pipe holds (PIPE_DEF_BUFFERS). */
export const PIPE_DEF_BUFFERS = 16;
/** Most bytes an unprivileged F_SETPIPE_SZ may ask for (/proc/sys/fs/pipe-max-size). */
export const PIPE_MAX_SIZE = 1048576;
