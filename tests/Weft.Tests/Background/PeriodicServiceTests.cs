using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Weft.Background;

namespace Weft.Tests.Background;

/// <summary>When background work runs again: soon while there is any, else at its interval.</summary>
public sealed class PeriodicServiceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task ARoundThatDidSomething_IsFollowedSoon_AndOneThatDidNothing_AtTheInterval()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var clock = new ClockByHand();
        var rounds = new Queue<int>([2, 1, 0]);
        using var service = new PeriodicService(
            "Test", Interval, _ => Task.FromResult(rounds.Dequeue()), clock, NullLogger<PeriodicService>.Instance,
            Busy);
        await service.StartAsync(cancellationToken);

        var idle = await clock.Periods.ReadAsync(cancellationToken);
        Assert.InRange(idle, Interval * 0.9, Interval * 1.1);
        clock.Tick();
        Assert.Equal(Busy, await clock.Periods.ReadAsync(cancellationToken));
        clock.Tick();
        Assert.Equal(Busy, await clock.Periods.ReadAsync(cancellationToken));
        clock.Tick();
        Assert.Equal(idle, await clock.Periods.ReadAsync(cancellationToken));
        await service.StopAsync(cancellationToken);
    }

    [Fact]
    public async Task WhatDidSomething_LooksSoonAgain_AsOftenInVainAsItMay()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var clock = new ClockByHand();
        var rounds = new Queue<int>([0, 1, 0, 0, 2, 0, 0, 0, 0]);
        using var service = new PeriodicService(
            "Test", Interval, _ => Task.FromResult(rounds.Dequeue()), clock, NullLogger<PeriodicService>.Instance,
            Busy, busyRounds: 3);
        await service.StartAsync(cancellationToken);

        var idle = await clock.Periods.ReadAsync(cancellationToken);
        foreach (var period in (TimeSpan[])[idle, Busy, Busy, Busy, Busy, Busy, Busy, idle, idle])
        {
            clock.Tick();
            Assert.Equal(period, await clock.Periods.ReadAsync(cancellationToken));
        }

        await service.StopAsync(cancellationToken);
    }

    /// <summary>A clock with one timer, which ticks when the test says so.</summary>
    private sealed class ClockByHand : TimeProvider, ITimer
    {
        private readonly Channel<TimeSpan> _periods = Channel.CreateUnbounded<TimeSpan>();
        private Action _tick = static () => { };

        /// <summary>Each period that the timer was set to.</summary>
        public ChannelReader<TimeSpan> Periods => _periods.Reader;

        public void Tick() => _tick();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            _periods.Writer.TryWrite(period);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _periods.Writer.TryWrite(period);

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
