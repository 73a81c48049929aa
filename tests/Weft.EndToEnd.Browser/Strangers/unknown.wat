;; A function that all objects have, but not WASI.
(module
  (import "wasi_snapshot_preview1" "hasOwnProperty" (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start"))
)
