using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Stores tasks in lanes that are there, and then fails.</summary>
internal sealed class FailingSubmit(Submission submission) : StoreOperation<bool>
{
    public override void Decide(WriteTransaction transaction)
    {
        transaction.Insert(submission, submission.Tasks);
        throw new InvalidOperationException("After all, no.");
    }
}
