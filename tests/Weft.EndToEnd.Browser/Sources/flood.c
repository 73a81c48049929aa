// Writes 10 MB.
#include <stdio.h>
#include <string.h>

int main(void) {
  char line[1000];
  memset(line, 'x', sizeof line);
  for (int i = 0; i < 10000; i++) fwrite(line, 1, sizeof line, stdout);
}
