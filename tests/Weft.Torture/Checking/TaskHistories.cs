using Weft.Torture.Histories;

namespace Weft.Torture.Checking;

/// <summary>The operations of each task, and the claims that handed it out.</summary>
internal sealed class TaskHistories
{
    private readonly Dictionary<long, TaskHistory> _byId = [];

    public TaskHistories(IEnumerable<Operation> history)
    {
        foreach (var operation in history)
        {
            foreach (var claimed in operation.Claims) Of(claimed.TaskId).Claims.Add((operation, claimed));
            if (operation.Kind != OperationKind.Submit && operation.TaskId is { } id) Of(id).Operations.Add(operation);
        }
    }

    public IEnumerable<TaskHistory> All => _byId.Values;

    private TaskHistory Of(long id) => _byId.TryGetValue(id, out var known) ? known : _byId[id] = new(id);
}

internal sealed class TaskHistory(long id)
{
    public long Id => id;

    public List<(Operation Claim, Claimed Task)> Claims { get; } = [];

    /// <summary>All but submits and claims.</summary>
    public List<Operation> Operations { get; } = [];

    public IEnumerable<Operation> Of(OperationKind kind) => Operations.Where(operation => operation.Kind == kind);

    /// <summary>A dead task may have come to life again.</summary>
    public bool MayHaveBeenRetried => Of(OperationKind.Retry).Any(static retry => retry.MayHaveHappened);
}
