;; As a stranger does it who has no memory yet: what the host has left is all that an address can mean.
(module
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $look
    (drop (call $environ_get (i32.const 68) (i32.const 60000)))
    (drop (call $environ_get (i32.const 64) (i32.const 1024)))
    (drop (call $fd_write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 128))))
  (start $look)
  (func (export "_start"))
)
