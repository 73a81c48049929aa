;; Exceptions in exceptions: a list without end, in no memory of its own.
(module
  (memory (export "memory") 1)
  (tag (param externref))
  (func (export "_start"))
)
