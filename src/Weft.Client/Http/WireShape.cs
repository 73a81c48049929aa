using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>
/// Whether a JSON response has the members that the coordinator's always have: another server's <c>{"status":"ok"}</c>
/// is JSON too.
/// </summary>
internal static class WireShape
{
    public static bool IsWhole<T>(T answer) => answer switch
    {
        null => false,
        TaskCreated created => created.Id > 0,
        BatchOutcome batch => IsFull(batch.Outcomes),
        ClaimOutcome claim =>
            claim.Tasks is not null && claim.Tasks.All(static task => task is { Id: > 0, LeaseToken: not null }),
        SettleOutcome settle =>
            IsFull(settle.Outcomes)
                && settle.Tasks?.Any(static task => task is not { Id: > 0, LeaseToken: not null }) != true,
        ItemOutcome item => item.Status == 200,
        TaskInfo task => task is { Id: > 0, State: not null, Queue: not null },
        TaskList list => IsFull(list.Tasks),
        GroupResult line =>
            line.Cursor is not null && (line.Done is not null || line is { Id: not null, State: not null }),
        Group group => group is { Id: > 0, Counts: not null },
        GroupList groups => IsFull(groups.Groups),
        QueueList queues => IsFull(queues.Queues),
        WorkerList workers => IsFull(workers.Workers),
        ModuleInfo module => module.Sha256 is not null,
        ModuleList modules => IsFull(modules.Modules),
        BlobInfo blob => blob.Sha256 is not null,
        BlobList blobs => IsFull(blobs.Blobs),
        BlobOffset offset => offset.Offset >= 0,
        QueueModule module => module.Module is not null || module.Run is not null,
        TokenInfo token => token.Id > 0,
        TokenList tokens => IsFull(tokens.Tokens),
        TokenRevoked token => token.Revoked > 0,
        _ => true,
    };

    private static bool IsFull<T>(IReadOnlyList<T>? items) where T : class =>
        items?.All(static item => item is not null) == true;
}
