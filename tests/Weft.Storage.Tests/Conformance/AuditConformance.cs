using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Storage;

namespace Weft.Storage.Tests.Conformance;

/// <summary>Who did what.</summary>
public abstract class AuditConformance(IStoreHost host) : TaskStoreConformance(host)
{
    private static readonly BulkActor Ada = new(new TokenId(7), "Ada");

    private IAuditStore Audit => ((TaskStore)Store).Audit;

    [Fact]
    public async Task Entries_AreKept_TheNewestFirst()
    {
        await Audit.AddAsync(Ada, "queue.purge", "squares", "12 cancelled");
        await Audit.AddAsync(default, "task.cancel", "7", null);
        await ReopenAsync();
        var page = await Audit.ListAsync(null, 1);
        var (newest, oldest) =
            (Assert.Single(page.Entries), Assert.Single((await Audit.ListAsync(page.Next, 1)).Entries));
        Assert.Equal(("task.cancel", "7", null, default), (newest.Action, newest.Subject, newest.Detail, newest.Actor));
        Assert.Equal(("queue.purge", "squares", "12 cancelled", Ada),
            (oldest.Action, oldest.Subject, oldest.Detail, oldest.Actor));
        Assert.Null((await Audit.ListAsync(page.Next, 1)).Next);
    }

    [Fact]
    public async Task Entries_OfOneToken_PushOutItsOwnAlone()
    {
        await Audit.AddAsync(Ada, "token.create", "1", null);
        var eve = new BulkActor(new TokenId(8), "Eve");
        for (var added = 0; added < Limits.AuditOfTokenMax + 1_000; added += 500)
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Audit.AddAsync(eve, "blob.delete", "x", null)));
        }

        var (found, before) = (new List<AuditEntry>(), (long?)null);
        do
        {
            var page = await Audit.ListAsync(before, 1_000);
            found.AddRange(page.Entries);
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal("token.create", found[^1].Action);
        Assert.Equal(Limits.AuditOfTokenMax + 1, found.Count);
    }

    [Fact]
    public async Task DeleteOld_DeletesTheOldOnesAlone_AFewAtATime()
    {
        var age = TimeSpan.FromMinutes(10);
        for (var i = 0; i < 3; i++) await Audit.AddAsync(default, "queue.pause", $"q{i}", null);
        Assert.Equal(0, await Audit.DeleteOldAsync(age, 10));
        await AdvanceAsync(age);
        await Audit.AddAsync(default, "queue.pause", "young", null);
        Assert.Equal((2, 1, 0),
            (await Audit.DeleteOldAsync(age, 2), await Audit.DeleteOldAsync(age, 2),
                await Audit.DeleteOldAsync(age, 2)));
        Assert.Equal("young", Assert.Single((await Audit.ListAsync(null, 10)).Entries).Subject);
    }
}
