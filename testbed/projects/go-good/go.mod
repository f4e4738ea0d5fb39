module example.test/good

go 1.24
