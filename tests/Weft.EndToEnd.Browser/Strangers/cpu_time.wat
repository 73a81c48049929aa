;; Sleeps 300 ms; its processor time is 0 s and less than 300 ms more.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\02\00\00\00hi")
  (func (export "_start")
    (i32.store (i32.const 1040) (i32.const 1)) (i64.store (i32.const 1048) (i64.const 300000000))
    (drop (call $poll_oneoff (i32.const 1024) (i32.const 2048) (i32.const 1) (i32.const 512)))
    (drop (call $clock_time_get (i32.const 2) (i64.const 0) (i32.const 520)))
    (if (i64.lt_u (i64.load (i32.const 520)) (i64.const 290000000)) (then (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0))))))
)
