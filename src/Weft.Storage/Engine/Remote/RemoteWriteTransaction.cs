using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

/// <summary>
/// One transaction of an engine behind a network: the locked rows, and the collected writes. Nothing here accesses the
/// database; the engine reads into it in one round trip, and writes out of it in another.
/// </summary>
internal sealed partial class RemoteWriteTransaction(SharedLanes lanes, StoreOptions options, RemoteSql sql)
    : WriteTransaction(options)
{
    public SharedLanes Lanes => lanes;

    public override RemoteSql Sql => sql;

    /// <summary>
    /// The newest lane that was known before any operation planned its reads: lanes that the listener adds later were
    /// not read.
    /// </summary>
    public long LastLane { get; } = lanes.Last;

    /// <summary>The database's time.</summary>
    public DateTimeOffset Time { get; set; }

    public override DateTimeOffset Now => Time;

    public override FoundModules Modules { get; } = new();

    // Data that was read.
    public Dictionary<long, LockedTask> Rows { get; } = [];
    public Dictionary<TaskSelection, List<LockedTask>> Selected { get; } = new(ReferenceEqualityComparer.Instance);
    public Dictionary<string, StoredKey> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether they are sealed.</summary>
    public Dictionary<long, bool> Groups { get; } = [];

    /// <summary>How many more groups the owners of new groups may have.</summary>
    public Dictionary<long, long> GroupRoom { get; } = [];

    /// <summary>Locked verified tasks and checks, with the data that decides about their answers.</summary>
    public Dictionary<long, VerifiedCopy> Copies { get; } = [];

    /// <summary>The standings of the workers who gave their answers.</summary>
    public VerificationFacts Facts { get; } = new();

    /// <summary>The unfinished checks, by their tasks.</summary>
    public Dictionary<long, TaskId> OpenChecks { get; } = [];

    /// <summary>Numbers that the database has assigned for checks: unused ones are lost.</summary>
    public Queue<long> CheckIds { get; } = new();

    /// <summary>Empty groups that are locked to be deleted.</summary>
    public List<long> EmptyGroups { get; } = [];

    /// <summary>How many more tokens there may be.</summary>
    public long TokenRoom { get; set; }

    // Decisions.
    public NewTasks Inserts { get; } = new();
    public CountChanges LaneCounts { get; } = new();
    public CountChanges GroupCounts { get; } = new();
    public OwnerChanges Owners { get; } = new();
    public Dictionary<long, ReadOnlyMemory<byte>> NewResults { get; } = [];
    public Dictionary<long, ReadOnlyMemory<byte>> NewCheckpoints { get; } = [];
    public Dictionary<long, string> NewErrors { get; } = [];
    public AttemptChanges Attempts { get; } = new();

    /// <summary>All other writes, by statements of their own that are sent before the commit.</summary>
    public List<Action<RoundTrip>> Stores { get; } = [];

    /// <summary>Set if new tasks need a lane that doesn't exist yet.</summary>
    public bool LacksLanes { get; private set; }

    /// <summary>Claimed tasks, whose payloads must be read.</summary>
    public List<LockedTask> Claimed { get; } = [];

    /// <summary>Tasks whose stored result must be compared.</summary>
    public HashSet<long> ResultsAsked { get; } = [];

    // Data that was read while storing.
    public Dictionary<long, Payload> Payloads { get; } = [];
    public Dictionary<long, ReadOnlyMemory<byte>> Checkpoints { get; } = [];
    public Dictionary<long, byte[]> Results { get; } = [];
    public Dictionary<long, ModuleCall> Calls { get; } = [];

    /// <summary>
    /// An answer rests on what others have committed. A commit whose wait for the standby was cancelled, or that a
    /// crashed server recovered, is visible before it is replicated: this transaction must then wait for the standby
    /// itself, even though it changes nothing.
    /// </summary>
    public bool NeedsReplicationBarrier { get; set; }

    public override TaskRecord? Find(TaskId id) =>
        Rows.TryGetValue(id.Value, out var row) || _newChecks.TryGetValue(id.Value, out row)
            ? row.IsDeleted ? null : row.Record
            : null;

    public override VerifiedCopy? FindCopy(TaskId id) => Copies.GetValueOrDefault(id.Value);

    public override TaskId? FindOpenCheck(TaskId id) => FindCopy(id) is { } copy
        ? copy.OpenCheck
        : OpenChecks.TryGetValue(id.Value, out var open) ? open : null;

    public override IReadOnlyList<TaskRecord> Select(TaskSelection selection) =>
        [.. Selected[selection].Select(static row => row.Record)];

    public override StoredKey? FindKey(string text)
    {
        if (_keysTaken.TryGetValue(text, out var taken)) return taken;
        if (!Keys.TryGetValue(text, out var known)) return null;
        NeedsReplicationBarrier = true;
        return known;
    }

    public override bool? IsSealed(GroupId id) => Groups.TryGetValue(id.Value, out var isSealed) ? isSealed : null;

    public override OwnerLoad LoadOf(TokenId owner) => Owners.Of(owner);

    /// <summary>
    /// Lanes are created before, in a separate transaction: if one is missing, this transaction is retried with it.
    /// </summary>
    public override SubmitStatus? PrepareLanes(SubmitOperation submit, IReadOnlyList<NewTask> tasks)
    {
        if (LaneRules.FindMissing(lanes, tasks, submit.Submission.Owner) is null) return null;
        LacksLanes |= submit.LanesRefused is null;
        return submit.LanesRefused ?? SubmitStatus.TooManyQueues;
    }

    public override bool TryReserveRevival(TaskRecord task, TokenId owner)
    {
        var revived = OwnerLoad.OfUnfinished(Rows[task.Id.Value].PayloadBytes);
        if (!(Owners.Of(owner) + revived).FitsIn(OwnerMax)) return false;
        Owners.Revive(owner, revived);
        return true;
    }

    public override bool TryReserveTokens(int count)
    {
        if (TokenRoom < count) return false;
        TokenRoom -= count;
        return true;
    }

    public override bool TryReserveGroup(TokenId owner) =>
        !GroupRoom.TryGetValue(owner.Value, out var room) || (GroupRoom[owner.Value] = room - 1) >= 0;

    public override void PlanResult(TaskId id) => ResultsAsked.Add(id.Value);

    public override bool IsStoredResult(TaskId id, ReadOnlyMemory<byte> result) =>
        Results.TryGetValue(id.Value, out var stored) && result.Span.SequenceEqual(stored);

    /// <summary>All claims are processed together, after all other decisions.</summary>
    public override TaskClaim Claim(ClaimRequest request, TaskClaim? planned) => planned!;

    protected override IReadOnlyList<ClaimedTask> Collect(TaskClaim claim)
    {
        foreach (var row in _claimed.GetValueOrDefault(claim) ?? [])
        {
            var id = row.Record.Id.Value;
            // A claim doesn't read the text of an earlier failure, and doesn't return one that happens to be known.
            var task = row.Record with { Error = null };
            var checkpoint = Checkpoints.TryGetValue(id, out var stored) ? stored : (ReadOnlyMemory<byte>?)null;
            claim.Claimed.Add(new(task, Payloads[id], checkpoint) { Module = Calls.GetValueOrDefault(id) });
        }

        return claim.Claimed;
    }

    /// <summary>A worker gets the task that it has just leased: its payload is read before the commit.</summary>
    public void HandOut(TaskClaim claim, LockedTask row)
    {
        if (!_claimed.TryGetValue(claim, out var rows)) _claimed.Add(claim, rows = []);
        rows.Add(row);
        Claimed.Add(row);
        // The run is read later: assume its maximum size, in JSON that escapes each character.
        ClaimedBytes += row.PayloadBytes + (row.Record.Requires.RunsModule ? 6 * Limits.RunBytesMax : 0)
            + (row.Record.Requires.HasFiles ? Limits.FilesJsonBytesMax : 0);
    }

    /// <summary>Tasks that became claimable, by lane.</summary>
    public IReadOnlyList<(Lane Lane, int Count)> Ready() =>
    [
        .. _ready.Where(pair => pair.Value > 0 && !PausedQueues.Contains(pair.Key.Queue))
            .Select(static pair => (pair.Key, pair.Value)),
    ];
}
