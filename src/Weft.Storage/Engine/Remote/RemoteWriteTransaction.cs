using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Modules;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Operations;

namespace Weft.Storage.Engine;

/// <summary>
/// One transaction of an engine behind a network: the rows that are locked, and what is to be stored. Nothing here
/// talks to the database; the engine reads into it in one round trip, and writes out of it in another.
/// </summary>
internal sealed partial class RemoteWriteTransaction(SharedLanes lanes, StoreOptions options, RemoteSql sql)
    : WriteTransaction(options)
{
    public SharedLanes Lanes => lanes;

    public override RemoteSql Sql => sql;

    /// <summary>
    /// The newest lane that was known before any operation said what it must see: what the listener adds later was not
    /// asked for.
    /// </summary>
    public long LastLane { get; } = lanes.Last;

    /// <summary>The database's time.</summary>
    public DateTimeOffset Time { get; set; }

    public override DateTimeOffset Now => Time;

    public override FoundModules Modules { get; } = new();

    // What was found.
    public Dictionary<long, LockedTask> Rows { get; } = [];
    public Dictionary<TaskSelection, List<LockedTask>> Selected { get; } = new(ReferenceEqualityComparer.Instance);
    public Dictionary<string, StoredKey> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether they are sealed.</summary>
    public Dictionary<long, bool> Groups { get; } = [];

    /// <summary>How many more groups their owners may have, of those that make some.</summary>
    public Dictionary<long, long> GroupRoom { get; } = [];

    /// <summary>Verified tasks and checks that are locked, with what decides about their answers.</summary>
    public Dictionary<long, VerifiedCopy> Copies { get; } = [];

    /// <summary>What is known of the workers who gave their answers.</summary>
    public VerificationFacts Facts { get; } = new();

    /// <summary>The checks that are not done, by their tasks.</summary>
    public Dictionary<long, TaskId> OpenChecks { get; } = [];

    /// <summary>Numbers that the database has given for checks: what is left over is lost.</summary>
    public Queue<long> CheckIds { get; } = new();

    /// <summary>Groups without a task that are locked to be deleted.</summary>
    public List<long> EmptyGroups { get; } = [];

    /// <summary>How many more tokens there may be.</summary>
    public long TokenRoom { get; set; }

    // What was decided.
    public NewTasks Inserts { get; } = new();
    public CountChanges LaneCounts { get; } = new();
    public CountChanges GroupCounts { get; } = new();
    public OwnerChanges Owners { get; } = new();
    public Dictionary<long, ReadOnlyMemory<byte>> NewResults { get; } = [];
    public Dictionary<long, ReadOnlyMemory<byte>> NewCheckpoints { get; } = [];
    public Dictionary<long, string> NewErrors { get; } = [];
    public AttemptChanges Attempts { get; } = new();

    /// <summary>Whatever else is stored, by statements of its own that go out before the commit.</summary>
    public List<Action<RoundTrip>> Stores { get; } = [];

    /// <summary>Set when new tasks need a lane that there isn't yet.</summary>
    public bool LacksLanes { get; private set; }

    /// <summary>Tasks that are handed to workers, so that their payloads must be read.</summary>
    public List<LockedTask> Claimed { get; } = [];

    /// <summary>Tasks whose stored result must be looked at.</summary>
    public HashSet<long> ResultsAsked { get; } = [];

    // What was read while storing.
    public Dictionary<long, Payload> Payloads { get; } = [];
    public Dictionary<long, ReadOnlyMemory<byte>> Checkpoints { get; } = [];
    public Dictionary<long, byte[]> Results { get; } = [];
    public Dictionary<long, ModuleCall> Calls { get; } = [];

    /// <summary>
    /// An answer rests on what others have committed. A commit whose wait for the standby was cancelled, or that a
    /// crashed server recovered, can be seen before it is replicated: this transaction must then wait for the standby
    /// itself, though it changes nothing.
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
    /// They are made before, in a transaction of their own: where one is missing this transaction is tried again, with
    /// it.
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

    /// <summary>
    /// All claims go together, once everybody has decided.
    /// </summary>
    public override TaskClaim Claim(ClaimRequest request, TaskClaim? planned) => planned!;

    protected override IReadOnlyList<ClaimedTask> Collect(TaskClaim claim)
    {
        foreach (var row in _claimed.GetValueOrDefault(claim) ?? [])
        {
            var id = row.Record.Id.Value;
            // The text of an earlier failure isn't read for a claim, and one that is known by chance isn't told.
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
        // How a module is to be run is read later: as much as it can be, in JSON that escapes each character.
        ClaimedBytes += row.PayloadBytes + (row.Record.Requires.RunsModule ? 6 * Limits.RunBytesMax : 0)
            + (row.Record.Requires.HasFiles ? Limits.FilesJsonBytesMax : 0);
    }

    /// <summary>What became claimable, by lane.</summary>
    public IReadOnlyList<(Lane Lane, int Count)> Ready() =>
    [
        .. _ready.Where(pair => pair.Value > 0 && !PausedQueues.Contains(pair.Key.Queue))
            .Select(static pair => (pair.Key, pair.Value)),
    ];
}
