/* Steps until the Collatz sequence reaches one. */
int steps(unsigned long n) { int count = 0; for (; n > 1; count++) n = n % 2 ? 3 * n + 1 : n / 2; return count; }
