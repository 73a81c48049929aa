using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Webhooks;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>
/// Runs a transaction on the database: one round trip to lock and read what the operations need, one to store their
/// decisions and commit. Only claims whose tasks turn out not to be claimable need more.
/// </summary>
internal sealed partial class RemoteTransactionExecutor<TRow>(
    IRemoteSession<TRow> session, List<StoreOperation> batch, RemoteWriteTransaction transaction, RemoteReadPlan plan)
    where TRow : struct, IRemoteRow
{
    private readonly RemoteSql _sql = transaction.Sql;
    private readonly ClaimRounds _claims = new(transaction, plan.Claims);

    /// <summary>Runs the operations in the transaction, up to its commit.</summary>
    /// <param name="committing"> Called once the transaction may have been committed: after that, only the kind of an
    /// exception says whether it can have happened.
    /// </param>
    /// <exception cref="StaleCacheException">This process's cached data is stale; nothing was changed.</exception>
    public async Task RunAsync(Action committing)
    {
        foreach (var operation in batch) operation.Plan(plan);
        await BeginAsync();
        await VerifyAsync();
        foreach (var operation in batch) operation.Decide(transaction);
        transaction.Facts.Save(transaction);
        if (transaction.LacksLanes) throw new StaleCacheException();
        await ClaimAsync();
        committing();
        await CommitAsync();
    }

    /// <summary>Begins, locks and reads.</summary>
    private async Task BeginAsync()
    {
        await using var trip = session.NewTrip();
        trip.Run(_sql.Begin);
        QueryModules(trip);
        if (plan.TokensToAdd > 0)
        {
            trip.Select(_sql.LockTokens);
            trip.Run(_sql.DeleteExpiredTokens).With((long)Limits.TokensMax - plan.TokensToAdd);
            trip.Query(StoreSql.CountTokens, row => transaction.TokenRoom = Limits.TokensMax - row.Long(0));
        }

        if (plan.Keys.Count > 0) trip.Query(_sql.SelectKeys, ReadKey)
            .With([.. plan.Keys.Select(static key => (string?)key)]);
        QueryOwners(trip);
        if (plan.Groups.Count > 0) trip.Query(_sql.SelectGroupsThatExist, row =>
            transaction.Groups[row.Long(0)] = row.Bool(1))
            .With([.. plan.Groups]);
        QueryGroups(trip);
        foreach (var operation in batch) operation.Look(trip);
        QueryTasks(trip);
        foreach (var selection in plan.Selections) QuerySelection(trip, selection);
        QueryPaces(trip);
        QueryChecks(trip);
        QueryReady(trip);
        // Read the clock after taking the locks, or a row that we waited for could carry a later time than ours.
        trip.Query(_sql.SelectStart, ReadStart);
        await trip.SendAsync();
    }

    /// <summary>Gives ready tasks to the claims.</summary>
    private async Task ClaimAsync()
    {
        while (_claims.Take())
        {
            await using var trip = session.NewTrip();
            AddChanges(trip);
            QueryReady(trip);
            trip.Query(_sql.SelectNow, ReadNow);
            await trip.SendAsync();
        }
    }

    /// <summary>Stores and commits.</summary>
    private async Task CommitAsync()
    {
        await using var trip = session.NewTrip();
        AddStores(trip);
        AddReads(trip);
        // Groups are locked as briefly as possible.
        AddChanges(trip);
        transaction.Webhooks.StoreGroups(trip, transaction.Sql, transaction.Now);
        if (batch.TrueForAll(static operation => operation.MayBeLost)) trip.Select(_sql.CommitWithoutSync);
        if (transaction.NeedsReplicationBarrier) trip.Select(_sql.ReplicationBarrier);
        trip.Run(_sql.Commit);
        await trip.SendAsync();
    }

    private void QueryModules(RoundTrip<TRow> trip)
    {
        if (plan.ChangesModules) trip.Select(_sql.LockModules);
        else if (plan.NamesFiles || plan.Modules.Count + plan.ModulesOfQueues.Count > 0)
        {
            trip.Select(_sql.ShareModules);
        }
        if (plan.Modules.Count > 0) trip.Query(_sql.SelectModuleKeys, transaction.Modules.Read)
            .With([.. plan.Modules.Select(static hash => (string?)hash)]);
        if (plan.ModulesOf.Count > 0) trip.Query(_sql.SelectModulesOf, transaction.Modules.ReadOwner)
            .With([.. plan.Modules.Select(static hash => (string?)hash)])
            .With([.. plan.ModulesOf]);
        if (plan.ModulesOfQueues.Count > 0) trip.Query(
            _sql.SelectModulesOfQueues, transaction.Modules.ReadOfQueue)
            .With([.. plan.ModulesOfQueues.Select(static queue => (string?)queue)]);
    }

    private void QueryOwners(RoundTrip<TRow> trip)
    {
        var max = transaction.OwnerMax;
        if (plan.Owners.Count == 0 || max == OwnerLoad.Any) return;
        long[] owners = [.. plan.Owners.Keys];
        for (var i = 0; i < 2; i++)
        {
            trip.Select(_sql.LockOwners)
                .With(owners)
                .With([.. plan.Owners.Values.Select(static load => load.Tasks)])
                .With([.. plan.Owners.Values.Select(static load => load.PayloadBytes)])
                .With([.. plan.Owners.Values.Select(static load => load.StoredBytes)])
                .With(max.Tasks).With(max.PayloadBytes).With(max.StoredBytes);
        }

        trip.Query(_sql.SelectOwnerCounts, transaction.Owners.Read).With(owners);
    }

    private void QueryGroups(RoundTrip<TRow> trip)
    {
        var bound = transaction.OwnerBounds.Groups;
        foreach (var owner in plan.GroupOwners)
        {
            if (bound == int.MaxValue) break;
            trip.Select(_sql.LockGroupsOfOwner).With(owner);
            trip.Query(_sql.CountGroupsOfOwner, row => transaction.GroupRoom[owner] = bound - row.Long(0))
                .With(owner)
                .With(bound);
        }

        foreach (var (age, max) in plan.EmptyGroups)
        {
            trip.Query(_sql.LockEmptyGroups, row => transaction.EmptyGroups.Add(row.Long(0)))
                .With((long)age.TotalMilliseconds)
                .With(max);
        }
    }

    /// <summary>
    /// In one statement, whether cached or not: two statements could lock rows in an order opposite to others'.
    /// </summary>
    private void QueryTasks(RoundTrip<TRow> trip)
    {
        if (plan.Tasks.Count > 0)
        {
            trip.Query(_sql.LockTasks, row => ReadTask(row))
                .With([.. plan.Tasks, .. plan.Remembered.Select(static task => task.Record.Id.Value)]);
        }
        else if (plan.Remembered.Count > 0)
        {
            LockedTask[] tasks = [.. plan.Remembered.OrderBy(static task => task.Record.Id.Value)];
            trip.Query(_sql.LockRemembered, row =>
            {
                if (row.Long(0) != tasks.Length) throw new StaleCacheException();
                foreach (var task in tasks) transaction.Rows.Add(task.Record.Id.Value, task);
            }).With(Column(tasks, static task => task.Id.Value))
                .With(Column(tasks, static task => task.Lease!.Token.Value))
                .With(Column(tasks, static task => task.Lease!.ExpiresAt.ToUnixTimeMilliseconds()));
        }
    }

    private void QueryReady(RoundTrip<TRow> trip)
    {
        var lanes = _claims.Ask();
        if (lanes.Count == 0) return;
        var asksFiles = _claims.AsksFiles;
        trip.Query(asksFiles ? _sql.LockReadyWithFiles : _sql.LockReady, row =>
            {
                var task = ReadTask(row);
                if (asksFiles) task.Files = row.LongOrNull(LockedTask.ColumnCount);
                _claims.Add(task);
            })
            .With([.. lanes.Select(static lane => lane.Lane)])
            .With([.. lanes.Select(static lane => lane.Asked)]);
    }

    private void QuerySelection(RoundTrip<TRow> trip, TaskSelection selection)
    {
        var found = transaction.Selected[selection] = [];
        switch (selection)
        {
            case TaskSelection.Due:
                Query(_sql.LockDue).With(selection.Max);
                break;
            case TaskSelection.Waiting waiting:
                Query(_sql.LockWaitingInQueue)
                    .With(
                    [
                        .. transaction.Lanes.Of(waiting.Queue).Where(static lane => !lane.Requires.IsCheck)
                            .Select(static lane => (int)lane.Id),
                    ])
                    .With(selection.Max);
                break;
            case TaskSelection.Members members:
                Query(_sql.LockGroupMembers)
                    .With(members.Group.Value)
                    .With(members.After.Value)
                    .With(selection.Max);
                break;
            case TaskSelection.Finished finished:
                Query(_sql.LockFinishedBefore)
                    .With((long)finished.Age.TotalMilliseconds)
                    .With(selection.Max)
                    .With((long)finished.AgeInGroup.TotalMilliseconds);
                break;
            default: throw new ArgumentOutOfRangeException(
                nameof(selection), selection, "Unknown selection.");
        }

        RoundTrip Query(string sql) => trip.Query(sql, row => found.Add(ReadTask(row)));
    }

    private void ReadNow(TRow row) =>
        (transaction.Time, transaction.Owners.AreThere) = (row.Time(0), row.Bool(1));

    private void ReadStart(TRow row)
    {
        ReadNow(row);
        if (row.Int(2) > transaction.LastLane) throw new StaleCacheException();
        transaction.PausedQueues.UnionWith(row.Texts(3));
        transaction.Lanes.QueuesHaveModules = row.Bool(4);
        if (row.Texts(5) is { Length: > 0 } rules)
        {
            transaction.Webhooks.Rules = Array.ConvertAll(rules, WebhookRule.Parse);
        }

        if (transaction.Lanes.QueuesHaveModules && plan.AsksNoQueues) throw new StaleCacheException();
    }

    private void ReadKey(TRow row) => transaction.Keys[row.Text(0)] =
        new(row.Bytes(1), [.. row.Longs(2).Select(static id => new TaskId(id))]);

    private LockedTask ReadTask(TRow row)
    {
        var id = row.Long(0);
        if (transaction.Rows.TryGetValue(id, out var known)) return known;
        var lane = transaction.Lanes.Find(row.Int(TaskRow.Lane)) ?? throw new StaleCacheException();
        var task = LockedTask.Read(row, lane);
        transaction.Rows.Add(id, task);
        return task;
    }
}
