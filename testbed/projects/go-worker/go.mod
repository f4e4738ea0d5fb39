module example.test/worker

go 1.24

require example.test/backoff v1.0.0
