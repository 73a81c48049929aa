// Reads the files that it finds, by all the ways that C has; natively and in a tab it prints the same.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

static void list(const char *path) {
    DIR *folder = opendir(path);
    if (folder == NULL) {
        printf("%s: %s; ", path, strerror(errno));
        return;
    }
    char *names[100];
    int count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.') continue;
        names[count] = malloc(strlen(entry->d_name) + 2);
        sprintf(names[count++], "%s%s", entry->d_name, entry->d_type == DT_DIR ? "/" : "");
    }
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    printf("%s has", path);
    for (int i = 0; i < count; i++) printf(" %s", names[i]);
    printf("; ");
}

static void show(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0) printf("%s: %s; ", path, strerror(errno));
    else if (S_ISDIR(about.st_mode)) printf("%s is a folder; ", path);
    else printf("%s has %lld bytes; ", path, (long long)about.st_size);
}

int main(void) {
    unsigned sum = 0, count = 0;
    unsigned char piece[5000];
    FILE *table = fopen("table.bin", "rb");
    if (table == NULL) {
        printf("no table: %s", strerror(errno));
        return 0;
    }
    for (size_t n; (n = fread(piece, 1, sizeof piece, table)) > 0; count += n) {
        for (size_t i = 0; i < n; i++) sum = sum * 31 + piece[i];
    }
    printf("table %u %u at %ld; ", count, sum, ftell(table));
    fseek(table, -3, SEEK_END);
    printf("last %d %d %d %d; ", fgetc(table), fgetc(table), fgetc(table), fgetc(table));
    fseek(table, 300000, SEEK_SET);
    printf("middle %d; ", fgetc(table));
    printf("before %d; ", fseek(table, -1, SEEK_SET));
    fclose(table);

    int fd = open("data/a.txt", O_RDONLY);
    char text[20] = {0};
    ssize_t got = pread(fd, text, sizeof text - 1, 2);
    printf("pread %d '%s' at %ld; ", (int)got, text, (long)lseek(fd, 0, SEEK_CUR));
    close(fd);
    list("data");
    list("data/sub");
    list("./data/../data/sub");
    list("none");
    list("data/a.txt");
    show("table.bin");
    show("data");
    show("data/none");
    show("data/a.txt/x");
    show("data/sub/b.txt");
    FILE *none = fopen("none", "r");
    printf("%s", none == NULL ? strerror(errno) : "it is there");
    return 0;
}
