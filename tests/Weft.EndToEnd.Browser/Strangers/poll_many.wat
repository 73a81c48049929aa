;; Waits for 4,097 things at once; prints "hi" when told that this is too many (EINVAL).
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 10)
  (data (i32.const 8) "\10\00\00\00\02\00\00\00hi")
  (func (export "_start") (if (i32.eq (call $poll_oneoff (i32.const 1024) (i32.const 300000) (i32.const 4097) (i32.const 64)) (i32.const 28)) (then (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0))))))
)
