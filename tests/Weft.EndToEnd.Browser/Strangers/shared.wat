;; Shared memory of its own.
(module
  (memory (export "memory") 1 2 shared)
  (func (export "_start"))
)
