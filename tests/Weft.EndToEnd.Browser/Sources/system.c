// Tells what it sees of the world: its arguments, a variable, the time, chance; and sleeps.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int getentropy(void *, size_t);

int main(int argc, char **argv) {
  unsigned chance = 0;
  getentropy(&chance, sizeof chance);
  usleep(2000);
  time_t now = time(NULL);
  const char *variable = getenv("COLOUR");
  printf("{\"args\":%d,\"first\":\"%s\",\"colour\":\"%s\",\"year\":%ld,\"chance\":%u,\"file\":%d}\n",
    argc - 1, argc > 1 ? argv[1] : "", variable ? variable : "", 1900L + gmtime(&now)->tm_year, chance, fopen("/etc/passwd", "r") != NULL);
}
