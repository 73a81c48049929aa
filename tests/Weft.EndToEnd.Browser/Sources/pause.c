// Sleeps as many milliseconds as stdin says, and gives them back.
#include <stdio.h>
#include <unistd.h>

int main(void) {
  unsigned milliseconds = 0;
  if (scanf("%u", &milliseconds) != 1) return 2;
  usleep(1000 * milliseconds);
  printf("%u\n", milliseconds);
}
