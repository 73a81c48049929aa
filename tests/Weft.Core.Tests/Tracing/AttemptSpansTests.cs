using System.Diagnostics;
using System.Threading.Channels;
using Weft.Core.Tasks;
using Weft.Core.Tests.Tasks;
using Weft.Core.Tracing;

namespace Weft.Core.Tests.Tracing;

/// <summary>The spans that the coordinator makes of an attempt.</summary>
public sealed class AttemptSpansTests
{
    private const string Queue = "attempt-spans";

    [Theory]
    [InlineData(null, null)]
    [InlineData(2, 2)]
    // A worker that says more than it can have computed.
    [InlineData(7_200, 5)]
    public async Task AReportThatSaysHowLongTheWorkerComputed_HasASpanOfThat(int? told, int? seconds)
    {
        var spans = Channel.CreateUnbounded<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == AttemptSpans.SourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                // Other tests may make spans at the same time.
                if (Equals(span.GetTagItem("messaging.destination.name"), Queue)) spans.Writer.TryWrite(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var task = TaskStages.Leased(TaskStages.Plain with
        {
            Queue = Queue,
            Trace = new("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        });
        TaskCommand complete = new TaskCommand.Complete(TaskStages.Current, "1"u8.ToArray())
        {
            Computed = told is { } some ? TimeSpan.FromSeconds(some) : null,
        };
        var now = TaskStages.Start + TimeSpan.FromSeconds(5);
        var pending = new PendingSpans();
        pending.Add(task, complete, task.After(complete, now), now);
        pending.Keep();

        var names = seconds is null ? (string[])["wait", "attempt"] : ["wait", "attempt", "process"];
        var made = new Dictionary<string, Activity>();
        while (made.Count < names.Length)
        {
            var span = await spans.Reader.ReadAsync(TestContext.Current.CancellationToken);
            made.Add(span.DisplayName.Split(' ')[0], span);
        }

        Assert.Equal(names.Order(), made.Keys.Order());
        if (seconds is not { } expected) return;
        var process = made["process"];
        Assert.Equal((ActivityKind.Consumer, made["attempt"].SpanId), (process.Kind, process.ParentSpanId));
        Assert.Equal(TimeSpan.FromSeconds(expected), process.Duration);
        Assert.Equal(now.UtcDateTime, process.StartTimeUtc + process.Duration);
    }
}
