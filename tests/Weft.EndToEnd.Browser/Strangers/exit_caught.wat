;; Ends, and catches whatever ends it.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\02\00\00\00hi")
  (func (export "_start")
    (try (do (call $proc_exit (i32.const 3))) (catch_all (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0))))))
)
