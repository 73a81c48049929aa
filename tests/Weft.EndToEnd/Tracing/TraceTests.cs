using System.Diagnostics;
using System.Text;
using Weft.EndToEnd.Api;
using Weft.EndToEnd.Running;
using Weft.Testing.Postgres;

namespace Weft.EndToEnd.Tracing;

/// <summary>One trace from the submitter to the program, over two coordinators.</summary>
[Trait("Store", "sqlite")] // Not over another store: these choose their own.
public sealed class TraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string SubmitterId = "00f067aa0ba902b7";

    // Three processes start, and a lease runs out.
    private static readonly TimeSpan WorkMax = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task ATask_IsSeenFromItsSubmitterToItsProgram_WithAnAttemptThatLapsed_OverTwoCoordinators()
    {
        using var receiver = new SpanReceiver();
        var database = await (await PostgresFixture.ServerAsync()).CreateDatabaseAsync();
        try
        {
            await using var one = await StartAsync(receiver, database, "one");
            await using var other = await StartAsync(receiver, database, "other");
            await SubmitAsync(one, "01");
            var lost = await new ApiWire(one.Wire).PostAsync("tasks/claim",
                """{"workerId":"lost","queues":["q"],"leaseSeconds":1}""");
            var trace = lost.GetProperty("tasks")[0].GetProperty("trace");
            Assert.Equal($"00-{TraceId}-{SubmitterId}-01", trace.GetProperty("parent").GetString());

            using var worker = Work(receiver, other);
            try
            {
                var done = await Eventually.SeeAsync("it is completed",
                    () => new ApiWire(other.Wire).GetAsync("tasks/1"),
                    static task => task.GetProperty("state").GetString() == "completed", WorkMax);
                await Eventually.SeeAsync("the spans came", () => Task.FromResult(receiver.Received.Count),
                    static count => count >= 7);
                var spans = receiver.Received;
                var settle = Assert.Single(spans, static span => span.Name == "settle q");
                Assert.Equal(TraceId, settle.TraceId);
                Assert.All(spans.Except([settle]),
                    static span => Assert.Equal((TraceId, SubmitterId), (span.TraceId, span.ParentId)));
                Assert.Equal(
                    ["attempt q", "attempt q", "process q", "receive q", "settle q", "wait q", "wait q"],
                    spans.Select(static span => span.Name).Order());
                var attempts =
                    spans.Where(static span => span.Name == "attempt q").OrderBy(static span => span.Start).ToArray();
                Assert.Equal(("lapsed", "lost", "1"), Of(attempts[0]));
                Assert.Equal(("completed", "found", "2"), Of(attempts[1]));
                Assert.InRange(attempts[0].End - attempts[0].Start, 1_000_000_000ul, 30_000_000_000ul);
                var waits =
                    spans.Where(static span => span.Name == "wait q").OrderBy(static span => span.Start).ToArray();
                Assert.Equal((attempts[0].Start, attempts[1].Start), (waits[0].End, waits[1].End));
                Assert.Equal(attempts[0].End, waits[1].Start);
                // The program was told of the worker's span, below which its own would be.
                var process = Assert.Single(spans, static span => span.Name == "process q");
                Assert.Equal($"00-{TraceId}-{process.SpanId}-01", done.GetProperty("result").GetString());
                Assert.Equal(("weft-worker", process.SpanId), (process.Service, settle.ParentId));
            }
            finally
            {
                worker.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            await (await PostgresFixture.ServerAsync()).DropDatabaseAsync(database);
        }
    }

    [Fact]
    public async Task WhatTheSubmitterDoesNotRecord_MakesNoSpans_ButIsHandedOn()
    {
        using var receiver = new SpanReceiver();
        await using var coordinator = await CoordinatorProcess.StartWithAsync(receiver.Variables);
        await SubmitAsync(coordinator, "00");
        await SubmitAsync(coordinator, "01");
        using var worker = Work(receiver: null, coordinator);
        try
        {
            foreach (var (id, flags) in new[] { (1, "00"), (2, "01") })
            {
                var done = await Eventually.SeeAsync("it is completed",
                    () => new ApiWire(coordinator.Wire).GetAsync($"tasks/{id}"),
                    static task => task.GetProperty("state").GetString() == "completed", WorkMax);
                Assert.Equal($"00-{TraceId}-{SubmitterId}-{flags}", done.GetProperty("result").GetString());
            }

            await Eventually.SeeAsync("the spans came", () => Task.FromResult(receiver.Received.Count),
                static count => count >= 2);
            Assert.All(receiver.Received, static span => Assert.Equal("2", span.Attributes["messaging.message.id"]));
        }
        finally
        {
            worker.Kill(entireProcessTree: true);
        }
    }

    private static (string, string, string) Of(ReceivedSpan attempt) =>
        (attempt.Attributes["weft.attempt.outcome"], attempt.Attributes["weft.worker.id"],
            attempt.Attributes["weft.attempt"]);

    private static Task<CoordinatorProcess> StartAsync(SpanReceiver receiver, string database, string name) =>
        CoordinatorProcess.StartOnWithAsync(database,
            new Dictionary<string, string>(receiver.Variables) { ["OTEL_SERVICE_NAME"] = name });

    /// <summary>A worker whose program answers with what it was told of the trace.</summary>
    private static Process Work(SpanReceiver? receiver, CoordinatorProcess coordinator)
    {
        var start = WeftBinary.Describe(Path.GetTempPath(), "worker", "--queue", "q", "--worker-id", "found", "--text",
            "--exec", "printf %s \"$TRACEPARENT\"", "--url", coordinator.Address.ToString());
        foreach (var (name, value) in receiver?.Variables ?? []) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task SubmitAsync(CoordinatorProcess coordinator, string flags)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(coordinator.Address, "/api/v1/tasks"))
        {
            Content = new StringContent("""{"queue":"q","payload":1}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("traceparent", $"00-{TraceId}-{SubmitterId}-{flags}");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
    }
}
