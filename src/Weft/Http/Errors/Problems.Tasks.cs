using ProblemCodes = Weft.Contracts.ProblemCodes;
using Weft.Core;

namespace Weft.Http.Errors;

// Problems with tasks, and with their groups, queues and operations.
internal static partial class Problems
{
    public static readonly Problem TaskNotFound = new ProblemKind(404, ProblemCodes.TaskNotFound, "No such task")
        .With("It never existed, or retention has deleted it.");

    public static readonly Problem GroupNotFound = new ProblemKind(404, ProblemCodes.GroupNotFound, "No such group")
        .With("The group was never created (POST /api/v1/groups), or was deleted with the last of its tasks.");

    private static readonly Problem GroupSealed = new ProblemKind(409, ProblemCodes.GroupSealed, "The group is sealed")
        .With("The group accepts no more tasks: submit to another one.");

    public static readonly Problem TooManyGroups =
        new ProblemKind(409, ProblemCodes.TooManyGroups, "The token has too many groups")
            .With("The token has the maximum number of groups; retention deletes those whose tasks are gone.");

    public static readonly Problem OperationNotFound =
        new ProblemKind(404, ProblemCodes.OperationNotFound, "No such operation")
            .With("It was never started (POST /api/v1/operations), or retention has deleted it.");

    public static readonly Problem TooManyOperations =
        new ProblemKind(409, ProblemCodes.TooManyOperations, "Too many operations")
            .With($"At most {Limits.BulkOperationsMax} operations may be unfinished, {Limits.BulkOperationsOfTokenMax} "
                + "of one token: wait until one ends, or stop one.");

    public static readonly Problem WebhookNotFound =
        new ProblemKind(404, ProblemCodes.WebhookNotFound, "No such webhook")
            .With("It was never registered (POST /api/v1/webhooks), or has been deleted.");

    public static readonly Problem TooManyWebhooks =
        new ProblemKind(409, ProblemCodes.TooManyWebhooks, "Too many webhooks")
            .With($"The coordinator has at most {Limits.WebhooksMax} webhooks, and a submitter "
                + $"{Limits.WebhooksOfTokenMax}; delete an unused one.");

    public static readonly ProblemKind WebhookAddressRefused =
        new(422, ProblemCodes.WebhookAddressRefused, "Webhooks may not be sent to this address");

    public static readonly Problem TooManyQueues = new ProblemKind(409, ProblemCodes.TooManyQueues, "Too many queues")
        .With("The coordinator has the maximum number of queues; use an existing one.");

    /// <summary>Each queue's run is held in memory.</summary>
    public static readonly Problem TooManyRuns = TooManyQueues.Kind
        .With($"The runs of all queues would have more than {Limits.QueueRunsBytesMax >> 20} MiB: give large ones " +
            $"with the tasks instead.");

    private static readonly Problem StaleLease = new ProblemKind(409, ProblemCodes.StaleLease, "The lease is stale")
        .With("The leaseToken is not the newest one for this task: drop the task.");

    private static readonly Problem TaskFinished =
        new ProblemKind(409, ProblemCodes.TaskFinished, "The task is already finished")
            .With("The task is already finished; nothing was changed.");

    private static readonly Problem TaskCancelled =
        new ProblemKind(409, ProblemCodes.TaskCancelled, "The task was cancelled")
            .With("Its submitter no longer wants it: drop the task.");

    private static readonly Problem TaskNotDead = new ProblemKind(409, ProblemCodes.TaskNotDead, "The task is not dead")
        .With("Only a dead task can be retried.");

    private static readonly Problem KeyMismatch =
        new ProblemKind(422, ProblemCodes.IdempotencyMismatch, "The idempotency key was already used")
            .With("The Idempotency-Key was used with a different body; nothing was stored.");

    private static readonly Problem TooManyRequirements =
        new ProblemKind(409, ProblemCodes.TooManyRequirements, "The queue has too many sets of requirements")
            .With("The queue has the maximum number of distinct sets of requirements; use fewer, or another queue.");

    private static readonly Problem TooManyUnfinished =
        new ProblemKind(429, ProblemCodes.TooManyUnfinished, "The token has too much unfinished work")
            .With("The token would exceed its limit on unfinished tasks, or on bytes of their payloads: submit " +
                "less, or later.");

    private static readonly Problem TooMuchStored =
        new ProblemKind(409, ProblemCodes.TooMuchStored, "The token has too much stored")
            .With("The token would exceed its limit on bytes of payloads and results, including those of finished " +
                "tasks; retention frees space.");

    private static readonly Problem TooManyQueuesOfToken = TooManyQueues.Kind
        .With("The token has created the maximum number of queues: use an existing one, or wait until some are empty.");

    private static readonly Problem TooManyRequirementsOfToken = TooManyRequirements.Kind
        .With($"The token has created {Limits.LanesPerQueueOfOwnerMax} sets of requirements in this queue, the " +
            $"maximum; use fewer, or another queue.");
}
