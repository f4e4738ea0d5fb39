// Command primes answers questions about primes.
package main

import (
	"crypto/x509"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"strconv"
	"strings"

	"example.test/primes/sieve"
)

func home(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.Error(w, "no such page", http.StatusNotFound)
		return
	}
	page, err := template.ParseFiles("templates/home.html")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = page.Execute(w, []int{2, 3, 5, 7, 11})
}

func prime(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.ParseUint(strings.TrimPrefix(r.URL.Path, "/prime/"), 10, 32)
	if err != nil {
		http.Error(w, "not a number", http.StatusBadRequest)
		return
	}
	if sieve.IsPrime(n) {
		fmt.Fprintln(w, n, "is prime")
	} else {
		fmt.Fprintln(w, n, "is composite")
	}
}

// trust says whether connections over TLS have anybody to trust.
func trust(w http.ResponseWriter, _ *http.Request) {
	pool, err := x509.SystemCertPool()
	if err != nil || pool.Equal(x509.NewCertPool()) {
		http.Error(w, "authorities: none", http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, "authorities: yes")
}

func main() {
	http.HandleFunc("/", home)
	http.HandleFunc("/prime/", prime)
	http.HandleFunc("/trust", trust)
	log.Fatal(http.ListenAndServe(":8080", nil))
}
