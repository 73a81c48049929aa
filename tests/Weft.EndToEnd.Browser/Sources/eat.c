// Takes memory until there is no more, and uses each piece, so that nothing is only promised.
#include <stdio.h>
#include <stdlib.h>

enum { PIECE = 1 << 20 };

int main(void) {
  int pieces = 0;
  for (volatile char *piece; (piece = malloc(PIECE)) != NULL; pieces++) piece[0] = 1;
  fprintf(stderr, "no more after %d MB", pieces);
  return 3;
}
