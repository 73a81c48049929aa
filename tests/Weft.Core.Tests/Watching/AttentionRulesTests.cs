using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.UseCases;
using Weft.Core.Watching;
using Weft.Core.Workers;

namespace Weft.Core.Tests.Watching;

public sealed class AttentionRulesTests
{
    private static readonly long[] Quiet = new long[WatchedNumbers.Rates.Count];

    [Fact]
    public void WhereAllIsWell_NothingNeedsAttention() => Assert.Empty(AttentionRules.Of(Snapshot(), Quiet, died: 0));

    [Fact]
    public void WhatIsWrong_IsSaid_TheWorstFirst()
    {
        var snapshot = Snapshot(
            new QueueCounts("stopped", Paused: true, new() { Ready = 3 }),
            new QueueCounts("empty", Paused: true, default))
            with { IsReady = false, Unserved = new Dictionary<string, long> { ["few"] = 2, ["many"] = 40 } };
        var store = snapshot.Store with { WaitingOperations = 7_000, Files = new(90, 0, 9) };

        var said = AttentionRules.Of(snapshot with { Store = store }, [0, 100, 0, 11, 0], died: 5);

        Assert.Equal(
            [
                ("store_unready", null, null), ("unserved", "many", 40L), ("unserved", "few", 2L),
                ("paused", "stopped", 3L), ("dead", null, 5L), ("failures", null, 11L),
                ("overloaded", null, null), ("disk_low", null, (long?)null),
            ],
            said.Select(static item => (item.Code, item.Queue, item.Count)));
    }

    [Fact]
    public void ResultsThatNobodyChecks_AndWorkersThatWereBarred_AreSaid()
    {
        var now = DateTimeOffset.UnixEpoch;
        var snapshot = Snapshot(
            new QueueCounts("alone", Paused: false, new() { Checking = 3 }),
            new QueueCounts("well", Paused: false, new() { Checking = 9 }))
            with
            {
                Coverage = new([Proven("1", "alone", "well"), Proven("2", "well")], now),
                Barred = new Dictionary<string, int> { ["well"] = 2, ["alone"] = 1 },
            };

        var said = AttentionRules.Of(snapshot, Quiet, died: 0);

        Assert.Equal(
            [("unchecked", "alone", 3L), ("barred", "well", 2L), ("barred", "alone", 1L)],
            said.Select(static item => (item.Code, item.Queue!, item.Count!.Value)));

        WorkerSighting Proven(string id, params string[] queues) => new(
            id, now, now, Waits: true, 0, 0, 0,
            new(queues, new(Capabilities.None, ModulesOnly: false, IsProven: true)));
    }

    [Theory]
    [InlineData(49, 49)]
    [InlineData(100, 10)]
    public void AFewFailures_AreNoNews(long claimed, long failed) =>
        Assert.Empty(AttentionRules.Of(Snapshot(), [0, claimed, 0, failed, 0], died: 0));

    private static Snapshot Snapshot(params QueueCounts[] queues) => new(
        new(queues, [], WaitingOperations: 0, OperationsMax: 8_192), IsReady: true, new Dictionary<string, long>(),
        new QueueCoverage([], default), 0, 0, 0);
}
