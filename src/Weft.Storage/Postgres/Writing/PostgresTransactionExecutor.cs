using Npgsql;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Webhooks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Postgres;

/// <summary>
/// Takes a transaction through the database: one trip to lock and read what the operations must see, one to store what
/// they decided and to commit it. Only claims that met what can't be claimed go more often.
/// </summary>
internal sealed partial class PostgresTransactionExecutor(
    PostgresSession session, List<StoreOperation> batch, PostgresWriteTransaction transaction, RemoteReadPlan plan)
{
    private readonly NpgsqlConnection _connection = session.Connection;
    private readonly ClaimRounds _claims = new(transaction, plan.Claims);

    /// <summary>Begins, locks and reads.</summary>
    /// <exception cref="StaleCacheException">What was known here is behind; nothing was changed.</exception>
    public async Task BeginAsync()
    {
        await using var trip = new PostgresRoundTrip(_connection);
        trip.Run(PostgresSql.Begin);
        QueryModules(trip);
        if (plan.TokensToAdd > 0)
        {
            trip.Query(PostgresSql.LockTokens, static _ => { });
            trip.Run(PostgresSql.DeleteExpiredTokens).With((long)Limits.TokensMax - plan.TokensToAdd);
            trip.Query(StoreSql.CountTokens, row => transaction.TokenRoom = Limits.TokensMax - row.Long(0));
        }

        if (plan.Keys.Count > 0) trip.Query(PostgresSql.SelectKeys, ReadKey)
            .With([.. plan.Keys.Select(static key => (string?)key)]);
        QueryOwners(trip);
        if (plan.Groups.Count > 0) trip.Query(PostgresSql.SelectGroupsThatExist, row =>
            transaction.Groups[row.Long(0)] = row.Bool(1))
            .With([.. plan.Groups]);
        QueryGroups(trip);
        foreach (var operation in batch) operation.Look(trip);
        QueryTasks(trip);
        foreach (var selection in plan.Selections) QuerySelection(trip, selection);
        QueryChecks(trip);
        QueryReady(trip);
        // Once the locks are there: nobody's decision about a row that was waited for may come to lie in the future.
        trip.Query(PostgresSql.SelectStart, ReadStart);
        await trip.SendAsync();
    }

    /// <summary>Gives the claims what is ready.</summary>
    public async Task ClaimAsync()
    {
        while (_claims.Take())
        {
            await using var trip = new PostgresRoundTrip(_connection);
            AddChanges(trip);
            QueryReady(trip);
            trip.Query(PostgresSql.SelectNow, ReadNow);
            await trip.SendAsync();
        }
    }

    /// <summary>
    /// Stores and commits. When this throws, only the kind of the exception tells whether the commit can have happened.
    /// </summary>
    public async Task CommitAsync()
    {
        await using var trip = new PostgresRoundTrip(_connection);
        AddStores(trip);
        AddReads(trip);
        // The groups that they finish in are locked as shortly as can be.
        AddChanges(trip);
        transaction.Webhooks.StoreGroups(trip, transaction.Sql, transaction.Now);
        if (transaction.NeedsReplicationBarrier) trip.Query(PostgresSql.ReplicationBarrier, static _ => { });
        trip.Run(PostgresSql.Commit);
        await trip.SendAsync();
    }

    private void QueryModules(PostgresRoundTrip trip)
    {
        if (plan.ChangesModules) trip.Query(PostgresSql.LockModules, static _ => { });
        else if (plan.NamesFiles || plan.Modules.Count + plan.ModulesOfQueues.Count > 0)
        {
            trip.Query(PostgresSql.ShareModules, static _ => { });
        }
        if (plan.Modules.Count > 0) trip.Query(PostgresSql.SelectModuleKeys, transaction.Modules.Read)
            .With([.. plan.Modules.Select(static hash => (string?)hash)]);
        if (plan.ModulesOf.Count > 0) trip.Query(PostgresSql.SelectModulesOf, transaction.Modules.ReadOwner)
            .With([.. plan.Modules.Select(static hash => (string?)hash)])
            .With([.. plan.ModulesOf]);
        if (plan.ModulesOfQueues.Count > 0) trip.Query(
            PostgresSql.SelectModulesOfQueues, transaction.Modules.ReadOfQueue)
            .With([.. plan.ModulesOfQueues.Select(static queue => (string?)queue)]);
    }

    private void QueryOwners(PostgresRoundTrip trip)
    {
        var max = transaction.OwnerMax;
        if (plan.Owners.Count == 0 || max == OwnerLoad.Any) return;
        long[] owners = [.. plan.Owners.Keys];
        for (var i = 0; i < 2; i++)
        {
            trip.Query(PostgresSql.LockOwners, static _ => { })
                .With(owners)
                .With([.. plan.Owners.Values.Select(static load => load.Tasks)])
                .With([.. plan.Owners.Values.Select(static load => load.PayloadBytes)])
                .With([.. plan.Owners.Values.Select(static load => load.StoredBytes)])
                .With(max.Tasks).With(max.PayloadBytes).With(max.StoredBytes);
        }

        trip.Query(PostgresSql.SelectOwnerCounts, transaction.Owners.Read).With(owners);
    }

    private void QueryGroups(PostgresRoundTrip trip)
    {
        var bound = transaction.OwnerBounds.Groups;
        foreach (var owner in plan.GroupOwners)
        {
            if (bound == int.MaxValue) break;
            trip.Query(PostgresSql.LockGroupsOfOwner, static _ => { }).With(owner);
            trip.Query(PostgresSql.CountGroupsOfOwner, row => transaction.GroupRoom[owner] = bound - row.Long(0))
                .With(owner)
                .With(bound);
        }

        foreach (var (age, max) in plan.EmptyGroups)
        {
            trip.Query(PostgresSql.LockEmptyGroups, row => transaction.EmptyGroups.Add(row.Long(0)))
                .With((long)age.TotalMilliseconds)
                .With(max);
        }
    }

    /// <summary>
    /// In one statement, whatever is remembered: two could lock rows in an order that others have the other way round.
    /// </summary>
    private void QueryTasks(PostgresRoundTrip trip)
    {
        if (plan.Tasks.Count > 0)
        {
            trip.Query(PostgresSql.LockTasks, row => ReadTask(row))
                .With([.. plan.Tasks, .. plan.Remembered.Select(static task => task.Record.Id.Value)]);
        }
        else if (plan.Remembered.Count > 0)
        {
            LockedTask[] tasks = [.. plan.Remembered.OrderBy(static task => task.Record.Id.Value)];
            trip.Query(PostgresSql.LockRemembered, row =>
            {
                if (row.Long(0) != tasks.Length) throw new StaleCacheException();
                foreach (var task in tasks) transaction.Rows.Add(task.Record.Id.Value, task);
            }).With(Column(tasks, static task => task.Id.Value))
                .With(Column(tasks, static task => task.Lease!.Token.Value))
                .With(Column(tasks, static task => task.Lease!.ExpiresAt.ToUnixTimeMilliseconds()));
        }
    }

    private void QueryReady(PostgresRoundTrip trip)
    {
        var lanes = _claims.Ask();
        if (lanes.Count == 0) return;
        trip.Query(PostgresSql.LockReady, row => _claims.Add(ReadTask(row)))
            .With([.. lanes.Select(static lane => lane.Lane)])
            .With([.. lanes.Select(static lane => lane.Asked)]);
    }

    private void QuerySelection(PostgresRoundTrip trip, TaskSelection selection)
    {
        var found = transaction.Selected[selection] = [];
        switch (selection)
        {
            case TaskSelection.Due:
                Query(PostgresSql.LockDue).With(selection.Max);
                break;
            case TaskSelection.Waiting waiting:
                Query(PostgresSql.LockWaitingInQueue)
                    .With(
                    [
                        .. transaction.Lanes.Of(waiting.Queue).Where(static lane => !lane.Requires.IsCheck)
                            .Select(static lane => (int)lane.Id),
                    ])
                    .With(selection.Max);
                break;
            case TaskSelection.Members members:
                Query(PostgresSql.LockGroupMembers)
                    .With(members.Group.Value)
                    .With(members.After.Value)
                    .With(selection.Max);
                break;
            case TaskSelection.Finished finished:
                Query(PostgresSql.LockFinishedBefore)
                    .With((long)finished.Age.TotalMilliseconds)
                    .With(selection.Max)
                    .With((long)finished.AgeInGroup.TotalMilliseconds);
                break;
            default: throw new ArgumentOutOfRangeException(
                nameof(selection), selection, "This selection is not known.");
        }

        NpgsqlBatchCommand Query(string sql) => trip.Query(sql, row => found.Add(ReadTask(row)));
    }

    private void ReadNow(PostgresRow row) =>
        (transaction.Time, transaction.Owners.AreThere) = (row.Time(0), row.Bool(1));

    private void ReadStart(PostgresRow row)
    {
        ReadNow(row);
        if (row.Int(2) > transaction.LastLane) throw new StaleCacheException();
        transaction.PausedQueues.UnionWith(row.Array<string>(3));
        transaction.Lanes.QueuesHaveModules = row.Bool(4);
        if (row.Array<string>(5) is { Length: > 0 } rules)
        {
            transaction.Webhooks.Rules = Array.ConvertAll(rules, WebhookRule.Parse);
        }

        if (transaction.Lanes.QueuesHaveModules && plan.AsksNoQueues) throw new StaleCacheException();
    }

    private void ReadKey(PostgresRow row) => transaction.Keys[row.Text(0)] =
        new(row.Bytes(1), [.. row.Array<long>(2).Select(static id => new TaskId(id))]);

    private LockedTask ReadTask(PostgresRow row)
    {
        var id = row.Long(0);
        if (transaction.Rows.TryGetValue(id, out var known)) return known;
        var task = PostgresRows.ReadTask(
            row, transaction.Lanes.Find(row.Int(TaskRow.Lane)) ?? throw new StaleCacheException());
        transaction.Rows.Add(id, task);
        return task;
    }
}
