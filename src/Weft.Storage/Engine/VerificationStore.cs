using System.Security.Cryptography;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Core.Workers;
using Weft.Storage.Operations;
using Weft.Storage.Statements;

namespace Weft.Storage.Engine;

/// <summary>Answers and policies, stored beside the tasks.</summary>
internal sealed class VerificationStore(TaskStore store, StoreReads reads) : IVerificationStore
{
    private const string KeysSecret = "worker-keys";

    public Task<ReadOnlyMemory<byte>> GetSecretAsync() => store.RunAsync(
        new EnsureSecretOperation(KeysSecret, RandomNumberGenerator.GetBytes(WorkerKeys.SecretBytes)),
        Admission.Progress);

    public Task<TaskAnswers> ListAnswersAsync(TaskId id) => reads.ListAnswersAsync(id);

    public Task SetQueuePolicyAsync(string queue, VerificationPolicy? policy) =>
        store.RunAsync(new SetQueuePolicyOperation(queue, policy), Admission.Progress);

    public Task<VerificationPolicy?> FindQueuePolicyAsync(string queue) =>
        reads.FindAsync<VerificationPolicy>((statements, found) => statements
            .Query(StoreSql.SelectQueuePolicy, row => found(VerificationPolicyText.Read(row.Text(0))))
            .With(queue));
}
