using System.Collections.Concurrent;
using System.Net;
using Weft.Samples.MatrixMultiplication;

namespace Weft.Samples.Tests;

/// <summary>
/// Answers requests in the order that a test prepared; a request beyond them waits until it is cancelled.
/// </summary>
internal sealed class CoordinatorStub : HttpMessageHandler
{
    private readonly ConcurrentQueue<Func<HttpResponseMessage>> _answers = [];

    /// <summary>Each request as <c>GET /path body</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Completes when every prepared answer was given and one more request came.</summary>
    public TaskCompletionSource Exhausted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Coordinator Open() => new(new HttpClient(this) { BaseAddress = new Uri("http://coordinator/") });

    public CoordinatorStub Answer(string json, HttpStatusCode status = HttpStatusCode.OK, TimeSpan? retryAfter = null)
    {
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(json) };
            response.Content.Headers.ContentType = new("application/json");
            if (retryAfter is not null) response.Headers.RetryAfter = new(retryAfter.Value);
            return response;
        });
        return this;
    }

    public CoordinatorStub AnswerNothing() => Answer("""{"tasks":[]}""");

    public CoordinatorStub BeAway()
    {
        _answers.Enqueue(() => throw new HttpRequestException("connection refused"));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : " " + await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Enqueue($"{request.Method} {request.RequestUri!.PathAndQuery}{body}");
        if (_answers.TryDequeue(out var answer)) return answer();

        Exhausted.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new InvalidOperationException("A wait without end has ended.");
    }
}
