// Writes as many letters as stdin says.
#include <stdio.h>

int main(void) {
  unsigned count = 0;
  if (scanf("%u", &count) != 1) return 2;
  for (unsigned i = 0; i < count; i++) putchar('x');
}
