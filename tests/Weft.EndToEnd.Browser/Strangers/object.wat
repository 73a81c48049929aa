;; Object.prototype by its getter, as a global.
(module
  (import "__proto__" "constructor" (global externref))
  (memory (export "memory") 1)
  (func (export "_start"))
)
