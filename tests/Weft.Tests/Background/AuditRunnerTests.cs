using Microsoft.Extensions.Time.Testing;
using Weft.Background;
using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Core.Verification;

namespace Weft.Tests.Background;

/// <summary>Audits go on while there are any to begin, and rest where none may be.</summary>
public sealed class AuditRunnerTests
{
    [Fact]
    public async Task Audits_AreBegunUntilNoMoreMayBe()
    {
        var time = new FakeTimeProvider();
        var store = new Audits(2, 1, 0, 5);
        var running = new AuditRunner(store, time).RunOnceAsync(TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            time.Advance(Limits.AuditInterval);
            await Task.Yield();
        }

        Assert.Equal(3, await running);
        Assert.Equal(3, store.Looks);
    }

    private sealed class Audits(params int[] begun) : IVerificationStore
    {
        public int Looks { get; private set; }

        public Task<int> AuditAsync() => Task.FromResult(begun[Looks++]);

        public Task<ReadOnlyMemory<byte>> GetSecretAsync() => throw new NotSupportedException();

        public Task<TaskAnswers> ListAnswersAsync(TaskId id) => throw new NotSupportedException();

        public Task SetQueuePolicyAsync(string queue, VerificationPolicy? policy) => throw new NotSupportedException();

        public Task<VerificationPolicy?> FindQueuePolicyAsync(string queue) => throw new NotSupportedException();

        public Task<IReadOnlyList<WorkerStanding>> ListStandingsAsync(string queue, int limit) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<BarredWorker>> ListBarredAsync() => throw new NotSupportedException();

        public Task<VerifiedSample> SampleAsync(string queue) => throw new NotSupportedException();

        public Task<VerifiedSample> SampleAsync(GroupId group) => throw new NotSupportedException();

        public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(GroupId group, long after, int limit) =>
            throw new NotSupportedException();

        public Task<ReceiptPage> ListReceiptsAsync(GroupId group, TaskId after, int limit) =>
            throw new NotSupportedException();
    }
}
