// Package sieve asks C whether a number is prime.
package sieve

/*
#include <stdbool.h>

static bool is_prime(unsigned long n) {
    if (n < 2) return false;
    for (unsigned long d = 2; d * d <= n; d++)
        if (n % d == 0) return false;
    return true;
}
*/
import "C"

// IsPrime says whether n is prime.
func IsPrime(n uint64) bool { return bool(C.is_prime(C.ulong(n))) }
