// Package backoff waits longer after every failure.
package backoff

import "time"

// Next doubles a pause, up to a limit.
func Next(pause, limit time.Duration) time.Duration { return min(2*pause, limit) }
