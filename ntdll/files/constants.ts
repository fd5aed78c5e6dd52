/** Constants of files and consoles under their Windows names (winnt.h, ntifs.h, wincon.h). */
export const FILE_READ_DATA = 0x1;
export const FILE_WRITE_DATA = 0x2;
export const FILE_READ_EA = 0x8;
export const FILE_READ_ATTRIBUTES = 0x80;
export const FILE_WRITE_ATTRIBUTES = 0x100;
export const DELETE = 0x10000;
export const SYNCHRONIZE = 0x100000;
export const FILE_GENERIC_READ = 0x120089;
export const FILE_GENERIC_WRITE = 0x120116;

/** FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE */
export const FILE_SHARE_ALL = 7;

export const FILE_OPEN = 1;
export const FILE_CREATE = 2;

export const FILE_DIRECTORY_FILE = 0x1;
export const FILE_SYNCHRONOUS_IO_NONALERT = 0x20;
export const FILE_NON_DIRECTORY_FILE = 0x40;
export const FILE_OPEN_FOR_BACKUP_INTENT = 0x4000;
export const FILE_OPEN_REPARSE_POINT = 0x200000;

export const FILE_ATTRIBUTE_READONLY = 0x1;
export const FILE_ATTRIBUTE_SYSTEM = 0x4;
export const FILE_ATTRIBUTE_DIRECTORY = 0x10;
export const FILE_ATTRIBUTE_NORMAL = 0x80;
export const FILE_ATTRIBUTE_REPARSE_POINT = 0x400;

/** FILE_INFORMATION_CLASS */
export const FileBasicInformation = 4;
export const FileStandardInformation = 5;
export const FileRenameInformation = 10;
export const FileLinkInformation = 11;
export const FileDispositionInformation = 13;
export const FilePositionInformation = 14;
export const FileEaInformation = 7;
export const FileAllInformation = 18;
export const FileStatInformation = 68;
export const FileEndOfFileInformation = 20;
export const FileIdFullDirectoryInformation = 38;
export const FileDispositionInformationEx = 64;
export const FileRenameInformationEx = 65;

export const FILE_DISPOSITION_DELETE = 0x1;
export const FILE_DISPOSITION_POSIX_SEMANTICS = 0x2;
export const FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE = 0x10;

export const FILE_RENAME_REPLACE_IF_EXISTS = 0x1;
export const FILE_RENAME_POSIX_SEMANTICS = 0x2;
export const FILE_RENAME_IGNORE_READONLY_ATTRIBUTE = 0x40;

/** FS_INFORMATION_CLASS */
export const FileFsVolumeInformation = 1;
export const FileFsAttributeInformation = 5;
export const FileFsFullSizeInformation = 7;

export const FILE_SUPPORTS_POSIX_UNLINK_RENAME = 0x400;
export const FILE_SUPPORTS_EXTENDED_ATTRIBUTES = 0x800000;

export const FSCTL_PIPE_PEEK = 0x11400c;
export const FSCTL_SET_REPARSE_POINT = 0x900a4;
export const FSCTL_GET_REPARSE_POINT = 0x900a8;
export const IO_REPARSE_TAG_MOUNT_POINT = 0xa0000003;
export const IO_REPARSE_TAG_SYMLINK = 0xa000000c;
export const IO_REPARSE_TAG_LX_SYMLINK = 0xa000001d;
export const IO_REPARSE_TAG_AF_UNIX = 0x80000023;
export const IO_REPARSE_TAG_LX_FIFO = 0x80000024;
export const IO_REPARSE_TAG_LX_CHR = 0x80000025;
export const IO_REPARSE_TAG_LX_BLK = 0x80000026;
/** Most bytes of a reparse point. */
export const MAXIMUM_REPARSE_DATA_BUFFER_SIZE = 16384;

export const STD_INPUT_HANDLE = 0xfffffff6;
export const STD_OUTPUT_HANDLE = 0xfffffff5;
export const STD_ERROR_HANDLE = 0xfffffff4;

export const FILE_TYPE_DISK = 1;
export const FILE_TYPE_PIPE = 3;

export const ENABLE_PROCESSED_INPUT = 0x1;
export const ENABLE_LINE_INPUT = 0x2;
export const ENABLE_ECHO_INPUT = 0x4;
export const ENABLE_VIRTUAL_TERMINAL_INPUT = 0x200;
export const ENABLE_PROCESSED_OUTPUT = 0x1;
export const ENABLE_VIRTUAL_TERMINAL_PROCESSING = 0x4;
