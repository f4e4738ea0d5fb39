port 3000
workers 2
