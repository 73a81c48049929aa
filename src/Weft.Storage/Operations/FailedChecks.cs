using Weft.Core;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Operations;

/// <summary>
/// Checks that failed, or lapsed. A failure says nothing about an answer, and counts once for its network: a worker
/// that gets a check repeatedly must not make its task dead.
/// </summary>
internal static class FailedChecks
{
    /// <summary>
    /// Another check replaces it, until workers of as many networks have failed as the task has attempts.
    /// </summary>
    public static void Replace(WriteTransaction transaction, TaskRecord check)
    {
        if (transaction.FindCopy(check.Id) is not { Holder: { } holder } copy
            || transaction.Find(copy.Parent) is not { State: TaskState.Checking or TaskState.Completed } parent) return;
        copy.Misses.Add((holder.Identity, holder.Network, 1));
        transaction.Write(statements => statements.Run(StoreSql.UpsertMiss)
            .With(parent.Id.Value)
            .With(holder.Identity.Value)
            .With(unchecked((long)holder.Network.Value))
            .With(transaction.Now.ToUnixTimeMilliseconds()));
        var strangers = copy.Policy.Apart == VerifyApart.Worker
            ? copy.Misses.Select(static miss => miss.Identity.Value).Distinct().Count()
            : copy.Misses.Select(static miss => miss.Network.Value).Distinct().Count();
        if (strangers < parent.MaxAttempts
            && copy.Misses.Sum(static miss => miss.Times) < Limits.VerifyMissesMax)
        {
            copy.OpenCheck = transaction.InsertCheck(parent, copy.Again());
        }
        else if (parent.State == TaskState.Completed)
        {
            AnswerAudits.Skip(transaction, copy, parent);
        }
        else
        {
            transaction.Apply(parent, new TaskCommand.Doubt(
                $"It has an answer that could not be checked. {check.Error ?? "Its check failed."}"));
        }
    }
}
