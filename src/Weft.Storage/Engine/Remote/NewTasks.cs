using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>The new tasks of a transaction, and their idempotency keys: one statement for all.</summary>
internal sealed class NewTasks
{
    private readonly List<NewRow> _tasks = [];
    private readonly List<IdempotencyKey> _keys = [];
    private readonly Queue<TaskId[]> _ids = new();
    private int _idsRead;
    private bool _hasOwners;

    public int Count => _tasks.Count;

    public IReadOnlyList<IdempotencyKey> Keys => _keys;

    public bool HasModules { get; private set; }

    /// <summary>Adds a task; the record's id is not used, since the database assigns it.</summary>
    public void Add(TaskRecord record, Lane lane, Payload payload, Submission submission, TaskRun? module)
    {
        long? key = submission.Key is null ? null : _keys.Count + 1;
        _tasks.Add(new(record, lane, payload, submission.Owner?.Value, key, module));
        _hasOwners |= submission.Owner is not null;
        HasModules |= module is not null;
    }

    /// <summary>The tasks added since the last call belong together, and to this key.</summary>
    /// <param name="key">Null: no key.</param>
    /// <param name="ids">Receives the ids that the database assigns.</param>
    public void End(IdempotencyKey? key, TaskId[] ids)
    {
        if (key is not null) _keys.Add(key);
        if (ids.Length > 0) _ids.Enqueue(ids);
    }

    /// <summary>The next id that the database assigned: they come in the order in which the tasks were added.</summary>
    public void TakeId(long id)
    {
        var ids = _ids.Peek();
        ids[_idsRead++] = new(id);
        if (_idsRead < ids.Length) return;
        _ids.Dequeue();
        _idsRead = 0;
    }

    /// <summary>Whether none has an owner, a module or a key, by far the most common case.</summary>
    public bool AreBare => _keys.Count == 0 && !_hasOwners && !HasModules;

    /// <summary>One value of each task.</summary>
    public T[] Column<T>(Func<NewRow, T> value)
    {
        var column = new T[_tasks.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(_tasks[i]);
        return column;
    }
}

/// <summary>A new task.</summary>
/// <param name="Submission">The position of its key among the keys, from 1; null: no key.</param>
internal readonly record struct NewRow(
    TaskRecord Record, Lane Lane, Payload Payload, long? Owner, long? Submission, TaskRun? Module);
