// Shows the bits of NaNs in every way in which a program can: printed, stored, copied by their sign, in vectors; in a function
// that is cold at the first call, and hot after two million of them.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wasm_simd128.h>

enum { CALLS = 2000000 };

static volatile double zero = 0;
static volatile float small_zero = 0;
static double kept[2];

static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static uint32_t small_bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

__attribute__((noinline)) static void divide(double a, double b, int at) {
  kept[at & 1] = a / b;
}

__attribute__((target("simd128"))) static void show(void) {
  double nan = zero / zero;
  v128_t pair = wasm_f64x2_div(wasm_f64x2_splat(zero), wasm_f64x2_splat(nan));
  v128_t four = wasm_f32x4_sqrt(wasm_f32x4_splat(small_zero - 1));
  printf("%f %f %016llx %016llx %08x %016llx %016llx %08x ", nan, -nan, bits_of(kept[0]), bits_of(-nan),
    small_bits_of((float)-nan + small_zero / small_zero), bits_of(copysign(1, -nan)), wasm_i64x2_extract_lane(pair, 1), wasm_i32x4_extract_lane(four, 3));
}

int main(void) {
  divide(zero, zero, 0);
  show();
  for (int i = 0; i < CALLS; i++) divide(zero, zero, i);
  show();
}
