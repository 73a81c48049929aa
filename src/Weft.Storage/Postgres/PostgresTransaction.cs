using Npgsql;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Postgres;

/// <summary>
/// Takes a unit through the database: one trip to lock and read what the operations must see, one to store what they decided and
/// to commit it. Only claims that met what can't be claimed go more often.
/// </summary>
internal sealed class PostgresTransaction(NpgsqlConnection connection, int shard, PostgresUnit unit, PostgresQuestions questions)
{
    // Rows that one lane offers in one trip.
    private const int OfferMax = 10_000;

    private readonly Dictionary<int, (int Asked, int Found, PostgresTask? Last)> _offered = [];

    /// <summary>Begins, locks and reads.</summary>
    /// <exception cref="PostgresOutdated">What was known here is behind; nothing was changed.</exception>
    public async Task BeginAsync()
    {
        await using var trip = new PostgresTrip(connection);
        trip.Run(PostgresSql.Begin);
        AskModules(trip);
        if (questions.TokensToAdd > 0)
        {
            trip.Ask(PostgresSql.LockTokens, static _ => { });
            trip.Run(PostgresSql.DeleteExpiredTokens).With((long)Limits.TokensMax - questions.TokensToAdd);
            trip.Ask(PostgresSql.CountTokens, row => unit.TokenRoom = Limits.TokensMax - row.GetInt64(0));
        }

        if (questions.Keys.Count > 0) trip.Ask(PostgresSql.SelectKeys, ReadKey).With([.. questions.Keys.Select(static key => (string?)key)]);
        AskOwners(trip);
        if (questions.Groups.Count > 0) trip.Ask(PostgresSql.SelectGroupsThatExist, row => unit.Groups.Add(row.GetInt64(0))).With([.. questions.Groups]);
        AskTasks(trip);
        foreach (var selection in questions.Selections) selection.Bind(trip.Ask(selection.Sql, row => selection.Found.Add(ReadTask(row))));
        AskReady(trip);
        // Once the locks are there: nobody's decision about a row that was waited for may come to lie in the future.
        trip.Ask(PostgresSql.SelectStart, ReadStart);
        await trip.GoAsync();
    }

    /// <summary>Gives the claims what is ready, in order, until they have enough or there is no more.</summary>
    public async Task ClaimAsync()
    {
        for (var buried = 0; ;)
        {
            var before = unit.Handed.Count;
            var offers = new PostgresOffers(unit.Tasks.Values.Where(static task => !task.IsDeleted), Edge);
            foreach (var claim in questions.Claims) claim.Take(unit, offers);
            buried += offers.Unusable;
            // What was offered and is changed by now is out of the way at the next look, too.
            var progress = unit.Handed.Count > before || offers.Unusable > 0 || unit.Tasks.Values.Any(static task => task.IsChanged);
            if (!progress || unit.HandedBytes > Limits.ClaimBytesMax || !questions.Claims.Any(IsWorthAnotherLook) || buried >= Limits.SweepBatchMax)
            {
                AnnounceLeft(offers);
                return;
            }

            await using var trip = new PostgresTrip(connection);
            AddChanges(trip);
            AskReady(trip);
            trip.Ask(PostgresSql.SelectNow, ReadNow);
            await trip.GoAsync();
        }
    }

    /// <summary>Stores and commits. When this throws, only the kind of the exception tells whether the commit can have happened.</summary>
    public async Task CommitAsync()
    {
        await using var trip = new PostgresTrip(connection);
        AddStores(trip);
        AddReads(trip);
        // The groups that they finish in are locked as shortly as can be.
        AddChanges(trip);
        if (unit.MustVouch) trip.Ask(PostgresSql.Vouch, static _ => { });
        trip.Run(PostgresSql.Commit);
        await trip.GoAsync();
    }

    private void AskModules(PostgresTrip trip)
    {
        if (questions.ChangesModules) trip.Ask(PostgresSql.LockModules, static _ => { });
        else if (questions.Modules.Count + questions.ModulesOfQueues.Count > 0) trip.Ask(PostgresSql.ShareModules, static _ => { });
        if (questions.Modules.Count > 0) trip.Ask(PostgresSql.SelectModuleKeys, unit.Modules.Read).With([.. questions.Modules.Select(static hash => (string?)hash)]);
        if (questions.ModulesOfQueues.Count > 0) trip.Ask(PostgresSql.SelectModulesOfQueues, unit.Modules.ReadOfQueue).With([.. questions.ModulesOfQueues.Select(static queue => (string?)queue)]);
    }

    private void AskOwners(PostgresTrip trip)
    {
        var max = unit.OwnerMax;
        if (questions.Owners.Count == 0 || max == OwnerLoad.Any) return;
        long[] owners = [.. questions.Owners.Keys];
        for (var i = 0; i < 2; i++)
        {
            trip.Ask(PostgresSql.LockOwners, static _ => { }).With(owners).With([.. questions.Owners.Values.Select(static load => load.Tasks)])
                .With([.. questions.Owners.Values.Select(static load => load.PayloadBytes)]).With(max.Tasks).With(max.PayloadBytes);
        }

        trip.Ask(PostgresSql.SelectOwnerCounts, unit.Owners.Read).With(owners);
    }

    /// <summary>In one statement, whatever is remembered: two could lock rows in an order that others have the other way round.</summary>
    private void AskTasks(PostgresTrip trip)
    {
        if (questions.Tasks.Count > 0)
        {
            trip.Ask(PostgresSql.LockTasks, row => ReadTask(row)).With([.. questions.Tasks, .. questions.Remembered.Select(static task => task.Record.Id.Value)]);
        }
        else if (questions.Remembered.Count > 0)
        {
            PostgresTask[] tasks = [.. questions.Remembered.OrderBy(static task => task.Record.Id.Value)];
            trip.Ask(PostgresSql.LockRemembered, row =>
            {
                if (row.GetInt64(0) != tasks.Length) throw new PostgresOutdated();
                foreach (var task in tasks) unit.Tasks.Add(task.Record.Id.Value, task);
            }).With(Column(tasks, static task => task.Id.Value)).With(Column(tasks, static task => task.Lease!.Token.Value))
                .With(Column(tasks, static task => task.Lease!.ExpiresAt.ToUnixTimeMilliseconds()));
        }
    }

    private void AskReady(PostgresTrip trip)
    {
        _offered.Clear();
        foreach (var claim in questions.Claims)
        {
            if (claim.Missing == 0) continue;
            foreach (var lane in claim.LanesOf(unit.Lanes))
            {
                _offered[lane.Id] = (Math.Min(OfferMax, _offered.GetValueOrDefault(lane.Id).Asked + claim.Missing), 0, null);
            }
        }

        if (_offered.Count == 0) return;
        trip.Ask(PostgresSql.LockReady, ReadReady).With([.. _offered.Keys]).With([.. _offered.Values.Select(static offered => offered.Asked)]);
    }

    /// <summary>Others have passed over what was locked here and is not taken: who waits for it is told to come again.</summary>
    private void AnnounceLeft(PostgresOffers offers)
    {
        foreach (var (lane, count) in offers.Left)
        {
            if (_offered.ContainsKey(lane.Id)) unit.AnnounceReady(lane, count);
        }
    }

    private bool IsWorthAnotherLook(PostgresClaim claim) =>
        claim.Missing > 0 && claim.LanesOf(unit.Lanes).Any(lane => Edge(lane) is not null);

    /// <summary>The last ready task that the database was asked for, where it may have more; null where it hasn't.</summary>
    private PostgresTask? Edge(PostgresLane lane) => _offered.TryGetValue(lane.Id, out var offered) && offered.Found == offered.Asked ? offered.Last : null;

    private void AddChanges(PostgresTrip trip)
    {
        PostgresTask[] changed = [.. unit.Tasks.Values.Where(static task => task is { IsChanged: true, IsDeleted: false })];
        if (changed.Length == 0) return;
        long[] groups = [.. changed.Where(static task => Finishes(task)).Select(static task => task.Record.Group!.Value.Value).Distinct()];
        if (groups.Length > 0) trip.Ask(PostgresSql.LockGroups, static _ => { }).With(groups);
        trip.Run(PostgresSql.UpdateTasks)
            .With(Column(changed, static task => task.Id.Value)).With(Column(changed, static task => (short)task.State))
            .With(Column(changed, static task => task.Attempt)).With(Column(changed, static task => task.Failures))
            .With(Column(changed, static task => PostgresRows.Milliseconds(task.RunAt))).With(Column(changed, static task => PostgresRows.Milliseconds(task.ExpiresAt)))
            .With(Column(changed, static task => PostgresRows.Milliseconds(task.DueAt))).With(Column(changed, static task => task.Lease?.Token.Value))
            .With(Column(changed, static task => task.Lease?.WorkerId)).With(Column(changed, static task => PostgresRows.Milliseconds(task.Lease?.ClaimedAt)))
            .With(Column(changed, static task => PostgresRows.Milliseconds(task.Lease?.ExpiresAt))).With(Column(changed, static task => task.Progress))
            .With(Column(changed, static task => PostgresRows.Milliseconds(task.FinishedAt))).With([.. changed.Select(Finishes)]);
        foreach (var task in changed) task.Stored = task.Record;
    }

    private void AddStores(PostgresTrip trip)
    {
        if (unit.Inserts.Count > 0) unit.Inserts.Bind(trip.Ask(unit.Inserts.Sql, row => unit.Inserts.Ids.Add(new(row.GetInt64(0)))));
        AddBodies(trip, PostgresSql.InsertResults, unit.NewResults);
        AddBodies(trip, PostgresSql.UpsertCheckpoints, unit.NewCheckpoints);
        if (unit.NewErrors.Count > 0) trip.Run(PostgresSql.UpsertErrors).With([.. unit.NewErrors.Keys]).With([.. unit.NewErrors.Values.Select(static text => (string?)text)]);
        unit.Owners.AddTo(trip, shard);
        if (unit.Deleted.Count > 0) trip.Run(PostgresSql.DeleteTasks).With([.. unit.Deleted]);
        unit.LaneCounts.AddTo(trip, shard, ownersAreInts: true);
        unit.GroupCounts.AddTo(trip, shard, ownersAreInts: false);
        foreach (var store in unit.Stores) store(trip);
    }

    private void AddReads(PostgresTrip trip)
    {
        if (unit.ResultsAsked.Count > 0) trip.Ask(PostgresSql.SelectResults, row => unit.Results[row.GetInt64(0)] = PostgresRows.Bytes(row, 1)).With([.. unit.ResultsAsked]);
        if (unit.Handed.Count == 0) return;
        trip.Ask(PostgresSql.SelectPayloads, row => unit.Payloads[row.GetInt64(0)] = new(PostgresRows.Bytes(row, 2), row.GetBoolean(1)))
            .With([.. unit.Handed.Select(static task => task.Record.Id.Value)]);
        long[] again = [.. unit.Handed.Where(static task => task.Record.Attempt > 1).Select(static task => task.Record.Id.Value)];
        long[] runs = [.. unit.Handed.Where(static task => task.Lane.Requires.RunsModule).Select(static task => task.Record.Id.Value)];
        if (runs.Length > 0) trip.Ask(PostgresSql.SelectTaskModules, row => unit.Calls[row.GetInt64(0)] = PostgresModuleStore.ReadCall(row)).With(runs);
        if (again.Length > 0) trip.Ask(PostgresSql.SelectCheckpoints, row => unit.Checkpoints[row.GetInt64(0)] = PostgresRows.Bytes(row, 1)).With(again);
    }

    private static void AddBodies(PostgresTrip trip, string sql, Dictionary<long, ReadOnlyMemory<byte>> bodies)
    {
        if (bodies.Count > 0) trip.Run(sql).With([.. bodies.Keys]).With([.. bodies.Values.Select(PostgresParameters.Array)]);
    }

    private void ReadNow(NpgsqlDataReader row) => (unit.Now, unit.Owners.AreThere) = (PostgresRows.Time(row.GetInt64(0)), row.GetBoolean(1));

    private void ReadStart(NpgsqlDataReader row)
    {
        ReadNow(row);
        if (row.GetInt32(2) > unit.LastLane) throw new PostgresOutdated();
        unit.PausedQueues.UnionWith(row.GetFieldValue<string[]>(3));
        unit.Lanes.QueuesHaveModules = row.GetBoolean(4);
        if (unit.Lanes.QueuesHaveModules && questions.AsksNoQueues) throw new PostgresOutdated();
    }

    private void ReadKey(NpgsqlDataReader row) => unit.Keys[row.GetString(0)] = (PostgresRows.Bytes(row, 1), row.GetFieldValue<long[]>(2));

    private PostgresTask ReadTask(NpgsqlDataReader row)
    {
        var id = row.GetInt64(0);
        if (unit.Tasks.TryGetValue(id, out var known)) return known;
        var task = PostgresRows.ReadTask(row, unit.Lanes.Find(PostgresRows.Lane(row)) ?? throw new PostgresOutdated());
        unit.Tasks.Add(id, task);
        return task;
    }

    private void ReadReady(NpgsqlDataReader row)
    {
        var task = ReadTask(row);
        var offered = _offered[task.Lane.Id];
        _offered[task.Lane.Id] = offered with { Found = offered.Found + 1, Last = task };
    }

    private static bool Finishes(PostgresTask task) => task.Record is { State.IsFinal: true, Group: not null };

    private static T[] Column<T>(PostgresTask[] tasks, Func<TaskRecord, T> value)
    {
        var column = new T[tasks.Length];
        for (var i = 0; i < column.Length; i++) column[i] = value(tasks[i].Record);
        return column;
    }
}

/// <summary>
/// What this process knows is behind: a row names a lane that another coordinator has made, a lane is missing, a lease that is remembered
/// may be over. The transaction is tried again with what the database says.
/// </summary>
internal sealed class PostgresOutdated() : Exception("What is known here of the database is outdated.");
