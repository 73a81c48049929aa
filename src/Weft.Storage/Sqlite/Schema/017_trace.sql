-- The trace that a task was submitted in, as Weft.Core.Tracing.TaskTrace writes it. Tasks without one pay a byte.
ALTER TABLE tasks ADD COLUMN trace TEXT;
