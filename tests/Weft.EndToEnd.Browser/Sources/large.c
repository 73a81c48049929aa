// Has 32 MB from its start on.
#include <stdio.h>

static volatile char space[32 << 20];

int main(void) {
  space[sizeof space - 1] = 1;
  printf("%d\n", space[sizeof space - 1]);
}
