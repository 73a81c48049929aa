// A module: the payload comes on stdin, the result goes to stdout.
#include <stdio.h>

int main(void) {
  long long n;
  if (scanf("%lld", &n) != 1) {
    fputs("the payload is not a whole number", stderr);
    return 1;
  }
  printf("%lld\n", n * n);
}
