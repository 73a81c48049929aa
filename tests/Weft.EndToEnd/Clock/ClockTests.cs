using System.Text.Json;
using Weft.EndToEnd.Api;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Clock;

/// <summary>The machine's clock is set while the coordinator runs: a late NTP, a suspension, somebody's hand.</summary>
[Trait("Store", "sqlite")] // A database has a clock of its own.
public sealed class ClockTests
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task WhatFinishesAroundALateNtp_HasTodaysTime_AndItsLeaseLasts()
    {
        using var clock = await WallClock.NewAsync(-Month);
        await using var coordinator = await CoordinatorProcess.StartWithAsync(clock.Variables);
        var api = new ApiWire(coordinator.Wire);
        for (var i = 0; i < 3; i++) await api.PostAsync("tasks", """{"payload":1,"leaseSeconds":600}""", 201);
        var tasks = (await api.PostAsync("tasks/claim", """{"workerId":"w","max":2}""")).GetProperty("tasks");
        await CompleteAsync(api, tasks[0]);
        clock.Set(TimeSpan.Zero);

        await CompleteAsync(api, (await api.PostAsync("tasks/claim", """{"workerId":"w"}""")).GetProperty("tasks")[0]);
        foreach (var id in (int[])[1, 3]) AssertIsNow(clock, await api.GetAsync($"tasks/{id}"), "finishedAt");
        var held = await api.GetAsync("tasks/2");
        Assert.Equal("leased", held.GetProperty("state").GetString());
        Assert.InRange(held.GetProperty("leaseExpiresAt").GetDateTimeOffset(), clock.Now, clock.Now.AddMinutes(11));
        await CompleteAsync(api, tasks[1]);

        // A token that is made for a day lives a day.
        var token = await api.PostAsync("tokens", """{"scopes":["work"],"expiresInSeconds":86400}""", 201);
        Assert.InRange(token.GetProperty("expiresAt").GetDateTimeOffset(), clock.Now.AddHours(23),
            clock.Now.AddHours(25));
    }

    [Fact]
    public async Task ATaskForATimeOfDay_IsReady_WhenTheClockSaysSo()
    {
        using var clock = await WallClock.NewAsync(TimeSpan.Zero);
        await using var coordinator = await CoordinatorProcess.StartWithAsync(clock.Variables);
        var api = new ApiWire(coordinator.Wire);
        await api.PostAsync("tasks", $$"""{"payload":"alarm","runAt":"{{clock.Now.AddMinutes(30):O}}"}""", 201);
        Assert.Equal("scheduled", (await api.GetAsync("tasks/1")).GetProperty("state").GetString());
        clock.Set(TimeSpan.FromHours(1));
        Assert.Equal(1, (await api.PostAsync("tasks/claim", """{"workerId":"w","wait":25}""")).GetProperty("tasks")
            .GetArrayLength());
        await api.PostAsync("tasks", $$"""{"payload":"past","runAt":"{{clock.Now.AddMinutes(-10):O}}"}""", 400);
        await api.PostAsync("tasks", """{"payload":"now"}""", 201);
        AssertIsNow(clock, await api.GetAsync("tasks/2"), "submittedAt");
    }

    private static void AssertIsNow(WallClock clock, JsonElement task, string member) =>
        Assert.InRange(task.GetProperty(member).GetDateTimeOffset(), clock.Now.AddMinutes(-5), clock.Now.AddMinutes(5));

    private static Task<JsonElement> CompleteAsync(ApiWire api, JsonElement task) =>
        api.PostAsync($"tasks/{task.GetProperty("id")}/complete",
            $$"""{"leaseToken":"{{task.GetProperty("leaseToken").GetString()}}","result":"precious"}""");
}
