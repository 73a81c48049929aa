using Weft.Core;
using Weft.Core.Matching;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;

namespace Weft.Storage.Tests.Postgres;

/// <summary>How much claims ask of the database at once; no server is needed.</summary>
public sealed class PostgresClaimRoundsTests
{
    private readonly SharedLanes _lanes = new();

    [Fact]
    public void AClaimOfManyLanes_AsksAFewTasksOfEach()
    {
        var asked = Rounds(Claim(1_000, AddQueues(Limits.ClaimQueuesMax, Limits.LanesPerQueueMax))).Ask();
        Assert.Equal(Limits.LanesAskedMax, asked.Count);
        Assert.InRange(asked.Sum(static lane => lane.Asked), 1_000, 2 * Limits.LanesAskedMax);
    }

    [Fact]
    public void ClaimsOfMoreLanesThanOneStatementLooksAt_HaveTheirRoundsOneAfterAnother()
    {
        var rounds =
            Rounds([.. Enumerable.Range(0, 5)
                .Select(i => Claim(1, AddQueues(Limits.ClaimQueuesMax, Limits.LanesPerQueueMax, $"c{i}-")))]);
        var seen = new HashSet<int>();
        var isMore = true;
        for (var round = 1; round <= 5; round++)
        {
            Assert.True(isMore);
            var asked = rounds.Ask();
            Assert.InRange(asked.Count, 1, Limits.LanesAskedMax);
            Assert.All(asked, lane => Assert.True(seen.Add(lane.Lane)));
            isMore = rounds.Take();
        }

        Assert.False(isMore);
        Assert.Equal(5 * Limits.LanesAskedMax, seen.Count);
    }

    [Fact]
    public void AClaimOfOneLane_AsksForAllItWants() =>
        Assert.Equal(1_000, Assert.Single(Rounds(Claim(1_000, AddQueues(1, 1))).Ask()).Asked);

    private ClaimRounds Rounds(params TaskClaim[] claims)
    {
        var options = new PostgresStoreOptions { ConnectionString = "" };
        return new(new RemoteWriteTransaction(_lanes, options, PostgresSql.Own), claims);
    }

    private static TaskClaim Claim(int max, string[] queues) => new(new()
    {
        WorkerId = "w",
        Max = max,
        Queues = queues,
        Capabilities =
            Capabilities.TryParse([.. Enumerable.Range(0, Limits.CapabilitiesMax).Select(static i => $"l{i}")])!,
    });

    // One, or two of them.
    private static string Labels(int i) =>
        i < Limits.CapabilitiesMax ? $"l{i}" : $"l{i % Limits.CapabilitiesMax} l{(i + 1) % Limits.CapabilitiesMax}";

    private string[] AddQueues(int count, int lanes, string prefix = "q")
    {
        string[] queues = [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
        foreach (var queue in queues)
        {
            for (var i = 0; i < lanes; i++)
                _lanes.Add(new(_lanes.Last + 1, queue, Requirements.Parse(Labels(i)), null));
        }

        return queues;
    }
}
