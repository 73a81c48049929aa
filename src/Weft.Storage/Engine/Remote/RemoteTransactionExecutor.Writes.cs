using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>The writes: changes, new rows, and the values that are read back with them.</summary>
internal sealed partial class RemoteTransactionExecutor<TRow>
{
    private void AddChanges(RoundTrip<TRow> trip)
    {
        LockedTask[] changed =
            [.. transaction.Rows.Values.Where(static task => task is { IsChanged: true, IsDeleted: false })];
        if (changed.Length == 0) return;
        long[] groups =
        [
            .. changed.Where(static task => Finishes(task))
                .Select(static task => task.Record.Group!.Value.Value)
                .Distinct(),
        ];
        if (groups.Length > 0) trip.Select(_sql.LockGroups).With(groups);
        trip.Run(_sql.UpdateTasks)
            .With(Column(changed, static task => task.Id.Value)).With(Column(changed, static task => (short)task.State))
            .With(Column(changed, static task => task.Attempt)).With(Column(changed, static task => task.Failures))
            .With(Column(changed, static task => StoreRows.Milliseconds(task.RunAt)))
            .With(Column(changed, static task => StoreRows.Milliseconds(task.ExpiresAt)))
            .With(Column(changed, static task => StoreRows.Milliseconds(task.DueAt)))
            .With(Column(changed, static task => task.Lease?.Token.Value))
            .With(Column(changed, static task => task.WorkerId))
            .With(Column(changed, static task => StoreRows.Milliseconds(task.Lease?.ClaimedAt)))
            .With(Column(changed, static task => StoreRows.Milliseconds(task.Lease?.ExpiresAt)))
            .With(Column(changed, static task => task.Progress))
            .With(Column(changed, static task => StoreRows.Milliseconds(task.FinishedAt)))
            .With([.. changed.Select(Finishes)])
            .With([.. changed.Select(NewReadyAt)]);
        AddPriorities(trip, [.. changed.Where(static task => task.Record.Priority != task.Stored.Priority)]);
        foreach (var task in changed) task.Stored = task.Record;
    }

    private void AddPriorities(RoundTrip<TRow> trip, LockedTask[] changed)
    {
        if (changed.Length == 0) return;
        trip.Run(_sql.UpdatePriorities)
            .With(Column(changed, static task => task.Id.Value))
            .With(Column(changed, static task => (short)task.Priority));
    }

    private void AddStores(RoundTrip<TRow> trip)
    {
        if (transaction.Inserts.Count > 0) AddNewTasks(trip, transaction.Inserts);
        AddBodies(trip, _sql.InsertResults, transaction.NewResults);
        AddBodies(trip, _sql.UpsertCheckpoints, transaction.NewCheckpoints);
        if (transaction.NewErrors.Count > 0) trip.Run(_sql.UpsertErrors)
            .With([.. transaction.NewErrors.Keys])
            .With([.. transaction.NewErrors.Values.Select(static text => (string?)text)]);
        AddAttempts(trip, transaction.Attempts);
        AddKept(trip);
        AddOwners(trip, transaction.Owners);
        if (transaction.Deleted.Count > 0) trip.Run(_sql.DeleteTasks)
            .With([.. transaction.Deleted.Select(static id => id.Value)]);
        AddCounts(trip, _sql.AddToCounts, transaction.LaneCounts);
        AddCounts(trip, _sql.AddToGroupCounts, transaction.GroupCounts);
        foreach (var store in transaction.Stores) store(trip);
        transaction.Webhooks.StoreTasks(trip, transaction.Sql, transaction.Now);
    }

    private void AddNewTasks(RoundTrip<TRow> trip, NewTasks tasks)
    {
        var sql = tasks.HasModules ? _sql.InsertTasksWithModules
            : tasks.AreBare ? _sql.InsertTasks : _sql.InsertTasksWithKeysAndOwners;
        var command = trip.Query(sql, row => tasks.TakeId(row.Long(0)))
            .With(tasks.Column(static task => task.Payload.IsJson))
            .With(tasks.Column(static task => RoundTrip.ArrayOf(task.Payload.Bytes)))
            .With(tasks.Column(static task => task.Owner))
            .With(tasks.Column(static task => task.Submission));
        if (!tasks.AreBare) command
            .With([.. tasks.Keys.Select(static key => (string?)key.Text)])
            .With([.. tasks.Keys.Select(static key => RoundTrip.ArrayOf(key.Fingerprint))]);
        if (tasks.HasModules) command
            .With(tasks.Column(static task => task.Module?.Module))
            .With(tasks.Column(static task => task.Module?.Run is { } run ? RoundTrip.ArrayOf(run) : null))
            .With(tasks.Column(static task => task.Module?.Files))
            .With(tasks.Column(static task => task.Module?.Policy));
        TaskRow.WriteNew(command, tasks);
    }

    private void AddAttempts(RoundTrip<TRow> trip, AttemptChanges attempts)
    {
        if (attempts.Dropped.Count > 0) trip.Run(_sql.DeleteAttempts)
            .With([.. attempts.Dropped.Select(static range => range.Task)])
            .With([.. attempts.Dropped.Select(static range => range.First)])
            .With([.. attempts.Dropped.Select(static range => range.Last)]);
        if (attempts.Ended.Count > 0) trip.Run(_sql.UpsertAttempts)
            .With([.. attempts.Ended.Select(static ended => ended.Key.Task)])
            .With([.. attempts.Ended.Select(static ended => ended.Key.Attempt)])
            .With([.. attempts.Ended.Select(static ended => (string?)ended.Value.WorkerId)])
            .With([.. attempts.Ended.Select(static ended => ended.Value.ClaimedAt.ToUnixTimeMilliseconds())])
            .With([.. attempts.Ended.Select(static ended => StoreRows.Milliseconds(ended.Value.EndedAt))])
            .With([.. attempts.Ended.Select(static ended => (short)ended.Value.Outcome!.Value)])
            .With([.. attempts.Ended.Select(static ended => ended.Value.Error)]);
    }

    // After their new data is stored, and before deleted tasks are removed.
    private void AddKept(RoundTrip<TRow> trip)
    {
        if (!transaction.Owners.AreThere) return;
        var attempts = transaction.Attempts;
        long[] tasks =
        [
            .. transaction.NewCheckpoints.Keys.Concat(transaction.NewErrors.Keys)
                .Concat(attempts.Ended.Select(static ended => ended.Key.Task))
                .Concat(attempts.Dropped.Select(static range => range.Task))
                .Distinct(),
        ];
        if (tasks.Length > 0) trip.Run(_sql.CountKept).With(session.Shard).With(tasks);
    }

    private void AddOwners(RoundTrip<TRow> trip, OwnerChanges owners)
    {
        if (!owners.AreChanged) return;
        trip.Run(_sql.AddToOwnerCounts).With(session.Shard)
            .With([.. owners.Added.Keys])
            .With([.. owners.Added.Values.Select(static load => load.Tasks)])
            .With([.. owners.Added.Values.Select(static load => load.PayloadBytes)])
            .With([.. owners.Added.Values.Select(static load => load.StoredBytes)])
            .With([.. owners.Moved.Select(static moved => moved.Task)])
            .With([.. owners.Moved.Select(static moved => moved.Change)])
            .With([.. owners.Results.Select(static result => result.Task)])
            .With([.. owners.Results.Select(static result => result.Bytes)])
            .With([.. owners.Forgotten]);
    }

    /// <summary>Adds to rows of the connection's own shard.</summary>
    private void AddCounts(RoundTrip<TRow> trip, string sql, CountChanges counts)
    {
        var changed = counts.Changed.ToArray();
        if (changed.Length == 0) return;
        var command = trip.Run(sql).With(session.Shard).With([.. changed.Select(static pair => pair.Key)]);
        for (var state = 0; state < TaskStates.Count; state++)
        {
            command.With([.. changed.Select(pair => pair.Value[state])]);
        }
    }

    private void AddReads(RoundTrip<TRow> trip)
    {
        if (transaction.ResultsAsked.Count > 0) trip.Query(_sql.SelectResults, row =>
            transaction.Results[row.Long(0)] = row.Bytes(1))
            .With([.. transaction.ResultsAsked]);
        QueryChecksEnds(trip);
        if (transaction.Claimed.Count == 0) return;
        trip.Query(_sql.SelectPayloads, row =>
            transaction.Payloads[row.Long(0)] = new(row.Bytes(2), row.Bool(1)))
            .With(IdsOf(transaction.Claimed));
        var again = IdsOf(transaction.Claimed.Where(static task => task.Record.Attempt > 1));
        var runs = IdsOf(transaction.Claimed.Where(static task => task.Lane.Requires.HasCall));
        if (runs.Length > 0) trip.Query(_sql.SelectTaskModules, row =>
            transaction.Calls[row.Long(0)] = StoreRows.ReadTaskCall(row))
            .With(runs);
        if (again.Length > 0) trip.Query(_sql.SelectCheckpoints, row =>
            transaction.Checkpoints[row.Long(0)] = row.Bytes(1))
            .With(again);
    }

    private static void AddBodies(RoundTrip<TRow> trip, string sql, Dictionary<long, ReadOnlyMemory<byte>> bodies)
    {
        if (bodies.Count > 0) trip.Run(sql)
            .With([.. bodies.Keys])
            .With([.. bodies.Values.Select(RoundTrip.ArrayOf)]);
    }

    private static long[] IdsOf(IEnumerable<LockedTask> tasks) =>
        [.. tasks.Select(static task => task.Record.Id.Value)];

    // Null if it is unchanged, as in most tasks: such a column is not sent.
    private static long? NewReadyAt(LockedTask task) => task.Record.ReadyAt == task.Stored.ReadyAt
        ? null
        : StoreRows.Milliseconds(task.Record.ReadyAt);

    private static bool Finishes(LockedTask task) => task.Record is { State.IsFinal: true, Group: not null };

    private static T[] Column<T>(LockedTask[] tasks, Func<TaskRecord, T> value)
    {
        var column = new T[tasks.Length];
        for (var i = 0; i < column.Length; i++) column[i] = value(tasks[i].Record);
        return column;
    }
}
