;; Grows its memory to the limit, then its table; prints "hi" from its last page if neither grew further.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table $t 0 externref)
  (func (export "_start") (local $at i32)
    (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (if (i32.ne (table.grow $t (ref.null extern) (i32.const 1025)) (i32.const -1)) (then unreachable))
    (if (i32.eq (table.grow $t (ref.null extern) (i32.const 1024)) (i32.const -1)) (then unreachable))
    (local.set $at (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 8)))
    (i32.store (local.get $at) (i32.const 0x6968))
    (i32.store (i32.const 8) (local.get $at)) (i32.store (i32.const 12) (i32.const 2))
    (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0))))
)
