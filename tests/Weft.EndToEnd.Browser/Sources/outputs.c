// Writes files below out, by all the ways that C has; natively and in a tab it says the same, and leaves the same.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __wasi__
#include <wasi/api.h>
// The library has no name for it.
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_fdstat_set_rights")))
int set_rights(int fd, long long rights, long long inherited);
#endif

static void tell(const char *what, int failed) { printf("%s: %s; ", what, failed ? strerror(errno) : "done"); }

static void put(const char *path, const char *mode, const char *text) {
    FILE *file = fopen(path, mode);
    tell(path, file == NULL);
    if (file == NULL) return;
    fputs(text, file);
    printf("at %ld; ", ftell(file));
    fclose(file);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void list(const char *path) {
    DIR *folder = opendir(path);
    char *names[100];
    int count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
    }
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    printf("%s has", path);
    for (int i = 0; i < count; i++) printf(" %s", names[i]);
    printf("; ");
}

#ifdef __wasi__
static void refusal(int answer) { printf("%d ", answer < 0 ? errno : 0); }
#endif

// What C can't ask for, or what natively isn't refused: a program says here what a module must say.
static void strangers(void) {
#ifdef __wasi__
    __wasi_fd_t fd = (__wasi_fd_t)open("out/d.txt", O_RDWR);
    int contrary = __wasi_fd_filestat_set_times(fd, 1, 1, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW);
    __wasi_fdstat_t state;
    (void)__wasi_fd_fdstat_get(fd, &state);
    int fewer = set_rights((int)fd, (long long)(state.fs_rights_base & ~__WASI_RIGHTS_FD_WRITE), 0);
    int refused = (int)write((int)fd, "x", 1);
    int regained = set_rights((int)fd, (long long)state.fs_rights_base, 0);
    close((int)fd);
    int folder = open("out/kept", O_RDONLY | O_DIRECTORY);
    int above = openat(folder, "../d.txt", O_RDONLY);
    int around = openat(folder, "./../kept/empty", O_RDONLY), within = openat(folder, "./empty", O_RDONLY);
    printf("%d %d %d %d %d %d %d; ", contrary, fewer, refused, regained, above < 0, around < 0, within < 0);
    char target[9];
    // No links, as on a file system without them: errors of the path come first.
    refusal(symlink("d.txt", "out/new"));
    refusal(symlink("d.txt", "out/kept"));
    refusal(symlink("d.txt", "out/new/"));
    refusal(symlink("d.txt", "out/none/new"));
    refusal(symlink("d.txt", "new"));
    refusal(link("out/d.txt", "out/new"));
    refusal(link("out/kept", "out/new"));
    refusal(link("out/none", "out/new"));
    refusal(link("out/d.txt", "out/b.txt"));
    refusal(link("out/d.txt", "new"));
    refusal((int)readlink("out/d.txt", target, sizeof target));
    refusal((int)readlink("out/kept", target, sizeof target));
    refusal((int)readlink("out/none", target, sizeof target));
#else
    printf("28 0 -1 76 1 1 0; 63 20 44 44 69 63 63 44 20 69 28 28 44 ");
#endif
}

int main(void) {
    tell("mkdir", mkdir("out/sub", 0777));
    tell("mkdir again", mkdir("out/sub", 0777));
    tell("mkdir nowhere", mkdir("out/none/sub", 0777));
    put("out/sub/a.txt", "w", "hello 42 ");
    put("out/sub/a.txt", "a", "more");
    put("out/sub/a.txt", "r+", "HELLO");
    put("out/none/a.txt", "w", "");
    put("out", "w", "");
    char text[50] = {0};
    FILE *file = fopen("out/sub/../sub/a.txt", "r");
    fread(text, 1, sizeof text - 1, file);
    fclose(file);
    printf("it says %s; ", text);

    unsigned char piece[5000];
    for (int i = 0; i < (int)sizeof piece; i++) piece[i] = (unsigned char)(i * 7 % 251);
    int fd = open("out/large.bin", O_RDWR | O_CREAT | O_EXCL, 0666);
    for (int i = 0; i < 60; i++) write(fd, piece, sizeof piece);
    lseek(fd, 400000, SEEK_SET);
    write(fd, "end", 3);
    pwrite(fd, "!?", 2, 131071);
    int got = (int)pread(fd, piece, 9, 299995);
    printf("pread %d: %d %d %d at %ld; ", got, piece[0], piece[4], piece[8], (long)lseek(fd, 0, SEEK_CUR));
    tell("ftruncate", ftruncate(fd, 350000));
    tell("longer", ftruncate(fd, 350010));
    struct stat about;
    fstat(fd, &about);
    got = (int)pread(fd, piece, 20, 349995);
    printf("size %lld, %d bytes, %d; ", (long long)about.st_size, got, piece[6]);
    close(fd);
    tell("exclusive", open("out/large.bin", O_WRONLY | O_CREAT | O_EXCL, 0666) < 0);
    fd = open("out/sub/a.txt", O_RDONLY);
    tell("write what is read", write(fd, "x", 1) < 0);
    close(fd);
    fd = open("out/sub/a.txt", O_WRONLY | O_APPEND);
    tell("read what is written", read(fd, text, 1) < 0);
    lseek(fd, 0, SEEK_SET);
    write(fd, "!", 1);
    close(fd);

    put("out/gone", "w", "gone");
    fd = open("out/gone", O_RDWR);
    tell("unlink", unlink("out/gone"));
    tell("unlink again", unlink("out/gone"));
    printf("still %d; ", (int)read(fd, text, 4));
    close(fd);
    tell("unlink a folder", rmdir("out/sub"));
    tell("rename", rename("out/sub/a.txt", "out/b.txt"));
    tell("rename nothing", rename("out/sub/a.txt", "out/c.txt"));
    put("out/d.txt", "w", "replaced");
    put("out/e.txt", "w", "replaces");
    tell("replace", rename("out/e.txt", "out/d.txt"));
    tell("rmdir", rmdir("out/sub"));
    tell("rmdir a file", rmdir("out/b.txt"));
    tell("mkdir kept", mkdir("out/kept", 0777));
    put("out/kept/empty", "w", "");
    list("out");
    list("out/kept");

    const struct timespec times[2] = {{1000, 1}, {2000000000, 123456789}};
    tell("times", utimensat(AT_FDCWD, "out/d.txt", times, 0));
    stat("out/d.txt", &about);
    printf("%lld.%ld; ", (long long)about.st_mtim.tv_sec, about.st_mtim.tv_nsec);
    const struct timespec others[2] = {{5, 0}, {6, 7}};
    fd = open("out/d.txt", O_RDWR);
    tell("other times", futimens(fd, others));
    fstat(fd, &about);
    printf("%lld, %lld; ", (long long)about.st_atim.tv_sec, (long long)about.st_mtim.tv_sec);
    close(fd);
    const int modes[] = {O_RDONLY, O_WRONLY | O_APPEND, O_RDWR};
    for (int i = 0; i < 3; i++) {
        fd = open("out/d.txt", modes[i]);
        printf("mode %d; ", (fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND)) == modes[i]);
        close(fd);
    }
    strangers();
    return 0;
}
