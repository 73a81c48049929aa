;; Writes 200,000 times to stderr, and once more.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "\10\00\00\00\02\00\00\00hi")
  (data (i32.const 32) "\40\00\00\00\05\00\00\00")
  (data (i32.const 64) "so it")
  (func (export "_start") (local $i i32)
    (loop $more (drop (call $fd_write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 0))) (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 200000))))
    (drop (call $fd_write (i32.const 2) (i32.const 32) (i32.const 1) (i32.const 0)))
    unreachable)
)
