using Microsoft.Extensions.Time.Testing;
using Weft.Core.Matching;
using Weft.Core.Storage;
using Weft.Core.Workers;

namespace Weft.Core.Tests.Workers;

public sealed class QueueCoverageTests
{
    private static readonly WorkerFit Anything = new(Capabilities.None, ModulesOnly: false);
    private static readonly WorkerFit Browser = new(Capabilities.TryParse(["wasi"])!, ModulesOnly: true);

    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly WorkerRegistry _workers;

    public QueueCoverageTests() => _workers = new(_time);

    [Fact]
    public void Workers_CountForEachQueueThatTheyLastAskedFor()
    {
        _workers.Saw("a").Asks(["default", "squares", "default"], Anything);
        _workers.Saw("b").Asks(["squares"], Anything);
        _workers.Saw("b").Asks(["cubes"], Anything);
        _workers.Saw("only completes");
        Assert.Equal((1, 1, 1, 0),
            (Coverage().WorkersOf("default"), Coverage().WorkersOf("squares"), Coverage().WorkersOf("cubes"),
                Coverage().WorkersOf("typo")));
    }

    [Fact]
    public void AWorkerThatWasNotSeenForAMinute_ServesNothing_UnlessItWaits()
    {
        _workers.Saw("a").Asks(["default"], Anything);
        var patient = _workers.Saw("b");
        patient.Asks(["default"], Anything);
        patient.BeginWait();
        _time.Advance(Limits.WorkerServesTime);
        Assert.Equal(2, Coverage().WorkersOf("default"));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Coverage().WorkersOf("default"));
    }

    [Fact]
    public void ReadyTasks_AreUnserved_WhenNoWorkerOfTheirQueueMayHaveThem()
    {
        _workers.Saw("tab").Asks(["default"], Browser);
        _workers.Saw("elsewhere").Asks(["squares"], Anything);
        Assert.Equal(7, Coverage().Unserved([Ready("default", 7), Ready("default", 2, "wasi")]));
        Assert.Equal(3, Coverage().Unserved([Ready("default", 3, "wasi", "simd")]));
        Assert.Equal(5, Coverage().Unserved([Ready("typo", 5)]));
        _workers.Saw("program").Asks(["default"], Anything);
        Assert.Equal(0, Coverage().Unserved([Ready("default", 7), Ready("default", 2, "wasi")]));
    }

    [Fact]
    public void OfAVeryLongClaim_NoMoreIsKeptThanIsBounded()
    {
        string[] queues = [.. Enumerable.Range(0, Limits.ClaimQueuesMax)
            .Select(static i => $"{i}".PadLeft(Limits.QueueNameCharsMax, 'q'))];
        var capabilities =
            Capabilities.TryParse([.. Enumerable.Range(0, Limits.CapabilitiesMax)
                .Select(static i => $"c{i}".PadRight(Limits.LabelCharsMax, 'c'))])!;
        var offer = WorkerOffer.Of(queues, new(capabilities, ModulesOnly: false));
        Assert.InRange(offer.Queues.Sum(static queue => queue.Length) + offer.Fit.Capabilities.Text.Length, 1,
            Limits.WorkerOfferCharsMax);
        Assert.Equal(queues[..offer.Queues.Count], offer.Queues);
    }

    private QueueCoverage Coverage() => new(_workers.All.Select(static worker => worker.Sighting), _time.GetUtcNow());

    private static ReadyTasks Ready(string queue, int count, params string[] requires) =>
        new(queue, Requirements.TryParse(requires)!, count);
}
