// A task: the payload comes on stdin, the result goes to stdout, both as JSON.
#include <stdio.h>

int main(void) {
  long long n;
  if (scanf("%lld", &n) != 1) {
    fputs("the payload is not a whole number\n", stderr);
    return 65;  // EX_DATAERR: no further attempt can mend it. Any other code but 0 fails this attempt.
  }
  printf("%lld\n", n * n);
}
