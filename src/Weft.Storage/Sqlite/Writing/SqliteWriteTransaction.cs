using System.Collections.Frozen;
using Weft.Core;
using Weft.Core.Tasks;
using Weft.Core.Time;
using Weft.Core.Webhooks;
using Weft.Storage.Engine;
using Weft.Storage.Sqlite.Native;
using Weft.Storage.Statements;

namespace Weft.Storage.Sqlite;

/// <summary>
/// The open transaction of the one writer: reads on demand and stores at once. Used only by the writer's thread, for
/// one transaction after the other. This file begins and ends it; the operations' part is in the other files.
/// </summary>
internal sealed partial class SqliteWriteTransaction(
    SqliteConnection connection, SqliteLanes lanes, RecentResultCache recent, SqliteStoreOptions options)
    : WriteTransaction(options)
{
    // Ten seconds: a short pause isn't the end of work.
    private const int IdleSweepsMin = 10;

    private readonly SqliteStatements _statements = new(connection);
    private readonly SqliteSequences _sequences = new(connection);
    private readonly CountChanges _groupCounts = new();
    private readonly HashSet<SqliteLane> _touched = [];
    private readonly List<SqliteLane> _created = [];
    private readonly List<SqliteLane> _freed = [];
    private readonly StoreClock _clock = new(options.Time);
    private VerificationFacts? _facts;
    private bool _pausesChanged;
    private bool _hasErrors;
    private bool _hasAppointments;
    private TimeSpan _jump;
    private long _changesSeen;
    private int _idleSweeps;

    public override DateTimeOffset Now => _clock.Now;

    public SqliteConnection Connection => connection;
    public SqliteLanes Lanes => lanes;
    public SqliteTasks Tasks { get; } = new(connection, lanes);
    public SqliteOwnerCounts Owners { get; } = new(connection);
    public override SqliteModules Modules { get; } = new(connection);

    /// <summary>
    /// Whether there have been no changes for a while, and no page is free any more: known after a sweep, until the
    /// next transaction.
    /// </summary>
    public bool IsTidy { get; private set; }

    public override EngineSql Sql => SqliteSql.Own;

    public SqliteStatement Prepared(string sql) => connection.Prepared(sql);

    /// <summary>Reads the engine's cached data; once, at the start.</summary>
    public void Load()
    {
        lanes.Load(connection);
        _sequences.Load();
        LoadPausedQueues();
        LoadWebhooks();
        PublishPauses();
        Modules.Load();
        Modules.LoadAbandoned();
        _hasErrors = connection.ReadLong(SqliteSql.SelectHasErrors) != 0;
        _hasAppointments = connection.ReadLong(SqliteSql.SelectHasAppointments) != 0;
        Owners.Load();
        Prepared(SqliteSql.ReleaseDeliveries).Run();
    }

    public void Begin()
    {
        var before = Now;
        _jump = _clock.Tick();
        IsTidy = false;
        connection.Prepared(SqliteSql.Begin).Run();
        if (_jump != TimeSpan.Zero) FollowClock(before);
    }

    /// <summary>Runs one operation.</summary>
    public void Execute(StoreOperation operation)
    {
        operation.Look(_statements);
        _statements.Finish();
        _facts = null;
        operation.Decide(this);
        _facts?.Save(this);
        operation.Finish(this);
    }

    /// <summary>Commits with all counts; returns what became claimable.</summary>
    /// <param name="isSynced">False: the commit may wait for the next one's sync, if the log supports that.</param>
    public IReadOnlyList<(Lane Lane, int Count)> Commit(bool isSynced)
    {
        _sequences.Save();
        SaveGroupCounts();
        Owners.Save();
        SaveCounts();
        SaveWebhooks();
        SqliteLogFiles.DefersSync = !isSynced;
        try
        {
            connection.Prepared(SqliteSql.Commit).Run();
        }
        finally
        {
            SqliteLogFiles.DefersSync = false;
        }

        Modules.Keep();
        Keep(recent);
        if (_pausesChanged) PublishPauses();
        List<(Lane Lane, int Count)>? ready = null;
        foreach (var lane in _touched)
        {
            if (lane.MadeReady > 0 && !PausedQueues.Contains(lane.Queue))
            {
                (ready ??= []).Add((lane, lane.MadeReady));
            }

            lane.Keep();
        }

        ForgetAll();
        return ready ?? [];
    }

    /// <summary>Rolls the transaction back, here and in the database.</summary>
    public void Rollback()
    {
        if (_jump != TimeSpan.Zero) _clock.Undo(_jump);
        foreach (var lane in _freed) lanes.Add(lane);
        foreach (var lane in _created) lanes.Remove(lane);
        ForgetAll();
        Tasks.Forget();
        _groupCounts.Clear();
        _statements.Forget();
        Owners.Clear();
        connection.Rollback();
        _sequences.Load();
        LoadPausedQueues();
        LoadWebhooks();
        _pausesChanged = false;
        Modules.Undo();
    }

    public override bool SetPaused(string queue, bool paused)
    {
        var isChange = base.SetPaused(queue, paused);
        _pausesChanged |= isChange;
        return isChange;
    }

    /// <summary>After several sweeps without changes in between, free pages are returned to the disk.</summary>
    public override void EndSweep()
    {
        var changes = connection.ReadLong(SqliteSql.SelectTotalChanges);
        _idleSweeps = changes == _changesSeen ? _idleSweeps + 1 : 0;
        _changesSeen = changes;
        IsTidy = _idleSweeps >= IdleSweepsMin && !SqliteFreePages.GiveBack(connection, kept: 0);
    }

    /// <summary>Frees empty lanes: their number in a queue is limited, and users choose their names.</summary>
    public override void EndRetention(bool isLast)
    {
        foreach (var lane in _touched.Where(static lane => lane.IsEmpty).ToArray())
        {
            Prepared(SqliteSql.DeleteLane).Bind(lane.Id).Run();
            Prepared(SqliteSql.DeleteCounts).Bind(lane.Id).Run();
            lane.Forget();
            _touched.Remove(lane);
            lanes.Remove(lane);
            _freed.Add(lane);
        }

        SqliteFreePages.GiveBack(connection, SqliteFreePages.KeptWhileBusy);
    }

    /// <summary>
    /// The wall clock was set, or was wrong until the network was up. Adjusts times in the first transaction that sees
    /// the new time: no lease ends early or lasts for ever, and today's results don't look a month old.
    /// </summary>
    private void FollowClock(DateTimeOffset before)
    {
        var jump = (long)_jump.TotalMilliseconds;
        Prepared(SqliteSql.MoveTimers).Bind(jump).Run();
        Prepared(SqliteSql.MoveDeliveries).Bind(jump).Run();
        if (_hasAppointments) Prepared(SqliteSql.MoveAppointments).Bind(jump).Run();
        if (_jump.Duration() >= Limits.FinishesFollowMin)
        {
            Prepared(SqliteSql.MoveFinishes)
                .Bind(jump)
                .Bind((_clock.Started - _jump).ToUnixTimeMilliseconds())
                .Bind(before.ToUnixTimeMilliseconds())
                .Run();
            recent.Clear();
            _retentionAt = default;
        }

        Tasks.Forget();
    }

    private void SaveCounts()
    {
        foreach (var lane in _touched)
        {
            for (var state = 0; state < TaskStates.Count; state++)
            {
                if (lane.Added[state] != 0) Prepared(SqliteSql.AddToCount)
                    .Bind(lane.Id)
                    .Bind(state)
                    .Bind(lane.Added[state]).Run();
            }
        }
    }

    private void SaveGroupCounts()
    {
        foreach (var (group, counts) in _groupCounts.Changed)
        {
            var statement = Prepared(SqliteSql.AddToGroup);
            foreach (var count in counts) statement.Bind(count);
            statement.Bind(group).Run();
        }

        _groupCounts.Clear();
    }

    private void SaveWebhooks()
    {
        if (Webhooks.IsEmpty) return;
        Webhooks.StoreTasks(_statements, Sql, Now);
        Webhooks.StoreGroups(_statements, Sql, Now);
        _statements.Finish();
    }

    private void PublishPauses()
    {
        lanes.Paused = PausedQueues.ToFrozenSet(StringComparer.Ordinal);
        _pausesChanged = false;
    }

    private void ForgetAll()
    {
        Forget();
        foreach (var lane in _touched) lane.Forget();
        _touched.Clear();
        _created.Clear();
        _freed.Clear();
    }

    private void LoadWebhooks()
    {
        var rules = new List<WebhookRule>();
        Prepared(StoreSql.SelectWebhookRules).Each(row => rules.Add(WebhookRule.Parse(row.Text(0))));
        Webhooks.Rules = rules;
    }

    private void LoadPausedQueues()
    {
        PausedQueues.Clear();
        Prepared(StoreSql.SelectPausedQueues).Each(row => PausedQueues.Add(row.Text(0)));
    }
}
