using System.Text;
using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Sqlite;

namespace Weft.Storage.Tests.Sqlite;

public sealed class SqliteRecentTaskCacheTests
{
    private static readonly TaskRecord Ready =
        new() { Id = new(1), Queue = "q", State = TaskState.Ready, SubmittedAt = DateTimeOffset.UnixEpoch };
    private static readonly Payload Small = new("{}"u8.ToArray(), IsJson: true);

    private readonly SqliteRecentTaskCache _young = new();

    [Fact]
    public void Find_IsTheTaskAsItWasKeptLast()
    {
        var leased = Ready with { State = TaskState.Leased, Attempt = 1 };
        _young.Add(Ready, Small);
        Assert.Same(Ready, _young.Find(Ready.Id));
        _young.Update(leased);
        Assert.Same(leased, _young.Find(Ready.Id));
        Assert.Equal(Small, _young.PayloadOf(Ready.Id));
    }

    [Fact]
    public void Find_OfATaskThatFinished_AsksTheDatabase()
    {
        _young.Add(Ready, Small);
        _young.Update(Ready with { State = TaskState.Completed });
        Assert.Null(_young.Find(Ready.Id));
        Assert.Null(_young.PayloadOf(Ready.Id));
    }

    [Fact]
    public void Find_OfATaskWhoseSlotANewerOneTook_AsksTheDatabase()
    {
        var newer = Ready with { Id = new(1 + SqliteRecentTaskCache.Slots) };
        _young.Add(Ready, Small);
        _young.Add(newer, new("7"u8.ToArray(), IsJson: true));
        Assert.Null(_young.Find(Ready.Id));
        Assert.Null(_young.PayloadOf(Ready.Id));

        // The older one's end must not take the newer one's place away.
        _young.Update(Ready with { State = TaskState.Completed });
        Assert.Same(newer, _young.Find(newer.Id));
        // Nor must it come back with the newer one's payload.
        _young.Update(Ready);
        Assert.Null(_young.PayloadOf(Ready.Id));
    }

    [Fact]
    public void Find_OfATaskThatTheDatabaseCutsToMilliseconds_AsksTheDatabase()
    {
        var cut = TimeSpan.FromTicks(1);
        _young.Add(Ready with { LeaseTime = Ready.LeaseTime + cut }, Small);
        Assert.Null(_young.Find(Ready.Id));
        _young.Add(Ready with { RunAt = Ready.SubmittedAt + cut }, Small);
        Assert.Null(_young.Find(Ready.Id));
        _young.Add(Ready with { ExpiresAt = Ready.SubmittedAt + cut }, Small);
        Assert.Null(_young.Find(Ready.Id));
        _young.Add(Ready with { Lease = new(new(7), Ready.SubmittedAt, Ready.SubmittedAt + cut) }, Small);
        Assert.Null(_young.Find(Ready.Id));
    }

    [Fact]
    public void Find_HasNoError_SinceItsRowHasNone()
    {
        _young.Add(Ready with { Error = "out of memory" }, Small);
        Assert.Equal(Ready, _young.Find(Ready.Id));
    }

    [Fact]
    public void PayloadOf_ALargeOneOrAPartOfALargeBody_AsksTheDatabase()
    {
        var body = new byte[SqliteRecentTaskCache.PayloadBytesMax + 1];
        _young.Add(Ready, new(body, IsJson: false));
        Assert.NotNull(_young.Find(Ready.Id));
        Assert.Null(_young.PayloadOf(Ready.Id));
        _young.Add(Ready, new(body.AsMemory(0, 10), IsJson: false));
        Assert.Null(_young.PayloadOf(Ready.Id));
        _young.Add(Ready, new(body.AsMemory(1).ToArray(), IsJson: false));
        Assert.NotNull(_young.PayloadOf(Ready.Id));
    }

    [Fact]
    public async Task MoreTasksThanAreYoung_AreClaimedInOrderWithTheirOwnPayloads()
    {
        const int count = SqliteRecentTaskCache.Slots + 100;
        await using var host = new SqliteStoreHost();
        await using var store = await host.OpenAsync();
        await store.SubmitAsync(
            new([.. Enumerable.Range(1, count)
                .Select(static i => new NewTask { Payload = new(Encoding.UTF8.GetBytes($"{i}"), IsJson: true) })]));

        long last = 0;
        while (await store.ClaimAsync(new() { WorkerId = "w", Max = 90 }) is { Count: > 0 } claimed)
        {
            foreach (var task in claimed)
            {
                Assert.Equal(++last, task.Task.Id.Value);
                Assert.Equal($"{last}", Encoding.UTF8.GetString(task.Payload.Bytes.Span));
            }

            var refusals =
                await store.ApplyAsync(
                    [.. claimed.Select(static task =>
                        new TaskChange(task.Task.Id,
                            new TaskCommand.Complete(task.Task.Lease!.Token, "1"u8.ToArray())))]);
            Assert.All(refusals, static refusal => Assert.Equal(Refusal.None, refusal));
        }

        Assert.Equal(count, last);
        Assert.Equal(count, Assert.Single(await store.CountAsync()).Counts.Completed);
    }
}
