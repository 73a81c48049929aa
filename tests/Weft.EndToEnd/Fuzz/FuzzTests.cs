using System.Globalization;
using Weft.EndToEnd.Hostile;

namespace Weft.EndToEnd.Fuzz;

/// <summary>
/// Valid and spoilt requests for every operation of the OpenAPI document, by a seed. A few seconds here; <c>./fuzz.sh
/// --minutes 10</c> goes on for as long as is wanted.
/// </summary>
public sealed class FuzzTests
{
    private const int Clients = 8;
    private static readonly TimeSpan TimeDefault = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task WhateverIsAsked_IsAnswered_AsTheDocumentSays()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("WEFT_FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);
        var time = Environment.GetEnvironmentVariable("WEFT_FUZZ_MINUTES") is { Length: > 0 } minutes
            ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))
            : TimeDefault;
        await using var siege = await Siege.BeginAsync();
        using var http = new HttpClient { BaseAddress = siege.Address, Timeout = AnswerMax };
        using var end = new CancellationTokenSource(time, TimeProvider.System);
        var (document, memory) = (new FuzzDocument(), new FuzzMemory());
        var clients = Enumerable.Range(0, Clients)
            .Select(i => new FuzzClient(document, memory, http, seed * Clients + i)).ToList();
        await Task.WhenAll(clients.Select(client => Task.Run(() => client.RunAsync(end.Token))));

        var statuses = clients.SelectMany(static client => client.Statuses).GroupBy(static pair => pair.Key)
            .ToDictionary(static group => group.Key, static group => group.Sum(static pair => pair.Value));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {seed}, {statuses.Values.Sum()} requests: " +
            string.Join(", ",
                statuses.OrderBy(static pair => pair.Key).Select(static pair => $"{pair.Key} {pair.Value}")));
        // Otherwise it would only have knocked at the first door.
        Assert.All((int[])[200, 201, 400, 404, 409],
            status => Assert.True(statuses.GetValueOrDefault(status) > 0, $"no {status} in {statuses.Values.Sum()} " +
            $"requests"));
        await siege.AssertHealthyAsync();
    }
}
