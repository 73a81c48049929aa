// A task: the payload comes on stdin, the result goes to stdout, both as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	var n int64
	if err := json.NewDecoder(os.Stdin).Decode(&n); err != nil {
		fmt.Fprintln(os.Stderr, "the payload is not a whole number:", err)
		// EX_DATAERR: no further attempt can mend it. Any other code but 0 fails this attempt.
		os.Exit(65)
	}
	fmt.Println(n * n)
}
