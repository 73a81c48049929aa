;; Writes more than it may, for ever, whatever it is told.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 200)
  (data (i32.const 8) "\00\00\00\00\00\00\a0\00")
  (func (export "_start")
    (try (do (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))) (catch_all)))
)
