#include <stdio.h>

int main(void) {
  fputs("about to divide by nothing", stderr);
  __builtin_trap();
}
