// Command worker takes jobs from a folder until it is told to stop.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.test/backoff"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	fmt.Println("worker: waiting for jobs")
	pause := time.Millisecond
	for {
		select {
		case <-stop:
			fmt.Println("worker: stopped")
			return
		case <-time.After(pause):
			pause = backoff.Next(pause, time.Second)
		}
	}
}
