#include <stdio.h>

/* The data is wrong: EX_DATAERR. */
int main(void)
{
    fputs("no such number", stderr);
    return 65;
}
