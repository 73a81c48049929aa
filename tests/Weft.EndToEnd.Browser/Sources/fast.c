// A Python extension module for CPython 3.14 on Emscripten, without its headers.
typedef struct _object PyObject;
typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
typedef struct { const char *name; PyCFunction function; int flags; const char *doc; } PyMethodDef;
typedef struct {
  // The head of an object, and what belongs to the interpreter.
  int count; void *type; void *init; int index; void *copy;
  const char *name; const char *doc; int size; PyMethodDef *methods;
  void *slots; void *traverse; void *clear; void *free;
} PyModuleDef;

PyObject *PyModule_Create2(PyModuleDef *, int);
PyObject *PyLong_FromLongLong(long long);
long long PyLong_AsLongLong(PyObject *);

static PyObject *square(PyObject *self, PyObject *n) {
  long long value = PyLong_AsLongLong(n);
  return PyLong_FromLongLong(value * value);
}

static PyMethodDef methods[] = {{"square", square, 8 /* METH_O */, 0}, {0, 0, 0, 0}};
static PyModuleDef definition = {.count = 1, .name = "fast", .size = -1, .methods = methods};

__attribute__((visibility("default"))) PyObject *PyInit_fast(void) { return PyModule_Create2(&definition, 1013); }
