// Reads {"a":[[…]],"b":[[…]]} of n by n whole numbers, by their digits alone, and writes the product as [[…]].
#include <stdio.h>
#include <stdlib.h>

enum { NUMBERS_MAX = 2 * 64 * 64 };

static long numbers[NUMBERS_MAX];

static int read_numbers(void) {
  int count = 0, c = getchar();
  while (c != EOF && count < NUMBERS_MAX) {
    int negative = c == '-';
    if (negative) c = getchar();
    if (c < '0' || c > '9') { c = getchar(); continue; }
    long value = 0;
    for (; c >= '0' && c <= '9'; c = getchar()) value = 10 * value + (c - '0');
    numbers[count++] = negative ? -value : value;
  }
  return count;
}

int main(void) {
  int count = read_numbers(), n = 0;
  while (2 * n * n < count) n++;
  if (n == 0 || 2 * n * n != count) { fputs("these are not two square matrices of one size\n", stderr); return 2; }

  const long *a = numbers, *b = numbers + n * n;
  for (int row = 0; row < n; row++) {
    fputs(row == 0 ? "[[" : ",[", stdout);
    for (int column = 0; column < n; column++) {
      long sum = 0;
      for (int i = 0; i < n; i++) sum += a[row * n + i] * b[i * n + column];
      printf(column == 0 ? "%ld" : ",%ld", sum);
    }
    putchar(']');
  }
  puts("]");
}
