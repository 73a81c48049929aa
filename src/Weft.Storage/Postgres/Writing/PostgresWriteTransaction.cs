using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// One transaction, with the statements that it writes by: <see cref="PostgresTransactionExecutor"/> reads into it and
/// writes out of it.
/// </summary>
internal sealed class PostgresWriteTransaction(SharedLanes lanes, PostgresStoreOptions options)
    : RemoteWriteTransaction(lanes, options)
{
    public override EngineSql Sql => PostgresSql.Own;

    /// <summary>Whatever else is stored, by statements of its own that go out before the commit.</summary>
    public List<Action<PostgresRoundTrip>> Stores { get; } = [];

    public override void AnnounceQueue(string queue) => Stores.Add(trip =>
        trip.Query(PostgresSql.SelectReadyInQueue, row =>
        {
            if (Lanes.Find(row.Int(0)) is not { } lane) return;
            AnnounceReady(lane, (int)Math.Min(row.Long(1), int.MaxValue));
        }).With(queue));

    /// <summary>Deletes what is kept of tokens that are gone and have nothing any more.</summary>
    public override void EndRetention(bool isLast)
    {
        if (isLast) Stores.Add(static trip => trip.Run(PostgresSql.DeleteIdleOwners));
    }

    public override void Write(Action<IStatements> add) => Stores.Add(add);

    protected override void StoreCheck(TaskRecord check, Lane lane, TaskRecord parent) => Stores.Add(trip =>
        trip.Run(PostgresSql.InsertCheckRow)
            .With(check.Id.Value)
            .With((int)lane.Id)
            .With(check.Priority)
            .With(check.MaxAttempts)
            .With((int)check.LeaseTime.TotalMilliseconds)
            .With(check.SubmittedAt.ToUnixTimeMilliseconds())
            .With(check.Type)
            .With(Rows[parent.Id.Value].PayloadBytes));

    public override void BeginUpload(ModuleKind kind, string? name, TokenId? owner, Action<ModuleUploadId> begun) =>
        Stores.Add(trip =>
        {
            trip.Run(PostgresSql.DeleteAbandoned).With((long)Limits.ModuleUploadIdleMax.TotalMilliseconds);
            trip.Query(PostgresSql.InsertUpload, row => begun(new(row.Long(0))))
                .With((int)kind).With(name).With(owner?.Value).With((long)Limits.ModuleUploadsOfOwnerMax);
        });

    public override void InsertGroup(string? name, TokenId? owner, Action<GroupId> inserted) => Stores.Add(trip =>
        trip.Query(PostgresSql.InsertGroup, row => inserted(new(row.Long(0))))
            .With(name)
            .With(Now.ToUnixTimeMilliseconds())
            .With(owner?.Value));

    public override void DeleteEmptyGroups(TimeSpan age, int max, Action deleted)
    {
        if (EmptyGroups.Count == 0) return;
        Stores.Add(trip => trip.Query(PostgresSql.DeleteEmptyGroups, _ => deleted()).With([.. EmptyGroups]));
    }
}
