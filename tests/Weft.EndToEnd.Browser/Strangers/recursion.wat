;; Calls itself without end.
(module
  (memory (export "memory") 1)
  (func $f (call $f) (drop (i32.const 1)))
  (func (export "_start") (call $f))
)
