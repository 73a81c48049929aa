using System.Security.Cryptography;
using Weft.Core;
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

    public Task<IReadOnlyList<WorkerStanding>> ListStandingsAsync(string queue, int limit) =>
        reads.ListAsync(
            StoreSql.SelectStandingsOfQueue, static row => StoredStanding.Read(row).ToPublic(),
            query => query.With(queue).With(limit));

    public Task<IReadOnlyList<BarredWorker>> ListBarredAsync() => reads.ListAsync(
        StoreSql.SelectBarred, static row => new BarredWorker(new(row.Long(0)), row.Text(1), row.Time(2)));

    public async Task<VerifiedSample> SampleAsync(string queue) => (await reads.ListAsync(
        StoreSql.SelectVerifiedSample, ReadSample, query => query.With(queue)))[0];

    public async Task<VerifiedSample> SampleAsync(GroupId group) => (await reads.ListAsync(
        StoreSql.SelectVerifiedSampleOfGroup, ReadSample, query => query.With(group.Value)))[0];

    public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(GroupId group, long after, int limit) =>
        reads.ListCorrectionsAsync(group, after, limit);

    public Task<ReceiptPage> ListReceiptsAsync(GroupId group, TaskId after, int limit) =>
        reads.ListReceiptsAsync(group, after, limit);

    public async Task<int> AuditAsync()
    {
        var suspects = await reads.ListAsync(
            StoreSql.SelectSuspects, static row => (new IdentityId(row.Long(0)), row.Text(1), row.Long(2)));
        var begun = 0;
        foreach (var (suspect, queue, left) in suspects)
        {
            begun += await AuditAsync(suspect, queue, left);
        }

        return begun;
    }

    private static VerifiedSample ReadSample(IRow row) => new(
        row.TextOrNull(0) is { } policy ? VerificationPolicyText.Read(policy) : null,
        row.Long(1), row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Long(6),
        row.LongOrNull(7) / (double)StoreRows.RiskParts);

    private async Task<int> AuditAsync(IdentityId suspect, string queue, long left)
    {
        var tasks = await reads.ListAsync(
            StoreSql.SelectSupported, static row => new TaskId(row.Long(0)),
            query => query.With(suspect.Value).With(queue));
        var (open, ofSuspect) = (await reads.ListAsync(
            StoreSql.CountAudits, static row => (row.Long(0), row.Long(1)),
            query => query.With(suspect.Value).With(queue)))[0];
        if (tasks.Count > 0)
        {
            return open >= Limits.VerifyWorkersMax || ofSuspect >= left
                ? 0
                : await store.RunAsync(
                    new BeginAuditsOperation(suspect, queue, tasks, (int)open, left - ofSuspect), Admission.Progress);
        }

        // What is under way may still show that all of it must be looked at.
        if (ofSuspect == 0) await store.RunAsync(new EndAuditsOperation(suspect, queue, left), Admission.Progress);
        return 0;
    }
}
