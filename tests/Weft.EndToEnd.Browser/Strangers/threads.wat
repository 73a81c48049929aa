;; Memory that comes from outside, shared between threads.
(module
  (import "env" "memory" (memory 1 2 shared))
  (export "memory" (memory 0))
  (func (export "_start"))
)
