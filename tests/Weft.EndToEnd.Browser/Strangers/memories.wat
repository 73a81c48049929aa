;; Two memories: a limit for each is none.
(module
  (memory (export "memory") 1)
  (memory 1)
  (func (export "_start"))
)
