using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>
/// Whether an answer that is JSON has what the coordinator's always have: a stranger's <c>{"status":"ok"}</c> is JSON
/// too.
/// </summary>
internal static class WireShape
{
    public static bool IsWhole<T>(T answer) => answer switch
    {
        null => false,
        TaskCreated created => created.Id > 0,
        BatchOutcome batch => batch.Outcomes is not null,
        ClaimOutcome claim =>
            claim.Tasks is not null && claim.Tasks.All(static task => task is { Id: > 0, LeaseToken: not null }),
        SettleOutcome settle =>
            settle.Outcomes is not null
                && settle.Tasks?.Any(static task => task is not { Id: > 0, LeaseToken: not null }) != true,
        ItemOutcome item => item.Status == 200,
        TaskInfo task => task is { Id: > 0, State: not null, Queue: not null },
        TaskList list => list.Tasks is not null,
        GroupResult line =>
            line.Cursor is not null && (line.Done is not null || line is { Id: not null, State: not null }),
        Group group => group is { Id: > 0, Counts: not null },
        GroupList groups => groups.Groups is not null,
        QueueList queues => queues.Queues is not null,
        WorkerList workers => workers.Workers is not null,
        ModuleInfo module => module.Sha256 is not null,
        ModuleList modules => modules.Modules is not null,
        QueueModule module => module.Module is not null,
        TokenInfo token => token.Id > 0,
        TokenList tokens => tokens.Tokens is not null,
        TokenRevoked token => token.Revoked > 0,
        _ => true,
    };
}
