;; Its _start is a function of the host.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (export "_start" (func $exit))
)
