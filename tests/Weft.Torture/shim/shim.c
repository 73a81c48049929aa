/* Stands between the coordinator and the system, by LD_PRELOAD: fails, cuts short, skips or kills at a chosen write, sync or
 * truncation of a file in the data folder, says that the disk is full, and moves the wall clock. Configured by variables:
 *
 *   SHIM_FOLDER   only files below this folder count
 *   SHIM_CONTROL  a file of 64 bytes that the harness maps too: what it orders while the program runs, and what was counted
 *   SHIM_PLAN     CALL FILE K ACTION: CALL is write, sync, truncate or any; FILE the end of a name (-wal, .db) or any;
 *                 K the number of the call, from 1, or 0 for every one; ACTION is eio, enospc, short, skip, before, after, none.
 *                 before and after kill the process at that side of the call.
 *
 * Only regular files count: SQLite syncs the folder too, and by its design goes on where that fails.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, TRUNCATE = 4, ANY = 7 };
enum { NONE, FAIL_IO, FAIL_FULL, SHORT, SKIP, BEFORE, AFTER };

struct control {
  _Atomic long long clock_offset_ns; /* added to the wall clock */
  _Atomic long long disk_full;       /* 1: every write finds no room */
  _Atomic long long calls;           /* that fit the plan's CALL and FILE */
  _Atomic long long hits;            /* at which the plan was carried out */
  _Atomic long long syncs_after_hit; /* of any file, after a sync was failed */
};

static struct control nowhere, *control = &nowhere;
static const char *folder = "";
static int plan_call, plan_action;
static long long plan_k = -1;
static char plan_file[32];

static __attribute__((constructor)) void start(void) {
  const char *path = getenv("SHIM_CONTROL"), *plan = getenv("SHIM_PLAN");
  if (getenv("SHIM_FOLDER")) folder = getenv("SHIM_FOLDER");
  if (path) {
    int fd = open(path, O_RDWR);
    void *mapped = fd < 0 ? MAP_FAILED : mmap(0, 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) control = mapped;
    if (fd >= 0) close(fd);
  }
  char call[16], action[16];
  if (!plan || sscanf(plan, "%15s %31s %lld %15s", call, plan_file, &plan_k, action) != 4) return;
  plan_call = !strcmp(call, "write") ? WRITE : !strcmp(call, "sync") ? SYNC : !strcmp(call, "truncate") ? TRUNCATE : ANY;
  plan_action = !strcmp(action, "eio") ? FAIL_IO : !strcmp(action, "enospc") ? FAIL_FULL : !strcmp(action, "short") ? SHORT
    : !strcmp(action, "skip") ? SKIP : !strcmp(action, "before") ? BEFORE : !strcmp(action, "after") ? AFTER : NONE;
}

static int ends_with(const char *text, const char *end) {
  size_t a = strlen(text), b = strlen(end);
  return a >= b && !strcmp(text + a - b, end);
}

/* What is to happen at this call. */
static int decide(int fd, int call) {
  if (!*folder) return NONE;
  int saved = errno;
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = saved;
  if (length <= 0) return NONE;
  path[length] = 0;
  struct stat status;
  if (strncmp(path, folder, strlen(folder)) || fstat(fd, &status) || !S_ISREG(status.st_mode)) return NONE;
  if (call == SYNC && plan_action == FAIL_IO && control->hits > 0) control->syncs_after_hit++;
  if (call == WRITE && control->disk_full) return FAIL_FULL;
  if (!(plan_call & call) || (strcmp(plan_file, "any") && !ends_with(path, plan_file))) return NONE;
  long long k = ++control->calls;
  if (plan_k != 0 && k != plan_k) return NONE;
  control->hits++;
  return plan_action;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define FAIL(code) do { errno = code; return -1; } while (0)

/* call: the real one; short_call: the same for half of the bytes. */
#define WRITES(call, short_call)                                  \
  int action = decide(fd, WRITE);                                 \
  if (action == FAIL_IO) FAIL(EIO);                               \
  if (action == FAIL_FULL) FAIL(ENOSPC);                          \
  if (action == SHORT && count > 1) { short_call; FAIL(ENOSPC); } \
  if (action == BEFORE) die();                                    \
  ssize_t written = call;                                         \
  if (action == AFTER) die();                                     \
  return written;

#define OTHERS(kind, call)                \
  int action = decide(fd, kind);          \
  if (action == FAIL_IO) FAIL(EIO);       \
  if (action == FAIL_FULL) FAIL(ENOSPC);  \
  if (action == SKIP) return 0;           \
  if (action == BEFORE) die();            \
  int result = call;                      \
  if (action == AFTER) die();             \
  return result;

#define IGNORE(call) do { if (call) {} } while (0)

ssize_t write(int fd, const void *bytes, size_t count) { REAL(write); WRITES(real(fd, bytes, count), IGNORE(real(fd, bytes, count / 2))) }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { REAL(pwrite); WRITES(real(fd, bytes, count, at), IGNORE(real(fd, bytes, count / 2, at))) }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { REAL(pwrite64); WRITES(real(fd, bytes, count, at), IGNORE(real(fd, bytes, count / 2, at))) }
int fsync(int fd) { REAL(fsync); OTHERS(SYNC, real(fd)) }
int fdatasync(int fd) { REAL(fdatasync); OTHERS(SYNC, real(fd)) }
int ftruncate(int fd, off_t length) { REAL(ftruncate); OTHERS(TRUNCATE, real(fd, length)) }
int ftruncate64(int fd, off64_t length) { REAL(ftruncate64); OTHERS(TRUNCATE, real(fd, length)) }

int clock_gettime(clockid_t clock, struct timespec *time) {
  REAL(clock_gettime);
  int result = real(clock, time);
  long long offset = clock == CLOCK_REALTIME ? control->clock_offset_ns : 0;
  if (result || !offset) return result;
  long long ns = time->tv_sec * 1000000000LL + time->tv_nsec + offset;
  time->tv_sec = ns / 1000000000LL;
  time->tv_nsec = ns % 1000000000LL;
  return 0;
}
