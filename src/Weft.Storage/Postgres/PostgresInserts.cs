using Npgsql;
using Weft.Core.Access;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>The tasks that a transaction stores anew, and the idempotency keys that come with them: one statement.</summary>
internal sealed class PostgresInserts
{
    private readonly List<(TaskRecord Record, PostgresLane Lane, Payload Payload, long? Owner, long? Submission, PostgresRun? Module)> _tasks = [];
    private readonly List<IdempotencyKey> _keys = [];
    private bool _hasOwners;
    private bool _hasModules;

    public int Count => _tasks.Count;

    /// <summary>The ids that they were given, in the order in which they were added.</summary>
    public List<TaskId> Ids { get; } = [];

    /// <summary>Those that are added next belong to this key.</summary>
    public void Begin(IdempotencyKey? key)
    {
        if (key is not null) _keys.Add(key);
    }

    /// <summary>Adds a task; the record's id is not used, since the database gives it.</summary>
    public void Add(TaskRecord record, PostgresLane lane, Payload payload, bool keyed, TokenId? owner, PostgresRun? module)
    {
        _tasks.Add((record, lane, payload, owner?.Value, keyed ? _keys.Count : null, module));
        _hasOwners |= owner is not null;
        _hasModules |= module is not null;
    }

    private bool AreBare => _keys.Count == 0 && !_hasOwners && !_hasModules;

    public string Sql => _hasModules ? PostgresSql.InsertTasksWithModules : AreBare ? PostgresSql.InsertTasks : PostgresSql.InsertTasksWithKeysAndOwners;

    public void Bind(NpgsqlBatchCommand command)
    {
        command
            .With(Column(static task => task.Lane.Id)).With(Column(static task => (short)task.Record.State)).With(Column(static task => (short)task.Record.Priority))
            .With(Column(static task => task.Record.MaxAttempts)).With(Column(static task => (int)task.Record.LeaseTime.TotalMilliseconds))
            .With(Column(static task => task.Record.SubmittedAt.ToUnixTimeMilliseconds())).With(Column(static task => PostgresRows.Milliseconds(task.Record.RunAt)))
            .With(Column(static task => PostgresRows.Milliseconds(task.Record.ExpiresAt))).With(Column(static task => PostgresRows.Milliseconds(task.Record.DueAt)))
            .With(Column(static task => task.Record.Group?.Value)).With(Column(static task => task.Record.Type)).With(Column(static task => task.Payload.IsJson))
            .With(Column(static task => PostgresParameters.Array(task.Payload.Bytes))).With(Column(static task => task.Owner)).With(Column(static task => task.Submission));
        if (!AreBare) command.With([.. _keys.Select(static key => (string?)key.Text)]).With([.. _keys.Select(static key => PostgresParameters.Array(key.Fingerprint))]);
        if (_hasModules) command.With(Column(static task => task.Module?.Module)).With(Column(static task => task.Module?.Run is { } run ? PostgresParameters.Array(run) : null));
    }

    private T[] Column<T>(Func<(TaskRecord Record, PostgresLane Lane, Payload Payload, long? Owner, long? Submission, PostgresRun? Module), T> value)
    {
        var column = new T[_tasks.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(_tasks[i]);
        return column;
    }
}
