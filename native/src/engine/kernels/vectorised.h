#pragma once

/// On a function with a plain loop: compiled for AVX2 and for the base instruction set from one source; the loader
/// picks by processor. Only GCC and Clang on x86-64 know it.
#if defined(__x86_64__) && defined(__GNUC__) && defined(__linux__)
#define TORCHWRIGHT_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define TORCHWRIGHT_VECTORISED
#endif
