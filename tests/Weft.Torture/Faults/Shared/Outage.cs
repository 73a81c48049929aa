using System.Net;
using Weft.Torture.Checking;
using Weft.Torture.Targets;

namespace Weft.Torture.Faults.Shared;

/// <summary>
/// Asks every coordinator again and again from the loss of the primary until it takes a change: whether it lives,
/// whether it is ready, and whether it makes a group. Groups are in no history, so that nobody misses them.
/// </summary>
internal sealed class Outage(SharedTarget shared)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _allAreUnready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unready;
    private volatile bool _mayEnd;

    /// <summary>Completes when every coordinator has said that it isn't ready.</summary>
    public Task AllAreUnready => _allAreUnready.Task;

    /// <summary>From here on there may be a primary, so that a success may be true.</summary>
    public void MayEnd() => _mayEnd = true;

    /// <returns>From <paramref name="since"/> to the first change that any coordinator takes, and to the first of the
    /// last of them.</returns>
    public async Task<(TimeSpan First, TimeSpan All)> RunAsync(long since)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var pauses = await Task.WhenAll(shared.Addresses.Select(address => FollowAsync(http, address, since)));
        return (pauses.Min(), pauses.Max());
    }

    private async Task<TimeSpan> FollowAsync(HttpClient http, Uri address, long since)
    {
        using var stop = new CancellationTokenSource();
        var health = WatchHealthAsync(http, address, stop.Token);
        for (; ; )
        {
            var mayBeTrue = _mayEnd;
            var status = await AskAsync(http,
                new(HttpMethod.Post, new Uri(address, "api/v1/groups"))
                    { Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json") });
            var passed = TimeProvider.System.GetElapsedTime(since);
            if (status is HttpStatusCode.Created or HttpStatusCode.OK)
            {
                if (!mayBeTrue && !_mayEnd)
                    shared.Watch?.Report(new("outage",
                        "A change was answered with a success while there was no primary", Harm.Lost));
                await stop.CancelAsync();
                await health;
                return passed;
            }

            if (passed > TimeMax)
                throw new InvalidOperationException($"{address} takes no change {passed.TotalSeconds:F0} s after " +
                    $"the primary was lost. It printed:\n{shared.Printed}");
            await Task.Delay(AskEvery, TimeProvider.System);
        }
    }

    private async Task WatchHealthAsync(HttpClient http, Uri address, CancellationToken stop)
    {
        var wasUnready = false;
        while (!stop.IsCancellationRequested)
        {
            if (await AskAsync(http, new(HttpMethod.Get, new Uri(address, "health/live"))) is var live
                and not HttpStatusCode.OK)
            {
                shared.Watch?.Report(new("outage",
                    $"/health/live was answered {(int)live} while only the database was lost"));
            }

            var ready = await AskAsync(http, new(HttpMethod.Get, new Uri(address, "health/ready")));
            if (ready == HttpStatusCode.ServiceUnavailable && !wasUnready)
            {
                wasUnready = true;
                if (Interlocked.Increment(ref _unready) == shared.Addresses.Count) _allAreUnready.TrySetResult();
            }

            await Task.Delay(AskEvery, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<HttpStatusCode> AskAsync(HttpClient http, HttpRequestMessage request)
    {
        using (request)
        {
            var start = TimeProvider.System.GetTimestamp();
            using var response = await http.SendAsync(request);
            shared.Watch?.See($"{request.Method} {request.RequestUri!.AbsolutePath}", response.StatusCode,
                TimeProvider.System.GetElapsedTime(start), response.Headers.RetryAfter is not null);
            return response.StatusCode;
        }
    }
}
