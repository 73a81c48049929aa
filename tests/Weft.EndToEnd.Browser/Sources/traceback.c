// Says much before it says what happened.
#include <stdio.h>

int main(void) {
  fputs("Traceback (most recent call last):\n", stderr);
  for (int i = 0; i < 200; i++) fprintf(stderr, "  File \"colours.py\", line %d, in paint\n", i);
  fputs("ValueError: 7 is not a colour\n", stderr);
  return 1;
}
