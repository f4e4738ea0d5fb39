module example.test/primes

go 1.24
