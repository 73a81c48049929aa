// Tries to change the files that it finds: in a tab nothing can.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell(const char *what, int failed) { printf("%s: %s; ", what, failed ? strerror(errno) : "done"); }

int main(void) {
    tell("write", fopen("data/a.txt", "r+") == NULL);
    tell("truncate", fopen("data/a.txt", "w") == NULL);
    tell("create", fopen("data/new.txt", "w") == NULL);
    tell("mkdir", mkdir("data/folder", 0777) != 0);
    tell("unlink", unlink("data/a.txt") != 0);
    tell("rename", rename("data/a.txt", "data/b.txt") != 0);
    return 0;
}
