// Command good has nothing to gain.
package main

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.Error(w, "no such page", http.StatusNotFound)
			return
		}
		fmt.Fprintln(w, "good as it is")
	})
	if err := http.ListenAndServe(":8080", nil); err != nil {
		panic(err)
	}
}
