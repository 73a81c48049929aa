;; Its memory has another name, and "memory" is something else.
(module
  (memory (export "mem") 1)
  (func (export "memory"))
  (func (export "_start"))
)
